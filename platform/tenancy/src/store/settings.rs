//! How a tenant looks, in whose name it writes, which languages it speaks, and what it does without.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, FileId, Language, TypedId};
use plenum_live::Topic;

/// What a tenant has set; the default is what holds where nobody set anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How often they were changed.
    pub version: i64,
    /// The colour of the tenant.
    pub accent: Option<Accent>,
    /// Its picture.
    pub logo: Option<Logo>,
    /// The name in which its letters are sent.
    pub sender_name: Option<String>,
    /// Where answers to its letters go.
    pub reply_to: Option<String>,
    /// The language of who has not chosen one.
    pub language: Language,
    /// The languages that can be chosen; the one above is among them.
    pub languages: Vec<Language>,
    /// The modules that were switched off, sorted.
    pub modules_off: Vec<String>,
    /// The first words of the permissions that nobody holds for that, sorted.
    pub refused: Vec<String>,
    /// When they were changed last.
    pub changed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub changed_by: Option<AccountId>,
}

/// A colour and what is made of it, each `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accent {
    /// As it was chosen.
    pub chosen: String,
    /// Ten shades from light to dark, and the tint of the dark scheme.
    pub shades: Vec<String>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// The file of its bytes.
    pub file: FileId,
    /// Their SHA-256, hexadecimal: its name in addresses.
    pub digest: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: 0,
            accent: None,
            logo: None,
            sender_name: None,
            reply_to: None,
            language: Language::Ru,
            languages: vec![Language::Ru, Language::En],
            modules_off: Vec::new(),
            refused: Vec::new(),
            changed_at: None,
            changed_by: None,
        }
    }
}

/// What the letters of a tenant have of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondence {
    /// The name of the sender; none is the installation's.
    pub sender_name: Option<String>,
    /// Where answers go; none is the sender.
    pub reply_to: Option<String>,
    /// The language of who has not chosen one.
    pub language: Language,
    /// The languages that are offered.
    pub languages: Vec<Language>,
}

impl Correspondence {
    /// The language of a letter to somebody who has chosen this one, or none: what is not offered is not written in.
    #[must_use]
    pub fn language_for(&self, chosen: Option<Language>) -> Language {
        chosen.filter(|chosen| self.languages.contains(chosen)).unwrap_or(self.language)
    }
}

/// The settings of the transaction's tenant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn get(tx: &mut TenantTx) -> Result<Settings, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        "SELECT version, accent, shades, logo_file, logo_digest, sender_name, reply_to, language, languages, modules_off,
                refused, changed_at, changed_by
           FROM tenancy.settings WHERE tenant_id = $1",
        tenant
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map_or_else(Settings::default, |row| Settings {
        version: row.version,
        accent: row.accent.zip(row.shades).map(|(chosen, shades)| Accent { chosen, shades }),
        logo: row.logo_file.zip(row.logo_digest).map(|(file, digest)| Logo { file: file.into(), digest }),
        sender_name: row.sender_name,
        reply_to: row.reply_to,
        language: Language::from_code(&row.language),
        languages: row.languages.iter().map(|code| Language::from_code(code)).collect(),
        modules_off: row.modules_off,
        refused: row.refused,
        changed_at: row.changed_at,
        changed_by: row.changed_by.map(AccountId::from),
    }))
}

/// What the letters of the transaction's tenant have of it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn correspondence(tx: &mut TenantTx) -> Result<Correspondence, StoreError> {
    let Settings { sender_name, reply_to, language, languages, .. } = get(tx).await?;
    Ok(Correspondence { sender_name, reply_to, language, languages })
}

/// The settings of this version, held until the transaction ends.
///
/// # Errors
/// [`StoreError::Rows`] when they are of another version by now.
pub async fn hold(tx: &mut TenantTx, version: i64) -> Result<Settings, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO tenancy.settings (tenant_id) VALUES ($1) ON CONFLICT (tenant_id) DO NOTHING",
        tenant
    )
    .execute(tx.conn())
    .await?;
    let held = sqlx::query_scalar!(
        "SELECT version FROM tenancy.settings WHERE tenant_id = $1 AND version = $2 FOR UPDATE",
        tenant,
        version
    )
    .fetch_optional(tx.conn())
    .await?;
    match held {
        Some(_) => get(tx).await,
        None => Err(StoreError::Rows { expected: 1, found: 0 }),
    }
}

/// Writes settings that are [held](hold), as the next version. Everybody who has something of the tenant open looks again.
///
/// # Errors
/// [`StoreError`] when the database fails, or they were not held.
pub async fn save(tx: &mut TenantTx, settings: &Settings) -> Result<(), StoreError> {
    let (tenant, now, by) = (tx.tenant(), tx.now(), tx.viewer().account().map(TypedId::uuid));
    let languages: Vec<String> = settings.languages.iter().map(|one| one.code().to_owned()).collect();
    sqlx::query!(
        "UPDATE tenancy.settings
            SET version = version + 1,
                accent = $3,
                shades = $4,
                logo_file = $5,
                logo_digest = $6,
                sender_name = $7,
                reply_to = $8,
                language = $9,
                languages = $10,
                modules_off = $11,
                refused = $12,
                changed_at = $13,
                changed_by = $14
          WHERE tenant_id = $1 AND version = $2",
        tenant.uuid(),
        settings.version,
        settings.accent.as_ref().map(|accent| accent.chosen.as_str()),
        settings.accent.as_ref().map(|accent| accent.shades.as_slice()),
        settings.logo.as_ref().map(|logo| logo.file.uuid()),
        settings.logo.as_ref().map(|logo| logo.digest.as_str()),
        settings.sender_name.as_deref(),
        settings.reply_to.as_deref(),
        settings.language.code(),
        &languages,
        &settings.modules_off,
        &settings.refused,
        now,
        by
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    // The one for what is shown of them, the other for what may be done.
    plenum_live::touch(tx, &Topic::settings(tenant)).await?;
    plenum_live::touch(tx, &Topic::own_roles(tenant)).await
}
