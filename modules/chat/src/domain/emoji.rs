//! What a reaction may be: one emoji.

/// How many different emoji one message takes.
pub const MOST: usize = 20;

const VARIATION: char = '\u{fe0f}';
const JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';
const TAG_END: char = '\u{e007f}';

/// Whether the text is exactly one emoji, by the grammar of Unicode TS51 §1.4.9 (ED-17): elements joined by ZWJ, each a
/// pictograph with a variation selector or a skin tone, a flag, or a keycap.
#[must_use]
pub fn is_one(text: &str) -> bool {
    if text.len() > 64 || text.chars().count() > 16 {
        return false;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut rest = chars.as_slice();
    loop {
        let Some(after) = element(rest) else { return false };
        match after {
            [] => return true,
            [JOINER, more @ ..] => rest = more,
            _ => return false,
        }
    }
}

/// What is left behind the first element.
fn element(chars: &[char]) -> Option<&[char]> {
    match chars {
        [one, other, rest @ ..] if is_regional(*one) && is_regional(*other) => Some(rest),
        ['0'..='9' | '#' | '*', VARIATION, KEYCAP, rest @ ..] => Some(rest),
        [one, rest @ ..] if is_pictograph(*one) => {
            let rest = match rest {
                [VARIATION, rest @ ..] | ['\u{1f3fb}'..='\u{1f3ff}', rest @ ..] => rest,
                _ => rest,
            };
            // Flags of regions: England, Scotland, Wales.
            let tags = rest.iter().take_while(|c| matches!(c, '\u{e0020}'..='\u{e007e}')).count();
            match (tags, rest.get(tags)) {
                (0, _) => Some(rest),
                (_, Some(&TAG_END)) => Some(&rest[tags + 1..]),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_regional(c: char) -> bool {
    ('\u{1f1e6}'..='\u{1f1ff}').contains(&c)
}

/// The blocks that hold the pictographs of Unicode's emoji-data (`Extended_Pictographic`), letters and digits left out.
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2194}'..='\u{2199}' | '\u{21a9}'..='\u{21aa}'
        | '\u{231a}'..='\u{231b}' | '\u{2328}' | '\u{23cf}' | '\u{23e9}'..='\u{23f3}' | '\u{23f8}'..='\u{23fa}'
        | '\u{24c2}' | '\u{25aa}'..='\u{25ab}' | '\u{25b6}' | '\u{25c0}' | '\u{25fb}'..='\u{25fe}'
        | '\u{2600}'..='\u{27bf}' | '\u{2934}'..='\u{2935}' | '\u{2b05}'..='\u{2b07}'
        | '\u{2b1b}'..='\u{2b1c}' | '\u{2b50}' | '\u{2b55}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f004}' | '\u{1f0cf}' | '\u{1f170}'..='\u{1f171}' | '\u{1f17e}'..='\u{1f17f}' | '\u{1f18e}'
        | '\u{1f191}'..='\u{1f19a}' | '\u{1f201}'..='\u{1f202}' | '\u{1f21a}' | '\u{1f22f}'
        | '\u{1f232}'..='\u{1f23a}' | '\u{1f250}'..='\u{1f251}' | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}' | '\u{1f7e0}'..='\u{1f7eb}' | '\u{1f7f0}' | '\u{1f900}'..='\u{1f9ff}'
        | '\u{1fa70}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_taken() {
        // What the web offers first.
        for emoji in ["👍", "❤️", "🤝", "👏", "😄", "🎉", "🤔", "👀"] {
            assert!(is_one(emoji), "{emoji}");
        }
        for emoji in ["👩‍🏫", "👍🏽", "🇷🇺", "5️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧‍👦", "✅", "❗", "🏳️‍🌈", "⏳"]
        {
            assert!(is_one(emoji), "{emoji}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "a", "да", "👍👍", "👍 ", "1", "🇷", "👍\u{200d}", "<b>", "\u{fe0f}", "\u{200d}👍", "👍a"]
        {
            assert!(!is_one(text), "{text}");
        }
        assert!(!is_one(&"👩‍🏫".repeat(9)));
    }
}
