//! The tenant's units, as far as dues need them. They are tenancy's: read through its store.

use std::collections::HashMap;

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use plenum_tenancy::store::units::{self, Unit};
use uuid::Uuid;

/// Units read in one go.
const AT_ONCE: i64 = 1000;

/// All units of the tenant.
#[derive(Debug)]
pub struct Tree(HashMap<Uuid, Unit>);

impl Tree {
    /// Reads it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn load(tx: &mut TenantTx) -> Result<Self, StoreError> {
        let mut all: Vec<Unit> = Vec::new();
        loop {
            let after = all.last().map(|unit| (unit.name.clone(), unit.id));
            let page =
                units::page(tx, None, after.as_ref().map(|(name, id)| (name.as_str(), *id)), AT_ONCE).await?;
            let is_last = i64::try_from(page.len()).unwrap_or(i64::MAX) < AT_ONCE;
            all.extend(page);
            if is_last {
                return Ok(Self(all.into_iter().map(|unit| (unit.id.uuid(), unit)).collect()));
            }
        }
    }

    /// One unit.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.0.get(&id.uuid())
    }

    /// The units from the root to this one.
    #[must_use]
    pub fn path(&self, id: UnitId) -> &[Uuid] {
        self.0.get(&id.uuid()).map_or(&[], |unit| &unit.path)
    }

    /// A unit and all below it.
    #[must_use]
    pub fn below(&self, id: UnitId) -> Vec<Uuid> {
        self.within(&[id.uuid()])
    }

    /// These units and all below them.
    #[must_use]
    pub fn within(&self, roots: &[Uuid]) -> Vec<Uuid> {
        self.0
            .values()
            .filter(|unit| unit.path.iter().any(|ancestor| roots.contains(ancestor)))
            .map(|unit| unit.id.uuid())
            .collect()
    }
}

/// The units whose dues the viewer of the transaction may see under its permission, and of these only those at or below
/// `unit`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn visible(tx: &mut TenantTx, unit: Option<UnitId>) -> Result<Vec<Uuid>, StoreError> {
    let tree = Tree::load(tx).await?;
    let granted = tx.granted_units();
    Ok(tree
        .0
        .values()
        .filter(|place| {
            let lies_in = |roots: &[Uuid]| place.path.iter().any(|ancestor| roots.contains(ancestor));
            granted.as_deref().is_none_or(lies_in) && unit.is_none_or(|unit| lies_in(&[unit.uuid()]))
        })
        .map(|place| place.id.uuid())
        .collect())
}
