//! Invitations into roles: whom, to what, by whom, and what became of them.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, InvitationId, Language, TypedId, UnitId};
use uuid::Uuid;

use crate::ready;

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It can be accepted.
    Waiting,
    /// Somebody accepted it.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Nobody accepted it in time.
    Expired,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// What is written; one that waits beyond its end has expired.
    fn read(text: &str, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<Self, StoreError> {
        match text {
            "waiting" if expires_at <= now => Ok(Self::Expired),
            "waiting" => Ok(Self::Waiting),
            "accepted" => Ok(Self::Accepted),
            "revoked" => Ok(Self::Revoked),
            "expired" => Ok(Self::Expired),
            other => Err(StoreError::Value { what: "state of an invitation", value: other.to_owned() }),
        }
    }
}

/// Why an invitation could not be accepted when somebody tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The inviter may not enter the tenant any more.
    InviterGone,
    /// The inviter could not give this role there any more.
    InviterLacks,
    /// The role was removed.
    RoleGone,
    /// The access of whom it is for is suspended.
    Suspended,
    /// It is for the inviter: nobody gives a role to themselves.
    OwnAccount,
}

impl Refusal {
    fn as_str(self) -> &'static str {
        match self {
            Self::InviterGone => "inviter_gone",
            Self::InviterLacks => "inviter_lacks",
            Self::RoleGone => "role_gone",
            Self::Suspended => "suspended",
            Self::OwnAccount => "own_account",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        match text {
            "inviter_gone" => Ok(Self::InviterGone),
            "inviter_lacks" => Ok(Self::InviterLacks),
            "role_gone" => Ok(Self::RoleGone),
            "suspended" => Ok(Self::Suspended),
            "own_account" => Ok(Self::OwnAccount),
            other => Err(StoreError::Value { what: "refusal of an invitation", value: other.to_owned() }),
        }
    }
}

/// A new invitation, with its first letter.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The address, as the inviter writes it.
    pub email: String,
    /// The same, as accounts are found by it.
    pub email_key: String,
    /// How the person is called.
    pub name: String,
    /// The language of its letters.
    pub language: Language,
    /// The role's name in grants.
    pub role: String,
    /// In which unit.
    pub unit: UnitId,
    /// Until when the role is given; none is without an end.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
    /// Who invites; none is the platform.
    pub by: Option<AccountId>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The address, as the inviter wrote it.
    pub email: String,
    /// The same, as accounts are found by it.
    pub email_key: String,
    /// How the person is called.
    pub name: String,
    /// The language of its letters.
    pub language: Language,
    /// The role's name in grants.
    pub role: String,
    /// In which unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// The ids of the units from the root to it.
    pub path: Vec<Uuid>,
    /// Until when the role is given; none is without an end.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
    /// Who invites; none is the platform.
    pub invited_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// How many letters went out.
    pub letters: i32,
    /// When the last one did.
    pub sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// What became of it.
    pub state: State,
    /// Since when that is so; none while it can be accepted, and when it expired without another in its place.
    pub ended_at: Option<DateTime<Utc>>,
    /// The account that accepted or revoked it.
    pub ended_by: Option<AccountId>,
    /// Why it could not be accepted when somebody last tried, and when that was.
    pub refusal: Option<(Refusal, DateTime<Utc>)>,
}

impl Invitation {
    /// Where the role is to hold.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::of_units(&self.path)
    }

    /// Whether another letter can make it wait again: it waits, or expired with none in its place.
    #[must_use]
    pub fn can_be_sent(&self) -> bool {
        self.ended_at.is_none()
    }
}

struct Row {
    id: Uuid,
    email: String,
    email_key: String,
    name: String,
    language: String,
    role: String,
    unit_id: Uuid,
    unit_name: String,
    path: Vec<Uuid>,
    valid_until: Option<DateTime<Utc>>,
    reason: Option<String>,
    invited_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    letters: i32,
    sent_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    state: String,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<Uuid>,
    refusal: Option<String>,
    refused_at: Option<DateTime<Utc>>,
}

impl Row {
    fn read(self, now: DateTime<Utc>) -> Result<Invitation, StoreError> {
        let refusal = self.refusal.as_deref().map(Refusal::read).transpose()?;
        Ok(Invitation {
            id: self.id.into(),
            email: self.email,
            email_key: self.email_key,
            name: self.name,
            language: Language::from_code(&self.language),
            role: self.role,
            unit: self.unit_id.into(),
            unit_name: self.unit_name,
            path: self.path,
            until: self.valid_until,
            reason: self.reason,
            invited_by: self.invited_by.map(AccountId::from),
            created_at: self.created_at,
            letters: self.letters,
            sent_at: self.sent_at,
            expires_at: self.expires_at,
            state: State::read(&self.state, self.expires_at, now)?,
            ended_at: self.ended_at,
            ended_by: self.ended_by.map(AccountId::from),
            refusal: refusal.zip(self.refused_at),
        })
    }
}

/// Adds one.
///
/// # Errors
/// [`StoreError`], violating `invitation_waiting` when the address waits for this role there already.
pub async fn insert(tx: &mut TenantTx, new: &NewInvitation) -> Result<InvitationId, StoreError> {
    let (tenant, now, id) = (tx.tenant().uuid(), tx.now(), InvitationId::new());
    sqlx::query!(
        "INSERT INTO tenancy.invitation
                (tenant_id, id, email, email_key, name, language, role, unit_id, valid_until, reason, invited_by,
                 created_at, letters, sent_at, expires_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $12, $13, 'waiting')",
        tenant,
        id.uuid(),
        new.email,
        new.email_key,
        new.name,
        new.language.code(),
        new.role,
        new.unit.uuid(),
        new.until,
        new.reason,
        new.by.map(TypedId::uuid),
        now,
        new.expires_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    Ok(id)
}

/// Which invitations are meant; what is left out does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Which<'a> {
    /// This one.
    pub id: Option<InvitationId>,
    /// Each of its words is in the name or the address. Case and ё do not matter.
    pub search: &'a str,
    /// Into one of these units.
    pub units: Option<&'a [Uuid]>,
    /// What became of them.
    pub state: Option<State>,
    /// Those of the platform only.
    pub of_platform: bool,
    /// To this address (as accounts are found by it), role and unit, and not ended.
    pub open_for: Option<(&'a str, &'a str, UnitId)>,
}

/// Those that are meant, the newest first, after an id.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn list(
    tx: &mut TenantTx,
    which: &Which<'_>,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let words = patterns(which.search);
    let open_for = which.open_for;
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT i.id, i.email, i.email_key, i.name, i.language, i.role, i.unit_id, u.name::text AS "unit_name!",
                  (SELECT array_agg(c.ancestor_id ORDER BY c.distance DESC)
                     FROM tenancy.unit_closure c
                    WHERE c.tenant_id = i.tenant_id AND c.descendant_id = i.unit_id) AS "path!",
                  i.valid_until, i.reason, i.invited_by, i.created_at, i.letters, i.sent_at, i.expires_at, i.state,
                  i.ended_at, i.ended_by, i.refusal, i.refused_at
             FROM tenancy.invitation i
             JOIN tenancy.unit u ON u.tenant_id = i.tenant_id AND u.id = i.unit_id
            WHERE i.tenant_id = $1
              AND ($2::uuid IS NULL OR i.id = $2)
              AND translate(lower(i.name || ' ' || i.email), 'ё', 'е') LIKE ALL ($3::text[])
              AND ($4::uuid[] IS NULL OR i.unit_id = ANY ($4))
              AND ($5::text IS NULL
                   OR CASE WHEN i.state = 'waiting' AND i.expires_at <= $6 THEN 'expired' ELSE i.state END = $5)
              AND (NOT $7::bool OR i.invited_by IS NULL)
              AND ($8::text IS NULL
                   OR (i.state = 'waiting' AND i.email_key = $8 AND i.role = $9 AND i.unit_id = $10))
              AND ($11::uuid IS NULL OR i.id < $11)
            ORDER BY i.id DESC
            LIMIT $12"#,
        tenant,
        which.id.map(TypedId::uuid),
        &words,
        which.units,
        which.state.map(State::as_str),
        now,
        which.of_platform,
        open_for.map(|(email_key, ..)| email_key),
        open_for.map(|(_, role, _)| role),
        open_for.map(|(.., unit)| unit.uuid()),
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|row| row.read(now)).collect()
}

/// One of them; none when it is not there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    Ok(list(tx, &Which { id: Some(id), ..Which::default() }, None, 1).await?.pop())
}

/// The one whose letter carried a link with this secret, and which of its letters that was.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_link(
    tx: &mut TenantTx,
    token_hash: &[u8; 32],
) -> Result<Option<(Invitation, i32)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let link = sqlx::query!(
        "SELECT invitation_id, letter FROM tenancy.invitation_link WHERE tenant_id = $1 AND token_hash = $2",
        tenant,
        &token_hash[..]
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(link) = link else { return Ok(None) };
    Ok(by_id(tx, link.invitation_id.into()).await?.map(|invitation| (invitation, link.letter)))
}

/// The last one of the platform: that of the tenant's first administrator.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_platform(tx: &mut TenantTx) -> Result<Option<Invitation>, StoreError> {
    let which = Which { of_platform: true, ..Which::default() };
    let found = list(tx, &which, None, 1).await?.pop();
    Ok(found.filter(|one| one.role == ready::ADMINISTRATOR))
}

/// Keeps the hash of a letter's secret; again is no fault, for a letter may be sent again as it is.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep_link(
    tx: &mut TenantTx,
    id: InvitationId,
    letter: i32,
    token_hash: &[u8; 32],
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO tenancy.invitation_link (tenant_id, token_hash, invitation_id, letter, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, token_hash) DO NOTHING",
        tenant,
        &token_hash[..],
        id.uuid(),
        letter,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that another letter goes out, by whom, and until when its link works; links of before stop working.
///
/// # Errors
/// [`StoreError`], also when it has ended.
pub async fn send_again(
    tx: &mut TenantTx,
    id: InvitationId,
    by: Option<AccountId>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE tenancy.invitation
            SET invited_by = $3,
                letters = letters + 1,
                sent_at = $4,
                expires_at = $5,
                refusal = NULL,
                refused_at = NULL
          WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'",
        tenant,
        id.uuid(),
        by.map(TypedId::uuid),
        now,
        expires_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Ends one that waits.
///
/// # Errors
/// [`StoreError`], also when it has ended.
pub async fn end(
    tx: &mut TenantTx,
    id: InvitationId,
    state: State,
    by: Option<AccountId>,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE tenancy.invitation
            SET state = $3, ended_at = $4, ended_by = $5, refusal = NULL, refused_at = NULL
          WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'",
        tenant,
        id.uuid(),
        state.as_str(),
        now,
        by.map(TypedId::uuid)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Notes why one could not be accepted; it waits all the same.
///
/// # Errors
/// [`StoreError`], also when it has ended.
pub async fn refuse(tx: &mut TenantTx, id: InvitationId, refusal: Refusal) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE tenancy.invitation SET refusal = $3, refused_at = $4
          WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'",
        tenant,
        id.uuid(),
        refusal.as_str(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// How many were sent since a moment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sent_since(tx: &mut TenantTx, since: DateTime<Utc>) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM tenancy.invitation WHERE tenant_id = $1 AND sent_at > $2"#,
        tenant,
        since
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Each word of a search as a pattern.
fn patterns(search: &str) -> Vec<String> {
    let escape =
        |word: &str| format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    search.to_lowercase().replace('ё', "е").split_whitespace().map(escape).collect()
}
