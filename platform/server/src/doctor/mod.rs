//! `plenum doctor`: every unsafe setting, in plain words, and what to do.
//!
//! What is judged is separate from how it is found out, so that each finding can be provoked. It changes nothing.

mod report;
mod settings;
mod surroundings;
mod words;

pub use report::{Finding, Report, Severity};
pub use settings::settings;
pub use surroundings::{Database, Disk, database, disk, files, record};
pub use words::{Tongue, Words, words};

use std::collections::BTreeMap;

use plenum_db::Db;

use crate::{app::Base, audit_log, config::Config, demo, keys};

/// Looks at everything.
///
/// # Errors
/// When the program itself fails; what is wrong with the installation is a finding.
pub async fn examine(config: &Config) -> anyhow::Result<Report> {
    let mut report = Report::default();
    report.take(settings(config));
    report.take(files(config));
    report.take(surroundings::certificate(config));
    report.take(surroundings::films(config).await);
    report.take(disk(Disk::of(&config.data_dir)));
    report.take(surroundings::served(config).await);
    if config.database.is_none() && !config.data_dir.join("postgres").exists() {
        // Nothing was started yet, and looking makes nothing.
        return Ok(report);
    }
    let (postgres, addresses) = match Base::addresses(config, true).await {
        Ok(found) => found,
        Err(error) => {
            report.add(Finding::new("database_unreachable", Severity::Danger, [format!("{error:#}")]));
            return Ok(report);
        }
    };
    let looked = Database::look(&addresses).await;
    match looked {
        Ok(found) => {
            report.take(database(&found));
            let usable = found.checkup.powers.is_empty() && found.migrations.is_none_or(|m| m.pending == 0);
            if usable {
                inside(config, &addresses, &mut report).await?;
            }
        }
        Err(error) => {
            report.add(Finding::new("database_unreachable", Severity::Danger, [format!("{error:#}")]));
        }
    }
    if let Some(postgres) = postgres
        && postgres.owned()
    {
        postgres.stop().await?;
    }
    Ok(report)
}

/// What only an opened database tells: the master key, accounts, the record.
async fn inside(
    config: &Config,
    addresses: &crate::app::Addresses,
    report: &mut Report,
) -> anyhow::Result<()> {
    let db = match Base::connect(config, addresses).await {
        Ok(db) => db,
        Err(error) => {
            report.add(Finding::new("master_key_unusable", Severity::Danger, [format!("{error:#}")]));
            return Ok(());
        }
    };
    report.take(accounts(&db).await?);
    let mut broken = Vec::new();
    audit_log::check(&db, None, &BTreeMap::new(), |slug, found| {
        if found.fault.is_some() {
            broken.push(audit_log::describe(slug, found));
        }
    })
    .await?;
    report.take(record(broken, audit_log::last_check(&db).await, db.clock().now()));
    report.take(surroundings::sealing(keys::behind(&db, &keys::tables()).await?));
    db.close().await;
    Ok(())
}

/// Accounts whose password stands in the documentation.
///
/// # Errors
/// When the database fails.
pub async fn accounts(db: &Db) -> anyhow::Result<Vec<Finding>> {
    let mut tx = db.global(None).await?;
    let mut found = Vec::new();
    for account in demo::accounts() {
        if plenum_identity::store::accounts::by_email(tx.conn(), &account.email).await?.is_some() {
            found.push(account.email);
        }
    }
    let finding = |found: Vec<String>| {
        Finding::new("demo_accounts", Severity::Danger, [found.len().to_string(), found.join(", ")])
    };
    Ok(if found.is_empty() { Vec::new() } else { vec![finding(found)] })
}
