//! The rules' words as the API spells them.

use async_graphql::Enum;

use crate::{
    actions::export_journal::Form,
    domain::{card, route, task},
    store::{tasks, views},
    verification,
};

/// What a document is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "card::Kind")]
pub enum DocumentKind {
    /// Came from outside.
    Incoming,
    /// Goes outside.
    Outgoing,
    /// Stays inside.
    Internal,
    /// An order of the head.
    Order,
    /// Minutes of an elected body.
    Minutes,
}

/// Where a document stands on its way.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "card::State")]
pub enum DocumentState {
    /// Being prepared.
    Draft,
    /// On its route.
    Routing,
    /// Sent back for rework.
    Returned,
    /// The route was gone to its end.
    Completed,
}

/// A saved view of the inbox.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "views::View")]
pub enum DocumentView {
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

/// What a participant of a route is asked to do.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "route::Act")]
pub enum RouteAct {
    /// Agree.
    Approve,
    /// Sign with a simple electronic signature.
    Sign,
    /// Take note.
    Acknowledge,
}

/// Where a step of a route stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "route::StepState")]
pub enum RouteStepState {
    /// Its turn has not come.
    Waiting,
    /// Its participant is asked now.
    Active,
    /// Done.
    Done,
    /// Its participant sent the document back.
    Returned,
    /// Another sent the document back before.
    Skipped,
}

/// Whether a signature holds.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "verification::Validity")]
pub enum SignatureValidity {
    /// The bytes are those that were signed, and the record is as it was sealed.
    Valid,
    /// The bytes are others, or gone.
    BytesChanged,
    /// The record, or one before it, was altered.
    RecordAltered,
}

/// Where a task stands. Overdue is no state: `isOverdue` says it.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "task::TaskState")]
pub enum TaskState {
    /// Given.
    Given,
    /// Worked on.
    InWork,
    /// Reported.
    Reported,
    /// Done.
    Accepted,
    /// Sent back by the controller.
    Returned,
}

/// Whose tasks.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "tasks::TaskView")]
pub enum TaskView {
    /// The viewer's own.
    Mine,
    /// Those that the viewer controls.
    Controlled,
    /// Both, and for clerks all of the organization.
    All,
}

/// The form of an export.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Form")]
pub enum ExportForm {
    /// Comma-separated values.
    Csv,
    /// A workbook, in which nothing computes.
    Xlsx,
    /// A paper.
    Pdf,
}
