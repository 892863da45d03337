//! What members said of consent: appended, never changed.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use crate::domain::consent::{ConsentAct, ConsentSource};

/// What was said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) id: Uuid,
    pub(crate) act: ConsentAct,
    pub(crate) text_version: String,
    pub(crate) on: NaiveDate,
    pub(crate) source: ConsentSource,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) recorded_by: Option<AccountId>,
}

/// Appends what a member said now.
pub(crate) async fn insert(
    tx: &mut TenantTx,
    person: MemberId,
    act: ConsentAct,
    text_version: &str,
    on: NaiveDate,
    source: ConsentSource,
) -> Result<(), StoreError> {
    let said = Said {
        id: Uuid::now_v7(),
        act,
        text_version: text_version.to_owned(),
        on,
        source,
        recorded_at: tx.now(),
        recorded_by: tx.viewer().account(),
    };
    bring(tx, person, &said).await
}

/// Appends what was said before, elsewhere; again is no fault.
pub(crate) async fn bring(tx: &mut TenantTx, person: MemberId, said: &Said) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO members.consent
             (tenant_id, person_id, id, act, text_version, on_date, source, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant_id, person_id, id) DO NOTHING",
        tenant,
        person.uuid(),
        said.id,
        said.act.as_str(),
        said.text_version,
        said.on,
        said.source.as_str(),
        said.recorded_at,
        said.recorded_by.map(TypedId::uuid)
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Appends what a register says of people who are added with it.
pub(crate) async fn insert_imported(
    tx: &mut TenantTx,
    people: &[Uuid],
    acts: &[&'static str],
    text_version: &str,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO members.consent
             (tenant_id, person_id, id, act, text_version, on_date, source, recorded_at, recorded_by)
         SELECT $1, new.person_id, new.person_id, new.act, $4, $5, 'import', $6, $7
           FROM UNNEST($2::uuid[], $3::text[]) AS new (person_id, act)",
        tenant,
        people,
        acts as &[&'static str],
        text_version,
        now.date_naive(),
        now,
        tx.viewer().account().map(TypedId::uuid)
    )
    .execute(tx.conn())
    .await?
    .exactly(u64::try_from(people.len()).unwrap_or(u64::MAX))
}

/// What a member said, newest first, at most 100.
pub(crate) async fn of(tx: &mut TenantTx, person: MemberId) -> Result<Vec<Said>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT id, act, text_version, on_date, source, recorded_at, recorded_by
           FROM members.consent
          WHERE tenant_id = $1 AND person_id = $2
          ORDER BY recorded_at DESC, id DESC
          LIMIT 100",
        tenant,
        person.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Said {
                id: row.id,
                act: ConsentAct::read(&row.act)
                    .ok_or(StoreError::Value { what: "act of consent", value: row.act })?,
                text_version: row.text_version,
                on: row.on_date,
                source: ConsentSource::read(&row.source)
                    .ok_or(StoreError::Value { what: "source of consent", value: row.source })?,
                recorded_at: row.recorded_at,
                recorded_by: row.recorded_by.map(AccountId::from),
            })
        })
        .collect()
}
