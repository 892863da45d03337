//! Makes earlier membership cards void.

use plenum_db::{Permit, TenantTx};
use serde_json::json;

use super::{add_member::SaveError, update_member::locked};
use crate::{
    domain::history::{Detail, Kind},
    permissions::Edit,
    store::{
        history::{self, Fact},
        persons::{self, Placed},
    },
};

/// From now on only a card issued today or later verifies.
pub(crate) async fn reissue_card(tx: &mut TenantTx, permit: Permit<Edit, Placed>) -> Result<(), SaveError> {
    let person = locked(tx, permit.resource().person.id).await?;
    persons::reissue_card(tx, person.id).await?;
    history::write(tx, person.id, Fact::new(Kind::CardReissued, None, Detail::default())).await?;
    plenum_audit::record(tx, "members.reissue_card", person.id, json!({})).await?;
    Ok(())
}
