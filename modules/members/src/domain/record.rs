//! A record card: how its fields are read, and what a change changes.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    card::CardNumber,
    contacts::{Email, Phone},
    dates::parse_date,
    names::PersonName,
    sex::Sex,
    text::{is_blank, tidy},
};

/// The longest text of a field, in characters.
const LONGEST: usize = 300;
/// Nobody on record is older, in years.
const OLDEST_AGE_YEARS: i32 = 120;

/// A field of the card that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordField {
    /// The family name.
    Surname,
    /// The given name.
    GivenName,
    /// The patronymic.
    Patronymic,
    /// The date of birth.
    BirthDate,
    /// The sex.
    Sex,
    /// The phone number.
    Phone,
    /// The e-mail address.
    Email,
    /// Where the person works.
    Workplace,
    /// What the person works as.
    Position,
    /// The date of joining the union.
    JoinedOn,
    /// The number of the union card.
    CardNumber,
}

impl RecordField {
    /// The field's name in an input.
    #[must_use]
    pub fn input(self) -> &'static str {
        match self {
            Self::Surname => "surname",
            Self::GivenName => "givenName",
            Self::Patronymic => "patronymic",
            Self::BirthDate => "birthDate",
            Self::Sex => "sex",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Workplace => "workplace",
            Self::Position => "position",
            Self::JoinedOn => "joinedOn",
            Self::CardNumber => "cardNumber",
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub field: RecordField,
    /// A stable word.
    pub reason: &'static str,
}

/// What a card says of a person, every value checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The name.
    pub name: PersonName,
    /// The date of birth.
    pub birth_date: NaiveDate,
    /// The sex.
    pub sex: Option<Sex>,
    /// The phone number.
    pub phone: Option<Phone>,
    /// The address.
    pub email: Option<Email>,
    /// Where the person works.
    pub workplace: Option<String>,
    /// What the person works as.
    pub position: Option<String>,
    /// The date of joining.
    pub joined_on: Option<NaiveDate>,
    /// The card's number.
    pub card_number: Option<CardNumber>,
}

/// A value of an input: left out, or said (perhaps to be none).
pub type Said<T> = Option<Option<T>>;

/// What is said about a card, as it was typed. What is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The family name.
    pub surname: Said<String>,
    /// The given name.
    pub given_name: Said<String>,
    /// The patronymic.
    pub patronymic: Said<String>,
    /// The date of birth.
    pub birth_date: Said<String>,
    /// The sex.
    pub sex: Said<Sex>,
    /// The phone number.
    pub phone: Said<String>,
    /// The address.
    pub email: Said<String>,
    /// Where the person works.
    pub workplace: Said<String>,
    /// What the person works as.
    pub position: Said<String>,
    /// The date of joining.
    pub joined_on: Said<String>,
    /// The card's number.
    pub card_number: Said<String>,
}

/// One field before and after: dates as `2026-11-23`, the sex as `female` or `male`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which.
    pub field: RecordField,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

impl Details {
    /// The field as text.
    #[must_use]
    pub fn text(&self, field: RecordField) -> Option<String> {
        let owned = |text: &str| Some(text.to_owned());
        match field {
            RecordField::Surname => owned(self.name.surname()),
            RecordField::GivenName => owned(self.name.given_name()),
            RecordField::Patronymic => self.name.patronymic().map(str::to_owned),
            RecordField::BirthDate => Some(self.birth_date.to_string()),
            RecordField::Sex => self.sex.map(|sex| sex.as_str().to_owned()),
            RecordField::Phone => self.phone.as_ref().map(ToString::to_string),
            RecordField::Email => self.email.as_ref().map(ToString::to_string),
            RecordField::Workplace => self.workplace.clone(),
            RecordField::Position => self.position.clone(),
            RecordField::JoinedOn => self.joined_on.map(|date| date.to_string()),
            RecordField::CardNumber => self.card_number.as_ref().map(ToString::to_string),
        }
    }

    /// What is different in `new`, in the order of the card.
    #[must_use]
    pub fn changes_to(&self, new: &Self) -> Vec<Change> {
        const ALL: [RecordField; 11] = [
            RecordField::Surname,
            RecordField::GivenName,
            RecordField::Patronymic,
            RecordField::BirthDate,
            RecordField::Sex,
            RecordField::Phone,
            RecordField::Email,
            RecordField::Workplace,
            RecordField::Position,
            RecordField::JoinedOn,
            RecordField::CardNumber,
        ];
        ALL.into_iter()
            .map(|field| Change { field, old: self.text(field), new: new.text(field) })
            .filter(|change| change.old != change.new)
            .collect()
    }
}

/// Collects faults, so that a form shows all of them at once.
struct Check {
    faults: Vec<Fault>,
    today: NaiveDate,
}

impl Check {
    fn fault(&mut self, field: RecordField, reason: &'static str) {
        self.faults.push(Fault { field, reason });
    }

    /// What was said, tidied; blank is none.
    fn text(&mut self, field: RecordField, said: Said<String>, stays: Option<String>) -> Option<String> {
        let Some(said) = said else { return stays };
        let text = said.filter(|text| !is_blank(text)).map(|text| tidy(&text))?;
        if text.chars().count() > LONGEST {
            self.fault(field, "too_long");
        }
        Some(text)
    }

    fn parsed<T>(
        &mut self,
        field: RecordField,
        said: Said<String>,
        stays: Option<T>,
        reason: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if said.is_none() {
            return stays;
        }
        let text = self.text(field, said, None)?;
        let value = parse(&text);
        if value.is_none() {
            self.fault(field, reason);
        }
        value
    }

    fn date(
        &mut self,
        field: RecordField,
        said: Said<String>,
        stays: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let said_anew = said.is_some();
        let date = self.parsed(field, said, stays, "not_a_date", parse_date)?;
        if said_anew && date > self.today {
            self.fault(field, "in_the_future");
        } else if said_anew && date.year() < self.today.year() - OLDEST_AGE_YEARS {
            self.fault(field, "too_long_ago");
        }
        Some(date)
    }
}

impl Draft {
    /// Reads what was typed over what is on record; without a record, all that is needed must be said.
    ///
    /// # Errors
    /// All faults, in the order of the card.
    pub fn read(self, over: Option<&Details>, today: NaiveDate) -> Result<Details, Vec<Fault>> {
        let mut check = Check { faults: Vec::new(), today };
        let stays = |field: RecordField| over.and_then(|details| details.text(field));
        let (surname, given_name, patronymic) = (
            check.text(RecordField::Surname, self.surname, stays(RecordField::Surname)),
            check.text(RecordField::GivenName, self.given_name, stays(RecordField::GivenName)),
            check.text(RecordField::Patronymic, self.patronymic, stays(RecordField::Patronymic)),
        );
        for (field, part, needed) in [
            (RecordField::Surname, &surname, true),
            (RecordField::GivenName, &given_name, true),
            (RecordField::Patronymic, &patronymic, false),
        ] {
            match part {
                None if needed => check.fault(field, "empty"),
                Some(text) if !text.chars().any(char::is_alphabetic) => check.fault(field, "not_a_name"),
                _ => {}
            }
        }
        let birth_said = self.birth_date.is_some();
        let birth_date =
            check.date(RecordField::BirthDate, self.birth_date, over.map(|details| details.birth_date));
        if birth_date.is_none()
            && (!birth_said || !check.faults.iter().any(|fault| fault.field == RecordField::BirthDate))
        {
            check.fault(RecordField::BirthDate, "empty");
        }
        let sex = self.sex.unwrap_or_else(|| over.and_then(|details| details.sex));
        let phone = check.parsed(
            RecordField::Phone,
            self.phone,
            over.and_then(|details| details.phone.clone()),
            "not_a_phone",
            Phone::parse,
        );
        let email = check.parsed(
            RecordField::Email,
            self.email,
            over.and_then(|details| details.email.clone()),
            "not_an_email",
            Email::parse,
        );
        let workplace = check.text(RecordField::Workplace, self.workplace, stays(RecordField::Workplace));
        let position = check.text(RecordField::Position, self.position, stays(RecordField::Position));
        let joined_on =
            check.date(RecordField::JoinedOn, self.joined_on, over.and_then(|details| details.joined_on));
        if joined_on.zip(birth_date).is_some_and(|(joined, born)| joined < born) {
            check.fault(RecordField::JoinedOn, "before_birth");
        }
        let card_number = check.parsed(
            RecordField::CardNumber,
            self.card_number,
            over.and_then(|details| details.card_number.clone()),
            "not_a_card_number",
            CardNumber::parse,
        );
        let name = surname.zip(given_name).and_then(|(surname, given_name)| {
            PersonName::from_parts(&surname, &given_name, patronymic.as_deref().unwrap_or_default())
        });
        match (name, birth_date) {
            (Some(name), Some(birth_date)) if check.faults.is_empty() => Ok(Details {
                name,
                birth_date,
                sex,
                phone,
                email,
                workplace,
                position,
                joined_on,
                card_number,
            }),
            _ => Err(check.faults),
        }
    }

    /// What sets these fields to the values after the changes.
    #[must_use]
    pub fn of_changes(changes: &[Change]) -> Self {
        let mut draft = Self::default();
        for Change { field, new, .. } in changes {
            let said = Some(new.clone());
            match field {
                RecordField::Surname => draft.surname = said,
                RecordField::GivenName => draft.given_name = said,
                RecordField::Patronymic => draft.patronymic = said,
                RecordField::BirthDate => draft.birth_date = said,
                RecordField::Sex => draft.sex = Some(new.as_deref().and_then(Sex::parse)),
                RecordField::Phone => draft.phone = said,
                RecordField::Email => draft.email = said,
                RecordField::Workplace => draft.workplace = said,
                RecordField::Position => draft.position = said,
                RecordField::JoinedOn => draft.joined_on = said,
                RecordField::CardNumber => draft.card_number = said,
            }
        }
        draft
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
    }

    fn said(text: &str) -> Said<String> {
        Some(Some(text.to_owned()))
    }

    fn anna() -> Draft {
        Draft {
            surname: said("орлова"),
            given_name: said("анна"),
            patronymic: said("Ильинична"),
            birth_date: said("01.02.1980"),
            phone: said("8 900 000-00-28"),
            email: said("Anna@Example.org"),
            card_number: said(" 77-1 "),
            ..Draft::default()
        }
    }

    fn check(draft: Draft, faults: &[(RecordField, &'static str)]) {
        let found = draft.read(None, today()).expect_err("something is wrong");
        let found: Vec<_> = found.into_iter().map(|fault| (fault.field, fault.reason)).collect();
        assert_eq!(found, faults);
    }

    #[test]
    fn a_card_is_read_as_an_import_reads_it() {
        let details = anna().read(None, today()).expect("all is well");
        assert_eq!(details.name.to_string(), "Орлова Анна Ильинична");
        assert_eq!(details.text(RecordField::Phone).as_deref(), Some("+79000000028"));
        assert_eq!(details.text(RecordField::Email).as_deref(), Some("anna@example.org"));
        assert_eq!(details.text(RecordField::BirthDate).as_deref(), Some("1980-02-01"));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        check(
            Draft::default(),
            &[
                (RecordField::Surname, "empty"),
                (RecordField::GivenName, "empty"),
                (RecordField::BirthDate, "empty"),
            ],
        );
        check(
            Draft {
                surname: said("123"),
                birth_date: said("31.02.1980"),
                phone: said("12"),
                email: said("нет"),
                joined_on: said("01.01.1800"),
                card_number: said("б/н"),
                workplace: said(&"я".repeat(301)),
                ..anna()
            },
            &[
                (RecordField::Surname, "not_a_name"),
                (RecordField::BirthDate, "not_a_date"),
                (RecordField::Phone, "not_a_phone"),
                (RecordField::Email, "not_an_email"),
                (RecordField::Workplace, "too_long"),
                (RecordField::JoinedOn, "too_long_ago"),
                (RecordField::CardNumber, "not_a_card_number"),
            ],
        );
        check(
            Draft { birth_date: said("24.11.2026"), ..anna() },
            &[(RecordField::BirthDate, "in_the_future")],
        );
        check(Draft { joined_on: said("01.01.1980"), ..anna() }, &[(RecordField::JoinedOn, "before_birth")]);
        check(Draft { birth_date: Some(None), ..anna() }, &[(RecordField::BirthDate, "empty")]);
    }

    #[test]
    fn what_is_left_out_stays_and_what_is_emptied_goes() {
        let before = anna().read(None, today()).expect("all is well");
        let draft = Draft { email: Some(None), position: said("учитель"), ..Draft::default() };
        let after = draft.read(Some(&before), today()).expect("all is well");
        let changes = before.changes_to(&after);
        assert_eq!(
            changes,
            [
                Change { field: RecordField::Email, old: Some("anna@example.org".to_owned()), new: None },
                Change { field: RecordField::Position, old: None, new: Some("учитель".to_owned()) },
            ]
        );
        assert_eq!(Draft::of_changes(&changes).read(Some(&before), today()), Ok(after));
    }

    proptest! {
        #[test]
        fn changes_lead_from_the_one_to_the_other(
            surname in "[А-Яа-я]{1,8}", position in "[а-я ]{0,10}", phone in "9[0-9]{9}", female in any::<bool>(),
        ) {
            let before = anna().read(None, today()).expect("all is well");
            let draft = Draft {
                surname: said(&surname),
                position: said(&position),
                phone: said(&phone),
                sex: Some(Some(if female { Sex::Female } else { Sex::Male })),
                ..Draft::default()
            };
            let after = draft.read(Some(&before), today()).expect("all is well");
            let again = Draft::of_changes(&before.changes_to(&after)).read(Some(&before), today());
            prop_assert_eq!(again, Ok(after.clone()));
            prop_assert!(after.changes_to(&after).is_empty());
        }

        #[test]
        fn no_text_makes_it_panic(surname in any::<String>(), date in any::<String>(), phone in any::<String>()) {
            let draft = Draft { surname: said(&surname), birth_date: said(&date), phone: said(&phone), ..anna() };
            let _ = draft.read(None, today());
        }
    }
}
