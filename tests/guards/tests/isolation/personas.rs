//! Who walks: people with live sessions of real sign-ins, and nobody. All of them come through the real door, from a
//! cookie to a viewer.

use std::sync::Arc;

use async_graphql::Request;
use futures_util::{Stream, StreamExt};
use guards::server::Server;
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_graph::{Credential, RequestScope};
use plenum_identity::{password, store::accounts, token};
use plenum_kernel::{AccountId, TenantId, TypedId};
use serde_json::Value;
use testkit::Tenant;

/// The password of everybody who signs in here.
pub const PASSWORD: &str = "a long password";

/// A slug that no organization has.
pub const NOWHERE: &str = "no-such-organization";

/// What somebody presents at the door.
#[derive(Clone)]
pub struct Persona {
    /// As whom, for the reader of a failure.
    pub name: &'static str,
    /// The live session, as the cookie's hash; nobody has none.
    pub session: Option<[u8; 32]>,
    /// The organization that is named.
    pub tenant: Option<String>,
}

impl Persona {
    /// The same, naming another organization.
    #[must_use]
    pub fn at(&self, name: &'static str, slug: &str) -> Self {
        Self { name, tenant: Some(slug.to_owned()), ..self.clone() }
    }

    fn scope(&self, server: &Server) -> Arc<RequestScope> {
        let source = Arc::new(server.identity.clone());
        let credential = Credential { token_hash: self.session, tenant: self.tenant.clone() };
        RequestScope::request(source, credential, "127.0.0.1".to_owned())
    }

    /// The answer to an operation; of a subscription the first one.
    pub async fn call(&self, server: &Server, operation: &str) -> Value {
        if operation.starts_with("subscription") {
            let mut answers = Box::pin(self.follow(server, operation));
            return answers.next().await.expect("a subscription answers");
        }
        let request = Request::new(operation).data(self.scope(server));
        serde_json::to_value(server.schema.execute(request).await).expect("an answer is plain data")
    }

    /// The answers of a subscription.
    pub fn follow(&self, server: &Server, operation: &str) -> impl Stream<Item = Value> + use<> {
        let request = Request::new(operation).data(self.scope(server));
        let answers = server.schema.execute_stream(request);
        answers.map(|answer| serde_json::to_value(answer).expect("an answer is plain data"))
    }

    /// Whether the session still lives: a walk whose session ended would prove nothing.
    pub async fn is_signed_in(&self, server: &Server) -> bool {
        self.call(server, "query { viewer { __typename } }").await["data"]["viewer"].is_object()
    }
}

/// Everybody who walks.
pub struct Cast {
    /// The administrator of B.
    pub administrator: Persona,
    /// A plain member of B.
    pub member: Persona,
    /// Somebody of B whose access was taken away while the session lives.
    pub suspended: Persona,
    /// An account that may enter no organization.
    pub homeless: Persona,
    /// Nobody.
    pub nobody: Persona,
    /// A plain member of another unit of A.
    pub neighbour: Persona,
    /// An administrator of another unit of A.
    pub neighbour_administrator: Persona,
}

impl Cast {
    /// Lets everybody sign in: `b_administrator` is who filled B.
    pub async fn assemble(server: &Server, a: &Tenant, b: &Tenant, b_administrator: &Viewer) -> Self {
        let world = &server.world;
        let account = |viewer: &Viewer| viewer.account().expect("a person");
        let suspended = account(&world.viewer(b, "administrator").await);
        let suspended_session = sign_in(server, suspended).await;
        suspend(server, b, suspended).await;
        let persona = async |name, account, tenant: Option<&Tenant>| Persona {
            name,
            session: Some(sign_in(server, account).await),
            tenant: tenant.map(|tenant| tenant.slug.clone()),
        };
        let member = account(&world.viewer(b, "member").await);
        let homeless = world.account("nobody's").await;
        let neighbour = account(&world.viewer_in(a, "member", a.units[1]).await);
        let keeper = account(&world.viewer_in(a, "administrator", a.units[1]).await);
        Self {
            administrator: persona("administrator of B", account(b_administrator), Some(b)).await,
            member: persona("member of B", member, Some(b)).await,
            suspended: Persona {
                name: "suspended account of B",
                session: Some(suspended_session),
                tenant: Some(b.slug.clone()),
            },
            homeless: persona("account of no organization", homeless, None).await,
            nobody: Persona { name: "nobody", session: None, tenant: Some(a.slug.clone()) },
            neighbour: persona("member of another unit of A", neighbour, Some(a)).await,
            neighbour_administrator: persona("administrator of another unit of A", keeper, Some(a)).await,
        }
    }
}

/// Signs in as people do, and takes the session out of the cookie.
pub async fn sign_in(server: &Server, account: AccountId) -> [u8; 32] {
    let hash = password::hash(PASSWORD.to_owned()).await.expect("hashed");
    let mut tx = server.world.db.global(None).await.expect("a transaction opens");
    accounts::set_password(tx.conn(), account, &hash).await.expect("set");
    let email = accounts::by_id(tx.conn(), account).await.expect("read").expect("is there").email;
    tx.commit().await.expect("committed");
    let nobody = Persona { name: "", session: None, tenant: None };
    let operation = format!(
        "mutation {{ signIn(input: {{ email: \"{email}\", password: \"{PASSWORD}\" }}) {{ status ticket }} }}"
    );
    let mut answer = server.schema.execute(Request::new(operation).data(nobody.scope(server))).await;
    let first = serde_json::to_value(&answer.data).expect("an answer is plain data");
    if let Some(ticket) = first["signIn"]["ticket"].as_str() {
        let code = recovery_code(server, account).await;
        let operation = format!(
            "mutation {{ signInSecondStep(ticket: \"{ticket}\", proof: {{ recoveryCode: \"{code}\" }}) {{ status }} }}"
        );
        answer = server.schema.execute(Request::new(operation).data(nobody.scope(server))).await;
    }
    let cookies: Vec<&str> =
        answer.http_headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    let secret = cookies
        .iter()
        .find_map(|cookie| cookie.strip_prefix("plenum=")?.split(';').next())
        .unwrap_or_else(|| panic!("no session: {answer:?}"));
    token::hash(secret)
}

/// A recovery code of somebody who has a passkey.
async fn recovery_code(server: &Server, account: AccountId) -> String {
    let viewer = Viewer::person(account, TenantId::new(), Vec::new());
    let renewed = server.ask(&viewer, "mutation { renewRecoveryCodes { recoveryCodes } }").await;
    renewed["data"]["renewRecoveryCodes"]["recoveryCodes"][0].as_str().expect("a code").to_owned()
}

/// Takes the access to an organization away, while the session lives.
async fn suspend(server: &Server, tenant: &Tenant, account: AccountId) {
    const SUSPEND: Permission = Permission::new("guards.suspend");
    let system = Viewer::system(tenant.id, "guards");
    let mut tx = server.world.db.tenant(&system, SUSPEND, Access::Write).await.expect("a transaction opens");
    for table in ["tenancy.role_grant", "tenancy.account_access"] {
        let gone = sqlx::query(sqlx::AssertSqlSafe(format!(
            "DELETE FROM {table} WHERE tenant_id = $1 AND account_id = $2"
        )))
        .bind(tenant.id.uuid())
        .bind(account.uuid())
        .execute(tx.conn())
        .await
        .expect("taken away");
        assert!(gone.rows_affected() >= 1, "{table}");
    }
    tx.commit().await.expect("committed");
}
