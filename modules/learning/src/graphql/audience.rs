//! Whom an author means.

use async_graphql::{ID, InputObject};
use plenum_graph::{Answer, Refusal, parse_id};
use plenum_members_api::Audience;

use super::names::LearnerOffice;

/// Whom to enrol: these members, and all who are in the units and hold the offices.
#[derive(InputObject)]
pub struct LearnerAudienceInput {
    /// These members.
    members: Option<Vec<ID>>,
    /// In these units or below.
    units: Option<Vec<ID>>,
    /// Holding one of these offices.
    offices: Option<Vec<LearnerOffice>>,
    /// Counts only offices of primary organizations.
    of_primaries: Option<bool>,
    /// All members.
    everyone: Option<bool>,
}

impl LearnerAudienceInput {
    /// The audiences that it means, none of which overlaps another.
    pub(super) fn read(self) -> Answer<Vec<Audience>> {
        let ids = |ids: Option<Vec<ID>>| ids.unwrap_or_default();
        let members = ids(self.members).iter().map(parse_id).collect::<Answer<Vec<_>>>()?;
        let units = ids(self.units).iter().map(parse_id).collect::<Answer<Vec<_>>>()?;
        if members.len() > 1_000 || units.len() > 1_000 {
            return Err(Refusal::invalid_field("audience", "too_many"));
        }
        let offices: Vec<_> = self.offices.unwrap_or_default().into_iter().map(Into::into).collect();
        let of_primaries = self.of_primaries.unwrap_or_default();
        let mut all = Vec::new();
        if !units.is_empty() || !offices.is_empty() || self.everyone.unwrap_or_default() {
            let except = members.clone();
            all.push(Audience { units, offices, of_primaries, except, ..Audience::default() });
        }
        if !members.is_empty() {
            all.push(Audience { only: Some(members), ..Audience::default() });
        }
        if all.is_empty() { Err(Refusal::invalid_field("audience", "empty")) } else { Ok(all) }
    }
}
