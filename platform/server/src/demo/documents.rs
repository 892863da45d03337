//! Documents of the demonstration: journals, a dozen documents in various states, tasks, one exchange.

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use plenum_authz::{Action, Viewer};
use plenum_db::{Access, Db, TenantTx};
use plenum_documents::{
    Desk,
    setup::{self, Act, Card, Kind, NewStep, NewTask},
};
use plenum_documents_api::{DocumentId, JournalId, StepId};
use plenum_files::Files;
use plenum_identity::{Identity, Proof, store::accounts};
use plenum_kernel::{AccountId, TenantId};
use plenum_print::{Printer, Template};
use plenum_tenancy::store::{
    grants, tenants,
    units::{self, Unit},
};
use serde_json::json;

use super::{FEDERATION, ORGANIZATIONS, PASSWORD, address};

const LETTER: Template = Template { name: "letter", source: include_str!("letter.typ") };

/// What is done with a document after it is made.
enum Then {
    /// Nothing: a draft.
    Nothing,
    /// Registered.
    Register,
    /// Registered, and a resolution gives the person a task due in so many days.
    Task(&'static str, &'static str, u64),
    /// Sent on its route; so many of its first steps are done.
    Route(&'static [(i32, Act, &'static str)], usize),
    /// The same, and registered.
    RouteAndRegister(&'static [(i32, Act, &'static str)], usize),
    /// Sent on its route and back again by its first participant.
    SendBack(&'static [(i32, Act, &'static str)], &'static str),
}

struct Paper {
    kind: Kind,
    title: &'static str,
    summary: &'static str,
    correspondent: Option<(&'static str, &'static str)>,
    then: Then,
}

const SIGNED_BY_CHAIR: &[(i32, Act, &str)] = &[(1, Act::Approve, "secretary"), (2, Act::Sign, "chair")];

const PAPERS: &[Paper] = &[
    Paper {
        kind: Kind::Incoming,
        title: "О представлении сведений о численности членов профсоюза",
        summary: "Просят направить сводные данные по отраслям за год.",
        correspondent: Some(("Областной департамент труда", "14/2-311")),
        then: Then::Task("secretary", "Подготовить сводную справку по членским организациям", 5),
    },
    Paper {
        kind: Kind::Incoming,
        title: "Приглашение на заседание областной трёхсторонней комиссии",
        summary: "Повестка: исполнение регионального соглашения.",
        correspondent: Some(("Секретариат трёхсторонней комиссии", "87-к")),
        then: Then::RouteAndRegister(&[(1, Act::Acknowledge, "chair"), (1, Act::Acknowledge, "deputy")], 1),
    },
    Paper {
        kind: Kind::Incoming,
        title: "Обращение первичной организации о спецодежде",
        summary: "Не выдана тёплая спецодежда на зимний период.",
        correspondent: Some(("ППО моторного завода", "12")),
        then: Then::Task("deputy", "Связаться с техническим инспектором труда и сообщить результат", 2),
    },
    Paper {
        kind: Kind::Outgoing,
        title: "О графике отчётов и выборов в членских организациях",
        summary: "Сроки проведения собраний и формы отчётности.",
        correspondent: Some(("Членские организации", "")),
        then: Then::RouteAndRegister(SIGNED_BY_CHAIR, 2),
    },
    Paper {
        kind: Kind::Outgoing,
        title: "Ответ на запрос о коллективных договорах",
        summary: "",
        correspondent: Some(("Областной департамент труда", "")),
        then: Then::Route(SIGNED_BY_CHAIR, 0),
    },
    Paper {
        kind: Kind::Order,
        title: "Об утверждении графика приёма граждан",
        summary: "Приём ведут председатель и заместитель.",
        correspondent: None,
        then: Then::RouteAndRegister(SIGNED_BY_CHAIR, 2),
    },
    Paper {
        kind: Kind::Order,
        title: "О дежурстве в праздничные дни",
        summary: "",
        correspondent: None,
        then: Then::Route(SIGNED_BY_CHAIR, 1),
    },
    Paper {
        kind: Kind::Order,
        title: "О проверке уставной деятельности первичных организаций",
        summary: "Проверка проводится контрольно-ревизионной комиссией.",
        correspondent: None,
        then: Then::Route(
            &[(1, Act::Approve, "deputy"), (1, Act::Approve, "secretary"), (2, Act::Sign, "chair")],
            1,
        ),
    },
    Paper {
        kind: Kind::Internal,
        title: "План обучения профсоюзного актива",
        summary: "",
        correspondent: None,
        then: Then::SendBack(SIGNED_BY_CHAIR, "Добавьте занятия по охране труда и укажите ответственных."),
    },
    Paper {
        kind: Kind::Internal,
        title: "Справка о ходе колдоговорной кампании",
        summary: "По состоянию на конец квартала.",
        correspondent: None,
        then: Then::Route(&[(1, Act::Acknowledge, "chair")], 1),
    },
    Paper {
        kind: Kind::Internal,
        title: "Служебная записка о закупке бланков",
        summary: "",
        correspondent: None,
        then: Then::Nothing,
    },
    Paper {
        kind: Kind::Incoming,
        title: "Благодарность за летнюю оздоровительную кампанию",
        summary: "",
        correspondent: Some(("Областной совет ветеранов", "б/н")),
        then: Then::Register,
    },
];

const JOURNALS: &[(Kind, &str, &str)] = &[
    (Kind::Incoming, "Входящие документы", "{n}-вх/{yy}"),
    (Kind::Outgoing, "Исходящие документы", "01-14/{n}-{yy}"),
    (Kind::Internal, "Внутренние документы", "{n}-вн/{yy}"),
    (Kind::Order, "Распоряжения", "{n}-р"),
    (Kind::Minutes, "Протоколы", "{n}-{yy}"),
];

struct Office<'o> {
    db: &'o Db,
    files: &'o Files,
    desk: &'o Desk,
    identity: &'o Identity,
    printer: Printer,
    tenant: TenantId,
}

/// Makes them, unless the federation has a journal.
pub(super) async fn seed(db: &Db, files: &Files, desk: &Desk, identity: &Identity) -> anyhow::Result<()> {
    let mut tx = db.global(None).await?;
    let Some(federation) = tenants::by_slug(&mut tx, FEDERATION.slug).await? else { return Ok(()) };
    drop(tx);
    let office = Office { db, files, desk, identity, printer: Printer::new(), tenant: federation.id };
    let mut tx = office.open("admin", setup::Register::PERMISSION).await?;
    if !setup::journals::all(&mut tx).await?.is_empty() {
        return Ok(());
    }
    crate::app::progress("seeding documents");
    let root = units::root(&mut tx).await?;
    let mut journals = Vec::new();
    for (kind, name, pattern) in JOURNALS {
        let permit = tx.permit::<setup::Register, Unit>(root.id).await?;
        let journal = setup::create_journal(&mut tx, permit, *kind, name, pattern, true).await?;
        journals.push((*kind, journal.id));
    }
    tx.commit().await?;
    for paper in PAPERS {
        office.paper(paper, &root, &journals).await.with_context(|| format!("«{}»", paper.title))?;
    }
    Ok(())
}

impl Office<'_> {
    async fn person(&self, name: &str) -> anyhow::Result<AccountId> {
        let mut tx = self.db.global(None).await?;
        let account = accounts::by_email(tx.conn(), &address(name)).await?;
        Ok(account.context("a person of the demonstration is missing")?.id)
    }

    /// A transaction of a person, with the roles that they have.
    async fn open(&self, name: &str, permission: plenum_authz::Permission) -> anyhow::Result<TenantTx> {
        let account = self.person(name).await?;
        let system = Viewer::system(self.tenant, "demo");
        let mut tx = self.db.tenant(&system, permission, Access::Read).await?;
        let grants = grants::of_account(&mut tx, account).await?;
        drop(tx);
        let viewer = Viewer::person(account, self.tenant, grants);
        Ok(self.db.tenant(&viewer, permission, Access::Write).await?)
    }

    async fn paper(&self, paper: &Paper, root: &Unit, journals: &[(Kind, JournalId)]) -> anyhow::Result<()> {
        let mut tx = self.open("admin", setup::REGISTER).await?;
        let today = tx.now().date_naive();
        let (correspondent, number) = paper.correspondent.unzip();
        let number = number.filter(|number| !number.is_empty());
        let card = Card {
            title: paper.title.to_owned(),
            summary: paper.summary.to_owned(),
            correspondent: correspondent.map(str::to_owned),
            their_number: number.map(str::to_owned),
            their_date: number.and(today.checked_sub_days(Days::new(4))),
            executor: Some(self.person("secretary").await?),
            pages: Some(1),
            due_on: None,
            tags: Vec::new(),
        };
        let permit = tx.permit::<setup::Register, Unit>(root.id).await?;
        let document = setup::create_document(&mut tx, permit, paper.kind, card).await?;
        let data = json!({
            "organization": correspondent.filter(|_| paper.kind == Kind::Incoming).unwrap_or(FEDERATION.name),
            "kind": "Документ",
            "title": paper.title,
            "paragraphs": [paper.summary, "Текст этого документа составлен для демонстрации."],
        });
        let printed_at = tx.now().fixed_offset();
        let pdf = self.printer.pdf_async(&LETTER, &data, printed_at).await?;
        let file =
            self.files.keep(&mut tx, &format!("{}.pdf", paper.title), "application/pdf", pdf.into()).await?;
        let permit = tx.permit::<setup::TakePart, setup::Shared>(document).await?;
        setup::add_version(&mut tx, permit, self.desk, file.id, "").await?;
        let journal = journals.iter().find(|(kind, _)| *kind == paper.kind).map(|(_, id)| *id);
        let journal = journal.context("a journal is missing")?;
        if matches!(paper.then, Then::Register | Then::Task(..) | Then::RouteAndRegister(..)) {
            let permit = tx.permit::<setup::Register, setup::Document>(document).await?;
            setup::register_document(&mut tx, permit, self.desk, journal).await?;
        }
        tx.commit().await?;
        match &paper.then {
            Then::Nothing | Then::Register => Ok(()),
            Then::Task(whom, text, days) => {
                self.task(document, whom, text, today.checked_add_days(Days::new(*days))).await
            }
            Then::Route(steps, done) => self.route(document, steps, *done).await,
            Then::RouteAndRegister(steps, done) => {
                self.route(document, steps, *done).await?;
                if paper.kind == Kind::Outgoing { self.send(document).await } else { Ok(()) }
            }
            Then::SendBack(steps, comment) => {
                self.route(document, steps, 0).await?;
                let (step, who) = self.step(document, steps, 0).await?;
                let mut tx = self.open(who, setup::TAKE_PART).await?;
                let permit = tx.permit::<setup::TakePart, setup::OwnStep>(step).await?;
                setup::return_for_rework(&mut tx, permit, comment).await?;
                Ok(tx.commit().await?)
            }
        }
    }

    async fn task(
        &self,
        document: DocumentId,
        whom: &str,
        text: &str,
        due_on: Option<NaiveDate>,
    ) -> anyhow::Result<()> {
        let assignee = self.person(whom).await?;
        let controller = Some(self.person("chair").await?);
        let mut tx = self.open("admin", setup::TAKE_PART).await?;
        let permit = tx.permit::<setup::TakePart, setup::Shared>(document).await?;
        let task = NewTask { text: text.to_owned(), assignee, controller, due_on };
        setup::give_resolution(&mut tx, permit, self.desk, "Прошу исполнить в срок", vec![task]).await?;
        Ok(tx.commit().await?)
    }

    async fn route(
        &self,
        document: DocumentId,
        steps: &[(i32, Act, &'static str)],
        done: usize,
    ) -> anyhow::Result<()> {
        let mut new = Vec::new();
        for (group, act, who) in steps {
            new.push(NewStep { group: *group, act: *act, account: self.person(who).await?, due_on: None });
        }
        let mut tx = self.open("admin", setup::ROUTE).await?;
        let permit = tx.permit::<setup::Routing, setup::Document>(document).await?;
        setup::start_route(&mut tx, permit, self.desk, &new).await?;
        tx.commit().await?;
        for at in 0..done {
            let (step, who) = self.step(document, steps, at).await?;
            let mut tx = self.open(who, setup::TAKE_PART).await?;
            let permit = tx.permit::<setup::TakePart, setup::OwnStep>(step).await?;
            if steps[at].1 == Act::Sign {
                let account = self.person(who).await?;
                let proof = Proof::Password(PASSWORD.to_owned());
                let confirmation = self.identity.confirm(account, proof, "demonstration").await?;
                setup::sign_step(&mut tx, permit, self.desk, confirmation, "Подписываю документ").await?;
            } else {
                setup::decide_step(&mut tx, permit, "").await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// A step of the document's route, and whose it is.
    async fn step(
        &self,
        document: DocumentId,
        steps: &[(i32, Act, &'static str)],
        at: usize,
    ) -> anyhow::Result<(StepId, &'static str)> {
        let who = steps[at].2;
        let account = self.person(who).await?;
        let mut tx = self.open("admin", setup::TAKE_PART).await?;
        let all = setup::steps::of_document(&mut tx, document).await?;
        let step = all.iter().find(|step| step.account == account).context("the step is missing")?;
        Ok((step.id, who))
    }

    async fn send(&self, document: DocumentId) -> anyhow::Result<()> {
        let mut recipients = Vec::new();
        let mut tx = self.db.global(None).await?;
        for organization in &ORGANIZATIONS {
            recipients.extend(tenants::by_slug(&mut tx, organization.slug).await?.map(|tenant| tenant.id));
        }
        drop(tx);
        let mut tx = self.open("admin", setup::SEND).await?;
        let permit = tx.permit::<setup::Send, setup::Document>(document).await?;
        setup::send_document(&mut tx, permit, &recipients).await?;
        Ok(tx.commit().await?)
    }
}
