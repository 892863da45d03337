//! Findings, and how they are told.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::words::{Tongue, words};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// A weakness.
    Warning,
    /// Somebody may read, change or lose what they must not.
    Danger,
}

impl Severity {
    fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which, for programs; its words are in [`words`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What stands in its words.
    pub facts: Vec<String>,
}

impl Finding {
    /// A finding with what stands in its words.
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, facts: impl IntoIterator<Item = String>) -> Self {
        Self { code, severity, facts: facts.into_iter().collect() }
    }
}

/// All findings.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Adds one.
    pub fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds all of them.
    pub fn take(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// The worst first.
    #[must_use]
    pub fn findings(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.findings.iter().collect();
        all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        all
    }

    /// 0 when all is well, 1 when there are warnings, 2 when something is dangerous. Notes count for nothing.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.findings.iter().map(|finding| finding.severity).max() {
            None | Some(Severity::Note) => 0,
            Some(Severity::Warning) => 1,
            Some(Severity::Danger) => 2,
        }
    }

    /// For people.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        if self.findings.is_empty() {
            return tongue.choose("Ничего небезопасного не найдено.", "Nothing unsafe was found.").to_owned();
        }
        let mut out = String::new();
        for finding in self.findings() {
            let told = words(tongue, finding);
            let mark = match finding.severity {
                Severity::Danger => tongue.choose("ОПАСНО", "DANGER"),
                Severity::Warning => tongue.choose("ВНИМАНИЕ", "WARNING"),
                Severity::Note => tongue.choose("К СВЕДЕНИЮ", "NOTE"),
            };
            let todo = tongue.choose("Что делать", "What to do");
            // Writing to a string does not fail.
            let _ = write!(out, "{mark}: {}\n  {}\n  {todo}: {}\n\n", told.what, told.why, told.todo);
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// For programs.
    #[must_use]
    pub fn json(&self, tongue: Tongue) -> Value {
        let findings = self.findings().into_iter().map(|finding| {
            let told = words(tongue, finding);
            json!({
                "code": finding.code,
                "severity": finding.severity.as_str(),
                "what": told.what,
                "why": told.why,
                "todo": told.todo,
            })
        });
        json!({ "findings": findings.collect::<Vec<_>>(), "exitCode": self.exit_code() })
    }
}
