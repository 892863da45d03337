//! What setting up a demonstration needs: the same actions that the API calls.

use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, PermitError, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, UnitId};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units::Unit;

use crate::{
    actions::{
        add_member::{SaveError, Saved, add_member},
        link_account::link,
        record_consent::{ConsentError, Paper, record_consent},
        request_correction::request_correction,
        request_transfer::request_transfer,
    },
    domain::{consent::ConsentAct, record::Draft},
    permissions::{EDIT, Edit, PORTAL, TRANSFER, Transfer},
    store::persons::{self, Placed},
};

/// Why something was not set up.
#[derive(Debug, thiserror::Error)]
#[error("could not set up {what}: {why}")]
pub struct SetupError {
    what: &'static str,
    why: String,
}

fn failed<E: std::error::Error>(what: &'static str) -> impl FnOnce(E) -> SetupError {
    move |error| SetupError { what, why: error.to_string() }
}

/// Somebody to be put on record.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// Surname, given name, patronymic.
    pub name: [&'a str; 3],
    /// In any usual spelling.
    pub birth_date: &'a str,
    /// The address.
    pub email: &'a str,
    /// The phone number.
    pub phone: &'a str,
    /// Where the person works.
    pub workplace: &'a str,
    /// What the person works as.
    pub position: &'a str,
    /// The card's number.
    pub card_number: &'a str,
    /// The account, when there is one already.
    pub account: Option<AccountId>,
}

/// Puts somebody on record who has signed the consent, and links the account; none when the person is there already.
///
/// # Errors
/// [`SetupError`].
pub async fn put_on_record(
    db: &Db,
    viewer: &Viewer,
    unit: UnitId,
    newcomer: Newcomer<'_>,
) -> Result<Option<MemberId>, SetupError> {
    let said = |text: &str| Some(Some(text.to_owned()));
    let mut tx = open(db, viewer, EDIT).await?;
    let permit = tx.permit::<Edit, Unit>(unit).await.map_err(failed::<PermitError>("a member"))?;
    let [surname, given_name, patronymic] = newcomer.name;
    let draft = Draft {
        surname: said(surname),
        given_name: said(given_name),
        patronymic: said(patronymic),
        birth_date: said(newcomer.birth_date),
        email: said(newcomer.email),
        phone: said(newcomer.phone),
        workplace: said(newcomer.workplace),
        position: said(newcomer.position),
        card_number: said(newcomer.card_number),
        ..Draft::default()
    };
    let saved = add_member(&mut tx, permit, draft).await.map_err(failed::<SaveError>("a member"))?;
    let Saved::Done(member) = saved else { return Ok(None) };
    let permit = tx.permit::<Edit, Placed>(member).await.map_err(failed::<PermitError>("a consent"))?;
    let on = tx.now().date_naive().to_string();
    let paper = Paper { act: ConsentAct::Given, text_version: "2026-11".to_owned(), on };
    record_consent(&mut tx, permit, paper).await.map_err(failed::<ConsentError>("a consent"))?;
    if let Some(account) = newcomer.account {
        link(&mut tx, member, account).await.map_err(failed::<StoreError>("an account"))?;
    }
    tx.commit().await.map_err(failed::<StoreError>("a member"))?;
    Ok(Some(member))
}

/// Has a member ask for a new phone number and position.
///
/// # Errors
/// [`SetupError`].
pub async fn ask_for_a_correction(
    db: &Db,
    viewer: &Viewer,
    account: AccountId,
    phone: &str,
    position: &str,
    note: &str,
) -> Result<(), SetupError> {
    let mut tx = open(db, viewer, PORTAL).await?;
    let own = persons::by_account(&mut tx, account).await.map_err(failed::<StoreError>("a correction"))?;
    let Some(own) = own else { return Ok(()) };
    let draft = Draft {
        phone: Some(Some(phone.to_owned())),
        position: Some(Some(position.to_owned())),
        ..Draft::default()
    };
    request_correction(&mut tx, &own.person, account, draft, Some(note))
        .await
        .map_err(failed::<SaveError>("a correction"))?;
    tx.commit().await.map_err(failed::<StoreError>("a correction"))
}

/// Asks another organization to take a member over.
///
/// # Errors
/// [`SetupError`].
pub async fn ask_for_a_transfer(
    db: &Db,
    viewer: &Viewer,
    member: MemberId,
    to: TenantId,
    note: &str,
) -> Result<(), SetupError> {
    let mut tx = open(db, viewer, TRANSFER).await?;
    let permit = tx.permit::<Transfer, Placed>(member).await.map_err(failed::<PermitError>("a transfer"))?;
    request_transfer(&mut tx, permit, to, Some(note.to_owned()))
        .await
        .map_err(failed::<SaveError>("a transfer"))?;
    tx.commit().await.map_err(failed::<StoreError>("a transfer"))
}

async fn open(
    db: &Db,
    viewer: &Viewer,
    permission: plenum_authz::Permission,
) -> Result<TenantTx, SetupError> {
    db.tenant(viewer, permission, Access::Write).await.map_err(failed::<OpenError>("a transaction"))
}
