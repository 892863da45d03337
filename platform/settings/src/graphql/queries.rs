//! Root fields that read.

use async_graphql::{Context, Object};
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_graph::{Answer, Doors, Refusal};
use plenum_tenancy::{
    permissions::{SETTINGS, VIEW},
    store::{settings, tenants},
};

use super::nodes::{AccentPreview, TenantLook, TenantMark, TenantSettings};
use crate::{actions, domain::colour::Colour};

const SHOW_MARK: Permission = Permission::new("tenancy.show_mark");

/// Root fields.
#[derive(Default)]
pub struct SettingsQuery;

#[Object]
impl SettingsQuery {
    /// How the organization looks, and what it does without.
    async fn tenant_look(&self, ctx: &Context<'_>) -> Answer<TenantLook> {
        let mut tx = ctx.read(VIEW).await?;
        Ok(TenantLook::load(&mut tx).await?)
    }

    /// What the organization has set, for its administrators.
    async fn tenant_settings(&self, ctx: &Context<'_>) -> Answer<TenantSettings> {
        let mut tx = ctx.read(SETTINGS).await?;
        actions::permit(&mut tx).await?;
        Ok(TenantSettings::load(ctx, &mut tx).await?)
    }

    /// What would become of a colour, `#rrggbb`: the shades that can be read.
    async fn accent_preview(&self, ctx: &Context<'_>, accent: String) -> Answer<AccentPreview> {
        ctx.read(SETTINGS).await?;
        let colour: Colour = accent.parse().map_err(|_| Refusal::invalid_field("accent", "not_a_colour"))?;
        AccentPreview::of(colour).ok_or_else(|| Refusal::invalid_field("accent", "not_a_colour"))
    }

    /// What an organization shows of itself before anybody signs in, by its name in addresses: null for one that has set
    /// nothing, is suspended, or is not there. Public.
    async fn tenant_mark(&self, ctx: &Context<'_>, organization: String) -> Answer<Option<TenantMark>> {
        let mut directory = ctx.db().global(None).await?;
        let Some(tenant) = tenants::by_slug(&mut directory, &organization).await? else { return Ok(None) };
        drop(directory);
        let system = Viewer::system(tenant.id, "settings");
        let mut tx = ctx.db().tenant(&system, SHOW_MARK, Access::Read).await?;
        if tenants::is_suspended(&mut tx).await? {
            return Ok(None);
        }
        let settings = settings::get(&mut tx).await?;
        Ok(TenantMark::of(&tenant, &settings))
    }
}
