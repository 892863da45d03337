//! Who is signed in.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use plenum_authz::{Actor, Permission, Viewer};
use plenum_db::Access;
use plenum_graph::{Answer, Doors, Refusal, global};
use plenum_kernel::{AccountId, Language};
use plenum_tenancy::{
    graphql::TenantNode,
    store::{grants, tenants},
};

use super::{SecurityNode, bound_to};
use crate::store::accounts::{self, Account};

const READ_OWN_GRANTS: Permission = Permission::new("identity.read_own_grants");

/// A language of texts and letters.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "Language", remote = "Language")]
pub enum LanguageName {
    /// Russian.
    Ru,
    /// English.
    En,
}

/// A person who signs in.
#[derive(SimpleObject)]
#[graphql(name = "Account")]
pub struct AccountNode {
    id: ID,
    email: String,
    display_name: String,
    language: LanguageName,
    /// Whether the person chose it; else an organization offers its own.
    language_chosen: bool,
}

impl From<Account> for AccountNode {
    fn from(account: Account) -> Self {
        Self {
            id: global(account.id),
            email: account.email,
            display_name: account.display_name,
            language: account.language.into(),
            language_chosen: account.language_chosen,
        }
    }
}

/// An organization that the account may enter.
#[derive(SimpleObject)]
pub struct TenantAccess {
    tenant: TenantNode,
    /// The roles held there, sorted, each once.
    roles: Vec<String>,
}

/// The signed-in account.
pub struct ViewerNode {
    pub(crate) account: AccountId,
}

#[Object(name = "Viewer")]
impl ViewerNode {
    async fn account(&self, ctx: &Context<'_>) -> Answer<AccountNode> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        let account = accounts::by_id(tx.conn(), self.account).await?.ok_or_else(Refusal::unauthenticated)?;
        Ok(account.into())
    }

    /// What the account is signed in by, and where it is signed in.
    async fn security(&self) -> SecurityNode {
        SecurityNode { account: self.account }
    }

    /// The organizations that the account may enter, the federation first; with a sign-in by an organization's provider,
    /// that organization alone.
    async fn tenants(&self, ctx: &Context<'_>) -> Answer<Vec<TenantAccess>> {
        let mut tx = ctx.db().global(Some(self.account)).await?;
        let mut all = tenants::of_account(&mut tx, self.account).await?;
        if let Some(only) = bound_to(ctx, tx.conn()).await? {
            all.retain(|tenant| tenant.id == only);
        }
        drop(tx);
        let mut accesses = Vec::with_capacity(all.len());
        for tenant in all {
            let door = Viewer::system(tenant.id, "identity");
            let mut tx = ctx.db().tenant(&door, READ_OWN_GRANTS, Access::Read).await?;
            let mut roles: Vec<String> = grants::of_account(&mut tx, self.account)
                .await?
                .into_iter()
                .map(|grant| grant.role)
                .collect();
            roles.sort();
            roles.dedup();
            accesses.push(TenantAccess { tenant: tenant.into(), roles });
        }
        Ok(accesses)
    }

    /// Permissions held somewhere in the organization of this request; empty without one.
    async fn permissions(&self, ctx: &Context<'_>) -> Answer<Vec<String>> {
        let viewer = ctx.scope().resolve().await?.and_then(|signed_in| signed_in.viewer);
        Ok(viewer
            .filter(|viewer| viewer.actor == Actor::Account(self.account))
            .map(|viewer| ctx.db().policy().permissions_of(&viewer).into_iter().collect())
            .unwrap_or_default())
    }
}

/// Root fields.
#[derive(Default)]
pub struct IdentityQuery;

#[Object]
impl IdentityQuery {
    /// Who is signed in; null when nobody is. Public.
    async fn viewer(&self, ctx: &Context<'_>) -> Answer<Option<ViewerNode>> {
        Ok(ctx.scope().resolve().await?.map(|signed_in| ViewerNode { account: signed_in.account }))
    }
}

/// Root fields that change something.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Sets the language of letters to the signed-in account.
    async fn set_language(&self, ctx: &Context<'_>, language: LanguageName) -> Answer<AccountNode> {
        let id = ctx.account().await?;
        let mut tx = ctx.db().global(Some(id)).await?;
        accounts::set_language(tx.conn(), id, Language::from(language)).await?;
        let account = accounts::by_id(tx.conn(), id).await?.ok_or_else(Refusal::unauthenticated)?;
        tx.commit().await?;
        Ok(account.into())
    }
}
