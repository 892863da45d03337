//! What a site may know of who signed in (OpenID Connect Core 1.0 §5.3, §5.4).

use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, OpenError, StoreError};
use plenum_identity::{store::accounts, token};
use plenum_kernel::{AccountId, Language};
use plenum_tenancy::store::{grants, tenants};
use serde_json::{Map, Value, json};

use crate::{
    Issuer,
    store::{admissions, clients},
    token::subject,
};

const READ_GRANTS: Permission = Permission::new("issuer.read_grants");

impl Issuer {
    /// The claims that the scope asks for; none when the token is not good.
    pub(crate) async fn claims(&self, access_token: &str) -> Result<Option<Map<String, Value>>, StoreError> {
        let mut tx = self.identity.db.global(None).await?;
        let Some(admission) = admissions::by_access(&mut tx, &token::hash(access_token)).await? else {
            return Ok(None);
        };
        let client = clients::get(tx.conn(), &admission.client).await?;
        let account = accounts::by_id(tx.conn(), admission.account).await?;
        drop(tx);
        let (Some(client), Some(account)) = (client, account) else { return Ok(None) };
        let asked = |scope: &str| admission.scope.split_whitespace().any(|word| word == scope);
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), json!(subject(account.id)));
        if asked("profile") {
            claims.insert("name".to_owned(), json!(account.display_name));
            let locale = match account.language {
                Language::Ru => "ru",
                Language::En => "en",
            };
            claims.insert("locale".to_owned(), json!(locale));
        }
        if asked("email") {
            claims.insert("email".to_owned(), json!(account.email));
        }
        if asked("organizations") && client.tells_organizations {
            claims.insert("organizations".to_owned(), self.organizations(account.id).await?);
        }
        Ok(Some(claims))
    }

    async fn organizations(&self, account: AccountId) -> Result<Value, StoreError> {
        let mut tx = self.identity.db.global(Some(account)).await?;
        let all = tenants::of_account(&mut tx, account).await?;
        drop(tx);
        let mut told = Vec::with_capacity(all.len());
        for tenant in all {
            let system = Viewer::system(tenant.id, "issuer");
            let mut tx = match self.identity.db.tenant(&system, READ_GRANTS, Access::Read).await {
                Ok(tx) => tx,
                Err(OpenError::Store(error)) => return Err(error),
                Err(OpenError::Forbidden { .. }) => continue,
            };
            let held = grants::of_account(&mut tx, account).await?;
            let mut roles: Vec<String> = held.into_iter().map(|grant| grant.role).collect();
            roles.sort();
            roles.dedup();
            told.push(json!({ "organization": tenant.slug, "name": tenant.short_name, "roles": roles }));
        }
        Ok(Value::Array(told))
    }
}
