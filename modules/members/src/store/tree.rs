//! The tenant's units, as far as members needs them. They are tenancy's: read through its store.

use std::collections::HashMap;

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use plenum_tenancy::store::units::{self, Unit};
use uuid::Uuid;

use crate::{domain::text::natural_cmp, store::persons};

/// Units read in one go.
const AT_ONCE: i64 = 1000;

/// All units of the tenant in the order of the tree: each followed by those below it, siblings in natural order.
#[derive(Debug)]
pub(crate) struct Tree(Vec<Unit>);

impl Tree {
    /// Reads it.
    pub(crate) async fn load(tx: &mut TenantTx) -> Result<Self, StoreError> {
        let mut all: Vec<Unit> = Vec::new();
        loop {
            let after = all.last().map(|unit| (unit.name.clone(), unit.id));
            let page =
                units::page(tx, None, after.as_ref().map(|(name, id)| (name.as_str(), *id)), AT_ONCE).await?;
            let is_last = i64::try_from(page.len()).unwrap_or(i64::MAX) < AT_ONCE;
            all.extend(page);
            if is_last {
                return Ok(Self(in_tree_order(all)));
            }
        }
    }

    /// All units, in the order of the tree.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Unit> {
        self.0.iter()
    }

    /// What a unit is called.
    pub(crate) fn name(&self, unit: Uuid) -> Option<&str> {
        self.0.iter().find(|known| known.id.uuid() == unit).map(|unit| unit.name.as_str())
    }

    /// Whether the tenant has this unit.
    pub(crate) fn has(&self, unit: Uuid) -> bool {
        self.0.iter().any(|known| known.id.uuid() == unit)
    }

    /// The units of the scope, in the order of the tree: these and all below them.
    pub(crate) fn within<'a>(&'a self, scope: &'a [Uuid]) -> impl Iterator<Item = &'a Unit> + 'a {
        self.0.iter().filter(move |unit| unit.path.iter().any(|ancestor| scope.contains(ancestor)))
    }
}

fn in_tree_order(all: Vec<Unit>) -> Vec<Unit> {
    let mut children: HashMap<Option<UnitId>, Vec<Unit>> = HashMap::new();
    for unit in all {
        children.entry(unit.parent).or_default().push(unit);
    }
    for siblings in children.values_mut() {
        // Taken from the end, so sorted backwards.
        siblings.sort_by(|left, right| natural_cmp(&right.name, &left.name));
    }
    let mut ordered = Vec::new();
    let mut waiting = children.remove(&None).unwrap_or_default();
    while let Some(unit) = waiting.pop() {
        waiting.extend(children.remove(&Some(unit.id)).unwrap_or_default());
        ordered.push(unit);
    }
    ordered
}

/// The units whose people the viewer of the transaction may see or change under its permission, and of these only
/// those at or below `unit`. `None` is all: nothing is to be filtered.
pub(crate) async fn visible(
    tx: &mut TenantTx,
    unit: Option<UnitId>,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    let granted = tx.granted_units();
    if unit.is_none() {
        let Some(granted) = &granted else { return Ok(None) };
        if granted.contains(&units::root(tx).await?.id.uuid()) {
            return Ok(None);
        }
    }
    let tree = Tree::load(tx).await?;
    let wanted = unit.map(|unit| [unit.uuid()]);
    let ids = tree.0.iter().filter(|place| {
        let lies_in = |scope: &[Uuid]| place.path.iter().any(|ancestor| scope.contains(ancestor));
        granted.as_deref().is_none_or(lies_in) && wanted.as_ref().is_none_or(|wanted| lies_in(wanted))
    });
    Ok(Some(ids.map(|unit| unit.id.uuid()).collect()))
}

/// A unit and all below it.
pub(crate) async fn below(tx: &mut TenantTx, unit: UnitId) -> Result<Vec<Uuid>, StoreError> {
    let tree = Tree::load(tx).await?;
    Ok(tree.within(&[unit.uuid()]).map(|unit| unit.id.uuid()).collect())
}

/// For each of the units, how many people are on record in it and below it, as far as the viewer may see.
pub(crate) async fn counts(tx: &mut TenantTx, units: &[UnitId]) -> Result<Vec<i64>, StoreError> {
    let visible = visible(tx, None).await?;
    let by_unit = persons::count_by_unit(tx, visible.as_deref()).await?;
    let tree = Tree::load(tx).await?;
    let count =
        |unit: &UnitId| tree.within(&[unit.uuid()]).filter_map(|below| by_unit.get(&below.id.uuid())).sum();
    Ok(units.iter().map(count).collect())
}
