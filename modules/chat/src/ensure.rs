//! Channels of bodies that were there before chat was.

use plenum_authz::{Permission, Viewer};
use plenum_bodies_api::BodiesRead;
use plenum_db::{Access, Db, OpenError, StoreError};
use plenum_kernel::TypedId;
use plenum_tenancy::store::tenants;

use crate::{actions::keep_participants::keep_body, domain::words::ChannelKind, store::channels};

const ENSURE: Permission = Permission::new("chat.ensure");

/// Makes the channels that are missing, in every tenant; called at each start. Bodies made since tell of themselves.
/// Returns how many were made.
///
/// # Errors
/// [`StoreError`] when the database fails; what was made before stays, and a new call goes on.
pub async fn ensure_body_channels(db: &Db, bodies: &dyn BodiesRead) -> Result<usize, StoreError> {
    let mut global = db.global(None).await?;
    let tenants = tenants::all(&mut global).await?;
    drop(global);
    let mut made = 0;
    for tenant in tenants {
        let viewer = Viewer::system(tenant, ENSURE.as_str());
        let mut tx = db.tenant(&viewer, ENSURE, Access::Write).await.map_err(|error| match error {
            OpenError::Store(error) => error,
            OpenError::Forbidden { .. } => unreachable!("the platform itself is always allowed"),
        })?;
        for body in bodies.bodies(&mut tx).await? {
            if channels::of_subject(&mut tx, ChannelKind::Body, body.id.uuid()).await?.is_none() {
                keep_body(&mut tx, bodies, body.id).await?;
                made += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(made)
}
