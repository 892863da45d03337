//! What an operation may look like, judged before the engine sees it.
//!
//! The engine limits how deep an operation nests and what it costs, but only after it has parsed it, and it checks
//! floods of aliases, directives and fragments field by field. Here the text is scanned first (the parser recurses, so
//! deep nesting must not reach it), then parsed once, then counted with fragments spread out.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::{
        parse_query,
        types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
    },
};

/// The limits of one operation; what the web app asks for stays below half of each.
#[derive(Debug, Clone, Copy)]
pub struct Armour {
    /// Bytes of text.
    pub bytes: usize,
    /// Tokens of the language: names, marks, numbers, strings.
    pub tokens: usize,
    /// Brackets within brackets.
    pub nesting: usize,
    /// Operations in the document.
    pub operations: usize,
    /// Fragments in the document.
    pub fragments: usize,
    /// Fields after spreading the fragments.
    pub fields: usize,
    /// Root fields.
    pub roots: usize,
    /// Aliases after spreading the fragments.
    pub aliases: usize,
    /// Directives after spreading the fragments.
    pub directives: usize,
}

impl Default for Armour {
    fn default() -> Self {
        Self {
            bytes: 24 * 1024,
            tokens: 4_000,
            nesting: 40,
            operations: 4,
            fragments: 60,
            fields: 1_000,
            roots: 12,
            aliases: 40,
            directives: 40,
        }
    }
}

/// Why an operation does not reach the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is not GraphQL.
    Syntax,
    /// A fragment is spread inside of itself, or is not there.
    Fragments,
    /// More than the limit of the named thing.
    TooMany(&'static str),
}

impl Flaw {
    /// The stable word of the error.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Fragments => "fragments",
            Self::TooMany(what) => what,
        }
    }
}

/// How much there is of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Weight {
    fields: usize,
    aliases: usize,
    directives: usize,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
    }
}

/// What a fragment weighs, as far as it is known.
enum Known {
    /// Being weighed now: meeting it again is a circle.
    Open,
    /// Its weight, and how many fields it puts where it is spread.
    Done(Weight, usize),
}

impl Armour {
    /// Judges and parses an operation.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn inspect(&self, text: &str) -> Result<ExecutableDocument, Flaw> {
        if text.len() > self.bytes {
            return Err(Flaw::TooMany("bytes"));
        }
        self.scan(text)?;
        let document = parse_query(text).map_err(|_| Flaw::Syntax)?;
        self.weigh(&document)?;
        Ok(document)
    }

    /// Counts tokens and nesting without a parser.
    fn scan(&self, text: &str) -> Result<(), Flaw> {
        let bytes = text.as_bytes();
        let (mut at, mut tokens, mut nesting) = (0, 0_usize, 0_usize);
        while at < bytes.len() {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
            let start = at;
            at += 1;
            match bytes[start] {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => continue,
                b'#' => {
                    at = end_of_line(bytes, at);
                    continue;
                }
                b'"' => at = end_of_string(bytes, start),
                b'{' | b'[' | b'(' => {
                    nesting += 1;
                    if nesting > self.nesting {
                        return Err(Flaw::TooMany("nesting"));
                    }
                }
                b'}' | b']' | b')' => nesting = nesting.saturating_sub(1),
                byte if word(byte) => {
                    while at < bytes.len() && word(bytes[at]) {
                        at += 1;
                    }
                }
                _ => {}
            }
            tokens += 1;
            if tokens > self.tokens {
                return Err(Flaw::TooMany("tokens"));
            }
        }
        Ok(())
    }

    fn weigh(&self, document: &ExecutableDocument) -> Result<(), Flaw> {
        let within = |count: usize, limit: usize, what| {
            if count > limit { Err(Flaw::TooMany(what)) } else { Ok(()) }
        };
        within(document.operations.iter().count(), self.operations, "operations")?;
        within(document.fragments.len(), self.fragments, "fragments")?;
        let mut known = HashMap::new();
        for (_, operation) in document.operations.iter() {
            let operation = &operation.node;
            let (mut weight, roots) =
                weigh_set(&operation.selection_set.node, &document.fragments, &mut known)?;
            let variables = &operation.variable_definitions;
            weight.directives += operation.directives.len()
                + variables.iter().map(|variable| variable.node.directives.len()).sum::<usize>();
            within(roots, self.roots, "roots")?;
            within(weight.fields, self.fields, "fields")?;
            within(weight.aliases, self.aliases, "aliases")?;
            within(weight.directives, self.directives, "directives")?;
        }
        Ok(())
    }
}

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// The weight of a selection, and how many fields stand in it directly. Each fragment is weighed once, however often
/// it is spread.
fn weigh_set<'d>(
    set: &'d SelectionSet,
    fragments: &'d Fragments,
    known: &mut HashMap<&'d str, Known>,
) -> Result<(Weight, usize), Flaw> {
    let (mut weight, mut direct) = (Weight::default(), 0_usize);
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                let field = &field.node;
                direct = direct.saturating_add(1);
                weight.add(Weight {
                    fields: 1,
                    aliases: usize::from(field.alias.is_some()),
                    directives: field.directives.len(),
                });
                weight.add(weigh_set(&field.selection_set.node, fragments, known)?.0);
            }
            Selection::InlineFragment(inline) => {
                let inline = &inline.node;
                weight.directives = weight.directives.saturating_add(inline.directives.len());
                let (inner, fields) = weigh_set(&inline.selection_set.node, fragments, known)?;
                weight.add(inner);
                direct = direct.saturating_add(fields);
            }
            Selection::FragmentSpread(spread) => {
                weight.directives = weight.directives.saturating_add(spread.node.directives.len());
                let name = spread.node.fragment_name.node.as_str();
                let (inner, fields) = weigh_fragment(name, fragments, known)?;
                weight.add(inner);
                direct = direct.saturating_add(fields);
            }
        }
    }
    Ok((weight, direct))
}

fn weigh_fragment<'d>(
    name: &str,
    fragments: &'d Fragments,
    known: &mut HashMap<&'d str, Known>,
) -> Result<(Weight, usize), Flaw> {
    match known.get(name) {
        Some(Known::Done(weight, direct)) => return Ok((*weight, *direct)),
        Some(Known::Open) => return Err(Flaw::Fragments),
        None => {}
    }
    let (name, fragment) = fragments.get_key_value(name).ok_or(Flaw::Fragments)?;
    known.insert(name.as_str(), Known::Open);
    let (mut weight, direct) = weigh_set(&fragment.node.selection_set.node, fragments, known)?;
    weight.directives = weight.directives.saturating_add(fragment.node.directives.len());
    known.insert(name.as_str(), Known::Done(weight, direct));
    Ok((weight, direct))
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(bytes.len(), |found| from + found)
}

/// Behind the string that begins here; at the end of the text when it does not end.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let block = bytes[start..].starts_with(b"\"\"\"");
    let mut at = start + if block { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if block && bytes[at..].starts_with(b"\\\"\"\"") => at += 4,
            b'\\' if !block => at += 2,
            b'"' if !block => return at + 1,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return at + 3,
            // A plain string ends with its line: the parser will say so.
            b'\n' | b'\r' if !block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flaw(text: &str) -> &'static str {
        Armour::default().inspect(text).map_or_else(Flaw::reason, |_| "")
    }

    #[test]
    fn an_ordinary_operation_passes() {
        let text = "query($id: ID!) { node(id: $id) { id ...F } } fragment F on Member { name: fullName @skip(if: false) }";
        assert_eq!(flaw(text), "");
    }

    #[test]
    fn floods_do_not_reach_the_engine() {
        let many = |what: &str, times: usize| what.repeat(times);
        assert_eq!(flaw(&many(" ", 30_000)), "bytes");
        assert_eq!(flaw(&format!("{{ {} }}", many("a ", 5_000))), "tokens");
        assert_eq!(flaw(&many("{a", 10_000)), "nesting");
        assert_eq!(flaw(&format!("{{ a(b: {}", many("[", 10_000))), "nesting");
        assert_eq!(flaw(&format!("{{ {} }}", many("a ", 20))), "roots");
        let aliases: String = (0..50).map(|number| format!("a{number}: b ")).collect();
        assert_eq!(flaw(&format!("{{ a {{ {aliases} }} }}")), "aliases");
        assert_eq!(flaw(&format!("{{ a {} }}", many("@a ", 50))), "directives");
        assert_eq!(flaw(&format!("query {} {{ a }}", many("@a ", 50))), "directives");
        let operations: String = (0..5).map(|number| format!("query Q{number} {{ a }} ")).collect();
        assert_eq!(flaw(&operations), "operations");
        let fragments: String = (0..70).map(|number| format!("fragment F{number} on A {{ a }} ")).collect();
        assert_eq!(flaw(&format!("{{ a }} {fragments}")), "fragments");
    }

    #[test]
    fn fragments_that_spread_fragments_are_counted_without_spreading_them() {
        // Each doubles the one before: 2^40 fields, if somebody wrote them out.
        let mut text = "{ a { ...F40 } } fragment F0 on A { a }".to_owned();
        for number in 1..=40 {
            let inner = number - 1;
            text.push_str(&format!(" fragment F{number} on A {{ ...F{inner} ...F{inner} }}"));
        }
        assert_eq!(flaw(&text), "fields");
    }

    #[test]
    fn circles_and_gaps_of_fragments_are_refused() {
        assert_eq!(flaw("{ ...A } fragment A on Q { b { ...B } } fragment B on Q { ...A }"), "fragments");
        assert_eq!(flaw("{ ...A }"), "fragments");
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let deep = "{".repeat(200);
        assert_eq!(flaw(&format!("{{ a(b: \"{deep} \\\" {deep}\") }} # {deep}")), "");
        assert_eq!(flaw(&format!("{{ a(b: \"\"\"{deep} \\\"\"\" {deep}\"\"\") }}")), "");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in "[\\PC{}()\\[\\]\"\\\\#\n@.]{0,200}") {
            let _ = Armour::default().inspect(&text);
        }
    }
}
