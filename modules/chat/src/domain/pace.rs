//! How fast one person may post.

use chrono::{DateTime, TimeDelta, Utc};

/// So many messages …
pub const MOST: i64 = 40;
/// … within so long a time: nobody types faster, a stuck script does.
pub const WINDOW: TimeDelta = TimeDelta::seconds(10);

/// How long to wait, in whole seconds, before the next message; `recent` are those within the window, the earliest of
/// them at `earliest`.
#[must_use]
pub fn wait_s(recent: i64, earliest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<u64> {
    if recent < MOST {
        return None;
    }
    let until = earliest.unwrap_or(now) + WINDOW;
    Some(u64::try_from((until - now).num_seconds()).unwrap_or_default().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_limited_until_the_earliest_is_forgotten() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a real moment");
        assert_eq!(wait_s(0, None, now), None);
        assert_eq!(wait_s(MOST - 1, Some(now), now), None);
        assert_eq!(wait_s(MOST, Some(now), now), Some(10));
        assert_eq!(wait_s(MOST + 5, Some(now - TimeDelta::seconds(7)), now), Some(3));
        assert_eq!(wait_s(MOST, Some(now - TimeDelta::seconds(10)), now), Some(1));
    }
}
