//! What the API shows.

use std::sync::Arc;

use async_graphql::{Context, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_authz::Text;
use plenum_db::{StoreError, TenantTx};
use plenum_identity::{Identity, graphql::LanguageName, store::accounts};
use plenum_tenancy::store::{
    settings::{self, Settings},
    tenants,
};

use crate::{
    Switchable,
    domain::colour::{Colour, READABLE, Shades},
};

/// Shades of a colour, each `#rrggbb`, in which and on which text can be read.
#[derive(SimpleObject, Clone)]
pub struct AccentShades {
    /// The colour as it was chosen.
    chosen: String,
    /// Ten from light to dark: 0 is a ground for text in 9; 8 is text of the light scheme, and a ground for white text.
    steps: Vec<String>,
    /// A ground for text of the dark scheme.
    dark_tint: String,
    /// Text of the light scheme.
    on_light: String,
    /// Text of the dark scheme.
    on_dark: String,
}

impl AccentShades {
    /// As they are kept.
    fn of(accent: &settings::Accent) -> Option<Self> {
        let (dark_tint, steps) = accent.shades.split_last()?;
        Some(Self {
            chosen: accent.chosen.clone(),
            on_light: steps.get(8)?.clone(),
            on_dark: steps.get(3)?.clone(),
            steps: steps.to_vec(),
            dark_tint: dark_tint.clone(),
        })
    }
}

/// What would become of a colour.
#[derive(SimpleObject)]
pub struct AccentPreview {
    shades: AccentShades,
    /// The contrast of the chosen colour with white, 1 to 21.
    contrast_on_light: f64,
    /// The contrast of the chosen colour with the cards of the dark scheme.
    contrast_on_dark: f64,
    /// Whether the light scheme shows it as it was chosen.
    kept_on_light: bool,
    /// Whether the dark scheme does.
    kept_on_dark: bool,
    /// What text needs at least (WCAG 2.2, 1.4.3).
    needed: f64,
}

impl AccentPreview {
    /// Makes one.
    pub(super) fn of(chosen: Colour) -> Option<Self> {
        let shades = Shades::of(chosen);
        let [white, card] = [crate::domain::colour::LIGHT[0], crate::domain::colour::DARK[0]];
        let rounded = |ratio: f64| (ratio * 100.0).floor() / 100.0;
        Some(Self {
            shades: AccentShades::of(&settings::Accent {
                chosen: chosen.to_string(),
                shades: shades.kept(),
            })?,
            contrast_on_light: rounded(chosen.contrast(white)),
            contrast_on_dark: rounded(chosen.contrast(card)),
            kept_on_light: shades.on_light() == chosen,
            kept_on_dark: shades.on_dark() == chosen,
            needed: READABLE,
        })
    }
}

/// How an organization looks, which languages it speaks, and what it does without: for everybody who may enter it.
#[derive(SimpleObject, Clone)]
pub struct TenantLook {
    /// Counts the changes.
    version: i64,
    /// Null is the product's own colour.
    accent: Option<AccentShades>,
    /// Where its picture is; null when it has none.
    logo: Option<String>,
    /// The language of who has not chosen one.
    language: LanguageName,
    /// The languages that can be chosen.
    languages: Vec<LanguageName>,
    /// The modules that are off, sorted.
    modules_off: Vec<String>,
}

impl TenantLook {
    /// That of the transaction's tenant.
    pub(super) async fn load(tx: &mut TenantTx) -> Result<Self, StoreError> {
        let settings = settings::get(tx).await?;
        let id = tx.tenant();
        let slug = tenants::by_id(tx.conn(), id).await?.map(|tenant| tenant.slug).unwrap_or_default();
        Ok(Self {
            version: settings.version,
            accent: settings.accent.as_ref().and_then(AccentShades::of),
            logo: logo_path(&slug, &settings),
            language: settings.language.into(),
            languages: settings.languages.into_iter().map(LanguageName::from).collect(),
            modules_off: settings.modules_off,
        })
    }
}

/// What an organization shows of itself before anybody signs in.
#[derive(SimpleObject, Clone)]
pub struct TenantMark {
    short_name: String,
    accent: Option<AccentShades>,
    logo: Option<String>,
}

impl TenantMark {
    /// Makes one; none when nothing is set that could be shown.
    pub(super) fn of(tenant: &tenants::Tenant, settings: &Settings) -> Option<Self> {
        let accent = settings.accent.as_ref().and_then(AccentShades::of);
        let logo = logo_path(&tenant.slug, settings);
        (accent.is_some() || logo.is_some()).then(|| Self {
            short_name: tenant.short_name.clone(),
            accent,
            logo,
        })
    }
}

/// The address of a logo says what is in it: another one has another address.
fn logo_path(slug: &str, settings: &Settings) -> Option<String> {
    settings.logo.as_ref().map(|logo| format!("/logos/{slug}/{}", logo.digest))
}

/// A text in both languages.
#[derive(SimpleObject, Clone)]
pub struct SettingWords {
    ru: String,
    en: String,
}

impl From<Text> for SettingWords {
    fn from(text: Text) -> Self {
        Self { ru: text.ru.to_owned(), en: text.en.to_owned() }
    }
}

/// A module that the organization can do without.
#[derive(SimpleObject, Clone)]
pub struct TenantModule {
    /// Its name.
    name: String,
    title: SettingWords,
    /// What is gone without it.
    meaning: SettingWords,
    /// Whether it is on.
    is_on: bool,
    /// The modules with which it goes off.
    goes_with: Vec<String>,
}

/// What an organization has set, for its administrators.
#[derive(SimpleObject, Clone)]
pub struct TenantSettings {
    /// Goes with every change, so that nobody overwrites what they have not seen.
    version: i64,
    name: String,
    short_name: String,
    look: TenantLook,
    /// The name in which letters are sent; null is the installation's.
    sender_name: Option<String>,
    /// Where answers go; null is the sender.
    reply_to: Option<String>,
    /// The installation's name of the sender.
    default_sender_name: Option<String>,
    /// The address from which all letters are sent.
    sender_address: String,
    /// What can be switched off.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    modules: Vec<TenantModule>,
    changed_at: Option<DateTime<Utc>>,
    changed_by: Option<String>,
}

impl TenantSettings {
    /// Those of the transaction's tenant.
    pub(super) async fn load(ctx: &Context<'_>, tx: &mut TenantTx) -> Result<Self, StoreError> {
        let id = tx.tenant();
        let tenant =
            tenants::by_id(tx.conn(), id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?;
        let settings = settings::get(tx).await?;
        let changed_by = match settings.changed_by {
            Some(account) => accounts::by_id(tx.conn(), account).await?.map(|account| account.display_name),
            None => None,
        };
        let sender = ctx.data_unchecked::<Identity>().mailer.from();
        let all = ctx.data_unchecked::<Arc<Switchable>>().0;
        let goes_with = |name: &str| -> Vec<String> {
            let others = all.iter().filter(|other| other.name != name && other.covers.contains(&name));
            others.map(|other| other.name.to_owned()).collect()
        };
        let modules = all.iter().map(|module| TenantModule {
            name: module.name.to_owned(),
            title: module.title.into(),
            meaning: module.meaning.into(),
            is_on: !settings.modules_off.iter().any(|off| off == module.name),
            goes_with: goes_with(module.name),
        });
        Ok(Self {
            version: settings.version,
            name: tenant.name,
            short_name: tenant.short_name,
            look: TenantLook::load(tx).await?,
            sender_name: settings.sender_name,
            reply_to: settings.reply_to,
            default_sender_name: sender.name().map(str::to_owned),
            sender_address: sender.address().to_owned(),
            modules: modules.collect(),
            changed_at: settings.changed_at,
            changed_by,
        })
    }
}
