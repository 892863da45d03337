//! Root fields that write: each opens its transaction, asks for a permit, and calls one action.

use async_graphql::{Context, ID, Object};
use plenum_documents_api::{DocumentId, JournalId, StepId, SubstituteId, TaskId};
use plenum_files::{FileId, graphql::FileNode};
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id, parse_optional_id};
use plenum_identity::{ConfirmError, Identity, graphql::ProofInput};
use plenum_kernel::{TenantId, UnitId};
use plenum_tenancy::store::units::{self, Unit};

use super::{
    desk,
    document::DocumentNode,
    inputs::{
        CreateJournalInput, DocumentCardInput, GiveResolutionInput, NameSubstituteInput,
        RegisterDocumentPayload, RegisterDocumentStatus, RouteStepInput, SignStepPayload, SignStepStatus,
    },
    names::{DocumentKind, ExportForm},
    parts::{JournalNode, SubstituteNode},
    queries,
    task::TaskNode,
};
use crate::{
    actions::{
        add_version, create_document, create_journal, decide_step, export_journal, give_resolution,
        move_task, name_substitute,
        register_document::{self, Registered},
        send_document, sign_step, start_route,
    },
    domain::task::Move,
    permissions::{self, Register, Routing, Send, TakePart},
    store::{
        documents::{Document, Shared},
        steps::OwnStep,
        substitutes::Substitute,
        tasks::SharedTask,
    },
};

/// Root fields.
#[derive(Default)]
pub struct DocumentsMutation;

async fn shown(ctx: &Context<'_>, id: DocumentId) -> Answer<DocumentNode> {
    queries::document(ctx, id).await?.ok_or_else(Refusal::not_found)
}

async fn moved(ctx: &Context<'_>, task: &ID, done: Move, text: &str) -> Answer<TaskNode> {
    let mut tx = ctx.write(permissions::TAKE_PART).await?;
    let id: TaskId = parse_id(task)?;
    let permit = tx.permit::<TakePart, SharedTask>(id).await?;
    let outcome = move_task::move_task(&mut tx, permit, done, text).await;
    tx.finish(outcome).await?;
    queries::task(ctx, id).await?.ok_or_else(Refusal::not_found)
}

#[Object]
impl DocumentsMutation {
    /// Opens a registration journal.
    async fn create_journal(&self, ctx: &Context<'_>, input: CreateJournalInput) -> Answer<JournalNode> {
        let mut tx = ctx.write(permissions::REGISTER).await?;
        let root = units::root(&mut tx).await?.id;
        let permit = tx.permit::<Register, Unit>(root).await?;
        let CreateJournalInput { kind, name, pattern, yearly } = input;
        let outcome =
            create_journal::create_journal(&mut tx, permit, kind.into(), &name, &pattern, yearly).await;
        tx.finish(outcome).await.map(JournalNode)
    }

    /// Makes a document's card: a draft without a number, of a unit or, left out, of the apparatus.
    async fn create_document(
        &self,
        ctx: &Context<'_>,
        kind: DocumentKind,
        unit: Option<ID>,
        input: DocumentCardInput,
    ) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::REGISTER).await?;
        let unit: UnitId = match parse_optional_id(unit.as_ref())? {
            Some(unit) => unit,
            None => units::root(&mut tx).await?.id,
        };
        let permit = tx.permit::<Register, Unit>(unit).await?;
        let outcome = create_document::create_document(&mut tx, permit, kind.into(), input.card()?).await;
        let id = tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// Rewrites a document's card, while it is not on its route. With the revision that was read: when the card is another
    /// by now, nothing is changed.
    async fn edit_document(
        &self,
        ctx: &Context<'_>,
        document: ID,
        revision: Option<i32>,
        input: DocumentCardInput,
    ) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::REGISTER).await?;
        let id: DocumentId = parse_id(&document)?;
        let permit = tx.permit::<Register, Document>(id).await?;
        let outcome = create_document::edit_document(&mut tx, permit, revision, input.card()?).await;
        tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// Registers a document: it gets the next number of the journal. Once only.
    async fn register_document(
        &self,
        ctx: &Context<'_>,
        document: ID,
        journal: ID,
    ) -> Answer<RegisterDocumentPayload> {
        let mut tx = ctx.write(permissions::REGISTER).await?;
        let id: DocumentId = parse_id(&document)?;
        let journal: JournalId = parse_id(&journal)?;
        let permit = tx.permit::<Register, Document>(id).await?;
        let outcome = register_document::register_document(&mut tx, permit, desk(ctx), journal).await;
        let (status, registration) = match tx.finish(outcome).await? {
            Registered::Now(registration) => (RegisterDocumentStatus::Ok, registration),
            Registered::Before(registration) => (RegisterDocumentStatus::AlreadyRegistered, registration),
        };
        Ok(RegisterDocumentPayload { status, number: registration.number, document: shown(ctx, id).await? })
    }

    /// Adds a complete upload of the viewer as the next version. Its content is looked at; what is wrong with it is
    /// flagged. A document that was sent back begins its route anew.
    async fn add_version(
        &self,
        ctx: &Context<'_>,
        document: ID,
        file: ID,
        #[graphql(default)] comment: String,
    ) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: DocumentId = parse_id(&document)?;
        let file: FileId = parse_id(&file)?;
        let permit = tx.permit::<TakePart, Shared>(id).await?;
        let outcome = add_version::add_version(&mut tx, permit, desk(ctx), file, &comment).await;
        tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// Sends a draft on its route.
    async fn start_route(
        &self,
        ctx: &Context<'_>,
        document: ID,
        steps: Vec<RouteStepInput>,
    ) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::ROUTE).await?;
        let id: DocumentId = parse_id(&document)?;
        let steps = steps.into_iter().map(RouteStepInput::step).collect::<Answer<Vec<_>>>()?;
        let permit = tx.permit::<Routing, Document>(id).await?;
        let outcome = start_route::start_route(&mut tx, permit, desk(ctx), &steps).await;
        tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// Approves, or takes note: what the viewer's step asks for.
    async fn decide_step(
        &self,
        ctx: &Context<'_>,
        step: ID,
        #[graphql(default)] comment: String,
    ) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let permit = tx.permit::<TakePart, OwnStep>(parse_id::<StepId>(&step)?).await?;
        let id = permit.resource().document.id;
        let outcome = decide_step::decide_step(&mut tx, permit, &comment).await;
        tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// Signs the latest version with a simple electronic signature: the viewer proves again, for each one, that it is
    /// them, by the second factor or a recovery code when the account has one, otherwise by the password.
    async fn sign_step(
        &self,
        ctx: &Context<'_>,
        step: ID,
        proof: ProofInput,
        intent: String,
    ) -> Answer<SignStepPayload> {
        // Twice: before the proof, and after it, when a role may be gone.
        let opened = async || {
            let mut tx = ctx.write(permissions::TAKE_PART).await?;
            let permit = tx.permit::<TakePart, OwnStep>(parse_id::<StepId>(&step)?).await?;
            Answer::Ok((tx, permit))
        };
        let (tx, permit) = opened().await?;
        let account = tx.viewer().account().ok_or_else(Refusal::unauthenticated)?;
        let id = permit.resource().document.id;
        // Comparing a password takes its time: no transaction is held open meanwhile.
        drop(tx);
        let identity = ctx.data_unchecked::<Identity>();
        let confirmation = match identity.confirm_act(account, proof.read()?, &ctx.scope().address).await {
            Ok(confirmation) => confirmation,
            Err(ConfirmError::Wrong) => {
                return Ok(SignStepPayload {
                    status: SignStepStatus::Wrong,
                    document: shown(ctx, id).await?,
                });
            }
            Err(ConfirmError::SecondFactor) => {
                return Ok(SignStepPayload {
                    status: SignStepStatus::SecondFactor,
                    document: shown(ctx, id).await?,
                });
            }
            Err(ConfirmError::Wait(seconds)) => return Err(Refusal::rate_limited(seconds)),
            Err(ConfirmError::Store(error)) => return Err(error.into()),
        };
        let (mut tx, permit) = opened().await?;
        let outcome = sign_step::sign_step(&mut tx, permit, desk(ctx), confirmation, &intent).await;
        tx.finish(outcome).await?;
        Ok(SignStepPayload { status: SignStepStatus::Ok, document: shown(ctx, id).await? })
    }

    /// Sends the document back for rework, with the reason.
    async fn return_for_rework(&self, ctx: &Context<'_>, step: ID, comment: String) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let permit = tx.permit::<TakePart, OwnStep>(parse_id::<StepId>(&step)?).await?;
        let id = permit.resource().document.id;
        let outcome = decide_step::return_for_rework(&mut tx, permit, &comment).await;
        tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// Names who acts for the viewer in a period, both days included.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn name_substitute(
        &self,
        ctx: &Context<'_>,
        input: NameSubstituteInput,
    ) -> Answer<Vec<SubstituteNode>> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let account = parse_id(&input.account)?;
        name_substitute::name_substitute(&mut tx, desk(ctx), account, input.starts_on, input.ends_on).await?;
        let left = queries::own_substitutes(&mut tx).await?;
        tx.commit().await?;
        Ok(left)
    }

    /// Ends a substitution of the viewer now.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    async fn end_substitute(&self, ctx: &Context<'_>, substitute: ID) -> Answer<Vec<SubstituteNode>> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let permit = tx.permit::<TakePart, Substitute>(parse_id::<SubstituteId>(&substitute)?).await?;
        name_substitute::end_substitute(&mut tx, permit).await?;
        let left = queries::own_substitutes(&mut tx).await?;
        tx.commit().await?;
        Ok(left)
    }

    /// Sends a registered document to other organizations of the tree; each registers its copy and a receipt comes back.
    async fn send_document(
        &self,
        ctx: &Context<'_>,
        document: ID,
        organizations: Vec<ID>,
    ) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::SEND).await?;
        let id: DocumentId = parse_id(&document)?;
        let organizations = organizations.iter().map(parse_id::<TenantId>).collect::<Answer<Vec<_>>>()?;
        let permit = tx.permit::<Send, Document>(id).await?;
        let outcome = send_document::send_document(&mut tx, permit, &organizations).await;
        tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// Gives an instruction on a document, with tasks.
    async fn give_resolution(&self, ctx: &Context<'_>, input: GiveResolutionInput) -> Answer<DocumentNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: DocumentId = parse_id(&input.document)?;
        let new = input.tasks.into_iter().map(|task| task.task()).collect::<Answer<Vec<_>>>()?;
        let permit = tx.permit::<TakePart, Shared>(id).await?;
        let outcome = give_resolution::give_resolution(&mut tx, permit, desk(ctx), &input.text, new).await;
        tx.finish(outcome).await?;
        shown(ctx, id).await
    }

    /// The assignee begins a task.
    async fn begin_task(&self, ctx: &Context<'_>, task: ID) -> Answer<TaskNode> {
        moved(ctx, &task, Move::Begin, "").await
    }

    /// The assignee reports a task.
    async fn report_task(&self, ctx: &Context<'_>, task: ID, report: String) -> Answer<TaskNode> {
        moved(ctx, &task, Move::Report, &report).await
    }

    /// The controller accepts a report.
    async fn accept_task(&self, ctx: &Context<'_>, task: ID) -> Answer<TaskNode> {
        moved(ctx, &task, Move::Accept, "").await
    }

    /// The controller returns a report, with the reason.
    async fn return_task(&self, ctx: &Context<'_>, task: ID, comment: String) -> Answer<TaskNode> {
        moved(ctx, &task, Move::Return, &comment).await
    }

    /// Writes a journal out: the entries of a year, or of all.
    async fn export_journal(
        &self,
        ctx: &Context<'_>,
        journal: ID,
        year: Option<i32>,
        form: ExportForm,
    ) -> Answer<FileNode> {
        let mut tx = ctx.write_confirmed(permissions::VIEW).await?;
        let journal: JournalId = parse_id(&journal)?;
        let outcome = export_journal::export_journal(&mut tx, desk(ctx), journal, year, form.into()).await;
        tx.finish(outcome).await.map(FileNode)
    }
}
