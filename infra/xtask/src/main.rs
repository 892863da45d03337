//! All automation: what the Makefile calls, and what continuous integration runs.
//!
//! It depends on next to nothing, so that the first command on a new machine soon answers; whatever needs the
//! product's own crates is a program of its own ([`database`] starts `dev`, [`schema`] asks `plenum`).
//!
//! What it is not: interactive. Packages are installed without questions, and only those that are missing.

mod app;
mod checks;
mod database;
mod deny;
mod links;
mod machine;
mod mutants;
mod place;
mod schema;
mod suites;
mod tally;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "All automation of the workspace")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the web app and the server, and serve the demonstration.
    Run,
    /// Build the web app and the server into target/release/plenum.
    Build,
    /// Run the tests; the last line is `N passed, N failed`.
    Test {
        /// Only this suite.
        #[arg(long, value_enum)]
        suite: Option<suites::Suite>,
        /// Only tests whose names contain this.
        #[arg(long)]
        grep: Option<String>,
    },
    /// Check formatting, lints, links, types and what is generated.
    Check,
    /// Everything that a change has to pass: check, then test.
    Ci,
    /// Write web/schema.graphql, and the types made from it.
    Codegen {
        /// Write nothing; fail when they differ.
        #[arg(long)]
        check: bool,
    },
    /// Write the answers about queries in .sqlx, so that builds need no database.
    Prepare {
        /// Write nothing; fail when they differ.
        #[arg(long)]
        check: bool,
    },
    /// Hold a throwaway database with all migrations, for building against while queries change.
    Database,
    /// Measure an import beside a bare COPY.
    BenchImport {
        /// How many rows.
        #[arg(default_value_t = 100_000)]
        rows: u64,
        /// How many times.
        #[arg(default_value_t = 3)]
        rounds: u32,
    },
    /// Measure the list of members through the API beside the same SQL.
    BenchApi {
        /// How many members.
        #[arg(default_value_t = 100_000)]
        members: u64,
        /// How many requests of each kind.
        #[arg(default_value_t = 300)]
        requests: u32,
    },
    /// Measure sign-ins, decisions about permissions, and what isolation adds to a page of members.
    BenchAuth {
        /// How many tenants.
        #[arg(default_value_t = 1_000)]
        tenants: u32,
        /// How many own roles each of them has.
        #[arg(default_value_t = 100)]
        roles: u32,
        /// How often the page is read.
        #[arg(default_value_t = 2_000)]
        rounds: u32,
    },
    /// Measure how soon attacks on the API are answered.
    BenchArmour {
        /// How many times each.
        #[arg(default_value_t = 50)]
        rounds: u32,
    },
    /// Measure the media server beside Debian's Janus, in a network namespace of their own; as root.
    BenchMedia {
        /// How long each measurement takes.
        #[arg(default_value_t = 8)]
        seconds: u32,
    },
    /// Throw generated operations at the whole API, and fail at any answer that is the server's fault.
    FuzzApi {
        /// How many.
        #[arg(default_value_t = 10_000)]
        requests: u32,
    },
    /// Send anything to the media server's readers, guided by what they do with it, and fail at a crash.
    FuzzMedia {
        /// How long for each of the two targets.
        #[arg(default_value_t = 150)]
        seconds: u32,
    },
    /// Take each guard of the code away in turn, in a copy, and demand that the suite turns red.
    MutateGuards {
        /// Only the guards of these numbers.
        #[arg(long, value_delimiter = ',')]
        only: Vec<u32>,
        /// Only tell which guards there are.
        #[arg(long)]
        list: bool,
    },
    /// Measure a large mailing, and small ones that pass it.
    BenchMailing {
        /// How many letters.
        #[arg(default_value_t = 10_000)]
        letters: u64,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            place::say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Does the task; false when it ran and found something wrong.
fn run(task: Task) -> anyhow::Result<bool> {
    match task {
        Task::Run => app::run()?,
        Task::Build => {
            let program = app::build()?;
            place::say(&format!("built {}", program.display()));
        }
        Task::Test { suite, grep } => return suites::run(suite, grep.as_deref()),
        Task::Check => checks::all()?,
        Task::Ci => {
            checks::all()?;
            return suites::run(None, None);
        }
        Task::Codegen { check } => schema::codegen(check)?,
        Task::Prepare { check } => database::prepare(check)?,
        Task::Database => database::hold()?,
        Task::BenchImport { rows, rounds } => checks::bench_import(rows, rounds)?,
        Task::BenchApi { members, requests } => checks::bench_api(members, requests)?,
        Task::BenchAuth { tenants, roles, rounds } => checks::bench_auth(tenants, roles, rounds)?,
        Task::BenchArmour { rounds } => checks::bench_armour(rounds)?,
        Task::BenchMedia { seconds } => checks::bench_media(seconds)?,
        Task::FuzzMedia { seconds } => checks::fuzz_media(seconds)?,
        Task::FuzzApi { requests } => checks::fuzz_api(requests)?,
        Task::MutateGuards { only, list } => return mutants::run(&only, list),
        Task::BenchMailing { letters } => checks::bench_mailing(letters)?,
    }
    Ok(true)
}
