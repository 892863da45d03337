//! A few letters leave, then it is another tenant's turn.
//!
//! A letter is committed as "sending" before it is handed to the mail server, and its outcome after. A worker that dies
//! between the two leaves "sending" behind; when the job runs again, that becomes "uncertain", which is never sent
//! again by itself. Only as many letters as are handed over at once can become uncertain by one death.

use std::collections::HashMap;

use chrono::TimeDelta;
use futures_util::future::join_all;
use plenum_db::TenantTx;
use plenum_events::Publish;
use plenum_jobs::{JobContext, JobError, JobId};
use plenum_kernel::{FileId, TypedId};
use plenum_mail::{Dispatch, Letter, ListHeader, Mailbox, Picture};
use plenum_mailings_api::CampaignFinished;
use plenum_members_api::MemberId;
use plenum_tenancy::store::settings::{self, Correspondence};

use super::SendSlice;
use crate::{
    Tools,
    actions::{preview_campaign, tell},
    domain::{
        content,
        outcome::{Failure, Outcome, judge},
        recipient::Recipient,
        state::{CampaignState, DeliveryState},
    },
    letters,
    store::{
        campaigns::{self, Campaign},
        deliveries::{self, Delivery},
        lists::{self, MailingList},
        suppressions,
    },
};

/// So many letters are in the mail server's hands at once.
const AT_ONCE: i64 = 5;
/// So many times in one slice: 20 letters, some tenths of a second.
const ROUNDS: usize = 4;
/// A job that has held letters for so long is dead: its claim ended after two minutes.
const DEAD: TimeDelta = TimeDelta::minutes(15);
/// After so long a mail server that was away is tried again.
const AWAY: TimeDelta = TimeDelta::minutes(1);
/// After so long it is looked again whether the tenant may send more.
const RATE_PAUSE: TimeDelta = TimeDelta::seconds(15);

/// A letter in our hands.
struct Ready {
    delivery: Delivery,
    letter: Result<(Letter, Dispatch), String>,
}

/// Sends a slice and passes the turn on.
pub(crate) async fn send_slice(context: &JobContext, tools: &Tools, job: SendSlice) -> Result<(), JobError> {
    let reachable = tools.mailer.is_reachable().await;
    let mut results: Vec<(Delivery, Outcome)> = Vec::new();
    let mut trouble = !reachable;
    for round in 0..=ROUNDS {
        let mut tx = context.write("mailings.send_slice").await?;
        if round == 0 {
            deliveries::abandon(&mut tx, job.campaign, context.job, DEAD).await?;
        }
        for (delivery, outcome) in results.drain(..) {
            trouble |= matches!(outcome, Outcome::Later { counts: false, .. } | Outcome::Uncertain { .. });
            record(&mut tx, context.job, &delivery, outcome).await?;
        }
        let Some(campaign) = campaigns::lock(&mut tx, job.campaign).await? else { return Ok(()) };
        if campaign.state != CampaignState::Sending || campaign.turn != job.turn {
            tell(&mut tx, job.campaign).await?;
            tx.commit().await?;
            return Ok(());
        }
        let allowed = match tools.letters_per_minute {
            Some(rate) => {
                let minute_ago = tx.now() - TimeDelta::minutes(1);
                rate - deliveries::sent_since(&mut tx, minute_ago).await?
            }
            None => AT_ONCE,
        };
        if trouble || allowed <= 0 {
            let wait = if trouble { AWAY } else { RATE_PAUSE };
            return pass_on(tx, campaign, wait).await;
        }
        if round == ROUNDS {
            return pass_on(tx, campaign, TimeDelta::zero()).await;
        }
        let claimed = deliveries::claim(&mut tx, campaign.id, context.job, allowed.min(AT_ONCE)).await?;
        if claimed.is_empty() {
            return conclude(tx, campaign).await;
        }
        let ready = write_letters(&mut tx, tools, context.job, &campaign, claimed).await?;
        tx.commit().await?;
        results = join_all(ready.into_iter().map(|ready| send(tools, ready))).await;
    }
    Ok(())
}

/// The next slice follows, behind everything that is due already.
async fn pass_on(mut tx: TenantTx, mut campaign: Campaign, wait: TimeDelta) -> Result<(), JobError> {
    campaign.turn += 1;
    let next = SendSlice { campaign: campaign.id, turn: campaign.turn };
    let at = tx.now() + wait;
    plenum_jobs::enqueue_at(&mut tx, &next, at).await?;
    campaigns::save(&mut tx, &campaign).await?;
    tell(&mut tx, campaign.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Nothing is due now: the campaign waits for letters that are tried again, or is done.
async fn conclude(mut tx: TenantTx, mut campaign: Campaign) -> Result<(), JobError> {
    let (next, busy) = deliveries::left(&mut tx, campaign.id).await?;
    if let Some(next) = next {
        let wait = (next - tx.now()).max(TimeDelta::seconds(1));
        return pass_on(tx, campaign, wait).await;
    }
    if busy {
        return pass_on(tx, campaign, AWAY).await;
    }
    campaign.state = CampaignState::Done;
    campaign.finished_at = Some(tx.now());
    campaigns::save(&mut tx, &campaign).await?;
    tx.publish(&CampaignFinished { campaign: campaign.id }).await?;
    tell(&mut tx, campaign.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the letters; who may not get one any more is skipped in the same transaction.
async fn write_letters(
    tx: &mut TenantTx,
    tools: &Tools,
    job: JobId,
    campaign: &Campaign,
    claimed: Vec<Delivery>,
) -> Result<Vec<Ready>, JobError> {
    let list = lists::by_id(tx, campaign.draft.list).await?;
    let list = list.ok_or_else(|| JobError::GiveUp("the list is gone".to_owned()))?;
    let ids: Vec<MemberId> = claimed.iter().map(|delivery| delivery.member).collect();
    let keys: Vec<String> = claimed.iter().map(|delivery| delivery.key.clone()).collect();
    let suppressed = suppressions::among(tx, list.id, &ids, &keys).await?;
    let members: HashMap<_, _> =
        tools.members.by_ids(tx, &ids).await?.into_iter().map(|member| (member.id, member)).collect();
    let pictures = preview_campaign::pictures(tx, tools, &campaign.draft.blocks).await?;
    let from = settings::correspondence(tx).await?;
    let mut ready = Vec::new();
    for delivery in claimed {
        let member = members.get(&delivery.member);
        let barred = suppressed.left.contains(&delivery.key) || suppressed.bounced.contains(&delivery.key);
        let why = match member.map(|member| Recipient::admit(member, &suppressed)) {
            None => Some("gone"),
            Some(Err(why)) => Some(why.as_str()),
            Some(Ok(_)) if barred => Some("unsubscribed"),
            Some(Ok(_)) => None,
        };
        if let Some(why) = why {
            deliveries::skip(tx, delivery.id, job, why).await?;
            continue;
        }
        let person = preview_campaign::person(tx, member).await?;
        let now = tx.now();
        let letter = compose(tools, tx.tenant(), campaign, &list, &delivery, &person, &pictures, &from, now);
        ready.push(Ready { delivery, letter });
    }
    Ok(ready)
}

#[expect(clippy::too_many_arguments, reason = "a letter is made of all of them, in one place")]
fn compose(
    tools: &Tools,
    tenant: plenum_kernel::TenantId,
    campaign: &Campaign,
    list: &MailingList,
    delivery: &Delivery,
    person: &crate::domain::person::Person,
    pictures: &HashMap<FileId, Picture>,
    from: &Correspondence,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Letter, Dispatch), String> {
    let to = Mailbox::new(Some(&delivery.full_name), &delivery.address).map_err(|error| error.to_string())?;
    let shown = |file: FileId| pictures.get(&file).map(|picture| format!("cid:{}", picture.id));
    let body = content::body_for(&campaign.draft.blocks, person, &shown);
    let url = letters::leave_url(tools, tenant, delivery.id);
    let mut headers = vec![ListHeader::Id(preview_campaign::list_id(list, tools.mailer.from().domain()))];
    headers.extend(url.clone().map(ListHeader::UnsubscribeOneClick));
    // A Message-ID needs a domain with a dot for List-Id; a sender such as plenum@localhost has none.
    if !tools.mailer.from().domain().contains('.') {
        headers.remove(0);
    }
    let return_path = tools.bounce_domain.as_deref().and_then(|domain| {
        Mailbox::new(None, &format!("{}@{domain}", tools.signer.return_path(tenant, delivery.id))).ok()
    });
    let letter = Letter {
        id: format!("mailing-{}", delivery.id.uuid().simple()),
        date: now,
        to,
        subject: content::subject_for(&campaign.draft.subject, person),
        body: letters::with_footer(body, list, url),
        language: from.language,
        attachments: Vec::new(),
        list: headers,
    };
    let dispatch = Dispatch {
        return_path,
        pictures: pictures.values().cloned().collect(),
        ..Dispatch::of_organization(Some(campaign.draft.sender_name.clone()), from.reply_to.as_deref())
    };
    Ok((letter, dispatch))
}

async fn send(tools: &Tools, ready: Ready) -> (Delivery, Outcome) {
    let outcome = match ready.letter {
        // The address on record is none: as if a mail server had said so.
        Err(reason) => Outcome::Bounced { hard: true, reason },
        Ok((letter, dispatch)) => match tools.mailer.dispatch(&letter, &dispatch).await {
            Ok(_) => Outcome::Sent,
            Err(error) => {
                let failure = Failure {
                    status: error.status(),
                    words: error.answer(),
                    permanent: error.is_permanent(),
                    may_have_left: error.may_have_left(),
                };
                judge(&failure, ready.delivery.attempts)
            }
        },
    };
    (ready.delivery, outcome)
}

async fn record(
    tx: &mut TenantTx,
    job: JobId,
    delivery: &Delivery,
    outcome: Outcome,
) -> Result<(), JobError> {
    let short = |reason: &str| reason.chars().take(500).collect::<String>();
    match outcome {
        Outcome::Sent => {
            deliveries::finish(tx, delivery.id, job, DeliveryState::Sent, None).await?;
        }
        Outcome::Later { wait, counts, reason } => {
            deliveries::put_back(tx, delivery.id, job, wait, counts, &short(&reason)).await?;
        }
        Outcome::Bounced { hard, reason } => {
            let reason = short(&reason);
            deliveries::finish(tx, delivery.id, job, DeliveryState::Bounced, Some(&reason)).await?;
            if hard {
                suppressions::bounce(tx, delivery.member, &delivery.address, &delivery.key, &reason).await?;
            }
        }
        Outcome::Failed { reason } => {
            deliveries::finish(tx, delivery.id, job, DeliveryState::Failed, Some(&short(&reason))).await?;
        }
        Outcome::Uncertain { reason } => {
            let reason = short(&reason);
            deliveries::finish(tx, delivery.id, job, DeliveryState::Uncertain, Some(&reason)).await?;
        }
    }
    Ok(())
}
