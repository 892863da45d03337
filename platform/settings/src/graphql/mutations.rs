//! Root fields that change. All of them weigh: the viewer has to be confirmed.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use plenum_db::TenantTx;
use plenum_files::{FileId, Files, FilesError};
use plenum_graph::{Answer, Doors, FieldFault, Refusal, parse_id};
use plenum_identity::graphql::LanguageName;
use plenum_kernel::Language;
use plenum_tenancy::permissions::SETTINGS;

use super::nodes::TenantSettings;
use crate::{
    Switchable,
    actions::{
        self,
        set_brand::{self, Brand, SetBrandError},
        set_languages,
        set_logo::{self, SetLogoError},
        set_modules, set_sender,
    },
    domain::{
        self,
        colour::Colour,
        modules::{self, Unknown},
        sender,
    },
};

/// How the organization is to look.
#[derive(InputObject)]
pub struct TenantBrandInput {
    /// The version that was seen.
    version: i64,
    name: String,
    short_name: String,
    /// `#rrggbb`; the product's own colour without it.
    accent: Option<String>,
}

/// In whose name letters are to be sent.
#[derive(InputObject)]
pub struct TenantSenderInput {
    /// The version that was seen.
    version: i64,
    /// The installation's without it.
    name: Option<String>,
    /// The sender's own address without it.
    reply_to: Option<String>,
}

/// Which languages the organization is to speak.
#[derive(InputObject)]
pub struct TenantLanguagesInput {
    /// The version that was seen.
    version: i64,
    /// That of who has not chosen one.
    language: LanguageName,
    /// Those that can be chosen; the one above among them.
    languages: Vec<LanguageName>,
}

/// Which modules the organization is to do without.
#[derive(InputObject)]
pub struct TenantModulesInput {
    /// The version that was seen.
    version: i64,
    /// The names of those that are off; all others are on.
    off: Vec<String>,
    /// Why; it is recorded.
    reason: Option<String>,
}

/// The settings after a change.
#[derive(SimpleObject)]
pub struct TenantSettingsPayload {
    settings: TenantSettings,
}

/// Root fields.
#[derive(Default)]
pub struct SettingsMutation;

#[Object]
impl SettingsMutation {
    /// Sets the names and the colour of the organization. `CONFLICT` when the settings changed meanwhile. The viewer has
    /// to be confirmed.
    async fn set_tenant_brand(
        &self,
        ctx: &Context<'_>,
        input: TenantBrandInput,
    ) -> Answer<TenantSettingsPayload> {
        let mut tx = ctx.write_confirmed(SETTINGS).await?;
        let permit = actions::permit(&mut tx).await?;
        let brand = read_brand(input)?;
        let actor = ctx.account().await?;
        let outcome = set_brand::set_brand(&mut tx, permit, ctx.db(), actor, brand).await;
        close(ctx, tx, outcome).await
    }

    /// Makes a picture that the viewer has uploaded the organization's logo: PNG, JPEG or WebP by its content, 512 KiB and
    /// 2048 pixels at most. `CONFLICT` when the settings changed meanwhile. The viewer has to be confirmed.
    async fn set_tenant_logo(
        &self,
        ctx: &Context<'_>,
        version: i64,
        file: ID,
    ) -> Answer<TenantSettingsPayload> {
        let mut tx = ctx.write_confirmed(SETTINGS).await?;
        let permit = actions::permit(&mut tx).await?;
        let file: FileId = parse_id(&file)?;
        let files = ctx.data_unchecked::<Files>();
        let outcome = set_logo::set_logo(&mut tx, permit, files, version, file).await;
        close(ctx, tx, outcome).await
    }

    /// Takes the logo away. The viewer has to be confirmed.
    async fn remove_tenant_logo(&self, ctx: &Context<'_>, version: i64) -> Answer<TenantSettingsPayload> {
        let mut tx = ctx.write_confirmed(SETTINGS).await?;
        let permit = actions::permit(&mut tx).await?;
        let outcome = set_logo::remove_logo(&mut tx, permit, version).await;
        close(ctx, tx, outcome).await
    }

    /// Sets in whose name letters are sent, and where answers go; the address that sends stays the installation's. The
    /// viewer has to be confirmed.
    async fn set_tenant_sender(
        &self,
        ctx: &Context<'_>,
        input: TenantSenderInput,
    ) -> Answer<TenantSettingsPayload> {
        let mut tx = ctx.write_confirmed(SETTINGS).await?;
        let permit = actions::permit(&mut tx).await?;
        let mut faults = Vec::new();
        let mut given =
            |text: Option<String>, path: &str, check: fn(&str) -> Result<String, &'static str>| {
                let text = text.filter(|text| !text.trim().is_empty())?;
                let fault = |reason| faults.push(FieldFault { path: path.to_owned(), reason });
                check(&text).map_err(fault).ok()
            };
        let name = given(input.name, "input.name", sender::name);
        let reply_to = given(input.reply_to, "input.replyTo", sender::reply_to);
        if !faults.is_empty() {
            return Err(Refusal::invalid_fields(faults));
        }
        let outcome = set_sender::set_sender(&mut tx, permit, input.version, name, reply_to).await;
        close(ctx, tx, outcome).await
    }

    /// Sets which languages the organization speaks. The viewer has to be confirmed.
    async fn set_tenant_languages(
        &self,
        ctx: &Context<'_>,
        input: TenantLanguagesInput,
    ) -> Answer<TenantSettingsPayload> {
        let mut tx = ctx.write_confirmed(SETTINGS).await?;
        let permit = actions::permit(&mut tx).await?;
        let language = Language::from(input.language);
        let mut languages: Vec<Language> = Vec::new();
        for one in input.languages.into_iter().map(Language::from) {
            if !languages.contains(&one) {
                languages.push(one);
            }
        }
        if !languages.contains(&language) {
            return Err(Refusal::invalid_field("input.language", "not_offered"));
        }
        let outcome = set_languages::set_languages(&mut tx, permit, input.version, language, languages).await;
        close(ctx, tx, outcome).await
    }

    /// Switches modules off and on: at once, in what is open too. Nothing is deleted. The viewer has to be confirmed.
    async fn set_tenant_modules(
        &self,
        ctx: &Context<'_>,
        input: TenantModulesInput,
    ) -> Answer<TenantSettingsPayload> {
        let mut tx = ctx.write_confirmed(SETTINGS).await?;
        let permit = actions::permit(&mut tx).await?;
        let reason = input.reason.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if reason.as_ref().is_some_and(|text| text.chars().count() > domain::LONGEST_REASON) {
            return Err(Refusal::invalid_field("input.reason", "too_long"));
        }
        let all = ctx.data_unchecked::<Arc<Switchable>>().0;
        let switched = modules::switch(all, input.off)
            .map_err(|Unknown(_)| Refusal::invalid_field("input.off", "unknown"))?;
        let outcome = set_modules::set_modules(&mut tx, permit, input.version, switched, reason).await;
        close(ctx, tx, outcome).await
    }
}

/// Commits what was done and shows the settings as they are now, or undoes it.
async fn close<E: Into<Refusal> + Send>(
    ctx: &Context<'_>,
    mut tx: TenantTx,
    outcome: Result<(), E>,
) -> Answer<TenantSettingsPayload> {
    if let Err(error) = outcome {
        tx.rollback().await?;
        return Err(error.into());
    }
    let settings = TenantSettings::load(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(TenantSettingsPayload { settings })
}

fn read_brand(input: TenantBrandInput) -> Answer<Brand> {
    let mut faults = Vec::new();
    let mut fault = |path: &str, reason| faults.push(FieldFault { path: path.to_owned(), reason });
    let name = domain::line(&input.name, domain::LONGEST_NAME).map_err(|reason| fault("input.name", reason));
    let short_name = domain::line(&input.short_name, domain::LONGEST_SHORT_NAME)
        .map_err(|reason| fault("input.shortName", reason));
    let accent = input
        .accent
        .filter(|text| !text.trim().is_empty())
        .map(|text| text.parse::<Colour>())
        .transpose()
        .map_err(|_| fault("input.accent", "not_a_colour"));
    match (name, short_name, accent) {
        (Ok(name), Ok(short_name), Ok(accent)) => {
            Ok(Brand { version: input.version, name, short_name, accent })
        }
        _ => Err(Refusal::invalid_fields(faults)),
    }
}

impl From<SetBrandError> for Refusal {
    fn from(error: SetBrandError) -> Self {
        match error {
            SetBrandError::NoOperator => Self::unavailable("operator_role"),
            SetBrandError::Store(error) => error.into(),
        }
    }
}

impl From<SetLogoError> for Refusal {
    fn from(error: SetLogoError) -> Self {
        match error {
            SetLogoError::Fault(fault) => Self::invalid_field("file", fault.reason()),
            SetLogoError::Files(FilesError::NotFound) => Self::invalid_field("file", "file_missing"),
            SetLogoError::Files(FilesError::Store(error)) | SetLogoError::Store(error) => error.into(),
            SetLogoError::Files(error) => {
                tracing::error!(%error, "could not keep a logo");
                Self::unavailable("files")
            }
        }
    }
}
