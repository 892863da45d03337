//! A mailing may go to a channel as well.

use std::sync::Arc;

use plenum_events::Reactions;
use plenum_kernel::TypedId;
use plenum_mailings_api::{ChannelPostRequested, MailingsRead};

use crate::{
    actions::post::{Post, post},
    store::channels,
};

/// Reacts to mailings.
#[must_use]
pub fn on_mailings(reactions: Reactions, mailings: Arc<dyn MailingsRead>) -> Reactions {
    reactions.on("chat.channel_post_requested", move |context, event: ChannelPostRequested| {
        let mailings = mailings.clone();
        async move {
            let mut tx = context.write().await?;
            // Only channels that a mailing could choose: two people's talk is not one.
            if channels::known(&mut tx, Some(event.channel), None).await?.is_empty() {
                return Ok(());
            }
            if let Some(said) = mailings.post(&mut tx, event.campaign).await? {
                let mailing = Post::Mailing { author: said.author, text: said.text };
                // One campaign is posted once in a channel.
                post(&mut tx, event.channel, event.campaign.uuid(), mailing).await?;
                tx.commit().await?;
            }
            Ok(())
        }
    })
}
