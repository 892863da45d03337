//! What a transfer does on both sides, by jobs: tells the other one, and takes the record over.
//!
//! The outgoing row is the one that decides: it is locked first, and only while it says `requested` or `accepted` is
//! anything written over there. Every step looks at the state before it acts, so that a job that died anywhere can run
//! again.

use plenum_db::{StoreError, TenantTx};
use plenum_events::Publish;
use plenum_jobs::{JobContext, JobError};
use plenum_kernel::{AccountId, TenantId, TypedId, UnitId};
use plenum_members_api::{Consent, MemberId, MemberLeft, MemberTransferId};
use plenum_tenancy::store::{access, grants, tenants};
use serde_json::json;

use crate::{
    actions::link_account::link,
    domain::{
        history::{Detail, Kind},
        record::Details,
    },
    store::{
        consents::{self, Said},
        history::{self, Entry, Fact},
        offices,
        persons::{self, MemberState, Person},
        transfers::{self, Direction, Transfer, TransferState},
    },
};

const ACTOR: &str = "members.transfer";
/// Lines of a history read at once.
const AT_ONCE: i64 = 1000;
/// Told when the consent was withdrawn on the way.
const NO_CONSENT: &str = "Согласие на обработку персональных данных не действует";
/// Told when the person was put on record by other means on the way.
const ON_RECORD: &str = "Такой член профсоюза уже состоит на учёте";

/// Tells the other side what was asked or decided here.
pub(crate) async fn tell(context: &JobContext, id: MemberTransferId) -> Result<(), JobError> {
    let mut here = context.write(ACTOR).await?;
    let own = here.tenant();
    let Some(transfer) = transfers::lock(&mut here, id).await? else {
        return Err(JobError::GiveUp("the transfer is gone".to_owned()));
    };
    let mut there = context.write_in(transfer.other, ACTOR).await?;
    match (transfer.direction, transfer.state) {
        (Direction::Outgoing, TransferState::Requested) => {
            let incoming = Transfer {
                direction: Direction::Incoming,
                other: own,
                person: None,
                requested_by: None,
                ..transfer
            };
            transfers::insert(&mut there, &incoming).await?;
        }
        (Direction::Outgoing, TransferState::Cancelled) => {
            let incoming = transfers::lock(&mut there, id).await?;
            if incoming.is_some_and(|known| known.state == TransferState::Requested) {
                transfers::decide(&mut there, id, TransferState::Cancelled, None, None).await?;
            }
        }
        (Direction::Incoming, TransferState::Refused) => {
            let reason = transfer.reason.as_deref().unwrap_or_default();
            refused(&mut there, id, own, reason).await?;
        }
        _ => return Ok(()),
    }
    plenum_audit::record(&mut there, "members.transfer_told", id, json!({ "from": own.global() })).await?;
    there.commit().await?;
    Ok(here.commit().await?)
}

/// Notes on the side that asked that the other one refused.
async fn refused(
    tx: &mut TenantTx,
    id: MemberTransferId,
    by: TenantId,
    reason: &str,
) -> Result<(), StoreError> {
    let Some(outgoing) = transfers::lock(tx, id).await? else { return Ok(()) };
    if outgoing.state != TransferState::Requested {
        return Ok(());
    }
    transfers::decide(tx, id, TransferState::Refused, None, Some(reason)).await?;
    let Some(person) = outgoing.person else { return Ok(()) };
    let to = tenants::by_id(tx.conn(), by).await?.map(|tenant| tenant.name);
    let detail = Detail { to, reason: Some(reason.to_owned()), ..Detail::default() };
    history::write(tx, person, Fact::new(Kind::TransferRefused, Some(id.global()), detail)).await
}

/// What is copied.
struct Brought {
    details: Details,
    account: Option<AccountId>,
    consents: Vec<Said>,
    history: Vec<Entry>,
    person: MemberId,
}

/// How the side that asked answers one that takes over.
enum Answer {
    Bring(Box<Brought>),
    Cancelled,
    Refused(&'static str),
}

/// Takes the member over, in three steps: the side that asked lets go, this side has the record, that side closes it.
pub(crate) async fn take_over(context: &JobContext, id: MemberTransferId) -> Result<(), JobError> {
    let mut here = context.write(ACTOR).await?;
    let Some(incoming) = transfers::by_id(&mut here, id).await? else {
        return Err(JobError::GiveUp("the transfer is gone".to_owned()));
    };
    drop(here);
    let from = incoming.other;
    match incoming.state {
        TransferState::Accepted => {
            let mut there = context.write_in(from, ACTOR).await?;
            let answer = let_go(&mut there, id, context.tenant).await?;
            there.commit().await?;
            if !settle(context, &incoming, answer).await? {
                return Ok(());
            }
        }
        // The record is here; the other side may not know yet.
        TransferState::Done => {}
        TransferState::Requested | TransferState::Refused | TransferState::Cancelled => return Ok(()),
    }
    let mut there = context.write_in(from, ACTOR).await?;
    close(&mut there, id, context.tenant).await?;
    Ok(there.commit().await?)
}

/// The first step, in the tenant that asked.
async fn let_go(tx: &mut TenantTx, id: MemberTransferId, to: TenantId) -> Result<Answer, StoreError> {
    let Some(outgoing) = transfers::lock(tx, id).await? else { return Ok(Answer::Cancelled) };
    let Some(person) = outgoing.person else { return Ok(Answer::Cancelled) };
    let Some(person) = persons::lock(tx, person).await? else { return Ok(Answer::Cancelled) };
    match outgoing.state {
        TransferState::Requested => {
            if person.consent != Consent::Given || person.state != MemberState::Active {
                refused(tx, id, to, NO_CONSENT).await?;
                return Ok(Answer::Refused(NO_CONSENT));
            }
            transfers::decide(tx, id, TransferState::Accepted, None, None).await?;
        }
        TransferState::Accepted => {}
        TransferState::Refused => return Ok(Answer::Refused(NO_CONSENT)),
        TransferState::Cancelled | TransferState::Done => return Ok(Answer::Cancelled),
    }
    Ok(Answer::Bring(Box::new(gather(tx, person).await?)))
}

async fn gather(tx: &mut TenantTx, person: Person) -> Result<Brought, StoreError> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let after = all.last().map(|entry| entry.cursor.clone());
        let page = history::page(tx, &person, None, after.as_deref(), AT_ONCE).await?.unwrap_or_default();
        let whole = i64::try_from(page.len()).unwrap_or(i64::MAX) < AT_ONCE;
        all.extend(page);
        if whole {
            break;
        }
    }
    Ok(Brought {
        details: person.details()?,
        account: person.account,
        consents: consents::of(tx, person.id).await?,
        history: all,
        person: person.id,
    })
}

/// The second step, in this tenant; true when the record is here.
async fn settle(context: &JobContext, incoming: &Transfer, answer: Answer) -> Result<bool, JobError> {
    let mut tx = context.write(ACTOR).await?;
    let id = incoming.id;
    let Some(incoming) = transfers::lock(&mut tx, id).await? else { return Ok(false) };
    match (incoming.state, answer) {
        (TransferState::Done, _) => return Ok(true),
        (TransferState::Accepted, Answer::Bring(brought)) => {
            let Some(unit) = incoming.unit else { return Ok(false) };
            match receive(&mut tx, &incoming, unit, *brought).await? {
                Some(person) => transfers::finish(&mut tx, id, person).await?,
                None => {
                    // Somebody put the person on record meanwhile: the other side keeps the member.
                    transfers::decide(&mut tx, id, TransferState::Refused, None, Some(ON_RECORD)).await?;
                    let mut there = context.write_in(incoming.other, ACTOR).await?;
                    give_back(&mut there, id, context.tenant).await?;
                    there.commit().await?;
                    tx.commit().await?;
                    return Ok(false);
                }
            }
        }
        (TransferState::Accepted, Answer::Cancelled) => {
            transfers::decide(&mut tx, id, TransferState::Cancelled, None, None).await?;
            tx.commit().await?;
            return Ok(false);
        }
        (TransferState::Accepted, Answer::Refused(reason)) => {
            transfers::decide(&mut tx, id, TransferState::Refused, None, Some(reason)).await?;
            tx.commit().await?;
            return Ok(false);
        }
        _ => return Ok(false),
    }
    tx.commit().await?;
    Ok(true)
}

/// Puts the record and its history down here; none when an active record of this person is here.
async fn receive(
    tx: &mut TenantTx,
    incoming: &Transfer,
    unit: UnitId,
    mut brought: Brought,
) -> Result<Option<MemberId>, StoreError> {
    let from = incoming.other;
    let key = brought.details.name.key();
    let twin = persons::twin(tx, &key, brought.details.birth_date).await?;
    // A card that somebody here holds is not brought along.
    if let Some(card) = &brought.details.card_number
        && persons::card_is_taken(tx, card, twin.as_ref().map(|twin| twin.id)).await?
    {
        brought.details.card_number = None;
    }
    let person = match twin {
        Some(twin) if twin.state == MemberState::Active => return Ok(None),
        Some(twin) => {
            persons::reopen(tx, twin.id, unit).await?;
            persons::update(tx, twin.id, &brought.details).await?;
            twin.id
        }
        None => {
            let person = MemberId::new();
            persons::insert(tx, person, unit, &brought.details).await?;
            person
        }
    };
    for said in &brought.consents {
        consents::bring(tx, person, said).await?;
    }
    persons::set_consent(tx, person, Consent::Given).await?;
    history::bring(tx, person, from, &brought.history).await?;
    let name = tenants::by_id(tx.conn(), from).await?.map(|tenant| tenant.name);
    let detail = Detail { from: name, ..Detail::default() };
    history::write(tx, person, Fact::new(Kind::Arrived, Some(incoming.id.global()), detail)).await?;
    if let Some(account) = brought.account
        && link(tx, person, account).await?
    {
        access::admit(tx, account).await?;
        grants::give(tx, account, "member", grants::Scope { unit, inner: None }).await?;
    }
    let detail =
        json!({ "from": from.global(), "member": person.global(), "member_there": brought.person.global() });
    plenum_audit::record(tx, "members.take_over", incoming.id, detail).await?;
    Ok(Some(person))
}

/// The other end of a transfer that could not be carried out.
async fn give_back(tx: &mut TenantTx, id: MemberTransferId, by: TenantId) -> Result<(), StoreError> {
    let Some(outgoing) = transfers::lock(tx, id).await? else { return Ok(()) };
    if outgoing.state != TransferState::Accepted {
        return Ok(());
    }
    transfers::decide(tx, id, TransferState::Refused, None, Some(ON_RECORD)).await?;
    let Some(person) = outgoing.person else { return Ok(()) };
    let to = tenants::by_id(tx.conn(), by).await?.map(|tenant| tenant.name);
    let detail = Detail { to, reason: Some(ON_RECORD.to_owned()), ..Detail::default() };
    history::write(tx, person, Fact::new(Kind::TransferRefused, Some(id.global()), detail)).await
}

/// The third step, in the tenant that asked: the record is closed.
async fn close(tx: &mut TenantTx, id: MemberTransferId, to: TenantId) -> Result<(), StoreError> {
    let Some(outgoing) = transfers::lock(tx, id).await? else { return Ok(()) };
    let (TransferState::Accepted, Some(member)) = (outgoing.state, outgoing.person) else { return Ok(()) };
    let Some(person) = persons::lock(tx, member).await? else { return Ok(()) };
    persons::close(tx, member, to).await?;
    if let Some(account) = person.account {
        grants::take(tx, account, "member", person.unit).await?;
    }
    for office in offices::end(tx, member, None).await? {
        let detail = Detail { office: Some(office), ..Detail::default() };
        history::write(tx, member, Fact::new(Kind::OfficeEnded, None, detail)).await?;
    }
    let name = tenants::by_id(tx.conn(), to).await?.map(|tenant| tenant.name);
    let detail = Detail { to: name, ..Detail::default() };
    history::write(tx, member, Fact::new(Kind::Left, Some(id.global()), detail)).await?;
    transfers::finish(tx, id, member).await?;
    tx.publish(&MemberLeft { member, to }).await?;
    plenum_audit::record(tx, "members.let_go", id, json!({ "to": to.global(), "member": member.global() }))
        .await
}
