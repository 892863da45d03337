//! The contract of bodies: ids, events, who may enter the room of a session, and what was resolved.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use plenum_db::{Place, StoreError, TenantTx};
use plenum_events::Event;
use plenum_kernel::{AccountId, FileId, UnitId, id_types};
use plenum_learning_api::CourseId;
use plenum_members_api::{MemberId, Office};
use serde::{Deserialize, Serialize};

id_types! {
    /// An elected body: a council, a presidium…
    BodyId = "Body";
    /// A seat in a body: one person, one vote.
    SeatId = "Seat";
    /// A session (sitting) of a body.
    SessionId = "Session";
    /// An item of a session's agenda.
    AgendaItemId = "AgendaItem";
    /// A vote on a motion.
    VoteId = "Vote";
    /// A measure: what a resolution obliges to.
    MeasureId = "Measure";
}

/// What a person enters a session's room as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The seat.
    pub seat: SeatId,
    /// How the person is called in the room.
    pub full_name: String,
    /// Where the person comes from.
    pub organization: String,
}

/// Whether an account may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// It may.
    Admitted(Admission),
    /// The account has no seat on the session's roll.
    NotInvited,
    /// The session is closed or cancelled.
    Over,
    /// The tenant has no such session.
    NoSession,
}

/// A body, as other modules know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodySummary {
    /// Its id.
    pub id: BodyId,
    /// The unit whose body it is.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
}

/// A seat, as other modules know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatSummary {
    /// Its id.
    pub id: SeatId,
    /// The body.
    pub body: BodyId,
    /// The account of the person who holds it.
    pub account: AccountId,
    /// Their record in the tenant's register, when it was chosen from there.
    pub member: Option<MemberId>,
    /// Their name.
    pub full_name: String,
    /// `chair`, `deputy_chair`, `secretary` or `member`.
    pub office: String,
}

/// A session, as other modules know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSummary {
    /// Its id.
    pub id: SessionId,
    /// The body.
    pub body: BodySummary,
    /// 1, 2, 3 … within the body.
    pub number: i32,
    /// What it is called.
    pub title: String,
    /// When it begins or began.
    pub starts_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The minutes, when they are made.
    pub minutes: Option<FileId>,
    /// Who is called to it, officers first.
    pub roll: Vec<SeatSummary>,
    /// The accounts of those who were there.
    pub attended: Vec<AccountId>,
}

/// A session, as far as whoever keeps its room has to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOutline {
    /// Its id.
    pub id: SessionId,
    /// The body's name.
    pub body: String,
    /// Where it is, for permissions.
    pub place: Place,
    /// What it is called.
    pub title: String,
    /// When it begins or began.
    pub starts_at: DateTime<Utc>,
    /// Whether people may be in its room.
    pub room_is_open: bool,
}

/// An item of an agenda was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consideration {
    /// Which.
    pub item: AgendaItemId,
    /// Its place on the agenda: 1, 2, 3 …
    pub position: i32,
    /// What it is about.
    pub title: String,
    /// When.
    pub began_at: DateTime<Utc>,
}

/// What a resolution obliges to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its id.
    pub id: MeasureId,
    /// What is to be done, in words.
    pub text: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// How it is carried out.
    pub kind: MeasureKind,
}

/// How a measure is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeasureKind {
    /// Somebody does it and reports.
    Task {
        /// Who.
        assignee: AccountId,
    },
    /// Members are trained: all who hold an office.
    Training {
        /// The course.
        course: CourseId,
        /// The offices.
        offices: Vec<Office>,
        /// Only those of primary organizations.
        of_primaries: bool,
    },
}

/// An adopted resolution on one item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The item.
    pub item: AgendaItemId,
    /// The session.
    pub session: SessionId,
    /// What it was about.
    pub title: String,
    /// What was resolved.
    pub text: String,
    /// Its measures.
    pub measures: Vec<Measure>,
}

/// What other modules may ask of bodies, inside their own transaction.
#[async_trait]
pub trait BodiesRead: Send + Sync {
    /// May this account enter the room of this session, and as whom?
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn entry(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
        account: AccountId,
    ) -> Result<Entry, StoreError>;

    /// All bodies of the tenant by name, at most 500.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn bodies(&self, tx: &mut TenantTx) -> Result<Vec<BodySummary>, StoreError>;

    /// One body.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn body(&self, tx: &mut TenantTx, id: BodyId) -> Result<Option<BodySummary>, StoreError>;

    /// The seats of a body that have not ended, officers first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn seats(&self, tx: &mut TenantTx, body: BodyId) -> Result<Vec<SeatSummary>, StoreError>;

    /// One seat, ended or not.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn seat(&self, tx: &mut TenantTx, id: SeatId) -> Result<Option<SeatSummary>, StoreError>;

    /// One session with its roll.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn session(&self, tx: &mut TenantTx, id: SessionId) -> Result<Option<SessionSummary>, StoreError>;

    /// One session without its proceedings.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn outline(&self, tx: &mut TenantTx, id: SessionId) -> Result<Option<SessionOutline>, StoreError>;

    /// Which item of a session was taken up when, in the order of time; one that was taken up again is there again.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn considered(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
    ) -> Result<Vec<Consideration>, StoreError>;

    /// The resolution adopted on an item; none when nothing was adopted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn resolution(
        &self,
        tx: &mut TenantTx,
        item: AgendaItemId,
    ) -> Result<Option<Resolution>, StoreError>;
}

/// Somebody took a seat in a body.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeatTaken {
    /// The seat.
    pub seat: SeatId,
    /// The body.
    pub body: BodyId,
}

impl Event for SeatTaken {
    const NAME: &'static str = "bodies.seat_taken";
}

/// A seat in a body ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeatEnded {
    /// The seat.
    pub seat: SeatId,
    /// The body.
    pub body: BodyId,
}

impl Event for SeatEnded {
    const NAME: &'static str = "bodies.seat_ended";
}

/// A body was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BodyCreated {
    /// The body.
    pub body: BodyId,
}

impl Event for BodyCreated {
    const NAME: &'static str = "bodies.body_created";
}

/// A session was called.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionScheduled {
    /// The session.
    pub session: SessionId,
}

impl Event for SessionScheduled {
    const NAME: &'static str = "bodies.session_scheduled";
}

/// The notice of a session was sent to one seat by mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeSent {
    /// The session.
    pub session: SessionId,
    /// The seat.
    pub seat: SeatId,
}

impl Event for NoticeSent {
    const NAME: &'static str = "bodies.notice_sent";
}

/// A session was closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionClosed {
    /// The session.
    pub session: SessionId,
}

impl Event for SessionClosed {
    const NAME: &'static str = "bodies.session_closed";
}

/// A session adopted a resolution; published when the session is closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResolutionAdopted {
    /// The session.
    pub session: SessionId,
    /// The item.
    pub item: AgendaItemId,
}

impl Event for ResolutionAdopted {
    const NAME: &'static str = "bodies.resolution_adopted";
}

/// The minutes of a session are made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MinutesReady {
    /// The session.
    pub session: SessionId,
    /// The PDF.
    pub file: FileId,
}

impl Event for MinutesReady {
    const NAME: &'static str = "bodies.minutes_ready";
}
