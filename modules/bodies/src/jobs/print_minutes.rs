//! The minutes of a closed session as a PDF.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use plenum_bodies_api::{MinutesReady, SessionId};
use plenum_db::{Resource, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_live::Topic;
use plenum_print::Template;
use plenum_tenancy::store::tenants;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Tools,
    domain::{
        choice::Choice,
        office::Office,
        quorum::{Comparison, QuorumRule},
    },
    proceedings::Proceedings,
    store::{
        seats::Seat,
        sessions::{self, Sitting},
    },
};

const MINUTES: Template = Template { name: "minutes", source: include_str!("../print/minutes.typ") };

/// Make the minutes of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct PrintMinutes {
    /// Which.
    pub session: SessionId,
}

impl Job for PrintMinutes {
    const KIND: &'static str = "bodies.print_minutes";
}

/// Makes the minutes, keeps them as a file of the tenant, and tells everyone. Made once: a repeated job finds them.
pub(crate) async fn print_minutes(
    context: &JobContext,
    tools: &Tools,
    job: PrintMinutes,
) -> Result<(), JobError> {
    let mut tx = context.write("bodies.print_minutes").await?;
    let session = sessions::lock(&mut tx, job.session).await?;
    if !session.minutes_pending {
        return Ok(());
    }
    let sitting = Sitting::find(&mut tx, job.session)
        .await?
        .ok_or_else(|| JobError::GiveUp("the session is gone".to_owned()))?;
    let proceedings = Proceedings::load(&mut tx, &*tools.meetings, sitting).await?;
    let data = minutes_data(&mut tx, &proceedings, tools.time_zone).await?;
    let printed_at = tx.now().with_timezone(&tools.time_zone).fixed_offset();
    let pdf = tools.printer.pdf_async(&MINUTES, &data, printed_at).await.map_err(JobError::give_up)?;
    let name = format!(
        "Протокол № {} от {}.pdf",
        session.number,
        local(&session, tools.time_zone).format("%d.%m.%Y")
    );
    let file =
        tools.files.keep(&mut tx, &name, "application/pdf", pdf.into()).await.map_err(JobError::retry)?;
    sessions::keep_minutes(&mut tx, session.id, file.id).await?;
    tx.publish(&MinutesReady { session: session.id, file: file.id }).await?;
    let topic = Topic::of(tx.tenant(), session.id);
    plenum_live::touch(&mut tx, &topic).await?;
    tx.commit().await?;
    Ok(())
}

fn local(session: &sessions::Session, zone: Tz) -> DateTime<Tz> {
    session.opened_at.unwrap_or(session.starts_at).with_timezone(&zone)
}

/// The data that the template documents.
async fn minutes_data(tx: &mut TenantTx, all: &Proceedings, zone: Tz) -> Result<Value, StoreError> {
    let tenant_id = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), tenant_id).await?;
    let session = &all.sitting.session;
    let hours = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M").to_string();
    // What lasts for seconds only.
    let seconds = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M:%S").to_string();
    let (present, required) = session.quorum_at_opening.unwrap_or_default();
    let holder = |office: Office| all.roll.iter().find(|seat| seat.office == office && all.attended(seat));
    let chair = holder(Office::Chair).or_else(|| holder(Office::DeputyChair));
    let secretary =
        holder(Office::Secretary).or_else(|| all.roll.iter().find(|s| s.office == Office::Secretary));
    Ok(json!({
        "document_id": session.id.to_string(),
        "organization": tenant.map(|tenant| tenant.name).unwrap_or_default(),
        "body": all.sitting.body.name,
        "number": session.number.to_string(),
        "date": local(session, zone).format("%Y-%m-%d").to_string(),
        "opened_at": hours(session.opened_at.unwrap_or(session.starts_at)),
        "closed_at": session.closed_at.map(hours),
        "mode": "video",
        // A recording that goes on ends with the session.
        "recorded": all.recorded.iter().map(|one| json!({
            "from": hours(one.started_at),
            "to": one.stopped_at.or(session.closed_at).map(hours),
        })).collect::<Vec<_>>(),
        "interrupted": all.interruptions.iter().map(|one| json!({
            "from": seconds(one.began_at),
            "to": one.ended_at.or(session.closed_at).map(seconds),
        })).collect::<Vec<_>>(),
        "chair": person(chair, "Председатель"),
        "secretary": person(secretary, "Секретарь"),
        "members": all.roll.iter().map(|seat| json!({
            "name": seat.full_name,
            "organization": seat.organization,
            "office": office_ru(seat.office),
            "present": all.attended(seat),
        })).collect::<Vec<_>>(),
        "quorum": {
            "elected": all.roll.len(),
            "present": present,
            "required": required,
            "met": present >= required,
            "rule": rule_ru(all.sitting.body.quorum),
        },
        "items": all.agenda.iter().map(|item| json!({
            "number": item.position.to_string(),
            "title": item.title,
            "speaker": item.speaker.as_ref().map(|name| json!({ "name": name })),
            "heard": item.speaker.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
            "decision": item.decision.iter().flat_map(|text| text.lines())
                .map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>(),
            "votes": all.votes.iter().filter(|vote| vote.item == item.id)
                .filter_map(|vote| vote_data(all, vote)).collect::<Vec<_>>(),
            "outcome": item.decision.is_none().then_some("Решение по вопросу не принималось."),
        })).collect::<Vec<_>>(),
    }))
}

fn vote_data(all: &Proceedings, vote: &crate::store::votes::Vote) -> Option<Value> {
    let (tally, by_name) = all.result(vote)?;
    Some(json!({
        "question": vote.motion,
        "for": tally.r#for,
        "against": tally.against,
        "abstained": tally.abstained,
        "not_voted": tally.not_voted,
        "adopted": tally.adopted(),
        "required": tally.required(),
        "rule": "большинство голосов присутствующих",
        "by_name": by_name.iter().map(|(seat, choice)| json!({
            "name": seat.full_name,
            "choice": choice.map_or("none", Choice::as_str),
        })).collect::<Vec<_>>(),
    }))
}

fn person(seat: Option<&Seat>, office: &str) -> Value {
    match seat {
        Some(seat) => json!({ "name": seat.full_name, "office": office_ru(seat.office).unwrap_or(office) }),
        None => json!({ "name": "не участвовал(а)" }),
    }
}

fn office_ru(office: Office) -> Option<&'static str> {
    match office {
        Office::Chair => Some("председатель"),
        Office::DeputyChair => Some("заместитель председателя"),
        Office::Secretary => Some("секретарь"),
        Office::Member => None,
    }
}

/// The end of «Для правомочности требуется …».
fn rule_ru(rule: QuorumRule) -> String {
    let share = match (rule.numerator(), rule.denominator()) {
        (1, 1) => return "все избранные члены".to_owned(),
        (1, 2) => "половины".to_owned(),
        (2, 3) => "двух третей".to_owned(),
        (3, 4) => "трёх четвертей".to_owned(),
        (numerator, denominator) => format!("{numerator}/{denominator}"),
    };
    match rule.comparison() {
        Comparison::MoreThan => format!("более {share} избранных членов"),
        Comparison::AtLeast => format!("не менее {share} избранных членов"),
    }
}
