//! Who sees which documents, and lists of them.

use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::{DocumentId, JournalId};
use plenum_kernel::{AccountId, TypedId};
use plenum_tenancy::store::units;
use uuid::Uuid;

use super::substitutes;
use crate::{
    domain::card::{self, Kind, State},
    permissions,
};

/// What a viewer sees: all documents of some units, and besides those in which the viewer takes part.
#[derive(Debug, Clone)]
pub struct Eyes {
    /// The units, all below included; `None` is all.
    units: Option<Vec<Uuid>>,
    me: Option<Uuid>,
    /// Those for whom the viewer acts today.
    others: Vec<Uuid>,
}

impl Eyes {
    /// The eyes of the transaction's viewer.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn of(tx: &mut TenantTx) -> Result<Self, StoreError> {
        let units = match tx.units_granting(permissions::VIEW) {
            None => None,
            Some(roots) => Some(units::below(tx, &roots).await?),
        };
        let me = tx.viewer().account();
        let others = match me {
            Some(me) => substitutes::acts_for(tx, me).await?.into_iter().map(TypedId::uuid).collect(),
            None => Vec::new(),
        };
        Ok(Self { units, me: me.map(TypedId::uuid), others })
    }

    /// Those for whom the viewer acts today.
    #[must_use]
    pub fn others(&self) -> Vec<AccountId> {
        self.others.iter().copied().map(AccountId::from).collect()
    }
}

/// Whether these eyes see a document.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sees(tx: &mut TenantTx, eyes: &Eyes, id: DocumentId) -> Result<bool, StoreError> {
    let wanted = Wanted { only: Some(id), ..Wanted::default() };
    Ok(!page(tx, eyes, &wanted, None, 1).await?.is_empty())
}

/// A saved view of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Waits for the viewer's signature.
    ToSign,
    /// Waits for the viewer's approval or acknowledgement.
    ToApprove,
    /// The viewer has an open task on it.
    ToDo,
    /// The viewer made it or carries it out.
    Mine,
    /// Not registered yet.
    Unregistered,
}

/// Which documents.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this journal.
    pub journal: Option<JournalId>,
    /// In this state.
    pub state: Option<State>,
    /// In this view.
    pub view: Option<View>,
    /// Words of the card or the text, or a number.
    pub search: Option<String>,
    /// Only this one.
    pub only: Option<DocumentId>,
}

/// The ids of visible documents, the latest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    eyes: &Eyes,
    wanted: &Wanted,
    after: Option<DocumentId>,
    limit: i64,
) -> Result<Vec<DocumentId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let search = wanted.search.as_deref().map(card::searchable);
    let view = wanted.view.map(|view| match view {
        View::ToSign => "to_sign",
        View::ToApprove => "to_approve",
        View::ToDo => "to_do",
        View::Mine => "mine",
        View::Unregistered => "unregistered",
    });
    let ids = sqlx::query_scalar!(
        "SELECT d.id
           FROM documents.document d
          WHERE d.tenant_id = $1
            AND ($2::uuid[] IS NULL
                 OR d.unit_id = ANY ($2)
                 OR d.author_id = $3
                 OR d.executor_id = $3
                 OR EXISTS (SELECT FROM documents.step s
                             WHERE s.tenant_id = d.tenant_id AND s.document_id = d.id
                               AND (s.account_id = $3 OR s.acted_by = $3
                                    OR (s.state = 'active' AND s.account_id = ANY ($4))))
                 OR EXISTS (SELECT FROM documents.task t
                             WHERE t.tenant_id = d.tenant_id AND t.document_id = d.id
                               AND (t.assignee_id = $3 OR t.controller_id = $3)))
            AND ($5::text IS NULL OR d.kind = $5)
            AND ($6::uuid IS NULL OR d.journal_id = $6)
            AND ($7::text IS NULL OR d.state = $7)
            AND ($8::uuid IS NULL OR d.id = $8)
            AND ($9::uuid IS NULL OR d.id < $9)
            AND ($10::text IS NULL
                 OR d.search @@ websearch_to_tsquery('russian', $10)
                 OR lower(d.number) = lower($10))
            AND CASE $11::text
                    WHEN 'mine' THEN d.author_id = $3 OR d.executor_id = $3
                    WHEN 'unregistered' THEN d.journal_id IS NULL
                    WHEN 'to_do' THEN EXISTS (SELECT FROM documents.task t
                                               WHERE t.tenant_id = d.tenant_id AND t.document_id = d.id
                                                 AND t.assignee_id = $3
                                                 AND t.state IN ('given', 'in_work', 'returned'))
                    WHEN 'to_sign' THEN EXISTS (SELECT FROM documents.step s
                                                 WHERE s.tenant_id = d.tenant_id AND s.document_id = d.id
                                                   AND s.state = 'active' AND s.act = 'sign'
                                                   AND (s.account_id = $3 OR s.account_id = ANY ($4)))
                    WHEN 'to_approve' THEN EXISTS (SELECT FROM documents.step s
                                                    WHERE s.tenant_id = d.tenant_id AND s.document_id = d.id
                                                      AND s.state = 'active' AND s.act <> 'sign'
                                                      AND (s.account_id = $3 OR s.account_id = ANY ($4)))
                    ELSE true
                END
          ORDER BY d.id DESC
          LIMIT $12",
        tenant,
        eyes.units.as_deref(),
        eyes.me,
        &eyes.others,
        wanted.kind.map(Kind::as_str),
        wanted.journal.map(TypedId::uuid),
        wanted.state.map(State::as_str),
        wanted.only.map(TypedId::uuid),
        after.map(TypedId::uuid),
        search,
        view,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(DocumentId::from).collect())
}

/// The documents of a journal in the order of their numbers, the latest first, of the units that these eyes see;
/// `before` is a place in it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn entries(
    tx: &mut TenantTx,
    eyes: &Eyes,
    journal: JournalId,
    year: Option<i32>,
    before: Option<(i32, i32)>,
    limit: i64,
) -> Result<Vec<DocumentId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids = sqlx::query_scalar!(
        "SELECT id
           FROM documents.document
          WHERE tenant_id = $1
            AND journal_id = $2
            AND ($3::int IS NULL OR year = $3)
            AND ($4::int IS NULL OR (year, sequence) < ($4, $5::int))
            AND ($6::uuid[] IS NULL OR unit_id = ANY ($6))
          ORDER BY year DESC, sequence DESC
          LIMIT $7",
        tenant,
        journal.uuid(),
        year,
        before.map(|(year, _)| year),
        before.map(|(_, sequence)| sequence),
        eyes.units.as_deref(),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(DocumentId::from).collect())
}
