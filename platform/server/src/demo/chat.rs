//! A conversation of the council and one of two people, said by the same actions that the API calls.

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use plenum_authz::Viewer;
use plenum_bodies::BodiesReads;
use plenum_bodies_api::BodiesRead as _;
use plenum_chat::setup::{self, NewMessage, Participation, Spoken, TakePart};
use plenum_chat_api::{ChannelId, MessageId};
use plenum_db::{Access, Db, TenantTx};
use plenum_files::Files;
use plenum_identity::store::accounts as account_store;
use plenum_kernel::{AccountId, TenantId, clock::ManualClock};
use plenum_meetings::Attendance;
use plenum_tenancy::store::grants;
use std::sync::Arc;
use uuid::Uuid;

use super::address;

/// One thing said.
struct Line {
    /// Minutes after the conversation began.
    after: i64,
    who: &'static str,
    text: &'static str,
    /// The line that it answers, counted from the first.
    answers: Option<usize>,
    /// Accounts that are meant, and how they are called.
    meant: &'static [(&'static str, &'static str)],
    /// Who reacted with what.
    reactions: &'static [(&'static str, &'static str)],
}

const fn line(after: i64, who: &'static str, text: &'static str) -> Line {
    Line { after, who, text, answers: None, meant: &[], reactions: &[] }
}

const COUNCIL: [Line; 14] = [
    Line {
        reactions: &[("deputy", "👍"), ("secretary", "👍"), ("member3", "👍"), ("member6", "👍")],
        ..line(
            0,
            "chair",
            "Коллеги, добрый день! Повестка ближайшего заседания согласована, извещения ушли. Проверьте, пожалуйста, почту.",
        )
    },
    line(6, "member2", "Марина Викторовна, получила. Материалы по второму вопросу ещё будут?"),
    Line {
        answers: Some(1),
        ..line(9, "secretary", "Татьяна Николаевна, проект сметы прикладываю. Замечания жду до среды.")
    },
    Line {
        reactions: &[("secretary", "👀")],
        ..line(
            31,
            "deputy",
            "Посмотрел. По статье «Обучение актива» предлагаю добавить 8 %: школ профактива станет больше.",
        )
    },
    Line {
        answers: Some(3),
        reactions: &[("chair", "🤝"), ("member9", "👍")],
        ..line(38, "member1", "Поддерживаю. У нас в образовании очередь на курсы до марта.")
    },
    line(44, "member7", "А за счёт чего? Доходная часть прежняя."),
    Line {
        answers: Some(5),
        ..line(
            52,
            "deputy",
            "За счёт командировочных: половину выездных семинаров переводим в видео. Расчёт пришлю отдельно.",
        )
    },
    line(71, "member9", "У нас в районах связь бывает плохая, но для семинаров хватает. Я за."),
    Line {
        reactions: &[("chair", "🎉"), ("member2", "👏"), ("member5", "👏"), ("member10", "🎉")],
        ..line(
            163,
            "member5",
            "Хорошая новость: на «Электроприборе» подписали колдоговор, индексация 9,4 % с января!",
        )
    },
    line(170, "member12", "Поздравляю! Пришлите текст, пожалуйста: у нас переговоры на следующей неделе."),
    Line {
        answers: Some(9), ..line(174, "member5", "Светлана Егоровна, отправлю сегодня вечером.")
    },
    Line {
        meant: &[("chair", "Орлова Марина Викторовна")],
        ..line(
            240,
            "secretary",
            "@Орлова Марина Викторовна, по третьему вопросу нужен докладчик от здравоохранения. Кого ставим?",
        )
    },
    line(247, "member3", "Могу выступить я, если никто не против."),
    Line {
        answers: Some(12),
        reactions: &[("secretary", "👍")],
        ..line(251, "deputy", "Денис Олегович, отлично. Пять минут хватит?")
    },
];

const DIRECT: [Line; 4] = [
    line(330, "secretary", "Марина Викторовна, напоминаю: в понедельник в 9:00 — планёрка аппарата."),
    line(342, "chair", "Елена Сергеевна, спасибо, помню. Подготовьте, пожалуйста, справку по колдоговорам."),
    Line { reactions: &[("chair", "🙏")], ..line(345, "secretary", "Сделаю к пятнице.") },
    line(381, "secretary", "Ещё вопрос: приглашать ли на заседание юристов?"),
];

/// What the account read of the council's lines: the rest waits for them.
const READ: [(&str, i64); 4] = [("chair", 9), ("secretary", 14), ("deputy", 14), ("member1", 12)];

/// Lets the council and its chair talk, unless they have.
pub(super) async fn seed(db: &Db, files: &Files, federation: TenantId) -> anyhow::Result<()> {
    let bodies = BodiesReads::new(Arc::new(Attendance::new(db.clone(), "demo")));
    let mut tx = super::open(db, federation).await?;
    let council = bodies.bodies(&mut tx).await?.into_iter().find(|body| body.name == "Совет Федерации");
    let Some(council) = council else { return Ok(()) };
    let channel = setup::keep_body(&mut tx, &bodies, council.id).await?.context("the council's channel")?;
    tx.commit().await?;
    let talk = Talk { db, files, tenant: federation, began: workday_before(db.clock().now()) };
    if talk.is_said(channel, &DIRECT[3], 3).await? {
        return Ok(());
    }
    talk.say(channel, 0, &COUNCIL).await?;
    for (who, seq) in READ {
        let (mut tx, _) = talk.open(who).await?;
        let permit = tx.permit::<TakePart, Participation>(channel).await?;
        setup::mark_read(&mut tx, permit, seq).await?;
        tx.commit().await?;
    }
    let (mut tx, secretary) = talk.open("secretary").await?;
    let chair = account(&mut tx, "chair").await?;
    let direct = setup::open_direct(&mut tx, secretary, chair).await?;
    tx.commit().await?;
    talk.say(direct, 100, &DIRECT).await
}

/// Ten in the morning in Moscow on the last working day before a moment.
fn workday_before(now: DateTime<Utc>) -> DateTime<Utc> {
    let weekend = |day: NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let today = now.date_naive();
    let day = (1..=3).map(|back| today - TimeDelta::days(back)).find(|day| !weekend(*day)).unwrap_or(today);
    (day.and_time(NaiveTime::MIN) + TimeDelta::hours(7)).and_utc()
}

struct Talk<'t> {
    db: &'t Db,
    files: &'t Files,
    tenant: TenantId,
    /// When the first line was said.
    began: DateTime<Utc>,
}

impl Talk<'_> {
    /// A transaction of somebody, now.
    async fn open(&self, who: &str) -> anyhow::Result<(TenantTx, AccountId)> {
        self.open_at(who, self.db.clock().now()).await
    }

    /// A transaction of somebody at a moment: what is said has been said in the course of a day.
    async fn open_at(&self, who: &str, at: DateTime<Utc>) -> anyhow::Result<(TenantTx, AccountId)> {
        let mut tx = super::open(self.db, self.tenant).await?;
        let id = account(&mut tx, who).await?;
        let grants = grants::of_account(&mut tx, id).await?;
        drop(tx);
        let viewer = Viewer::person(id, self.tenant, grants);
        let then = self.db.with_clock(Arc::new(ManualClock::at(at)));
        Ok((then.tenant(&viewer, setup::TAKE_PART, Access::Write).await?, id))
    }

    async fn is_said(&self, channel: ChannelId, last: &Line, index: usize) -> anyhow::Result<bool> {
        let (mut tx, author) = self.open(last.who).await?;
        let other = account(&mut tx, "chair").await?;
        let direct = setup::open_direct(&mut tx, author, other).await?;
        anyhow::ensure!(direct != channel, "two channels are one");
        Ok(setup::said_as(&mut tx, direct, Some(author), client_id(100 + index)).await?.is_some())
    }

    async fn say(&self, channel: ChannelId, first: usize, lines: &[Line]) -> anyhow::Result<()> {
        let mut said: Vec<MessageId> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let at = self.began + TimeDelta::minutes(line.after);
            let (mut tx, _) = self.open_at(line.who, at).await?;
            let mut mentions = Vec::new();
            for (who, _) in line.meant {
                mentions.push(account(&mut tx, who).await?);
            }
            let mut attached = Vec::new();
            if line.text.contains("прикладываю") {
                let sheet = "Статья;Сумма, тыс. руб.\nОбучение актива;1450\nСеминары и выезды;980\nПомощь членам профсоюза;2100\n";
                let bytes = sheet.as_bytes().to_vec().into();
                attached.push(self.files.keep(&mut tx, "Проект сметы.csv", "text/csv", bytes).await?.id);
            }
            let permit = tx.permit::<TakePart, Participation>(channel).await?;
            let new = NewMessage {
                client_id: client_id(first + index),
                text: line.text.to_owned(),
                reply_to: line.answers.map(|answered| said[answered]),
                files: attached,
                mentions,
            };
            let message = setup::send_message(&mut tx, permit, self.files, new).await?;
            tx.commit().await?;
            for (who, emoji) in line.reactions {
                let (mut tx, _) = self.open_at(who, at + TimeDelta::minutes(2)).await?;
                let permit = tx.permit::<TakePart, Spoken>(message.id).await?;
                setup::react(&mut tx, permit, emoji, true).await?;
                tx.commit().await?;
            }
            said.push(message.id);
        }
        Ok(())
    }
}

/// The same at every seeding, so that what was cut off goes on and nothing is said twice.
fn client_id(index: usize) -> Uuid {
    Uuid::from_u128(0x0de0_0000_0000_7000_8000_0000_0000_0000 + index as u128)
}

async fn account(tx: &mut TenantTx, who: &str) -> anyhow::Result<AccountId> {
    let known = account_store::by_email(tx.conn(), &address(who)).await?;
    Ok(known.with_context(|| format!("the account {who}"))?.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_council_talks_on_a_working_day() {
        for (now, expected) in [
            // A Monday, a Tuesday, a Sunday.
            ("2026-11-23T05:00:00Z", "2026-11-20T07:00:00Z"),
            ("2026-11-24T20:00:00Z", "2026-11-23T07:00:00Z"),
            ("2026-11-22T20:00:00Z", "2026-11-20T07:00:00Z"),
        ] {
            let moment = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
            assert_eq!(workday_before(moment(now)), moment(expected));
        }
    }
}
