//! What the module works with, wherever it is called from.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use plenum_bodies_api::BodiesRead;
use plenum_files::Files;
use plenum_mail::Mailer;
use plenum_print::Printer;

use crate::{domain::seal::SealKey, store::substitutes::Period};

/// What this module needs.
pub struct Tools {
    /// Keeps the versions.
    pub files: Files,
    /// Typesets sheets of signatures and journals.
    pub printer: Printer,
    /// Sends reminders.
    pub mailer: Arc<Mailer>,
    /// Tells about sessions and resolutions.
    pub bodies: Arc<dyn BodiesRead>,
    /// The installation's secret, of which the key of the seals is derived.
    pub secret: Arc<[u8]>,
    /// Where the web app is served, without a slash at the end.
    pub public_url: Arc<str>,
    /// The time zone in which days begin and dates are written.
    pub time_zone: Tz,
}

/// The tools, ready for use; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    pub(crate) tools: Arc<Tools>,
    pub(crate) seal: SealKey,
}

impl Desk {
    /// Lays the tools out.
    #[must_use]
    pub fn new(tools: Tools) -> Self {
        Self { seal: SealKey::derive(&tools.secret), tools: Arc::new(tools) }
    }

    pub(crate) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.tools.time_zone).date_naive()
    }

    /// The moment at which a day begins, or comes to this hour.
    pub(crate) fn moment(&self, day: NaiveDate, hour: u32) -> DateTime<Utc> {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
        let local = self.tools.time_zone.from_local_datetime(&day.and_time(time));
        // An hour that the change to summer time leaves out begins with it.
        local.earliest().map_or_else(|| day.and_time(time).and_utc(), |at| at.with_timezone(&Utc))
    }

    pub(crate) fn period(&self, starts_on: NaiveDate, ends_on: NaiveDate) -> Period {
        let after = ends_on.checked_add_days(Days::new(1)).unwrap_or(ends_on);
        Period { starts_on, ends_on, starts_at: self.moment(starts_on, 0), ends_at: self.moment(after, 0) }
    }
}
