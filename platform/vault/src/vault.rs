//! The vault: the opened master key, and the rings that were asked for.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::PathBuf,
    sync::{Arc, RwLock},
};

use chrono::{DateTime, Utc};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db, GlobalTx, OpenError, PgConnection, StoreError, TenantTx};
use plenum_kernel::{TenantId, TypedId};

use crate::{
    Keyring, Master, MasterError, MasterSource, Scoped,
    cipher::KeyBytes,
    field::joined,
    master,
    store::{
        self,
        keys::{Purpose, Wrapped},
    },
};

const KEYS: Permission = Permission::new("vault.keys");

/// What stands in the way of sealing and opening.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file with the master key cannot be used.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// The database has keys, and the file with the master key is gone.
    #[error(
        "the master key is missing: {} is not there, but the database holds keys that only it opens. Bring the file back \
         from where you keep it, or set PLENUM_MASTER_KEY. Nothing was changed; without the key what is sealed cannot be \
         read by anybody",
        path.display()
    )]
    Lost {
        /// Where it should be.
        path: PathBuf,
    },
    /// The master key that was given is another one than that of the database.
    #[error(
        "the master key is the wrong one: the keys in the database are wrapped by another. Give the one that belongs to \
         this database; nothing was changed"
    )]
    Wrong,
    /// Since the program started, the keys were wrapped by another master key.
    #[error("the master key was changed: start the program anew with the new one")]
    Changed,
    /// The program was put together without a vault.
    #[error("this database carries no vault")]
    NoVault,
    /// A wrapped key does not open: its row was changed.
    #[error("key {number} of {of} does not open: its row in the database was changed")]
    BrokenKey {
        /// Whose.
        of: String,
        /// Which.
        number: i32,
    },
    /// A value was sealed with a key that is not there.
    #[error("{table}.{column}: sealed with key {number}, which is not there")]
    UnknownKey {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The number of the key.
        number: u32,
    },
    /// A value was changed, or brought from another place.
    #[error("{table}.{column}: a sealed value was changed or brought from another row")]
    Forged {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// What stands there is no sealed value.
    #[error("{table}.{column}: what is stored is no sealed value")]
    Format {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VaultError> for StoreError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Store(error) => error,
            other => Self::Sealed(Box::new(other)),
        }
    }
}

/// A key, for an overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whose; none is the installation's.
    pub scope: Option<TenantId>,
    /// Its number; the key of blind indexes is not counted among them.
    pub number: i32,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Since when it only opens.
    pub retired_at: Option<DateTime<Utc>>,
}

/// Opens and makes keys. Cheap to clone; the database carries it to stores: see [`Db::carrying`].
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    /// For keys that have to be there whatever becomes of the transaction that needed them.
    db: Db,
    master: Master,
    rings: RwLock<HashMap<Option<TenantId>, Arc<Keyring>>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// Finds the master key that belongs to the database; at the first start makes one, in the file that is named.
    ///
    /// # Errors
    /// [`VaultError::Lost`] and [`VaultError::Wrong`], in words for whoever started the program; nothing is overwritten.
    pub async fn open(db: Db, source: MasterSource) -> Result<Self, VaultError> {
        let mut tx = db.global(None).await?;
        let known = store::master::check_value(tx.conn()).await?;
        let master = match known {
            Some(known) => matching(source, &known)?,
            None => {
                let master = first(source)?;
                let now = tx.now();
                store::master::note(tx.conn(), &master.check_value(), now).await?;
                // Another server may have been first, with a key of its own.
                let noted = store::master::check_value(tx.conn()).await?;
                if noted.as_deref() != Some(&master.check_value()) {
                    return Err(VaultError::Wrong);
                }
                master
            }
        };
        tx.commit().await?;
        Ok(Self { inner: Arc::new(Inner { db, master, rings: RwLock::default() }) })
    }

    /// All keys that seal or sealed, of a tenant or of the installation.
    ///
    /// # Errors
    /// [`VaultError`] when the database fails.
    pub async fn keys(&self, scope: Option<TenantId>) -> Result<Vec<Key>, VaultError> {
        let mut tx = Own::begin(&self.inner.db, scope).await?;
        let keys = store::keys::all(tx.conn(), scope).await?;
        Ok(keys
            .into_iter()
            .filter(|key| key.purpose == Purpose::Seal)
            .map(|key| Key {
                scope,
                number: key.number,
                created_at: key.created_at,
                retired_at: key.retired_at,
            })
            .collect())
    }

    /// Makes a new key of a tenant or of the installation, which seals from now on; those before it open what they
    /// sealed. Waits for the transactions that seal now. It is a transaction of its own, so that no ring is ever made
    /// from a key that is not kept. Tells the new key's number.
    ///
    /// # Errors
    /// [`VaultError`] when the master key was changed meanwhile or the database fails.
    pub async fn rotate(&self, scope: Option<TenantId>) -> Result<i32, VaultError> {
        let mut tx = Own::begin(&self.inner.db, scope).await?;
        store::keys::hold_alone(tx.conn(), scope).await?;
        self.hold_master(tx.conn()).await?;
        let now = tx.now();
        let keys = store::keys::all(tx.conn(), scope).await?;
        let last = keys.iter().filter(|key| key.purpose == Purpose::Seal).map(|key| key.number).max();
        let number = last.unwrap_or(0) + 1;
        if last.is_some() {
            store::keys::retire(tx.conn(), scope, now).await?;
        } else {
            self.add(tx.conn(), scope, Purpose::Index, 1, now).await?;
        }
        self.add(tx.conn(), scope, Purpose::Seal, number, now).await?;
        if let Own::Tenant(tx) = &mut tx {
            let tenant = tx.tenant();
            let detail = serde_json::json!({ "key": number });
            plenum_audit::record(tx, "vault.rotate_key", tenant, detail).await?;
        }
        tx.commit().await?;
        Ok(number)
    }

    /// Wraps all keys by a new master key, and makes that the one which the database knows, at once or not at
    /// all; put the new key where it will be found before. Tells how many keys were wrapped. Programs
    /// that run with the old key go on with the keys that they opened, and make no new ones.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when the old one is not that of the database any more, [`VaultError::BrokenKey`] when a key
    /// does not open, or the database fails: there is no operator's role, for example.
    pub async fn rewrap(&self, new: &Master) -> Result<usize, VaultError> {
        let mut tx = self.inner.db.operator("vault.rewrap").await?;
        store::master::hold_alone(tx.conn()).await?;
        self.check_master(tx.conn()).await?;
        let keys = store::keys::of_everybody(&mut tx).await?;
        for key in &keys {
            let bytes = unwrap(&self.inner.master, key)?;
            let wrapped = wrap(new, key.scope, key.purpose, key.number, &bytes);
            store::keys::rewrap(&mut tx, key, &wrapped).await?;
        }
        store::master::replace(&mut tx, &new.check_value()).await?;
        tx.commit().await?;
        Ok(keys.len())
    }

    /// Wraps all keys by a new master key in the file of the present one. The new one is on the disk, beside the old
    /// one, before the database takes it; whenever the program dies, the next start finds the one that the database
    /// took. The old one stays with the ending `.old`: copies of the database from before need it.
    ///
    /// # Errors
    /// As of [`rewrap`](Self::rewrap), and [`MasterError`] when the files cannot be written.
    pub async fn rewrap_file(&self, path: &std::path::Path) -> Result<usize, VaultError> {
        let new = Master::random();
        master::forget_waiting(path)?;
        master::write(&master::waiting(path), &new)?;
        let count = self.rewrap(&new).await?;
        master::promote(path)?;
        Ok(count)
    }

    /// Forgets the opened keys of a tenant whose keys were deleted: what they sealed is unreadable from then on, in copies
    /// of the database too. Another running server may know them until it ends.
    pub fn forget(&self, tenant: TenantId) {
        let mut rings = self.inner.rings.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        rings.remove(&Some(tenant));
    }

    /// The keys of the transaction's scope, with the key that is active until the transaction ends.
    pub(crate) async fn writing<T: Scoped>(&self, tx: &mut T) -> Result<Arc<Keyring>, VaultError> {
        let scope = tx.scope();
        // A ring that is cached shows that the keys exist: only then the transaction may wait for others.
        self.reading(tx).await?;
        store::keys::hold(tx.connection(), scope).await?;
        let active = store::keys::active(tx.connection(), scope).await?;
        let cached = self.cached(scope);
        match cached {
            Some(ring) if active.and_then(|n| u32::try_from(n).ok()) == Some(ring.active()) => Ok(ring),
            _ => self.load(tx).await,
        }
    }

    /// The keys of the transaction's scope as they were last seen.
    pub(crate) async fn reading<T: Scoped>(&self, tx: &mut T) -> Result<Arc<Keyring>, VaultError> {
        match self.cached(tx.scope()) {
            Some(ring) => Ok(ring),
            None => self.load(tx).await,
        }
    }

    /// Reads the keys, and makes the first ones when there are none.
    pub(crate) async fn load<T: Scoped>(&self, tx: &mut T) -> Result<Arc<Keyring>, VaultError> {
        let scope = tx.scope();
        let mut keys = store::keys::all(tx.connection(), scope).await?;
        if keys.is_empty() {
            self.make(scope).await?;
            keys = store::keys::all(tx.connection(), scope).await?;
        }
        let opened = self.ring(scope, &keys);
        if matches!(opened, Err(VaultError::BrokenKey { .. })) {
            // Of a changed row and a changed master key, the database knows which it is.
            self.check_master(tx.connection()).await?;
        }
        let ring = Arc::new(opened?);
        let mut rings = self.inner.rings.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Of two that read at once, the older reading does not win.
        if rings.get(&scope).is_none_or(|there| there.active() <= ring.active()) {
            rings.insert(scope, ring.clone());
        }
        Ok(ring)
    }

    fn cached(&self, scope: Option<TenantId>) -> Option<Arc<Keyring>> {
        let rings = self.inner.rings.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        rings.get(&scope).cloned()
    }

    /// Makes the first keys in a transaction of its own: a value that was sealed, and a ring that others use by then,
    /// must not depend on whether the transaction that came first is kept.
    async fn make(&self, scope: Option<TenantId>) -> Result<(), VaultError> {
        let mut tx = Own::begin(&self.inner.db, scope).await?;
        self.hold_master(tx.conn()).await?;
        let now = tx.now();
        for purpose in [Purpose::Seal, Purpose::Index] {
            self.add(tx.conn(), scope, purpose, 1, now).await?;
        }
        tx.commit().await
    }

    async fn add(
        &self,
        conn: &mut PgConnection,
        scope: Option<TenantId>,
        purpose: Purpose,
        number: i32,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        let wrapped = wrap(&self.inner.master, scope, purpose, number, &KeyBytes::random());
        Ok(store::keys::insert(conn, scope, purpose, number, &wrapped, now).await?)
    }

    /// Until the end of the transaction, keys are wrapped by the master key that this program has.
    async fn hold_master(&self, conn: &mut PgConnection) -> Result<(), VaultError> {
        store::master::hold(conn).await?;
        self.check_master(conn).await
    }

    async fn check_master(&self, conn: &mut PgConnection) -> Result<(), VaultError> {
        let known = store::master::check_value(conn).await?;
        if known.as_deref() == Some(&self.inner.master.check_value()) {
            Ok(())
        } else {
            Err(VaultError::Changed)
        }
    }

    fn ring(&self, scope: Option<TenantId>, wrapped: &[Wrapped]) -> Result<Keyring, VaultError> {
        let (mut keys, mut active, mut index) = (BTreeMap::new(), None, None);
        for key in wrapped {
            let bytes = unwrap(&self.inner.master, key)?;
            let number = u32::try_from(key.number).map_err(|_| broken(key))?;
            match key.purpose {
                Purpose::Index => index = Some(bytes),
                Purpose::Seal => {
                    if key.retired_at.is_none() {
                        active = Some(number);
                    }
                    keys.insert(number, bytes);
                }
            }
        }
        match (active, index) {
            (Some(active), Some(index)) => Ok(Keyring::new(scope, active, keys, index)),
            _ => Err(VaultError::BrokenKey { of: name(scope), number: 0 }),
        }
    }
}

/// The key of a source that the database knows.
fn matching(source: MasterSource, known: &[u8]) -> Result<Master, VaultError> {
    let is_known = |master: &Master| master.check_value() == known;
    match source {
        MasterSource::Given(master) => Some(master).filter(is_known).ok_or(VaultError::Wrong),
        MasterSource::File(path) => {
            let present = master::read(&path)?;
            let there = present.is_some();
            if let Some(master) = present.filter(is_known) {
                return Ok(master);
            }
            // The program died after the database took a new key, and before the file got its name.
            let waiting = master::read(&master::waiting(&path))?;
            let waits = waiting.is_some();
            if let Some(master) = waiting.filter(is_known) {
                master::promote(&path)?;
                return Ok(master);
            }
            // Another program may have given it its name between the two.
            match master::read(&path)?.filter(is_known) {
                Some(master) => Ok(master),
                None if there || waits => Err(VaultError::Wrong),
                None => Err(VaultError::Lost { path }),
            }
        }
    }
}

/// The key of a source for a database that knows none.
fn first(source: MasterSource) -> Result<Master, VaultError> {
    match source {
        MasterSource::Given(master) => Ok(master),
        MasterSource::File(path) => match master::read(&path)? {
            Some(master) => Ok(master),
            None => {
                let master = Master::random();
                master::write(&path, &master)?;
                Ok(master)
            }
        },
    }
}

fn wrap(master: &Master, scope: Option<TenantId>, purpose: Purpose, number: i32, key: &KeyBytes) -> Vec<u8> {
    master.key().seal(0, &place(scope, purpose, number), key.bytes())
}

fn unwrap(master: &Master, key: &Wrapped) -> Result<KeyBytes, VaultError> {
    let opened = master.key().open(&place(key.scope, key.purpose, key.number), &key.wrapped);
    opened.ok().and_then(|bytes| KeyBytes::read(&bytes)).ok_or_else(|| broken(key))
}

fn broken(key: &Wrapped) -> VaultError {
    VaultError::BrokenKey { of: name(key.scope), number: key.number }
}

fn name(scope: Option<TenantId>) -> String {
    scope.map_or_else(|| "the installation".to_owned(), |tenant| tenant.global())
}

/// What a wrapped key is authenticated with.
fn place(scope: Option<TenantId>, purpose: Purpose, number: i32) -> Vec<u8> {
    let scope = scope.map(|tenant| *tenant.uuid().as_bytes());
    let scope = scope.as_ref().map_or(&[][..], |id| id);
    joined(&[b"plenum.vault.wrapped", scope, purpose.as_str().as_bytes(), &number.to_be_bytes()])
}

/// A transaction of the vault itself.
enum Own {
    Tenant(TenantTx),
    Installation(GlobalTx),
}

impl Own {
    async fn begin(db: &Db, scope: Option<TenantId>) -> Result<Self, VaultError> {
        Ok(match scope {
            None => Self::Installation(db.global(None).await?),
            Some(tenant) => {
                let opened = db.tenant(&Viewer::system(tenant, "vault"), KEYS, Access::Write).await;
                Self::Tenant(opened.map_err(|error| match error {
                    OpenError::Store(error) => error,
                    OpenError::Forbidden { .. } => {
                        unreachable!("the platform itself is always allowed")
                    }
                })?)
            }
        })
    }

    fn conn(&mut self) -> &mut PgConnection {
        match self {
            Self::Tenant(tx) => tx.conn(),
            Self::Installation(tx) => tx.conn(),
        }
    }

    fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Tenant(tx) => tx.now(),
            Self::Installation(tx) => tx.now(),
        }
    }

    async fn commit(self) -> Result<(), VaultError> {
        match self {
            Self::Tenant(tx) => tx.commit().await?,
            Self::Installation(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
