//! Sealed columns: declared salaries, and notes of exemptions.

use async_trait::async_trait;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{Money, TypedId};
use plenum_vault::{Field, Holds, Progress, Sealed, SealedColumn, SealedTable};
use uuid::Uuid;

use crate::domain::terms::Exemption;

fn salary_field(member: Uuid, id: Uuid) -> Field {
    Field::new("dues.salary", "kopecks_sealed", id).owned_by(member)
}

fn note_field(member: Uuid, id: Uuid) -> Field {
    Field::new("dues.exemption", "note_sealed", id).owned_by(member)
}

/// A declared salary, sealed or from before.
pub(super) async fn salary(
    tx: &mut TenantTx,
    member: Uuid,
    id: Uuid,
    plain: Option<i64>,
    sealed: Option<Vec<u8>>,
) -> Result<Money, StoreError> {
    let kopecks = match sealed {
        Some(sealed) => {
            let opened = plenum_vault::open(tx, &salary_field(member, id), &Sealed::from(sealed)).await?;
            <[u8; 8]>::try_from(opened.bytes()).ok().map(i64::from_be_bytes)
        }
        None => plain,
    };
    let unread = || StoreError::Value { what: "salary", value: id.to_string() };
    kopecks.map(Money::from_kopecks).ok_or_else(unread)
}

/// Always eight bytes: the length would tell how much it is.
pub(super) async fn seal_salary(
    tx: &mut TenantTx,
    member: Uuid,
    id: Uuid,
    sum: Money,
) -> Result<Sealed, StoreError> {
    Ok(plenum_vault::seal(tx, &salary_field(member, id), &sum.kopecks().to_be_bytes()).await?)
}

/// A note, sealed or from before.
pub(super) async fn note(
    tx: &mut TenantTx,
    member: Uuid,
    id: Uuid,
    plain: Option<String>,
    sealed: Option<Vec<u8>>,
) -> Result<Option<String>, StoreError> {
    match sealed {
        Some(sealed) => {
            let field = note_field(member, id);
            Ok(Some(plenum_vault::open_text(tx, &field, &Sealed::from(sealed)).await?))
        }
        None => Ok(plain),
    }
}

pub(super) async fn seal_note(tx: &mut TenantTx, new: &Exemption) -> Result<Option<Sealed>, StoreError> {
    match &new.note {
        Some(note) => {
            let field = note_field(new.member.uuid(), new.id.uuid());
            Ok(Some(plenum_vault::seal_text(tx, &field, note).await?))
        }
        None => Ok(None),
    }
}

/// Seals salaries.
pub struct Salaries;

#[async_trait]
impl SealedTable for Salaries {
    fn name(&self) -> &'static str {
        "dues.salary"
    }

    fn columns(&self) -> &'static [SealedColumn] {
        &[SealedColumn {
            column: "kopecks_sealed",
            row: "id",
            owner: Some("member_id"),
            holds: Holds::Number,
            opened: "kopecks",
        }]
    }

    async fn progress(&self, tx: &mut TenantTx, active: i32) -> Result<Progress, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            r#"SELECT count(*) AS "rows!",
                      count(*) FILTER (WHERE kopecks_sealed IS NULL
                                          OR substring(kopecks_sealed FROM 2 FOR 4) <> int4send($2)) AS "behind!"
                 FROM dues.salary WHERE tenant_id = $1"#,
            tenant,
            active
        )
        .fetch_one(tx.conn())
        .await?;
        Ok(Progress { rows: row.rows, behind: row.behind })
    }

    async fn renew(&self, tx: &mut TenantTx, active: i32, limit: i64) -> Result<u64, StoreError> {
        let tenant = tx.tenant().uuid();
        let rows = sqlx::query!(
            "SELECT member_id, id, kopecks, kopecks_sealed
               FROM dues.salary
              WHERE tenant_id = $1
                AND (kopecks_sealed IS NULL OR substring(kopecks_sealed FROM 2 FOR 4) <> int4send($2))
              ORDER BY member_id, id
              LIMIT $3
                FOR NO KEY UPDATE",
            tenant,
            active,
            limit
        )
        .fetch_all(tx.conn())
        .await?;
        let mut count = 0;
        for row in rows {
            let sum = salary(tx, row.member_id, row.id, row.kopecks, row.kopecks_sealed).await?;
            let sealed = seal_salary(tx, row.member_id, row.id, sum).await?;
            sqlx::query!(
                "UPDATE dues.salary SET kopecks = NULL, kopecks_sealed = $4
                  WHERE tenant_id = $1 AND member_id = $2 AND id = $3",
                tenant,
                row.member_id,
                row.id,
                sealed.as_bytes()
            )
            .execute(tx.conn())
            .await?
            .exactly(1)?;
            count += 1;
        }
        Ok(count)
    }
}

/// Seals notes of exemptions.
pub struct Notes;

#[async_trait]
impl SealedTable for Notes {
    fn name(&self) -> &'static str {
        "dues.exemption"
    }

    fn columns(&self) -> &'static [SealedColumn] {
        &[SealedColumn {
            column: "note_sealed",
            row: "id",
            owner: Some("member_id"),
            holds: Holds::Text,
            opened: "note",
        }]
    }

    async fn progress(&self, tx: &mut TenantTx, active: i32) -> Result<Progress, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            r#"SELECT count(*) AS "rows!",
                      count(*) FILTER (WHERE note_sealed IS NULL
                                          OR substring(note_sealed FROM 2 FOR 4) <> int4send($2)) AS "behind!"
                 FROM dues.exemption WHERE tenant_id = $1 AND (note IS NOT NULL OR note_sealed IS NOT NULL)"#,
            tenant,
            active
        )
        .fetch_one(tx.conn())
        .await?;
        Ok(Progress { rows: row.rows, behind: row.behind })
    }

    async fn renew(&self, tx: &mut TenantTx, active: i32, limit: i64) -> Result<u64, StoreError> {
        let tenant = tx.tenant().uuid();
        let rows = sqlx::query!(
            "SELECT member_id, id, note, note_sealed
               FROM dues.exemption
              WHERE tenant_id = $1
                AND (note IS NOT NULL OR substring(note_sealed FROM 2 FOR 4) <> int4send($2))
              ORDER BY id
              LIMIT $3
                FOR NO KEY UPDATE",
            tenant,
            active,
            limit
        )
        .fetch_all(tx.conn())
        .await?;
        let mut count = 0;
        for row in rows {
            let Some(note) = note(tx, row.member_id, row.id, row.note, row.note_sealed).await? else {
                continue;
            };
            let sealed = plenum_vault::seal_text(tx, &note_field(row.member_id, row.id), &note).await?;
            sqlx::query!(
                "UPDATE dues.exemption SET note = NULL, note_sealed = $3 WHERE tenant_id = $1 AND id = $2",
                tenant,
                row.id,
                sealed.as_bytes()
            )
            .execute(tx.conn())
            .await?
            .exactly(1)?;
            count += 1;
        }
        Ok(count)
    }
}
