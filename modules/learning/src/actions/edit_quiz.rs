//! The rules and questions of a quiz are changed. Attempts that run keep the paper that they began with.

use plenum_db::{Permit, TenantTx};
use plenum_learning_api::QuestionId;
use serde_json::json;

use super::{
    LearningError,
    edit_course::{open, same},
    edit_lesson::in_order,
};
use crate::{
    domain::{course::Content, paper::Rules, question::Question},
    permissions::Write,
    store::{
        courses::PlacedCourse,
        lessons::{self, Lesson},
        questions::{self, Kept},
    },
};

/// The most questions of a quiz.
const MOST: usize = 300;

type CoursePermit = Permit<Write, PlacedCourse>;

/// Sets the rules.
///
/// # Errors
/// [`LearningError`].
pub async fn set_rules(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    mut lesson: Lesson,
    new: Rules,
) -> Result<(), LearningError> {
    open(tx, permit).await?;
    let Content::Quiz { rules, .. } = &mut lesson.content else {
        return Err(LearningError::State("not_a_quiz"));
    };
    if let Some(path) = new.fault() {
        return Err(LearningError::Field(path, "out_of_range"));
    }
    *rules = new;
    lessons::update(tx, &lesson).await?;
    plenum_audit::record(tx, "learning.set_quiz_rules", lesson.id, json!({})).await?;
    Ok(())
}

/// Adds a question at the end, or replaces one.
///
/// # Errors
/// [`LearningError`].
pub async fn save_question(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    lesson: &Lesson,
    id: Option<QuestionId>,
    question: Question,
) -> Result<QuestionId, LearningError> {
    open(tx, permit).await?;
    if !matches!(lesson.content, Content::Quiz { .. }) {
        return Err(LearningError::State("not_a_quiz"));
    }
    question.check().map_err(|fault| LearningError::Field(fault.path, fault.reason))?;
    let all = questions::of_lesson(tx, lesson.id).await?;
    let kept = match id {
        Some(id) => {
            let old = all.iter().find(|kept| kept.id == id).ok_or(LearningError::NotFound)?;
            let kept = Kept { question, ..old.clone() };
            questions::update(tx, &kept).await?;
            kept
        }
        None if all.len() >= MOST => return Err(LearningError::Field("lesson", "too_many")),
        None => {
            let position = all.last().map_or(1, |last| last.position + 1);
            let kept = Kept { id: QuestionId::new(), lesson: lesson.id, position, question };
            questions::insert(tx, &kept).await?;
            kept
        }
    };
    plenum_audit::record(tx, "learning.save_question", kept.id, json!({})).await?;
    Ok(kept.id)
}

/// Removes a question.
///
/// # Errors
/// [`LearningError`].
pub async fn remove_question(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    question: QuestionId,
) -> Result<(), LearningError> {
    open(tx, permit).await?;
    questions::delete(tx, question).await?;
    plenum_audit::record(tx, "learning.remove_question", question, json!({})).await?;
    Ok(())
}

/// Puts the questions of a quiz in this order.
///
/// # Errors
/// [`LearningError`] when the list does not name each of them once.
pub async fn order_questions(
    tx: &mut TenantTx,
    permit: &CoursePermit,
    lesson: &Lesson,
    order: &[QuestionId],
) -> Result<(), LearningError> {
    open(tx, permit).await?;
    let all = questions::of_lesson(tx, lesson.id).await?;
    if !same(order, all.iter().map(|kept| kept.id)) {
        return Err(LearningError::Field("questions", "not_the_same"));
    }
    for (mut kept, position) in in_order(all, order, |kept| kept.id) {
        kept.position = position;
        questions::update(tx, &kept).await?;
    }
    plenum_audit::record(tx, "learning.order_questions", lesson.id, json!({})).await?;
    Ok(())
}
