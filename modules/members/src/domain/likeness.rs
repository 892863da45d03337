//! Which names are nearly what was looked for: letters mistaken, left out, added, or swapped with their neighbour.
//!
//! Two measures, since each misses what the other finds. The edit distance knows that «Ктоов» is one slip away from
//! «Котов», of whose trigrams it has almost none. Trigrams know that much of a long word is there, wherever the slips.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use super::search::Word;

/// Nearly everything is like a word of three letters, so shorter ones than this have to be found as they stand.
const SHORTEST: usize = 4;
/// Words with so much in common are alike, however many slips there are: the share of trigrams that both have.
const MUCH_IN_COMMON: f32 = 0.5;
/// Who is further away than the nearest by more than so many slips is not shown.
const BESIDE_THE_NEAREST: u32 = 1;

/// How far a name is from what was looked for; the nearest is the least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance {
    /// Slips in all words together.
    slips: u32,
    /// Share of trigrams in common, summed over the words.
    in_common: f32,
}

impl Distance {
    /// Puts the nearest first.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        self.slips.cmp(&other.slips).then(other.in_common.total_cmp(&self.in_common))
    }

    /// Whether a name so far away is shown, given the nearest one.
    #[must_use]
    pub fn is_beside(&self, nearest: &Self) -> bool {
        self.slips <= nearest.slips + BESIDE_THE_NEAREST
    }
}

/// A word that was looked for.
#[derive(Debug)]
struct Wanted {
    text: String,
    letters: Vec<char>,
    trigrams: HashSet<[char; 3]>,
}

/// Compares names with the words of a search. A register has few different words, so each is compared once.
#[derive(Debug)]
pub struct Likeness {
    wanted: Vec<Wanted>,
    known: HashMap<String, Vec<Option<Distance>>>,
}

/// Whether something that is only like this word may stand for it: not for numbers, addresses and short words.
#[must_use]
pub fn may_be_misspelt(word: &Word) -> bool {
    word.text.chars().count() >= SHORTEST && word.text.chars().all(|c| c.is_alphabetic() || c == '-')
}

impl Likeness {
    /// To the words, which all [may be misspelt](may_be_misspelt).
    #[must_use]
    pub fn to<'w>(words: impl IntoIterator<Item = &'w Word>) -> Self {
        let wanted = words
            .into_iter()
            .map(|word| Wanted {
                letters: word.text.chars().collect(),
                trigrams: trigrams(&word.text),
                text: word.text.clone(),
            })
            .collect();
        Self { wanted, known: HashMap::new() }
    }

    /// How far a folded name is from the words; `None` when one of them is neither in it nor like anything in it.
    /// `elsewhere` says of each word whether the card has it in another place.
    pub fn of(&mut self, name: &str, elsewhere: &[bool]) -> Option<Distance> {
        let mut all = Distance { slips: 0, in_common: 0.0 };
        for at in 0..self.wanted.len() {
            if elsewhere.get(at) == Some(&true) || name.contains(&self.wanted[at].text) {
                all.in_common += 1.0;
                continue;
            }
            let nearest = parts(name).filter_map(|part| self.distance(part, at)).min_by(Distance::compare)?;
            all.slips += nearest.slips;
            all.in_common += nearest.in_common;
        }
        Some(all)
    }

    fn distance(&mut self, part: &str, at: usize) -> Option<Distance> {
        if let Some(known) = self.known.get(part) {
            return known[at];
        }
        let letters: Vec<char> = part.chars().collect();
        let its = trigrams(part);
        let distances: Vec<Option<Distance>> =
            self.wanted.iter().map(|wanted| distance(wanted, &letters, &its)).collect();
        let answer = distances[at];
        self.known.insert(part.to_owned(), distances);
        answer
    }
}

/// The words of a name, and the halves of double ones.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(' ').flat_map(|word| {
        let halves = word.split('-').filter(move |half| half.len() < word.len());
        std::iter::once(word).chain(halves)
    })
}

fn distance(wanted: &Wanted, letters: &[char], its: &HashSet<[char; 3]>) -> Option<Distance> {
    if letters.len() < SHORTEST - 1 {
        return None;
    }
    let shared = wanted.trigrams.intersection(its).count();
    let in_common = share(shared, wanted.trigrams.len() + its.len() - shared);
    let slips = slips(&wanted.letters, letters);
    (slips <= allowed(wanted.letters.len()) || in_common >= MUCH_IN_COMMON)
        .then_some(Distance { slips, in_common })
}

/// How many slips a word of so many letters may have.
fn allowed(letters: usize) -> u32 {
    match letters {
        ..=6 => 1,
        7..=10 => 2,
        _ => 3,
    }
}

fn share(part: usize, whole: usize) -> f32 {
    let small = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    if whole == 0 { 0.0 } else { small(part) / small(whole) }
}

/// Every three letters in a row, with two spaces before the word and one behind it: beginnings count more than ends.
fn trigrams(word: &str) -> HashSet<[char; 3]> {
    let padded: Vec<char> = "  ".chars().chain(word.chars()).chain([' ']).collect();
    padded.windows(3).map(|three| [three[0], three[1], three[2]]).collect()
}

/// How many letters have to be replaced, left out, added or swapped with their neighbour (each letter at most once) to
/// make of `wanted` the word, or its beginning: who types «кузнецв» may have meant «кузнецова».
fn slips(wanted: &[char], word: &[char]) -> u32 {
    let width = word.len() + 1;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut before_last: Vec<u32> = Vec::new();
    let mut last: Vec<u32> = (0..width).map(count).collect();
    for (row, letter) in wanted.iter().enumerate() {
        let mut this = Vec::with_capacity(width);
        this.push(count(row + 1));
        for (column, other) in word.iter().enumerate() {
            let replaced = last[column] + u32::from(letter != other);
            let mut least = replaced.min(last[column + 1] + 1).min(this[column] + 1);
            let swapped = row > 0 && column > 0 && *letter == word[column - 1] && wanted[row - 1] == *other;
            if swapped {
                least = least.min(before_last[column - 1] + 1);
            }
            this.push(least);
        }
        before_last = std::mem::replace(&mut last, this);
    }
    last.into_iter().min().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{names::NameKey, search};

    fn words(search: &str) -> Vec<Word> {
        search::words(search).expect("short enough")
    }

    fn of(search: &str, name: &str) -> Option<u32> {
        let words = words(search);
        assert!(words.iter().all(may_be_misspelt), "{search}");
        Likeness::to(&words).of(NameKey::of(name).as_str(), &[]).map(|distance| distance.slips)
    }

    #[test]
    fn a_slip_in_a_word_is_forgiven() {
        for (search, name, expected) in [
            ("Кузнецв Игорь", "Кузнецов Игорь Петрович", Some(1)),
            ("Кузнецв", "Кузнецова Анна", Some(1)),
            ("Ктоов", "Котов Иван", Some(1)),
            ("Ивнаов", "Иванов Иван Иванович", Some(1)),
            ("Симёнов", "Семенов Пётр", Some(1)),
            ("Семеннов", "Семёнов Пётр", Some(1)),
            ("Щедрн", "Салтыков-Щедрин Михаил", Some(1)),
            ("Салтыкв-Щедрн", "Салтыков-Щедрин Михаил", Some(2)),
            ("Алексндар", "Александров Олег", Some(2)),
            ("Констнтинопльский", "Константинопольский Олег", Some(2)),
            ("Ктоов", "Иванов Иван", None),
            ("Кузнецв Ольга", "Кузнецов Игорь Петрович", None),
            ("Петров", "Смирнов Олег", None),
        ] {
            assert_eq!(of(search, name), expected, "{search}, {name}");
        }
    }

    #[test]
    fn the_nearest_comes_first_and_the_far_are_left_out() {
        let far = |search: &str, name: &str| Likeness::to(&words(search)).of(name, &[]).expect("alike");
        // One slip each, and more in common with the first.
        let (katkov, kotov) = (far("Катов", "катков иван"), far("Катов", "котов иван"));
        assert_eq!(katkov.compare(&kotov), Ordering::Less);
        assert!(kotov.is_beside(&katkov) && katkov.is_beside(&kotov));
        let (one, three) = (far("Кузнецв Ольга", "кузнецов ольга"), far("Кузнецв Ольга", "казнецов олга"));
        assert_eq!(one.compare(&three), Ordering::Less);
        assert!(!three.is_beside(&one));
    }

    #[test]
    fn what_is_found_as_it_stands_need_not_be_in_the_name() {
        let words = words("Кузнецв учитель");
        let mut likeness = Likeness::to(&words);
        assert!(likeness.of("кузнецов игорь", &[false, true]).is_some());
        assert!(likeness.of("кузнецов игорь", &[false, false]).is_none());
    }

    #[test]
    fn numbers_addresses_and_short_words_are_not_guessed() {
        let guessed = |search: &str| words(search).iter().all(may_be_misspelt);
        assert!(guessed("Кузнецв Игорь") && guessed("Салтыкв-Щедрн"));
        for search in ["48-11-0000001", "anna@example.org", "+7 900 000", "Ли", "Ким"] {
            assert!(!guessed(search), "{search}");
        }
    }

    proptest! {
        #[test]
        fn one_slip_costs_at_most_one(word in "[а-я]{5,12}", at in 0_usize..4, kind in 0_u8..4) {
            let mut letters: Vec<char> = word.chars().collect();
            match kind {
                0 => letters[at] = 'ъ',
                1 => drop(letters.remove(at)),
                2 => letters.insert(at, 'ъ'),
                _ => letters.swap(at, at + 1),
            }
            let word: Vec<char> = word.chars().collect();
            prop_assert!(slips(&letters, &word) <= 1);
            prop_assert_eq!(slips(&word, &word), 0);
        }

        #[test]
        fn no_text_makes_it_panic(search in any::<String>(), name in any::<String>()) {
            let words = search::words(&search).unwrap_or_default();
            let _ = Likeness::to(&words).of(&name, &[]);
        }
    }
}
