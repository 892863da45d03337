//! The suites: each run by its own runner, all counted together.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Context as _;
use clap::ValueEnum;

use crate::{
    app,
    database::Database,
    machine,
    place::{cargo, files, npm, root, say, shown, succeed, target_dir},
    tally::{Runner, Tally},
};

/// The package of the suite [`Suite::Guards`].
const GUARDS: &str = "tests/guards";

/// What can be run by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// Rules, without a database.
    Unit,
    /// Integration tests with a real PostgreSQL, and with the program itself.
    Db,
    /// The rules of the layout, tenancy, permissions, isolation.
    Guards,
    /// Types, lints, weight and unit tests of the web app.
    Web,
    /// Sign-in by and for others, against implementations that are not ours.
    Oidc,
    /// The media server in real browsers.
    Media,
    /// The whole in real browsers.
    Browser,
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Db => "db",
            Self::Guards => "guards",
            Self::Web => "web",
            Self::Oidc => "oidc",
            Self::Media => "media",
            Self::Browser => "browser",
        }
    }

    /// Whether it needs a PostgreSQL server: the tests of the database, and those that start the program.
    fn needs_postgres(self) -> bool {
        matches!(self, Self::Db | Self::Guards | Self::Oidc | Self::Browser)
    }

    /// Whether it runs programs that cargo builds, besides its own tests.
    fn needs_programs(self) -> bool {
        matches!(self, Self::Db | Self::Guards | Self::Oidc | Self::Media | Self::Browser)
    }
}

/// Runs one suite or all; the last line printed is the count. True when something ran and nothing failed.
///
/// # Errors
/// When the count cannot be printed; what goes wrong in a suite is counted as its failure.
pub(crate) fn run(only: Option<Suite>, grep: Option<&str>) -> anyhow::Result<bool> {
    let suites: Vec<Suite> = match only {
        Some(suite) => vec![suite],
        None => Suite::value_variants().to_vec(),
    };
    let database = match prepare(&suites) {
        Ok(database) => database,
        // The suites that need it fail by themselves, with the same reason; the others run.
        Err(error) => {
            say(&format!("{error:#}"));
            None
        }
    };
    let mut all = Tally::default();
    let mut lines = Vec::new();
    for suite in suites {
        say(&format!("suite {}", suite.name()));
        let tally = one(suite, grep, database.as_ref()).unwrap_or_else(|error| {
            say(&format!("{error:#}"));
            Tally { passed: 0, failed: 1 }
        });
        lines.push(format!("{:<8} {tally}", suite.name()));
        all += tally;
    }
    drop(database);
    for line in lines {
        say(&line);
    }
    let mut out = std::io::stdout();
    writeln!(out, "{all}").and_then(|()| out.flush()).context("could not print the count")?;
    Ok(all.failed == 0 && all.passed > 0)
}

/// Builds what several suites share in one go, so that cargo settles on one set of features, and starts the database
/// that all tests of this run use.
fn prepare(suites: &[Suite]) -> anyhow::Result<Option<Database>> {
    if !suites.iter().any(|suite| suite.needs_programs()) {
        return Ok(None);
    }
    if suites.iter().any(|suite| suite.needs_postgres()) {
        machine::postgres()?;
    }
    say("building the programs and the tests");
    let everything = ["build", "--quiet", "--workspace", "--bins", "--tests", "--example", "room"];
    succeed(cargo().args(everything))?;
    let wanted = suites.iter().any(|suite| matches!(suite, Suite::Db | Suite::Guards));
    if wanted { Database::start(false).map(Some) } else { Ok(None) }
}

fn one(suite: Suite, grep: Option<&str>, database: Option<&Database>) -> anyhow::Result<Tally> {
    match suite {
        Suite::Unit => Ok(count(with_grep(cargo_test(["--lib", "--bins"]), grep, &["--"]), Runner::Cargo)),
        Suite::Db => {
            machine::pdftotext()?;
            machine::smtp_sink()?;
            machine::ffmpeg()?;
            let mut command = on(database, cargo_test(chosen(|of| of != GUARDS)))?;
            command.env("PLENUM_DKIM_PYTHON", machine::dkimpy()?);
            Ok(count(with_grep(command, grep, &["--"]), Runner::Cargo))
        }
        Suite::Guards => {
            machine::pgtap()?;
            let command = on(database, cargo_test(chosen(|of| of == GUARDS)))?;
            Ok(count(with_grep(command, grep, &["--"]), Runner::Cargo))
        }
        Suite::Web => web(grep),
        Suite::Oidc => {
            machine::postgres()?;
            machine::packages("tests/oidc")?;
            let mut command = npm("tests/oidc");
            command.args(["test", "--silent"]);
            command.env("PLENUM_BIN", built("plenum"));
            Ok(count(with_grep(command, grep, &["--", "--test-name-pattern"]), Runner::Node))
        }
        Suite::Media => {
            machine::packages("web")?;
            machine::packages("tests/media")?;
            let chromium = machine::chromium()?;
            let mut command = npm("tests/media");
            command.args(["test", "--silent"]);
            command.env("PLENUM_ROOM", built("examples/room")).env("PLENUM_CHROMIUM", chromium);
            command.env("PLENUM_AIORTC", machine::aiortc()?);
            Ok(count(with_grep(command, grep, &["--", "--test-name-pattern"]), Runner::Node))
        }
        Suite::Browser => {
            machine::postgres()?;
            machine::pdftotext()?;
            machine::smtp_sink()?;
            machine::ffmpeg()?;
            machine::nats()?;
            let chromium = machine::chromium()?;
            app::web()?;
            machine::packages("tests/browser")?;
            machine::packages("tests/oidc")?;
            let mut command = npm("tests/browser");
            command.args(["test", "--silent"]);
            command.env("PLENUM_BIN", built("plenum")).env("CHROMIUM", chromium);
            Ok(count(with_grep(command, grep, &["--", "--pass-with-no-tests", "--grep"]), Runner::Playwright))
        }
    }
}

/// The web's checks count one each: they are no tests, but they fail.
fn web(grep: Option<&str>) -> anyhow::Result<Tally> {
    machine::packages("web")?;
    let mut tally = Tally::default();
    if grep.is_none() {
        app::web()?;
        for script in ["types", "lint", "graphql", "size"] {
            say(&format!("npm run {script}"));
            match succeed(npm("web").args(["run", "--silent", script])) {
                Ok(()) => tally.passed += 1,
                Err(error) => {
                    say(&format!("{error:#}"));
                    tally.failed += 1;
                }
            }
        }
    }
    let mut command = npm("web");
    command.args(["test", "--silent"]);
    tally += count(with_grep(command, grep, &["--", "--testNamePattern"]), Runner::Vitest);
    Ok(tally)
}

/// Always of the whole workspace: with other packages cargo settles on other features, and builds everything again.
fn cargo_test(selected: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = cargo();
    command.args(["test", "--quiet", "--no-fail-fast", "--workspace"]).args(selected);
    command
}

/// The arguments that choose the integration tests of the packages whose folders are wanted.
fn chosen(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    integration_tests()
        .into_iter()
        .filter(|(package, _)| wanted(package))
        .flat_map(|(_, name)| ["--test".to_owned(), name])
        .collect()
}

/// All integration tests: the folder of the package and the test's name.
fn integration_tests() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for group in ["platform", "modules", "infra", "tests"] {
        for path in files(&root().join(group), &|path| path.extension().is_some_and(|suffix| suffix == "rs"))
        {
            let parts: Vec<String> = path
                .strip_prefix(root())
                .into_iter()
                .flat_map(Path::components)
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let name = match parts.as_slice() {
                [_, _, "tests", file] => file.trim_end_matches(".rs"),
                [_, _, "tests", folder, "main.rs"] => folder,
                _ => continue,
            };
            found.push((format!("{}/{}", parts[0], parts[1]), name.to_owned()));
        }
    }
    found
}

/// Tests use the server of this run instead of starting one for each program.
fn on(database: Option<&Database>, mut command: Command) -> anyhow::Result<Command> {
    let database = database.context("there is no database to test with")?;
    command.env("PLENUM_TEST_PG_DIR", &database.folder);
    Ok(command)
}

fn built(name: &str) -> PathBuf {
    target_dir().join("debug").join(name)
}

fn with_grep(mut command: Command, grep: Option<&str>, before: &[&str]) -> Command {
    if let Some(grep) = grep {
        command.args(before).arg(grep);
    }
    command
}

/// Runs a suite, passing its output on and counting. One that ends badly without a failed test (it did not build, it
/// was killed) counts as one failure.
fn count(command: Command, runner: Runner) -> Tally {
    count_into(&mut std::io::stdout(), command, runner)
}

fn count_into(out: &mut dyn Write, mut command: Command, runner: Runner) -> Tally {
    let mut tally = Tally::default();
    let ended = command.stdout(Stdio::piped()).spawn().and_then(|mut child| {
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line)? > 0 {
            out.write_all(&line)?;
            tally += runner.count(&String::from_utf8_lossy(&line));
            line.clear();
        }
        child.wait()
    });
    let why = match ended {
        Ok(status) if status.success() => return tally,
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    say(&format!("{}: {why}", shown(&command)));
    if tally.failed == 0 {
        tally.failed = 1;
    }
    tally
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is counted here is not passed on: whoever runs this test counts too.
    fn check(text: &str, passed: u64, failed: u64) {
        let mut command = Command::new("sh");
        command.current_dir(root()).args(["-c", text]);
        assert_eq!(
            count_into(&mut std::io::sink(), command, Runner::Cargo),
            Tally { passed, failed },
            "{text}"
        );
    }

    #[test]
    fn a_suite_that_ends_badly_is_one_failure() {
        let ok = "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'";
        check(ok, 2, 0);
        check(&format!("{ok}; exit 1"), 2, 1);
        check("echo 'test result: FAILED. 1 passed; 3 failed; 0 ignored'; exit 101", 1, 3);
        check("exit 1", 0, 1);
    }

    #[test]
    fn a_search_goes_to_the_runner_in_its_way() {
        let command = with_grep(cargo_test(["--lib"]), Some("quorum"), &["--"]);
        assert!(shown(&command).ends_with("test --quiet --no-fail-fast --workspace --lib -- quorum"));
        assert!(!shown(&with_grep(cargo_test(["--lib"]), None, &["--"])).contains("--  "));
    }

    #[test]
    fn each_integration_test_belongs_to_one_suite() {
        let all = integration_tests();
        let guards = chosen(|of| of == GUARDS);
        assert!(
            guards.contains(&"isolation".to_owned()) && guards.contains(&"tidy".to_owned()),
            "{guards:?}"
        );
        assert!(chosen(|of| of != GUARDS).contains(&"program".to_owned()));
        // cargo takes a test's name in all packages.
        let names: BTreeSet<&String> = all.iter().map(|(_, name)| name).collect();
        assert_eq!(names.len(), all.len(), "{all:?}");
    }
}
