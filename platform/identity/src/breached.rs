//! Passwords that everybody's guessing begins with: those of published lists of leaked ones. Nothing leaves the machine:
//! the list is part of the program.
//!
//! It holds the first five bytes of the SHA-256 of each password in lower case, in order. Of 112,000 entries a password
//! that is in no list is refused once in ten million times. How it is renewed: `docs/howto/renew-breached-passwords.md`.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::password::{LONGEST, SHORTEST};

/// Bytes that are kept of a password.
const WIDTH: usize = 5;
/// The list, in order.
static LIST: &[u8] = include_bytes!("breached.bin");

/// Keys of a Russian keyboard, and of an English one in the same places.
const KEYS: (&str, &str) = ("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`");

/// Whether a password is in the list, in any case, typed on either keyboard.
#[must_use]
pub fn is_breached(password: &str) -> bool {
    let typed = password.trim().to_lowercase();
    let swapped = on_english_keys(&typed);
    holds(&kept(&typed)) || (swapped != typed && holds(&kept(&swapped)))
}

/// A list for [`is_breached`]: of each line that is long enough to be anybody's password here.
#[must_use]
pub fn list_of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let all: BTreeSet<[u8; WIDTH]> = lines
        .into_iter()
        .map(|line| line.trim().to_lowercase())
        .filter(|line| (SHORTEST..=LONGEST).contains(&line.chars().count()))
        .map(|line| kept(&line))
        .collect();
    all.into_iter().flatten().collect()
}

fn kept(typed: &str) -> [u8; WIDTH] {
    let sum = Sha256::digest(typed.as_bytes());
    let mut kept = [0; WIDTH];
    kept.copy_from_slice(&sum[..WIDTH]);
    kept
}

fn holds(wanted: &[u8; WIDTH]) -> bool {
    LIST.as_chunks::<WIDTH>().0.binary_search(wanted).is_ok()
}

fn on_english_keys(typed: &str) -> String {
    let swap = |sign: char| {
        let at = KEYS.0.chars().position(|key| key == sign)?;
        KEYS.1.chars().nth(at)
    };
    typed.chars().map(|sign| swap(sign).unwrap_or(sign)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_in_order() {
        let (all, rest) = LIST.as_chunks::<WIDTH>();
        assert!(rest.is_empty());
        assert!(all.len() > 100_000, "{} entries", all.len());
        assert!(all.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn both_keyboards_have_as_many_keys() {
        assert_eq!(KEYS.0.chars().count(), KEYS.1.chars().count());
    }

    #[test]
    fn common_passwords_are_known_on_either_keyboard() {
        for password in
            ["qwertyuiop", "1234567890", "Password123", " manchester ", "йцукенгшщз", "ПАРОЛЬ12345"]
        {
            assert!(is_breached(password), "{password}");
        }
        // A name as it is typed on English keys, and on Russian ones.
        for password in ["fktrcfylhf", "александра"] {
            assert!(is_breached(password), "{password}");
        }
    }

    #[test]
    fn other_passwords_are_not() {
        for password in ["plenum-demo-2026", "четыре рыжих кота поют", "a quite different phrase", ""]
        {
            assert!(!is_breached(password), "{password}");
        }
    }

    #[test]
    fn a_list_is_made_of_what_is_long_enough() {
        let list = list_of(["short", "Qwertyuiop", "qwertyuiop ", "1234567890"]);
        assert_eq!(list.len(), 2 * WIDTH);
        assert!(list[..WIDTH] < list[WIDTH..]);
    }
}
