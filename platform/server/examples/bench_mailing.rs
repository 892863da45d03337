//! Measures a large mailing, small ones that pass it, and the same letters without any of it.
//!
//! `bench_mailing [LETTERS]` (10,000): starts a server with a private PostgreSQL in a temporary folder and Debian's
//! `smtp-sink` as its mail server. One tenant sends to all; while that goes on, another sends three mailings of ten
//! letters, begun when a tenth, four tenths and seven tenths of the large one have left. After that the same number of
//! letters of the same size goes to another sink twice: by the mailer alone (composed, signed, handed over five at a
//! time, without ledger, jobs or consent), and by Postfix' own `smtp-source` over five connections, which is as fast as
//! that sink takes them. All letters of the server and of the mailer are signed (DKIM, Ed25519). The last line is one
//! JSON object. It fails when a letter is missing or has left twice. Run it in release.

mod bench;
#[path = "../tests/program/post.rs"]
mod post;

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use bench::{Bench, Client, say};
use futures_util::future::join_all;
use plenum_kernel::{Clock as _, Language, SystemClock};
use plenum_mail::{Body, Dispatch, Dkim, Letter, ListHeader, Mailbox, Mailer};
use post::{Sink, postfix, register};
use serde_json::{Value, json};

/// So many letters the server hands over at a time.
const AT_ONCE: usize = 5;
const TEXT: &str = "Приглашаем вас на отчётное собрание первичной организации. Начало в 17:30, в актовом зале. \
                    Просим подтвердить участие в личном кабинете.";
/// The key of RFC 8463 §A.2.
const KEY: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const SELECTOR: &str = "news";
const DOMAIN: &str = "mail.example";
const FROM: &str = "Plenum <union@mail.example>";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let letters: usize = std::env::args().nth(1).map_or(Ok(10_000), |letters| letters.parse())?;
    let folder = bench::folder()?;
    let sink = Sink::start(&folder.path().join("taken")).await;
    let key = folder.path().join("dkim.key");
    std::fs::write(&key, KEY)?;
    let settings = [
        ("PLENUM_SMTP_URL", sink.url.clone()),
        ("PLENUM_MAIL_FROM", FROM.to_owned()),
        ("PLENUM_MAIL_RATE", "0".to_owned()),
        ("PLENUM_DKIM_SELECTOR", SELECTOR.to_owned()),
        ("PLENUM_DKIM_DOMAIN", DOMAIN.to_owned()),
        ("PLENUM_DKIM_KEY", key.display().to_string()),
    ];
    let bench = Bench::start(folder.path(), &settings, true).await?;
    let roles = ["mailing_editor", "register_keeper"];
    bench.tenant("large", register(letters).into_bytes(), &roles).await?;
    let people = register(10).replace("example.org", "small.example.org");
    bench.tenant("small", people.into_bytes(), &roles).await?;
    let (large, small) = (bench.sign_in("large").await?, bench.sign_in("small").await?);

    let began = Instant::now();
    let campaign = start(&large, 0).await?;
    let mut passing = Vec::new();
    for tenths in [1, 4, 7] {
        let before = until(&large, &campaign, letters * tenths / 10).await?;
        anyhow::ensure!(before["state"] == "SENDING", "too late for a mailing in the middle: {before}");
        let begun = Instant::now();
        let little = start(&small, tenths).await?;
        let end = until(&small, &little, usize::MAX).await?;
        passing.push(begun.elapsed());
        anyhow::ensure!(end["counts"]["sent"] == 10, "{end}");
    }
    let end = until(&large, &campaign, usize::MAX).await?;
    let took = began.elapsed();
    anyhow::ensure!(end["counts"]["sent"] == letters, "{end}");
    bench.stop().await?;
    let mut taken = sink.taken();
    // The keeper is told of the sign-in, which is not of the mailing.
    taken.retain(|address, _| !address.contains("small") && !address.contains(bench::EMAIL));
    let twice = taken.values().filter(|times| **times != 1).count();
    let reached = taken.len();
    anyhow::ensure!(twice == 0 && reached == letters, "{twice} got it twice, {reached} of {letters} got it");
    let bytes = std::fs::metadata(folder.path().join("taken"))?.len();
    let size = usize::try_from(bytes)? / (letters + 30);

    let bare = Sink::start(&folder.path().join("bare")).await;
    let alone = mailer_alone(&bare, letters).await?;
    let source = smtp_source(&bare, letters, size).await?;

    let seconds = |time: Duration| (time.as_secs_f64() * 100.0).round() / 100.0;
    let rate = |time: Duration| (letters as f64 / time.as_secs_f64()).round();
    let ratio = |time: Duration| (took.as_secs_f64() / time.as_secs_f64() * 100.0).round() / 100.0;
    let slowest = passing.iter().max().copied().unwrap_or_default();
    let passing: Vec<f64> = passing.into_iter().map(seconds).collect();
    say(&format!("{letters} letters of about {size} bytes"));
    say(&format!("the server       {:>8.2} s, {:>6.0} letters/s", seconds(took), rate(took)));
    say(&format!("the mailer alone {:>8.2} s, {:>6.0} letters/s", seconds(alone), rate(alone)));
    say(&format!("smtp-source      {:>8.2} s, {:>6.0} letters/s", seconds(source), rate(source)));
    say(&format!("three mailings of 10 letters in the middle: {passing:?} s"));
    let figures = json!({
        "letters": letters, "letter_bytes": size, "server_s": seconds(took), "letters_per_s": rate(took),
        "mailer_alone_s": seconds(alone), "server_to_mailer_alone": ratio(alone),
        "smtp_source_s": seconds(source), "server_to_smtp_source": ratio(source),
        "small_mailings_s": passing, "small_mailing_slowest_s": seconds(slowest),
        "small_mailing_limit_s": 10, "small_mailing_within_limit": slowest.as_secs() < 10,
        "sent_twice": twice,
    });
    say(&figures.to_string());
    Ok(())
}

/// Writes a campaign to everybody and starts it; its id.
async fn start(client: &Client, name: usize) -> anyhow::Result<Value> {
    let list = "mutation($name: String!) { createMailingList(input: { name: $name }) { id } }";
    let list = client.ask(list, &json!({ "name": format!("Рассылка {name}") })).await?;
    let input = json!({
        "list": list["createMailingList"]["id"], "subject": "О собрании", "senderName": "Профсоюз",
        "blocks": [{ "kind": "PARAGRAPH", "text": format!("Здравствуйте, {{{{имя_отчество}}}}! {TEXT}") }],
        "audience": {},
    });
    let create = "mutation($input: CampaignInput!) { createCampaign(input: $input) { id } }";
    let made = client.ask(create, &json!({ "input": input })).await?;
    let id = made["createCampaign"]["id"].clone();
    let start = "mutation($id: ID!) { startCampaign(campaign: $id) { status } }";
    let started = client.ask(start, &json!({ "id": id })).await?;
    anyhow::ensure!(started["startCampaign"]["status"] == "OK", "{started}");
    Ok(id)
}

/// Looks every tenth of a second until so many letters have left, or until the campaign is done.
async fn until(client: &Client, id: &Value, sent: usize) -> anyhow::Result<Value> {
    let look = "query($id: ID!) { node(id: $id) { ... on Campaign { state counts { total sent failed } } } }";
    loop {
        let now = client.ask(look, &json!({ "id": id })).await?["node"].take();
        let left = now["counts"]["sent"].as_u64().unwrap_or_default();
        if now["state"] == "DONE" || usize::try_from(left)? >= sent {
            return Ok(now);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The same letters without ledger, jobs and consent.
async fn mailer_alone(sink: &Sink, letters: usize) -> anyhow::Result<Duration> {
    let mailer = Mailer::smtp(&sink.url, FROM.parse()?)?.signed(Dkim::new(SELECTOR, DOMAIN, KEY)?);
    let unsubscribe: url::Url = "https://plenum.example/u/0123456789abcdef0123456789abcdef".parse()?;
    let began = Instant::now();
    let numbers: Vec<usize> = (0..letters).collect();
    for some in numbers.chunks(AT_ONCE) {
        let sent = join_all(some.iter().map(|number| {
            let letter = Letter {
                id: format!("bench-{number}"),
                date: SystemClock.now(),
                to: Mailbox::new(Some("Пробный Иван Иванович"), &format!("m{number}@example.org"))
                    .expect("an address"),
                subject: "О собрании".to_owned(),
                body: Body::from("Профсоюз").paragraph(format!("Здравствуйте, Иван Иванович! {TEXT}")),
                language: Language::Ru,
                attachments: Vec::new(),
                list: vec![
                    ListHeader::Id("list.mail.example".to_owned()),
                    ListHeader::UnsubscribeOneClick(unsubscribe.clone()),
                ],
            };
            let mailer = mailer.clone();
            async move { mailer.dispatch(&letter, &Dispatch::default()).await }
        }));
        for outcome in sent.await {
            outcome?;
        }
    }
    Ok(began.elapsed())
}

/// The same number of letters of the same size from a program that does nothing else.
async fn smtp_source(sink: &Sink, letters: usize, size: usize) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let status = tokio::process::Command::new(postfix("smtp-source"))
        .args(["-d", "-s", &AT_ONCE.to_string(), "-m", &letters.to_string(), "-l", &size.to_string()])
        .args([
            "-f",
            "union@mail.example",
            "-t",
            "member@example.org",
            sink.url.trim_start_matches("smtp://"),
        ])
        .stdin(Stdio::null())
        .status()
        .await?;
    anyhow::ensure!(status.success(), "smtp-source: {status}");
    Ok(began.elapsed())
}
