//! Mailings of the demonstration: a list, a campaign that was sent, and one that is being written.

use anyhow::Context as _;
use plenum_authz::Viewer;
use plenum_db::{Access, Db, TenantTx};
use plenum_identity::store::accounts;
use plenum_kernel::TenantId;
use plenum_mailings::{
    Tools,
    setup::{self, CampaignAudience, ContentBlock, Draft, Edit, MailingList, PlacedCampaign, Send},
};
use plenum_mailings_api::CampaignId;
use plenum_members_api::{Audience, Consent, Office};
use plenum_tenancy::store::{
    grants, tenants,
    units::{self, Unit},
};

use super::{ORGANIZATIONS, address};
use crate::app::progress;

const LIST: &str = "Новости областной организации";

/// Writes and sends them, unless they are there. The people of the demonstration do not exist: with a mail server that
/// really delivers, the first campaign stays a draft too.
pub(super) async fn seed(db: &Db, tools: &Tools) -> anyhow::Result<()> {
    let mut tx = db.global(None).await?;
    let Some(tenant) = tenants::by_slug(&mut tx, ORGANIZATIONS[0].slug).await? else { return Ok(()) };
    drop(tx);
    let mut tx = open(db, tenant.id).await?;
    if setup::lists(&mut tx).await?.iter().any(|list| list.name == LIST) {
        return Ok(());
    }
    progress("seeding mailings");
    let root = units::root(&mut tx).await?;
    let permit = tx.permit::<Edit, Unit>(root.id).await?;
    let about = "Решения комитета, правовая помощь, обучение актива. Не чаще двух писем в месяц.";
    let list = setup::create_list(&mut tx, permit, LIST, about).await?;
    let to_officers = Audience {
        offices: vec![Office::Chair, Office::Treasurer],
        of_primaries: true,
        ..Audience::default()
    };
    let sent =
        write(&mut tx, tools, &list, "Отчётная кампания: сроки и формы", to_officers, report()).await?;
    let to_young = Audience { age_to: Some(35), consent: Some(Consent::Given), ..Audience::default() };
    write(&mut tx, tools, &list, "Школа молодого профсоюзного лидера", to_young, school()).await?;
    if !tools.mailer.delivers() {
        let permit = tx.permit::<Send, PlacedCampaign>(sent).await?;
        let step = setup::start_campaign(&mut tx, permit, tools, None).await?;
        anyhow::ensure!(step == setup::Step::Done, "the campaign did not start: {step:?}");
    }
    Ok(tx.commit().await?)
}

/// A transaction of the administrator, who writes them.
async fn open(db: &Db, tenant: TenantId) -> anyhow::Result<TenantTx> {
    let mut tx = super::open(db, tenant).await?;
    let admin = accounts::by_email(tx.conn(), &address("admin")).await?.context("the account admin")?.id;
    let grants = grants::of_account(&mut tx, admin).await?;
    drop(tx);
    let viewer = Viewer::person(admin, tenant, grants);
    Ok(db.tenant(&viewer, setup::EDIT, Access::Write).await?)
}

async fn write(
    tx: &mut TenantTx,
    tools: &Tools,
    list: &MailingList,
    subject: &str,
    register: Audience,
    blocks: Vec<ContentBlock>,
) -> anyhow::Result<CampaignId> {
    let permit = tx.permit::<Edit, MailingList>(list.id).await?;
    let draft = Draft {
        list: list.id,
        subject: subject.to_owned(),
        sender_name: ORGANIZATIONS[0].short_name.to_owned(),
        blocks,
        audience: CampaignAudience { register, course: None },
        by_mail: true,
        channels: Vec::new(),
    };
    Ok(setup::create_campaign(tx, permit, tools, draft).await?)
}

fn paragraph(text: &str) -> ContentBlock {
    ContentBlock::Paragraph { text: text.to_owned() }
}

fn points(numbered: bool, items: &[&str]) -> ContentBlock {
    ContentBlock::List { numbered, items: items.iter().map(|item| (*item).to_owned()).collect() }
}

fn report() -> Vec<ContentBlock> {
    vec![
        ContentBlock::Heading {
            text: "Отчётная кампания: сроки и формы".to_owned()
        },
        paragraph("Здравствуйте, {{имя_отчество|коллега}}!"),
        paragraph(
            "До **15 декабря** первичные организации проводят отчётные собрания. Просим заранее сообщить дату \
             собрания, чтобы мы могли направить представителя комитета.",
        ),
        points(
            true,
            &[
                "Обновите сведения в реестре: кто принят, кто выбыл, кто сменил место работы.",
                "Сверьте с казначеем членские взносы за одиннадцать месяцев.",
                "Подготовьте протокол собрания и направьте его в комитет через раздел «Документы».",
            ],
        ),
        ContentBlock::Divider,
        paragraph("На вопросы ответит приёмная комитета. Спасибо за работу!"),
    ]
}

fn school() -> Vec<ContentBlock> {
    vec![
        ContentBlock::Heading {
            text: "Школа молодого профсоюзного лидера".to_owned()
        },
        paragraph("Здравствуйте, {{имя|коллега}}!"),
        paragraph("В январе начинается двухдневная школа для членов профсоюза до 35 лет. В программе:"),
        points(
            false,
            &[
                "трудовой договор и коллективный договор: на что обратить внимание;",
                "переговоры с работодателем, учебная игра;",
                "как рассказать о профсоюзе в своём коллективе.",
            ],
        ),
    ]
}
