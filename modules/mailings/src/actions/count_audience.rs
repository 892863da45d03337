//! Who of an audience gets a letter, and how many are left out and why. The count and the ledger come from the same
//! walk, so that what is promised is what is sent.

use std::collections::{BTreeMap, HashSet};

use plenum_db::{StoreError, TenantTx};
use plenum_members_api::{Audience, MemberId};
use plenum_tenancy::store::units;

use crate::{
    Tools,
    domain::{
        audience::{CampaignAudience, CourseProgress},
        recipient::{Exclusion, Recipient, address_key},
    },
    store::{lists::MailingList, suppressions},
};

/// How many members are looked at in one go.
pub(crate) const CHUNK: i64 = 1_000;

/// The audience cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum AudienceError {
    /// A unit, body or course that the tenant does not have, or that is beyond the list's unit.
    #[error("the audience names what is not there")]
    NotFound,
    /// The youngest are older than the oldest.
    #[error("the ages cannot be")]
    Ages,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many get a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudienceCount {
    /// Members whom the criteria mean.
    pub total: i64,
    /// Of them, those who get a letter.
    pub recipients: i64,
    /// Those left out, by reason.
    pub excluded: BTreeMap<Exclusion, i64>,
}

/// The criteria as the register takes them: inside of the list's unit, with the learners of the course or without.
///
/// # Errors
/// [`AudienceError`].
pub async fn resolve(
    tx: &mut TenantTx,
    tools: &Tools,
    list: &MailingList,
    audience: &CampaignAudience,
) -> Result<Audience, AudienceError> {
    let mut register = audience.register.clone();
    if register.age_from.zip(register.age_to).is_some_and(|(from, to)| from > to) {
        return Err(AudienceError::Ages);
    }
    for unit in &register.units {
        let unit = units::by_id(tx, *unit).await?.ok_or(AudienceError::NotFound)?;
        if !unit.path.starts_with(&list.unit.path) {
            return Err(AudienceError::NotFound);
        }
    }
    if register.units.is_empty() && list.unit.parent.is_some() {
        register.units.push(list.unit.id);
    }
    for body in &register.bodies {
        tools.bodies.body(tx, (*body).into()).await?.ok_or(AudienceError::NotFound)?;
    }
    if let Some(criterion) = audience.course {
        let learning = tools.learning.as_deref().ok_or(AudienceError::NotFound)?;
        learning.course_title(tx, criterion.course).await?.ok_or(AudienceError::NotFound)?;
        let mut learners = HashSet::new();
        if criterion.progress == CourseProgress::Overdue {
            learners.extend(learning.overdue(tx, criterion.course).await?);
        } else {
            for status in criterion.progress.statuses() {
                learners.extend(learning.learners(tx, criterion.course, *status).await?);
            }
        }
        match (criterion.progress.is_outside(), register.only.take()) {
            (true, only) => {
                register.only = only;
                register.except.extend(learners);
            }
            (false, None) => register.only = Some(learners.into_iter().collect()),
            (false, Some(only)) => {
                register.only = Some(only.into_iter().filter(|id| learners.contains(id)).collect());
            }
        }
    }
    Ok(register)
}

/// A stretch of the walk.
pub(crate) struct Stretch {
    /// Where the next one begins; none at the end.
    pub(crate) next: Option<MemberId>,
    /// Who gets a letter, and who does not.
    pub(crate) looked_at: Vec<Result<Recipient, Exclusion>>,
}

/// Looks at the members after one of them.
pub(crate) async fn walk(
    tx: &mut TenantTx,
    tools: &Tools,
    list: &MailingList,
    register: &Audience,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Stretch, StoreError> {
    let members = tools.members.select(tx, register, after, limit).await?;
    let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let keys: Vec<String> =
        members.iter().filter_map(|member| member.email.as_deref().map(address_key)).collect();
    let suppressed = suppressions::among(tx, list.id, &ids, &keys).await?;
    let more = i64::try_from(members.len()).unwrap_or(i64::MAX) >= limit;
    Ok(Stretch {
        next: if more { ids.last().copied() } else { None },
        looked_at: members.iter().map(|member| Recipient::admit(member, &suppressed)).collect(),
    })
}

/// Counts.
///
/// # Errors
/// [`AudienceError`].
pub async fn count_audience(
    tx: &mut TenantTx,
    tools: &Tools,
    list: &MailingList,
    audience: &CampaignAudience,
) -> Result<AudienceCount, AudienceError> {
    let register = resolve(tx, tools, list, audience).await?;
    let mut count = AudienceCount::default();
    let mut mailboxes = HashSet::new();
    let mut after = None;
    loop {
        let stretch = walk(tx, tools, list, &register, after, CHUNK).await?;
        for one in stretch.looked_at {
            count.total += 1;
            let outcome = one.and_then(|recipient| {
                let new = mailboxes.insert(recipient.key().to_owned());
                if new { Ok(()) } else { Err(Exclusion::SameAddress) }
            });
            match outcome {
                Ok(()) => count.recipients += 1,
                Err(why) => *count.excluded.entry(why).or_default() += 1,
            }
        }
        match stretch.next {
            Some(next) => after = Some(next),
            None => return Ok(count),
        }
    }
}
