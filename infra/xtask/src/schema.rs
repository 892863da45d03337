//! The API's schema as the web app knows it.

use std::fs;

use anyhow::{Context as _, bail};

use crate::{
    machine,
    place::{cargo, npm, output, program, root, say, succeed, target_dir},
};

const SCHEMA: &str = "web/schema.graphql";
/// The types that gql.tada makes of it.
const TYPES: &str = "web/src/platform/client/graphql-env.d.ts";

/// Writes the schema and the types made from it. With `check` nothing stays written.
///
/// # Errors
/// When the server does not build, or with `check` when something differs.
pub(crate) fn codegen(check: bool) -> anyhow::Result<()> {
    // The whole workspace's features: these programs are the tests' too, and are not built twice.
    succeed(cargo().args(["build", "--quiet", "--workspace", "--bins"]))?;
    let mut fresh = output(program(&target_dir().join("debug/plenum").to_string_lossy()).arg("schema"))?;
    // `println!` ends a text that has an end already.
    while fresh.ends_with("\n\n") {
        fresh.pop();
    }
    let path = root().join(SCHEMA);
    if fs::read_to_string(&path).ok().as_deref() != Some(fresh.as_str()) {
        if check {
            bail!("{SCHEMA} is not the code's schema: run `make codegen` and commit it");
        }
        fs::write(&path, fresh).with_context(|| format!("could not write {SCHEMA}"))?;
        say(&format!("wrote {SCHEMA}"));
    }
    let types = root().join(TYPES);
    let kept = fs::read(&types).ok();
    machine::packages("web")?;
    succeed(npm("web").args(["run", "--silent", "codegen"]).stdout(std::io::stderr()))?;
    let made = fs::read(&types).with_context(|| format!("could not read {TYPES}"))?;
    if kept.as_ref() == Some(&made) {
        return Ok(());
    }
    if check {
        if let Some(kept) = kept {
            fs::write(&types, kept)?;
        }
        bail!("{TYPES} is not made from {SCHEMA}: run `make codegen` and commit it");
    }
    say(&format!("wrote {TYPES}"));
    Ok(())
}
