//! Measures this product's media server beside Debian's Janus: same machine, same run, same load, same cipher.
//!
//! `bench_media ADDRESS [SECONDS]` (8 seconds for each measurement): both servers take media at the address, which has to
//! be one of this machine's and not the loopback's, for Janus tells of no other; `make bench-media` makes a network
//! namespace for it. One sends sound and 1 Mbit/s of pictures to 10, 50, 100 and 200; then 10 and 25 meet, everybody with
//! everybody. For each it tells packets forwarded for a second of processor time, the delays on the way through the
//! server, loss and memory; at first what the machine can do at best. Then, of this product alone: 200 join within ten
//! seconds, and 1,000 watch by WHEP. The last line is one JSON object. Run it in release.

mod common;
mod janus;
mod limit;
mod load;
mod ours;

use std::net::IpAddr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use janus::Janus;
use load::{Load, Report, quantile};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use ours::Ours;
use plenum_media::{Cipher, Identity};
use serde_json::{Value, json};
use uuid::Uuid;

/// Who sends to how many, and how many meet.
const ONE_TO: [usize; 4] = [10, 50, 100, 200];
const MEETINGS: [usize; 2] = [10, 25];
const JOINING: Duration = Duration::from_secs(30);
/// So many join one after the other within this time.
const CROWD: usize = 200;
const CROWD_COMES: Duration = Duration::from_secs(10);
/// So many watch a broadcast.
const WATCHERS: usize = 1_000;
/// Each has a socket, and the server a connection for a moment.
const DESCRIPTORS: u64 = 8_192;
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
    /// How long joining took, in milliseconds: at the half, at 95 %, and the longest.
    join_ms: [f64; 3],
}

#[derive(Debug, Clone, Copy)]
enum Scene {
    OneTo(usize),
    Meeting(usize),
    /// So many join within ten seconds while one sends.
    Crowd(usize),
    /// So many watch a broadcast of one.
    Watched(usize),
}

impl Scene {
    fn name(self) -> String {
        match self {
            Scene::OneTo(count) => format!("1 to {count}"),
            Scene::Meeting(count) => format!("meeting of {count}"),
            Scene::Crowd(count) => format!("{count} join"),
            Scene::Watched(count) => format!("{count} watch"),
        }
    }

    /// Clients that receive pictures once all have joined.
    fn watching(self) -> usize {
        match self {
            Scene::OneTo(count) | Scene::Meeting(count) | Scene::Crowd(count) | Scene::Watched(count) => {
                count
            }
        }
    }
}

fn main() -> anyhow::Result<()> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, DESCRIPTORS.min(most), most)?;
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
            Scene::Crowd(_) | Scene::Watched(_) => {}
        }
        if matches!(scene, Scene::OneTo(100)) {
            figures["p99_ratio_1_to_100"] = json!(rounded(f64::from(ours.p99) / f64::from(theirs.p99)));
            figures["machine_limit_share"] = json!(rounded(ours.packets_per_cpu_s / limit));
        }
    }
    let crowd = of_ours(Scene::Crowd(CROWD), ip, &identity, &load, time).await?;
    tell("plenum", Scene::Crowd(CROWD), &crowd);
    let [half, most, longest] = crowd.join_ms;
    say(&format!(
        "{CROWD} joined within 10 s, all receive: p50 {half} ms, p95 {most} ms, at most {longest} ms"
    ));
    figures["joining"] = json!({ "count": CROWD, "p50_ms": half, "p95_ms": most, "max_ms": longest });
    let watched = of_ours(Scene::Watched(WATCHERS), ip, &identity, &load, time).await?;
    tell("plenum", Scene::Watched(WATCHERS), &watched);
    figures["watchers"] = json!({
        "count": WATCHERS, "plenum": shown(&watched),
        "lost_share": rounded(watched.lost as f64 / (watched.received + watched.lost).max(1) as f64),
    });
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
        Scene::Crowd(count) => {
            server.join(room, true, load).await?;
            let mut next = tokio::time::interval(CROWD_COMES / u32::try_from(count)?);
            for _ in 0..count {
                next.tick().await;
                server.join(room, false, load).await?;
            }
        }
        Scene::Watched(count) => {
            server.join(room, true, load).await?;
            for _ in 0..count {
                server.watch(room, load).await?;
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
        Scene::Crowd(_) | Scene::Watched(_) => anyhow::bail!("this is measured of one server only"),
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
    let joins = load.report()?.joins;
    let join_ms = [0.5, 0.95, 1.0].map(|share| rounded(f64::from(quantile(&joins, share)) / 1_000.0));
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
        join_ms,
    })
}

fn tell(server: &str, scene: Scene, measured: &Measured) {
    let Measured {
        packets_per_cpu_s, cpu_share, p50, p95, p99, lost, received, resident_mib, joined_s, ..
    } = measured;
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
