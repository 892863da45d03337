//! Members on their way between organizations.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_db::{Resource, TenantTx};
use plenum_graph::{Answer, Doors, Finish, Paged, Paging, Refusal, global, paged, parse_id};
use plenum_kernel::{TenantId, TypedId, UnitId};
use plenum_members_api::{MemberId, MemberTransferId};
use plenum_tenancy::store::{tenants, units::Unit};

use super::{
    corrections::{LONGEST_TEXT, reason_of},
    hidden,
    member::{MemberNode, account_name},
    names::{Date, TransferDirection, TransferState},
};
use crate::{
    actions::{
        decide_transfer::{self, Decided},
        request_transfer::{self, Requested},
    },
    domain::text::is_blank,
    permissions::{self, Transfer as TransferAct, View},
    store::{
        persons::Placed,
        transfers::{self, PlacedTransfer, Transfer},
        tree,
    },
};

/// A member's way to another organization, as this side sees it.
#[derive(Clone)]
pub struct MemberTransferNode(Transfer);

impl From<PlacedTransfer> for MemberTransferNode {
    fn from(placed: PlacedTransfer) -> Self {
        Self(placed.transfer)
    }
}

#[Object(name = "MemberTransfer")]
impl MemberTransferNode {
    /// The id, the same on both sides.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn direction(&self) -> TransferDirection {
        self.0.direction.into()
    }
    async fn state(&self) -> TransferState {
        self.0.state.into()
    }
    /// The organization on the other side.
    async fn organization(&self, ctx: &Context<'_>) -> Answer<String> {
        let mut tx = ctx.read(permissions::TRANSFER).await?;
        Ok(tenants::by_id(tx.conn(), self.0.other).await?.map(|tenant| tenant.name).unwrap_or_default())
    }
    async fn member_name(&self) -> &str {
        &self.0.full_name
    }
    async fn birth_date(&self) -> Date {
        Date(self.0.birth_date)
    }
    /// The record here; of an incoming transfer, when it is done.
    async fn member(&self, ctx: &Context<'_>) -> Answer<Option<MemberNode>> {
        let Some(person) = self.0.person else { return Ok(None) };
        let mut tx = ctx.read(permissions::VIEW).await?;
        hidden(tx.permit::<View, Placed>(person).await.map(|permit| permit.into_resource().into()))
    }
    /// What who asked says about it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
    async fn requested_at(&self) -> DateTime<Utc> {
        self.0.requested_at
    }
    /// The name of who asked; null on the side that is asked.
    async fn requested_by(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        let mut tx = ctx.read(permissions::TRANSFER).await?;
        account_name(ctx, &mut tx, self.0.requested_by).await
    }
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }
    /// Why it was refused.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
}

/// How asking for a transfer ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestTransferStatus {
    /// The other organization is asked.
    Ok,
    /// The member's consent is not on record: the data may not be handed on.
    NoConsent,
    /// One is under way.
    AlreadyRequested,
}

/// The outcome of asking for a transfer.
#[derive(SimpleObject)]
pub struct RequestTransferPayload {
    status: RequestTransferStatus,
    transfer: Option<MemberTransferNode>,
}

/// How accepting a transfer ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptTransferStatus {
    /// Accepted: the record and its history follow.
    Ok,
    /// This person is on record here.
    Duplicate,
    /// It was decided before.
    AlreadyDecided,
}

/// The outcome of accepting a transfer.
#[derive(SimpleObject)]
pub struct AcceptTransferPayload {
    status: AcceptTransferStatus,
    transfer: MemberTransferNode,
}

/// How refusing or taking back a transfer ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecideTransferStatus {
    /// Done; the other side is told.
    Ok,
    /// It was decided before.
    AlreadyDecided,
}

/// The outcome of refusing or taking back a transfer.
#[derive(SimpleObject)]
pub struct DecideTransferPayload {
    status: DecideTransferStatus,
    transfer: MemberTransferNode,
}

/// Root fields that read.
#[derive(Default)]
pub struct TransfersQuery;

#[Object]
impl TransfersQuery {
    /// Transfers, newest first. Incoming ones are for those who keep the whole register.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn member_transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        direction: Option<TransferDirection>,
        open: Option<bool>,
    ) -> Answer<Paged<MemberTransferNode>> {
        let mut tx = ctx.read(permissions::TRANSFER).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => Some(MemberTransferId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let units = tree::visible(&mut tx, None).await?;
        let direction = direction.map(Into::into);
        let page = transfers::page(&mut tx, units.as_deref(), direction, open, after, paging.limit()).await?;
        Ok(paged(&paging, page.into_iter().map(|one| (one.id.global(), MemberTransferNode(one)))))
    }
}

/// Root fields that change something.
#[derive(Default)]
pub struct TransfersMutation;

#[Object]
impl TransfersMutation {
    /// Asks another organization of the tree to take a member over; needs the member's consent.
    async fn request_transfer(
        &self,
        ctx: &Context<'_>,
        member: ID,
        tenant: ID,
        note: Option<String>,
    ) -> Answer<RequestTransferPayload> {
        let mut tx = ctx.write(permissions::TRANSFER).await?;
        let (id, to): (MemberId, TenantId) = (parse_id(&member)?, parse_id(&tenant)?);
        let permit = tx.permit::<TransferAct, Placed>(id).await?;
        let note = note.map(|note| note.trim().to_owned()).filter(|note| !is_blank(note));
        if note.as_deref().is_some_and(|note| note.chars().count() > LONGEST_TEXT) {
            return Err(Refusal::invalid_field("note", "too_long"));
        }
        let outcome = match request_transfer::request_transfer(&mut tx, permit, to, note).await {
            Err(error) => Err(error.into()),
            Ok(Requested::NoSuchOrganization { same: true }) => {
                Err(Refusal::invalid_field("tenant", "same_organization"))
            }
            Ok(Requested::NoSuchOrganization { same: false }) => Err(Refusal::not_found()),
            Ok(Requested::NoConsent) => {
                Ok(RequestTransferPayload { status: RequestTransferStatus::NoConsent, transfer: None })
            }
            Ok(Requested::Done(id)) => requested(&mut tx, RequestTransferStatus::Ok, id).await,
            Ok(Requested::Already(id)) => {
                requested(&mut tx, RequestTransferStatus::AlreadyRequested, id).await
            }
        };
        tx.finish(outcome).await
    }

    /// Takes a request back that is not decided.
    async fn cancel_transfer(&self, ctx: &Context<'_>, transfer: ID) -> Answer<DecideTransferPayload> {
        let mut tx = ctx.write(permissions::TRANSFER).await?;
        let id: MemberTransferId = parse_id(&transfer)?;
        let permit = tx.permit::<TransferAct, PlacedTransfer>(id).await?;
        let outcome = match decide_transfer::cancel_transfer(&mut tx, permit).await {
            Ok(decided) => decided_payload(&mut tx, id, decided).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Takes a member over into a unit: the record and its history follow, and the other side's record is closed.
    async fn accept_transfer(
        &self,
        ctx: &Context<'_>,
        transfer: ID,
        unit: ID,
    ) -> Answer<AcceptTransferPayload> {
        let mut tx = ctx.write(permissions::TRANSFER).await?;
        let (id, unit): (MemberTransferId, UnitId) = (parse_id(&transfer)?, parse_id(&unit)?);
        let permit = tx.permit::<TransferAct, PlacedTransfer>(id).await?;
        let unit = tx.permit::<TransferAct, Unit>(unit).await?;
        let outcome = match decide_transfer::accept_transfer(&mut tx, permit, unit).await {
            Err(error) => Err(error.into()),
            Ok(decided) => found(&mut tx, id).await.map(|transfer| AcceptTransferPayload {
                status: match decided {
                    Decided::Done => AcceptTransferStatus::Ok,
                    Decided::Already => AcceptTransferStatus::AlreadyDecided,
                    Decided::Duplicate => AcceptTransferStatus::Duplicate,
                },
                transfer,
            }),
        };
        tx.finish(outcome).await
    }

    /// Does not take a member over; the other side is told why.
    async fn refuse_transfer(
        &self,
        ctx: &Context<'_>,
        transfer: ID,
        reason: String,
    ) -> Answer<DecideTransferPayload> {
        let mut tx = ctx.write(permissions::TRANSFER).await?;
        let id: MemberTransferId = parse_id(&transfer)?;
        let permit = tx.permit::<TransferAct, PlacedTransfer>(id).await?;
        let reason = reason_of(&reason)?;
        let outcome = match decide_transfer::refuse_transfer(&mut tx, permit, reason).await {
            Ok(decided) => decided_payload(&mut tx, id, decided).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }
}

async fn found(tx: &mut TenantTx, id: MemberTransferId) -> Answer<MemberTransferNode> {
    Ok(PlacedTransfer::find(tx, id).await?.ok_or_else(Refusal::not_found)?.into())
}

async fn requested(
    tx: &mut TenantTx,
    status: RequestTransferStatus,
    id: MemberTransferId,
) -> Answer<RequestTransferPayload> {
    Ok(RequestTransferPayload { status, transfer: Some(found(tx, id).await?) })
}

async fn decided_payload(
    tx: &mut TenantTx,
    id: MemberTransferId,
    decided: Decided,
) -> Answer<DecideTransferPayload> {
    let status = match decided {
        Decided::Done => DecideTransferStatus::Ok,
        Decided::Already | Decided::Duplicate => DecideTransferStatus::AlreadyDecided,
    };
    Ok(DecideTransferPayload { status, transfer: found(tx, id).await? })
}

/// Finds a transfer for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn member_transfer(ctx: &Context<'_>, id: MemberTransferId) -> Answer<Option<MemberTransferNode>> {
    let mut tx = ctx.read(permissions::TRANSFER).await?;
    hidden(tx.permit::<TransferAct, PlacedTransfer>(id).await.map(|permit| permit.into_resource().into()))
}
