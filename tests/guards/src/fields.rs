//! The fields of every type, as introspection tells them, and operations that reach them.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

const INTROSPECTION: &str = "{ __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types { kind name
        fields(includeDeprecated: true) { name args { ...input } type { ...type } }
        inputFields { ...input }
        enumValues { name }
        possibleTypes { name } } } }
fragment input on __InputValue { name type { ...type } defaultValue }
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// Arguments that say how many rows are wanted.
const COUNTS: [&str; 2] = ["first", "months"];

/// A field of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The type it returns, without marks of lists.
    pub of: String,
    /// Whether it returns a list.
    pub list: bool,
    arguments: Vec<Value>,
}

impl Field {
    /// Whether it cannot be asked for by its name alone.
    #[must_use]
    pub fn needs_arguments(&self) -> bool {
        self.arguments.iter().any(is_required)
    }

    /// Whether the caller says how many rows are wanted: by a number, or by naming each.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.arguments.iter().any(|argument| {
            let named = COUNTS.contains(&text(&argument["name"]).as_str());
            named || (self.list && is_list(&argument["type"]) && is_required(argument))
        })
    }
}

/// All types.
pub struct Types {
    types: BTreeMap<String, Value>,
    roots: Vec<(&'static str, String)>,
}

impl Types {
    /// Reads a schema.
    ///
    /// # Panics
    /// When introspection is refused.
    pub async fn of(schema: &plenum_server::schema::Schema) -> Self {
        let answer = schema.execute(async_graphql::Request::new(INTROSPECTION)).await;
        assert!(answer.errors.is_empty(), "introspection is refused: {:?}", answer.errors);
        let data = answer.data.into_json().expect("introspection is plain data");
        let schema = &data["__schema"];
        let types = list(&schema["types"]).iter().map(|kind| (text(&kind["name"]), kind.clone())).collect();
        let roots = ["query", "mutation", "subscription"]
            .map(|operation| (operation, text(&schema[format!("{operation}Type")]["name"])));
        Self { types, roots: roots.to_vec() }
    }

    /// The fields of an object type.
    #[must_use]
    pub fn fields(&self, name: &str) -> Vec<Field> {
        list(&self.types[name]["fields"])
            .iter()
            .map(|field| Field {
                name: text(&field["name"]),
                of: bare(&field["type"]),
                list: is_list(&field["type"]),
                arguments: list(&field["args"]).to_vec(),
            })
            .collect()
    }

    /// Whether something can be selected below it.
    #[must_use]
    pub fn is_composite(&self, name: &str) -> bool {
        matches!(self.types[name]["kind"].as_str(), Some("OBJECT" | "INTERFACE" | "UNION"))
    }

    /// Selections of one value in a type, and what each costs by itself: a field without arguments counts one, and one
    /// more stands around it where the type has none; where it has lists alone, each counts as `counted` says. The name
    /// of the type costs the engine nothing.
    #[must_use]
    pub fn leaves(&self, name: &str, counted: &dyn Fn(&str) -> Option<usize>) -> Vec<(String, usize)> {
        let plain = |name: &str| -> Vec<String> {
            let fields = self.fields(name).into_iter();
            let fields = fields.filter(|field| !self.is_composite(&field.of) && !field.needs_arguments());
            fields.map(|field| field.name).collect()
        };
        let mut found: Vec<(String, usize)> = plain(name).into_iter().map(|leaf| (leaf, 1)).collect();
        if found.is_empty() {
            let around =
                self.fields(name).into_iter().filter(|field| !field.list && !field.needs_arguments());
            found.extend(around.filter_map(|field| {
                plain(&field.of).first().map(|leaf| (format!("{} {{ {leaf} }}", field.name), 2))
            }));
        }
        if found.is_empty() {
            let lists = self.fields(name).into_iter().filter(|field| field.list && !field.needs_arguments());
            found.extend(lists.filter_map(|field| {
                let rows = counted(&format!("{name}.{}", field.name))?;
                plain(&field.of).first().map(|leaf| (format!("{} {{ {leaf} }}", field.name), rows))
            }));
        }
        if found.is_empty() {
            found.extend(list(&self.types[name]["possibleTypes"]).iter().filter_map(|kind| {
                let kind = text(&kind["name"]);
                plain(&kind).first().map(|leaf| (format!("... on {kind} {{ * {leaf} }}"), 1))
            }));
        }
        found
    }

    /// The call of a field that asks for so many rows, with a value for every argument that must have one.
    #[must_use]
    pub fn call(&self, field: &Field, rows: usize) -> String {
        let arguments: Vec<String> = field
            .arguments
            .iter()
            .filter_map(|argument| {
                let name = text(&argument["name"]);
                let value = if COUNTS.contains(&name.as_str()) {
                    rows.to_string()
                } else if is_required(argument) && is_list(&argument["type"]) {
                    format!("[{}]", vec![self.literal(&argument["type"]); rows].join(", "))
                } else if is_required(argument) {
                    self.literal(&argument["type"])
                } else {
                    return None;
                };
                Some(format!("{name}: {value}"))
            })
            .collect();
        if arguments.is_empty() {
            field.name.clone()
        } else {
            format!("{}({})", field.name, arguments.join(", "))
        }
    }

    /// The shortest way to every object type that has one: an operation with `*` where its selection stands.
    #[must_use]
    pub fn ways(&self) -> BTreeMap<String, String> {
        let mut ways = BTreeMap::new();
        let mut queue = VecDeque::new();
        for (operation, root) in &self.roots {
            ways.insert(root.clone(), format!("{operation} {{ * }}"));
            queue.push_back(root.clone());
        }
        for node in list(&self.types["Node"]["possibleTypes"]) {
            let name = text(&node["name"]);
            ways.insert(name.clone(), format!("query {{ node(id: \"x\") {{ ... on {name} {{ * }} }} }}"));
            queue.push_back(name);
        }
        while let Some(name) = queue.pop_front() {
            for field in self.fields(&name) {
                if self.types[&field.of]["kind"] == "OBJECT" && !ways.contains_key(&field.of) {
                    let call = format!("{} {{ * }}", self.call(&field, 1));
                    ways.insert(field.of.clone(), ways[&name].replace('*', &call));
                    queue.push_back(field.of);
                }
            }
        }
        ways
    }

    /// A value of a type; of a list, one element.
    fn literal(&self, kind: &Value) -> String {
        let name = bare(kind);
        let described = &self.types[&name];
        match described["kind"].as_str() {
            Some("ENUM") => text(&described["enumValues"][0]["name"]),
            Some("INPUT_OBJECT") => {
                let fields: Vec<String> = list(&described["inputFields"])
                    .iter()
                    .filter(|input| is_required(input))
                    .map(|input| format!("{}: {}", text(&input["name"]), self.literal(&input["type"])))
                    .collect();
                format!("{{ {} }}", fields.join(", "))
            }
            _ => match name.as_str() {
                "Int" => "1".to_owned(),
                "Float" => "1.0".to_owned(),
                "Boolean" => "true".to_owned(),
                "DateTime" => "\"2030-01-01T10:00:00Z\"".to_owned(),
                "Date" | "NaiveDate" => "\"2000-01-01\"".to_owned(),
                _ => "\"x\"".to_owned(),
            },
        }
    }
}

fn is_required(argument: &Value) -> bool {
    argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null()
}

fn is_list(kind: &Value) -> bool {
    kind["kind"] == "LIST" || (kind["kind"] == "NON_NULL" && kind["ofType"]["kind"] == "LIST")
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
