//! Who is on record in a unit takes part in its channel and in those of the units above.

use std::sync::Arc;

use plenum_events::Reactions;
use plenum_members_api::{AccountLinked, MemberLeft, MemberMoved, MembersRead};

use crate::actions::keep_participants::{keep_member, remove_member};

/// Reacts to members.
#[must_use]
pub fn on_members(reactions: Reactions, members: Arc<dyn MembersRead>) -> Reactions {
    let (linked, moved) = (members.clone(), members);
    reactions
        .on("chat.account_linked", move |context, event: AccountLinked| {
            let members = linked.clone();
            async move {
                let mut tx = context.write().await?;
                keep_member(&mut tx, &*members, event.member).await?;
                tx.commit().await?;
                Ok(())
            }
        })
        .on("chat.member_moved", move |context, event: MemberMoved| {
            let members = moved.clone();
            async move {
                let mut tx = context.write().await?;
                keep_member(&mut tx, &*members, event.member).await?;
                tx.commit().await?;
                Ok(())
            }
        })
        .on("chat.member_left", move |context, event: MemberLeft| async move {
            let mut tx = context.write().await?;
            remove_member(&mut tx, event.member).await?;
            tx.commit().await?;
            Ok(())
        })
}
