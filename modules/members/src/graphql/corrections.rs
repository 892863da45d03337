//! Corrections that members ask for, and the keeper's decisions.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_audit::record_read;
use plenum_db::{Resource, TenantTx};
use plenum_graph::{Answer, Doors, Finish, Paged, Paging, Refusal, global, paged, parse_id};
use plenum_kernel::TypedId;
use plenum_members_api::CorrectionId;
use serde_json::json;

use super::{
    hidden,
    history::MemberChange,
    member::{MemberNode, account_name},
    names::{CorrectionState, Sex},
    portal::own,
    records::said,
};
use crate::{
    actions::{
        decide_correction::{self, Decided},
        request_correction::{self, Asked},
    },
    domain::{record::Draft, text::is_blank},
    permissions::{self, Approve},
    store::{
        corrections::{self, Correction, Listed, PlacedCorrection},
        persons::Placed,
        tree,
    },
};

/// The longest note or reason, in characters.
pub(super) const LONGEST_TEXT: usize = 1000;

/// A correction of their own data that a member asks for.
#[derive(Clone)]
pub struct CorrectionNode {
    pub(super) correction: Correction,
    pub(super) member: MemberNode,
}

impl From<PlacedCorrection> for CorrectionNode {
    fn from(PlacedCorrection { correction, placed }: PlacedCorrection) -> Self {
        Self { correction, member: placed.into() }
    }
}

#[Object(name = "Correction")]
impl CorrectionNode {
    /// The id.
    pub async fn id(&self) -> ID {
        global(self.correction.id)
    }
    async fn member(&self) -> &MemberNode {
        &self.member
    }
    /// Fields as they were when it was asked for, and as they are to be.
    #[graphql(complexity = "plenum_graph::cost::list(3, child_complexity)")]
    async fn changes(&self) -> Vec<MemberChange> {
        self.correction.changes.iter().cloned().map(MemberChange::from).collect()
    }
    /// What the member says about it.
    async fn note(&self) -> Option<&str> {
        self.correction.note.as_deref()
    }
    async fn state(&self) -> CorrectionState {
        self.correction.state.into()
    }
    async fn requested_at(&self) -> DateTime<Utc> {
        self.correction.requested_at
    }
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.correction.decided_at
    }
    /// The name of who decided.
    async fn decided_by(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        let mut tx = ctx.read(permissions::PORTAL).await?;
        account_name(ctx, &mut tx, self.correction.decided_by).await
    }
    /// Why it was rejected.
    async fn reason(&self) -> Option<&str> {
        self.correction.reason.as_deref()
    }
}

/// The right values; what is left out stays, null empties.
#[derive(InputObject)]
pub struct RequestCorrectionInput {
    surname: MaybeUndefined<String>,
    given_name: MaybeUndefined<String>,
    patronymic: MaybeUndefined<String>,
    birth_date: MaybeUndefined<String>,
    sex: MaybeUndefined<Sex>,
    phone: MaybeUndefined<String>,
    email: MaybeUndefined<String>,
    workplace: MaybeUndefined<String>,
    position: MaybeUndefined<String>,
    /// What the member says about it, up to 1,000 characters.
    note: Option<String>,
}

/// How asking for a correction ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestCorrectionStatus {
    /// It waits for the keeper.
    Ok,
    /// It says what is on record.
    Unchanged,
    /// Another one waits.
    AlreadyPending,
    /// The account is linked to no record.
    NoRecord,
}

/// The outcome of asking for a correction.
#[derive(SimpleObject)]
pub struct RequestCorrectionPayload {
    status: RequestCorrectionStatus,
    /// The one that waits now.
    correction: Option<CorrectionNode>,
}

/// How a decision on a correction ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Decided")]
pub enum DecideCorrectionStatus {
    /// Decided; the member is told by mail.
    #[graphql(name = "OK")]
    Done,
    /// It was decided before.
    #[graphql(name = "ALREADY_DECIDED")]
    Already,
    /// With it, two records would be of one person.
    Duplicate,
}

/// The outcome of a decision on a correction.
#[derive(SimpleObject)]
pub struct DecideCorrectionPayload {
    status: DecideCorrectionStatus,
    correction: CorrectionNode,
}

/// A page of corrections.
pub(super) async fn correction_page(
    tx: &mut TenantTx,
    paging: &Paging,
    listed: &Listed,
) -> Answer<Vec<Correction>> {
    let after = match paging.after.as_deref() {
        Some(cursor) => Some(CorrectionId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
        None => None,
    };
    Ok(corrections::page(tx, listed, after, paging.limit()).await?)
}

/// Root fields that read.
#[derive(Default)]
pub struct CorrectionsQuery;

#[Object]
impl CorrectionsQuery {
    /// Corrections that members ask for: those that wait the oldest first, others newest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn corrections(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        state: Option<CorrectionState>,
    ) -> Answer<Paged<CorrectionNode>> {
        let mut tx = ctx.read(permissions::APPROVE).await?;
        let paging = Paging::new(first, after)?;
        let units = tree::visible(&mut tx, None).await?;
        let listed = Listed { person: None, units, state: state.map(Into::into) };
        let mut shown = Vec::new();
        for correction in correction_page(&mut tx, &paging, &listed).await? {
            if let Some(placed) = Placed::find(&mut tx, correction.person).await? {
                let node = CorrectionNode { correction, member: placed.into() };
                shown.push((node.correction.id.global(), node));
            }
        }
        let tenant = tx.tenant();
        drop(tx);
        record_read(&ctx.door(), permissions::APPROVE, "members.read_corrections", tenant, json!({})).await?;
        Ok(paged(&paging, shown))
    }

    /// How many corrections wait for the viewer.
    async fn correction_count(&self, ctx: &Context<'_>) -> Answer<i64> {
        let mut tx = ctx.read(permissions::APPROVE).await?;
        let units = tree::visible(&mut tx, None).await?;
        Ok(corrections::count_pending(&mut tx, units.as_deref()).await?)
    }
}

/// Root fields that change something.
#[derive(Default)]
pub struct CorrectionsMutation;

#[Object]
impl CorrectionsMutation {
    /// Asks the keeper to correct the viewer's own record. Nothing changes before it is approved.
    async fn request_correction(
        &self,
        ctx: &Context<'_>,
        input: RequestCorrectionInput,
    ) -> Answer<RequestCorrectionPayload> {
        let mut tx = ctx.write(permissions::PORTAL).await?;
        if input.note.as_deref().is_some_and(|note| note.chars().count() > LONGEST_TEXT) {
            return Err(Refusal::invalid_field("input.note", "too_long"));
        }
        let by = ctx.account().await?;
        let Some(placed) = own(&mut tx).await? else {
            return Ok(RequestCorrectionPayload {
                status: RequestCorrectionStatus::NoRecord,
                correction: None,
            });
        };
        let draft = Draft {
            surname: said(input.surname),
            given_name: said(input.given_name),
            patronymic: said(input.patronymic),
            birth_date: said(input.birth_date),
            sex: said(input.sex).map(|sex| sex.map(Into::into)),
            phone: said(input.phone),
            email: said(input.email),
            workplace: said(input.workplace),
            position: said(input.position),
            ..Draft::default()
        };
        let asked =
            request_correction::request_correction(&mut tx, &placed.person, by, draft, input.note.as_deref())
                .await;
        let outcome = match asked {
            Err(error) => Err(Refusal::from(error)),
            Ok(asked) => {
                let (status, id) = match asked {
                    Asked::Done(id) => (RequestCorrectionStatus::Ok, Some(id)),
                    Asked::AlreadyPending(id) => (RequestCorrectionStatus::AlreadyPending, Some(id)),
                    Asked::Unchanged => (RequestCorrectionStatus::Unchanged, None),
                };
                let correction = match id {
                    Some(id) => corrections::by_id(&mut tx, id).await?,
                    None => None,
                };
                let correction = correction
                    .map(|correction| CorrectionNode { correction, member: MemberNode::own(placed) });
                Ok(RequestCorrectionPayload { status, correction })
            }
        };
        tx.finish(outcome).await
    }

    /// Changes the record as the member asked.
    async fn approve_correction(&self, ctx: &Context<'_>, correction: ID) -> Answer<DecideCorrectionPayload> {
        let mut tx = ctx.write(permissions::APPROVE).await?;
        let id: CorrectionId = parse_id(&correction)?;
        let permit = tx.permit::<Approve, PlacedCorrection>(id).await?;
        let outcome = match decide_correction::approve_correction(&mut tx, permit).await {
            Ok(decided) => payload(&mut tx, id, decided).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Leaves the record as it is; the member is told why.
    async fn reject_correction(
        &self,
        ctx: &Context<'_>,
        correction: ID,
        reason: String,
    ) -> Answer<DecideCorrectionPayload> {
        let mut tx = ctx.write(permissions::APPROVE).await?;
        let id: CorrectionId = parse_id(&correction)?;
        let permit = tx.permit::<Approve, PlacedCorrection>(id).await?;
        let reason = reason_of(&reason)?;
        let outcome = match decide_correction::reject_correction(&mut tx, permit, reason).await {
            Ok(decided) => payload(&mut tx, id, decided).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }
}

/// A reason that says something.
pub(super) fn reason_of(reason: &str) -> Answer<&str> {
    let reason = reason.trim();
    if is_blank(reason) {
        return Err(Refusal::invalid_field("reason", "empty"));
    }
    if reason.chars().count() > LONGEST_TEXT {
        return Err(Refusal::invalid_field("reason", "too_long"));
    }
    Ok(reason)
}

async fn payload(tx: &mut TenantTx, id: CorrectionId, decided: Decided) -> Answer<DecideCorrectionPayload> {
    let placed = PlacedCorrection::find(tx, id).await?.ok_or_else(Refusal::not_found)?;
    Ok(DecideCorrectionPayload { status: decided.into(), correction: placed.into() })
}

/// Finds a correction for `node(id:)`: one's own, or one that the viewer decides on.
///
/// # Errors
/// Refusals of the door.
pub async fn correction(ctx: &Context<'_>, id: CorrectionId) -> Answer<Option<CorrectionNode>> {
    let mut tx = ctx.read(permissions::PORTAL).await?;
    if let Some(found) = PlacedCorrection::find(&mut tx, id).await?
        && found.placed.person.account.is_some()
        && found.placed.person.account == tx.viewer().account()
    {
        let member = MemberNode::own(found.placed);
        return Ok(Some(CorrectionNode { correction: found.correction, member }));
    }
    drop(tx);
    // The record behind it opens to those who see records.
    let mut tx = match ctx.read(permissions::APPROVE).await {
        Ok(tx) => tx,
        Err(refusal) if refusal.code() == plenum_kernel::ErrorCode::Forbidden => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    hidden(tx.permit::<Approve, PlacedCorrection>(id).await.map(|permit| permit.into_resource().into()))
}
