//! The policy of the whole installation: what every crate checks in, merged.

use plenum_authz::{Catalogue, Policy, PolicyError, Text};
use plenum_settings::domain::modules::Module;

/// The policy files by name.
pub const FILES: &[(&str, &str)] = &[
    ("platform/tenancy", plenum_tenancy::POLICY),
    ("platform/identity", plenum_identity::POLICY),
    ("platform/oidc", plenum_oidc::POLICY),
    ("platform/audit", crate::audit_log::POLICY),
    ("platform/federation", plenum_federation::POLICY),
    ("platform/exports", plenum_exports::POLICY),
    ("platform/files", plenum_files::POLICY),
    ("modules/members", plenum_members::POLICY),
    ("modules/bodies", plenum_bodies::POLICY),
    ("modules/meetings", plenum_meetings::POLICY),
    ("modules/learning", plenum_learning::POLICY),
    ("modules/chat", plenum_chat::POLICY),
    ("modules/documents", plenum_documents::POLICY),
    ("modules/mailings", plenum_mailings::POLICY),
    ("modules/dues", plenum_dues::POLICY),
];

/// The modules that an organization can do without; the register it cannot.
pub const MODULES: &[Module] = &[
    module(
        "dues",
        ("Взносы", "Ставки, начисления, платежи и банковские реестры; у членов профсоюза — свои взносы"),
        ("Dues", "Rates, charges, payments and bank lists; members' own dues"),
        &["dues"],
    ),
    module(
        "bodies",
        (
            "Органы и заседания",
            "Выборные органы, созыв заседаний, голосования и протоколы — вместе с видеокомнатами",
        ),
        ("Bodies and sessions", "Elected bodies, calling sessions, votes and minutes; video rooms with them"),
        &["bodies", "meetings"],
    ),
    module(
        "meetings",
        ("Видеокомнаты", "Видеосвязь на заседаниях и вебинарах"),
        ("Video rooms", "Video at sessions and webinars"),
        &["meetings"],
    ),
    module(
        "learning",
        (
            "Обучение",
            "Курсы, тесты, вебинары и выдача сертификатов; выданные сертификаты проверяются и дальше",
        ),
        (
            "Learning",
            "Courses, quizzes, webinars and certificates; those that were given can still be checked",
        ),
        &["learning"],
    ),
    module(
        "documents",
        ("Документы", "Регистрация, согласование и подпись, поручения, журналы и обмен с организациями"),
        (
            "Documents",
            "Registration, approval and signature, tasks, journals and exchange with organizations",
        ),
        &["documents"],
    ),
    module(
        "mailings",
        ("Рассылки", "Письма членам профсоюза; начатая рассылка досылается, отписаться можно и дальше"),
        ("Mailings", "Letters to members; a mailing that began is sent to its end, and can still be left"),
        &["mailings"],
    ),
    module(
        "chat",
        ("Чаты", "Личные и групповые чаты, чаты подразделений, органов и курсов"),
        ("Chats", "Direct and group chats, those of units, bodies and courses"),
        &["chat"],
    ),
];

const fn module(
    name: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
    covers: &'static [&'static str],
) -> Module {
    let (title, meaning) = (Text { ru: ru.0, en: en.0 }, Text { ru: ru.1, en: en.1 });
    Module { name, title, meaning, covers }
}

/// Loads it.
///
/// # Errors
/// [`PolicyError`] naming the line that is wrong.
pub async fn load() -> Result<Policy, PolicyError> {
    Policy::load(FILES).await
}

/// The words of all permissions of which roles are built.
#[must_use]
pub fn catalogue() -> Catalogue {
    Catalogue::new(&[
        plenum_tenancy::permissions::CATALOGUE,
        plenum_identity::permissions::CATALOGUE,
        plenum_oidc::permissions::CATALOGUE,
        crate::audit_log::CATALOGUE,
        plenum_federation::permissions::CATALOGUE,
        plenum_exports::permissions::CATALOGUE,
        plenum_files::permissions::CATALOGUE,
        plenum_members::CATALOGUE,
        plenum_bodies::CATALOGUE,
        plenum_meetings::CATALOGUE,
        plenum_learning::CATALOGUE,
        plenum_chat::CATALOGUE,
        plenum_documents::CATALOGUE,
        plenum_mailings::CATALOGUE,
        plenum_dues::CATALOGUE,
    ])
}
