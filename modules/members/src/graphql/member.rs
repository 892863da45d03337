//! A person on record.

use std::collections::HashMap;

use async_graphql::{ID, Object};
use plenum_db::TenantTx;
use plenum_graph::{Answer, global};
use plenum_kernel::UnitId;
use plenum_tenancy::{
    graphql::UnitNode,
    store::units::{self, Unit},
};

use super::names::{Date, Sex};
use crate::{
    domain::import::Consent,
    store::persons::{Person, Placed},
};

/// A member.
#[derive(Clone)]
pub struct MemberNode {
    person: Person,
    unit: Unit,
}

impl From<Placed> for MemberNode {
    fn from(Placed { person, unit }: Placed) -> Self {
        Self { person, unit }
    }
}

/// People with their units, each unit read once.
pub(super) async fn with_units(tx: &mut TenantTx, people: Vec<Person>) -> Answer<Vec<MemberNode>> {
    let mut known: HashMap<UnitId, Unit> = HashMap::new();
    let mut nodes = Vec::with_capacity(people.len());
    for person in people {
        let unit = match known.get(&person.unit) {
            Some(unit) => unit.clone(),
            // Units are never removed; one that is not found hides its people rather than failing the page.
            None => match units::by_id(tx, person.unit).await? {
                Some(unit) => known.entry(person.unit).or_insert(unit).clone(),
                None => continue,
            },
        };
        nodes.push(MemberNode { person, unit });
    }
    Ok(nodes)
}

#[Object(name = "Member")]
impl MemberNode {
    /// The id.
    pub async fn id(&self) -> ID {
        global(self.person.id)
    }
    async fn surname(&self) -> &str {
        &self.person.surname
    }
    async fn given_name(&self) -> &str {
        &self.person.given_name
    }
    async fn patronymic(&self) -> Option<&str> {
        self.person.patronymic.as_deref()
    }
    /// Surname, given name and patronymic.
    async fn full_name(&self) -> String {
        self.person.full_name()
    }
    async fn birth_date(&self) -> Date {
        Date(self.person.birth_date)
    }
    async fn sex(&self) -> Option<Sex> {
        self.person.sex.map(Sex::from)
    }
    /// In E.164: `+79000000000`.
    async fn phone(&self) -> Option<&str> {
        self.person.phone.as_deref()
    }
    async fn email(&self) -> Option<&str> {
        self.person.email.as_deref()
    }
    async fn workplace(&self) -> Option<&str> {
        self.person.workplace.as_deref()
    }
    async fn position(&self) -> Option<&str> {
        self.person.position.as_deref()
    }
    /// The unit that keeps the record.
    async fn unit(&self) -> UnitNode {
        UnitNode(self.unit.clone())
    }
    async fn joined_on(&self) -> Option<Date> {
        self.person.joined_on.map(Date)
    }
    async fn card_number(&self) -> Option<&str> {
        self.person.card_number.as_deref()
    }
    /// Whether the person agreed to the processing of personal data.
    async fn consent(&self) -> bool {
        self.person.consent == Consent::Given
    }
    async fn elected_office(&self) -> Option<&str> {
        self.person.elected_office.as_deref()
    }
}
