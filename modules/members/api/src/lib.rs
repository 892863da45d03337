//! The contract of members: ids, events, and what other modules may ask about people.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_events::Event;
use plenum_kernel::{AccountId, TenantId, UnitId, id_types};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

id_types! {
    /// A member: a person on record in a tenant's register.
    MemberId = "Member";
    /// An import of a register from a file.
    ImportId = "MemberImport";
    /// A correction of their own data that a member asks for.
    CorrectionId = "Correction";
    /// A list of members written into a file.
    MemberExportId = "MemberExport";
    /// A member's way to another organization, the same on both sides.
    MemberTransferId = "MemberTransfer";
}

/// A member, as other modules know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// The unit in which they are on record.
    pub unit: UnitId,
    /// Surname, given name and patronymic.
    pub full_name: String,
    /// Given name and patronymic: how a letter greets them.
    pub given_names: String,
    /// Their address, as on record.
    pub email: Option<String>,
    /// The account that they sign in with.
    pub account: Option<AccountId>,
    /// Their consent to the use of their personal data.
    pub consent: Consent,
}

/// Consent to the use of personal data (Federal Law 152-FZ, article 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Given and not withdrawn.
    Given,
    /// Refused or withdrawn.
    Refused,
    /// Nothing is on record.
    Missing,
}

/// An office that a member holds: in the organization of a unit, or in an elected body.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "MemberOfficeKind")]
pub enum Office {
    /// Chairs.
    Chair,
    /// Stands in for the chair.
    DeputyChair,
    /// Keeps the papers of a body.
    Secretary,
    /// Keeps the money.
    Treasurer,
    /// Sits in the organization's committee.
    CommitteeMember,
    /// Sits in the audit commission.
    AuditMember,
    /// Sits in any other elected body.
    BodyMember,
}

/// Which members are meant. Every criterion that is set narrows; an empty list is no criterion. Members whose tenant
/// forbids it are never meant: the consent criterion is part of the selection, not of its use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// On record in one of these units or below.
    pub units: Vec<UnitId>,
    /// Holding one of these offices now.
    pub offices: Vec<Office>,
    /// Counts only offices of primary organizations («every chair of a primary organization»).
    pub of_primaries: bool,
    /// Holding a seat now in one of these bodies: raw ids of bodies (`BodyId`), whose contract depends on this one.
    pub bodies: Vec<Uuid>,
    /// At least so many years old.
    pub age_from: Option<u8>,
    /// At most so many years old.
    pub age_to: Option<u8>,
    /// Of this sex: `female` or `male`.
    pub sex: Option<String>,
    /// With this consent on record.
    pub consent: Option<Consent>,
    /// With an address on record.
    pub with_email: bool,
    /// With an account.
    pub with_account: bool,
    /// Only these.
    pub only: Option<Vec<MemberId>>,
    /// Not these.
    pub except: Vec<MemberId>,
}

/// What other modules may ask of members, inside their own transaction.
///
/// [`count`](Self::count) counts only whom the transaction's viewer may see. The others answer for the whole tenant: the
/// asking module answers for what it shows of it.
#[async_trait]
pub trait MembersRead: Send + Sync {
    /// How many people are on record in a unit and all below it; without a unit, in the whole tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn count(&self, tx: &mut TenantTx, unit: Option<UnitId>) -> Result<i64, StoreError>;

    /// These members, in any order; at most 1,000 are asked for.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn by_ids(&self, tx: &mut TenantTx, ids: &[MemberId]) -> Result<Vec<Member>, StoreError>;

    /// The member who signs in with this account.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn by_account(&self, tx: &mut TenantTx, account: AccountId) -> Result<Option<Member>, StoreError>;

    /// The members of an audience after one of them, by id, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn select(
        &self,
        tx: &mut TenantTx,
        audience: &Audience,
        after: Option<MemberId>,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError>;

    /// How many members an audience has.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn count_selected(&self, tx: &mut TenantTx, audience: &Audience) -> Result<i64, StoreError>;
}

/// A member's account became known: invited to the portal, or seated in a body.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountLinked {
    /// The member.
    pub member: MemberId,
    /// The account.
    pub account: AccountId,
}

impl Event for AccountLinked {
    const NAME: &'static str = "members.account_linked";
}

/// A member moved to another unit of the tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberMoved {
    /// The member.
    pub member: MemberId,
    /// Where they were.
    pub from: UnitId,
    /// Where they are.
    pub to: UnitId,
}

impl Event for MemberMoved {
    const NAME: &'static str = "members.member_moved";
}

/// A member left for another tenant; the record stays, closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberLeft {
    /// The member.
    pub member: MemberId,
    /// The tenant that took them over.
    pub to: TenantId,
}

impl Event for MemberLeft {
    const NAME: &'static str = "members.member_left";
}
