//! Counting tests by the summaries of their runners.

use std::ops::AddAssign;

/// How many passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Who writes the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `test result: ok. 3 passed; 0 failed; …`, once for each program.
    Cargo,
    /// `# pass 3`, `# fail 0`, `# cancelled 0`; with a sign instead of the hash in the other form.
    Node,
    /// `Tests  1 failed | 11 passed (12)`.
    Vitest,
    /// `3 passed (4s)`, `1 failed`, `1 flaky`, `1 did not run`.
    Playwright,
}

impl Runner {
    /// What one line of output adds.
    pub(crate) fn count(self, line: &str) -> Tally {
        let line = plain(line);
        let line = line.trim_end();
        match self {
            Self::Cargo => match line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) {
                Some((_, counts)) => counted(counts.split("; ")),
                None => Tally::default(),
            },
            Self::Node => {
                let words: Vec<&str> = line.split(' ').collect();
                match words[..] {
                    ["#" | "ℹ", what, count] => counted([format!("{count} {what}").as_str()].into_iter()),
                    _ => Tally::default(),
                }
            }
            Self::Vitest => match line.trim_start().strip_prefix("Tests ") {
                Some(counts) => counted(counts.split('|')),
                None => Tally::default(),
            },
            // Results are indented, a test's own words are not.
            Self::Playwright if line.starts_with("  ") => counted([line].into_iter()),
            Self::Playwright => Tally::default(),
        }
    }
}

/// Adds up pieces such as `3 passed (4s)`.
fn counted<'l>(pieces: impl Iterator<Item = &'l str>) -> Tally {
    let mut tally = Tally::default();
    for piece in pieces {
        let Some((count, what)) = piece.trim().split_once(' ') else { continue };
        let Ok(count) = count.parse::<u64>() else { continue };
        let what = what.split(" (").next().unwrap_or_default();
        match what {
            "passed" | "pass" => tally.passed += count,
            // A test that passes only sometimes does not pass.
            "failed" | "fail" | "cancelled" | "flaky" | "interrupted" | "did not run" => {
                tally.failed += count
            }
            _ => {}
        }
    }
    tally
}

/// The line without colours.
fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        let after = &rest[start + 2..];
        let end = after.find(|c: char| c.is_ascii_alphabetic()).map_or(after.len(), |end| end + 1);
        rest = &after[end..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runner: Runner, output: &str, passed: u64, failed: u64) {
        let mut tally = Tally::default();
        for line in output.lines() {
            tally += runner.count(line);
        }
        assert_eq!(tally, Tally { passed, failed }, "{runner:?}: {output}");
    }

    #[test]
    fn each_program_of_cargo_counts() {
        let one = "running 2 tests\ntest a ... ok\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        let other = "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 7 filtered out; finished in 1.20s\n";
        check(Runner::Cargo, &format!("{one}\n{other}"), 5, 1);
    }

    #[test]
    fn both_forms_of_node_count() {
        check(
            Runner::Node,
            "# tests 7\n# suites 1\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 0\n    # pass 9",
            5,
            2,
        );
        check(Runner::Node, "ℹ tests 5\nℹ pass 5\nℹ fail 0", 5, 0);
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output =
            " Test Files  1 failed | 11 passed (12)\n      Tests  2 failed | 40 passed | 3 skipped (45)\n";
        check(Runner::Vitest, output, 40, 2);
        check(
            Runner::Vitest,
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m9 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (9)\u{1b}[39m",
            9,
            0,
        );
    }

    #[test]
    fn playwright_counts_what_did_not_run_as_failed() {
        let output = "Running 6 tests using 1 worker\n  ok 1 a.spec.ts:3:1 › it (1s)\n  1 failed\n    a.spec.ts:9:1 › no ───\n  1 flaky\n  1 did not run\n  3 passed (1.2m)\n";
        check(Runner::Playwright, output, 3, 3);
    }

    #[test]
    fn the_last_line_has_its_form() {
        assert_eq!(Tally { passed: 12, failed: 0 }.to_string(), "12 passed, 0 failed");
    }
}
