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
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use crate::{
    database::Database,
    machine,
    place::{cargo, files, output, program, root, say, succeed, target_dir},
};

/// What decides whether a guard is away, in the copy only.
const SWITCH: &str = r#"//! Guards that are away, in a copy of the tree that the mutation run made.

use std::{
    cell::Cell,
    future::Future,
    pin::Pin,
    sync::OnceLock,
    task::{Context, Poll},
};

thread_local! { static OPEN: Cell<bool> = const { Cell::new(false) }; }

/// Whether the guard of this number is away in this process.
pub fn is(number: u32) -> bool {
    static AWAY: OnceLock<Option<u32>> = OnceLock::new();
    *AWAY.get_or_init(|| std::env::var("PLENUM_MUTANT").ok()?.parse().ok()) == Some(number)
}

/// Whether what runs now runs without its guard.
pub fn is_open() -> bool {
    OPEN.with(Cell::get)
}

/// Runs a door or a permit without its check, when its guard is away.
pub fn through<F: Future>(number: u32, inner: F) -> Through<F> {
    Through { number, inner: Box::pin(inner) }
}

/// A filter by units, or no filter when its guard is away.
pub fn units<T>(number: u32, units: Option<T>) -> Option<T> {
    if is(number) { None } else { units }
}

/// What `through` makes.
pub struct Through<F> {
    number: u32,
    inner: Pin<Box<F>>,
}

impl<F: Future> Future for Through<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        OPEN.with(|open| open.set(is(self.number)));
        let polled = self.inner.as_mut().poll(context);
        OPEN.with(|open| open.set(false));
        polled
    }
}
"#;

/// The two places that the doors and permits of all modules end in: they let pass what runs without its guard.
const HINGES: &[(&str, &str, &str)] = &[
    (
        "platform/db/src/connect.rs",
        "if !self.inner.policy.allows_somewhere(viewer, permission) {",
        "if !plenum_kernel::mutants::is_open() && !self.inner.policy.allows_somewhere(viewer, permission) {",
    ),
    (
        "platform/db/src/permit.rs",
        "if !self.allows(A::PERMISSION, &resource.place()) {",
        "if !plenum_kernel::mutants::is_open() && !self.allows(A::PERMISSION, &resource.place()) {",
    ),
];

/// Guards that stand once: class, file, what is replaced, and by what; `#` is the guard's number.
const SINGLE: &[(&str, &str, &str, &str)] = &[
    (
        "session",
        "platform/identity/src/source.rs",
        "|| !entry.admitted {",
        "|| (!plenum_kernel::mutants::is(#) && !entry.admitted) {",
    ),
    (
        "file link",
        "platform/files/src/link.rs",
        "self.mac(&body).verify_slice(&URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;",
        "if !plenum_kernel::mutants::is(#) { self.mac(&body).verify_slice(&URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?; }",
    ),
    (
        "file link",
        "platform/files/src/link.rs",
        "claim.act == act &&",
        "(plenum_kernel::mutants::is(#) || claim.act == act) &&",
    ),
    (
        "file link",
        "platform/files/src/link.rs",
        "claim.until > now.timestamp()",
        "(plenum_kernel::mutants::is(#) || claim.until > now.timestamp())",
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

/// Takes guards away one after another. Without `all` one of each class in each crate; `only` names numbers.
///
/// # Errors
/// When the copy cannot be made or built, when the suite is red with all guards in place, or when a guard is not where
/// it was.
pub(crate) fn run(all: bool, only: &[u32], list: bool) -> anyhow::Result<bool> {
    let tree = target_dir().join("mutants");
    let guards = copy(&tree)?;
    let chosen: Vec<&Guard> = if only.is_empty() {
        let mut seen = BTreeSet::new();
        guards
            .iter()
            .filter(|guard| all || guard.class == "file link" || seen.insert((guard.class, &guard.home)))
            .collect()
    } else {
        guards.iter().filter(|guard| only.contains(&guard.number)).collect()
    };
    if list {
        for guard in &guards {
            let mark = if chosen.contains(&guard) { "*" } else { " " };
            say(&format!("{mark} {:4} {:10} {} {}", guard.number, guard.class, guard.place, guard.text));
        }
        return Ok(true);
    }
    machine::postgres()?;
    machine::pgtap()?;
    say(&format!("building {} guards with a switch each", guards.len()));
    succeed(cargo().args(["build", "--quiet", "--workspace", "--bin", "dev"]))?;
    let tests = build(&tree)?;
    let database = Database::start(false)?;
    let mut rows = Vec::new();
    for test in &tests {
        let (red, took) = is_red(test, &database, None)?;
        if red {
            bail!("{} is red with all guards in place", test.display());
        }
        say(&format!("{} is green with all guards in place ({} s)", name_of(test), took.as_secs()));
    }
    for guard in chosen {
        let began = Instant::now();
        let mut by = None;
        for test in &tests {
            if is_red(test, &database, Some(guard.number))?.0 {
                by = Some(name_of(test));
                break;
            }
        }
        let found = by.unwrap_or_else(|| "**nothing**".to_owned());
        let row = format!(
            "| {} | {} | `{}` | `{}` | {found} | {} |",
            guard.number,
            guard.class,
            guard.place,
            guard.text.replace('|', "\\|"),
            began.elapsed().as_secs()
        );
        say(&row);
        rows.push((row, found != "**nothing**"));
    }
    let missed = rows.iter().filter(|(_, found)| !found).count();
    let mut table = String::from(
        "| Guard | Class | Place | What was taken away | Turned red | Seconds |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for (row, _) in &rows {
        table.push_str(row);
        table.push('\n');
    }
    #[expect(clippy::print_stdout, reason = "the result is what this command is for")]
    {
        println!("{table}");
        println!(
            "{{\"guards\":{},\"taken_away\":{},\"noticed\":{},\"missed\":{missed}}}",
            guards.len(),
            rows.len(),
            rows.len() - missed
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
    for name in known.lines().filter(|name| !name.starts_with("docs/") && !name.starts_with("tests/browser/"))
    {
        let source = root().join(name);
        let Ok(bytes) = fs::read(&source) else { continue };
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if name.ends_with(".rs") => mutated(name, text, &mut guards)?.into_bytes(),
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
        if !text.contains("mutants::is_open()") {
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
    let is_product = is_product && name.contains("/src/") && !name.contains("/demo/");
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
        ("permit", "tx.permit::<", "through"),
        ("units", "tx.granted_units(", "units"),
        ("units", "tx.units_granting(", "units"),
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

/// Builds the guards' tests in the copy; those that look at who may do what.
fn build(tree: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut command = cargo();
    let wanted = ["test", "--quiet", "--no-run", "--workspace", "--test", "authz", "--test", "isolation"];
    command.current_dir(tree).args(wanted).args(["--message-format", "json"]);
    let told = output(&mut command)?;
    let executable = |line: &str| {
        let rest = line.split_once("\"executable\":\"")?.1;
        Some(PathBuf::from(rest.split('"').next()?))
    };
    let built: Vec<PathBuf> = told.lines().filter_map(executable).collect();
    let found = |name: &str| built.iter().find(|path| name_of(path) == name).cloned();
    match (found("authz"), found("isolation")) {
        (Some(authz), Some(isolation)) => Ok(vec![authz, isolation]),
        _ => bail!("the guards' tests were not built: {built:?}"),
    }
}

/// The name of a test's program, without what cargo adds.
fn name_of(test: &Path) -> String {
    let name = test.file_name().unwrap_or_default().to_string_lossy();
    name.rsplit_once('-').map_or(name.as_ref(), |(name, _)| name).to_owned()
}

/// Whether a test fails when the guard of this number is away.
fn is_red(test: &Path, database: &Database, away: Option<u32>) -> anyhow::Result<(bool, Duration)> {
    let began = Instant::now();
    let mut command = Command::new(test);
    // Tests read their own sources, and the table of permissions, from the real tree.
    command.current_dir(root().join("tests/guards")).env("PLENUM_TEST_PG_DIR", &database.folder);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(number) = away {
        command.env("PLENUM_MUTANT", number.to_string());
    }
    let status = command.status().with_context(|| format!("could not start {}", test.display()))?;
    Ok((!status.success(), began.elapsed()))
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
