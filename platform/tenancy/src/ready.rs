//! Roles that every tenant has, by the practice of unions; what they allow stands in the `policy.csv` of each crate.

use plenum_authz::Text;

/// How somebody comes to a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// An administrator gives it.
    ByHand,
    /// A seat in a body brings it, and takes it away.
    ByOffice,
}

/// A role that every tenant has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadyRole {
    /// Its name in policies.
    pub name: &'static str,
    /// What it is called.
    pub title: Text,
    /// What it is for, in a sentence.
    pub meaning: Text,
    /// How somebody comes to it.
    pub given: Given,
}

/// The role that may do everything in a tenant; one person at least holds it.
pub const ADMINISTRATOR: &str = "administrator";
/// The role that comes with being let in.
pub const MEMBER: &str = "member";

/// All of them, in the order in which they are shown.
pub const ROLES: &[ReadyRole] = &[
    role(
        ADMINISTRATOR,
        ("Администратор", "Всё, что есть в организации, и назначение ролей"),
        ("Administrator", "Everything in the organization, and giving roles"),
    ),
    role(
        "primary_chair",
        (
            "Председатель первичной организации",
            "Ведёт дела своей первичной организации: люди, заседания, взносы",
        ),
        ("Chair of a primary organization", "Leads a primary organization: its people, sessions and dues"),
    ),
    role(
        "register_keeper",
        ("Ответственный за учёт", "Ведёт реестр членов профсоюза"),
        ("Keeper of the register", "Keeps the register of members"),
    ),
    role(
        "treasurer",
        ("Казначей", "Начисляет взносы и проводит платежи"),
        ("Treasurer", "Charges dues and records payments"),
    ),
    role(
        "clerk",
        ("Делопроизводитель", "Регистрирует и направляет документы"),
        ("Clerk", "Registers documents and routes them"),
    ),
    role(
        "training_head",
        ("Руководитель обучения", "Отвечает за обучение: курсы, слушатели, оценки"),
        ("Head of training", "Answers for training: courses, learners and grades"),
    ),
    role(
        "course_author",
        ("Автор курсов", "Готовит курсы и проверяет работы"),
        ("Course author", "Makes courses and grades answers"),
    ),
    role(
        "press_officer",
        ("Пресс-секретарь", "Готовит рассылки и следит за порядком в беседах"),
        ("Press officer", "Prepares mailings and keeps order in conversations"),
    ),
    role(
        "mailing_editor",
        ("Редактор рассылок", "Готовит и отправляет рассылки"),
        ("Mailing editor", "Prepares mailings and sends them"),
    ),
    role(
        "auditor",
        ("Ревизор", "Проверяет реестр, взносы, документы и журнал действий, ничего не меняя"),
        ("Auditor", "Reads the register, dues, documents and the audit, and changes nothing"),
    ),
    role(
        MEMBER,
        ("Член профсоюза", "Своя карточка, обучение, беседы и порученные документы"),
        ("Member", "One's own record, courses, conversations and documents at hand"),
    ),
    by_office(
        "body_chair",
        ("Председатель органа", "Ведёт заседания органа"),
        ("Chair of a body", "Presides over the sessions of a body"),
    ),
    by_office(
        "body_secretary",
        ("Секретарь органа", "Созывает заседания органа и ведёт его состав"),
        ("Secretary of a body", "Calls the sessions of a body and manages its seats"),
    ),
    by_office(
        "body_member",
        ("Член органа", "Участвует в заседаниях органа"),
        ("Member of a body", "Takes part in the sessions of a body"),
    ),
];

/// The ready role of this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static ReadyRole> {
    ROLES.iter().find(|role| role.name == name)
}

const fn role(
    name: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
) -> ReadyRole {
    ReadyRole {
        name,
        title: Text { ru: ru.0, en: en.0 },
        meaning: Text { ru: ru.1, en: en.1 },
        given: Given::ByHand,
    }
}

const fn by_office(
    name: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
) -> ReadyRole {
    ReadyRole { given: Given::ByOffice, ..role(name, ru, en) }
}
