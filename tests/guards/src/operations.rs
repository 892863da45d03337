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

/// Chooses a value: gets the path of the argument (`input.agenda.materials`) and the name of the scalar; `None` lets
/// the default choose.
pub type Choose<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

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

    /// The paths of all arguments of a root field that take ids, nested ones too.
    #[must_use]
    pub fn id_arguments(&self, field: &RootField) -> Vec<String> {
        let mut paths = Vec::new();
        for argument in &field.arguments {
            self.find_ids(&argument["type"], &text(&argument["name"]), &mut paths, 0);
        }
        paths
    }

    fn find_ids(&self, kind: &Value, path: &str, paths: &mut Vec<String>, depth: usize) {
        let name = bare(kind);
        if name == "ID" || (name == "String" && path.rsplit('.').next() == Some("token")) {
            paths.push(path.to_owned());
        } else if depth < DEPTH {
            for input in list(&self.types[&name]["inputFields"]) {
                self.find_ids(&input["type"], &format!("{path}.{}", text(&input["name"])), paths, depth + 1);
            }
        }
    }

    /// A whole operation that calls a root field, with values from `choose` and all that can be selected.
    #[must_use]
    pub fn operation(&self, field: &RootField, choose: Choose<'_>) -> String {
        self.call(field, choose, DEPTH)
    }

    /// The same, selecting nothing but the type: for what happens at the door of the field.
    #[must_use]
    pub fn knock(&self, field: &RootField) -> String {
        self.call(field, &|_, _| None, 0)
    }

    fn call(&self, field: &RootField, choose: Choose<'_>, depth: usize) -> String {
        let arguments: Vec<String> = field
            .arguments
            .iter()
            .filter_map(|argument| {
                let name = text(&argument["name"]);
                let optional = argument["type"]["kind"] != "NON_NULL" || !argument["defaultValue"].is_null();
                let value = self.value(&argument["type"], &name, choose, optional)?;
                Some(format!("{name}: {value}"))
            })
            .collect();
        let arguments =
            if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        let selection = self.selection(&field.returns, depth);
        format!("{} {{ {}{arguments}{selection} }}", field.operation, field.name)
    }

    fn value(&self, kind: &Value, path: &str, choose: Choose<'_>, optional: bool) -> Option<String> {
        match kind["kind"].as_str() {
            Some("NON_NULL") => self.value(&kind["ofType"], path, choose, optional),
            Some("LIST") => {
                self.value(&kind["ofType"], path, choose, optional).map(|value| format!("[{value}]"))
            }
            Some("INPUT_OBJECT") => {
                let name = text(&kind["name"]);
                let fields: Vec<String> = list(&self.types[&name]["inputFields"])
                    .iter()
                    .filter_map(|input| {
                        let field = text(&input["name"]);
                        let optional =
                            input["type"]["kind"] != "NON_NULL" || !input["defaultValue"].is_null();
                        let value =
                            self.value(&input["type"], &format!("{path}.{field}"), choose, optional)?;
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
            .filter(|field| {
                list(&field["args"]).iter().all(|argument| {
                    argument["type"]["kind"] != "NON_NULL" || !argument["defaultValue"].is_null()
                })
            })
            .filter(|_| depth > 0)
            .filter_map(|field| {
                let name = text(&field["name"]);
                let kind = text(&self.types[&bare(&field["type"])]["kind"]);
                let leaf = kind == "SCALAR" || kind == "ENUM";
                if leaf {
                    return Some(name);
                }
                // Lists inside lists cost their product: a page of three is enough to find a leak.
                let page = list(&field["args"]).iter().any(|argument| text(&argument["name"]) == "first");
                let arguments = if page { "(first: 3)" } else { "" };
                (depth > 1).then(|| format!("{name}{arguments}{}", self.selection(&field["type"], depth - 1)))
            })
            .collect::<Vec<_>>()
            .join(" ")
    }
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

fn default(scalar: &str, path: &str) -> String {
    match scalar {
        "Int" => "1".to_owned(),
        "Float" => "1.0".to_owned(),
        "Boolean" => "true".to_owned(),
        // An id of no type: found nowhere.
        "ID" => "\"Nothing_00000000000000000000000000000000\"".to_owned(),
        "DateTime" => "\"2030-01-01T10:00:00Z\"".to_owned(),
        "Date" | "NaiveDate" => "\"2000-01-01\"".to_owned(),
        _ if path.to_lowercase().ends_with("email") => "\"nobody@example.org\"".to_owned(),
        _ if path.to_lowercase().ends_with("password") => "\"not the password\"".to_owned(),
        _ => "\"probe\"".to_owned(),
    }
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
