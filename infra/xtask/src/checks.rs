//! What a change has to pass before it is tested, and the measurement.

use crate::{
    database, links, machine,
    place::{cargo, npm, say, succeed},
    schema,
};

/// Formatting, links, generated files, lints, the web's types and lints: the quick ones first.
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
    machine::postgres()?;
    let (rows, rounds) = (rows.to_string(), rounds.to_string());
    let example =
        ["run", "--quiet", "--release", "--package", "plenum-members", "--example", "bench_import", "--"];
    succeed(cargo().args(example).args([rows, rounds]))
}

/// Measures the list of members through the API beside the same SQL, in release.
///
/// # Errors
/// When it does not build or run.
pub(crate) fn bench_api(members: u64, requests: u32) -> anyhow::Result<()> {
    machine::postgres()?;
    let (members, requests) = (members.to_string(), requests.to_string());
    let example =
        ["run", "--quiet", "--release", "--package", "plenum-server", "--example", "bench_api", "--"];
    succeed(cargo().args(example).args([members, requests]))
}
