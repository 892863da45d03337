//! Accounts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, PgConnection, StoreError, TenantTx};
use plenum_kernel::{AccountId, Language, TypedId};
use uuid::Uuid;

/// A person who signs in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address, as the person writes it.
    pub email: String,
    /// How the person is called.
    pub display_name: String,
    /// The language of letters.
    pub language: Language,
    /// Whether the person chose it; where nobody did, an organization writes in its own.
    pub language_chosen: bool,
    /// The argon2id hash; none until a password was set.
    pub password_hash: Option<String>,
}

struct Row {
    id: Uuid,
    email: String,
    display_name: String,
    language: String,
    language_chosen: bool,
    password_hash: Option<String>,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            email: row.email,
            display_name: row.display_name,
            language: Language::from_code(&row.language),
            language_chosen: row.language_chosen,
            password_hash: row.password_hash,
        }
    }
}

impl Account {
    /// The language that the person chose.
    #[must_use]
    pub fn chosen_language(&self) -> Option<Language> {
        self.language_chosen.then_some(self.language)
    }
}

/// The key under which an address is unique.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The account with this address.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_email(conn: &mut PgConnection, email: &str) -> Result<Option<Account>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, email, display_name, language, language_chosen, password_hash
           FROM identity.account WHERE email_key = $1",
        email_key(email)
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Account::from))
}

/// The account with this id.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(conn: &mut PgConnection, id: AccountId) -> Result<Option<Account>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, email, display_name, language, language_chosen, password_hash
           FROM identity.account WHERE id = $1",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Account::from))
}

/// Holds an account until the transaction ends: what is read of it stays so.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such account.
pub async fn hold(conn: &mut PgConnection, id: AccountId) -> Result<(), StoreError> {
    sqlx::query_scalar!("SELECT id FROM identity.account WHERE id = $1 FOR NO KEY UPDATE", id.uuid())
        .fetch_one(conn)
        .await?;
    Ok(())
}

/// The account of this address; made, without a password, when there is none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find_or_invite(
    conn: &mut PgConnection,
    email: &str,
    display_name: &str,
    now: DateTime<Utc>,
) -> Result<AccountId, StoreError> {
    if let Some(account) = by_email(conn, email).await? {
        return Ok(account.id);
    }
    let id = AccountId::new();
    let inserted = sqlx::query_scalar!(
        "INSERT INTO identity.account (id, email, email_key, display_name, language, created_at)
         VALUES ($1, $2, $3, $4, 'ru', $5)
         ON CONFLICT (email_key) DO NOTHING
         RETURNING id",
        id.uuid(),
        email.trim(),
        email_key(email),
        display_name,
        now
    )
    .fetch_optional(&mut *conn)
    .await?;
    match inserted {
        Some(id) => Ok(id.into()),
        // Made by somebody else between the two statements.
        None => Ok(by_email(conn, email).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?.id),
    }
}

/// Sets the password's hash.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such account.
pub async fn set_password(conn: &mut PgConnection, id: AccountId, hash: &str) -> Result<(), StoreError> {
    sqlx::query!("UPDATE identity.account SET password_hash = $2 WHERE id = $1", id.uuid(), hash)
        .execute(conn)
        .await?
        .exactly(1)
}

/// Sets how the person is called.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such account.
pub async fn set_name(conn: &mut PgConnection, id: AccountId, name: &str) -> Result<(), StoreError> {
    sqlx::query!("UPDATE identity.account SET display_name = $2 WHERE id = $1", id.uuid(), name)
        .execute(conn)
        .await?
        .exactly(1)
}

/// Sets the language of letters, as the person chose it.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such account.
pub async fn set_language(
    conn: &mut PgConnection,
    id: AccountId,
    language: Language,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE identity.account SET language = $2, language_chosen = true WHERE id = $1",
        id.uuid(),
        language.code()
    )
    .execute(conn)
    .await?
    .exactly(1)
}

/// A person who may enter a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The account.
    pub id: AccountId,
    /// How the person is called.
    pub name: String,
}

/// The people who may enter the transaction's tenant and whose name holds each word of `search`, by name, after a name
/// and account. Case and ё do not matter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn colleagues(
    tx: &mut TenantTx,
    search: &str,
    after: Option<(&str, AccountId)>,
    limit: i64,
) -> Result<Vec<Colleague>, StoreError> {
    let tenant = tx.tenant().uuid();
    let words = patterns(search);
    let rows = sqlx::query!(
        "SELECT a.id, a.display_name
           FROM tenancy.account_access x
           JOIN identity.account a ON a.id = x.account_id
          WHERE x.tenant_id = $1
            AND x.suspended_at IS NULL
            AND translate(lower(a.display_name), 'ё', 'е') LIKE ALL ($2::text[])
            AND ($3::text IS NULL OR (a.display_name, a.id) > ($3, $4::uuid))
          ORDER BY a.display_name, a.id
          LIMIT $5",
        tenant,
        &words,
        after.map(|(name, _)| name),
        after.map(|(_, id)| id.uuid()),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| Colleague { id: row.id.into(), name: row.display_name }).collect())
}

/// Which of those who were ever let into a tenant are meant; what is left out does not narrow.
#[derive(Debug, Clone, Default)]
pub struct People<'a> {
    /// Each of its words is in the name. Case and ё do not matter.
    pub search: &'a str,
    /// They hold a role in one of these units.
    pub units: Option<&'a [Uuid]>,
    /// They hold the role of this name now: in one of the units when there are some.
    pub role: Option<&'a str>,
    /// Whether their access is suspended.
    pub suspended: Option<bool>,
}

/// The people who were ever let into the transaction's tenant, by name, after a name and account.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn people(
    tx: &mut TenantTx,
    which: &People<'_>,
    after: Option<(&str, AccountId)>,
    limit: i64,
) -> Result<Vec<Colleague>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let words = patterns(which.search);
    let rows = sqlx::query!(
        "SELECT a.id, a.display_name
           FROM tenancy.account_access x
           JOIN identity.account a ON a.id = x.account_id
          WHERE x.tenant_id = $1
            AND translate(lower(a.display_name), 'ё', 'е') LIKE ALL ($2::text[])
            AND ($3::bool IS NULL OR (x.suspended_at IS NOT NULL) = $3)
            AND (($4::uuid[] IS NULL AND $5::text IS NULL)
                 OR EXISTS (SELECT FROM tenancy.role_grant g
                             WHERE g.tenant_id = $1
                               AND g.account_id = a.id
                               AND ($4::uuid[] IS NULL OR g.unit_id = ANY ($4))
                               AND ($5::text IS NULL
                                    OR (g.role = $5
                                        AND (g.valid_from IS NULL OR g.valid_from <= $6)
                                        AND (g.valid_until IS NULL OR g.valid_until > $6)))))
            AND ($7::text IS NULL OR (a.display_name, a.id) > ($7, $8::uuid))
          ORDER BY a.display_name, a.id
          LIMIT $9",
        tenant,
        &words,
        which.suspended,
        which.units,
        which.role,
        now,
        after.map(|(name, _)| name),
        after.map(|(_, id)| id.uuid()),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| Colleague { id: row.id.into(), name: row.display_name }).collect())
}

/// How these accounts are called.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn names(
    conn: &mut PgConnection,
    ids: &[AccountId],
) -> Result<HashMap<AccountId, String>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!("SELECT id, display_name FROM identity.account WHERE id = ANY ($1)", &ids)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.display_name)).collect())
}

/// Each word of a search as a pattern.
fn patterns(search: &str) -> Vec<String> {
    let escape =
        |word: &str| format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    search.to_lowercase().replace('ё', "е").split_whitespace().map(escape).collect()
}
