//! Measures of resolutions in the API.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::NaiveDate;
use plenum_bodies_api::{Measure, MeasureKind};
use plenum_graph::{Answer, Refusal, global, parse_id};
use plenum_identity::store::accounts;
use plenum_learning_api::{CourseId, LearningRead};
use plenum_members_api::Office;

use super::opened;
use crate::actions::add_measure::NewMeasure;

/// How a measure is carried out.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "MeasureKind")]
pub enum MeasureKindName {
    /// Somebody does it and reports.
    Task,
    /// Members who hold an office are trained.
    Training,
}

/// Who carries a task out.
#[derive(SimpleObject)]
pub struct MeasureAssignee {
    /// The account's id.
    id: ID,
    name: String,
}

/// Who is trained, and by which course.
#[derive(SimpleObject)]
pub struct MeasureTraining {
    /// The course's id.
    course: ID,
    course_title: String,
    /// Those who hold one of these offices.
    offices: Vec<Office>,
    /// Only offices of primary organizations.
    of_primaries: bool,
}

/// What a resolution obliges to.
pub struct MeasureNode(pub Measure);

#[Object(name = "Measure")]
impl MeasureNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn kind(&self) -> MeasureKindName {
        match self.0.kind {
            MeasureKind::Task { .. } => MeasureKindName::Task,
            MeasureKind::Training { .. } => MeasureKindName::Training,
        }
    }
    /// What is to be done.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// By when.
    async fn due_on(&self) -> Option<NaiveDate> {
        self.0.due_on
    }
    /// A task's.
    async fn assignee(&self, ctx: &Context<'_>) -> Answer<Option<MeasureAssignee>> {
        let MeasureKind::Task { assignee } = self.0.kind else { return Ok(None) };
        let mut tx = opened(ctx).await?;
        let name = accounts::names(tx.conn(), &[assignee]).await?.remove(&assignee).unwrap_or_default();
        Ok(Some(MeasureAssignee { id: global(assignee), name }))
    }
    /// A training's.
    async fn training(&self, ctx: &Context<'_>) -> Answer<Option<MeasureTraining>> {
        let MeasureKind::Training { course, offices, of_primaries } = &self.0.kind else { return Ok(None) };
        let mut tx = opened(ctx).await?;
        let course_title = match learning(ctx) {
            Some(learning) => learning.course_title(&mut tx, *course).await?.unwrap_or_default(),
            None => String::new(),
        };
        Ok(Some(MeasureTraining {
            course: global(*course),
            course_title,
            offices: offices.clone(),
            of_primaries: *of_primaries,
        }))
    }
}

/// Courses, where the installation has them.
pub(super) fn learning<'c>(ctx: &Context<'c>) -> Option<&'c dyn LearningRead> {
    ctx.data_opt::<Arc<dyn LearningRead>>().map(|learning| &**learning)
}

/// A measure to be added to an item: either a task or a training.
#[derive(InputObject)]
pub struct AddMeasureInput {
    pub(super) item: ID,
    /// What is to be done.
    text: String,
    /// By when; not before the session.
    due_on: Option<NaiveDate>,
    task: Option<MeasureTaskInput>,
    training: Option<MeasureTrainingInput>,
}

/// Somebody does it and reports.
#[derive(InputObject)]
pub struct MeasureTaskInput {
    /// An account of the organization, see `colleagues`.
    assignee: ID,
}

/// Members are trained.
#[derive(InputObject)]
pub struct MeasureTrainingInput {
    /// A published course.
    course: ID,
    /// Those who hold one of these offices.
    offices: Vec<Office>,
    /// Only offices of primary organizations.
    #[graphql(default)]
    of_primaries: bool,
}

impl AddMeasureInput {
    pub(super) fn read(self) -> Answer<NewMeasure> {
        let kind = match (self.task, self.training) {
            (Some(task), None) => MeasureKind::Task { assignee: parse_id(&task.assignee)? },
            (None, Some(training)) => MeasureKind::Training {
                course: parse_id::<CourseId>(&training.course)?,
                offices: training.offices,
                of_primaries: training.of_primaries,
            },
            _ => return Err(Refusal::invalid_field("input", "task_or_training")),
        };
        Ok(NewMeasure { text: self.text, due_on: self.due_on, kind })
    }
}
