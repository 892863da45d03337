//! A server of a benchmark's own, on a private PostgreSQL in a temporary folder, and its users.
#![expect(
    clippy::disallowed_types,
    reason = "the benchmark is the browser: it calls the server on this machine"
)]

use std::{io::Write as _, net::SocketAddr, os::unix::fs::PermissionsExt, path::Path, time::Instant};

use anyhow::Context as _;
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_identity::{password, store::accounts};
use plenum_kernel::TenantId;
use plenum_server::{
    app::{App, Base},
    config::Config,
    http,
};
use plenum_tenancy::store::{
    access, grants,
    tenants::{self, Tenant},
    units::{self, UnitKind},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const SET_UP: Permission = Permission::new("bench.set_up");
/// Whose account it is.
pub const EMAIL: &str = "keeper@example.org";
/// The account's password.
pub const PASSWORD: &str = "a password of the bench";

/// A folder that the database's user can reach.
///
/// # Errors
/// When it cannot be made.
pub fn folder() -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}

/// A running server.
pub struct Bench {
    pub base: Base,
    app: App,
    url: String,
    stop: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
    working: Option<JoinHandle<()>>,
}

impl Bench {
    /// Starts it in the folder with these settings, and its worker when there is something to do.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn start(folder: &Path, settings: &[(&str, String)], works: bool) -> anyhow::Result<Self> {
        let data = folder.display().to_string();
        let config = Config::load(|name| {
            let set = settings.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
            match name {
                "PLENUM_DATA_DIR" => Some(data.clone()),
                // One caller asks as fast as it is answered.
                "PLENUM_API_RATE" => Some("0".to_owned()),
                "PLENUM_OPERATIONS" => Some("any".to_owned()),
                _ => set,
            }
        })?;
        let base = Base::open(&config, false).await?;
        let stop = CancellationToken::new();
        let mut app = App::build(&config, base.db.clone(), false, None, &stop).await?;
        let worker = app.take_worker().filter(|_| works);
        let stopping = stop.clone();
        let working = worker.map(|worker| {
            tokio::spawn(async move {
                if let Err(error) = worker.run(stopping).await {
                    say(&format!("the worker ended: {error}"));
                }
            })
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let service = http::router(&app).into_make_service_with_connect_info::<SocketAddr>();
        let ended = stop.clone();
        let serving = tokio::spawn(async move {
            axum::serve(listener, service)
                .with_graceful_shutdown(async move { ended.cancelled().await })
                .await
        });
        Ok(Self { base, app, url, stop, serving, working })
    }

    /// A tenant with forty units and this register, and somebody with these roles in it.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn tenant(&self, slug: &str, register: Vec<u8>, roles: &[&str]) -> anyhow::Result<TenantId> {
        let db = &self.base.db;
        let tenant = Tenant {
            id: TenantId::new(),
            slug: slug.to_owned(),
            name: format!("Профсоюз {slug}"),
            short_name: slug.to_owned(),
            is_federation: false,
        };
        let mut operator = db.operator("bench").await?;
        tenants::insert(&mut operator, &tenant, None).await?;
        operator.commit().await?;
        let system = Viewer::system(tenant.id, "bench");
        let mut tx = db.tenant(&system, SET_UP, Access::Write).await?;
        let root = units::insert(&mut tx, None, UnitKind::Apparatus, "Аппарат").await?;
        for number in 1..=40 {
            units::insert(&mut tx, Some(root), UnitKind::Primary, &format!("ППО № {number}")).await?;
        }
        let now = tx.now();
        let account = accounts::find_or_invite(tx.conn(), EMAIL, "Хранитель", now).await?;
        let hash = password::hash(PASSWORD.to_owned()).await?;
        accounts::set_password(tx.conn(), account, &hash).await?;
        access::admit(&mut tx, account).await?;
        for role in roles {
            grants::give(&mut tx, account, role, grants::Scope { unit: root, inner: None }).await?;
        }
        tx.commit().await?;
        let began = Instant::now();
        let report =
            plenum_members::import_file(db, &self.app.files, &system, "register.csv", register.into())
                .await?;
        say(&format!("{slug}: {} members on record after {:.1?}", report.accepted, began.elapsed()));
        Ok(tenant.id)
    }

    /// Signs the tenant's person in.
    ///
    /// # Errors
    /// When they cannot.
    pub async fn sign_in(&self, slug: &'static str) -> anyhow::Result<Client> {
        let http = reqwest::Client::builder().cookie_store(true).build()?;
        let client = Client { http, url: self.url.clone(), slug };
        client.sign_in().await?;
        Ok(client)
    }

    /// Stops the server and its database.
    ///
    /// # Errors
    /// When they do not stop.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.serving.await??;
        if let Some(working) = self.working {
            working.await?;
        }
        drop(self.app);
        self.base.close().await
    }
}

/// A browser without a page.
pub struct Client {
    /// With the cookies.
    pub http: reqwest::Client,
    /// Of the server.
    pub url: String,
    slug: &'static str,
}

impl Client {
    /// Signs in, again if need be.
    ///
    /// # Errors
    /// When the server does not let the person in.
    pub async fn sign_in(&self) -> anyhow::Result<()> {
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { status } }";
        let input = json!({ "input": { "email": EMAIL, "password": PASSWORD } });
        let answer = self.ask(query, &input).await?;
        anyhow::ensure!(answer["signIn"]["status"] == "OK", "{answer}");
        Ok(())
    }

    /// One operation; its data.
    ///
    /// # Errors
    /// When the server answers with errors, or not at all.
    pub async fn ask(&self, query: &str, variables: &Value) -> anyhow::Result<Value> {
        let request = self
            .http
            .post(format!("{}/graphql", self.url))
            .header("x-plenum-tenant", self.slug)
            .json(&json!({ "query": query, "variables": variables }));
        let mut answer: Value = request.send().await?.error_for_status()?.json().await?;
        anyhow::ensure!(answer["errors"].is_null(), "{query}: {answer}");
        Ok(answer.get_mut("data").context("an answer without data")?.take())
    }
}

/// Says a line on standard output.
pub fn say(line: &str) {
    // Who closed the pipe wants to hear no more.
    let _ = writeln!(std::io::stdout(), "{line}");
}
