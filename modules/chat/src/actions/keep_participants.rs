//! Keeps who takes part as bodies, the register and courses say. Each of these takes what is true now, not what an
//! event told: events come more than once and in no order.

use plenum_bodies_api::{BodiesRead, BodyId};
use plenum_chat_api::ChannelId;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId, UnitId};
use plenum_learning_api::{CourseId, LearningRead};
use plenum_members_api::{Audience, MemberId, MembersRead};
use plenum_tenancy::store::units;

use super::{tell, tell_accounts};
use crate::{
    domain::words::ChannelKind,
    store::{
        channels,
        participants::{self, Joining},
    },
};

/// People looked at in one go.
const AT_ONCE: i64 = 500;

fn is_last<T>(page: &[T]) -> bool {
    i64::try_from(page.len()).unwrap_or(i64::MAX) < AT_ONCE
}

/// Makes the channel of a body when there is none, lets its seats in and those without one out; `None` when the body
/// is gone.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep_body(
    tx: &mut TenantTx,
    bodies: &dyn BodiesRead,
    body: BodyId,
) -> Result<Option<ChannelId>, StoreError> {
    let Some(body) = bodies.body(tx, body).await? else { return Ok(None) };
    let (channel, _) =
        channels::ensure(tx, ChannelKind::Body, body.id.uuid(), Some(body.unit), &body.name).await?;
    // One after another: who comes last sees the seats that all others saw.
    channels::lock(tx, channel.id).await?;
    let seats = bodies.seats(tx, body.id).await?;
    let seated: Vec<Joining> = seats.iter().map(|seat| (seat.account, seat.member)).collect();
    let joined = participants::join(tx, channel.id, &seated, false).await?;
    let mut gone: Vec<AccountId> = Vec::new();
    let mut after = None;
    loop {
        let page = participants::page(tx, channel.id, after, AT_ONCE).await?;
        let unseated = page
            .iter()
            .filter(|one| !one.by_hand && !seated.iter().any(|(account, _)| *account == one.account));
        gone.extend(unseated.map(|one| one.account));
        after = page.last().map(|one| one.account);
        if is_last(&page) {
            break;
        }
    }
    participants::leave(tx, channel.id, &gone).await?;
    changed(tx, channel.id, &joined, &gone).await?;
    Ok(Some(channel.id))
}

/// Lets the next members of a unit and of all below it in; returns after whom to go on, `None` when all are in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn fill_unit(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    unit: UnitId,
    after: Option<MemberId>,
) -> Result<Option<MemberId>, StoreError> {
    let Some(channel) = channels::of_subject(tx, ChannelKind::Unit, unit.uuid()).await? else {
        return Ok(None);
    };
    let audience = Audience { units: vec![unit], with_account: true, ..Audience::default() };
    let page = members.select(tx, &audience, after, AT_ONCE).await?;
    let people: Vec<Joining> =
        page.iter().filter_map(|member| Some((member.account?, Some(member.id)))).collect();
    let joined = participants::join(tx, channel.id, &people, false).await?;
    changed(tx, channel.id, &joined, &[]).await?;
    Ok(page.last().filter(|_| !is_last(&page)).map(|member| member.id))
}

/// Lets a member in where the register and courses have them now, and out where it does not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep_member(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    member: MemberId,
) -> Result<(), StoreError> {
    let audience = Audience { only: Some(vec![member]), with_account: true, ..Audience::default() };
    let known = members.select(tx, &audience, None, 1).await?.pop();
    let Some((known, account)) = known.and_then(|known| known.account.map(|account| (known, account))) else {
        return remove_member(tx, member).await;
    };
    let path = units::by_id(tx, known.unit).await?.map(|unit| unit.path).unwrap_or_default();
    let theirs = channels::of_units(tx, &path).await?;
    for part in participants::of_member(tx, member).await? {
        if part.of_unit && !theirs.contains(&part.channel) {
            participants::leave(tx, part.channel, &[part.account]).await?;
            changed(tx, part.channel, &[], &[part.account]).await?;
        }
    }
    let awaited = participants::arrived(tx, member).await?;
    for channel in theirs.into_iter().chain(awaited) {
        let joined = participants::join(tx, channel, &[(account, Some(member))], false).await?;
        changed(tx, channel, &joined, &[]).await?;
    }
    Ok(())
}

/// Lets a member who left the organization out of everything that the register let them into. A seat in a body is
/// not the register's to end.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove_member(tx: &mut TenantTx, member: MemberId) -> Result<(), StoreError> {
    participants::arrived(tx, member).await?;
    for part in participants::of_member(tx, member).await? {
        participants::leave(tx, part.channel, &[part.account]).await?;
        changed(tx, part.channel, &[], &[part.account]).await?;
    }
    Ok(())
}

/// Makes the channel of a course when there is none; `None` when the course is gone.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep_course(
    tx: &mut TenantTx,
    learning: &dyn LearningRead,
    course: CourseId,
) -> Result<Option<ChannelId>, StoreError> {
    let Some(title) = learning.course_title(tx, course).await? else { return Ok(None) };
    let (channel, _) = channels::ensure(tx, ChannelKind::Course, course.uuid(), None, &title).await?;
    Ok(Some(channel.id))
}

/// Lets a learner into the channel of the course; one without an account from the moment they have one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn admit_learner(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    channel: ChannelId,
    member: MemberId,
) -> Result<(), StoreError> {
    match members.by_ids(tx, &[member]).await?.pop().and_then(|member| member.account) {
        Some(account) => {
            let joined = participants::join(tx, channel, &[(account, Some(member))], false).await?;
            changed(tx, channel, &joined, &[]).await
        }
        None => participants::await_member(tx, channel, member).await,
    }
}

async fn changed(
    tx: &mut TenantTx,
    channel: ChannelId,
    joined: &[AccountId],
    gone: &[AccountId],
) -> Result<(), StoreError> {
    if joined.is_empty() && gone.is_empty() {
        return Ok(());
    }
    tell_accounts(tx, joined).await?;
    tell_accounts(tx, gone).await?;
    tell(tx, channel).await
}
