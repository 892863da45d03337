//! Mailings in the API: maps, never decides.

mod inputs;
mod mutations;
mod nodes;
mod queries;
mod subscriptions;

use std::sync::Arc;

use async_graphql::Context;
use plenum_graph::{FieldFault, Refusal};

use crate::{
    Tools,
    actions::{count_audience::AudienceError, save_campaign::SaveCampaignError, save_list::SaveListError},
    domain::TextFault,
};

pub use mutations::MailingsMutation;
pub use nodes::{CampaignNode, DeliveryNode, MailingListNode};
pub use queries::{MailingsQuery, campaign, delivery, mailing_list};
pub use subscriptions::MailingsSubscription;

fn tools<'c>(ctx: &Context<'c>) -> &'c Tools {
    ctx.data_unchecked::<Arc<Tools>>()
}

fn refuse_texts(faults: Vec<TextFault>) -> Refusal {
    let faults = faults.into_iter().map(|fault| FieldFault { path: fault.path, reason: fault.reason });
    Refusal::invalid_fields(faults.collect())
}

impl From<AudienceError> for Refusal {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::NotFound => Self::not_found(),
            AudienceError::Ages => Self::invalid_field("input.audience.ageTo", "out_of_range"),
            AudienceError::Store(error) => error.into(),
        }
    }
}

impl From<SaveListError> for Refusal {
    fn from(error: SaveListError) -> Self {
        match error {
            SaveListError::Text(fault) => refuse_texts(vec![fault]),
            SaveListError::NameTaken => Self::invalid_field("input.name", "name_taken"),
            SaveListError::Store(error) => error.into(),
        }
    }
}

impl From<SaveCampaignError> for Refusal {
    fn from(error: SaveCampaignError) -> Self {
        match error {
            SaveCampaignError::Texts(faults) => refuse_texts(faults),
            SaveCampaignError::NotFound => Self::not_found(),
            SaveCampaignError::NotDraft => Self::conflict("not_draft"),
            SaveCampaignError::Files(error) => Self::internal(&error),
            SaveCampaignError::Store(error) => error.into(),
        }
    }
}
