//! What other modules' facts bring about.

mod minutes_ready;
mod resolution_adopted;

use plenum_bodies_api::{MinutesReady, ResolutionAdopted, SeatSummary, SessionSummary};
use plenum_events::Reactions;
use plenum_kernel::AccountId;

use crate::Desk;

/// Says what is done when bodies tell of minutes and resolutions.
#[must_use]
pub fn register(reactions: Reactions, desk: &Desk) -> Reactions {
    let (minutes, resolutions) = (desk.clone(), desk.clone());
    reactions
        .on::<MinutesReady, _, _>("documents.file_minutes", move |context, event| {
            let desk = minutes.clone();
            async move { minutes_ready::file_minutes(&context, &desk, event).await }
        })
        .on::<ResolutionAdopted, _, _>("documents.give_tasks", move |context, event| {
            let desk = resolutions.clone();
            async move { resolution_adopted::give_tasks(&context, &desk, event).await }
        })
}

/// Who presided: the chair if there, else a deputy who was, else whoever is chair.
fn chair(session: &SessionSummary) -> Option<AccountId> {
    let there = |office: &str| {
        session.roll.iter().find(|seat| seat.office == office && session.attended.contains(&seat.account))
    };
    there("chair")
        .or_else(|| there("deputy_chair"))
        .or_else(|| holder(session, "chair"))
        .map(|seat| seat.account)
}

fn holder<'s>(session: &'s SessionSummary, office: &str) -> Option<&'s SeatSummary> {
    session.roll.iter().find(|seat| seat.office == office)
}
