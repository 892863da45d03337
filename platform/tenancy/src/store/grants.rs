//! Roles given. Whoever gains or loses one is told at once, on every server: what they have open is looked at anew.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use plenum_authz::{Grant, Place};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, RoleGrantId, TypedId, UnitId};
use plenum_live::Topic;
use uuid::Uuid;

use super::own_roles;
use crate::ready;

/// Where a role is given: a unit and all below it, or one resource of that unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The unit.
    pub unit: UnitId,
    /// The resource, for example `("body", id)`; none for the whole unit.
    pub inner: Option<(&'static str, Uuid)>,
}

/// What a grant comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody gave it, and may take it.
    Hand,
    /// A seat in a body: it ends with the seat.
    Office,
    /// A record in the register: it ends with membership.
    Membership,
}

impl Source {
    fn as_str(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Office => "office",
            Self::Membership => "membership",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        match text {
            "hand" => Ok(Self::Hand),
            "office" => Ok(Self::Office),
            "membership" => Ok(Self::Membership),
            other => Err(StoreError::Value { what: "source of a grant", value: other.to_owned() }),
        }
    }
}

/// The grants of an account that hold now, with the tenant's own roles as they are now. The end of a term needs no job:
/// a grant beyond it is not among them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(tx: &mut TenantTx, account: AccountId) -> Result<Vec<Grant>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let rows = sqlx::query!(
        r#"SELECT g.role, g.unit_id, g.inner_kind, g.inner_id, g.valid_until,
                  (SELECT array_agg(c.ancestor_id ORDER BY c.distance DESC)
                     FROM tenancy.unit_closure c
                    WHERE c.tenant_id = g.tenant_id AND c.descendant_id = g.unit_id) AS "path!"
             FROM tenancy.role_grant g
            WHERE g.tenant_id = $1
              AND g.account_id = $2
              AND (g.valid_from IS NULL OR g.valid_from <= $3)
              AND (g.valid_until IS NULL OR g.valid_until > $3)
            ORDER BY g.id"#,
        tenant,
        account.uuid(),
        now
    )
    .fetch_all(tx.conn())
    .await?;
    let own = match rows.iter().any(|row| own_roles::is_own(&row.role)) {
        true => Some(own_roles::loaded(tx).await?),
        false => None,
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let place = Place::of_units(&row.path);
            let scope = match (row.inner_kind, row.inner_id) {
                (Some(kind), Some(id)) => place.inner(&kind, id),
                _ => place,
            };
            let own = own.clone().filter(|_| own_roles::is_own(&row.role));
            Grant { until: row.valid_until, own, ..Grant::lasting(row.role, scope, row.unit_id) }
        })
        .collect())
}

/// Gives a role that follows from a fact: a seat (a grant on one resource) or a record in the register. Again is no
/// fault. The account must have been admitted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn give(tx: &mut TenantTx, account: AccountId, role: &str, scope: Scope) -> Result<(), StoreError> {
    let source = match scope.inner {
        Some(_) => Source::Office,
        None if role == ready::MEMBER => Source::Membership,
        None => Source::Hand,
    };
    let (tenant, now, by) = (tx.tenant(), tx.now(), tx.viewer().account().map(TypedId::uuid));
    sqlx::query!(
        "INSERT INTO tenancy.role_grant
                (tenant_id, id, account_id, role, unit_id, inner_kind, inner_id, source, given_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (tenant_id, account_id, role, unit_id, inner_id) DO NOTHING",
        tenant.uuid(),
        Uuid::now_v7(),
        account.uuid(),
        role,
        scope.unit.uuid(),
        scope.inner.map(|(kind, _)| kind),
        scope.inner.map(|(_, id)| id),
        source.as_str(),
        by,
        now
    )
    .execute(tx.conn())
    .await?;
    plenum_live::touch(tx, &Topic::access(tenant, account)).await
}

/// A role that somebody gives.
#[derive(Debug, Clone)]
pub struct ByHand {
    /// To whom.
    pub account: AccountId,
    /// Its name in grants.
    pub role: String,
    /// In which unit, and all below it.
    pub unit: UnitId,
    /// From when; none is at once.
    pub from: Option<DateTime<Utc>>,
    /// Until when; none is without an end.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
    /// Who gives it; none is the platform.
    pub by: Option<AccountId>,
}

/// Gives a role by hand; the term, the giver and the reason of one that is held already by hand become these.
///
/// # Errors
/// [`StoreError`], also when it is held for another reason than a hand's.
pub async fn give_by_hand(tx: &mut TenantTx, grant: &ByHand) -> Result<RoleGrantId, StoreError> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let id = sqlx::query_scalar!(
        "INSERT INTO tenancy.role_grant AS g
                (tenant_id, id, account_id, role, unit_id, source, valid_from, valid_until, given_by, reason, created_at)
         VALUES ($1, $2, $3, $4, $5, 'hand', $6, $7, $8, $9, $10)
         ON CONFLICT (tenant_id, account_id, role, unit_id, inner_id) DO UPDATE
            SET valid_from = excluded.valid_from,
                valid_until = excluded.valid_until,
                given_by = excluded.given_by,
                reason = excluded.reason,
                created_at = excluded.created_at
          WHERE g.source = 'hand'
         RETURNING id",
        tenant.uuid(),
        RoleGrantId::new().uuid(),
        grant.account.uuid(),
        grant.role,
        grant.unit.uuid(),
        grant.from,
        grant.until,
        grant.by.map(TypedId::uuid),
        grant.reason,
        now
    )
    .fetch_optional(tx.conn())
    .await?;
    plenum_live::touch(tx, &Topic::access(tenant, grant.account)).await?;
    id.map(RoleGrantId::from).ok_or(StoreError::Rows { expected: 1, found: 0 })
}

/// Takes away a role that an account holds in a unit; one that is not held is no fault.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut TenantTx, account: AccountId, role: &str, unit: UnitId) -> Result<(), StoreError> {
    let tenant = tx.tenant();
    sqlx::query!(
        "DELETE FROM tenancy.role_grant
          WHERE tenant_id = $1 AND account_id = $2 AND role = $3 AND unit_id = $4 AND inner_id IS NULL",
        tenant.uuid(),
        account.uuid(),
        role,
        unit.uuid()
    )
    .execute(tx.conn())
    .await?;
    plenum_live::touch(tx, &Topic::access(tenant, account)).await
}

/// Takes all roles away that an account holds on one resource, for example on a body.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take_inner(
    tx: &mut TenantTx,
    account: AccountId,
    kind: &'static str,
    id: Uuid,
) -> Result<(), StoreError> {
    let tenant = tx.tenant();
    sqlx::query!(
        "DELETE FROM tenancy.role_grant
          WHERE tenant_id = $1 AND account_id = $2 AND inner_kind = $3 AND inner_id = $4",
        tenant.uuid(),
        account.uuid(),
        kind,
        id
    )
    .execute(tx.conn())
    .await?;
    plenum_live::touch(tx, &Topic::access(tenant, account)).await
}

/// Takes one grant away.
///
/// # Errors
/// [`StoreError`], also when it is gone already.
pub async fn remove(tx: &mut TenantTx, held: &Held) -> Result<(), StoreError> {
    let tenant = tx.tenant();
    sqlx::query!(
        "DELETE FROM tenancy.role_grant WHERE tenant_id = $1 AND id = $2",
        tenant.uuid(),
        held.id.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    plenum_live::touch(tx, &Topic::access(tenant, held.account)).await
}

/// A role that somebody holds, with its origin; its term may be over or not have begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub id: RoleGrantId,
    /// Who holds it.
    pub account: AccountId,
    /// Its name in grants.
    pub role: String,
    /// In which unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// The ids of the units from the root to it.
    pub path: Vec<Uuid>,
    /// On which resource of the unit only, for example a body.
    pub inner: Option<(String, Uuid)>,
    /// What it comes from.
    pub source: Source,
    /// From when.
    pub from: Option<DateTime<Utc>>,
    /// Until when.
    pub until: Option<DateTime<Utc>>,
    /// Who gave it; none is the platform.
    pub given_by: Option<AccountId>,
    /// Why.
    pub reason: Option<String>,
    /// When it was given.
    pub given_at: DateTime<Utc>,
}

impl Held {
    /// Where it holds.
    #[must_use]
    pub fn place(&self) -> Place {
        let place = Place::of_units(&self.path);
        match &self.inner {
            Some((kind, id)) => place.inner(kind, *id),
            None => place,
        }
    }

    /// Whether its term has begun and not ended.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| until > now)
    }
}

/// What is held by these accounts (by everybody without them), or the one grant, in the order in which it was given.
/// At most 20,000.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn held(
    tx: &mut TenantTx,
    accounts: Option<&[AccountId]>,
    id: Option<RoleGrantId>,
) -> Result<Vec<Held>, StoreError> {
    let tenant = tx.tenant().uuid();
    let accounts: Option<Vec<Uuid>> = accounts.map(|all| all.iter().map(|one| one.uuid()).collect());
    // A grant from before sources were written down: on one resource it is an office's, a member's is the register's.
    let rows = sqlx::query!(
        r#"SELECT g.id, g.account_id, g.role, g.unit_id, u.name::text AS "unit_name!", g.inner_kind, g.inner_id,
                  CASE WHEN g.inner_id IS NOT NULL THEN 'office'
                       WHEN g.role = 'member' AND g.given_by IS NULL THEN 'membership'
                       ELSE g.source END AS "source!",
                  g.valid_from, g.valid_until, g.given_by, g.reason, g.created_at,
                  (SELECT array_agg(c.ancestor_id ORDER BY c.distance DESC)
                     FROM tenancy.unit_closure c
                    WHERE c.tenant_id = g.tenant_id AND c.descendant_id = g.unit_id) AS "path!"
             FROM tenancy.role_grant g
             JOIN tenancy.unit u ON u.tenant_id = g.tenant_id AND u.id = g.unit_id
            WHERE g.tenant_id = $1
              AND ($2::uuid[] IS NULL OR g.account_id = ANY ($2))
              AND ($3::uuid IS NULL OR g.id = $3)
            ORDER BY g.id
            LIMIT 20000"#,
        tenant,
        accounts.as_deref(),
        id.map(TypedId::uuid)
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Held {
                id: row.id.into(),
                account: row.account_id.into(),
                role: row.role,
                unit: row.unit_id.into(),
                unit_name: row.unit_name,
                path: row.path,
                inner: row.inner_kind.zip(row.inner_id),
                source: Source::read(&row.source)?,
                from: row.valid_from,
                until: row.valid_until,
                given_by: row.given_by.map(AccountId::from),
                reason: row.reason,
                given_at: row.created_at,
            })
        })
        .collect()
}

/// How many people hold each role now, in whatever unit.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn holders(tx: &mut TenantTx) -> Result<HashMap<String, i64>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    Ok(sqlx::query!(
        r#"SELECT role, count(DISTINCT account_id) AS "holders!"
             FROM tenancy.role_grant
            WHERE tenant_id = $1
              AND (valid_from IS NULL OR valid_from <= $2)
              AND (valid_until IS NULL OR valid_until > $2)
            GROUP BY role"#,
        tenant,
        now
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| (row.role, row.holders))
    .collect())
}

/// Who may enter and holds one of these roles now where it reaches the unit: in it, in a unit above, or on a resource of
/// the unit itself; by account, at most `limit`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn holders_in(
    tx: &mut TenantTx,
    roles: &BTreeSet<String>,
    unit: UnitId,
    limit: i64,
) -> Result<Vec<AccountId>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let roles: Vec<String> = roles.iter().cloned().collect();
    Ok(sqlx::query_scalar!(
        "SELECT DISTINCT g.account_id
           FROM tenancy.unit_closure c
           JOIN tenancy.role_grant g ON g.tenant_id = c.tenant_id AND g.unit_id = c.ancestor_id
           JOIN tenancy.account_access x ON x.tenant_id = g.tenant_id AND x.account_id = g.account_id
          WHERE c.tenant_id = $1
            AND c.descendant_id = $2
            AND g.role = ANY ($3)
            AND (g.inner_id IS NULL OR g.unit_id = $2)
            AND (g.valid_from IS NULL OR g.valid_from <= $4)
            AND (g.valid_until IS NULL OR g.valid_until > $4)
            AND x.suspended_at IS NULL
          ORDER BY g.account_id
          LIMIT $5",
        tenant,
        unit.uuid(),
        &roles,
        now,
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(AccountId::from)
    .collect())
}

/// Those who administer the whole tenant now and without an end, and are not suspended.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lasting_administrators(tx: &mut TenantTx) -> Result<Vec<AccountId>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    Ok(sqlx::query_scalar!(
        "SELECT DISTINCT g.account_id
           FROM tenancy.role_grant g
           JOIN tenancy.unit u ON u.tenant_id = g.tenant_id AND u.id = g.unit_id AND u.parent_id IS NULL
           JOIN tenancy.account_access a ON a.tenant_id = g.tenant_id AND a.account_id = g.account_id
          WHERE g.tenant_id = $1
            AND g.role = $2
            AND g.inner_id IS NULL
            AND (g.valid_from IS NULL OR g.valid_from <= $3)
            AND g.valid_until IS NULL
            AND a.suspended_at IS NULL
          ORDER BY g.account_id
          LIMIT 1000",
        tenant,
        ready::ADMINISTRATOR,
        now
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(AccountId::from)
    .collect())
}
