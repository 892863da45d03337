//! Accounts.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, PgConnection, StoreError};
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
    /// The argon2id hash; none until a password was set.
    pub password_hash: Option<String>,
}

struct Row {
    id: Uuid,
    email: String,
    display_name: String,
    language: String,
    password_hash: Option<String>,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            email: row.email,
            display_name: row.display_name,
            language: Language::from_code(&row.language),
            password_hash: row.password_hash,
        }
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
        "SELECT id, email, display_name, language, password_hash FROM identity.account WHERE email_key = $1",
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
        "SELECT id, email, display_name, language, password_hash FROM identity.account WHERE id = $1",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Account::from))
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

/// Sets the language of letters.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such account.
pub async fn set_language(
    conn: &mut PgConnection,
    id: AccountId,
    language: Language,
) -> Result<(), StoreError> {
    sqlx::query!("UPDATE identity.account SET language = $2 WHERE id = $1", id.uuid(), language.code())
        .execute(conn)
        .await?
        .exactly(1)
}
