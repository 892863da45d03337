//! What a change has to pass before it is tested, and the measurement.

use crate::{
    database, deny, links, machine,
    place::{cargo, npm, program, root, say, succeed, target_dir},
    schema,
};

/// Formatting, links, generated files, lints, dependencies, the web's types and lints: the quick ones first.
///
/// # Errors
/// At the first one that fails.
pub(crate) fn all() -> anyhow::Result<()> {
    say("formatting");
    succeed(cargo().args(["fmt", "--all", "--check"]))?;
    say("links in the documents");
    links::check()?;
    say("answers about queries");
    database::prepare(true)?;
    say("lints");
    succeed(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    say("dependencies");
    deny::check()?;
    say("schema");
    schema::codegen(true)?;
    say("web app");
    machine::packages("web")?;
    succeed(npm("web").args(["run", "--silent", "check"]))
}

/// Measures an import beside a bare COPY, in release.
///
/// # Errors
/// When it does not build or run.
pub(crate) fn bench_import(rows: u64, rounds: u32) -> anyhow::Result<()> {
    bench("plenum-members", "bench_import", &[rows.to_string(), rounds.to_string()])
}

/// Measures the list of members through the API beside the same SQL, in release.
///
/// # Errors
/// When it does not build or run.
pub(crate) fn bench_api(members: u64, requests: u32) -> anyhow::Result<()> {
    bench("plenum-server", "bench_api", &[members.to_string(), requests.to_string()])
}

/// Measures sign-ins, decisions about permissions, and isolation beside the bare statement, in release.
///
/// # Errors
/// When it does not build or run.
pub(crate) fn bench_auth(tenants: u32, roles: u32, rounds: u32) -> anyhow::Result<()> {
    bench("plenum-server", "bench_auth", &[tenants, roles, rounds].map(|number| number.to_string()))
}

/// Measures a mailing beside the mailer alone and Postfix' own source of letters, in release.
///
/// # Errors
/// When it does not build or run.
pub(crate) fn bench_mailing(letters: u64) -> anyhow::Result<()> {
    machine::smtp_sink()?;
    bench("plenum-server", "bench_mailing", &[letters.to_string()])
}

/// Measures the answers to attacks, in release.
///
/// # Errors
/// When it does not build or run, or an answer comes too late or is too long.
pub(crate) fn bench_armour(rounds: u32) -> anyhow::Result<()> {
    bench("plenum-server", "bench_armour", &[rounds.to_string()])
}

/// Measures the media server beside Janus. Janus tells browsers the addresses of interfaces, the loopback's left out, so
/// both get a namespace with an interface that leads nowhere.
///
/// # Errors
/// When something is missing or does not build, no namespace can be made, or somebody did not get media.
pub(crate) fn bench_media(seconds: u32) -> anyhow::Result<()> {
    const ADDRESS: &str = "10.77.0.1";
    machine::janus()?;
    let example = ["build", "--quiet", "--release", "--package", "plenum-sfu", "--example", "bench_media"];
    succeed(cargo().args(example))?;
    let measure = target_dir().join("release/examples/bench_media");
    let script = format!(
        "ip link set lo up && ip link add bench type bridge && ip address add {ADDRESS}/24 dev bench \
         && ip link set bench up && exec {} {ADDRESS} {seconds}",
        measure.display()
    );
    succeed(program("unshare").args(["--net", "sh", "-c", &script]))
}

/// Fuzzes what strangers and participants send to the media server: datagrams and descriptions, so long each.
///
/// # Errors
/// When the fuzzer is missing or does not build, or something crashes.
pub(crate) fn fuzz_media(seconds: u32) -> anyhow::Result<()> {
    machine::cargo_fuzz()?;
    for target in ["datagrams", "descriptions"] {
        let mut command = cargo();
        // The instruments are unstable options of the compiler; nothing but the fuzzer is built with them.
        command.env("RUSTC_BOOTSTRAP", "1").current_dir(root().join("platform/media"));
        command.env("CARGO_TARGET_DIR", target_dir().join("fuzz"));
        command.args(["fuzz", "run", target, "--", "-max_len=2048", "-rss_limit_mb=4096"]);
        succeed(command.arg(format!("-max_total_time={seconds}")))?;
    }
    Ok(())
}

/// Sends generated operations to a demonstration of its own.
///
/// # Errors
/// When something is missing or does not build, or an answer is the server's fault.
pub(crate) fn fuzz_api(requests: u32) -> anyhow::Result<()> {
    machine::postgres()?;
    let python = machine::schemathesis()?;
    succeed(cargo().args(["build", "--quiet", "--workspace", "--bins"]))?;
    let mut command = program(&python.to_string_lossy());
    command.arg("tests/fuzz/api.py").arg(target_dir().join("debug/plenum"));
    succeed(command.arg(requests.to_string()))
}

fn bench(package: &str, example: &str, arguments: &[String]) -> anyhow::Result<()> {
    machine::postgres()?;
    let example = ["run", "--quiet", "--release", "--package", package, "--example", example, "--"];
    succeed(cargo().args(example).args(arguments))
}
