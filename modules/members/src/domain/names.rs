//! Names of people as registers write them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{fold, tidy};

/// Words of a name that stay in lower case: particles of surnames and endings of patronymics.
const LOWER_CASE_WORDS: [&str; 10] = ["оглы", "кызы", "фон", "де", "ван", "дер", "ибн", "бин", "аль", "эль"];

/// A person's name in its parts, as it should be shown. Surname and given name are never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    surname: String,
    given_name: String,
    patronymic: Option<String>,
}

/// A name as it is compared: case, spaces and `ё` make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameKey(String);

impl PersonName {
    /// Reads "surname given-name patronymic" from one text.
    ///
    /// `None` when there is no surname or no given name in it. Initials written together
    /// ("Иванов И.И.") are taken apart.
    #[must_use]
    pub fn from_full(full: &str) -> Option<Self> {
        let spaced = full.replace('.', ". ");
        let tidied = join_hyphens(&tidy(&spaced));
        let mut words = tidied.split(' ').filter(|word| has_letter(word));
        let surname = words.next()?;
        let given_name = words.next()?;
        let patronymic = words.collect::<Vec<_>>().join(" ");
        Self::from_parts(surname, given_name, &patronymic)
    }

    /// Takes a name whose parts were written apart. An empty patronymic means that there is none.
    ///
    /// `None` when surname or given name have no letter.
    #[must_use]
    pub fn from_parts(surname: &str, given_name: &str, patronymic: &str) -> Option<Self> {
        Some(Self { surname: shown(surname)?, given_name: shown(given_name)?, patronymic: shown(patronymic) })
    }

    /// The family name.
    #[must_use]
    pub fn surname(&self) -> &str {
        &self.surname
    }

    /// The given name.
    #[must_use]
    pub fn given_name(&self) -> &str {
        &self.given_name
    }

    /// The patronymic, when the person has one.
    #[must_use]
    pub fn patronymic(&self) -> Option<&str> {
        self.patronymic.as_deref()
    }

    /// The name as it is compared with others.
    #[must_use]
    pub fn key(&self) -> NameKey {
        NameKey::of(&self.to_string())
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.surname, self.given_name)?;
        match &self.patronymic {
            Some(patronymic) => write!(f, " {patronymic}"),
            None => Ok(()),
        }
    }
}

impl NameKey {
    /// The key of a full name, or a key that was stored before: the key of a key is the key itself.
    #[must_use]
    pub fn of(full: &str) -> Self {
        Self(fold(full))
    }

    /// The key as text, to be stored and searched.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One part of a name with sensible capitals, or nothing when it holds no letter.
fn shown(part: &str) -> Option<String> {
    let tidied = join_hyphens(&tidy(part));
    if !has_letter(&tidied) {
        return None;
    }
    let words: Vec<String> = tidied.split(' ').map(capitalize_word).collect();
    Some(words.join(" "))
}

fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

fn join_hyphens(tidied: &str) -> String {
    tidied.replace(['–', '—', '‐', '‑'], "-").replace(" - ", "-").replace("- ", "-").replace(" -", "-")
}

fn capitalize_word(word: &str) -> String {
    let folded = word.to_lowercase();
    if LOWER_CASE_WORDS.contains(&folded.as_str()) {
        return folded;
    }
    word.split('-').map(capitalize_stem).collect::<Vec<_>>().join("-")
}

/// Gives a capital to what was written in one case; a deliberate mixture ("МакГрегор") is left alone.
fn capitalize_stem(stem: &str) -> String {
    let has_upper = stem.chars().any(char::is_uppercase);
    let has_lower = stem.chars().any(char::is_lowercase);
    if has_upper && has_lower && stem.chars().next().is_some_and(char::is_uppercase) {
        return stem.to_owned();
    }
    let mut letters = stem.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, shown: &str) {
        assert_eq!(PersonName::from_full(raw).map(|name| name.to_string()).as_deref(), Some(shown));
    }

    #[test]
    fn dirty_names_are_shown_properly() {
        check("  ДЬЯКОНОВ  Илья  ", "Дьяконов Илья");
        check(" Дорофеев-Леонов   игорь  Михайлович", "Дорофеев-Леонов Игорь Михайлович");
        check("КИРИЛЛОВА-МЕДВЕДЕВА  Юлия Михайловна", "Кириллова-Медведева Юлия Михайловна");
        check("алиев вагиф мамед ОГЛЫ", "Алиев Вагиф Мамед оглы");
        check("МакГрегор Иван", "МакГрегор Иван");
        check("Иванов И.И.", "Иванов И. И.");
    }

    #[test]
    fn a_name_needs_surname_and_given_name() {
        for raw in ["", "   ", "Иванов", "12345", "- -", "б/н"] {
            assert_eq!(PersonName::from_full(raw), None, "{raw}");
        }
    }

    #[test]
    fn the_key_is_the_same_in_one_column_and_in_three() {
        let parts = PersonName::from_parts("СЁМИН", "Пётр", " Ильич ").expect("has surname and given name");
        let full = PersonName::from_full("семин петр ильич").expect("has surname and given name");
        assert_eq!(parts.key(), full.key());
    }

    proptest! {
        #[test]
        fn the_key_ignores_case_spaces_and_yo(words in prop::collection::vec("[А-ЯЁа-яё]{1,8}(-[А-ЯЁа-яё]{1,5})?", 2..4)) {
            let plain = PersonName::from_full(&words.join(" ")).expect("two words at least");
            let loud = format!("  {} ", words.join(" \u{a0}  ").to_uppercase().replace('Ё', "Е"));
            let loud = PersonName::from_full(&loud).expect("two words at least");
            prop_assert_eq!(plain.key(), loud.key());
            prop_assert_eq!(NameKey::of(plain.key().as_str()), plain.key());
        }

        #[test]
        fn a_shown_name_reads_back_as_itself(raw in "[А-яЁё -]{0,30}") {
            if let Some(name) = PersonName::from_full(&raw) {
                prop_assert_eq!(PersonName::from_full(&name.to_string()), Some(name));
            }
        }
    }
}
