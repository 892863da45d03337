//! Operations made from the schema's introspection, so that a new field is covered when it appears.

use std::collections::BTreeMap;

use serde_json::Value;

/// How deep a made selection goes.
const DEPTH: usize = 5;

const INTROSPECTION: &str = "{ __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types { kind name
        fields(includeDeprecated: true) { name args { ...input } type { ...type } }
        inputFields { ...input }
        enumValues { name }
        possibleTypes { name } } } }
fragment input on __InputValue { name type { ...type } defaultValue }
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The schema as introspection tells it.
pub struct Api {
    types: BTreeMap<String, Value>,
    roots: [(&'static str, String); 3],
}

/// A root field.
#[derive(Clone, Debug)]
pub struct RootField {
    /// `query`, `mutation` or `subscription`.
    pub operation: &'static str,
    /// Its name.
    pub name: String,
    arguments: Vec<Value>,
    returns: Value,
}

/// Chooses a value: gets the path of the argument (`input.agenda[0].materials[0]`) and the name of the scalar; `None`
/// lets the default choose.
pub type Choose<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// How much of an answer an operation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The type alone.
    Knock,
    /// The plain fields of what the root field answers with.
    Shallow,
    /// All that can be selected without arguments.
    Deep,
}

impl Selection {
    fn depth(self) -> usize {
        match self {
            Self::Knock => 0,
            Self::Shallow => 1,
            Self::Deep => DEPTH,
        }
    }
}

impl Api {
    /// Reads a schema.
    ///
    /// # Panics
    /// When introspection is refused.
    pub async fn of(schema: &plenum_server::schema::Schema) -> Self {
        let answer = schema.execute(async_graphql::Request::new(INTROSPECTION)).await;
        assert!(answer.errors.is_empty(), "introspection is refused: {:?}", answer.errors);
        let data = answer.data.into_json().expect("introspection is plain data");
        let schema = &data["__schema"];
        let types = schema["types"]
            .as_array()
            .expect("types are a list")
            .iter()
            .map(|kind| (text(&kind["name"]), kind.clone()))
            .collect();
        let root = |key: &str| text(&schema[key]["name"]);
        let roots = [
            ("query", root("queryType")),
            ("mutation", root("mutationType")),
            ("subscription", root("subscriptionType")),
        ];
        Self { types, roots }
    }

    /// All root fields, by operation and name.
    #[must_use]
    pub fn root_fields(&self) -> Vec<RootField> {
        let mut all = Vec::new();
        for (operation, name) in &self.roots {
            let mut fields: Vec<RootField> = list(&self.types[name]["fields"])
                .iter()
                .map(|field| RootField {
                    operation,
                    name: text(&field["name"]),
                    arguments: list(&field["args"]).to_vec(),
                    returns: field["type"].clone(),
                })
                .collect();
            fields.sort_by(|one, other| one.name.cmp(&other.name));
            all.extend(fields);
        }
        all
    }

    /// The places of a root field's arguments that take ids, nested ones too. In a list the first position is tried,
    /// and the second, behind an id that is the caller's own.
    #[must_use]
    pub fn id_places(&self, field: &RootField) -> Vec<String> {
        self.places(field, &|name, path| name == "ID" || (name == "String" && last_word(path) == "token"))
    }

    /// The places of a root field's arguments that take free text of which something is searched or filtered.
    #[must_use]
    pub fn text_places(&self, field: &RootField) -> Vec<String> {
        self.places(field, &|name, path| {
            name == "String" && field.operation == "query" && !["after", "token"].contains(&last_word(path))
        })
    }

    /// The places that take a cursor.
    #[must_use]
    pub fn cursor_places(&self, field: &RootField) -> Vec<String> {
        self.places(field, &|name, path| name == "String" && last_word(path) == "after")
    }

    fn places(&self, field: &RootField, wanted: &dyn Fn(&str, &str) -> bool) -> Vec<String> {
        let mut paths = Vec::new();
        for argument in &field.arguments {
            self.find(&argument["type"], &text(&argument["name"]), wanted, &mut paths, 0);
        }
        paths
            .iter()
            .flat_map(|path| {
                let parts: Vec<&str> = path.split("[]").collect();
                let lists = parts.len() - 1;
                (0..=lists).map(move |second| {
                    let mut place = parts[0].to_owned();
                    for (at, part) in parts.iter().enumerate().skip(1) {
                        place.push_str(if at == second { "[1]" } else { "[0]" });
                        place.push_str(part);
                    }
                    place
                })
            })
            .collect()
    }

    fn find(
        &self,
        kind: &Value,
        path: &str,
        wanted: &dyn Fn(&str, &str) -> bool,
        paths: &mut Vec<String>,
        depth: usize,
    ) {
        match kind["kind"].as_str() {
            Some("NON_NULL") => self.find(&kind["ofType"], path, wanted, paths, depth),
            Some("LIST") => self.find(&kind["ofType"], &format!("{path}[]"), wanted, paths, depth),
            Some("INPUT_OBJECT") if depth < DEPTH => {
                for input in list(&self.types[&text(&kind["name"])]["inputFields"]) {
                    let path = format!("{path}.{}", text(&input["name"]));
                    self.find(&input["type"], &path, wanted, paths, depth + 1);
                }
            }
            _ if wanted(&text(&kind["name"]), path) => paths.push(path.to_owned()),
            _ => {}
        }
    }

    /// Whether what a root field answers with has a field of this name.
    #[must_use]
    pub fn answers_with(&self, field: &RootField, name: &str) -> bool {
        list(&self.types[&bare(&field.returns)]["fields"]).iter().any(|field| field["name"] == name)
    }

    /// The types that `node` finds.
    #[must_use]
    pub fn nodes(&self) -> Vec<String> {
        list(&self.types["Node"]["possibleTypes"]).iter().map(|kind| text(&kind["name"])).collect()
    }

    /// The types whose things have an id.
    #[must_use]
    pub fn types_with_ids(&self) -> Vec<String> {
        let has_id = |kind: &Value| {
            kind["kind"] == "OBJECT"
                && list(&kind["fields"])
                    .iter()
                    .any(|field| field["name"] == "id" && bare(&field["type"]) == "ID")
        };
        self.types.values().filter(|kind| has_id(kind)).map(|kind| text(&kind["name"])).collect()
    }

    /// Asks `node` for a thing of this type, with all that can be selected of it.
    #[must_use]
    pub fn node(&self, kind: &str, id: &str) -> String {
        let fields = self.fields_of(&self.types[kind], 3);
        format!("query {{ node(id: \"{id}\") {{ __typename ... on {kind} {{ {fields} }} }} }}")
    }

    /// The same, asked for one way at a time: an operation for each field, or chain of fields, that has fields of its own.
    /// What fails on one way is then no reason to leave the others.
    #[must_use]
    pub fn node_by_ways(&self, kind: &str, id: &str) -> Vec<(String, String)> {
        let mut ways = Vec::new();
        self.ways(kind, "", DEPTH, &mut |path, selection| {
            let operation = format!("query {{ node(id: \"{id}\") {{ ... on {kind} {{ {selection} }} }} }}");
            ways.push((format!("node({kind}).{path}"), operation));
        });
        ways
    }

    /// Every chain of fields down from a type, with the leaves at its end.
    fn ways(&self, kind: &str, path: &str, depth: usize, found: &mut dyn FnMut(String, String)) {
        let fields = list(&self.types[kind]["fields"]).iter().filter(|field| can_be_left_bare(field));
        for field in fields.filter(|_| depth > 0) {
            let name = text(&field["name"]);
            let returned = bare(&field["type"]);
            let arguments = if is_page(field) { "(first: 3)" } else { "" };
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let described = &self.types[&returned];
            match described["kind"].as_str() {
                // A field that is computed has a door as well.
                Some("SCALAR" | "ENUM") => found(path, format!("{name}{arguments}")),
                Some("OBJECT") => {
                    self.ways(&returned, &path, depth - 1, &mut |path, selection| {
                        found(path, format!("{name}{arguments} {{ {selection} }}"));
                    });
                }
                _ => found(path, format!("{name}{arguments}{}", self.selection(&field["type"], 1))),
            }
        }
    }

    /// A whole operation that calls a root field, with values from `choose`. `place`, when it is given, is one of the
    /// field's places that has to be there, so that lists are long enough.
    #[must_use]
    pub fn operation(
        &self,
        field: &RootField,
        selection: Selection,
        place: Option<&str>,
        choose: Choose<'_>,
    ) -> String {
        self.call(field, place.unwrap_or_default(), choose, selection.depth())
    }

    fn call(&self, field: &RootField, place: &str, choose: Choose<'_>, depth: usize) -> String {
        let arguments: Vec<String> = field
            .arguments
            .iter()
            .filter_map(|argument| {
                let name = text(&argument["name"]);
                let optional = argument["type"]["kind"] != "NON_NULL" || !argument["defaultValue"].is_null();
                let value = self.value(&argument["type"], &name, place, choose, optional)?;
                Some(format!("{name}: {value}"))
            })
            .collect();
        let arguments =
            if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        let selection = self.selection(&field.returns, depth);
        format!("{} {{ {}{arguments}{selection} }}", field.operation, field.name)
    }

    fn value(
        &self,
        kind: &Value,
        path: &str,
        place: &str,
        choose: Choose<'_>,
        optional: bool,
    ) -> Option<String> {
        match kind["kind"].as_str() {
            Some("NON_NULL") => self.value(&kind["ofType"], path, place, choose, optional),
            Some("LIST") => {
                let length = if place.starts_with(&format!("{path}[1]")) { 2 } else { 1 };
                let values: Option<Vec<String>> = (0..length)
                    .map(|at| self.value(&kind["ofType"], &format!("{path}[{at}]"), place, choose, optional))
                    .collect();
                values.map(|values| format!("[{}]", values.join(", ")))
            }
            Some("INPUT_OBJECT") => {
                let name = text(&kind["name"]);
                let fields: Vec<String> = list(&self.types[&name]["inputFields"])
                    .iter()
                    .filter_map(|input| {
                        let field = text(&input["name"]);
                        let optional =
                            input["type"]["kind"] != "NON_NULL" || !input["defaultValue"].is_null();
                        let path = format!("{path}.{field}");
                        let value = self.value(&input["type"], &path, place, choose, optional)?;
                        Some(format!("{field}: {value}"))
                    })
                    .collect();
                (!optional || !fields.is_empty()).then(|| format!("{{ {} }}", fields.join(", ")))
            }
            Some("ENUM") => {
                let values = list(&self.types[&text(&kind["name"])]["enumValues"]).first()?.clone();
                (!optional).then(|| text(&values["name"]))
            }
            _ => {
                let scalar = text(&kind["name"]);
                choose(path, &scalar).or_else(|| (!optional).then(|| default(&scalar, path)))
            }
        }
    }

    fn selection(&self, kind: &Value, depth: usize) -> String {
        let name = bare(kind);
        let described = &self.types[&name];
        match described["kind"].as_str() {
            Some("OBJECT") => format!(" {{ __typename {} }}", self.fields_of(described, depth)),
            Some("INTERFACE" | "UNION") => {
                let parts: Vec<String> = list(&described["possibleTypes"])
                    .iter()
                    .map(|possible| {
                        let name = text(&possible["name"]);
                        // Types of an interface may share a field's name and not its type.
                        let fields = self.fields_of(&self.types[&name], depth.min(2));
                        let aliased = alias(&fields, &name);
                        format!("... on {name} {{ __typename {aliased} }}")
                    })
                    .collect();
                format!(" {{ __typename {} }}", parts.join(" "))
            }
            _ => String::new(),
        }
    }

    fn fields_of(&self, described: &Value, depth: usize) -> String {
        list(&described["fields"])
            .iter()
            .filter(|field| depth > 0 && can_be_left_bare(field))
            .filter_map(|field| {
                let name = text(&field["name"]);
                let kind = text(&self.types[&bare(&field["type"])]["kind"]);
                let leaf = kind == "SCALAR" || kind == "ENUM";
                if leaf {
                    return Some(name);
                }
                // Lists inside lists cost their product: a page of three is enough to find a leak.
                let arguments = if is_page(field) { "(first: 3)" } else { "" };
                (depth > 1).then(|| format!("{name}{arguments}{}", self.selection(&field["type"], depth - 1)))
            })
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Whether a field can be asked for without arguments.
fn can_be_left_bare(field: &Value) -> bool {
    list(&field["args"])
        .iter()
        .all(|argument| argument["type"]["kind"] != "NON_NULL" || !argument["defaultValue"].is_null())
}

/// Whether a field answers with a page of a list.
fn is_page(field: &Value) -> bool {
    list(&field["args"]).iter().any(|argument| text(&argument["name"]) == "first")
}

/// Renames the top fields of a selection, `name` to `Type_name: name`.
fn alias(fields: &str, prefix: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_i32;
    for word in fields.split_whitespace() {
        let starts_field = depth == 0 && word.starts_with(|c: char| c.is_ascii_alphabetic());
        if starts_field {
            out.push_str(prefix);
            out.push('_');
            let name: String = word.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            out.push_str(&name);
            out.push_str(": ");
        }
        out.push_str(word);
        out.push(' ');
        depth += i32::try_from(word.matches(['{', '(']).count()).unwrap_or(0);
        depth -= i32::try_from(word.matches(['}', ')']).count()).unwrap_or(0);
    }
    out
}

/// A value that a field would take, so that what refuses a call is what the call is about.
fn default(scalar: &str, path: &str) -> String {
    let word = last_word(path);
    let plain = match (scalar, word) {
        ("Float", _) => "1.0",
        ("Int", "kopecks" | "value") => "1000",
        ("Int", _) => "1",
        ("Boolean", _) => "true",
        // An id of no type: found nowhere.
        ("ID", _) => "\"Nothing_00000000000000000000000000000000\"",
        ("DateTime", _) => "\"2030-01-01T10:00:00Z\"",
        ("Date" | "NaiveDate", "paidOn" | "theirDate") => "\"2026-11-20\"",
        ("Date" | "NaiveDate", "endsOn") => "\"2026-12-05\"",
        ("Date" | "NaiveDate", _) => "\"2026-12-01\"",
        (_, "month" | "from" | "validFrom") => "\"2026-10\"",
        (_, "until") => "\"2026-12\"",
        (_, "on" | "birthDate" | "joinedOn") => "\"1980-02-01\"",
        (_, "request" | "clientId") => "\"0193a000-0000-7000-8000-000000000001\"",
        (_, "emoji") => "\"👍\"",
        (_, "textVersion") => "\"1\"",
        (_, "contentType") => "\"text/plain\"",
        (_, "pattern") => "\"{n}\"",
        (_, word) if word.to_lowercase().ends_with("email") => "\"nobody@example.org\"",
        (_, word) if word.to_lowercase().ends_with("password") => "\"not the password\"",
        _ => "\"probe\"",
    };
    plain.to_owned()
}

/// The name of an argument: the last word of its path, without the position in a list.
#[must_use]
pub fn last_word(path: &str) -> &str {
    path.rsplit('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches(|c: char| "[]".contains(c) || c.is_ascii_digit())
}

fn bare(kind: &Value) -> String {
    let mut kind = kind;
    while !kind["ofType"].is_null() {
        kind = &kind["ofType"];
    }
    text(&kind["name"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
