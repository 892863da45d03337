//! Names of files inside of an archive.

/// The longest name, characters: with its folder and its id it fits what every system takes.
const LONGEST: usize = 120;

/// A name that every system takes and that leads nowhere: no separators, no control signs, no signs that Windows does not
/// take, nothing that turns the direction of writing, no dot or space at its ends. What is too long loses its middle and
/// keeps its ending.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|sign| match sign {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '_',
            sign if sign.is_control() => '_',
            sign => sign,
        })
        .collect();
    let name = name.trim_matches([' ', '.']);
    if name.is_empty() {
        return "file".to_owned();
    }
    let count = name.chars().count();
    if count <= LONGEST {
        return name.to_owned();
    }
    let ending =
        name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.chars().count() <= 10);
    match ending {
        Some(ending) => {
            let kept = LONGEST - ending.chars().count() - 1;
            format!("{}.{ending}", name.chars().take(kept).collect::<String>().trim_end_matches([' ', '.']))
        }
        None => name.chars().take(LONGEST).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, safe: &str) {
        assert_eq!(safe_name(name), safe, "{name:?}");
    }

    #[test]
    fn names_lead_nowhere_and_are_taken_everywhere() {
        check("Протокол № 1.pdf", "Протокол № 1.pdf");
        check("../../etc/passwd", "_.._etc_passwd");
        check("C:\\boot.ini", "C__boot.ini");
        check("a\u{202e}fdp.exe", "a_fdp.exe");
        check("a\nb\0c.txt", "a_b_c.txt");
        check("..", "file");
        check("", "file");
        check(" отчёт. ", "отчёт");
        let long = format!("{}.docx", "я".repeat(300));
        let safe = safe_name(&long);
        assert_eq!(safe.chars().count(), 120);
        assert!(safe.ends_with("я.docx"));
        assert_eq!(safe_name(&"я".repeat(300)).chars().count(), 120);
    }
}
