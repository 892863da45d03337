//! Viewers without sign-in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use plenum_authz::Viewer;
use plenum_db::StoreError;
use plenum_graph::{Credential, Resolved, SignedIn, ViewerSource};

/// Answers every credential with the same viewer; with none, nobody is signed in.
#[derive(Debug, Clone)]
pub struct FixedViewer(pub Option<Viewer>);

#[async_trait]
impl ViewerSource for FixedViewer {
    async fn resolve(&self, _: &Credential) -> Result<Resolved, StoreError> {
        Ok(self.0.clone().map(|viewer| SignedIn {
            account: viewer.account().expect("only people sign in"),
            viewer: Some(viewer),
        }))
    }

    /// Confirmed for good: what is refused without is a test of its own.
    async fn confirmed_at(&self, _: &Credential) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(Some(DateTime::<Utc>::MAX_UTC))
    }
}
