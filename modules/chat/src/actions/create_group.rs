//! Brings colleagues together in a group.

use plenum_chat_api::ChannelId;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_kernel::AccountId;
use plenum_tenancy::store::access;

use super::{tell, tell_accounts};
use crate::{
    domain::{
        text::{self, TextFault},
        words::ChannelKind,
    },
    permissions::TakePart,
    store::{
        channels,
        participants::{self, Joining, Participation},
    },
};

/// The most people who are asked in at once.
const MOST_AT_ONCE: usize = 100;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// The name cannot be taken.
    #[error("the name cannot be taken")]
    Name(TextFault),
    /// Nobody, or too many: the word for it.
    #[error("the number of people asked in is wrong: {0}")]
    Number(&'static str),
    /// One of them may not enter this tenant, or there is none.
    #[error("there is no such colleague")]
    NoColleague,
    /// Only groups are changed by those who take part.
    #[error("it is not a group")]
    NotAGroup,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes it, with its maker.
///
/// # Errors
/// [`GroupError`].
pub async fn create_group(
    tx: &mut TenantTx,
    viewer: AccountId,
    name: &str,
    accounts: Vec<AccountId>,
) -> Result<ChannelId, GroupError> {
    let name = text::name("name", name).map_err(GroupError::Name)?;
    let mut people = colleagues(tx, accounts).await?;
    people.push((viewer, None));
    let id = ChannelId::new();
    channels::insert_group(tx, id, &name).await?;
    let joined = participants::join(tx, id, &people, true).await?;
    tell_accounts(tx, &joined).await?;
    Ok(id)
}

/// Asks more people in; those who are in already stay.
///
/// # Errors
/// [`GroupError`].
pub async fn invite(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Participation>,
    accounts: Vec<AccountId>,
) -> Result<(), GroupError> {
    let Participation { channel, .. } = permit.into_resource();
    if channel.kind != ChannelKind::Group {
        return Err(GroupError::NotAGroup);
    }
    let people = colleagues(tx, accounts).await?;
    let joined = participants::join(tx, channel.id, &people, true).await?;
    tell_accounts(tx, &joined).await?;
    tell(tx, channel.id).await?;
    Ok(())
}

async fn colleagues(tx: &mut TenantTx, accounts: Vec<AccountId>) -> Result<Vec<Joining>, GroupError> {
    if accounts.is_empty() {
        return Err(GroupError::Number("empty"));
    }
    if accounts.len() > MOST_AT_ONCE {
        return Err(GroupError::Number("too_many"));
    }
    let mut people = Vec::with_capacity(accounts.len());
    for account in accounts {
        if !access::admits(tx, account).await? {
            return Err(GroupError::NoColleague);
        }
        people.push((account, None));
    }
    Ok(people)
}
