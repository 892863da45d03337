//! Bold words and links inside of a text: `**bold**` and `[words](https://…)`.

use plenum_mail::Span;
use url::Url;

use super::person::{FieldFault, Person, fill};

/// A part of a text before the personal fields are filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<'t> {
    Text(&'t str),
    Bold(&'t str),
    Link(&'t str, Url),
}

/// Why a text cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkupFault {
    /// A personal field.
    Field(FieldFault),
    /// The address of a link is none.
    Link,
}

/// An address that a letter may lead to.
#[must_use]
pub fn link(text: &str) -> Option<Url> {
    let url: Url = text.trim().parse().ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then_some(url)
}

/// The text for a reader. The markup is read first, then the fields are filled in: a name with asterisks stays a name.
///
/// # Errors
/// [`MarkupFault`].
pub fn render(text: &str, person: &Person) -> Result<Vec<Span>, MarkupFault> {
    let filled = |text: &str| fill(text, person).map_err(MarkupFault::Field);
    parts(text)?
        .into_iter()
        .map(|part| {
            Ok(match part {
                Part::Text(text) => Span::Text(filled(text)?),
                Part::Bold(text) => Span::Bold(filled(text)?),
                Part::Link(text, url) => Span::Link { text: filled(text)?, url },
            })
        })
        .collect()
}

fn parts(text: &str) -> Result<Vec<Part<'_>>, MarkupFault> {
    let mut parts = Vec::new();
    // `plain` is where the text begins that has no markup yet; `at` is where we look.
    let (mut plain, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let found = if let Some(inside) = rest.strip_prefix("**") {
            inside.find("**").filter(|end| *end > 0).map(|end| (Part::Bold(&inside[..end]), end + 4))
        } else if let Some(inside) = rest.strip_prefix('[') {
            match inside.split_once("](") {
                Some((words, target)) if !words.is_empty() && !words.contains(['[', ']', '\n']) => {
                    match target.split_once(')') {
                        Some((address, _)) if !address.contains(char::is_whitespace) => {
                            let url = link(address).ok_or(MarkupFault::Link)?;
                            Some((Part::Link(words, url), words.len() + address.len() + 4))
                        }
                        _ => None,
                    }
                }
                _ => None,
            }
        } else {
            None
        };
        match found {
            Some((part, length)) => {
                if plain < at {
                    parts.push(Part::Text(&text[plain..at]));
                }
                parts.push(part);
                at += length;
                plain = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if plain < text.len() {
        parts.push(Part::Text(&text[plain..]));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = match render(text, &Person { given_names: "**Анна**".into(), ..Person::default() }) {
            Ok(spans) => spans
                .iter()
                .map(|span| match span {
                    Span::Text(text) => format!("t({text})"),
                    Span::Bold(text) => format!("b({text})"),
                    Span::Link { text, url } => format!("l({text}|{url})"),
                })
                .collect::<String>(),
            Err(fault) => format!("{fault:?}"),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn bold_words_and_links_are_told_from_text() {
        check("Добрый **день**, коллеги", "t(Добрый )b(день)t(, коллеги)");
        check("См. [сайт](https://a.example/x?y=1).", "t(См. )l(сайт|https://a.example/x?y=1)t(.)");
        check("**", "t(**)");
        check("**открыто", "t(**открыто)");
        check("[не ссылка] (да)", "t([не ссылка] (да))");
        check("5 * 6 ** 2", "t(5 * 6 ** 2)");
        check("", "");
    }

    #[test]
    fn a_link_leads_to_the_web_or_to_an_address() {
        check("[x](javascript:alert(1))", "Link");
        check("[x](data:text/html,1)", "Link");
        check("[почта](mailto:a@b.example)", "l(почта|mailto:a@b.example)");
    }

    #[test]
    fn a_name_never_becomes_markup() {
        check("{{имя_отчество}}", "t(**Анна**)");
        check("**{{имя_отчество}}**", "b(**Анна**)");
    }
}
