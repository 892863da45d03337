//! Which thread a datagram belongs to. Each thread takes datagrams from a socket of its own at the one port that all
//! share; the system hands a new peer's to any of them.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use plenum_media::Route;

/// Names and routes of the connections of all threads.
#[derive(Default)]
pub(super) struct Directory {
    names: RwLock<HashMap<String, usize>>,
    routes: RwLock<HashMap<Route, usize>>,
}

impl Directory {
    /// Checks that name this are for that thread.
    pub(super) fn name(&self, name: &str, thread: usize) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), thread);
    }

    pub(super) fn forget_name(&self, name: &str) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// Datagrams from there are for that thread.
    pub(super) fn route(&self, route: Route, thread: usize) {
        self.routes.write().unwrap_or_else(PoisonError::into_inner).insert(route, thread);
    }

    pub(super) fn forget_route(&self, route: Route) {
        self.routes.write().unwrap_or_else(PoisonError::into_inner).remove(&route);
    }

    /// The thread that a datagram is for.
    pub(super) fn thread_of(&self, from: Route, datagram: &[u8]) -> Option<usize> {
        if let Some(name) = plenum_media::name_of(datagram) {
            return self.names.read().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        }
        self.routes.read().unwrap_or_else(PoisonError::into_inner).get(&from).copied()
    }
}
