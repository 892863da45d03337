//! Records what a member said of the use of their data.

use chrono::NaiveDate;
use plenum_db::{Permit, TenantTx};
use serde_json::json;

use super::{add_member::SaveError, update_member::locked};
use crate::{
    domain::{
        consent::{ConsentAct, ConsentSource, TEXT_VERSION},
        dates::parse_date,
        history::{Detail, Kind},
        text::{is_blank, tidy},
    },
    permissions::Edit,
    store::{
        consents,
        history::{self, Fact},
        persons::{self, Person, Placed},
    },
};

/// The longest name of a text's version, in characters.
const LONGEST: usize = 100;

/// What a paper says.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    /// What was said.
    pub(crate) act: ConsentAct,
    /// Of which text.
    pub(crate) text_version: String,
    /// When, as typed.
    pub(crate) on: String,
}

/// Why a paper was not recorded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConsentError {
    /// A field of the input cannot be taken.
    #[error("{0} cannot be taken: {1}")]
    Field(&'static str, &'static str),
    /// The text that was agreed to is not the present one.
    #[error("the text changed meanwhile")]
    Text,
    /// The record cannot be changed.
    #[error(transparent)]
    Save(#[from] SaveError),
}

impl From<plenum_db::StoreError> for ConsentError {
    fn from(error: plenum_db::StoreError) -> Self {
        Self::Save(error.into())
    }
}

/// Records what a paper says that the keeper has; false when there is nothing to withdraw.
pub(crate) async fn record_consent(
    tx: &mut TenantTx,
    permit: Permit<Edit, Placed>,
    paper: Paper,
) -> Result<bool, ConsentError> {
    if is_blank(&paper.text_version) {
        return Err(ConsentError::Field("textVersion", "empty"));
    }
    if paper.text_version.chars().count() > LONGEST {
        return Err(ConsentError::Field("textVersion", "too_long"));
    }
    let on = parse_date(&paper.on).ok_or(ConsentError::Field("on", "not_a_date"))?;
    if on > tx.now().date_naive() {
        return Err(ConsentError::Field("on", "in_the_future"));
    }
    let person = locked(tx, permit.resource().person.id).await?;
    if !paper.act.is_possible_after(person.consent) {
        return Ok(false);
    }
    say(tx, &person, paper.act, &tidy(&paper.text_version), on, ConsentSource::Paper).await?;
    Ok(true)
}

/// Records what a signed-in member says about themselves; false when it is what holds already.
pub(crate) async fn say_for_oneself(
    tx: &mut TenantTx,
    own: &Person,
    act: ConsentAct,
    text_version: Option<&str>,
) -> Result<bool, ConsentError> {
    if text_version.is_some_and(|version| version != TEXT_VERSION) {
        return Err(ConsentError::Text);
    }
    let person = locked(tx, own.id).await?;
    if person.consent == act.leads_to() || !act.is_possible_after(person.consent) {
        return Ok(false);
    }
    let today = tx.now().date_naive();
    say(tx, &person, act, TEXT_VERSION, today, ConsentSource::Portal).await?;
    Ok(true)
}

async fn say(
    tx: &mut TenantTx,
    person: &Person,
    act: ConsentAct,
    text_version: &str,
    on: NaiveDate,
    source: ConsentSource,
) -> Result<(), plenum_db::StoreError> {
    consents::insert(tx, person.id, act, text_version, on, source).await?;
    persons::set_consent(tx, person.id, act.leads_to()).await?;
    let detail = Detail { consent: Some(act), ..Detail::named(text_version) };
    history::write(tx, person.id, Fact::new(Kind::Consent, None, detail)).await?;
    plenum_audit::record(tx, "members.record_consent", person.id, json!({ "act": act, "source": source }))
        .await
}
