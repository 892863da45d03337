//! What transactions carry for the crates above.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::Arc,
};

/// One thing of each type. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Baggage(Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Baggage {
    /// The same, and this.
    pub(crate) fn with<T: Any + Send + Sync>(&self, what: T) -> Self {
        let mut all = (*self.0).clone();
        all.insert(TypeId::of::<T>(), Arc::new(what));
        Self(Arc::new(all))
    }

    /// What there is of a type.
    pub(crate) fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }
}
