//! What a column may mean, and the words by which headers say so.

use serde::{Deserialize, Serialize};

use crate::domain::text::fold;

/// What a register's column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Surname, given name and patronymic in one cell.
    FullName,
    /// The family name alone.
    Surname,
    /// The given name alone.
    GivenName,
    /// The patronymic alone.
    Patronymic,
    /// The date of birth.
    BirthDate,
    /// The person's sex.
    Sex,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Where the person works.
    Workplace,
    /// What the person works as.
    Position,
    /// The primary organization the person belongs to.
    Unit,
    /// The date of joining the union.
    JoinedOn,
    /// The number of the union card.
    CardNumber,
    /// Consent to the processing of personal data.
    Consent,
    /// The office that the person was elected to.
    ElectedOffice,
}

impl Field {
    /// Every field, in the order in which they are offered.
    pub const ALL: [Self; 15] = [
        Self::FullName,
        Self::Surname,
        Self::GivenName,
        Self::Patronymic,
        Self::BirthDate,
        Self::Sex,
        Self::Phone,
        Self::Email,
        Self::Workplace,
        Self::Position,
        Self::Unit,
        Self::JoinedOn,
        Self::CardNumber,
        Self::Consent,
        Self::ElectedOffice,
    ];

    /// Phrases of headers that mean this field, folded and without punctuation.
    fn phrases(self) -> &'static [&'static str] {
        match self {
            Self::FullName => &[
                "фио",
                "ф и о",
                "фамилия имя отчество",
                "фамилия имя и отчество",
                "фамилия имя",
                "полное имя",
                "член профсоюза",
                "сотрудник",
                "работник",
                "full name",
                "name",
                "member name",
                "member",
            ],
            Self::Surname => &["фамилия", "surname", "last name", "family name", "lastname"],
            Self::GivenName => &["имя", "given name", "first name", "firstname"],
            Self::Patronymic => &["отчество", "patronymic", "middle name"],
            Self::BirthDate => &[
                "дата рождения",
                "день рождения",
                "д р",
                "др",
                "рождение",
                "дата рожд",
                "число месяц год рождения",
                "birth date",
                "date of birth",
                "birthday",
                "birthdate",
                "dob",
                "born",
            ],
            Self::Sex => &["пол", "sex", "gender"],
            Self::Phone => &[
                "телефон",
                "номер телефона",
                "контактный телефон",
                "мобильный телефон",
                "мобильный",
                "сотовый",
                "моб тел",
                "тел",
                "контакты",
                "phone",
                "phone number",
                "mobile",
                "mobile phone",
                "telephone",
            ],
            Self::Email => &[
                "эл почта",
                "электронная почта",
                "адрес электронной почты",
                "эл адрес",
                "электронный адрес",
                "почта",
                "e mail",
                "email",
                "mail",
                "емейл",
                "имейл",
            ],
            Self::Workplace => &[
                "место работы",
                "место работы учебы",
                "работодатель",
                "предприятие",
                "учреждение",
                "наименование организации",
                "организация",
                "место учебы",
                "workplace",
                "employer",
                "company",
                "place of work",
            ],
            Self::Position => &[
                "должность",
                "профессия",
                "специальность",
                "должность профессия",
                "position",
                "job title",
                "job",
                "occupation",
            ],
            Self::Unit => &[
                "первичная организация",
                "первичная профсоюзная организация",
                "первичная профорганизация",
                "ппо",
                "первичка",
                "наименование ппо",
                "профорганизация",
                "профсоюзная организация",
                "unit",
                "primary organization",
                "primary organisation",
                "primary union organization",
                "branch",
            ],
            Self::JoinedOn => &[
                "дата вступления",
                "дата вступления в профсоюз",
                "вступление",
                "вступил",
                "дата приема в профсоюз",
                "дата постановки на учет",
                "член профсоюза с",
                "в профсоюзе с",
                "joined",
                "joined on",
                "join date",
                "date joined",
                "date of joining",
                "member since",
            ],
            Self::CardNumber => &[
                "профбилет",
                "номер профбилета",
                "№ профбилета",
                "профсоюзный билет",
                "№ профсоюзного билета",
                "номер профсоюзного билета",
                "профсоюзного билета",
                "профбилета",
                "номер билета",
                "№ билета",
                "билет",
                "карта",
                "номер карты",
                "card",
                "card number",
                "card no",
                "union card",
                "union card number",
                "membership card",
                "membership number",
            ],
            Self::Consent => &[
                "согласие",
                "согласие на обработку",
                "согласие на обработку пдн",
                "согласие на обработку персональных данных",
                "согласие пдн",
                "consent",
                "data consent",
                "consent to processing",
            ],
            Self::ElectedOffice => &[
                "выборная должность",
                "выборная профсоюзная должность",
                "выборный орган",
                "профсоюзная должность",
                "выборная работа",
                "должность в профсоюзе",
                "общественная должность",
                "elected office",
                "elected position",
                "union office",
            ],
        }
    }

    /// The field that a header's text means: the one with the longest phrase found in it as whole words.
    #[must_use]
    pub fn recognize(header: &str) -> Option<Self> {
        // Longer texts are sentences ("Реестр членов профсоюза по состоянию на …"), not names of columns.
        const LONGEST_HEADER_CHARS: usize = 80;
        let header = normalized(header);
        if header.is_empty() || header.chars().count() > LONGEST_HEADER_CHARS {
            return None;
        }
        let mut best: Option<(usize, Self)> = None;
        for field in Self::ALL {
            for phrase in field.phrases() {
                let is_longer = best.is_none_or(|(len, _)| phrase.len() > len);
                // Short words are found in data too ("ППО № 5"), so they must be the whole header.
                let may_be_part = phrase.chars().count() >= 4 || *phrase == "фио";
                if is_longer && (header == *phrase || (may_be_part && has_words(&header, phrase))) {
                    best = Some((phrase.len(), field));
                }
            }
        }
        best.map(|(_, field)| field)
    }
}

/// True when the phrase stands in the text as whole words.
fn has_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + phrase.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// How many different fields the texts of a row name.
pub(super) fn recognized<'a>(headers: impl Iterator<Item = &'a str>) -> usize {
    let mut fields: Vec<Field> = headers.filter_map(Field::recognize).collect();
    fields.sort_unstable();
    fields.dedup();
    fields.len()
}

/// A header's words alone.
fn normalized(header: &str) -> String {
    let folded = fold(header).replace("e-mail", "email");
    let spaced: String =
        folded.chars().map(|c| if c.is_alphanumeric() || c == '№' { c } else { ' ' }).collect();
    spaced.replace('№', " № ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_offices_write_them_are_recognized() {
        for (header, field) in [
            ("Фамилия, имя, отчество", Some(Field::FullName)),
            ("Ф.И.О.", Some(Field::FullName)),
            ("ФИО члена профсоюза", Some(Field::FullName)),
            ("Фамилия", Some(Field::Surname)),
            ("ИМЯ", Some(Field::GivenName)),
            ("Отчество (при наличии)", Some(Field::Patronymic)),
            ("Дата рождения", Some(Field::BirthDate)),
            ("Дата\nрождения", Some(Field::BirthDate)),
            ("Пол", Some(Field::Sex)),
            ("Моб. тел.", Some(Field::Phone)),
            ("Эл. почта", Some(Field::Email)),
            ("E-mail", Some(Field::Email)),
            ("Место работы", Some(Field::Workplace)),
            ("Должность", Some(Field::Position)),
            ("Первичная организация", Some(Field::Unit)),
            ("Дата вступления", Some(Field::JoinedOn)),
            ("№ профбилета", Some(Field::CardNumber)),
            ("№профсоюзного билета", Some(Field::CardNumber)),
            ("Согласие на обработку ПДн", Some(Field::Consent)),
            ("Выборная должность", Some(Field::ElectedOffice)),
            ("Date of birth", Some(Field::BirthDate)),
            ("Last name", Some(Field::Surname)),
            ("Card No.", Some(Field::CardNumber)),
            ("№ п/п", None),
            ("№", None),
            ("Примечание", None),
            ("да", None),
            ("ППО № 12", None),
        ] {
            assert_eq!(Field::recognize(header), field, "{header}");
        }
    }
}
