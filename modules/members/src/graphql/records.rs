//! What a keeper does with record cards.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id};
use plenum_kernel::UnitId;
use plenum_members_api::MemberId;
use plenum_tenancy::store::units::Unit;

use super::{
    member::{MemberNode, anew},
    names::{ConsentAct, Sex},
};
use crate::{
    actions::{
        add_member::{self, Saved},
        invite_member::{self, Invited},
        move_member, record_consent, reissue_card, update_member,
    },
    domain::record::{Draft, Said},
    permissions::{self, Edit, Invite},
    store::persons::Placed,
};

/// A new record card.
#[derive(InputObject)]
pub struct MemberInput {
    /// The unit that keeps the record.
    unit: ID,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    /// In any usual spelling of a date.
    birth_date: String,
    sex: Option<Sex>,
    phone: Option<String>,
    email: Option<String>,
    workplace: Option<String>,
    position: Option<String>,
    joined_on: Option<String>,
    card_number: Option<String>,
}

/// What is different on a record card; what is left out stays, null empties.
#[derive(InputObject)]
pub struct UpdateMemberInput {
    member: ID,
    /// The revision that was read: when the record is another by now, nothing is changed.
    revision: Option<i32>,
    surname: MaybeUndefined<String>,
    given_name: MaybeUndefined<String>,
    patronymic: MaybeUndefined<String>,
    birth_date: MaybeUndefined<String>,
    sex: MaybeUndefined<Sex>,
    phone: MaybeUndefined<String>,
    email: MaybeUndefined<String>,
    workplace: MaybeUndefined<String>,
    position: MaybeUndefined<String>,
    joined_on: MaybeUndefined<String>,
    card_number: MaybeUndefined<String>,
}

/// How saving a record card ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveMemberStatus {
    /// Saved.
    Ok,
    /// It says what is on record.
    Unchanged,
    /// A person of this name and date of birth is on record.
    Duplicate,
    /// The card is another member's.
    CardTaken,
}

/// The outcome of saving a record card.
#[derive(SimpleObject)]
pub struct SaveMemberPayload {
    status: SaveMemberStatus,
    member: Option<MemberNode>,
}

/// How a move ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveMemberStatus {
    /// Moved.
    Ok,
    /// The member was there already.
    SameUnit,
}

/// The outcome of a move.
#[derive(SimpleObject)]
pub struct MoveMemberPayload {
    status: MoveMemberStatus,
    member: MemberNode,
}

/// What a paper says that the keeper has.
#[derive(InputObject)]
pub struct RecordConsentInput {
    member: ID,
    act: ConsentAct,
    /// The version of the text that was signed.
    text_version: String,
    /// The day on which it was signed, in any usual spelling.
    on: String,
}

/// How recording a consent ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordConsentStatus {
    /// Recorded.
    Ok,
    /// There is no consent that could be withdrawn.
    NothingToWithdraw,
}

/// The outcome of recording a consent.
#[derive(SimpleObject)]
pub struct RecordConsentPayload {
    status: RecordConsentStatus,
    member: MemberNode,
}

/// How an invitation ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Invited")]
pub enum InviteMemberStatus {
    /// The letter goes out.
    #[graphql(name = "OK")]
    Done,
    /// The record has no address.
    NoEmail,
    /// Several records have this address.
    EmailShared,
    /// The account of this address is another member's.
    AccountTaken,
}

/// The outcome of an invitation.
#[derive(SimpleObject)]
pub struct InviteMemberPayload {
    status: InviteMemberStatus,
    member: MemberNode,
}

/// A value of an input: left out, or said.
pub(super) fn said<T>(value: MaybeUndefined<T>) -> Said<T> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

async fn saved(tx: &mut TenantTx, saved: Saved, known: Option<MemberId>) -> Answer<SaveMemberPayload> {
    let (status, id) = match saved {
        Saved::Done(id) => (SaveMemberStatus::Ok, Some(id)),
        Saved::Unchanged => (SaveMemberStatus::Unchanged, known),
        Saved::Duplicate => (SaveMemberStatus::Duplicate, known),
        Saved::CardTaken => (SaveMemberStatus::CardTaken, known),
    };
    let member = match id {
        Some(id) => Some(anew(tx, id).await?),
        None => None,
    };
    Ok(SaveMemberPayload { status, member })
}

/// Root fields.
#[derive(Default)]
pub struct RecordsMutation;

#[Object]
impl RecordsMutation {
    /// Puts a person on record.
    async fn add_member(&self, ctx: &Context<'_>, input: MemberInput) -> Answer<SaveMemberPayload> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let unit: UnitId = parse_id(&input.unit)?;
        let permit = tx.permit::<Edit, Unit>(unit).await?;
        let draft = Draft {
            surname: Some(Some(input.surname)),
            given_name: Some(Some(input.given_name)),
            patronymic: Some(input.patronymic),
            birth_date: Some(Some(input.birth_date)),
            sex: Some(input.sex.map(Into::into)),
            phone: Some(input.phone),
            email: Some(input.email),
            workplace: Some(input.workplace),
            position: Some(input.position),
            joined_on: Some(input.joined_on),
            card_number: Some(input.card_number),
        };
        let outcome = match add_member::add_member(&mut tx, permit, draft).await {
            Ok(outcome) => saved(&mut tx, outcome, None).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Changes a record card.
    async fn update_member(&self, ctx: &Context<'_>, input: UpdateMemberInput) -> Answer<SaveMemberPayload> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let id: MemberId = parse_id(&input.member)?;
        let permit = tx.permit::<Edit, Placed>(id).await?;
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
            joined_on: said(input.joined_on),
            card_number: said(input.card_number),
        };
        let outcome = match update_member::update_member(&mut tx, permit, input.revision, draft).await {
            Ok(outcome) => saved(&mut tx, outcome, Some(id)).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Has another unit keep the record. Offices in the organization of the old unit end.
    async fn move_member(&self, ctx: &Context<'_>, member: ID, unit: ID) -> Answer<MoveMemberPayload> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let (id, unit): (MemberId, UnitId) = (parse_id(&member)?, parse_id(&unit)?);
        let permit = tx.permit::<Edit, Placed>(id).await?;
        let to = tx.permit::<Edit, Unit>(unit).await?;
        let outcome = match move_member::move_member(&mut tx, permit, to).await {
            Ok(moved) => anew(&mut tx, id).await.map(|member| MoveMemberPayload {
                status: if moved { MoveMemberStatus::Ok } else { MoveMemberStatus::SameUnit },
                member,
            }),
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Records what a signed paper says of the use of the member's data.
    async fn record_consent(
        &self,
        ctx: &Context<'_>,
        input: RecordConsentInput,
    ) -> Answer<RecordConsentPayload> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let id: MemberId = parse_id(&input.member)?;
        let permit = tx.permit::<Edit, Placed>(id).await?;
        let paper =
            record_consent::Paper { act: input.act.into(), text_version: input.text_version, on: input.on };
        let outcome = match record_consent::record_consent(&mut tx, permit, paper).await {
            Ok(recorded) => anew(&mut tx, id).await.map(|member| RecordConsentPayload {
                status: if recorded {
                    RecordConsentStatus::Ok
                } else {
                    RecordConsentStatus::NothingToWithdraw
                },
                member,
            }),
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Makes the membership card anew: earlier ones do not verify any more.
    async fn reissue_card(&self, ctx: &Context<'_>, member: ID) -> Answer<MemberNode> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let id: MemberId = parse_id(&member)?;
        let permit = tx.permit::<Edit, Placed>(id).await?;
        let outcome = match reissue_card::reissue_card(&mut tx, permit).await {
            Ok(()) => anew(&mut tx, id).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Opens the portal to a member and sends a letter with a link; again, the letter is sent again.
    async fn invite_member(&self, ctx: &Context<'_>, member: ID) -> Answer<InviteMemberPayload> {
        let mut tx = ctx.write(permissions::INVITE).await?;
        let id: MemberId = parse_id(&member)?;
        let permit = tx.permit::<Invite, Placed>(id).await?;
        let outcome = match invite_member::invite_member(&mut tx, permit).await {
            Ok(invited) => {
                anew(&mut tx, id).await.map(|member| InviteMemberPayload { status: invited.into(), member })
            }
            Err(error) => Err(Refusal::from(error)),
        };
        tx.finish(outcome).await
    }
}
