//! What is in an export of an organization: what stands in each table, and what is left out and why.
//! `tests/guards/tests/lives.rs` compares this with the catalogue of the database.

use plenum_authz::Text;
use plenum_exports::{Contents, Described, LeftOut};

use crate::keys;

/// What a row of each table is. A table that is not here is exported all the same; the guard asks for its line.
pub const DESCRIBED: &[Described] = &[
    said("audit.entry", "журнал: кто что сделал, цепочкой", "the audit: who did what, as a chain"),
    said("bodies.agenda_item", "вопросы повесток", "items of agendas"),
    said("bodies.agenda_material", "материалы к вопросам повесток", "materials of agenda items"),
    said("bodies.ballot", "поданные голоса", "ballots"),
    said("bodies.body", "выборные органы", "elected bodies"),
    said("bodies.consideration", "когда рассматривались вопросы", "when items were before a body"),
    said("bodies.measure", "меры по решениям", "measures of decisions"),
    said("bodies.roll", "кто созван на заседание и извещён", "who was called to a session and told"),
    said("bodies.seat", "составы органов", "seats in bodies"),
    said("bodies.session", "заседания", "sessions"),
    said("bodies.vote", "голосования", "votes"),
    said("chat.attachment", "файлы в сообщениях", "files in messages"),
    said("chat.awaited", "кого ждут в беседах", "who is awaited in conversations"),
    said("chat.channel", "беседы и каналы", "conversations and channels"),
    said("chat.mention", "упоминания в сообщениях", "mentions in messages"),
    said("chat.message", "сообщения", "messages"),
    said("chat.participant", "участники бесед", "participants of conversations"),
    said("chat.reaction", "отклики на сообщения", "reactions to messages"),
    said("chat.revision", "прежние тексты сообщений", "earlier texts of messages"),
    said("documents.counter", "счётчики номеров журналов", "counters of journals"),
    said(
        "documents.dispatch",
        "отправка документов в другие организации",
        "documents sent to other organizations",
    ),
    said("documents.document", "документы: карточки", "documents: their cards"),
    said("documents.history", "история документов", "history of documents"),
    said("documents.journal", "журналы регистрации", "registration journals"),
    said("documents.resolution", "резолюции на документах", "resolutions on documents"),
    said("documents.signature", "подписи", "signatures"),
    said("documents.step", "шаги маршрутов", "steps of routes"),
    said("documents.substitute", "замещения", "substitutes"),
    said("documents.task", "поручения", "tasks"),
    said("documents.version", "версии документов", "versions of documents"),
    said("dues.account", "лицевые счета по взносам", "accounts of dues"),
    said("dues.bank_list", "банковские реестры", "banks' lists"),
    said("dues.bank_row", "строки банковских реестров", "rows of banks' lists"),
    said("dues.charge_run", "начисления за месяц", "charges of months"),
    said("dues.entry", "начисления и платежи", "charges and payments"),
    said("dues.exemption", "освобождения от взносов", "exemptions from dues"),
    said("dues.rate", "ставки взносов", "rates of dues"),
    said("dues.salary", "заявленные зарплаты", "declared salaries"),
    said(
        "events.outbox",
        "события, о которых разделы сообщали друг другу",
        "facts that modules told one another",
    ),
    said("exports.tenant_export", "выгрузки организации", "exports of the organization"),
    said("files.file", "файлы: имя, размер, сумма", "files: name, size, sum"),
    said("learning.attempt", "попытки тестов", "attempts at quizzes"),
    said("learning.certificate", "удостоверения", "certificates"),
    said("learning.certificate_counter", "счётчик удостоверений", "the counter of certificates"),
    said("learning.course", "курсы", "courses"),
    said("learning.enrolment", "слушатели курсов", "enrolments"),
    said("learning.invitation", "ссылки для записи на курсы", "links for enrolment"),
    said("learning.lesson", "уроки", "lessons"),
    said("learning.progress", "пройденные уроки", "progress in lessons"),
    said("learning.question", "вопросы тестов", "questions of quizzes"),
    said("learning.reminder", "напоминания слушателям", "reminders to learners"),
    said("learning.section", "разделы курсов", "sections of courses"),
    said(
        "learning.waiting_training",
        "обучение по решениям, которое ждёт курса",
        "trainings that wait for a course",
    ),
    said("mailings.campaign", "рассылки", "campaigns"),
    said("mailings.delivery", "письма рассылок", "letters of campaigns"),
    said("mailings.list", "списки рассылки", "mailing lists"),
    said("mailings.suppression", "отписки и недоставка", "those who left lists or were not reached"),
    said("meetings.attendance", "кто был в видеокомнатах", "who was in video rooms"),
    said("meetings.broadcast", "трансляции заседаний", "broadcasts of sessions"),
    said("meetings.interruption", "перерывы связи на заседаниях", "interruptions of sessions"),
    said("meetings.placement", "на каком сервере видеокомнаты", "which server has which video room"),
    said("meetings.recording", "записи заседаний", "recordings of sessions"),
    said("meetings.recording_chapter", "вопросы повестки в записях", "agenda items in recordings"),
    said("members.consent", "согласия и отзывы", "consents and withdrawals"),
    said("members.correction", "запросы исправлений", "corrections asked for"),
    said("members.export", "выгрузки реестра", "exports of the register"),
    said("members.history", "история членов профсоюза", "history of members"),
    said("members.import", "загрузки реестра", "imports of the register"),
    said("members.import_page", "строки загрузок реестра", "pages of imports"),
    said("members.office", "выборные должности", "offices"),
    said("members.person", "люди на учёте: карточки", "people on record: their cards"),
    said("members.transfer", "переходы между организациями", "transfers between organizations"),
    said(
        "oidc.link",
        "связь учётных записей со входом через организацию",
        "accounts linked with the own provider",
    ),
    said("oidc.provider", "настройка входа через организацию", "the own provider of sign-in"),
    said("tenancy.account_access", "у кого есть доступ", "who may enter"),
    said("tenancy.invitation", "приглашения", "invitations"),
    said("tenancy.own_role", "собственные роли", "own roles"),
    said("tenancy.own_role_version", "изменения собственных ролей", "changes of own roles"),
    said("tenancy.role_grant", "назначенные роли", "roles that are given"),
    said("tenancy.settings", "оформление, языки и разделы", "brand, languages and modules"),
    said("tenancy.unit", "подразделения", "units"),
    said("tenancy.unit_closure", "подчинённость подразделений", "which unit is above which"),
];

/// Tables that are left out. Reviewed: this list is all that an organization does not get.
pub const TABLES_LEFT_OUT: &[Described] = &[
    said(
        "vault.tenant_key",
        "ключи шифрования: значения здесь уже раскрыты",
        "keys of sealed values, which are opened here",
    ),
    said("oidc.used_attempt", "отпечатки одноразовых входов", "digests of sign-ins that work once"),
    said("tenancy.invitation_link", "отпечатки ссылок из приглашений", "digests of the links in invitations"),
    said(
        "jobs.job",
        "очередь работ системы, а не сведения организации; в ней бывают одноразовые ссылки",
        "the queue of the system, not the organization's records; it may hold links that work once",
    ),
    said(
        "events.reaction",
        "отметки системы о том, какие события обработаны",
        "the system's own notes of which facts were dealt with",
    ),
];

/// Columns that are left out.
pub const COLUMNS_LEFT_OUT: &[LeftOut] = &[
    left_out(
        "bodies.roll",
        "notice_token_hash",
        "отпечаток ссылки из извещения",
        "the digest of a link in a notice",
    ),
    left_out(
        "learning.invitation",
        "token",
        "ссылка, по которой записываются на курс",
        "the link by which people enrol",
    ),
    left_out(
        "oidc.provider",
        "sealed_secret",
        "секрет, которым система входит у вашего поставщика",
        "the secret by which the system signs in at your provider",
    ),
];

const fn said(table: &'static str, ru: &'static str, en: &'static str) -> Described {
    Described { table, meaning: Text { ru, en } }
}

const fn left_out(table: &'static str, column: &'static str, ru: &'static str, en: &'static str) -> LeftOut {
    LeftOut { table, column, reason: Text { ru, en } }
}

/// What is in an export.
#[must_use]
pub fn contents() -> Contents {
    Contents {
        described: DESCRIBED,
        tables_left_out: TABLES_LEFT_OUT,
        columns_left_out: COLUMNS_LEFT_OUT,
        sealed: keys::tables(),
    }
}
