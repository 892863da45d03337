//! What the tenant has already, as far as an import must know it.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::card::{CardKey, CardNumber};
use crate::domain::names::NameKey;
use crate::domain::units::UnitKey;

/// Whom something belongs to: someone recorded before, or a row accepted in this import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder<M> {
    /// A person on record.
    Record(M),
    /// A row of the same file, by its number.
    Row(u32),
}

/// The units, people and union cards of a tenant. `M` tells its people apart, `U` its units.
///
/// An import looks here for what each row collides with, and adds the rows that it accepts.
#[derive(Debug, Clone)]
pub struct Register<M, U> {
    units: Vec<(String, U)>,
    /// Positions in `units`; `None` where several units have one name.
    unit_positions: HashMap<UnitKey, Option<usize>>,
    people: HashMap<(NameKey, NaiveDate), Holder<M>>,
    cards: HashMap<CardKey, Holder<M>>,
}

/// What a unit's name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitFound {
    None,
    Several,
    At(usize),
}

impl<M, U> Default for Register<M, U> {
    fn default() -> Self {
        Self {
            units: Vec::new(),
            unit_positions: HashMap::new(),
            people: HashMap::new(),
            cards: HashMap::new(),
        }
    }
}

impl<M: Clone, U: Clone> Register<M, U> {
    /// An empty register: everything that is not added is unknown.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a unit. The order of adding is the order of the report; siblings of the tree go by
    /// [`natural_cmp`](crate::domain::text::natural_cmp).
    pub fn add_unit(&mut self, name: &str, unit: U) {
        let position = self.units.len();
        self.units.push((name.to_owned(), unit));
        self.unit_positions
            .entry(UnitKey::of(name))
            .and_modify(|found| *found = None)
            .or_insert(Some(position));
    }

    /// Adds a person on record.
    pub fn add_person(&mut self, name: NameKey, birth_date: NaiveDate, person: M) {
        self.people.entry((name, birth_date)).or_insert(Holder::Record(person));
    }

    /// Adds the holder of a union card on record.
    pub fn add_card(&mut self, card: &CardNumber, holder: M) {
        self.cards.entry(card.key()).or_insert(Holder::Record(holder));
    }

    pub(super) fn person(&self, key: &(NameKey, NaiveDate)) -> Option<&Holder<M>> {
        self.people.get(key)
    }

    pub(super) fn card_holder(&self, card: &CardNumber) -> Option<&Holder<M>> {
        self.cards.get(&card.key())
    }

    pub(super) fn unit(&self, name: &str) -> UnitFound {
        match self.unit_positions.get(&UnitKey::of(name)) {
            None => UnitFound::None,
            Some(None) => UnitFound::Several,
            Some(Some(position)) => UnitFound::At(*position),
        }
    }

    pub(super) fn units(&self) -> &[(String, U)] {
        &self.units
    }

    /// Remembers an accepted row, so that later rows collide with it.
    pub(super) fn learn(&mut self, key: (NameKey, NaiveDate), card: Option<&CardNumber>, row_number: u32) {
        self.people.insert(key, Holder::Row(row_number));
        if let Some(card) = card {
            self.cards.insert(card.key(), Holder::Row(row_number));
        }
    }
}
