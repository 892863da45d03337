//! Root fields that read.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_db::{Resource, TenantTx};
use plenum_graph::{Answer, Door, Doors, Paged, Paging, Refusal, global, paged, parse_id, parse_optional_id};
use plenum_kernel::TypedId;
use plenum_mailings_api::{CampaignId, DeliveryId, MailingListId};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units;

use super::{
    inputs::MailingAudienceInput,
    nodes::{
        AudienceExclusion, CampaignNode, CampaignState, DeliveryNode, MailingListNode, SuppressedAddress,
        suppressed,
    },
    tools,
};
use crate::{
    actions::{count_audience, preview_campaign},
    domain::person::PersonalField,
    permissions::{self, View},
    public::Tokens,
    store::{
        campaigns::{self, PlacedCampaign},
        deliveries,
        lists::{self, MailingList},
    },
};

/// How many get a letter, and how many do not, and why.
#[derive(SimpleObject)]
pub struct AudienceCount {
    /// Members whom the criteria mean.
    total: i64,
    /// Of them, those who get a letter.
    recipients: i64,
    /// Those left out.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    excluded: Vec<AudienceExclusion>,
}

/// A letter to look at.
#[derive(SimpleObject)]
pub struct CampaignPreview {
    /// To whom it would go; null for nobody in particular.
    to: Option<String>,
    subject: String,
    /// A whole page; show it in a sandboxed frame only.
    html: String,
    text: String,
}

/// A thing to choose.
#[derive(SimpleObject)]
pub struct MailingChoice {
    id: ID,
    name: String,
}

/// A channel to choose.
#[derive(SimpleObject)]
pub struct MailingChannel {
    id: ID,
    name: String,
    participants: i64,
}

/// A personal field to choose.
#[derive(SimpleObject)]
pub struct MailingField {
    /// As a text names it, between `{{` and `}}`.
    name: &'static str,
}

/// What an editor can choose from.
#[derive(SimpleObject)]
pub struct MailingOptions {
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    bodies: Vec<MailingChoice>,
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    courses: Vec<MailingChoice>,
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    channels: Vec<MailingChannel>,
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    fields: Vec<MailingField>,
}

/// What a link for leaving a list is about.
#[derive(SimpleObject)]
pub struct Unsubscription {
    /// The list.
    list_name: String,
    /// What it is about.
    list_description: String,
    /// Who writes.
    organization: String,
    /// The address, most of it hidden.
    address: String,
    /// Whether it left the list.
    unsubscribed: bool,
}

/// Root fields.
#[derive(Default)]
pub struct MailingsQuery;

#[Object]
impl MailingsQuery {
    /// Campaigns, the latest changed first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn campaigns(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        state: Option<CampaignState>,
    ) -> Answer<Paged<CampaignNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after = paging.after.as_deref().map(read_cursor).transpose()?;
        let lists = visible(&mut tx).await?;
        let ids: Vec<MailingListId> = lists.iter().map(|list| list.id).collect();
        let rows = campaigns::page(&mut tx, &ids, state.map(Into::into), after, paging.limit()).await?;
        let nodes = rows.into_iter().filter_map(|campaign| {
            let list = lists.iter().find(|list| list.id == campaign.draft.list)?.clone();
            let cursor = format!("{}|{}", campaign.updated_at.timestamp_micros(), campaign.id);
            Some((cursor, CampaignNode(PlacedCampaign { campaign, list })))
        });
        Ok(paged(&paging, nodes))
    }

    /// Lists that recipients can leave, by name.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn mailing_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<MailingListNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => Some(MailingListId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let visible = visible(&mut tx).await?;
        let start = match after {
            Some(id) => visible.iter().position(|list| list.id == id).map_or(visible.len(), |at| at + 1),
            None => 0,
        };
        let rows = visible.into_iter().skip(start).map(|list| (list.id.global(), MailingListNode(list)));
        Ok(paged(&paging, rows))
    }

    /// Addresses that do not exist: letters to them came back. The latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn bounced_addresses(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<SuppressedAddress>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        // They are the tenant's: who sees only a part of it is shown none.
        let root = units::root(&mut tx).await?;
        if !tx.allows(permissions::VIEW, &plenum_authz::Place::of_units(&root.path)) {
            return Ok(paged(&paging, []));
        }
        suppressed(&mut tx, None, paging).await
    }

    /// How many of an audience would get a letter of a list, and how many are left out and why.
    async fn audience_count(
        &self,
        ctx: &Context<'_>,
        list: ID,
        audience: MailingAudienceInput,
    ) -> Answer<AudienceCount> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let permit = tx.permit::<View, MailingList>(parse_id(&list)?).await?;
        let audience = audience.read()?;
        let count = count_audience::count_audience(&mut tx, tools(ctx), permit.resource(), &audience).await?;
        let excluded = count.excluded.into_iter();
        Ok(AudienceCount {
            total: count.total,
            recipients: count.recipients,
            excluded: excluded
                .map(|(reason, count)| AudienceExclusion { reason: reason.into(), count })
                .collect(),
        })
    }

    /// What an editor can choose from: bodies, courses, channels, personal fields.
    async fn mailing_options(&self, ctx: &Context<'_>) -> Answer<MailingOptions> {
        let mut tx = ctx.read(permissions::EDIT).await?;
        let tools = tools(ctx);
        let bodies = tools.bodies.bodies(&mut tx).await?;
        let courses = match tools.learning.as_deref() {
            Some(learning) => learning.courses(&mut tx).await?,
            None => Vec::new(),
        };
        let channels = match tools.chat.as_deref() {
            Some(chat) => chat.channels(&mut tx).await?,
            None => Vec::new(),
        };
        Ok(MailingOptions {
            bodies: bodies
                .into_iter()
                .map(|body| MailingChoice { id: global(body.id), name: body.name })
                .collect(),
            courses: courses.into_iter().map(|(id, name)| MailingChoice { id: global(id), name }).collect(),
            channels: channels
                .into_iter()
                .map(|channel| MailingChannel {
                    id: global(channel.id),
                    name: channel.name,
                    participants: channel.participants,
                })
                .collect(),
            fields: PersonalField::ALL.into_iter().map(|field| MailingField { name: field.name() }).collect(),
        })
    }

    /// A campaign as a member of its audience would get it; without one, for nobody in particular.
    async fn preview_campaign(
        &self,
        ctx: &Context<'_>,
        campaign: ID,
        member: Option<ID>,
    ) -> Answer<CampaignPreview> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let permit = tx.permit::<View, PlacedCampaign>(parse_id(&campaign)?).await?;
        let member = parse_optional_id::<MemberId>(member.as_ref())?;
        let preview =
            preview_campaign::preview_campaign(&mut tx, tools(ctx), permit.resource(), member).await?;
        Ok(CampaignPreview {
            to: preview.to,
            subject: preview.subject,
            html: preview.html,
            text: preview.text,
        })
    }

    /// What the link of a letter is about; null when it is none of ours. Public.
    async fn unsubscription(&self, ctx: &Context<'_>, token: String) -> Answer<Option<Unsubscription>> {
        unsubscription_of(ctx, &token).await
    }
}

pub(super) async fn unsubscription_of(ctx: &Context<'_>, token: &str) -> Answer<Option<Unsubscription>> {
    let found = ctx.data_unchecked::<Tokens>().standing(token).await?;
    Ok(found.map(|(standing, organization)| Unsubscription {
        list_name: standing.list.name,
        list_description: standing.list.description,
        organization,
        address: hidden(&standing.address),
        unsubscribed: standing.left,
    }))
}

/// `a***@example.org`: enough for its owner, and no more for who came by the link in another way.
fn hidden(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            format!("{}***@{domain}", local.chars().next().map(String::from).unwrap_or_default())
        }
        None => "***".to_owned(),
    }
}

fn read_cursor(cursor: &str) -> Answer<(DateTime<Utc>, CampaignId)> {
    let (at, id) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    let at = at.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or_else(Paging::bad_cursor)?;
    Ok((at, CampaignId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}

/// The tenant's lists that the viewer may see.
async fn visible(tx: &mut TenantTx) -> Answer<Vec<MailingList>> {
    let mut all = lists::all(tx).await?;
    all.retain(|list| tx.allows(permissions::VIEW, &list.place()));
    Ok(all)
}

/// The campaign, for a subscription too.
pub(super) async fn campaign_through(door: &Door, id: CampaignId) -> Answer<Option<CampaignNode>> {
    let mut tx = door.read(permissions::VIEW).await?;
    let found = PlacedCampaign::find(&mut tx, id).await?;
    Ok(found.filter(|placed| tx.allows(permissions::VIEW, &placed.place())).map(CampaignNode))
}

/// Finds a campaign for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn campaign(ctx: &Context<'_>, id: CampaignId) -> Answer<Option<CampaignNode>> {
    campaign_through(&ctx.door(), id).await
}

/// Finds a list for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn mailing_list(ctx: &Context<'_>, id: MailingListId) -> Answer<Option<MailingListNode>> {
    let mut tx = ctx.read(permissions::VIEW).await?;
    let found = lists::by_id(&mut tx, id).await?;
    Ok(found.filter(|list| tx.allows(permissions::VIEW, &list.place())).map(MailingListNode))
}

/// Finds a line of the ledger for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn delivery(ctx: &Context<'_>, id: DeliveryId) -> Answer<Option<DeliveryNode>> {
    let mut tx = ctx.read(permissions::VIEW).await?;
    let Some(line) = deliveries::by_id(&mut tx, id).await? else { return Ok(None) };
    let placed = PlacedCampaign::find(&mut tx, line.campaign).await?.ok_or_else(Refusal::not_found)?;
    Ok(tx.allows(permissions::VIEW, &placed.place()).then_some(DeliveryNode(line)))
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn an_address_is_hidden_but_for_its_first_letter_and_its_domain() {
        assert_eq!(hidden("anna@example.org"), "a***@example.org");
        assert_eq!(hidden("?"), "***");
    }
}
