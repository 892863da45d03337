//! Courses and sections.

use std::fmt::Write;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Paged, Paging, global, paged};
use plenum_kernel::TypedId;
use plenum_learning_api::{EnrolmentId, EnrolmentStatus};

use super::{
    enrolment::EnrolmentNode,
    lesson::LessonNode,
    members,
    names::{CourseState, EnrolmentState},
};
use crate::{
    Webinars,
    actions::{self, edit_course},
    domain::course,
    permissions,
    store::{
        attempts, certificates,
        courses::{self, Course, PlacedCourse},
        enrolments::{self, Enrolment},
        invitations::{self, Invitation},
        lessons::{self, Section},
    },
};

/// All states in which somebody is on the list.
pub(super) const ALL: [EnrolmentStatus; 4] = [
    EnrolmentStatus::Enrolled,
    EnrolmentStatus::InProgress,
    EnrolmentStatus::Completed,
    EnrolmentStatus::Withdrawn,
];

/// Whether the viewer may do this in the tenant.
pub(super) async fn may(tx: &mut TenantTx, permission: plenum_authz::Permission) -> Answer<bool> {
    let place = courses::place(tx).await?;
    Ok(tx.allows(permission, &place))
}

/// The viewer's enrolment in a course that was not withdrawn.
pub(super) async fn own(ctx: &Context<'_>, tx: &mut TenantTx, course: &Course) -> Answer<Option<Enrolment>> {
    let Some(member) = actions::learner(tx, members(ctx)).await? else { return Ok(None) };
    let found = enrolments::of(tx, course.id, member.id).await?;
    Ok(found.filter(|enrolment| enrolment.state != EnrolmentStatus::Withdrawn))
}

/// The lessons of a course as the viewer sees them.
pub(super) async fn lessons_of(
    ctx: &Context<'_>,
    tx: &mut TenantTx,
    course: &Course,
) -> Answer<Vec<LessonNode>> {
    let author = may(tx, permissions::AUTHOR).await?;
    let enrolment = own(ctx, tx, course).await?;
    let way = actions::way(tx, course, enrolment.as_ref()).await?;
    let node = |(lesson, state): (lessons::Lesson, _)| LessonNode {
        progress: way.progress.iter().find(|one| one.lesson == lesson.id).cloned(),
        lesson,
        course: course.clone(),
        state,
        enrolment: enrolment.clone(),
        author,
    };
    Ok(way.lessons.into_iter().zip(way.states).map(node).collect())
}

/// A section.
pub struct SectionNode {
    pub(crate) section: Section,
    pub(crate) lessons: Vec<LessonNode>,
}

#[Object(name = "Section")]
impl SectionNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.section.id)
    }
    async fn title(&self) -> &str {
        &self.section.title
    }
    async fn position(&self) -> i32 {
        self.section.position
    }
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn lessons(&self) -> Vec<LessonNode> {
        self.lessons.clone()
    }
}

/// What the viewer may do with a course.
#[derive(SimpleObject)]
pub struct CourseAbilities {
    /// Change it.
    edit: bool,
    /// Enrol others, see how they do.
    enrol: bool,
    /// Enrol themselves.
    enrol_self: bool,
}

/// Something that a course lacks before it can be published.
#[derive(SimpleObject)]
pub struct CourseGap {
    /// `no_sections`, `section_empty`, `text_empty`, `video_missing`, `file_missing`, `quiz_empty`, `webinar_no_time`.
    code: &'static str,
    section: Option<ID>,
    lesson: Option<ID>,
}

/// A link that enrols the members who follow it.
pub struct CourseInvitationNode(pub(super) Invitation);

#[Object(name = "CourseInvitation")]
impl CourseInvitationNode {
    async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn url(&self, ctx: &Context<'_>) -> String {
        format!("{}/learning/join/{}", ctx.data_unchecked::<Webinars>().public_url, self.0.token)
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }
    async fn closed(&self) -> bool {
        self.0.closed_at.is_some()
    }
    /// How many were enrolled by it.
    async fn uses(&self) -> i32 {
        self.0.uses
    }
}

/// A course.
#[derive(Clone)]
pub struct CourseNode(pub(crate) Course);

#[Object(name = "Course")]
impl CourseNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn title(&self) -> &str {
        &self.0.title
    }
    async fn summary(&self) -> &str {
        &self.0.summary
    }
    async fn state(&self) -> CourseState {
        self.0.state.into()
    }
    /// Whether its lessons open one after another.
    async fn sequential(&self) -> bool {
        self.0.sequential
    }
    /// Whether completing it earns a certificate.
    async fn certificate(&self) -> bool {
        self.0.certificate
    }
    /// Whether members may enrol themselves.
    async fn self_enrol(&self) -> bool {
        self.0.self_enrol
    }
    /// How many days a learner has.
    async fn default_days(&self) -> Option<i32> {
        self.0.default_days
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }
    /// Its sections with their lessons, in order.
    #[graphql(complexity = "20 + plenum_graph::cost::list(5, child_complexity)")]
    async fn sections(&self, ctx: &Context<'_>) -> Answer<Vec<SectionNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let all = lessons_of(ctx, &mut tx, &self.0).await?;
        let sections = lessons::sections(&mut tx, self.0.id).await?.into_iter().map(|section| SectionNode {
            lessons: all.iter().filter(|one| one.lesson.section == section.id).cloned().collect(),
            section,
        });
        Ok(sections.collect())
    }
    async fn lesson_count(&self, ctx: &Context<'_>) -> Answer<usize> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        Ok(lessons::of_course(&mut tx, self.0.id).await?.len())
    }
    /// How many are enrolled; 0 for those who do not enrol.
    async fn enrolment_count(&self, ctx: &Context<'_>) -> Answer<i64> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        if !may(&mut tx, permissions::ENROL).await? {
            return Ok(0);
        }
        Ok(enrolments::count(&mut tx, self.0.id).await?)
    }
    /// The viewer's enrolment.
    async fn my_enrolment(&self, ctx: &Context<'_>) -> Answer<Option<EnrolmentNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let own = own(ctx, &mut tx, &self.0).await?;
        Ok(own.map(|enrolment| EnrolmentNode { enrolment, course: self.0.clone() }))
    }
    /// What it lacks before it can be published; empty for those who do not edit it.
    async fn missing(&self, ctx: &Context<'_>) -> Answer<Vec<CourseGap>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        if !may(&mut tx, permissions::AUTHOR).await? {
            return Ok(Vec::new());
        }
        let gaps = edit_course::gaps(&mut tx, self.0.id).await?.into_iter().map(|gap| CourseGap {
            code: gap.code,
            section: gap.section.map(global),
            lesson: gap.lesson.map(global),
        });
        Ok(gaps.collect())
    }
    /// What the viewer may do.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Answer<CourseAbilities> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        let edit = may(&mut tx, permissions::AUTHOR).await?;
        let enrol = may(&mut tx, permissions::ENROL).await?;
        let open = self.0.self_enrol && self.0.state == course::CourseState::Published;
        let enrol_self = open
            && own(ctx, &mut tx, &self.0).await?.is_none()
            && actions::learner(&mut tx, members(ctx)).await?.is_some();
        Ok(CourseAbilities { edit, enrol, enrol_self })
    }
    /// Its learners by name, with how they do.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn gradebook(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        search: Option<String>,
        state: Option<Vec<EnrolmentState>>,
    ) -> Answer<Paged<EnrolmentNode>> {
        let mut tx = ctx.read(permissions::GRADE).await?;
        tx.permit::<permissions::Grade, PlacedCourse>(self.0.id).await?;
        let paging = Paging::new(first, after)?;
        let states: Vec<EnrolmentStatus> =
            state.map_or_else(|| ALL.to_vec(), |all| all.into_iter().map(Into::into).collect());
        let after = match paging.after.as_deref() {
            Some(cursor) => {
                let (name, id) = cursor.rsplit_once('|').ok_or_else(Paging::bad_cursor)?;
                Some((name, EnrolmentId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
            }
            None => None,
        };
        let search = search.unwrap_or_default();
        let rows =
            enrolments::page(&mut tx, self.0.id, &states, search.trim(), after, paging.limit()).await?;
        let nodes = rows.into_iter().map(|enrolment| {
            let cursor = format!("{}|{}", enrolment.full_name, enrolment.id);
            (cursor, EnrolmentNode { enrolment, course: self.0.clone() })
        });
        Ok(paged(&paging, nodes))
    }
    /// The gradebook as a CSV table, at most 10,000 learners. Cells that a spreadsheet would take for formulas are
    /// quoted with an apostrophe.
    #[graphql(complexity = 2000)]
    async fn gradebook_csv(&self, ctx: &Context<'_>) -> Answer<String> {
        let mut tx = ctx.read(permissions::GRADE).await?;
        tx.permit::<permissions::Grade, PlacedCourse>(self.0.id).await?;
        let mut table = String::from(
            "\u{feff}ФИО;Состояние;Пройдено;Всего;Лучший результат, %;Срок;Завершён;Сертификат\r\n",
        );
        let mut after: Option<(String, EnrolmentId)> = None;
        for _ in 0..50 {
            let from = after.as_ref().map(|(name, id)| (name.as_str(), *id));
            let rows = enrolments::page(&mut tx, self.0.id, &ALL, "", from, 200).await?;
            for row in &rows {
                let way = actions::way(&mut tx, &self.0, Some(row)).await?;
                let (done, total) = crate::domain::progress::count(&way.steps);
                let best = attempts::best(&mut tx, row.id).await?;
                let number = certificates::number_of(&mut tx, row.id).await?;
                let day = |at: Option<DateTime<Utc>>| at.map(|at| at.format("%d.%m.%Y").to_string());
                // Writing to a string cannot fail.
                write!(
                    table,
                    "{};{};{done};{total};{};{};{};{}\r\n",
                    cell(&row.full_name),
                    enrolments::state_text(row.state),
                    best.map(|best| best.to_string()).unwrap_or_default(),
                    day(row.due_at).unwrap_or_default(),
                    day(row.completed_at).unwrap_or_default(),
                    number.unwrap_or_default(),
                )
                .ok();
            }
            match rows.last() {
                Some(last) if rows.len() == 200 => after = Some((last.full_name.clone(), last.id)),
                _ => break,
            }
        }
        Ok(table)
    }
    /// The links that enrol who follows them, the newest first; empty for those who do not enrol.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn invitations(&self, ctx: &Context<'_>) -> Answer<Vec<CourseInvitationNode>> {
        let mut tx = ctx.read(permissions::LEARN).await?;
        if !may(&mut tx, permissions::ENROL).await? {
            return Ok(Vec::new());
        }
        let all = invitations::of_course(&mut tx, self.0.id).await?;
        Ok(all.into_iter().map(CourseInvitationNode).collect())
    }
}

fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
