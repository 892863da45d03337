//! What dues do when others tell something.

use plenum_events::EventContext;
use plenum_jobs::JobError;
use plenum_members_api::MemberMoved;

use crate::store::accounts;

/// Follows a member to another unit, so that its treasurer sees what is owed. Events may come in another order than
/// they happened; the next charging puts the unit right again.
pub(crate) async fn follow_member(context: &EventContext, event: MemberMoved) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if context.once(&mut tx).await? {
        accounts::moved(&mut tx, event.member, event.to).await?;
    }
    tx.commit().await?;
    Ok(())
}
