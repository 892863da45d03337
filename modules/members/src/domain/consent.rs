//! Consent to the use of personal data (Federal Law 152-FZ, article 9).

use plenum_members_api::Consent;
use serde::{Deserialize, Serialize};

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAct {
    /// They agreed.
    Given,
    /// They did not agree.
    Refused,
    /// They took back what they had agreed to.
    Withdrawn,
}

/// Where it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentSource {
    /// A register that was imported says so.
    Import,
    /// A signed paper that the keeper has.
    Paper,
    /// The member, signed in to the portal.
    Portal,
    /// It came with the record from another organization.
    Transfer,
}

/// The version of a text that a register does not name.
pub const UNKNOWN_TEXT: &str = "не указана";

/// The version of the text that is agreed to now.
pub const TEXT_VERSION: &str = "2026-11";

impl ConsentAct {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads what was stored.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Given, Self::Refused, Self::Withdrawn].into_iter().find(|act| act.as_str() == text)
    }

    /// What holds after it.
    #[must_use]
    pub fn leads_to(self) -> Consent {
        match self {
            Self::Given => Consent::Given,
            Self::Refused | Self::Withdrawn => Consent::Refused,
        }
    }

    /// Only what was given can be withdrawn.
    #[must_use]
    pub fn is_possible_after(self, now: Consent) -> bool {
        self != Self::Withdrawn || now == Consent::Given
    }
}

impl ConsentSource {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Paper => "paper",
            Self::Portal => "portal",
            Self::Transfer => "transfer",
        }
    }

    /// Reads what was stored.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Import, Self::Paper, Self::Portal, Self::Transfer]
            .into_iter()
            .find(|source| source.as_str() == text)
    }
}

/// The title and the paragraphs of the present text for an organization. It names what article 9, part 4 of the law
/// asks for: the operator, the purpose, the data, the acts, the term and how to withdraw.
#[must_use]
pub fn text(organization: &str) -> (&'static str, Vec<String>) {
    (
        "Согласие на обработку персональных данных",
        vec![
            format!(
                "Я даю согласие на обработку моих персональных данных оператору: {organization} (далее — Организация)."
            ),
            "Цель обработки: учёт членов профсоюза, исполнение устава, защита моих трудовых и социальных прав, \
             информирование о деятельности Организации и вышестоящих профсоюзных органов, обучение."
                .to_owned(),
            "Перечень данных: фамилия, имя, отчество, дата рождения, пол, телефон, адрес электронной почты, место \
             работы и должность, сведения о членстве в профсоюзе и об избрании в профсоюзные органы, об уплате \
             членских взносов, об участии в заседаниях и обучении."
                .to_owned(),
            "Действия с данными: сбор, запись, систематизация, накопление, хранение, уточнение, извлечение, \
             использование, передача организации профсоюза, в которую я перехожу на учёт, блокирование, удаление и \
             уничтожение, с использованием средств автоматизации и без них."
                .to_owned(),
            "Согласие действует со дня, когда оно дано, до прекращения моего членства в профсоюзе, если я не отзову \
             его раньше. Отозвать согласие можно в любое время в личном кабинете или письменным заявлением."
                .to_owned(),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_given_can_be_withdrawn() {
        assert!(ConsentAct::Withdrawn.is_possible_after(Consent::Given));
        for before in [Consent::Refused, Consent::Missing] {
            assert!(!ConsentAct::Withdrawn.is_possible_after(before));
            assert!(ConsentAct::Given.is_possible_after(before));
        }
        assert_eq!(ConsentAct::Withdrawn.leads_to(), Consent::Refused);
    }

    #[test]
    fn words_read_back() {
        for act in [ConsentAct::Given, ConsentAct::Refused, ConsentAct::Withdrawn] {
            assert_eq!(ConsentAct::read(act.as_str()), Some(act));
        }
        for source in
            [ConsentSource::Import, ConsentSource::Paper, ConsentSource::Portal, ConsentSource::Transfer]
        {
            assert_eq!(ConsentSource::read(source.as_str()), Some(source));
        }
    }
}
