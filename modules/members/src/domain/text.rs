//! How written words are compared: what is the same to a reader is the same here.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

/// True for characters that a reader does not see: zero-width spaces, joiners, soft hyphens, byte order marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// True for every character that is used as a hyphen or dash.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// True when no letter of the text can be in two parts: Latin, Cyrillic and typographic signs without marks.
///
/// Nearly all texts of a register are such, and composing letters is the costliest step of reading one.
fn is_plain(raw: &str) -> bool {
    raw.chars().all(|c| {
        matches!(c, '\0'..='\u{02FF}' | '\u{0400}'..='\u{0482}' | '\u{048A}'..='\u{052F}' | '\u{2010}'..='\u{2122}')
    })
}

/// The text as it should be shown: composed letters, one space between words, none at the ends.
#[must_use]
pub fn tidy(raw: &str) -> String {
    let visible = raw.chars().filter(|c| !is_invisible(*c));
    let composed: String = if is_plain(raw) { visible.collect() } else { visible.nfc().collect() };
    let mut tidied = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    tidied
}

/// The text as it is compared: case, spaces, `ё` and the kind of hyphen make no difference.
///
/// Folding a folded text changes nothing.
#[must_use]
pub fn fold(raw: &str) -> String {
    let visible = raw.chars().filter(|c| !is_invisible(*c));
    if is_plain(raw) {
        join_words(visible.flat_map(char::to_lowercase), raw.len())
    } else {
        join_words(visible.nfc().flat_map(char::to_lowercase).nfc(), raw.len())
    }
}

fn join_words(letters: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut folded = String::with_capacity(capacity);
    // A space is written only when a word follows that is not joined by a hyphen.
    let mut space_pending = false;
    for c in letters {
        if matches!(c, '\u{0300}'..='\u{036F}') {
            continue;
        }
        if c.is_whitespace() {
            space_pending = !folded.is_empty();
            continue;
        }
        let c = match c {
            'ё' => 'е',
            c if is_dash(c) => '-',
            c => c,
        };
        if space_pending && c != '-' && !folded.ends_with('-') {
            folded.push(' ');
        }
        space_pending = false;
        folded.push(c);
    }
    folded
}

/// True when nothing was written, or only dashes that stand for nothing.
#[must_use]
pub fn is_blank(raw: &str) -> bool {
    raw.chars().all(|c| c.is_whitespace() || is_invisible(c) || is_dash(c) || c == '_')
}

/// Orders texts as people do: `№ 2` before `№ 10`.
#[must_use]
pub fn natural_cmp(left: &str, right: &str) -> Ordering {
    let (mut left_rest, mut right_rest) = (left, right);
    while let (Some(l), Some(r)) = (left_rest.chars().next(), right_rest.chars().next()) {
        if l.is_ascii_digit() && r.is_ascii_digit() {
            let (left_digits, right_digits) = (leading_digits(left_rest), leading_digits(right_rest));
            let (left_value, right_value) =
                (left_digits.trim_start_matches('0'), right_digits.trim_start_matches('0'));
            let order = left_value.len().cmp(&right_value.len()).then_with(|| left_value.cmp(right_value));
            if order != Ordering::Equal {
                return order;
            }
            left_rest = &left_rest[left_digits.len()..];
            right_rest = &right_rest[right_digits.len()..];
        } else {
            if l != r {
                return l.cmp(&r);
            }
            left_rest = &left_rest[l.len_utf8()..];
            right_rest = &right_rest[r.len_utf8()..];
        }
    }
    // The whole texts decide between `№ 1` and `№ 01`, so that only equal texts are equal.
    left_rest.len().cmp(&right_rest.len()).then_with(|| left.cmp(right))
}

fn leading_digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_inside_names_are_ordered_by_value() {
        let mut names = vec!["ППО № 10", "ППО № 2", "ППО № 1", "Аппарат", "ППО № 01"];
        names.sort_by(|a, b| natural_cmp(a, b));
        assert_eq!(names, ["Аппарат", "ППО № 01", "ППО № 1", "ППО № 2", "ППО № 10"]);
    }

    #[test]
    fn spaces_around_a_hyphen_make_no_difference() {
        assert_eq!(fold("Быков – Воронцов"), fold("быков-воронцов"));
    }

    #[test]
    fn decomposed_letters_equal_composed_ones() {
        assert_eq!(fold("Фе\u{0308}доров Андреи\u{0306}"), fold("Федоров Андрей"));
    }

    proptest! {
        #[test]
        fn the_short_way_folds_and_tidies_as_the_long_one(raw in "[ -~\u{a0}-\u{ff}İА-яЁё№–—]{0,20}") {
            // A mark alone at the end forces the long way and is then dropped or cut off.
            let long = format!("{raw} \u{0483}");
            prop_assert!(is_plain(&raw) && !is_plain(&long));
            let (folded, tidied) = (fold(&long), tidy(&long));
            prop_assert_eq!(fold(&raw), folded.trim_end_matches('\u{0483}').trim_end());
            prop_assert_eq!(tidy(&raw), tidied.trim_end_matches('\u{0483}').trim_end());
        }

        #[test]
        fn folding_twice_is_folding_once(raw in any::<String>()) {
            let once = fold(&raw);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn tidying_twice_is_tidying_once(raw in any::<String>()) {
            let once = tidy(&raw);
            prop_assert_eq!(tidy(&once), once);
        }

        #[test]
        fn natural_order_is_an_order(a in "[ab0-9 ]{0,6}", b in "[ab0-9 ]{0,6}", c in "[ab0-9 ]{0,6}") {
            prop_assert_eq!(natural_cmp(&a, &b), natural_cmp(&b, &a).reverse());
            if natural_cmp(&a, &b).is_le() && natural_cmp(&b, &c).is_le() {
                prop_assert!(natural_cmp(&a, &c).is_le());
            }
        }
    }
}
