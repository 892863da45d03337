//! What a search text looks for.

use super::{names::NameKey, text::fold};

/// The longest search text, in characters, and the most words in it.
const LONGEST: usize = 100;
const MOST_WORDS: usize = 8;
/// Digits from which on a text may be a part of a phone number.
const PHONE_DIGITS: usize = 4;

/// One word of a search: a part of a name, of a card's number, of an address, of a phone number, or a form of a word of
/// the workplace or position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it is compared.
    pub text: String,
    /// The same without the ending of its grammatical case, when it is long enough to have one.
    pub stem: String,
}

/// The words of a search text; all must be found.
///
/// A text of nothing but digits and the signs of phone numbers is one word, its digits.
///
/// # Errors
/// `too_long`.
pub fn words(search: &str) -> Result<Vec<Word>, &'static str> {
    if search.chars().count() > LONGEST {
        return Err("too_long");
    }
    if let Some(digits) = phone_digits(search) {
        return Ok(vec![Word { stem: digits.clone(), text: digits }]);
    }
    let key = NameKey::of(search);
    let words: Vec<Word> = key
        .as_str()
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| Word { text: word.to_owned(), stem: stem(word) })
        .collect();
    if words.len() > MOST_WORDS { Err("too_long") } else { Ok(words) }
}

/// The digits of what may be a phone number, as it stands in E.164 after the country: `8 (900) 000` is `900000`.
fn phone_digits(search: &str) -> Option<String> {
    let folded = fold(search);
    let is_phone = folded.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '+'));
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let whole =
        digits.len() == 11 && digits.starts_with(['7', '8']) || digits.len() == 10 && digits.starts_with('9');
    let spelled = folded.contains(['(', '+', ' ']) || whole;
    if !is_phone || !spelled || digits.len() < PHONE_DIGITS {
        return None;
    }
    let national =
        digits.strip_prefix(['7', '8']).filter(|_| digits.len() == 11 || folded.starts_with(['8', '+']));
    Some(national.unwrap_or(&digits).to_owned())
}

/// Endings of nouns and adjectives, longest first.
const ENDINGS: [&str; 36] = [
    "иями", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "иях", "иям", "ов", "ев", "ей", "ам",
    "ям", "ах", "ях", "ом", "ем", "ой", "ый", "ий", "ая", "яя", "ое", "ее", "ые", "ие", "ых", "их", "ую",
    "юю", "ия", "ию", "ии",
];

/// A word without its ending: «учителей» and «учителя» are one.
fn stem(word: &str) -> String {
    const SHORTEST: usize = 4;
    let keeps = |rest: &str| rest.chars().count() >= SHORTEST;
    let cut = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(|rest| keeps(rest))).or_else(
        || word.strip_suffix(['а', 'е', 'и', 'о', 'у', 'ы', 'ь', 'ю', 'я', 'й']).filter(|rest| keeps(rest)),
    );
    cut.unwrap_or(word).to_owned()
}

/// A pattern of LIKE that finds a text anywhere.
#[must_use]
pub fn pattern(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(search: &str) -> Vec<String> {
        words(search).expect("short enough").into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (one, other) in [
            ("учителя", "учителей"),
            ("школа", "школы"),
            ("больница", "больнице"),
            ("городская", "городской"),
            ("бухгалтер", "бухгалтера"),
            ("гимназия", "гимназии"),
        ] {
            assert_eq!(stem(one), stem(other));
        }
        assert_eq!(stem("дом"), "дом");
    }

    #[test]
    fn a_phone_is_found_in_any_spelling() {
        for search in ["8 (900) 000-00-28", "+7 900 000 00 28", "89000000028", "+79000000028"] {
            assert_eq!(texts(search), ["9000000028"], "{search}");
        }
        assert_eq!(texts("900 000"), ["900000"]);
        // A card's number stays as it is written.
        assert_eq!(texts("48-11-0000001"), ["48-11-0000001"]);
        assert_eq!(texts("77-1"), ["77-1"]);
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(words(&"а".repeat(101)), Err("too_long"));
        assert_eq!(words("а б в г д е ж з и"), Err("too_long"));
        assert_eq!(texts("  ЁЛКИН   борис "), ["елкин", "борис"]);
    }

    proptest! {
        #[test]
        fn a_stem_begins_its_word(word in "[а-я]{1,12}") {
            prop_assert!(word.starts_with(&stem(&word)) && !stem(&word).is_empty());
        }

        #[test]
        fn no_text_makes_it_panic(search in any::<String>()) {
            let _ = words(&search);
        }
    }
}
