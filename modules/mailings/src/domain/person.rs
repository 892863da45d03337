//! Personal fields: what a text says of its reader.

/// A field that a text may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalField {
    /// Given name and patronymic.
    GivenNames,
    /// The given name alone.
    GivenName,
    /// Surname, given name and patronymic.
    FullName,
    /// The unit in which the reader is on record.
    Unit,
    /// The organization that writes.
    Organization,
}

impl PersonalField {
    /// Every field, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::GivenNames, Self::GivenName, Self::FullName, Self::Unit, Self::Organization];

    /// The name by which a text names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GivenNames => "имя_отчество",
            Self::GivenName => "имя",
            Self::FullName => "фио",
            Self::Unit => "первичная_организация",
            Self::Organization => "организация",
        }
    }

    /// The field of a name, whatever its case.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// What is known of a reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Surname, given name and patronymic.
    pub full_name: String,
    /// Given name and patronymic.
    pub given_names: String,
    /// Their unit.
    pub unit: Option<String>,
    /// The organization that writes.
    pub organization: String,
}

impl Person {
    /// The value of a field; none when it is not known.
    #[must_use]
    pub fn value(&self, field: PersonalField) -> Option<&str> {
        let text = match field {
            PersonalField::GivenNames => self.given_names.as_str(),
            PersonalField::GivenName => self.given_names.split_whitespace().next().unwrap_or_default(),
            PersonalField::FullName => self.full_name.as_str(),
            PersonalField::Unit => self.unit.as_deref().unwrap_or_default(),
            PersonalField::Organization => self.organization.as_str(),
        };
        Some(text.trim()).filter(|text| !text.is_empty())
    }
}

/// Why a text's fields cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldFault {
    /// There is no such field.
    Unknown(String),
    /// `{{` without `}}`.
    Unclosed,
}

/// A text with the fields filled in: `{{имя_отчество}}`, or `{{имя_отчество|коллега}}` with what stands there when the
/// value is not known.
///
/// # Errors
/// [`FieldFault`] naming what cannot be filled in.
pub fn fill(text: &str, person: &Person) -> Result<String, FieldFault> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (inside, after) = after.split_once("}}").ok_or(FieldFault::Unclosed)?;
        let (name, fallback) = inside.split_once('|').unwrap_or((inside, ""));
        let field = PersonalField::of(name).ok_or_else(|| FieldFault::Unknown(name.trim().to_owned()))?;
        filled.push_str(person.value(field).unwrap_or(fallback.trim()));
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> Person {
        Person {
            full_name: "Белова Анна Ивановна".to_owned(),
            given_names: "Анна Ивановна".to_owned(),
            unit: None,
            organization: "Профсоюз".to_owned(),
        }
    }

    #[test]
    fn fields_are_filled_in_and_fall_back() {
        let text = "Здравствуйте, {{ Имя_отчество }}! {{первичная_организация|Ваша организация}}, {{имя}}.";
        assert_eq!(
            fill(text, &anna()),
            Ok("Здравствуйте, Анна Ивановна! Ваша организация, Анна.".to_owned())
        );
        assert_eq!(fill("{{имя|коллега}}", &Person::default()), Ok("коллега".to_owned()));
        assert_eq!(fill("{{имя}}!", &Person::default()), Ok("!".to_owned()));
    }

    #[test]
    fn an_unknown_field_is_named() {
        assert_eq!(fill("{{должность}}", &anna()), Err(FieldFault::Unknown("должность".to_owned())));
        assert_eq!(fill("a {{имя b", &anna()), Err(FieldFault::Unclosed));
    }

    #[test]
    fn a_name_that_looks_like_a_field_is_not_filled_in_again() {
        let person = Person { given_names: "{{фио}}".to_owned(), ..anna() };
        assert_eq!(fill("{{имя_отчество}}", &person), Ok("{{фио}}".to_owned()));
    }
}
