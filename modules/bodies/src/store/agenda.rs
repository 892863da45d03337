//! Items of a session's agenda.

use plenum_authz::Place;
use plenum_bodies_api::{AgendaItemId, Consideration, SessionId};
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_files::FileId;
use plenum_kernel::TypedId;
use uuid::Uuid;

use crate::store::sessions::Sitting;

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    /// Not reached yet.
    Pending,
    /// Before the body now.
    Current,
    /// Left behind.
    Done,
}

/// An item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaItem {
    /// Its id.
    pub id: AgendaItemId,
    /// Its session.
    pub session: SessionId,
    /// 1, 2, 3 …
    pub position: i32,
    /// What it is about.
    pub title: String,
    /// Who reports.
    pub speaker: Option<String>,
    /// The decision as proposed.
    pub draft_decision: Option<String>,
    /// The decision as taken.
    pub decision: Option<String>,
    /// Where it stands.
    pub state: ItemState,
    /// Attached files, in order.
    pub materials: Vec<FileId>,
}

/// An item with its session and body, for permits.
#[derive(Debug, Clone)]
pub struct PlacedItem {
    /// The item.
    pub item: AgendaItem,
    /// Its session.
    pub sitting: Sitting,
}

impl Resource for PlacedItem {
    type Id = AgendaItemId;

    async fn find(tx: &mut TenantTx, id: AgendaItemId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let session = sqlx::query_scalar!(
            "SELECT session_id FROM bodies.agenda_item WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(session) = session.map(SessionId::from) else { return Ok(None) };
        let item = of_session(tx, session).await?.into_iter().find(|item| item.id == id);
        let sitting = Sitting::find(tx, session).await?;
        Ok(item.zip(sitting).map(|(item, sitting)| Self { item, sitting }))
    }

    fn place(&self) -> Place {
        self.sitting.place()
    }
}

/// An item to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem {
    /// What it is about.
    pub title: String,
    /// Who reports.
    pub speaker: Option<String>,
    /// The decision as proposed.
    pub draft_decision: Option<String>,
    /// Attached files, in order.
    pub materials: Vec<FileId>,
}

/// The agenda of a session, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_session(tx: &mut TenantTx, session: SessionId) -> Result<Vec<AgendaItem>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        r#"SELECT i.id, i.session_id, i.position, i.title, i.speaker, i.draft_decision, i.decision, i.state,
                  ARRAY(SELECT m.file_id
                          FROM bodies.agenda_material m
                         WHERE m.tenant_id = i.tenant_id AND m.item_id = i.id
                         ORDER BY m.position) AS "materials!"
             FROM bodies.agenda_item i
            WHERE i.tenant_id = $1 AND i.session_id = $2
            ORDER BY i.position
            LIMIT 200"#,
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| {
        Ok(AgendaItem {
            id: row.id.into(),
            session: row.session_id.into(),
            position: row.position,
            title: row.title,
            speaker: row.speaker,
            draft_decision: row.draft_decision,
            decision: row.decision,
            state: match row.state.as_str() {
                "pending" => ItemState::Pending,
                "current" => ItemState::Current,
                "done" => ItemState::Done,
                other => {
                    return Err(StoreError::Value { what: "agenda item state", value: other.to_owned() });
                }
            },
            materials: row.materials.into_iter().map(FileId::from).collect(),
        })
    })
    .collect()
}

/// Adds an agenda.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, session: SessionId, items: &[NewItem]) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    for (position, item) in (1_i32..).zip(items) {
        let id = AgendaItemId::new();
        sqlx::query!(
            "INSERT INTO bodies.agenda_item (tenant_id, id, session_id, position, title, speaker, draft_decision, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending')",
            tenant,
            id.uuid(),
            session.uuid(),
            position,
            item.title,
            item.speaker,
            item.draft_decision
        )
        .execute(tx.conn())
        .await?
        .exactly(1)?;
        let files: Vec<Uuid> = item.materials.iter().map(|id| id.uuid()).collect();
        sqlx::query!(
            "INSERT INTO bodies.agenda_material (tenant_id, item_id, position, file_id)
             SELECT $1, $2, f.position::integer, f.id
               FROM unnest($3::uuid[]) WITH ORDINALITY AS f (id, position)",
            tenant,
            id.uuid(),
            &files
        )
        .execute(tx.conn())
        .await?
        .exactly(u64::try_from(files.len()).unwrap_or(u64::MAX))?;
    }
    Ok(())
}

/// Leaves the current item of a session behind, when there is one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn leave_current(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE bodies.consideration SET ended_at = greatest($3, began_at)
          WHERE tenant_id = $1 AND session_id = $2 AND ended_at IS NULL",
        tenant,
        session.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE bodies.agenda_item SET state = 'done' WHERE tenant_id = $1 AND session_id = $2 AND state = 'current'",
        tenant,
        session.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes an item up; the one before must have been left.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn take(tx: &mut TenantTx, session: SessionId, id: AgendaItemId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO bodies.consideration (tenant_id, id, session_id, item_id, began_at) VALUES ($1, $2, $3, $4, $5)",
        tenant,
        Uuid::now_v7(),
        session.uuid(),
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    sqlx::query!(
        "UPDATE bodies.agenda_item SET state = 'current' WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Which item was taken up when, in the order of time.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn considered(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Consideration>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query!(
        "SELECT i.id, i.position, i.title, c.began_at
           FROM bodies.consideration c
           JOIN bodies.agenda_item i ON i.tenant_id = c.tenant_id AND i.id = c.item_id
          WHERE c.tenant_id = $1 AND c.session_id = $2
          ORDER BY c.began_at, c.id
          LIMIT 1000",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| Consideration {
        item: row.id.into(),
        position: row.position,
        title: row.title,
        began_at: row.began_at,
    })
    .collect())
}

/// Records the decision taken.
///
/// # Errors
/// [`StoreError::Rows`] when the item is gone.
pub async fn decide(tx: &mut TenantTx, id: AgendaItemId, decision: &str) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE bodies.agenda_item SET decision = $3 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        decision
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
