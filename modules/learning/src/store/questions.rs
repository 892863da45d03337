//! Questions of quizzes.

use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_learning_api::{LessonId, QuestionId};

use super::{from_json, lessons::Placed, to_json};
use crate::domain::question::Question;

/// A question of a quiz, as it stands now.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: QuestionId,
    /// Its quiz.
    pub lesson: LessonId,
    /// 1, 2, 3…
    pub position: i32,
    /// What is asked.
    pub question: Question,
}

impl Resource for Placed<Kept> {
    type Id = QuestionId;

    async fn find(tx: &mut TenantTx, id: QuestionId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            "SELECT id, lesson_id, position, content FROM learning.question WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let kept = Kept {
            id: row.id.into(),
            lesson: row.lesson_id.into(),
            position: row.position,
            question: from_json("question", row.content)?,
        };
        Self::of(tx, Some(kept)).await
    }

    fn place(&self) -> Place {
        self.at()
    }
}

/// The questions of a quiz in order, at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_lesson(tx: &mut TenantTx, lesson: LessonId) -> Result<Vec<Kept>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id, lesson_id, position, content FROM learning.question
          WHERE tenant_id = $1 AND lesson_id = $2 ORDER BY position, id LIMIT 500",
        tenant,
        lesson.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| {
        Ok(Kept {
            id: row.id.into(),
            lesson: row.lesson_id.into(),
            position: row.position,
            question: from_json("question", row.content)?,
        })
    })
    .collect()
}

/// Adds a question.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, kept: &Kept) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let content = to_json("question", &kept.question)?;
    sqlx::query!(
        "INSERT INTO learning.question (tenant_id, id, lesson_id, position, content) VALUES ($1, $2, $3, $4, $5)",
        tenant,
        kept.id.uuid(),
        kept.lesson.uuid(),
        kept.position,
        content
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Keeps what changed of a question.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn update(tx: &mut TenantTx, kept: &Kept) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let content = to_json("question", &kept.question)?;
    sqlx::query!(
        "UPDATE learning.question SET position = $3, content = $4 WHERE tenant_id = $1 AND id = $2",
        tenant,
        kept.id.uuid(),
        kept.position,
        content
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Removes a question; attempts keep it as they have it.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn delete(tx: &mut TenantTx, id: QuestionId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!("DELETE FROM learning.question WHERE tenant_id = $1 AND id = $2", tenant, id.uuid())
        .execute(tx.conn())
        .await?
        .exactly(1)
}
