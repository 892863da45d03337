//! A session and all that belongs to it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_files::{FileId, graphql::FileNode, store as files};
use plenum_graph::{Answer, global};
use plenum_kernel::AccountId;
use tokio::sync::OnceCell;

use super::{
    body::{BodyNode, SeatNode},
    measures::MeasureNode,
    meetings,
    names::{AgendaItemState, Choice, MinutesState, Quorum, SessionState, VoteState},
    opened,
};
use crate::{
    permissions,
    proceedings::Proceedings,
    store::{seats::Seat, sessions::Sitting},
};

/// A session of a body. What lists show of it is at hand; the proceedings are read when first asked for.
#[derive(Clone)]
pub struct SessionNode {
    sitting: Sitting,
    proceedings: Arc<OnceCell<Arc<Scene>>>,
}

/// Proceedings as one viewer sees them.
pub(crate) struct Scene {
    proceedings: Proceedings,
    viewer: Option<AccountId>,
}

impl Scene {
    fn seat(&self, seat: &Seat) -> SeatNode {
        SeatNode { seat: seat.clone(), viewer: self.viewer }
    }

    fn viewer_seat(&self) -> Option<&Seat> {
        self.viewer.and_then(|account| self.proceedings.seat_of(account))
    }
}

impl SessionNode {
    pub(crate) fn new(sitting: Sitting) -> Self {
        Self { sitting, proceedings: Arc::default() }
    }

    async fn scene(&self, ctx: &Context<'_>) -> Answer<Arc<Scene>> {
        self.proceedings
            .get_or_try_init(|| async {
                let mut tx = opened(ctx).await?;
                let viewer = tx.viewer().account();
                let proceedings = Proceedings::load(&mut tx, meetings(ctx), self.sitting.clone()).await?;
                Ok(Arc::new(Scene { proceedings, viewer }))
            })
            .await
            .cloned()
    }

    pub(crate) async fn items(&self, ctx: &Context<'_>) -> Answer<Vec<AgendaItemNode>> {
        let scene = self.scene(ctx).await?;
        Ok((0..scene.proceedings.agenda.len())
            .map(|index| AgendaItemNode { scene: scene.clone(), index })
            .collect())
    }

    pub(crate) async fn votes(&self, ctx: &Context<'_>) -> Answer<Vec<VoteNode>> {
        let scene = self.scene(ctx).await?;
        Ok((0..scene.proceedings.votes.len()).map(|index| VoteNode { scene: scene.clone(), index }).collect())
    }
}

/// What the viewer may do in a session.
#[derive(SimpleObject)]
pub struct SessionAbilities {
    /// Enter the room: a seat on the roll.
    join: bool,
    /// Open and close it, its items and votes.
    preside: bool,
    /// Cast a ballot.
    vote: bool,
    /// Call it off.
    schedule: bool,
    /// Write measures down.
    record: bool,
}

/// When media were interrupted, because the server that carried the room was lost.
#[derive(SimpleObject)]
pub struct Interruption {
    /// When that server was there last.
    began_at: DateTime<Utc>,
    /// When the first was in the room again; null when nobody was yet.
    ended_at: Option<DateTime<Utc>>,
}

/// One line of the roll: presence and notice.
#[derive(SimpleObject)]
pub struct Attendance {
    seat: SeatNode,
    /// Whether the member is in the room now.
    present: bool,
    first_joined_at: Option<DateTime<Utc>>,
    notice_sent_at: Option<DateTime<Utc>>,
    /// When the personal link was first followed.
    notice_opened_at: Option<DateTime<Utc>>,
}

#[Object(name = "Session")]
impl SessionNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.sitting.session.id)
    }
    async fn body(&self) -> BodyNode {
        BodyNode(self.sitting.body.clone())
    }
    async fn title(&self) -> &str {
        &self.sitting.session.title
    }
    /// 1, 2, 3 … within the body.
    async fn number(&self) -> i32 {
        self.sitting.session.number
    }
    async fn starts_at(&self) -> DateTime<Utc> {
        self.sitting.session.starts_at
    }
    async fn state(&self) -> SessionState {
        self.sitting.session.state.into()
    }
    async fn opened_at(&self) -> Option<DateTime<Utc>> {
        self.sitting.session.opened_at
    }
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.sitting.session.closed_at
    }
    /// Why it was called off.
    async fn cancel_reason(&self) -> Option<&str> {
        self.sitting.session.cancel_reason.as_deref()
    }
    /// In order.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn agenda(&self, ctx: &Context<'_>) -> Answer<Vec<AgendaItemNode>> {
        self.items(ctx).await
    }
    /// The item before the body now.
    async fn current_item(&self, ctx: &Context<'_>) -> Answer<Option<AgendaItemNode>> {
        let items = self.items(ctx).await?;
        Ok(items.into_iter().find(|item| item.is_current()))
    }
    /// The roll: by office, then by name.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn attendance(&self, ctx: &Context<'_>) -> Answer<Vec<Attendance>> {
        let scene = self.scene(ctx).await?;
        let all = &scene.proceedings;
        Ok(all
            .roll
            .iter()
            .map(|seat| {
                let notice = all.notices.iter().find(|notice| notice.seat == seat.id);
                Attendance {
                    seat: scene.seat(seat),
                    present: all.is_present(seat),
                    first_joined_at: all.first_joined(seat),
                    notice_sent_at: notice.and_then(|notice| notice.sent_at),
                    notice_opened_at: notice.and_then(|notice| notice.opened_at),
                }
            })
            .collect())
    }
    /// When media were interrupted while it was open, in the order of time.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn interruptions(&self, ctx: &Context<'_>) -> Answer<Vec<Interruption>> {
        let scene = self.scene(ctx).await?;
        let all = &scene.proceedings.interruptions;
        Ok(all.iter().map(|one| Interruption { began_at: one.began_at, ended_at: one.ended_at }).collect())
    }
    async fn quorum(&self, ctx: &Context<'_>) -> Answer<Quorum> {
        let scene = self.scene(ctx).await?;
        Ok(Quorum::new(scene.proceedings.quorum(), self.sitting.body.quorum))
    }
    /// The vote that is open now.
    async fn open_vote(&self, ctx: &Context<'_>) -> Answer<Option<VoteNode>> {
        Ok(self.votes(ctx).await?.into_iter().find(VoteNode::is_open))
    }
    /// The minutes, when they are ready.
    async fn minutes(&self, ctx: &Context<'_>) -> Answer<Option<FileNode>> {
        let Some(id) = self.sitting.session.minutes else { return Ok(None) };
        let mut tx = opened(ctx).await?;
        Ok(files::by_id(&mut tx, id).await?.map(FileNode))
    }
    async fn minutes_state(&self) -> MinutesState {
        let session = &self.sitting.session;
        match (session.minutes, session.minutes_pending) {
            (Some(_), _) => MinutesState::Ready,
            (None, true) => MinutesState::Pending,
            (None, false) => MinutesState::None,
        }
    }
    /// How many notices were handed to the mail.
    async fn notices_sent(&self, ctx: &Context<'_>) -> Answer<usize> {
        let scene = self.scene(ctx).await?;
        Ok(scene.proceedings.notices.iter().filter(|notice| notice.sent_at.is_some()).count())
    }
    /// The viewer's seat on the roll; null when the viewer has none.
    async fn viewer_seat(&self, ctx: &Context<'_>) -> Answer<Option<SeatNode>> {
        let scene = self.scene(ctx).await?;
        Ok(scene.viewer_seat().map(|seat| scene.seat(seat)))
    }
    /// What the viewer may do.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Answer<SessionAbilities> {
        let scene = self.scene(ctx).await?;
        let tx = opened(ctx).await?;
        let place = self.sitting.body.place();
        let seated = scene.viewer_seat().is_some();
        Ok(SessionAbilities {
            join: seated
                && self.sitting.session.state.room_is_open()
                && !tx.viewer().off.has(plenum_meetings_api::MODULE),
            preside: tx.allows(permissions::PRESIDE, place),
            vote: seated && tx.allows(permissions::TAKE_PART, place),
            schedule: tx.allows(permissions::SCHEDULE, place),
            record: tx.allows(permissions::RECORD, place),
        })
    }
}

/// An item of the agenda.
pub struct AgendaItemNode {
    scene: Arc<Scene>,
    index: usize,
}

impl AgendaItemNode {
    fn item(&self) -> &crate::store::agenda::AgendaItem {
        &self.scene.proceedings.agenda[self.index]
    }

    fn is_current(&self) -> bool {
        self.item().state == crate::store::agenda::ItemState::Current
    }
}

#[Object(name = "AgendaItem")]
impl AgendaItemNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.item().id)
    }
    /// 1, 2, 3 …
    async fn position(&self) -> i32 {
        self.item().position
    }
    async fn title(&self) -> &str {
        &self.item().title
    }
    /// Who reports.
    async fn speaker(&self) -> Option<&str> {
        self.item().speaker.as_deref()
    }
    /// The decision as proposed.
    async fn draft_decision(&self) -> Option<&str> {
        self.item().draft_decision.as_deref()
    }
    /// The decision as taken.
    async fn decision(&self) -> Option<&str> {
        self.item().decision.as_deref()
    }
    async fn state(&self) -> AgendaItemState {
        self.item().state.into()
    }
    /// Attached files, in order.
    #[graphql(complexity = "plenum_graph::cost::list(3, child_complexity)")]
    async fn materials(&self, ctx: &Context<'_>) -> Answer<Vec<FileNode>> {
        let ids: &[FileId] = &self.item().materials;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = opened(ctx).await?;
        let mut nodes = Vec::with_capacity(ids.len());
        for id in ids {
            nodes.extend(files::by_id(&mut tx, *id).await?.map(FileNode));
        }
        Ok(nodes)
    }
    /// What the decision obliges to; carried out when the session is closed and the motion was adopted.
    #[graphql(complexity = "plenum_graph::cost::list(3, child_complexity)")]
    async fn measures(&self, ctx: &Context<'_>) -> Answer<Vec<MeasureNode>> {
        let mut tx = opened(ctx).await?;
        let all = crate::store::measures::of_item(&mut tx, self.item().id).await?;
        Ok(all.into_iter().map(MeasureNode).collect())
    }
    /// Its votes, in order.
    #[graphql(complexity = "plenum_graph::cost::list(2, child_complexity)")]
    async fn votes(&self) -> Vec<VoteNode> {
        let id = self.item().id;
        let all = &self.scene.proceedings.votes;
        (0..all.len())
            .filter(|index| all[*index].item == id)
            .map(|index| VoteNode { scene: self.scene.clone(), index })
            .collect()
    }
}

/// A named open vote on a motion.
pub struct VoteNode {
    scene: Arc<Scene>,
    index: usize,
}

impl VoteNode {
    fn vote(&self) -> &crate::store::votes::Vote {
        &self.scene.proceedings.votes[self.index]
    }

    fn is_open(&self) -> bool {
        self.vote().closed_at.is_none()
    }

    pub(crate) fn is(&self, id: plenum_bodies_api::VoteId) -> bool {
        self.vote().id == id
    }
}

#[Object(name = "Vote")]
impl VoteNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.vote().id)
    }
    /// The item that it belongs to.
    async fn item(&self) -> Option<AgendaItemNode> {
        let index = self.scene.proceedings.agenda.iter().position(|item| item.id == self.vote().item)?;
        Some(AgendaItemNode { scene: self.scene.clone(), index })
    }
    /// What is voted on.
    async fn motion(&self) -> &str {
        &self.vote().motion
    }
    async fn state(&self) -> VoteState {
        if self.is_open() { VoteState::Open } else { VoteState::Closed }
    }
    async fn opened_at(&self) -> DateTime<Utc> {
        self.vote().opened_at
    }
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.vote().closed_at
    }
    /// How many were in the room when it was opened.
    async fn present_at_opening(&self) -> i32 {
        self.vote().present_at_opening
    }
    /// How many had to be.
    async fn required_present(&self) -> i32 {
        self.vote().required_present
    }
    /// How many have voted; what they said is known at the closing.
    async fn cast_count(&self) -> usize {
        self.scene.proceedings.cast_count(self.vote().id)
    }
    /// The viewer's own choice, also while the vote is open.
    async fn viewer_choice(&self) -> Option<Choice> {
        let seat = self.scene.viewer_seat()?;
        self.scene.proceedings.choice(self.vote().id, seat.id).map(Choice::from)
    }
    /// Null until the vote is closed.
    async fn result(&self) -> Option<VoteResult> {
        let (tally, by_name) = self.scene.proceedings.result(self.vote())?;
        Some(VoteResult {
            r#for: tally.r#for,
            against: tally.against,
            abstained: tally.abstained,
            not_voted: tally.not_voted,
            required: tally.required(),
            adopted: tally.adopted(),
            ballots: by_name
                .into_iter()
                .map(|(seat, choice)| NamedBallot {
                    seat: self.scene.seat(seat),
                    choice: choice.map(Choice::from),
                })
                .collect(),
        })
    }
}

/// The result of a closed vote.
#[derive(SimpleObject)]
pub struct VoteResult {
    r#for: u32,
    against: u32,
    abstained: u32,
    /// In the room at the closing, and silent.
    not_voted: u32,
    /// How many voices for adopt the motion: more than half of those who took part.
    required: u32,
    adopted: bool,
    /// Everyone who took part, by office and name.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    ballots: Vec<NamedBallot>,
}

/// What one member said.
#[derive(SimpleObject)]
pub struct NamedBallot {
    seat: SeatNode,
    /// Null for one who did not vote.
    choice: Option<Choice>,
}
