//! Measures this product's media server beside Debian's Janus: same machine, same run, same load, same cipher.
//!
//! `bench_media ADDRESS [SECONDS]` (8 seconds for each measurement): both servers take media at the address, which has to
//! be one of this machine's and not the loopback's, for Janus tells of no other; `make bench-media` makes a network
//! namespace for it. One sends sound and 1 Mbit/s of pictures to 10, 50, 100 and 200; then 10 and 25 meet, everybody with
//! everybody. For each it tells packets forwarded for a second of processor time, the delays on the way through the
//! server, loss and memory; at first what the machine can do at best. The last line is one JSON object. Run it in release.

mod common;
mod janus;
mod limit;
mod load;
mod ours;

use std::net::IpAddr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use janus::Janus;
use load::{Load, Report};
use ours::Ours;
use plenum_media::{Cipher, Identity};
use serde_json::{Value, json};
use uuid::Uuid;

/// Who sends to how many, and how many meet.
const ONE_TO: [usize; 4] = [10, 50, 100, 200];
const MEETINGS: [usize; 2] = [10, 25];
const JOINING: Duration = Duration::from_secs(30);
/// After everybody has joined, before it is measured.
const SETTLING: Duration = Duration::from_secs(2);

/// One measurement.
#[derive(Debug, Clone, Copy, Default)]
struct Measured {
    packets_per_cpu_s: f64,
    cpu_share: f64,
    p50: u32,
    p95: u32,
    p99: u32,
    lost: u64,
    received: u64,
    resident_mib: u64,
    joined_s: f64,
}

#[derive(Debug, Clone, Copy)]
enum Scene {
    OneTo(usize),
    Meeting(usize),
}

impl Scene {
    fn name(self) -> String {
        match self {
            Scene::OneTo(count) => format!("1 to {count}"),
            Scene::Meeting(count) => format!("meeting of {count}"),
        }
    }

    /// Clients that receive pictures once all have joined.
    fn watching(self) -> usize {
        match self {
            Scene::OneTo(count) | Scene::Meeting(count) => count,
        }
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    match arguments.as_slice() {
        [serve, ip] if serve == "serve" => runtime.block_on(ours::serve(ip.parse()?)),
        [ip, rest @ ..] => {
            let seconds = rest.first().map_or(Ok(8), |text| text.parse())?;
            runtime.block_on(run(ip.parse()?, Duration::from_secs(seconds)))
        }
        [] => anyhow::bail!("name an address of this machine"),
    }
}

async fn run(ip: IpAddr, time: Duration) -> anyhow::Result<()> {
    let limit = limit::measure(ip, Duration::from_secs(3))?;
    say(&format!("the machine at best: {} packets per second of one core", limit.round()));
    let identity = common::identity()?;
    let (load, _thread) = Load::start();
    let mut figures = json!({ "machine_limit_packets_per_s": limit.round() });
    let mut ratios = Vec::new();
    let scenes = ONE_TO.map(Scene::OneTo).into_iter().chain(MEETINGS.map(Scene::Meeting));
    for scene in scenes {
        let theirs = of_janus(scene, ip, &identity, &load, time).await?;
        tell("janus", scene, &theirs);
        let ours = of_ours(scene, ip, &identity, &load, time).await?;
        tell("plenum", scene, &ours);
        let name = scene.name().replace(' ', "_");
        figures[&name] = json!({ "plenum": shown(&ours), "janus": shown(&theirs) });
        ratios.push((scene, ours, theirs));
    }
    for (scene, ours, theirs) in &ratios {
        let ratio = rounded(ours.packets_per_cpu_s / theirs.packets_per_cpu_s);
        match scene {
            Scene::OneTo(count) => figures[format!("ratio_1_to_{count}")] = json!(ratio),
            Scene::Meeting(count) => figures[format!("ratio_meeting_{count}")] = json!(ratio),
        }
        if matches!(scene, Scene::OneTo(100)) {
            figures["p99_ratio_1_to_100"] = json!(rounded(f64::from(ours.p99) / f64::from(theirs.p99)));
            figures["machine_limit_share"] = json!(rounded(ours.packets_per_cpu_s / limit));
        }
    }
    say(&figures.to_string());
    Ok(())
}

async fn of_ours(
    scene: Scene,
    ip: IpAddr,
    identity: &Identity,
    load: &Load,
    time: Duration,
) -> anyhow::Result<Measured> {
    let mut server = Ours::start(ip, identity).await?;
    let room = Uuid::new_v4();
    let began = Instant::now();
    match scene {
        Scene::OneTo(count) => {
            server.join(room, true, load).await?;
            for _ in 0..count {
                server.join(room, false, load).await?;
            }
        }
        Scene::Meeting(count) => {
            for _ in 0..count {
                server.join(room, true, load).await?;
            }
        }
    }
    let usage = server.usage()?;
    let measured = measure(scene, load, &usage, began, time).await?;
    server.stop().await?;
    load.clear();
    Ok(measured)
}

async fn of_janus(
    scene: Scene,
    ip: IpAddr,
    identity: &Identity,
    load: &Load,
    time: Duration,
) -> anyhow::Result<Measured> {
    const ROOM: u64 = 1_234;
    let mut server = Janus::start(ip, identity).await?;
    server.room(ROOM).await?;
    let began = Instant::now();
    let (senders, receivers) = match scene {
        Scene::OneTo(count) => (1, count),
        Scene::Meeting(count) => (count, count),
    };
    let mut feeds = Vec::new();
    for _ in 0..senders {
        feeds.push(server.publish(ROOM, load).await?);
    }
    for place in 0..receivers {
        let others =
            feeds.iter().enumerate().filter(|(at, _)| matches!(scene, Scene::OneTo(_)) || *at != place);
        let others: Vec<u64> = others.map(|(_, feed)| *feed).collect();
        server.subscribe(ROOM, &others, load).await?;
    }
    let usage = server.usage()?;
    let measured = measure(scene, load, &usage, began, time).await?;
    server.stop().await?;
    load.clear();
    Ok(measured)
}

async fn measure(
    scene: Scene,
    load: &Load,
    usage: &common::Usage,
    began: Instant,
    time: Duration,
) -> anyhow::Result<Measured> {
    let wait = Duration::from_millis(100);
    loop {
        let report = load.report()?;
        if report.watching >= scene.watching() {
            break;
        }
        let Report { clients, connected, watching, .. } = report;
        let late = began.elapsed() > JOINING;
        anyhow::ensure!(
            !late,
            "{}: of {clients} clients {connected} are there, {watching} watch",
            scene.name()
        );
        tokio::time::sleep(wait).await;
    }
    let joined_s = began.elapsed().as_secs_f64();
    tokio::time::sleep(SETTLING).await;
    load.reset();
    let (from, cpu) = (Instant::now(), usage.cpu()?);
    tokio::time::sleep(time).await;
    let report = load.report()?;
    let (took, cpu) = (from.elapsed(), usage.cpu()?.saturating_sub(cpu));
    anyhow::ensure!(
        report.ciphers == [Cipher::Aes128Gcm],
        "another cipher was agreed upon: {:?}",
        report.ciphers
    );
    Ok(Measured {
        packets_per_cpu_s: report.received as f64 / cpu.as_secs_f64(),
        cpu_share: cpu.as_secs_f64() / took.as_secs_f64(),
        p50: report.delay(0.5),
        p95: report.delay(0.95),
        p99: report.delay(0.99),
        lost: report.lost,
        received: report.received,
        resident_mib: usage.resident_mib().context("memory")?,
        joined_s,
    })
}

fn tell(server: &str, scene: Scene, measured: &Measured) {
    let Measured { packets_per_cpu_s, cpu_share, p50, p95, p99, lost, received, resident_mib, joined_s } =
        measured;
    say(&format!(
        "{:14} {server:6} {:>8} packets per CPU second ({:>3} % of a core), delay p50/p95/p99 {p50}/{p95}/{p99} µs, \
         {received} received, {lost} lost, {resident_mib} MiB, joined in {joined_s:.1} s",
        scene.name(),
        packets_per_cpu_s.round(),
        (cpu_share * 100.0).round(),
    ));
}

fn shown(measured: &Measured) -> Value {
    json!({
        "packets_per_cpu_s": measured.packets_per_cpu_s.round(), "cpu_share": rounded(measured.cpu_share),
        "delay_p50_us": measured.p50, "delay_p95_us": measured.p95, "delay_p99_us": measured.p99,
        "received": measured.received, "lost": measured.lost, "resident_mib": measured.resident_mib,
    })
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn say(line: &str) {
    println!("{line}");
}
