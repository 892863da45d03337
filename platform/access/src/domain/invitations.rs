//! How long an invitation waits, how often its letter goes out, and what its link is worth.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_identity::Present;
use plenum_kernel::{AccountId, TenantId};
use plenum_tenancy::store::invitations::State;

/// For how long a letter's link works.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);
/// How far two letters of an invitation are apart.
pub const BETWEEN_LETTERS: TimeDelta = TimeDelta::minutes(5);
/// How many letters an invitation is worth: who has not answered ten does not want to.
pub const MOST_LETTERS: i32 = 10;
/// How many an organization sends in a day: an organization is not a means to write to strangers.
pub const MOST_A_DAY: i64 = 200;

/// What a link is worth to whoever opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can be accepted.
    Waiting,
    /// It was accepted.
    Accepted,
    /// It was taken back.
    Revoked,
    /// It is too old.
    Expired,
    /// A newer letter came: its link works.
    Replaced,
}

/// What the link of a letter is worth. An end is told before anything else: the newest letter would not help.
#[must_use]
pub fn standing(state: State, letter: i32, letters: i32) -> Standing {
    match state {
        State::Accepted => Standing::Accepted,
        State::Revoked => Standing::Revoked,
        State::Waiting | State::Expired if letter != letters => Standing::Replaced,
        State::Expired => Standing::Expired,
        State::Waiting => Standing::Waiting,
    }
}

/// How whoever opens a link that waits may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The address has no account, or one that nothing signs in to: they choose a name and a password.
    NewAccount,
    /// The address is an account's: its holder signs in first.
    SignIn,
    /// The account of the address is signed in: it accepts.
    Accept,
    /// Another account is signed in: it cannot accept.
    OtherAccount,
    /// The account of the address is signed in by the provider of another organization, which vouches for nothing here.
    OtherSignIn,
}

/// The way for whoever is signed in here, or not. `account` is that of the address, and whether it has something of its
/// own to sign in by.
#[must_use]
pub fn way(account: Option<(AccountId, bool)>, present: Option<Present>, tenant: TenantId) -> Way {
    match (account, present) {
        (Some((account, _)), Some(present)) if present.account == account => {
            if present.only.is_none_or(|only| only == tenant) { Way::Accept } else { Way::OtherSignIn }
        }
        (_, Some(_)) => Way::OtherAccount,
        (Some((_, true)), None) => Way::SignIn,
        (Some((_, false)) | None, None) => Way::NewAccount,
    }
}

/// Until when a letter's link works: not beyond the term of the role that it brings.
#[must_use]
pub fn expires_at(now: DateTime<Utc>, until: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let end = now + LIFETIME;
    until.map_or(end, |until| until.min(end))
}

/// After how many seconds another letter may go out; none when it may now.
#[must_use]
pub fn wait(sent_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<u64> {
    let left = sent_at + BETWEEN_LETTERS - now;
    if left <= TimeDelta::zero() {
        return None;
    }
    // The rest of a second is a second.
    let seconds = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
    Some(u64::try_from(seconds).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment() -> DateTime<Utc> {
        DateTime::from_timestamp(1_798_761_600, 0).expect("a moment")
    }

    #[test]
    fn only_the_last_letter_of_one_that_waits_is_worth_something() {
        let check = |state, letter, expected| assert_eq!(standing(state, letter, 2), expected);
        check(State::Waiting, 2, Standing::Waiting);
        check(State::Waiting, 1, Standing::Replaced);
        check(State::Expired, 2, Standing::Expired);
        check(State::Expired, 1, Standing::Replaced);
        check(State::Accepted, 1, Standing::Accepted);
        check(State::Accepted, 2, Standing::Accepted);
        check(State::Revoked, 1, Standing::Revoked);
        check(State::Revoked, 2, Standing::Revoked);
    }

    #[test]
    fn a_link_works_for_a_week_and_not_beyond_the_term_of_the_role() {
        let now = moment();
        assert_eq!(expires_at(now, None), now + TimeDelta::days(7));
        assert_eq!(expires_at(now, Some(now + TimeDelta::days(30))), now + TimeDelta::days(7));
        assert_eq!(expires_at(now, Some(now + TimeDelta::days(2))), now + TimeDelta::days(2));
    }

    #[test]
    fn an_invitation_is_accepted_by_the_account_of_its_address_alone() {
        let (own, other, here, elsewhere) =
            (AccountId::new(), AccountId::new(), TenantId::new(), TenantId::new());
        let signed_in = |account, only| Some(Present { account, only });
        let check = |account, present, expected| assert_eq!(way(account, present, here), expected);
        check(None, None, Way::NewAccount);
        check(Some((own, false)), None, Way::NewAccount);
        check(Some((own, true)), None, Way::SignIn);
        for has_means in [true, false] {
            check(Some((own, has_means)), signed_in(own, None), Way::Accept);
            check(Some((own, has_means)), signed_in(own, Some(here)), Way::Accept);
            check(Some((own, has_means)), signed_in(own, Some(elsewhere)), Way::OtherSignIn);
            check(Some((own, has_means)), signed_in(other, None), Way::OtherAccount);
        }
        check(None, signed_in(other, None), Way::OtherAccount);
    }

    #[test]
    fn letters_are_minutes_apart() {
        let sent = moment();
        assert_eq!(wait(sent, sent), Some(300));
        assert_eq!(wait(sent, sent + TimeDelta::milliseconds(299_500)), Some(1));
        assert_eq!(wait(sent, sent + TimeDelta::minutes(5)), None);
        assert_eq!(wait(sent, sent + TimeDelta::days(1)), None);
    }
}
