//! Sealed columns: what members ask to change, and the values in their history.

use async_trait::async_trait;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_vault::{Field, Holds, Progress, Sealed, SealedColumn, SealedTable};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::{history::Detail, record::Change};

/// What a member asks for.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) changes: Vec<Change>,
    pub(super) note: Option<String>,
}

/// A request as it stands in its row.
pub(super) struct Stored {
    pub(super) changes: Option<Value>,
    pub(super) note: Option<String>,
    pub(super) sealed: Option<Vec<u8>>,
}

fn request_field(person: Uuid, id: Uuid) -> Field {
    Field::new("members.correction", "request_sealed", id).owned_by(person)
}

fn detail_field(person: Uuid, id: Uuid) -> Field {
    Field::new("members.history", "detail_sealed", id).owned_by(person)
}

fn unread(error: serde_json::Error) -> StoreError {
    StoreError::Sql(sqlx::Error::Decode(Box::new(error)))
}

fn text(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| StoreError::Sql(sqlx::Error::Encode(Box::new(error))))
}

async fn opened<T: DeserializeOwned>(
    tx: &mut TenantTx,
    field: &Field,
    sealed: Vec<u8>,
) -> Result<T, StoreError> {
    let opened = plenum_vault::open(tx, field, &Sealed::from(sealed)).await?;
    serde_json::from_slice(opened.bytes()).map_err(unread)
}

/// A request, sealed or from before.
pub(super) async fn request(
    tx: &mut TenantTx,
    person: Uuid,
    id: Uuid,
    stored: Stored,
) -> Result<Request, StoreError> {
    match stored.sealed {
        Some(sealed) => opened(tx, &request_field(person, id), sealed).await,
        None => {
            let changes = serde_json::from_value(stored.changes.unwrap_or(Value::Null)).map_err(unread)?;
            Ok(Request { changes, note: stored.note })
        }
    }
}

pub(super) async fn seal_request(
    tx: &mut TenantTx,
    person: Uuid,
    id: Uuid,
    request: &Request,
) -> Result<Sealed, StoreError> {
    Ok(plenum_vault::seal(tx, &request_field(person, id), &text(request)?).await?)
}

/// What is kept of a line, sealed or from before.
pub(super) async fn detail(
    tx: &mut TenantTx,
    person: Uuid,
    id: Uuid,
    plain: Value,
    sealed: Option<Vec<u8>>,
) -> Result<Detail, StoreError> {
    match sealed {
        Some(sealed) => opened(tx, &detail_field(person, id), sealed).await,
        None => serde_json::from_value(plain).map_err(unread),
    }
}

/// The same detail for each line of its own, of each person.
pub(super) async fn seal_details(
    tx: &mut TenantTx,
    people: &[Uuid],
    lines: &[Uuid],
    detail: &Detail,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let (keys, plain) = (plenum_vault::writing(tx).await?, text(detail)?);
    let places = people.iter().zip(lines);
    Ok(places.map(|(person, line)| keys.seal(&detail_field(*person, *line), &plain).into_bytes()).collect())
}

/// Seals what members ask for.
pub(crate) struct Requests;

#[async_trait]
impl SealedTable for Requests {
    fn name(&self) -> &'static str {
        "members.correction"
    }

    fn columns(&self) -> &'static [SealedColumn] {
        &[SealedColumn {
            column: "request_sealed",
            row: "id",
            owner: Some("person_id"),
            holds: Holds::Json,
            opened: "request",
        }]
    }

    async fn progress(&self, tx: &mut TenantTx, active: i32) -> Result<Progress, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            r#"SELECT count(*) AS "rows!",
                      count(*) FILTER (WHERE request_sealed IS NULL
                                          OR substring(request_sealed FROM 2 FOR 4) <> int4send($2)) AS "behind!"
                 FROM members.correction WHERE tenant_id = $1"#,
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
            "SELECT person_id, id, changes, note, request_sealed
               FROM members.correction
              WHERE tenant_id = $1
                AND (request_sealed IS NULL OR substring(request_sealed FROM 2 FOR 4) <> int4send($2))
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
            let stored = Stored { changes: row.changes, note: row.note, sealed: row.request_sealed };
            let request = request(tx, row.person_id, row.id, stored).await?;
            let sealed = seal_request(tx, row.person_id, row.id, &request).await?;
            sqlx::query!(
                "UPDATE members.correction SET changes = NULL, note = NULL, request_sealed = $3
                  WHERE tenant_id = $1 AND id = $2",
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

/// Seals what is kept in the history.
pub(crate) struct Details;

#[async_trait]
impl SealedTable for Details {
    fn name(&self) -> &'static str {
        "members.history"
    }

    fn columns(&self) -> &'static [SealedColumn] {
        &[SealedColumn {
            column: "detail_sealed",
            row: "id",
            owner: Some("person_id"),
            holds: Holds::Json,
            opened: "detail",
        }]
    }

    async fn progress(&self, tx: &mut TenantTx, active: i32) -> Result<Progress, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            r#"SELECT count(*) AS "rows!",
                      count(*) FILTER (WHERE detail_sealed IS NULL
                                          OR substring(detail_sealed FROM 2 FOR 4) <> int4send($2)) AS "behind!"
                 FROM members.history WHERE tenant_id = $1"#,
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
            "SELECT person_id, id, detail, detail_sealed
               FROM members.history
              WHERE tenant_id = $1
                AND (detail_sealed IS NULL OR substring(detail_sealed FROM 2 FOR 4) <> int4send($2))
              ORDER BY id
              LIMIT $3
                FOR NO KEY UPDATE",
            tenant,
            active,
            limit
        )
        .fetch_all(tx.conn())
        .await?;
        let (mut ids, mut details) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            let detail = detail(tx, row.person_id, row.id, row.detail, row.detail_sealed).await?;
            details.extend(seal_details(tx, &[row.person_id], &[row.id], &detail).await?);
            ids.push(row.id);
        }
        let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        sqlx::query!(
            "UPDATE members.history h SET detail = '{}', detail_sealed = new.detail
               FROM UNNEST($2::uuid[], $3::bytea[]) AS new (id, detail)
              WHERE h.tenant_id = $1 AND h.id = new.id",
            tenant,
            &ids,
            &details
        )
        .execute(tx.conn())
        .await?
        .exactly(count)?;
        Ok(count)
    }
}
