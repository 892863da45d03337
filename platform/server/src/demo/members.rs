//! Members of the demonstration who sign in: records of the council's people in their own organizations, a correction
//! that waits for the keeper, and a transfer that waits for the other organization.

use anyhow::Context as _;
use plenum_authz::Viewer;
use plenum_db::{Access, Db};
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, TenantId};
use plenum_members::setup::{self, Newcomer};
use plenum_tenancy::store::{
    grants, tenants,
    units::{self, Unit},
};

use super::{address, open};
use crate::app::progress;

/// Organization, unit (by its place), name, birth date, account, workplace, position, card.
type Person = (
    &'static str,
    usize,
    [&'static str; 3],
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const PEOPLE: [Person; 6] = [
    (
        "education",
        0,
        ["Орлова", "Марина", "Викторовна"],
        "14.03.1972",
        "chair",
        "Гимназия № 1",
        "заместитель директора",
        "48-01-000101",
    ),
    (
        "education",
        1,
        ["Агафонов", "Игорь", "Петрович"],
        "02.09.1985",
        "member1",
        "Лицей № 8",
        "учитель истории",
        "48-01-000102",
    ),
    (
        "education",
        2,
        ["Белова", "Татьяна", "Николаевна"],
        "27.05.1979",
        "member2",
        "Детский сад «Ромашка»",
        "воспитатель",
        "48-01-000103",
    ),
    (
        "health",
        0,
        ["Седов", "Павел", "Андреевич"],
        "19.11.1968",
        "deputy",
        "Областная больница",
        "врач-хирург",
        "48-02-000101",
    ),
    (
        "industry",
        0,
        ["Климова", "Елена", "Сергеевна"],
        "08.01.1981",
        "secretary",
        "Моторный завод",
        "инженер-технолог",
        "48-03-000101",
    ),
    (
        "industry",
        1,
        ["Исаев", "Роман", "Владимирович"],
        "30.06.1990",
        "member9",
        "Завод «Электроприбор»",
        "наладчик станков",
        "48-03-000102",
    ),
];

/// Puts them on record, unless they are.
pub(super) async fn seed(db: &Db) -> anyhow::Result<()> {
    for (position, (slug, unit, name, born, account, workplace, works_as, card)) in
        PEOPLE.into_iter().enumerate()
    {
        let Some((tenant, units)) = organization(db, slug).await? else { continue };
        let account = account_of(db, account).await?;
        let newcomer = Newcomer {
            name,
            birth_date: born,
            email: &address(PEOPLE[position].4),
            phone: &format!("+7900555{:04}", 100 + position),
            workplace,
            position: works_as,
            card_number: card,
            account,
        };
        let system = Viewer::system(tenant, "demo");
        let member = setup::put_on_record(db, &system, units[unit].id, newcomer).await?;
        // What is on record was made before, with what follows from it.
        let (Some(member), Some(account)) = (member, account) else { continue };
        if position == 0 {
            progress("seeding record cards");
        }
        if PEOPLE[position].4 == "member1" {
            let own = viewer(db, tenant, account).await?;
            let note = "Сменил номер и перешёл на другую должность.";
            setup::ask_for_a_correction(
                db,
                &own,
                account,
                "+7 900 555-77-88",
                "учитель истории и обществознания",
                note,
            )
            .await?;
        }
        if PEOPLE[position].4 == "member9"
            && let Some((to, _)) = organization(db, "education").await?
        {
            let note = "Переходит на работу мастером в колледж.";
            setup::ask_for_a_transfer(db, &system, member, to, note).await?;
        }
    }
    Ok(())
}

/// An organization and its primary ones.
async fn organization(db: &Db, slug: &str) -> anyhow::Result<Option<(TenantId, Vec<Unit>)>> {
    let mut tx = db.global(None).await?;
    let Some(tenant) = tenants::by_slug(&mut tx, slug).await? else { return Ok(None) };
    drop(tx);
    let mut tx = open(db, tenant.id).await?;
    let root = units::root(&mut tx).await?;
    let below = units::page(&mut tx, Some(root.id), None, 100).await?;
    anyhow::ensure!(below.len() > 2, "the units of {slug} are missing");
    Ok(Some((tenant.id, below)))
}

async fn account_of(db: &Db, name: &str) -> anyhow::Result<Option<AccountId>> {
    let mut tx = db.global(None).await?;
    Ok(accounts::by_email(tx.conn(), &address(name)).await?.map(|account| account.id))
}

/// The person signed in, for what they do themselves.
async fn viewer(db: &Db, tenant: TenantId, account: AccountId) -> anyhow::Result<Viewer> {
    let system = Viewer::system(tenant, "demo");
    let read = plenum_authz::Permission::new("demo.read");
    let mut tx = db.tenant(&system, read, Access::Read).await.context("the demonstration's roles")?;
    let grants = grants::of_account(&mut tx, account).await?;
    Ok(Viewer::person(account, tenant, grants))
}
