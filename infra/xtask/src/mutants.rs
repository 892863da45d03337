//! The mutation run over the guards: each guard of the code is taken away in turn, and the suite has to turn red.
//!
//! The code is changed in a copy of the tree under the target folder, never here. There every guard that is found gets a
//! number, and the copy is built once; a guard is away in a process whose environment names its number. Nothing of this
//! is in the program that is built from the real tree.
//!
//! What it is not: a mutation of arbitrary code. Guards are what decides who may read and write: doors, permits, filters
//! by units, the door of sessions, signed links. The walls in the database are taken away one table at a time by
//! `tests/guards/tests/catalogue.rs`, without a build.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, bail};

use crate::{
    database::Database,
    machine,
    place::{cargo, files, output, program, root, say, succeed, target_dir},
};

/// What decides whether a guard is away, in the copy only.
const SWITCH: &str = r#"//! Guards that can be taken away, in a copy of the tree that the mutation run made.

use std::{
    cell::Cell,
    collections::BTreeSet,
    future::Future,
    pin::Pin,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

static AWAY: LazyLock<Mutex<BTreeSet<u32>>> = LazyLock::new(|| {
    let number = std::env::var("PLENUM_MUTANT").ok().and_then(|number| number.parse().ok());
    Mutex::new(number.into_iter().collect())
});
static SPOKE: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

thread_local! { static RUNS: Cell<u32> = const { Cell::new(0) }; }

fn held<T>(all: &Mutex<T>) -> MutexGuard<'_, T> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the guards of these numbers away, and puts all others back.
pub fn take_away(numbers: impl IntoIterator<Item = u32>) {
    *held(&AWAY) = numbers.into_iter().collect();
}

/// The guards that would say no, those that are away too, since this was last asked.
pub fn spoke() -> BTreeSet<u32> {
    std::mem::take(&mut *held(&SPOKE))
}

/// Whether a guard says no: it does when it would, and is not away.
pub fn says_no(number: u32, would: bool) -> bool {
    if would && number != 0 {
        held(&SPOKE).insert(number);
    }
    would && (number == 0 || !held(&AWAY).contains(&number))
}

/// What the doors and permits of all modules end in.
pub fn hinge(would: bool) -> bool {
    says_no(RUNS.with(Cell::get), would)
}

/// Runs a door or a permit under its number.
pub fn through<F: Future>(number: u32, inner: F) -> Through<F> {
    Through { number, inner: Box::pin(inner) }
}

/// A filter by units, or no filter when its guard is away.
pub fn units<T>(number: u32, units: Option<T>) -> Option<T> {
    units.filter(|_| says_no(number, true))
}

/// What is asked of a place: yes when its guard is away.
pub fn allowed(number: u32, answer: bool) -> bool {
    !says_no(number, !answer)
}

/// What `through` makes.
pub struct Through<F> {
    number: u32,
    inner: Pin<Box<F>>,
}

impl<F: Future> Future for Through<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // A door may stand within another: the inner one speaks for itself.
        let outer = RUNS.with(|runs| runs.replace(self.number));
        let polled = self.inner.as_mut().poll(context);
        RUNS.with(|runs| runs.set(outer));
        polled
    }
}
"#;

/// The part of the tests that takes guards away by itself.
const PROBE: &str = "guards_that_are_away_are_missed";

/// The two places that the doors and permits of all modules end in: they let pass what runs without its guard.
const HINGES: &[(&str, &str, &str)] = &[
    (
        "platform/db/src/connect.rs",
        "if !self.inner.policy.allows_somewhere(viewer, permission) {",
        "if plenum_kernel::mutants::hinge(!self.inner.policy.allows_somewhere(viewer, permission)) {",
    ),
    (
        "platform/db/src/permit.rs",
        "if !self.allows(A::PERMISSION, &resource.place()) {",
        "if plenum_kernel::mutants::hinge(!self.allows(A::PERMISSION, &resource.place())) {",
    ),
];

/// Guards that stand once: class, file, what is replaced, and by what; `#` is the guard's number.
const SINGLE: &[(&str, &str, &str, &str)] = &[
    (
        "session",
        "platform/identity/src/source.rs",
        "|| !entry.admitted {",
        "|| plenum_kernel::mutants::says_no(#, !entry.admitted) {",
    ),
    (
        "file link",
        "platform/files/src/link.rs",
        "self.mac(&body).verify_slice(&URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;",
        "let genuine = URL_SAFE_NO_PAD.decode(tag).is_ok_and(|tag| self.mac(&body).verify_slice(&tag).is_ok());
        if plenum_kernel::mutants::says_no(#, !genuine) { return None; }",
    ),
    (
        "file link",
        "platform/files/src/link.rs",
        "claim.act == act &&",
        "!plenum_kernel::mutants::says_no(#, claim.act != act) &&",
    ),
    (
        "file link",
        "platform/files/src/link.rs",
        "claim.until > now.timestamp()",
        "!plenum_kernel::mutants::says_no(#, claim.until <= now.timestamp())",
    ),
];

/// A guard of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Guard {
    number: u32,
    class: &'static str,
    /// The crate's folder: `modules/dues`.
    home: String,
    place: String,
    text: String,
}

/// By which call it is noticed that a guard is away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Noticed {
    /// With all others in place.
    Alone(String),
    /// When those before or behind it are away too.
    Behind(String),
    /// By none.
    Not,
}

/// Takes guards away one after another: all, or those whose numbers `only` has.
///
/// Doors, permits and filters are tried by the calls that the tables of permissions are made of: a guard that says no in a
/// call is taken away, and the answer has to change. Where another guard behind it says no instead, that one is taken
/// away too, and so on; then each of them, put back alone, has to change the answer again. So of two locks on one door
/// each is shown to hold by itself, although nobody outside can notice that one of them is missing. The door of sessions
/// and signed links go through the whole suite.
///
/// # Errors
/// When the copy cannot be made or built, when the suite is red with all guards in place, or when a guard is not where
/// it was.
pub(crate) fn run(only: &[u32], list: bool) -> anyhow::Result<bool> {
    let tree = target_dir().join("mutants");
    let guards = copy(&tree)?;
    if list {
        for guard in &guards {
            say(&format!("{:4} {:10} {} {}", guard.number, guard.class, guard.place, guard.text));
        }
        return Ok(true);
    }
    let chosen: Vec<&Guard> =
        guards.iter().filter(|guard| only.is_empty() || only.contains(&guard.number)).collect();
    machine::postgres()?;
    machine::pgtap()?;
    say(&format!("building {} guards with a switch each", guards.len()));
    succeed(cargo().args(["build", "--quiet", "--workspace", "--bin", "dev"]))?;
    let (tests, register) = build(&tree)?;
    let database = Database::start(false)?;
    let report = target_dir().join("mutants.report");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    for test in &tests {
        for (what, with, which) in [
            ("is green with all guards in place", None, ["--skip", PROBE]),
            (
                "noted who noticed what",
                Some(("PLENUM_MUTANT_REPORT", report.as_os_str())),
                ["--include-ignored", PROBE],
            ),
        ] {
            let began = Instant::now();
            if is_red(test, &database, with, which)? {
                bail!("{} failed: it never {what}", test.display());
            }
            say(&format!("{} {what} ({} s)", name_of(test), began.elapsed().as_secs()));
        }
    }
    if is_red(&register, &database, None, ["--skip", PROBE])? {
        bail!("{} failed with all guards in place", register.display());
    }
    let told = fs::read_to_string(&report).context("no guard spoke")?;
    // The best that was told of each guard: alone before behind another before not at all.
    let mut by: BTreeMap<u32, Noticed> = BTreeMap::new();
    for line in told.lines() {
        let mut parts = line.splitn(3, '\t');
        let guard = parts.next().unwrap_or_default().parse().context("a number")?;
        let call = |word: Option<&str>| word.unwrap_or_default().to_owned();
        let noticed = match parts.next() {
            Some("alone") => Noticed::Alone(call(parts.next())),
            Some("behind") => Noticed::Behind(call(parts.next())),
            _ => Noticed::Not,
        };
        let known = by.entry(guard).or_insert(Noticed::Not);
        if noticed < *known {
            *known = noticed;
        }
    }
    let mut rows = Vec::new();
    for guard in chosen {
        let mut noticed = by.get(&guard.number).cloned().unwrap_or(Noticed::Not);
        let suites = match guard.class {
            "session" | "file link" | "place" => tests.as_slice(),
            _ if guard.home == "modules/members" => std::slice::from_ref(&register),
            _ => &[],
        };
        if noticed == Noticed::Not {
            let away = guard.number.to_string();
            for test in suites {
                if is_red(test, &database, Some(("PLENUM_MUTANT", away.as_ref())), ["--skip", PROBE])? {
                    noticed = Noticed::Alone(format!("the suite ({})", name_of(test)));
                    break;
                }
            }
        }
        rows.push((guard, noticed));
    }
    let mut table = String::from(
        "| Guard | Class | Place | What was taken away | Noticed by |\n| --- | --- | --- | --- | --- |\n",
    );
    for (guard, noticed) in &rows {
        let found = match noticed {
            Noticed::Alone(call) => call.clone(),
            Noticed::Behind(call) => format!("{call}, behind another"),
            Noticed::Not => "**nothing**".to_owned(),
        };
        let text = guard.text.replace('|', "\\|");
        writeln!(table, "| {} | {} | `{}` | `{text}` | {found} |", guard.number, guard.class, guard.place)?;
    }
    let count = |is: fn(&Noticed) -> bool| rows.iter().filter(|(_, noticed)| is(noticed)).count();
    let missed = count(|noticed| *noticed == Noticed::Not);
    #[expect(clippy::print_stdout, reason = "the result is what this command is for")]
    {
        println!("{table}");
        println!(
            "{{\"guards\":{},\"taken_away\":{},\"noticed_alone\":{},\"noticed_behind_another\":{},\"missed\":{missed}}}",
            guards.len(),
            rows.len(),
            count(|noticed| matches!(noticed, Noticed::Alone(_))),
            count(|noticed| matches!(noticed, Noticed::Behind(_))),
        );
    }
    Ok(missed == 0 && !rows.is_empty())
}

/// Copies what git knows, with a number at each guard. A file that stays the same keeps its time, so that cargo builds
/// only what changed.
fn copy(tree: &Path) -> anyhow::Result<Vec<Guard>> {
    let known = output(program("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let mut guards = Vec::new();
    let mut kept = BTreeSet::new();
    // Tests compare with pages of the reference.
    let is_wanted = |name: &&str| {
        (!name.starts_with("docs/") || name.starts_with("docs/reference/"))
            && !name.starts_with("tests/browser/")
    };
    for name in known.lines().filter(is_wanted) {
        let source = root().join(name);
        let Ok(bytes) = fs::read(&source) else { continue };
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if name.ends_with(".rs") => mutated(name, text, &mut guards)?.into_bytes(),
            Ok(text) if name == "Cargo.toml" => renamed(&text)?.into_bytes(),
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        write(&tree.join(name), &bytes)?;
        kept.insert(tree.join(name));
    }
    write(&tree.join("platform/kernel/src/mutants.rs"), SWITCH.as_bytes())?;
    kept.insert(tree.join("platform/kernel/src/mutants.rs"));
    for stale in files(tree, &|path| path.extension().is_some_and(|extension| extension == "rs")) {
        if !kept.contains(&stale) {
            fs::remove_file(stale)?;
        }
    }
    for (file, from, ..) in HINGES {
        let text = fs::read_to_string(tree.join(file)).unwrap_or_default();
        if !text.contains("mutants::hinge(") {
            bail!("{file} has no `{from}` any more: tell the mutation run where the decision is made");
        }
    }
    for (_, file, from, _) in SINGLE {
        if !guards.iter().any(|guard| guard.text == *from) {
            bail!("{file} has no `{from}` any more: tell the mutation run where the guard is");
        }
    }
    Ok(guards)
}

/// The workspace under another version. Cargo names what it builds by the version and not by the place, so the copy
/// would otherwise overwrite the programs of the real tree, which share its folder.
fn renamed(manifest: &str) -> anyhow::Result<String> {
    let (before, after) = manifest.split_once("[workspace.package]\nversion = \"").context("a version")?;
    let (version, rest) = after.split_once('"').context("a version")?;
    Ok(format!("{before}[workspace.package]\nversion = \"{version}-mutants\"{rest}"))
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().expect("a file is in a folder"))?;
    fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

/// A source with its guards numbered.
fn mutated(name: &str, mut text: String, guards: &mut Vec<Guard>) -> anyhow::Result<String> {
    if name == "platform/kernel/src/lib.rs" {
        return Ok(format!("{text}\npub mod mutants;\n"));
    }
    let home: String = name.split('/').take(2).collect::<Vec<_>>().join("/");
    let is_product = home.starts_with("platform/") || home.starts_with("modules/");
    // What the demonstration is filled with passes by no door that people pass.
    let is_demo = name.contains("/demo/") || name.ends_with("/src/setup.rs");
    let is_product = is_product && name.contains("/src/") && !is_demo;
    if !is_product {
        return Ok(text);
    }
    for (file, from, to) in HINGES.iter().filter(|(file, ..)| *file == name) {
        if text.matches(from).count() != 1 {
            bail!("{file} does not have `{from}` once");
        }
        text = text.replace(from, to);
    }
    for (class, _, from, to) in SINGLE.iter().filter(|(_, file, ..)| *file == name) {
        let Some(at) = text.find(from) else { continue };
        let number = next(guards);
        let place = format!("{name}:{}", line_of(&text, at));
        guards.push(Guard { number, class, home: home.clone(), place, text: (*from).to_owned() });
        text.replace_range(at..at + from.len(), &to.replace('#', &number.to_string()));
    }
    // The crates that make doors and filters are their own guards' home, and are not wrapped in themselves.
    if ["platform/db", "platform/graph"].contains(&home.as_str()) {
        return Ok(text);
    }
    for (class, begin, wrap) in [
        ("door", "ctx.read(", "through"),
        ("door", "ctx.write(", "through"),
        ("door", "ctx.write_confirmed(", "through"),
        ("door", "door.read(", "through"),
        ("door", "door.write(", "through"),
        ("door", "self.door.read(", "through"),
        ("permit", "tx.permit::<", "through"),
        ("units", "tx.granted_units(", "units"),
        ("units", "tx.units_granting(", "units"),
        ("place", "tx.allows(", "allowed"),
        ("place", "tx.policy().allows_somewhere(", "allowed"),
    ] {
        let mut from = 0;
        while let Some(found) = text[from..].find(begin) {
            let at = from + found;
            let Some(end) = call_end(&text, at + begin.len() - 1) else { break };
            // A name that only ends alike is no guard, and neither is what is not waited for.
            let before = text[..at].chars().next_back();
            let is_whole = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
            if !is_whole || (wrap == "through" && !text[end..].trim_start().starts_with(".await")) {
                from = at + begin.len();
                continue;
            }
            let number = next(guards);
            let call = text[at..end].to_owned();
            let place = format!("{name}:{}", line_of(&text, at));
            let shown = call.split_whitespace().collect::<Vec<_>>().join(" ");
            guards.push(Guard { number, class, home: home.clone(), place, text: shown });
            let wrapped = format!("plenum_kernel::mutants::{wrap}({number}, {call})");
            text.replace_range(at..end, &wrapped);
            from = at + wrapped.len();
        }
    }
    Ok(text)
}

fn next(guards: &[Guard]) -> u32 {
    u32::try_from(guards.len()).unwrap_or(u32::MAX) + 1
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The end of a call whose opening `(` or `::<` stands at `open`: behind the parenthesis that closes it.
fn call_end(text: &str, open: usize) -> Option<usize> {
    let start = open + text[open..].find('(')?;
    let mut depth = 0_usize;
    for (at, c) in text[start..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(start + at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Builds the tests in the copy that look at who may do what: the guards' own, and the register's, which imports files. None
/// of them may need a program of the copy: it would be built over that of the real tree.
fn build(tree: &Path) -> anyhow::Result<(Vec<PathBuf>, PathBuf)> {
    let mut command = cargo();
    let wanted = ["test", "--quiet", "--no-run", "--workspace", "--features", "guards/mutants"];
    let tests = ["authz", "isolation", "register"];
    let wanted = wanted.into_iter().chain(tests.into_iter().flat_map(|test| ["--test", test]));
    command.current_dir(tree).args(wanted).args(["--message-format", "json"]);
    let told = output(&mut command)?;
    let executable = |line: &str| {
        let rest = line.split_once("\"executable\":\"")?.1;
        Some(PathBuf::from(rest.split('"').next()?))
    };
    let built: Vec<PathBuf> = told.lines().filter_map(executable).collect();
    let found = |name: &str| built.iter().find(|path| name_of(path) == name).cloned();
    match (found("authz"), found("isolation"), found("register")) {
        (Some(authz), Some(isolation), Some(register)) => Ok((vec![authz, isolation], register)),
        _ => bail!("the guards' tests were not built: {built:?}"),
    }
}

/// The name of a test's program, without what cargo adds.
fn name_of(test: &Path) -> String {
    let name = test.file_name().unwrap_or_default().to_string_lossy();
    name.rsplit_once('-').map_or(name.as_ref(), |(name, _)| name).to_owned()
}

/// Whether a test fails with this variable; of its parts those run which the last argument picks.
fn is_red(
    test: &Path,
    database: &Database,
    with: Option<(&str, &OsStr)>,
    which: [&str; 2],
) -> anyhow::Result<bool> {
    let mut command = Command::new(test);
    let home = if name_of(test) == "register" { "modules/members" } else { "tests/guards" };
    command.current_dir(root().join(home)).env("PLENUM_TEST_PG_DIR", &database.folder);
    command.envs(with).args(which).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().with_context(|| format!("could not start {}", test.display()))?;
    Ok(!status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, wanted: &str, classes: &[&str]) {
        let mut guards = Vec::new();
        let text = mutated("modules/dues/src/graphql/queries.rs", source.to_owned(), &mut guards);
        assert_eq!(text.expect("mutated"), wanted);
        assert_eq!(guards.iter().map(|guard| guard.class).collect::<Vec<_>>(), classes);
    }

    #[test]
    fn the_copy_builds_under_another_name() {
        let manifest = "[workspace]\n\n[workspace.package]\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        let copy = renamed(manifest).expect("a manifest");
        assert_eq!(copy, manifest.replace("0.1.0", "0.1.0-mutants"));
        assert!(renamed("[workspace]\n").is_err());
    }

    #[test]
    fn each_guard_gets_a_number() {
        check(
            "let mut tx = ctx.read(permissions::VIEW).await?;",
            "let mut tx = plenum_kernel::mutants::through(1, ctx.read(permissions::VIEW)).await?;",
            &["door"],
        );
        check(
            "let permit = tx.permit::<Charge, Unit>(parse_id(&unit)?).await?;",
            "let permit = plenum_kernel::mutants::through(1, tx.permit::<Charge, Unit>(parse_id(&unit)?)).await?;",
            &["permit"],
        );
        check(
            "match tx.granted_units() {}",
            "match plenum_kernel::mutants::units(1, tx.granted_units()) {}",
            &["units"],
        );
        check("let door = context.read(VIEW);", "let door = context.read(VIEW);", &[]);
    }
}
