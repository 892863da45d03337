//! What an export is called inside, and how long it is offered.

mod names;
mod readme;

use chrono::TimeDelta;

pub use names::safe_name;
pub use readme::{Counted, Facts, readme};

/// For so long the file is offered, then it is removed: time to fetch it, and not so long that everything of an
/// organization lies about.
pub const OFFERED_FOR: TimeDelta = TimeDelta::days(7);
/// So often it is tried; then it has failed, and is to be ordered again.
pub const MOST_ATTEMPTS: i32 = 5;
