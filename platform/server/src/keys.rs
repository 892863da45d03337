//! Keys of sealed columns: rotation, re-encryption in the background, another master key, and how things stand.

use std::{fmt::Write as _, sync::Arc};

use anyhow::{Context as _, bail};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db, StoreError, TenantTx};
use plenum_identity::{Identity, Sealer};
use plenum_jobs::{Job, JobContext, JobError, Worker, enqueue};
use plenum_kernel::TenantId;
use plenum_tenancy::store::tenants::{self, Tenant};
use plenum_vault::{Master, Progress, SealedTable, Vault};
use serde::{Deserialize, Serialize};

use crate::config::{Config, MasterConfig};

const KEYS: Permission = Permission::new("vault.keys");
/// So many rows are sealed anew in one transaction: others that change the same rows wait for so long.
const BATCH: i64 = 200;

/// Everything that modules keep sealed.
pub type Tables = Arc<[Box<dyn SealedTable>]>;

/// The tables of all modules.
#[must_use]
pub fn tables() -> Tables {
    let secrets: Box<dyn SealedTable> = Box::new(plenum_oidc::Secrets);
    plenum_members::sealed_tables().into_iter().chain(plenum_dues::sealed_tables()).chain([secrets]).collect()
}

/// Seals what a tenant has from before, or with an older key.
#[derive(Serialize, Deserialize)]
pub struct Reseal {}

impl Job for Reseal {
    const KIND: &'static str = "vault.reseal";
}

/// Tells the worker how a tenant's values are sealed anew.
#[must_use]
pub fn register(worker: Worker, tables: Tables) -> Worker {
    worker.handle(move |context, _: Reseal| {
        let tables = tables.clone();
        async move { reseal(&context, &tables).await }
    })
}

/// By a batch at a time; what was done stays done, so that a repeated job goes on where this one ended.
async fn reseal(context: &JobContext, tables: &Tables) -> Result<(), JobError> {
    for table in tables.iter() {
        let mut sealed = 0;
        loop {
            let mut tx = context.write("vault").await?;
            let active = active(&mut tx).await?;
            let done = table.renew(&mut tx, active, BATCH).await?;
            sealed += done;
            if done == 0 && sealed > 0 {
                let detail = serde_json::json!({ "table": table.name(), "rows": sealed });
                plenum_audit::record(&mut tx, "vault.reseal", context.tenant, detail).await?;
            }
            tx.commit().await?;
            if done == 0 {
                break;
            }
        }
    }
    Ok(())
}

async fn active(tx: &mut TenantTx) -> Result<i32, StoreError> {
    let active = plenum_vault::writing(tx).await?.active();
    i32::try_from(active)
        .map_err(|_| StoreError::Value { what: "number of a key", value: active.to_string() })
}

/// Asks for the job in each tenant that is behind: after a rotation, and after a release that seals what was not sealed
/// before. Tells in how many.
///
/// # Errors
/// When the database fails.
pub async fn catch_up(db: &Db, tables: &Tables) -> anyhow::Result<usize> {
    let mut asked = 0;
    for tenant in all(db).await? {
        let mut tx = open(db, tenant.id).await?;
        let behind: i64 = progress(&mut tx, tables).await?.iter().map(|(_, progress)| progress.behind).sum();
        if behind > 0 {
            enqueue(&mut tx, &Reseal {}).await?;
            asked += 1;
        }
        tx.commit().await?;
    }
    Ok(asked)
}

/// Seals, while the server runs, what the installation has from before the vault or with an older key.
pub fn catch_up_in_the_background(identity: &Identity) {
    let (db, sealer) = (identity.db.clone(), identity.sealer.clone());
    tokio::spawn(async move {
        match plenum_identity::reseal(&db, &sealer).await {
            Ok(0) => {}
            Ok(sealed) => tracing::info!("sealed {sealed} secrets of authenticators anew"),
            Err(error) => tracing::error!("could not seal secrets of authenticators: {error:?}"),
        }
    });
}

/// How many rows, of all tenants and of the installation, are not sealed with the active key.
///
/// # Errors
/// When the database fails.
pub async fn behind(db: &Db, tables: &Tables) -> anyhow::Result<i64> {
    let mut behind = 0;
    for tenant in all(db).await? {
        let mut tx = open(db, tenant.id).await?;
        behind += progress(&mut tx, tables).await?.iter().map(|(_, progress)| progress.behind).sum::<i64>();
        tx.commit().await?;
    }
    Ok(behind + plenum_identity::sealing(db).await?.behind)
}

/// Makes new data keys of all tenants and of the installation, or of one tenant, and asks for the job that seals what
/// there is with them. Tells of each.
///
/// # Errors
/// When there is no such tenant, the master key was changed, or the database fails.
pub async fn rotate(
    db: &Db,
    only: Option<&str>,
    tables: &Tables,
    before: &Sealer,
    mut tell: impl FnMut(String),
) -> anyhow::Result<()> {
    let vault = vault(db)?;
    let found: Vec<Tenant> =
        all(db).await?.into_iter().filter(|tenant| only.is_none_or(|slug| slug == tenant.slug)).collect();
    if let (Some(slug), true) = (only, found.is_empty()) {
        bail!("there is no organization «{slug}»");
    }
    for tenant in found {
        let number = vault.rotate(Some(tenant.id)).await?;
        tell(format!("{}: key {number} seals from now on", tenant.slug));
    }
    if only.is_none() {
        let number = vault.rotate(None).await?;
        tell(format!("the installation: key {number} seals from now on"));
        let sealed = plenum_identity::reseal(db, before).await?;
        tell(format!("the installation: {sealed} secrets of authenticators are sealed anew with it"));
    }
    let asked = catch_up(db, tables).await?;
    tell(format!(
        "older keys open what they sealed; a running server seals it anew, in {asked} organizations (plenum keys status)"
    ));
    Ok(())
}

/// Wraps all data keys by a new master key: a new one in the file of the present one, or that of the environment.
/// Tells what to do now.
///
/// # Errors
/// When the new key is none, there is no operator's role, or the database fails; then the old one is in force.
pub async fn rewrap(config: &Config, db: &Db, given: Option<&str>) -> anyhow::Result<String> {
    let vault = vault(db)?;
    match (&config.master, given) {
        (_, Some(text)) => {
            let new = Master::parse(text).context("PLENUM_NEW_MASTER_KEY: not 64 hexadecimal digits")?;
            if let MasterConfig::File(path) = &config.master {
                bail!(
                    "PLENUM_NEW_MASTER_KEY is set, but the present master key is in {}: unset it, and a new key is made \
                     there",
                    path.display()
                );
            }
            let count = vault.rewrap(&new).await?;
            Ok(format!(
                "{count} keys are wrapped by the new master key. Start the servers anew with it as PLENUM_MASTER_KEY; the \
                 old one opens only copies of the database from before"
            ))
        }
        (MasterConfig::Given(_), None) => bail!(
            "PLENUM_NEW_MASTER_KEY is missing: the present master key is in the environment, so the new one has to be \
             too (64 hexadecimal digits, for example from «openssl rand -hex 32»)"
        ),
        (MasterConfig::File(path), None) => {
            let count = vault.rewrap_file(path).await?;
            Ok(format!(
                "{count} keys are wrapped by a new master key, in {0}. Start running servers anew. The old one is in \
                 {0}.old: keep it as long as you keep copies of the database from before, and then remove it",
                path.display()
            ))
        }
    }
}

/// How things stand, for people.
///
/// # Errors
/// When the database fails.
pub async fn status(config: &Config, db: &Db, tables: &Tables) -> anyhow::Result<String> {
    let vault = vault(db)?;
    let mut out = String::new();
    match &config.master {
        MasterConfig::Given(_) => writeln!(out, "master key: from the environment")?,
        MasterConfig::File(path) => writeln!(out, "master key: {}", path.display())?,
    }
    keys_of(&mut out, "the installation", &vault.keys(None).await?)?;
    progress_of(&mut out, "identity.totp", plenum_identity::sealing(db).await?)?;
    for tenant in all(db).await? {
        keys_of(&mut out, &tenant.slug, &vault.keys(Some(tenant.id)).await?)?;
        let mut tx = open(db, tenant.id).await?;
        for (name, progress) in progress(&mut tx, tables).await? {
            progress_of(&mut out, name, progress)?;
        }
        tx.commit().await?;
    }
    Ok(out)
}

fn progress_of(out: &mut String, name: &str, Progress { rows, behind }: Progress) -> anyhow::Result<()> {
    if behind > 0 {
        writeln!(out, "  {name}: {} of {rows} sealed with it", rows - behind)?;
    } else if rows > 0 {
        writeln!(out, "  {name}: all {rows} sealed with it")?;
    }
    Ok(())
}

fn keys_of(out: &mut String, whose: &str, keys: &[plenum_vault::Key]) -> anyhow::Result<()> {
    let retired = keys.iter().filter(|key| key.retired_at.is_some()).count();
    match keys.iter().find(|key| key.retired_at.is_none()) {
        Some(key) => {
            let since = key.created_at.format("%Y-%m-%d");
            writeln!(out, "{whose}: key {} since {since}, {retired} older ones", key.number)?;
        }
        None => writeln!(out, "{whose}: nothing was sealed yet")?,
    }
    Ok(())
}

async fn progress(tx: &mut TenantTx, tables: &Tables) -> anyhow::Result<Vec<(&'static str, Progress)>> {
    let active = active(tx).await?;
    let mut all = Vec::with_capacity(tables.len());
    for table in tables.iter() {
        all.push((table.name(), table.progress(tx, active).await?));
    }
    Ok(all)
}

fn vault(db: &Db) -> anyhow::Result<&Vault> {
    db.carried::<Vault>().context("the database carries no vault")
}

async fn all(db: &Db) -> anyhow::Result<Vec<Tenant>> {
    let mut tx = db.global(None).await?;
    let mut found = Vec::new();
    for id in tenants::all(&mut tx).await? {
        found.extend(tenants::by_id(tx.conn(), id).await?);
    }
    Ok(found)
}

async fn open(db: &Db, tenant: TenantId) -> anyhow::Result<TenantTx> {
    Ok(db.tenant(&Viewer::system(tenant, "vault"), KEYS, Access::Write).await?)
}
