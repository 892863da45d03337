//! Measures how soon attacks on the API are answered, and how much is answered.
//!
//! `bench_armour [ROUNDS]` (50): starts a server with a private PostgreSQL in a temporary folder, in which any operation
//! is taken, signs somebody in, and sends each flood over HTTP, one after another. An answer has to come within 100 ms
//! (the half of them, on a machine that does other things too, and the slowest is told) and be shorter than 16 kB. The
//! last line is one JSON object. Run it in release.

mod bench;

use std::time::{Duration, Instant};

use anyhow::ensure;
use bench::{Bench, Client, say};
use serde_json::json;

/// The latest that the half of the answers may come.
const LATEST: Duration = Duration::from_millis(100);
/// The longest answer, bytes.
const LONGEST: usize = 16 * 1024;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let rounds: usize = std::env::args().nth(1).map_or(Ok(50), |rounds| rounds.parse())?;
    let folder = bench::folder()?;
    let bench = Bench::start(folder.path(), &[], false).await?;
    let register = "ФИО;Дата рождения;Первичная организация\nОрлова Анна Ильинична;12.04.1985;ППО № 1\n";
    bench.tenant("bench", register.as_bytes().to_vec(), &["register_keeper"]).await?;
    let client = bench.sign_in("bench").await?;
    let mut figures = serde_json::Map::new();
    let mut failed = Vec::new();
    for (name, body) in attacks() {
        let mut times = Vec::with_capacity(rounds);
        let mut longest = 0;
        for _ in 0..rounds {
            let began = Instant::now();
            let (status, length) = send(&client, body.clone()).await?;
            times.push(began.elapsed());
            longest = longest.max(length);
            ensure!((200..500).contains(&status), "{name}: {status}");
        }
        times.sort_unstable();
        let (half, slowest) = (times[times.len() / 2], times[times.len() - 1]);
        if half > LATEST || longest > LONGEST {
            failed.push(name);
        }
        let ms = |time: Duration| (time.as_secs_f64() * 100_000.0).round() / 100.0;
        say(&format!("{name}: {:.2} ms, at most {:.2} ms, {longest} bytes", ms(half), ms(slowest)));
        figures
            .insert(name.to_owned(), json!({ "p50_ms": ms(half), "max_ms": ms(slowest), "bytes": longest }));
    }
    bench.stop().await?;
    say(&json!({ "rounds": rounds, "attacks": figures, "failed": failed }).to_string());
    ensure!(failed.is_empty(), "answered too late or at too great length: {failed:?}");
    Ok(())
}

/// Sends a body as an operation; the status of the answer and its length.
async fn send(client: &Client, body: Vec<u8>) -> anyhow::Result<(u16, usize)> {
    let request = client
        .http
        .post(format!("{}/graphql", client.url))
        .header("x-plenum-tenant", "bench")
        .header("accept", "application/graphql-response+json")
        .header("content-type", "application/json");
    let answer = request.body(body).send().await?;
    Ok((answer.status().as_u16(), answer.bytes().await?.len()))
}

/// Each attack and its body.
fn attacks() -> Vec<(&'static str, Vec<u8>)> {
    let operation = |query: String| serde_json::to_vec(&json!({ "query": query })).unwrap_or_default();
    let aliases = |count: usize| -> String { (0..count).map(|number| format!("a{number}: id ")).collect() };
    let nested = |depth: usize| {
        let (open, shut) = ("parent { ".repeat(depth), "} ".repeat(depth));
        format!("{{ members(first: 100) {{ nodes {{ unit {{ {open} id {shut} }} }} }} }}")
    };
    let doubling: String =
        (1..60).map(|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n - 1, n - 1)).collect();
    let histories: String =
        (0..20).map(|number| format!("h{number}: history(first: 100) {{ nodes {{ kind }} }} ")).collect();
    vec![
        ("nesting", operation("{a".repeat(12_000))),
        ("nesting_of_values", operation(format!("{{ a(b: {}", "[".repeat(20_000)))),
        ("depth", operation(nested(30))),
        ("aliases", operation(format!("{{ viewer {{ {} }} }}", aliases(2_000)))),
        ("directives", operation(format!("{{ __typename {} }}", "@skip(if: false) ".repeat(1_300)))),
        ("fragments", operation(format!("{{ ...F59 }} fragment F0 on Query {{ __typename }} {doubling}"))),
        (
            "fragments_in_circles",
            operation("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".into()),
        ),
        ("operations", operation("query A { __typename } ".repeat(1_000))),
        ("cost", operation(format!("{{ members(first: 100) {{ nodes {{ {histories} }} }} }}"))),
        ("length", operation(format!("{{ a(b: \"{}\") }}", "x".repeat(240_000)))),
        (
            "fields_that_are_not_there",
            operation(format!("{{ {} }}", "canary8f31403dfe404bccbb0e835f2629c6a7 ".repeat(12))),
        ),
        ("introspection", operation("{ __schema { types { name fields { name type { name } } } } }".into())),
        ("batch", serde_json::to_vec(&vec![json!({ "query": "{ __typename }" }); 5_000]).unwrap_or_default()),
        (
            "variables",
            [&br#"{"query":"{ __typename }","variables":"#[..], "[".repeat(200_000).as_bytes()].concat(),
        ),
        ("unknown_operation", serde_json::to_vec(&json!({ "documentId": "sha256:00" })).unwrap_or_default()),
        ("too_large", vec![b'x'; 400_000]),
    ]
}
