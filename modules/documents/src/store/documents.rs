//! Cards.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_bodies_api::SessionId;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_documents_api::{DispatchId, DocumentId, JournalId};
use plenum_kernel::{AccountId, FileId, TenantId, TypedId, UnitId};
use plenum_tenancy::store::units;
use serde_json::Value;
use uuid::Uuid;

use super::{unknown, views::Eyes};
use crate::{
    domain::card::{Kind, State},
    permissions,
};

/// What a person writes on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// From whom or to whom.
    pub correspondent: Option<String>,
    /// Their number.
    pub their_number: Option<String>,
    /// Their date.
    pub their_date: Option<NaiveDate>,
    /// Who prepares or carries it out.
    pub executor: Option<AccountId>,
    /// How many pages it has.
    pub pages: Option<i32>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Words to find it by.
    pub tags: Vec<String>,
}

impl Card {
    /// The stable words of the fields in which another card differs, in the order of the card.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        [
            ("title", self.title != other.title),
            ("summary", self.summary != other.summary),
            ("correspondent", self.correspondent != other.correspondent),
            ("their_number", self.their_number != other.their_number),
            ("their_date", self.their_date != other.their_date),
            ("executor", self.executor != other.executor),
            ("pages", self.pages != other.pages),
            ("due_on", self.due_on != other.due_on),
            ("tags", self.tags != other.tags),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }
}

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The journal.
    pub journal: JournalId,
    /// The year under which it counts; 0 when the journal does not count by years.
    pub year: i32,
    /// Its place in the journal.
    pub sequence: i32,
    /// The number as written.
    pub number: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none when the platform did.
    pub by: Option<AccountId>,
}

/// A document.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// The card.
    pub card: Card,
    /// 1, and one more with every rewriting of the card.
    pub revision: i32,
    /// Who made it; none when the platform did.
    pub author: Option<AccountId>,
    /// Whose it is.
    pub unit: UnitId,
    /// Where it stands.
    pub state: State,
    /// How often its route was started.
    pub round: i32,
    /// Its registration.
    pub registration: Option<Registration>,
    /// The session whose minutes it is.
    pub session: Option<SessionId>,
    /// The organization that sent it, and the dispatch there.
    pub source: Option<(TenantId, DispatchId)>,
    /// The sender's signatures as stated.
    pub statement: Option<Value>,
    /// The printed signatures.
    pub sheet: Option<FileId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    pub(crate) place: Place,
}

impl Resource for Document {
    type Id = DocumentId;

    async fn find(tx: &mut TenantTx, id: DocumentId) -> Result<Option<Self>, StoreError> {
        by_id(tx, id).await
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// A document in which the viewer takes part, or which lies in a unit whose documents the viewer sees. Others do not
/// find it.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The document.
    pub document: Document,
    place: Place,
}

impl Resource for Shared {
    type Id = DocumentId;

    async fn find(tx: &mut TenantTx, id: DocumentId) -> Result<Option<Self>, StoreError> {
        let eyes = Eyes::of(tx).await?;
        let Some(document) = visible(tx, &eyes, id).await? else { return Ok(None) };
        Ok(Some(Self { place: tx.place_let_in(permissions::TAKE_PART), document }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    kind: String,
    title: String,
    summary: String,
    correspondent: Option<String>,
    their_number: Option<String>,
    their_date: Option<NaiveDate>,
    author_id: Option<Uuid>,
    executor_id: Option<Uuid>,
    unit_id: Uuid,
    pages: Option<i32>,
    due_on: Option<NaiveDate>,
    tags: Vec<String>,
    revision: i32,
    state: String,
    round: i32,
    journal_id: Option<Uuid>,
    year: Option<i32>,
    sequence: Option<i32>,
    number: Option<String>,
    registered_at: Option<DateTime<Utc>>,
    registered_by: Option<Uuid>,
    session_id: Option<Uuid>,
    source_tenant_id: Option<Uuid>,
    source_dispatch_id: Option<Uuid>,
    statement: Option<Value>,
    sheet_file_id: Option<Uuid>,
    created_at: DateTime<Utc>,
}

fn read(row: Row, place: Place) -> Result<Document, StoreError> {
    let registration = match (row.journal_id, row.year, row.sequence, row.number, row.registered_at) {
        (Some(journal), Some(year), Some(sequence), Some(number), Some(at)) => Some(Registration {
            journal: journal.into(),
            year,
            sequence,
            number,
            at,
            by: row.registered_by.map(AccountId::from),
        }),
        _ => None,
    };
    Ok(Document {
        id: row.id.into(),
        kind: Kind::read(&row.kind).map_err(unknown)?,
        card: Card {
            title: row.title,
            summary: row.summary,
            correspondent: row.correspondent,
            their_number: row.their_number,
            their_date: row.their_date,
            executor: row.executor_id.map(AccountId::from),
            pages: row.pages,
            due_on: row.due_on,
            tags: row.tags,
        },
        revision: row.revision,
        author: row.author_id.map(AccountId::from),
        unit: row.unit_id.into(),
        state: State::read(&row.state).map_err(unknown)?,
        round: row.round,
        registration,
        session: row.session_id.map(SessionId::from),
        source: row.source_tenant_id.map(TenantId::from).zip(row.source_dispatch_id.map(DispatchId::from)),
        statement: row.statement,
        sheet: row.sheet_file_id.map(FileId::from),
        created_at: row.created_at,
        place,
    })
}

/// These documents, in the order of the ids; what is not there is left out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_ids(tx: &mut TenantTx, ids: &[DocumentId]) -> Result<Vec<Document>, StoreError> {
    let tenant = tx.tenant().uuid();
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, kind, title, summary, correspondent, their_number, their_date, author_id, executor_id, unit_id,
                pages, due_on, tags, revision, state, round, journal_id, year, sequence, number, registered_at,
                registered_by, session_id, source_tenant_id, source_dispatch_id, statement, sheet_file_id, created_at
           FROM documents.document
          WHERE tenant_id = $1 AND id = ANY ($2)",
        tenant,
        &wanted
    )
    .fetch_all(tx.conn())
    .await?;
    let mut places: HashMap<Uuid, Place> = HashMap::new();
    let mut found = HashMap::new();
    for row in rows {
        let place = match places.get(&row.unit_id) {
            Some(place) => place.clone(),
            None => {
                let unit = units::by_id(tx, row.unit_id.into()).await?.ok_or(StoreError::Value {
                    what: "unit of a document",
                    value: row.unit_id.to_string(),
                })?;
                let place = Place::of_units(&unit.path);
                places.insert(row.unit_id, place.clone());
                place
            }
        };
        found.insert(row.id, read(row, place)?);
    }
    Ok(wanted.iter().filter_map(|id| found.remove(id)).collect())
}

/// One document, whoever looks.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: DocumentId) -> Result<Option<Document>, StoreError> {
    Ok(by_ids(tx, &[id]).await?.pop())
}

/// One document, when these eyes see it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn visible(tx: &mut TenantTx, eyes: &Eyes, id: DocumentId) -> Result<Option<Document>, StoreError> {
    if super::views::sees(tx, eyes, id).await? { by_id(tx, id).await } else { Ok(None) }
}

/// Locks a document until the end of the transaction, and reads it as it is now.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn lock(tx: &mut TenantTx, id: DocumentId) -> Result<Document, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id FROM documents.document WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    by_id(tx, id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })
}

/// Where a new document comes from, when no person made it.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The session whose minutes it is.
    pub session: Option<SessionId>,
    /// The organization that sent it, and the dispatch there.
    pub source: Option<(TenantId, DispatchId)>,
    /// The sender's signatures as stated.
    pub statement: Option<Value>,
}

/// Adds a draft.
///
/// # Errors
/// [`StoreError`], violating `document_session` or `document_source` when it was made before.
pub async fn insert(
    tx: &mut TenantTx,
    kind: Kind,
    unit: UnitId,
    card: &Card,
    author: Option<AccountId>,
    origin: &Origin,
) -> Result<DocumentId, StoreError> {
    let id = DocumentId::new();
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO documents.document
             (tenant_id, id, kind, title, summary, correspondent, their_number, their_date, author_id, executor_id,
              unit_id, pages, due_on, tags, state, session_id, source_tenant_id, source_dispatch_id, statement, search,
              created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'draft', $15, $16, $17, $18, '', $19)",
        tenant,
        id.uuid(),
        kind.as_str(),
        card.title,
        card.summary,
        card.correspondent,
        card.their_number,
        card.their_date,
        author.map(TypedId::uuid),
        card.executor.map(TypedId::uuid),
        unit.uuid(),
        card.pages,
        card.due_on,
        &card.tags,
        origin.session.map(TypedId::uuid),
        origin.source.map(|(tenant, _)| tenant.uuid()),
        origin.source.map(|(_, dispatch)| dispatch.uuid()),
        origin.statement,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    index(tx, id).await?;
    Ok(id)
}

/// Rewrites a card: its next revision.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn rewrite(tx: &mut TenantTx, id: DocumentId, card: &Card) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.document
            SET title = $3, summary = $4, correspondent = $5, their_number = $6, their_date = $7, executor_id = $8,
                pages = $9, due_on = $10, tags = $11, revision = revision + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        card.title,
        card.summary,
        card.correspondent,
        card.their_number,
        card.their_date,
        card.executor.map(TypedId::uuid),
        card.pages,
        card.due_on,
        &card.tags
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    index(tx, id).await
}

/// Makes card and text of the latest version searchable; ё counts as е.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn index(tx: &mut TenantTx, id: DocumentId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.document d
            SET search = setweight(to_tsvector('russian', translate(
                             concat_ws(' ', d.title, d.summary, d.correspondent, d.their_number, d.number,
                                       array_to_string(d.tags, ' ')), 'ёЁ', 'еЕ')), 'A')
                      || setweight(to_tsvector('russian', translate(
                             coalesce((SELECT v.body
                                         FROM documents.version v
                                        WHERE v.tenant_id = d.tenant_id AND v.document_id = d.id
                                        ORDER BY v.ordinal DESC
                                        LIMIT 1), ''), 'ёЁ', 'еЕ')), 'B')
          WHERE d.tenant_id = $1 AND d.id = $2",
        tenant,
        id.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records a registration.
///
/// # Errors
/// [`StoreError::Rows`] when it has one.
pub async fn register(
    tx: &mut TenantTx,
    id: DocumentId,
    registration: &Registration,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.document
            SET journal_id = $3, year = $4, sequence = $5, number = $6, registered_at = $7, registered_by = $8
          WHERE tenant_id = $1 AND id = $2 AND journal_id IS NULL",
        tenant,
        id.uuid(),
        registration.journal.uuid(),
        registration.year,
        registration.sequence,
        registration.number,
        registration.at,
        registration.by.map(TypedId::uuid)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    index(tx, id).await
}

/// Sets where a document stands, and its round.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn set_state(
    tx: &mut TenantTx,
    id: DocumentId,
    state: State,
    round: i32,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.document SET state = $3, round = $4 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        state.as_str(),
        round
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps the printed signatures.
///
/// # Errors
/// [`StoreError::Rows`] when the document is gone.
pub async fn keep_sheet(tx: &mut TenantTx, id: DocumentId, sheet: FileId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.document SET sheet_file_id = $3 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        sheet.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The document that another organization's dispatch brought.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_source(
    tx: &mut TenantTx,
    source: TenantId,
    dispatch: DispatchId,
) -> Result<Option<DocumentId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let id = sqlx::query_scalar!(
        "SELECT id FROM documents.document
          WHERE tenant_id = $1 AND source_tenant_id = $2 AND source_dispatch_id = $3",
        tenant,
        source.uuid(),
        dispatch.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(id.map(DocumentId::from))
}

/// The minutes of a session.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_session(tx: &mut TenantTx, session: SessionId) -> Result<Option<DocumentId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let id = sqlx::query_scalar!(
        "SELECT id FROM documents.document WHERE tenant_id = $1 AND session_id = $2",
        tenant,
        session.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(id.map(DocumentId::from))
}

/// Makes what is done about one session's papers follow one another until the end of the transaction.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn serialize_session(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
        format!("documents of {}", session.global())
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
