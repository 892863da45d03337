//! The demonstration federation: real data through the real actions, of people who do not exist.

mod chat;
mod course;
mod documents;
mod dues;
mod learning;
mod mailings;
mod members;
mod people;

use std::fmt::Write;

use anyhow::Context as _;
use chrono::TimeDelta;
use plenum_authz::Viewer;
use plenum_bodies::setup::{self, BodyKind, Comparison, NewItem, NewSeat, Office, QuorumRule};
use plenum_bodies_api::BodyId;
use plenum_db::{Access, Db, TenantTx};
use plenum_files::Files;
use plenum_identity::{password, store::accounts as account_store};
use plenum_kernel::{AccountId, TenantId};
use plenum_members::RegisterReads;
use plenum_tenancy::store::{
    access, grants,
    tenants::{self, Tenant},
    units::{self, Unit, UnitKind},
};

use crate::{
    app::{App, progress},
    installation::DemoAccount,
};

/// The password of every demonstration account.
pub const PASSWORD: &str = "plenum-demo-2026";
/// Members of each demonstration organization.
const MEMBERS: usize = 120;

struct Organization {
    slug: &'static str,
    name: &'static str,
    short_name: &'static str,
    primaries: &'static [&'static str],
}

const FEDERATION: Organization = Organization {
    slug: "federation",
    name: "Областная федерация профсоюзов",
    short_name: "Федерация",
    // Organizations of no sectoral union, which the federation itself serves.
    primaries: &["ППО учебно-методического центра", "ППО санатория «Сосновый бор»", "ППО Дома культуры"],
};

const ORGANIZATIONS: [Organization; 3] = [
    Organization {
        slug: "education",
        name: "Областная организация профсоюза работников образования",
        short_name: "Профсоюз образования",
        primaries: &[
            "ППО гимназии № 1",
            "ППО лицея № 8",
            "ППО детского сада «Ромашка»",
            "ППО педагогического колледжа",
            "ППО школы № 12",
            "ППО университета",
        ],
    },
    Organization {
        slug: "health",
        name: "Областная организация профсоюза работников здравоохранения",
        short_name: "Профсоюз здравоохранения",
        primaries: &[
            "ППО областной больницы",
            "ППО станции скорой помощи",
            "ППО городской поликлиники № 2",
            "ППО медицинского колледжа",
            "ППО роддома № 4",
        ],
    },
    Organization {
        slug: "industry",
        name: "Областная организация профсоюза работников промышленности",
        short_name: "Промышленный профсоюз",
        primaries: &[
            "ППО моторного завода",
            "ППО завода «Электроприбор»",
            "ППО вагонного депо",
            "ППО литейного цеха № 3",
        ],
    },
];

const REGISTER: Organization = Organization {
    slug: "register",
    name: "Организация для пробного импорта реестра",
    short_name: "Пробный реестр",
    primaries: &[],
};

/// The seats of the council: name, organization (index), office, account.
const COUNCIL: [(&str, usize, Office, &str); 15] = [
    ("Орлова Марина Викторовна", 0, Office::Chair, "chair"),
    ("Седов Павел Андреевич", 1, Office::DeputyChair, "deputy"),
    ("Климова Елена Сергеевна", 2, Office::Secretary, "secretary"),
    ("Агафонов Игорь Петрович", 0, Office::Member, "member1"),
    ("Белова Татьяна Николаевна", 0, Office::Member, "member2"),
    ("Воробьёв Денис Олегович", 0, Office::Member, "member3"),
    ("Гусева Анна Ильинична", 0, Office::Member, "member4"),
    ("Дементьев Юрий Алексеевич", 1, Office::Member, "member5"),
    ("Ершова Ольга Дмитриевна", 1, Office::Member, "member6"),
    ("Жуков Сергей Иванович", 1, Office::Member, "member7"),
    ("Зайцева Ирина Павловна", 1, Office::Member, "member8"),
    ("Исаев Роман Владимирович", 2, Office::Member, "member9"),
    ("Котова Наталья Юрьевна", 2, Office::Member, "member10"),
    ("Лебедев Антон Михайлович", 2, Office::Member, "member11"),
    ("Морозова Светлана Егоровна", 2, Office::Member, "member12"),
];

/// Keeps the money of the demonstration's organizations.
const TREASURER: &str = "Никитина Ольга Сергеевна";

fn address(name: &str) -> String {
    format!("{name}@plenum.example")
}

/// The accounts that the sign-in page and the terminal show.
#[must_use]
pub fn accounts() -> Vec<DemoAccount> {
    let account = |email: &str, name: &str, tenant: &str, role: &str| DemoAccount {
        email: address(email),
        password: PASSWORD.to_owned(),
        name: name.to_owned(),
        tenant: tenant.to_owned(),
        role: role.to_owned(),
    };
    vec![
        account("chair", COUNCIL[0].0, FEDERATION.short_name, "Председатель Совета"),
        account("secretary", COUNCIL[2].0, FEDERATION.short_name, "Секретарь Совета"),
        account("member1", COUNCIL[3].0, FEDERATION.short_name, "Член Совета"),
        account("keeper", "Родионова Вера Павловна", REGISTER.short_name, "Ведёт реестр"),
        account("treasurer", TREASURER, ORGANIZATIONS[0].short_name, "Казначей"),
        account("admin", "Тихонов Алексей Борисович", FEDERATION.short_name, "Администратор"),
    ]
}

/// What to type next, for people.
#[must_use]
pub fn describe(public_url: &str, seeded: bool) -> String {
    let mut text = String::new();
    if seeded {
        text.push_str("The demonstration federation has been made.\n");
    }
    // Writing to a string cannot fail.
    writeln!(text, "\n  {public_url}\n\n  Demonstration accounts, password of each: {PASSWORD}").ok();
    for account in accounts() {
        writeln!(text, "  {:<28} {} ({})", account.email, account.role, account.tenant).ok();
    }
    text
}

/// Makes the federation, unless there is anything already; true when it was made.
///
/// # Errors
/// When the database fails; organizations that were finished before are kept, and a new call goes on with the rest.
pub async fn seed(db: &Db, files: &Files) -> anyhow::Result<bool> {
    let mut made = false;
    let hash = password::hash(PASSWORD.to_owned()).await?;
    let federation = match tenant(db, &FEDERATION, None, true).await? {
        (id, true) => {
            made = true;
            id
        }
        (id, false) => id,
    };
    for organization in &ORGANIZATIONS {
        let (id, new) = tenant(db, organization, Some(federation), false).await?;
        if new {
            made = true;
            let register = people::register(organization.slug, organization.primaries, MEMBERS);
            plenum_members::import_file(
                db,
                files,
                &Viewer::system(id, "demo"),
                "demonstration.csv",
                register.into_bytes().into(),
            )
            .await
            .context("the members of the demonstration")?;
        }
    }
    let (register, _) = tenant(db, &REGISTER, Some(federation), false).await?;
    made |= give_roles(db, files, federation, register, &hash).await?;
    members::seed(db).await?;
    chat::seed(db, files, federation).await.context("the conversations of the demonstration")?;
    let mut tx = open(db, federation).await?;
    let treasurer = account(&mut tx, "treasurer", TREASURER, &hash).await?;
    tx.commit().await?;
    dues::seed(db, treasurer).await.context("the dues of the demonstration")?;
    Ok(made)
}

/// Adds what needs a whole server: documents with their signatures, courses with their learners, mailings. Again is
/// no fault.
///
/// # Errors
/// When the database fails; then a new call adds nothing to what was made.
pub async fn furnish(app: &App) -> anyhow::Result<()> {
    documents::seed(&app.db, &app.files, &app.documents, &app.identity).await.context("documents")?;
    learning::seed(app).await.context("courses")?;
    mailings::seed(&app.db, &app.mailings).await.context("mailings")
}

/// A tenant with its apparatus and primary organizations; whether it was made now.
async fn tenant(
    db: &Db,
    organization: &Organization,
    parent: Option<TenantId>,
    is_federation: bool,
) -> anyhow::Result<(TenantId, bool)> {
    let mut tx = db.global(None).await?;
    if let Some(known) = tenants::by_slug(&mut tx, organization.slug).await? {
        drop(tx);
        // Its units may be missing when an earlier seeding was cut off between the two transactions.
        let new = units_of(db, known.id, organization).await?;
        return Ok((known.id, new));
    }
    drop(tx);
    progress(&format!("seeding {}", organization.short_name));
    let tenant = Tenant {
        id: TenantId::new(),
        slug: organization.slug.to_owned(),
        name: organization.name.to_owned(),
        short_name: organization.short_name.to_owned(),
        is_federation,
    };
    let mut tx = db.operator("seed the demonstration").await?;
    tenants::insert(&mut tx, &tenant, parent).await?;
    tx.commit().await?;
    units_of(db, tenant.id, organization).await?;
    Ok((tenant.id, true))
}

async fn units_of(db: &Db, id: TenantId, organization: &Organization) -> anyhow::Result<bool> {
    let mut tx = open(db, id).await?;
    if !units::page(&mut tx, None, None, 1).await?.is_empty() {
        return Ok(false);
    }
    let root = units::insert(&mut tx, None, UnitKind::Apparatus, organization.short_name).await?;
    if organization.slug == REGISTER.slug {
        for number in 1..=40 {
            units::insert(&mut tx, Some(root), UnitKind::Primary, &format!("ППО № {number}")).await?;
        }
    }
    for name in organization.primaries {
        units::insert(&mut tx, Some(root), UnitKind::Primary, name).await?;
    }
    tx.commit().await?;
    Ok(true)
}

async fn open(db: &Db, tenant: TenantId) -> anyhow::Result<TenantTx> {
    Ok(db.tenant(&Viewer::system(tenant, "demo"), setup::CREATE, Access::Write).await?)
}

/// Accounts, their roles, and the council with its members, in one transaction; false when they are there.
async fn give_roles(
    db: &Db,
    files: &Files,
    federation: TenantId,
    register: TenantId,
    hash: &str,
) -> anyhow::Result<bool> {
    let mut tx = open(db, federation).await?;
    let root = units::root(&mut tx).await?;
    let admin = account(&mut tx, "admin", "Тихонов Алексей Борисович", hash).await?;
    if access::admits(&mut tx, admin).await? {
        return Ok(false);
    }
    progress("seeding the council and its accounts");
    role(&mut tx, admin, "administrator", &root).await?;
    let mut people = Vec::new();
    for (name, organization, _, email) in COUNCIL {
        let id = account(&mut tx, email, name, hash).await?;
        people.push((id, organization));
    }
    let permit = tx.permit::<setup::Create, Unit>(root.id).await?;
    let rule = QuorumRule::new(Comparison::MoreThan, 1, 2)?;
    let body = setup::create_body(&mut tx, permit, "Совет Федерации", BodyKind::Council, rule).await?;
    for (name, organization, office, email) in COUNCIL {
        let permit = tx.permit::<setup::Manage, setup::Body>(body.id).await?;
        let seat = NewSeat {
            member: None,
            full_name: name.to_owned(),
            email: address(email),
            organization: ORGANIZATIONS[organization].short_name.to_owned(),
            office,
        };
        setup::add_seat(&mut tx, permit, &RegisterReads, seat).await?;
    }
    call_council(&mut tx, files, body.id).await?;
    tx.commit().await?;

    for (index, organization) in ORGANIZATIONS.iter().enumerate() {
        let mut tx = db.global(None).await?;
        let Some(tenant) = tenants::by_slug(&mut tx, organization.slug).await? else { continue };
        drop(tx);
        let mut tx = open(db, tenant.id).await?;
        let root = units::root(&mut tx).await?;
        role(&mut tx, admin, "administrator", &root).await?;
        for (id, _) in people.iter().filter(|(_, organization)| *organization == index) {
            role(&mut tx, *id, "member", &root).await?;
        }
        tx.commit().await?;
    }
    let mut tx = open(db, register).await?;
    let root = units::root(&mut tx).await?;
    let keeper = account(&mut tx, "keeper", "Родионова Вера Павловна", hash).await?;
    role(&mut tx, keeper, "register_keeper", &root).await?;
    role(&mut tx, admin, "administrator", &root).await?;
    tx.commit().await?;
    Ok(true)
}

async fn account(tx: &mut TenantTx, email: &str, name: &str, hash: &str) -> anyhow::Result<AccountId> {
    let now = tx.now();
    let id = account_store::find_or_invite(tx.conn(), &address(email), name, now).await?;
    account_store::set_password(tx.conn(), id, hash).await?;
    Ok(id)
}

async fn role(tx: &mut TenantTx, account: AccountId, role: &str, root: &Unit) -> anyhow::Result<()> {
    access::admit(tx, account).await?;
    grants::give(tx, account, role, grants::Scope { unit: root.id, inner: None }).await?;
    Ok(())
}

/// A session to look at: in an hour, with an agenda.
async fn call_council(tx: &mut TenantTx, files: &Files, body: BodyId) -> anyhow::Result<()> {
    let item = |title: &str, speaker: &str, decision: &str| NewItem {
        title: title.to_owned(),
        speaker: Some(speaker.to_owned()),
        draft_decision: Some(decision.to_owned()),
        materials: Vec::new(),
    };
    let call = setup::Call {
        title: "Очередное заседание Совета Федерации".to_owned(),
        starts_at: tx.now() + TimeDelta::hours(1),
        agenda: vec![
            item(
                "О ходе коллективно-договорной кампании",
                "Орлова Марина Викторовна",
                "Информацию принять к сведению.\nРекомендовать членским организациям завершить переговоры до конца квартала.",
            ),
            item(
                "О смете Федерации на следующий год",
                "Климова Елена Сергеевна",
                "Утвердить смету доходов и расходов Федерации.",
            ),
            item(
                "О созыве пленума Совета",
                "Седов Павел Андреевич",
                "Созвать пленум Совета в первом квартале.",
            ),
        ],
    };
    let permit = tx.permit::<setup::Schedule, setup::Body>(body).await?;
    setup::schedule_session(tx, permit, files, call).await?;
    Ok(())
}
