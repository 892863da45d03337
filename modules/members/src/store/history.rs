//! The history of members: appended, never changed.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_events::EventId;
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use crate::{
    domain::history::{Detail, Kind},
    store::{imports, persons::Person, sealed},
};

/// A fact to be written.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// What happened.
    pub(crate) kind: Kind,
    /// The typed id of what it is about.
    pub(crate) subject: Option<String>,
    /// What is kept of it.
    pub(crate) detail: Detail,
    /// Who did it, when it is not the transaction's viewer.
    pub(crate) actor: Option<AccountId>,
    /// The event that tells of it, and when that was published.
    pub(crate) event: Option<(EventId, DateTime<Utc>)>,
}

impl Fact {
    /// A fact of this transaction, by its viewer.
    pub(crate) fn new(kind: Kind, subject: Option<String>, detail: Detail) -> Self {
        Self { kind, subject, detail, actor: None, event: None }
    }
}

/// A line of a history.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The line's place: see [`page`].
    pub(crate) cursor: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) kind: Kind,
    pub(crate) actor: Option<AccountId>,
    pub(crate) subject: Option<String>,
    pub(crate) detail: Detail,
    pub(crate) origin: Option<TenantId>,
}

/// The cursor of the one line that is not stored: that the record came by an import is told by the record.
const IMPORTED: &str = "imported";

/// Writes a fact about one member.
pub(crate) async fn write(tx: &mut TenantTx, person: MemberId, fact: Fact) -> Result<(), StoreError> {
    write_to_all(tx, &[person], &fact).await
}

/// Writes the same fact about each of them.
pub(crate) async fn write_to_all(
    tx: &mut TenantTx,
    people: &[MemberId],
    fact: &Fact,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let actor = fact.actor.or_else(|| tx.viewer().account());
    let at = fact.event.map_or_else(|| tx.now(), |(_, at)| at);
    let people: Vec<Uuid> = people.iter().map(|id| id.uuid()).collect();
    let ids: Vec<Uuid> = people.iter().map(|_| Uuid::now_v7()).collect();
    let details = sealed::seal_details(tx, &people, &ids, &fact.detail).await?;
    sqlx::query!(
        "INSERT INTO members.history (tenant_id, id, person_id, at, kind, actor_id, subject, detail_sealed, event_id)
         SELECT $1, new.id, new.person_id, $4, $5, $6, $7, new.detail, $9
           FROM UNNEST($2::uuid[], $3::uuid[], $8::bytea[]) AS new (id, person_id, detail)",
        tenant,
        &ids,
        &people,
        at,
        fact.kind.as_str(),
        actor.map(TypedId::uuid),
        fact.subject,
        &details,
        fact.event.map(|(event, _)| event.uuid())
    )
    .execute(tx.conn())
    .await?
    .exactly(u64::try_from(people.len()).unwrap_or(u64::MAX))
}

/// A member's history, newest first, after the line of a cursor; `None` when the cursor is none. With kinds, only the
/// lines of these.
pub(crate) async fn page(
    tx: &mut TenantTx,
    person: &Person,
    kinds: Option<&[Kind]>,
    after: Option<&str>,
    limit: i64,
) -> Result<Option<Vec<Entry>>, StoreError> {
    let tenant = tx.tenant().uuid();
    let after = match after {
        None => None,
        Some(IMPORTED) => return Ok(Some(Vec::new())),
        Some(cursor) => {
            let Ok(id) = Uuid::try_parse(cursor) else { return Ok(None) };
            let at = sqlx::query_scalar!(
                "SELECT at FROM members.history WHERE tenant_id = $1 AND person_id = $2 AND id = $3",
                tenant,
                person.id.uuid(),
                id
            )
            .fetch_optional(tx.conn())
            .await?;
            let Some(at) = at else { return Ok(None) };
            Some((at, id))
        }
    };
    let words: Option<Vec<String>> =
        kinds.map(|kinds| kinds.iter().map(|kind| kind.as_str().to_owned()).collect());
    let rows = sqlx::query!(
        "SELECT id, at, kind, actor_id, subject, detail, detail_sealed, origin_tenant_id
           FROM members.history
          WHERE tenant_id = $1
            AND person_id = $2
            AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
            AND ($5::text[] IS NULL OR kind = ANY ($5))
          ORDER BY at DESC, id DESC
          LIMIT $6",
        tenant,
        person.id.uuid(),
        after.map(|(at, _)| at),
        after.map(|(_, id)| id),
        words.as_deref() as Option<&[String]>,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    let mut entries = Vec::with_capacity(rows.len() + 1);
    for row in rows {
        entries.push(Entry {
            cursor: row.id.to_string(),
            at: row.at,
            kind: Kind::read(&row.kind)
                .ok_or(StoreError::Value { what: "kind of history", value: row.kind })?,
            actor: row.actor_id.map(AccountId::from),
            subject: row.subject,
            detail: sealed::detail(tx, person.id.uuid(), row.id, row.detail, row.detail_sealed).await?,
            origin: row.origin_tenant_id.map(TenantId::from),
        });
    }
    let whole = i64::try_from(entries.len()).unwrap_or(i64::MAX) < limit;
    let imported = kinds.is_none_or(|kinds| kinds.contains(&Kind::Imported));
    if let Some(import) = person.import.filter(|_| whole && imported)
        && let Some(import) = imports::by_id(tx, import).await?
    {
        entries.push(Entry {
            cursor: IMPORTED.to_owned(),
            at: person.created_at,
            kind: Kind::Imported,
            actor: import.created_by,
            subject: Some(import.id.global()),
            detail: Detail::named(import.file_name),
            origin: None,
        });
    }
    Ok(Some(entries))
}

/// Appends lines that another organization kept; those that came before are passed over.
pub(crate) async fn bring(
    tx: &mut TenantTx,
    person: MemberId,
    from: TenantId,
    entries: &[Entry],
) -> Result<(), StoreError> {
    let tenant = tx.tenant();
    for entry in entries {
        // What happened here comes back with a member who returns: it is here already.
        if entry.origin == Some(tenant) {
            continue;
        }
        // The line without an id of its own gets one that is the same each time.
        let id = Uuid::try_parse(&entry.cursor).unwrap_or_else(|_| person.uuid());
        let detail = sealed::seal_details(tx, &[person.uuid()], &[id], &entry.detail).await?.pop();
        sqlx::query!(
            "INSERT INTO members.history
                 (tenant_id, id, person_id, at, kind, actor_id, subject, detail_sealed, origin_tenant_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (tenant_id, id) DO NOTHING",
            tenant.uuid(),
            id,
            person.uuid(),
            entry.at,
            entry.kind.as_str(),
            entry.actor.map(TypedId::uuid),
            entry.subject,
            detail,
            entry.origin.unwrap_or(from).uuid()
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
