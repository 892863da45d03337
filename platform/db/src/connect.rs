//! Connecting, and refusing to run with a role that could step over the walls.
#![expect(clippy::disallowed_types, reason = "this crate is the only home of the pool")]

use std::{
    any::Any,
    pin::Pin,
    str::FromStr,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use plenum_authz::{Permission, Policy, Viewer};
use plenum_kernel::{AccountId, Clock, TypedId};
use sqlx::{
    AssertSqlSafe, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::runtime::Handle;

use crate::{
    GlobalTx, Listener, OpenError, OperatorTx, StoreError, TenantTx, baggage::Baggage, global::OperatorAct,
};

/// Addresses of the database, one per role.
#[derive(Debug, Clone)]
pub struct DbUrls {
    /// The application's role: neither superuser nor BYPASSRLS, owns nothing.
    pub app: String,
    /// The operator's role, for work across tenants. Without it such work is refused.
    pub operator: Option<String>,
}

/// Whether a transaction may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// `READ ONLY` in PostgreSQL.
    Read,
    /// Reads and writes.
    Write,
    /// `READ ONLY`, and everything as it was at one moment (`REPEATABLE READ`): for long reads of many tables.
    Snapshot,
}

/// The connected database with the clock and the policy that its transactions carry. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    app: PgPool,
    operator: Option<PgPool>,
    clock: Arc<dyn Clock>,
    policy: Arc<Policy>,
    baggage: Baggage,
}

/// The database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address does not read.
    #[error("the database address is wrong")]
    Url(#[source] sqlx::Error),
    /// Nobody answers, or refuses.
    #[error("could not connect to the database")]
    Connect(#[source] sqlx::Error),
    /// The application's role is a superuser, bypasses row security, or owns tables.
    #[error("the database role `{role}` must not be used by the application: {why}")]
    UnsafeRole {
        /// The role.
        role: String,
        /// What it could do.
        why: &'static str,
    },
}

impl Db {
    /// Connects and checks the application's role.
    ///
    /// # Errors
    /// [`ConnectError`] when the database does not answer or the role is too powerful.
    pub async fn connect(
        urls: &DbUrls,
        max_connections: u32,
        clock: Arc<dyn Clock>,
        policy: Arc<Policy>,
    ) -> Result<Self, ConnectError> {
        let app = pool(&urls.app, max_connections).await?;
        check_role(&app).await?;
        let operator = match &urls.operator {
            Some(url) => Some(pool(url, 2).await?),
            None => None,
        };
        Ok(Self { inner: Arc::new(Inner { app, operator, clock, policy, baggage: Baggage::default() }) })
    }

    /// The same database, whose transactions carry another clock.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        let Inner { app, operator, policy, baggage, .. } = &*self.inner;
        let (app, operator, policy, baggage) =
            (app.clone(), operator.clone(), policy.clone(), baggage.clone());
        Self { inner: Arc::new(Inner { app, operator, clock, policy, baggage }) }
    }

    /// The same database, whose transactions carry this too: one of each type. For what stores need beside the
    /// connection, such as the keys of sealed columns, and this crate does not know.
    #[must_use]
    pub fn carrying<T: Any + Send + Sync>(&self, what: T) -> Self {
        let Inner { app, operator, clock, policy, baggage } = &*self.inner;
        let (app, operator, clock, policy) = (app.clone(), operator.clone(), clock.clone(), policy.clone());
        Self { inner: Arc::new(Inner { app, operator, clock, policy, baggage: baggage.with(what) }) }
    }

    /// What transactions of this database carry of a type.
    #[must_use]
    pub fn carried<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.inner.baggage.get()
    }

    /// The clock that transactions carry.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The policy that transactions ask.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.inner.policy
    }

    /// Opens a transaction in the viewer's tenant.
    ///
    /// # Errors
    /// [`OpenError::Forbidden`] when the viewer has the permission nowhere in the tenant, or the tenant does without its
    /// module.
    pub async fn tenant(
        &self,
        viewer: &Viewer,
        permission: Permission,
        access: Access,
    ) -> Result<TenantTx, OpenError> {
        if !self.inner.policy.allows_somewhere(viewer, permission) {
            return Err(OpenError::Forbidden { permission, off: viewer.off.forbid(permission) });
        }
        TenantTx::begin(
            &self.inner.app,
            viewer.clone(),
            permission,
            access,
            self.inner.clock.now(),
            self.inner.policy.clone(),
            self.inner.baggage.clone(),
        )
        .await
    }

    /// Opens a transaction on what belongs to no tenant: accounts and the directory. With an account, its own
    /// rows of `tenancy.account_access` are seen too. Tenant tables answer with an error.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn global(&self, account: Option<AccountId>) -> Result<GlobalTx, StoreError> {
        let now = self.inner.clock.now();
        GlobalTx::begin(&self.inner.app, account, now, self.inner.baggage.clone()).await
    }

    /// Opens a transaction across tenants with the operator's role and records its purpose.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or no operator role is configured.
    pub async fn operator(&self, purpose: &'static str) -> Result<OperatorTx, StoreError> {
        let pool = self.inner.operator.as_ref().ok_or(sqlx::Error::PoolClosed)?;
        let act = OperatorAct { purpose, ..OperatorAct::default() };
        OperatorTx::begin(pool, act, self.inner.clock.now()).await
    }

    /// The same for a person: who acts, on what, and facts of the act are recorded too.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or no operator role is configured.
    pub async fn operator_for(
        &self,
        purpose: &'static str,
        actor: AccountId,
        subject: impl TypedId,
        detail: serde_json::Value,
    ) -> Result<OperatorTx, StoreError> {
        let pool = self.inner.operator.as_ref().ok_or(sqlx::Error::PoolClosed)?;
        let act = OperatorAct {
            purpose,
            actor: Some(actor),
            subject: Some(subject.global()),
            detail: Some(detail),
        };
        OperatorTx::begin(pool, act, self.inner.clock.now()).await
    }

    /// The same for the platform itself, when it carries out what a person asked for before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or no operator role is configured.
    pub async fn operator_on(
        &self,
        purpose: &'static str,
        subject: impl TypedId,
        detail: serde_json::Value,
    ) -> Result<OperatorTx, StoreError> {
        let pool = self.inner.operator.as_ref().ok_or(sqlx::Error::PoolClosed)?;
        let act = OperatorAct { purpose, actor: None, subject: Some(subject.global()), detail: Some(detail) };
        OperatorTx::begin(pool, act, self.inner.clock.now()).await
    }

    /// Whether there is a role for acts across tenants.
    #[must_use]
    pub fn has_operator(&self) -> bool {
        self.inner.operator.is_some()
    }

    /// Listens to the signals that transactions send on commit.
    ///
    /// # Errors
    /// [`StoreError`] when the connection cannot be made.
    pub async fn listen(&self, channels: &[&str]) -> Result<Listener, StoreError> {
        Listener::connect(&self.inner.app, channels).await
    }

    /// Closes all connections and waits for them.
    pub async fn close(&self) {
        self.inner.app.close().await;
        if let Some(operator) = &self.inner.operator {
            operator.close().await;
        }
    }
}

/// Begins a transaction, also when nobody waits for it any more. sqlx knows of a transaction only when its `BEGIN` was
/// answered: one that is given up before leaves a connection to the pool that is still inside, and whoever gets it next
/// would act in that transaction, with its tenant and its access.
pub(crate) async fn whole_begin(
    pool: &PgPool,
    begin: String,
) -> Result<Transaction<'static, Postgres>, StoreError> {
    let pool = pool.clone();
    let begun = async move { pool.begin_with(AssertSqlSafe(begin)).await };
    Ok(ToTheEnd(Some(Box::pin(begun))).await?)
}

/// What comes to its end: where it is waited for, or, once it is given up, in a task of its own.
struct ToTheEnd<T: Send + 'static>(Option<Pin<Box<dyn Future<Output = T> + Send>>>);

impl<T: Send + 'static> Future for ToTheEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let going = self.0.as_mut().expect("nobody polls what has ended");
        let outcome = ready!(going.as_mut().poll(context));
        self.0 = None;
        Poll::Ready(outcome)
    }
}

impl<T: Send + 'static> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        // Without a runtime the connection's socket is gone too.
        if let (Some(going), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(going);
        }
    }
}

async fn pool(url: &str, max_connections: u32) -> Result<PgPool, ConnectError> {
    let options =
        PgConnectOptions::from_str(url).map_err(ConnectError::Url)?.application_name("plenum").options([
            ("statement_timeout", "60s"),
            ("idle_in_transaction_session_timeout", "120s"),
            ("timezone", "UTC"),
        ]);
    PgPoolOptions::new()
        .max_connections(max_connections)
        // A ping before every use would double the round trips of a small read.
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
        .map_err(ConnectError::Connect)
}

async fn check_role(pool: &PgPool) -> Result<(), ConnectError> {
    let role = sqlx::query!(
        r#"SELECT rolname::text AS "name!",
                  rolsuper AS "superuser!",
                  rolbypassrls AS "bypasses!",
                  EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS "owns!",
                  EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS "belongs!"
             FROM pg_roles
            WHERE rolname = current_user"#
    )
    .fetch_one(pool)
    .await
    .map_err(ConnectError::Connect)?;
    let why = if role.superuser {
        "it is a superuser"
    } else if role.bypasses {
        "it bypasses row-level security"
    } else if role.owns {
        "it owns tables"
    } else if role.belongs {
        "it is a member of another role"
    } else {
        return Ok(());
    };
    Err(ConnectError::UnsafeRole { role: role.name, why })
}
