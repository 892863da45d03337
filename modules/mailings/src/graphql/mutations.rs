//! Root fields that write.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_files::{FilesError, graphql::FileNode};
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id, parse_optional_id};
use plenum_kernel::UnitId;
use plenum_mailings_api::{CampaignId, MailingListId, SuppressionId};
use plenum_tenancy::store::units::{self, Unit};

use super::{
    inputs::{CampaignInput, MailingListInput},
    nodes::{CampaignNode, MailingListNode},
    queries::{self, Unsubscription, unsubscription_of},
    tools,
};
use crate::{
    actions::{
        Step, cancel_campaign, export_deliveries, pause_campaign, record_bounce, save_campaign, save_list,
        start_campaign,
    },
    jobs::SendTest,
    permissions::{self, Edit, Send, View},
    public::Tokens,
    store::{campaigns::PlacedCampaign, lists::MailingList, suppressions::PlacedSuppression},
};

/// How a step of a campaign ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Step")]
pub enum CampaignStepStatus {
    /// Done, or done before.
    #[graphql(name = "OK")]
    Done,
    /// The campaign is in another state.
    WrongState,
    /// There is no subject, no content, or nowhere to send it.
    Incomplete,
    /// Nobody would get it.
    NoRecipients,
    /// The time is past.
    InThePast,
    /// It is more than the organization may send today: wait for tomorrow, or ask the federation for more.
    OverDailyLimit,
}

/// The outcome of a step, and the campaign as it is now.
#[derive(SimpleObject)]
pub struct CampaignPayload {
    status: CampaignStepStatus,
    campaign: CampaignNode,
}

/// Where the test letter goes.
#[derive(SimpleObject)]
pub struct TestLetterPayload {
    /// The caller's own address.
    address: String,
}

/// The outcome of letting letters go to an address again.
#[derive(SimpleObject)]
pub struct LiftBouncePayload {
    /// Always true.
    done: bool,
}

/// Root fields.
#[derive(Default)]
pub struct MailingsMutation;

#[Object]
impl MailingsMutation {
    /// Makes a list that recipients can leave.
    async fn create_mailing_list(
        &self,
        ctx: &Context<'_>,
        input: MailingListInput,
    ) -> Answer<MailingListNode> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let unit: UnitId = match parse_optional_id(input.unit.as_ref())? {
            Some(unit) => unit,
            None => units::root(&mut tx).await?.id,
        };
        let permit = tx.permit::<Edit, Unit>(unit).await?;
        let outcome = save_list::create_list(&mut tx, permit, &input.name, &input.description).await;
        tx.finish(outcome).await.map(MailingListNode)
    }

    /// Describes a list anew.
    async fn update_mailing_list(
        &self,
        ctx: &Context<'_>,
        list: ID,
        input: MailingListInput,
    ) -> Answer<MailingListNode> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let permit = tx.permit::<Edit, MailingList>(parse_id::<MailingListId>(&list)?).await?;
        // A list stays its unit's: another one is answered like one that is not there.
        if let Some(unit) = parse_optional_id::<UnitId>(input.unit.as_ref())?
            && unit != permit.resource().unit.id
        {
            return Err(Refusal::not_found());
        }
        let outcome = save_list::update_list(&mut tx, permit, &input.name, &input.description).await;
        tx.finish(outcome).await.map(MailingListNode)
    }

    /// Writes a new draft.
    async fn create_campaign(&self, ctx: &Context<'_>, input: CampaignInput) -> Answer<CampaignNode> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let permit = tx.permit::<Edit, MailingList>(parse_id::<MailingListId>(&input.list)?).await?;
        let draft = input.read()?;
        let outcome = save_campaign::create_campaign(&mut tx, permit, tools(ctx), draft).await;
        let id = tx.finish(outcome).await?;
        queries::campaign(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Writes a draft anew.
    async fn update_campaign(
        &self,
        ctx: &Context<'_>,
        campaign: ID,
        input: CampaignInput,
    ) -> Answer<CampaignNode> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let id: CampaignId = parse_id(&campaign)?;
        let permit = tx.permit::<Edit, PlacedCampaign>(id).await?;
        let onto = tx.permit::<Edit, MailingList>(parse_id::<MailingListId>(&input.list)?).await?;
        let draft = input.read()?;
        let outcome = save_campaign::update_campaign(&mut tx, permit, onto, tools(ctx), draft).await;
        tx.finish(outcome).await?;
        queries::campaign(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Sends the letter to the caller's own address, as somebody of the audience would get it.
    async fn send_test_letter(&self, ctx: &Context<'_>, campaign: ID) -> Answer<TestLetterPayload> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let permit = tx.permit::<Edit, PlacedCampaign>(parse_id::<CampaignId>(&campaign)?).await?;
        let account = tx.viewer().account().ok_or_else(Refusal::unauthenticated)?;
        let known = plenum_identity::store::accounts::by_id(tx.conn(), account).await?;
        let address = known.ok_or_else(Refusal::unauthenticated)?.email;
        let job = SendTest { campaign: permit.resource().campaign.id, account };
        plenum_jobs::enqueue(&mut tx, &job).await?;
        tx.commit().await?;
        Ok(TestLetterPayload { address })
    }

    /// Sends a campaign now, or at a time; a time can be changed until it comes.
    async fn start_campaign(
        &self,
        ctx: &Context<'_>,
        campaign: ID,
        at: Option<DateTime<Utc>>,
    ) -> Answer<CampaignPayload> {
        let mut tx = ctx.write(permissions::SEND).await?;
        let id: CampaignId = parse_id(&campaign)?;
        let permit = tx.permit::<Send, PlacedCampaign>(id).await?;
        let outcome = start_campaign::start_campaign(&mut tx, permit, tools(ctx), at).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Stops a campaign for now; what is in the mail server's hands leaves.
    async fn pause_campaign(&self, ctx: &Context<'_>, campaign: ID) -> Answer<CampaignPayload> {
        let mut tx = ctx.write(permissions::SEND).await?;
        let id: CampaignId = parse_id(&campaign)?;
        let permit = tx.permit::<Send, PlacedCampaign>(id).await?;
        let outcome = pause_campaign::pause_campaign(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Lets a paused campaign go on where it stopped.
    async fn resume_campaign(&self, ctx: &Context<'_>, campaign: ID) -> Answer<CampaignPayload> {
        let mut tx = ctx.write(permissions::SEND).await?;
        let id: CampaignId = parse_id(&campaign)?;
        let permit = tx.permit::<Send, PlacedCampaign>(id).await?;
        let outcome = pause_campaign::resume_campaign(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// Calls a campaign off: whoever has no letter yet gets none.
    async fn cancel_campaign(&self, ctx: &Context<'_>, campaign: ID) -> Answer<CampaignPayload> {
        let mut tx = ctx.write(permissions::SEND).await?;
        let id: CampaignId = parse_id(&campaign)?;
        let permit = tx.permit::<Send, PlacedCampaign>(id).await?;
        let outcome = cancel_campaign::cancel_campaign(&mut tx, permit).await;
        let step = tx.finish(outcome).await?;
        payload(ctx, id, step).await
    }

    /// The ledger of a campaign as a CSV file.
    async fn export_deliveries(&self, ctx: &Context<'_>, campaign: ID) -> Answer<FileNode> {
        let mut tx = ctx.write_confirmed(permissions::VIEW).await?;
        let permit = tx.permit::<View, PlacedCampaign>(parse_id::<CampaignId>(&campaign)?).await?;
        let outcome = export_deliveries::export_deliveries(&mut tx, permit, tools(ctx)).await;
        let outcome = outcome.map_err(|error| match error {
            FilesError::Store(error) => Refusal::from(error),
            other => Refusal::internal(&other),
        });
        tx.finish(outcome).await.map(FileNode)
    }

    /// Lets letters go to an address again that was bad.
    async fn lift_bounce(&self, ctx: &Context<'_>, suppression: ID) -> Answer<LiftBouncePayload> {
        let mut tx = ctx.write(permissions::EDIT).await?;
        let permit = tx.permit::<Edit, PlacedSuppression>(parse_id::<SuppressionId>(&suppression)?).await?;
        let outcome = record_bounce::lift_bounce(&mut tx, permit).await;
        tx.finish(outcome).await?;
        Ok(LiftBouncePayload { done: true })
    }

    /// Leaves the list of a letter by its link; null when it is none of ours. Public.
    async fn unsubscribe(&self, ctx: &Context<'_>, token: String) -> Answer<Option<Unsubscription>> {
        ctx.data_unchecked::<Tokens>().leave(&token, true).await?;
        unsubscription_of(ctx, &token).await
    }

    /// Comes back to the list of a letter by its link; null when it is none of ours. Public.
    async fn resubscribe(&self, ctx: &Context<'_>, token: String) -> Answer<Option<Unsubscription>> {
        ctx.data_unchecked::<Tokens>().leave(&token, false).await?;
        unsubscription_of(ctx, &token).await
    }
}

async fn payload(ctx: &Context<'_>, id: CampaignId, step: Step) -> Answer<CampaignPayload> {
    let campaign = queries::campaign(ctx, id).await?.ok_or_else(Refusal::not_found)?;
    Ok(CampaignPayload { status: step.into(), campaign })
}
