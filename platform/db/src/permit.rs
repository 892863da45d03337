//! Proof that a viewer may do an act to a resource.

use std::{future::Future, marker::PhantomData};

use plenum_authz::{Action, Place};
use plenum_kernel::TypedId;

use crate::{StoreError, TenantTx};

/// Something that acts are done to, found in the tenant of a transaction.
pub trait Resource: Sized + Send {
    /// Its id.
    type Id: TypedId;

    /// Finds it; `None` when the tenant has no such thing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    fn find(tx: &mut TenantTx, id: Self::Id)
    -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;

    /// Where it is.
    fn place(&self) -> Place;
}

/// The viewer of the transaction may do `A` to this resource. Only [`TenantTx::permit`] makes one.
#[derive(Debug)]
pub struct Permit<A: Action, R> {
    resource: R,
    action: PhantomData<fn() -> A>,
}

impl<A: Action, R> Permit<A, R> {
    /// What the act is done to.
    #[must_use]
    pub fn resource(&self) -> &R {
        &self.resource
    }

    /// The resource itself.
    #[must_use]
    pub fn into_resource(self) -> R {
        self.resource
    }
}

/// No permit.
#[derive(Debug, thiserror::Error)]
pub enum PermitError {
    /// The tenant has no such thing.
    #[error("no such {kind}")]
    NotFound {
        /// The type of the id.
        kind: &'static str,
    },
    /// It is there, but the viewer may not do this to it.
    #[error("the viewer may not {permission} here")]
    Forbidden {
        /// What was asked for.
        permission: plenum_authz::Permission,
        /// Whether the tenant does without the module of it: then nobody may.
        off: bool,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TenantTx {
    /// Finds the resource and asks whether the viewer may do `A` to it.
    ///
    /// # Errors
    /// [`PermitError`]: not found, forbidden, or the database failed.
    pub async fn permit<A: Action, R: Resource>(&mut self, id: R::Id) -> Result<Permit<A, R>, PermitError> {
        let resource = R::find(self, id).await?.ok_or(PermitError::NotFound { kind: R::Id::TYPE })?;
        if !self.allows(A::PERMISSION, &resource.place()) {
            let (permission, off) = (A::PERMISSION, self.viewer().off.forbid(A::PERMISSION));
            return Err(PermitError::Forbidden { permission, off });
        }
        Ok(Permit { resource, action: PhantomData })
    }
}
