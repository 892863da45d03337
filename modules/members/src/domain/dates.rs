//! Dates as people write them.

use chrono::{Duration, NaiveDate};

use super::text::fold;

/// The months' names, in Russian (alone and in a date) and English, January first.
const MONTHS: [[&str; 3]; 12] = [
    ["январь", "января", "january"],
    ["февраль", "февраля", "february"],
    ["март", "марта", "march"],
    ["апрель", "апреля", "april"],
    ["май", "мая", "may"],
    ["июнь", "июня", "june"],
    ["июль", "июля", "july"],
    ["август", "августа", "august"],
    ["сентябрь", "сентября", "september"],
    ["октябрь", "октября", "october"],
    ["ноябрь", "ноября", "november"],
    ["декабрь", "декабря", "december"],
];

/// Day numbers of a spreadsheet that are taken for dates: 1910 to 2118. Below lie years that were
/// typed as plain numbers ("1976").
const SERIAL_DAYS: std::ops::RangeInclusive<i64> = 3_654..=80_000;

/// Reads a date: `31.12.1999`, `31/12/1999`, `1999-12-31`, `31 декабря 1999 г.`, each also with a time after it.
///
/// `None` for days that no calendar has, and for years of two digits, whose century is anybody's guess.
/// Slashes mean day before month, as in the registers this is made for.
#[must_use]
pub fn parse_date(raw: &str) -> Option<NaiveDate> {
    let text = fold(raw);
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let first = words.next()?;
    if first.bytes().all(|b| b.is_ascii_digit()) {
        return match words.next() {
            // A day number, as spreadsheets keep dates, that lost its format on the way.
            None if first.len() == 5 => from_serial(first.parse().ok()?),
            None => None,
            Some(month) => {
                let (month, year) = (month_number(month)?, words.next()?);
                let year = year.trim_end_matches(['.', 'г']);
                rest_is_harmless(words).then(|| date(year, month, first.parse().ok()?))?
            }
        };
    }
    let day_part = first.split('t').next().unwrap_or(first).trim_end_matches(['.', 'г']);
    let separator = day_part.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, '.' | '/' | '-') {
        return None;
    }
    let parts: Vec<&str> = day_part.split(separator).collect();
    let [a, b, c] = parts[..] else { return None };
    if !rest_is_harmless(words) {
        return None;
    }
    let month = small_number(b)?;
    if a.len() == 4 { date(a, month, small_number(c)?) } else { date(c, month, small_number(a)?) }
}

/// The date behind a spreadsheet's day number, which counts from 30 December 1899.
#[must_use]
pub fn from_serial(day_number: i64) -> Option<NaiveDate> {
    if !SERIAL_DAYS.contains(&day_number) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(Duration::try_days(day_number)?)
}

fn date(year: &str, month: u32, day: u32) -> Option<NaiveDate> {
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day)
}

fn small_number(text: &str) -> Option<u32> {
    let is_small = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_small.then(|| text.parse().ok())?
}

/// The month that a word names, in full or shortened to three letters or more.
fn month_number(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    if word.chars().count() < 3 {
        return None;
    }
    let position = MONTHS.iter().position(|forms| forms.iter().any(|form| form.starts_with(word)))?;
    u32::try_from(position + 1).ok()
}

/// True when only "г.", "года" or a time of day follow the date.
fn rest_is_harmless<'a>(mut words: impl Iterator<Item = &'a str>) -> bool {
    words.all(|word| {
        matches!(word, "г" | "г." | "год" | "года" | "г.р." | "г.р")
            || (word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.')))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_usual_spelling_is_read() {
        let expected = NaiveDate::from_ymd_opt(2003, 7, 4);
        for spelling in [
            "04.07.2003",
            "4.7.2003",
            " 04/07/2003 ",
            "04-07-2003",
            "2003-07-04",
            "2003.07.04",
            "2003/7/4",
            "4 июля 2003 г.",
            "4 июл. 2003",
            "04 ИЮЛЯ 2003г.",
            "4 July 2003",
            "04.07.2003 г.",
            "04.07.2003г.",
            "2003-07-04 00:00:00",
            "2003-07-04T00:00:00.000",
            "04.07.2003 0:00",
            "37806",
        ] {
            assert_eq!(parse_date(spelling), expected, "{spelling}");
        }
        assert_eq!(parse_date("1 мая 1980 г."), NaiveDate::from_ymd_opt(1980, 5, 1));
        assert_eq!(parse_date("1 марта 1980 г."), NaiveDate::from_ymd_opt(1980, 3, 1));
    }

    #[test]
    fn impossible_and_unclear_dates_are_refused() {
        for raw in [
            "",
            "31.02.1985",
            "32.01.1979",
            "00.00.0000",
            "29.02.1999",
            "01.01.85",
            "1985",
            "1.1",
            "вчера",
            "12.1985",
            "1 мартобря 1985",
            "04.07.2003 или 2004",
            "4 июля",
            "12345678",
            "1.2.3.4",
            "+1.02.2003",
        ] {
            assert_eq!(parse_date(raw), None, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(days in 0i64..60_000) {
            let date = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date") + Duration::days(days);
            for format in ["%d.%m.%Y", "%Y-%m-%d", "%-d/%-m/%Y", "%d %B %Y"] {
                prop_assert_eq!(parse_date(&date.format(format).to_string()), Some(date));
            }
        }

        #[test]
        fn no_text_makes_it_panic(raw in any::<String>()) {
            let _ = parse_date(&raw);
        }
    }
}
