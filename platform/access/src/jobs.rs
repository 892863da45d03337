//! The letters of invitations.

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use plenum_identity::{InvitationLetter, store::accounts, token};
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::{InvitationId, Language, TypedId};
use plenum_tenancy::store::{
    invitations::{self, Invitation, State},
    own_roles, settings, tenants,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{Tools, domain::titles};

/// Send it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendInvitation {
    /// Which invitation.
    pub(crate) invitation: InvitationId,
    /// Which of its letters.
    pub(crate) letter: i32,
}

impl Job for SendInvitation {
    const KIND: &'static str = "access.send_invitation";
}

/// Sends it, unless it was revoked, accepted or sent again meanwhile. The secret follows from the letter, so that a
/// repeated job sends the same one, with a link that works; the database has its hash only.
pub(crate) async fn send(context: &JobContext, tools: &Tools, job: SendInvitation) -> Result<(), JobError> {
    let mut tx = context.write("access").await?;
    let Some(invitation) = invitations::by_id(&mut tx, job.invitation).await? else { return Ok(()) };
    if invitation.state != State::Waiting || invitation.letters != job.letter {
        return Ok(());
    }
    let tenant = tx.tenant();
    let Some(tenant) = tenants::by_id(tx.conn(), tenant).await? else {
        return Err(JobError::GiveUp("the organization is gone".to_owned()));
    };
    let own = own_roles::all(&mut tx).await?;
    let from = settings::correspondence(&mut tx).await?;
    let inviter = match invitation.invited_by {
        Some(id) => accounts::names(tx.conn(), &[id]).await?.remove(&id),
        None => None,
    };
    let secret = secret(&tools.secret, &invitation, job.letter);
    invitations::keep_link(&mut tx, invitation.id, job.letter, &token::hash(&secret)).await?;
    tx.commit().await?;
    let title = titles::of_role(&invitation.role, &own);
    let title = match invitation.language {
        Language::Ru => title.ru,
        Language::En => title.en,
    };
    let letter = InvitationLetter {
        id: format!("invitation-{}-{}", invitation.id.uuid().simple(), job.letter),
        role: format!("{title}, {}", invitation.unit_name),
        until: invitation.until.map(|until| tools.day(until - chrono::TimeDelta::seconds(1))),
        expires: tools.day_and_time(invitation.expires_at),
        email: invitation.email,
        name: invitation.name,
        language: invitation.language,
        organization: tenant.name,
        slug: tenant.slug,
        inviter,
        secret,
        from,
    };
    tools.identity.invite_by_letter(&letter).await.map_err(JobError::retry)
}

fn secret(key: &[u8], invitation: &Invitation, letter: i32) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(b"plenum invitation into a role\0");
    mac.update(invitation.id.uuid().as_bytes());
    mac.update(&letter.to_be_bytes());
    hex::encode(mac.finalize().into_bytes())
}

impl Tools {
    /// As it stands in a letter: `03.12.2026`, in the installation's time zone.
    fn day(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.time_zone).format("%d.%m.%Y").to_string()
    }

    /// As it stands in a letter: `03.12.2026, 23:59`.
    fn day_and_time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.time_zone).format("%d.%m.%Y, %H:%M").to_string()
    }
}
