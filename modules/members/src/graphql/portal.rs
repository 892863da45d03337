//! The member's own: record, consent, card. And the check of a card, which is everybody's.

use async_graphql::{Context, Enum, Object, SimpleObject};
use plenum_db::{StoreError, TenantTx};
use plenum_files::{Files, graphql::FileNode};
use plenum_graph::{Answer, Doors, Finish, Refusal};
use plenum_tenancy::store::tenants;

use super::{member::MemberNode, names::Date};
use crate::{
    Cards,
    actions::{
        print_card::{self, Card},
        record_consent::say_for_oneself,
    },
    domain::consent::{self, ConsentAct},
    permissions,
    store::persons::{self, Placed},
};

/// The viewer's own record.
pub(super) async fn own(tx: &mut TenantTx) -> Result<Option<Placed>, StoreError> {
    match tx.viewer().account() {
        Some(account) => persons::by_account(tx, account).await,
        None => Ok(None),
    }
}

/// The text of the consent to the use of personal data.
#[derive(SimpleObject)]
pub struct ConsentText {
    version: String,
    title: String,
    /// Paragraphs with a blank line between them.
    text: String,
}

/// How saying something of consent ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum MyConsentStatus {
    /// Recorded.
    Ok,
    /// It is what holds already.
    Unchanged,
    /// The account is linked to no record.
    NoRecord,
}

/// The outcome of saying something of consent.
#[derive(SimpleObject)]
pub struct MyConsentPayload {
    status: MyConsentStatus,
    member: Option<MemberNode>,
}

/// The electronic membership card.
pub struct MembershipCard(Card);

#[Object]
impl MembershipCard {
    async fn full_name(&self) -> &str {
        &self.0.full_name
    }
    /// The organization.
    async fn organization(&self) -> &str {
        &self.0.organization
    }
    /// The unit that keeps the record.
    async fn unit(&self) -> &str {
        &self.0.unit
    }
    /// The number of the paper card.
    async fn card_number(&self) -> Option<&str> {
        self.0.card_number.as_deref()
    }
    async fn issued_on(&self) -> Date {
        Date(self.0.issued_on)
    }
    /// The page on which anybody can check the card.
    async fn verify_url(&self) -> &str {
        &self.0.verify_url
    }
    /// The same as a QR code: an image in SVG.
    async fn qr_svg(&self) -> Answer<String> {
        print_card::qr_svg(&self.0).map_err(|error| Refusal::internal(&error))
    }
    async fn valid(&self) -> bool {
        self.0.valid
    }
}

/// How printing a card ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintCardStatus {
    /// The file is there.
    Ok,
    /// The account is linked to no record that is kept on.
    NoRecord,
}

/// The outcome of printing a card.
#[derive(SimpleObject)]
pub struct PrintCardPayload {
    status: PrintCardStatus,
    file: Option<FileNode>,
}

/// What anybody learns of a card.
#[derive(SimpleObject)]
pub struct CardCheck {
    valid: bool,
    /// Whose card it is, when it is valid.
    full_name: Option<String>,
    /// Of which organization, when it is valid.
    organization: Option<String>,
}

/// Root fields that read.
#[derive(Default)]
pub struct PortalQuery;

#[Object]
impl PortalQuery {
    /// The viewer's own record; null when the account is linked to none.
    async fn my_record(&self, ctx: &Context<'_>) -> Answer<Option<MemberNode>> {
        let mut tx = ctx.read(permissions::PORTAL).await?;
        Ok(own(&mut tx).await?.map(MemberNode::own))
    }

    /// The viewer's membership card; null without a record.
    async fn my_card(&self, ctx: &Context<'_>) -> Answer<Option<MembershipCard>> {
        let mut tx = ctx.read(permissions::PORTAL).await?;
        let Some(placed) = own(&mut tx).await? else { return Ok(None) };
        let card = print_card::card_of(&mut tx, ctx.data_unchecked::<Cards>(), &placed).await?;
        Ok(Some(MembershipCard(card)))
    }

    /// The text that a member agrees to now.
    async fn consent_text(&self, ctx: &Context<'_>) -> Answer<ConsentText> {
        let mut tx = ctx.read(permissions::PORTAL).await?;
        let id = tx.tenant();
        let tenant = tenants::by_id(tx.conn(), id).await?.ok_or_else(Refusal::not_found)?;
        let (title, paragraphs) = consent::text(&tenant.name);
        Ok(ConsentText {
            version: consent::TEXT_VERSION.to_owned(),
            title: title.to_owned(),
            text: paragraphs.join("\n\n"),
        })
    }

    /// Whether a membership card is valid, and whose it is. Public.
    async fn verify_card(&self, ctx: &Context<'_>, token: String) -> Answer<CardCheck> {
        let named = print_card::verify_card(ctx.db(), ctx.data_unchecked::<Cards>(), &token)
            .await
            .map_err(Refusal::from)?;
        let valid = named.is_some();
        let (full_name, organization) = named.unzip();
        Ok(CardCheck { valid, full_name, organization })
    }
}

/// Root fields that change something.
#[derive(Default)]
pub struct PortalMutation;

#[Object]
impl PortalMutation {
    /// The viewer agrees to the use of their data, as the present text says it.
    async fn give_consent(&self, ctx: &Context<'_>, text_version: String) -> Answer<MyConsentPayload> {
        let tx = ctx.write(permissions::PORTAL).await?;
        say(tx, ConsentAct::Given, Some(&text_version)).await
    }

    /// The viewer takes the consent back.
    async fn withdraw_consent(&self, ctx: &Context<'_>) -> Answer<MyConsentPayload> {
        let tx = ctx.write(permissions::PORTAL).await?;
        say(tx, ConsentAct::Withdrawn, None).await
    }

    /// Prints the viewer's membership card as a PDF.
    async fn print_my_card(&self, ctx: &Context<'_>) -> Answer<PrintCardPayload> {
        let mut tx = ctx.write(permissions::PORTAL).await?;
        let (cards, files) = (ctx.data_unchecked::<Cards>(), ctx.data_unchecked::<Files>());
        let placed = own(&mut tx).await?;
        let Some(placed) = placed.filter(|placed| placed.person.state == persons::MemberState::Active) else {
            return Ok(PrintCardPayload { status: PrintCardStatus::NoRecord, file: None });
        };
        let card = print_card::card_of(&mut tx, cards, &placed).await?;
        let outcome = print_card::print_card(&mut tx, cards, files, &card).await;
        let file = tx.finish(outcome).await?;
        Ok(PrintCardPayload { status: PrintCardStatus::Ok, file: Some(FileNode(file)) })
    }
}

async fn say(mut tx: TenantTx, act: ConsentAct, text: Option<&str>) -> Answer<MyConsentPayload> {
    let Some(placed) = own(&mut tx).await? else {
        return Ok(MyConsentPayload { status: MyConsentStatus::NoRecord, member: None });
    };
    let outcome = match say_for_oneself(&mut tx, &placed.person, act, text).await {
        Ok(recorded) => Ok(MyConsentPayload {
            status: if recorded { MyConsentStatus::Ok } else { MyConsentStatus::Unchanged },
            member: own(&mut tx).await?.map(MemberNode::own),
        }),
        Err(error) => Err(Refusal::from(error)),
    };
    tx.finish(outcome).await
}
