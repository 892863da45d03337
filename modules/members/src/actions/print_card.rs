//! The membership card: what it shows, its QR code, and the PDF.

use chrono::NaiveDate;
use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, StoreError, TenantTx};
use plenum_files::{File, Files, FilesError};
use plenum_print::{PrintError, Template};
use plenum_tenancy::store::tenants;
use qrcode::{EcLevel, QrCode, render::svg, types::QrError};
use serde_json::json;

use crate::{
    Cards,
    domain::membership_card::CardClaim,
    permissions,
    store::persons::{self, MemberState, Placed},
};

const CARD: Template =
    Template { name: "membership-card", source: include_str!("../print/membership_card.typ") };

/// A membership card.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) full_name: String,
    pub(crate) organization: String,
    pub(crate) unit: String,
    pub(crate) card_number: Option<String>,
    pub(crate) issued_on: NaiveDate,
    pub(crate) verify_url: String,
    pub(crate) valid: bool,
}

/// Why there is no card.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CardError {
    /// The QR code cannot be made.
    #[error("could not make a QR code")]
    Code(#[from] QrError),
    /// The PDF cannot be made.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The file cannot be kept.
    #[error("could not keep the card")]
    Files(#[from] FilesError),
    /// A transaction cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The card of a member.
pub(crate) async fn card_of(tx: &mut TenantTx, cards: &Cards, placed: &Placed) -> Result<Card, StoreError> {
    let id = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?;
    let person = &placed.person;
    let token = cards.key.sign(&CardClaim {
        tenant: tenant.slug,
        member: person.id,
        serial: u32::try_from(person.card_serial).unwrap_or_default(),
        issued_on: person.card_issued_on,
    });
    Ok(Card {
        full_name: person.full_name(),
        organization: tenant.name,
        unit: placed.unit.name.clone(),
        card_number: person.card_number.clone(),
        issued_on: person.card_issued_on,
        verify_url: format!("{}/verify/card/{token}", cards.public_url),
        valid: person.state == MemberState::Active,
    })
}

/// The code as an image.
pub(crate) fn qr_svg(card: &Card) -> Result<String, CardError> {
    // A quarter of the code may be covered or worn off.
    let code = QrCode::with_error_correction_level(card.verify_url.as_bytes(), EcLevel::M)?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build())
}

/// Prints a card and keeps it as a file of the tenant.
pub(crate) async fn print_card(
    tx: &mut TenantTx,
    cards: &Cards,
    files: &Files,
    card: &Card,
) -> Result<File, CardError> {
    let data = json!({
        "organization": card.organization,
        "name": card.full_name,
        "unit": card.unit,
        "number": card.card_number,
        "issued_on": card.issued_on.to_string(),
        "qr": qr_svg(card)?,
        "url": card.verify_url,
    });
    let printed_at = tx.now().with_timezone(&cards.time_zone).fixed_offset();
    let pdf = cards.printer.pdf_async(&CARD, &data, printed_at).await?;
    Ok(files.keep(tx, "Членский билет.pdf", "application/pdf", pdf.into()).await?)
}

/// Whom a valid card names: the person and the organization; nothing more is told to anybody, and nothing about a card
/// that is not valid.
pub(crate) async fn verify_card(
    db: &Db,
    cards: &Cards,
    token: &str,
) -> Result<Option<(String, String)>, CardError> {
    let Some(claim) = cards.key.verify(token) else { return Ok(None) };
    let mut directory = db.global(None).await?;
    let Some(tenant) = tenants::by_slug(&mut directory, &claim.tenant).await? else { return Ok(None) };
    drop(directory);
    let system = Viewer::system(tenant.id, "members.verify_card");
    let mut tx = db.tenant(&system, permissions::VERIFY, Access::Read).await?;
    let person = persons::by_id(&mut tx, claim.member).await?.filter(|person| {
        person.state == MemberState::Active
            && u32::try_from(person.card_serial) == Ok(claim.serial)
            && person.card_issued_on == claim.issued_on
    });
    Ok(person.map(|person| (person.full_name(), tenant.name)))
}
