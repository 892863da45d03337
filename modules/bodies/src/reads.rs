//! What other modules ask of bodies.

use async_trait::async_trait;
use plenum_bodies_api::{Admission, BodiesRead, Entry, SessionId};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::AccountId;

use crate::store::{seats, sessions};

/// Answers other modules.
#[derive(Debug, Clone, Copy, Default)]
pub struct BodiesReads;

#[async_trait]
impl BodiesRead for BodiesReads {
    async fn entry(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
        account: AccountId,
    ) -> Result<Entry, StoreError> {
        let Some(session) = sessions::by_id(tx, session).await? else { return Ok(Entry::NoSession) };
        let seat = seats::of_session(tx, session.id).await?.into_iter().find(|seat| seat.account == account);
        Ok(match seat {
            None => Entry::NotInvited,
            Some(_) if !session.state.room_is_open() => Entry::Over,
            Some(seat) => Entry::Admitted(Admission {
                seat: seat.id,
                full_name: seat.full_name,
                organization: seat.organization,
            }),
        })
    }
}
