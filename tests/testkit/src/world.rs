//! A world: tenants, people, the clock.

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use plenum_authz::{Permission, Policy, Viewer};
use plenum_db::{Access, Db, TenantTx};
use plenum_files::{Files, LinkKey, ObjectConfig};
use plenum_graph::{Credential, RequestScope};
use plenum_kernel::{AccountId, TenantId, TypedId, UnitId, clock::ManualClock};
use plenum_tenancy::store::{
    access, grants,
    tenants::{self, Tenant as DirectoryEntry},
    units::{self, UnitKind},
};
use plenum_vault::{Master, MasterSource, Vault};
use tempfile::TempDir;

use crate::{Database, FixedViewer};

const SET_UP: Permission = Permission::new("testkit.set_up");

/// What a test lives in.
pub struct World {
    /// The database, connected as the application.
    pub db: Db,
    /// The clock of all transactions: 23 November 2026, 09:00 UTC, until it is moved.
    pub clock: Arc<ManualClock>,
    /// The object store, a folder of its own.
    pub files: Files,
    database: Database,
    federations: [TenantId; 2],
    folder: TempDir,
}

/// A tenant of the world.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name in addresses.
    pub slug: String,
    /// Its apparatus.
    pub root: UnitId,
    /// Its primary organizations, in the order in which they were named.
    pub units: Vec<UnitId>,
    twin: Option<Box<Tenant>>,
}

impl Tenant {
    /// The look-alike in the other federation. A twin has none.
    ///
    /// # Panics
    /// When asked of a twin.
    #[must_use]
    pub fn twin(&self) -> &Self {
        self.twin.as_deref().expect("only the first of two twins is asked")
    }
}

/// Prepares a world.
#[derive(Default)]
pub struct Builder {
    policies: Vec<(&'static str, String)>,
}

impl Builder {
    /// Adds policies of modules, as pairs of a name and the text; tenancy's and files' are there already.
    #[must_use]
    pub fn policy(mut self, files: &[(&'static str, &str)]) -> Self {
        self.policies.extend(files.iter().map(|(name, text)| (*name, (*text).to_owned())));
        self
    }

    /// Makes the world with a database of its own.
    ///
    /// # Panics
    /// When anything goes wrong: then the test cannot run.
    pub async fn build(self) -> World {
        let mut texts = vec![("tenancy", plenum_tenancy::POLICY), ("files", plenum_files::POLICY)];
        texts.extend(self.policies.iter().map(|(name, text)| (*name, text.as_str())));
        let policy = Arc::new(Policy::load(&texts).await.expect("the policies load"));
        let clock = Arc::new(ManualClock::at(Self::beginning()));
        let database = Database::fresh().await;
        let db = database.connect(clock.clone(), policy).await;
        let master = MasterSource::Given(Master::random());
        let vault = Vault::open(db.clone(), master).await.expect("the vault opens");
        let db = db.carrying(vault);
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let objects = ObjectConfig::Folder(folder.path().join("objects"));
        let files = Files::open(&objects, LinkKey::new(vec![7; 32])).expect("the object store opens");
        let mut federations = [TenantId::new(); 2];
        for (id, slug) in federations.iter_mut().zip(["federation", "other-federation"]) {
            *id = make_tenant(&db, slug, "Федерация", true, None, &[]).await.id;
        }
        World { db, clock, files, database, federations, folder }
    }

    fn beginning() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).single().expect("a real moment")
    }
}

impl World {
    /// Begins a world.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The database, for other roles than the application's.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Where the bytes of a tenant's files lie: for damaging them.
    #[must_use]
    pub fn objects_of(&self, tenant: TenantId) -> std::path::PathBuf {
        self.folder.path().join("objects").join(tenant.uuid().simple().to_string())
    }

    /// The apparatus tenants of the two federations.
    #[must_use]
    pub fn federations(&self) -> [TenantId; 2] {
        self.federations
    }

    /// Makes a tenant with primary organizations of these names, and its twin `other-…` in the other federation.
    ///
    /// # Panics
    /// When the slug is taken.
    pub async fn tenant(&self, slug: &str, primaries: &[&str]) -> Tenant {
        let [ours, others] = self.federations;
        let twin =
            make_tenant(&self.db, &format!("other-{slug}"), "Профсоюз", false, Some(others), primaries).await;
        let tenant = make_tenant(&self.db, slug, "Профсоюз", false, Some(ours), primaries).await;
        Tenant { twin: Some(Box::new(twin)), ..tenant }
    }

    /// Makes an account; `name` is shown and makes the address.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn account(&self, name: &str) -> AccountId {
        let id = AccountId::new();
        let email = format!("{}@example.org", id.uuid().simple());
        let mut tx = self.db.global(None).await.expect("a transaction opens");
        let now = tx.now();
        sqlx::query(
            "INSERT INTO identity.account (id, email, email_key, display_name, language, created_at)
             VALUES ($1, $2, $2, $3, 'ru', $4)",
        )
        .bind(id.uuid())
        .bind(email)
        .bind(name)
        .bind(now)
        .execute(tx.conn())
        .await
        .expect("the account is added");
        tx.commit().await.expect("it commits");
        id
    }

    /// A new person with a role in the whole tenant.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn viewer(&self, tenant: &Tenant, role: &str) -> Viewer {
        self.viewer_in(tenant, role, tenant.root).await
    }

    /// A new person with a role in one unit and all below it.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn viewer_in(&self, tenant: &Tenant, role: &str, unit: UnitId) -> Viewer {
        let account = self.account(role).await;
        let mut tx = self.system(tenant).await;
        access::admit(&mut tx, account).await.expect("the account is let in");
        grants::give(&mut tx, account, role, grants::Scope { unit, inner: None })
            .await
            .expect("the role is given");
        let grants = grants::of_account(&mut tx, account).await.expect("the grants read back");
        tx.commit().await.expect("it commits");
        Viewer::person(account, tenant.id, grants)
    }

    /// A writing transaction in a tenant with all rights.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn system(&self, tenant: &Tenant) -> TenantTx {
        open(&self.db, tenant.id).await
    }

    /// The scope of a GraphQL request by this viewer; `None` is not signed in.
    #[must_use]
    pub fn scope(&self, viewer: Option<&Viewer>) -> Arc<RequestScope> {
        let source = Arc::new(FixedViewer(viewer.cloned()));
        let credential = Credential { token_hash: None, tenant: viewer.map(|viewer| viewer.tenant.global()) };
        RequestScope::request(source, credential, "127.0.0.1".to_owned())
    }
}

async fn open(db: &Db, tenant: TenantId) -> TenantTx {
    db.tenant(&Viewer::system(tenant, "testkit"), SET_UP, Access::Write).await.expect("a transaction opens")
}

async fn make_tenant(
    db: &Db,
    slug: &str,
    name: &str,
    is_federation: bool,
    parent: Option<TenantId>,
    primaries: &[&str],
) -> Tenant {
    let entry = DirectoryEntry {
        id: TenantId::new(),
        slug: slug.to_owned(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        is_federation,
    };
    let mut operator = db.operator("testkit").await.expect("a transaction opens");
    tenants::insert(&mut operator, &entry, parent).await.expect("the tenant is added");
    operator.commit().await.expect("it commits");
    let mut tx = open(db, entry.id).await;
    let root = units::insert(&mut tx, None, UnitKind::Apparatus, "Аппарат").await.expect("the root is added");
    let mut units = Vec::new();
    for primary in primaries {
        let unit = units::insert(&mut tx, Some(root), UnitKind::Primary, primary).await;
        units.push(unit.expect("the unit is added"));
    }
    tx.commit().await.expect("it commits");
    Tenant { id: entry.id, slug: entry.slug, root, units, twin: None }
}
