//! What a person types into the search, as a query of PostgreSQL's full-text search.

/// How many words of a query count.
const MOST: usize = 8;

/// Every word, or a word that begins so, must occur; `None` when there is no word at all. `ё` is `е`, as in the index.
#[must_use]
pub fn query(typed: &str) -> Option<String> {
    let folded = typed.to_lowercase().replace('ё', "е");
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST)
        .map(|word| format!("{}:*", word.chars().take(60).collect::<String>()))
        .collect();
    (!words.is_empty()).then(|| words.join(" & "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_prefixes_and_yo_is_e() {
        assert_eq!(query("Отчёт  о смете!"), Some("отчет:* & о:* & смете:*".to_owned()));
    }

    #[test]
    fn operators_of_the_query_language_are_no_words() {
        assert_eq!(query("a|b & !c:* <-> 'd'"), Some("a:* & b:* & c:* & d:*".to_owned()));
        for typed in ["", "  ", "&|!()'\\:*"] {
            assert_eq!(query(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_query_is_bounded() {
        let long = "слово ".repeat(500);
        assert_eq!(query(&long).map(|query| query.split('&').count()), Some(MOST));
    }
}
