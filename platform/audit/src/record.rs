//! Writing.

use std::{future::Future, pin::Pin};

use plenum_authz::Actor;
use plenum_db::{AtCommit, StoreError, TenantTx};
use plenum_kernel::TypedId;
use serde_json::Value;
use uuid::Uuid;

use crate::chain::{BEGINNING, Content, Hash, link};

/// Adds an entry: `action` is `module.verb` in the past or present sense of the act (`bodies.open_vote`), `subject` the
/// id that it was done to. It is written when the transaction commits: only then the chain is held, for the time of the
/// commit, and no two transactions can wait for each other's.
///
/// # Errors
/// None yet; a failure of the database undoes the act at its commit.
pub async fn record(
    tx: &mut TenantTx,
    action: &'static str,
    subject: impl TypedId,
    detail: Value,
) -> Result<(), StoreError> {
    let (actor, request) = (tx.viewer().actor.clone(), tx.viewer().request);
    add(tx, actor, request, action, subject, detail);
    Ok(())
}

pub(crate) fn add(
    tx: &mut TenantTx,
    actor: Actor,
    request: Option<Uuid>,
    action: &'static str,
    subject: impl TypedId,
    detail: Value,
) {
    let (actor, system) = match actor {
        Actor::Account(id) => (Some(id.uuid()), None),
        Actor::System(name) => (None, Some(name.to_owned())),
    };
    let content = Content {
        id: Uuid::now_v7(),
        at: tx.now(),
        actor,
        system,
        request,
        action: action.to_owned(),
        subject: subject.global(),
        detail,
    };
    tx.at_commit::<Pending>().0.push(content);
}

/// The entries of a transaction.
#[derive(Default)]
struct Pending(Vec<Content>);

impl AtCommit for Pending {
    fn write<'a>(
        self: Box<Self>,
        tx: &'a mut TenantTx,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>> {
        Box::pin(append(tx, self.0))
    }
}

async fn append(tx: &mut TenantTx, entries: Vec<Content>) -> Result<(), StoreError> {
    let tenant = tx.tenant();
    let id = tenant.uuid();
    // One at a time writes the end of a tenant's chain; released by the commit.
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('audit.entry ' || $1::text, 0))",
        id.to_string()
    )
    .execute(tx.conn())
    .await?;
    let last = sqlx::query!(
        r#"SELECT number AS "number!", hash AS "hash!" FROM audit.entry
            WHERE tenant_id = $1 AND number IS NOT NULL
            ORDER BY number DESC LIMIT 1"#,
        id
    )
    .fetch_optional(tx.conn())
    .await?;
    let (mut number, mut before) = match last {
        Some(last) => (last.number, Hash::try_from(last.hash.as_slice()).unwrap_or(BEGINNING)),
        None => (0, BEGINNING),
    };
    for entry in entries {
        number += 1;
        before = link(&before, tenant, number, &entry);
        sqlx::query!(
            "INSERT INTO audit.entry
                    (tenant_id, id, at, actor_id, actor_name, action, subject, detail, request_id, number, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            id,
            entry.id,
            entry.at,
            entry.actor,
            entry.system,
            entry.action,
            entry.subject,
            entry.detail,
            entry.request,
            number,
            before.as_slice()
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
