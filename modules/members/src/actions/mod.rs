//! One file per verb.

pub(crate) mod commit_import;
pub(crate) mod discard_import;
pub(crate) mod import_file;
pub(crate) mod prepare_import;
pub(crate) mod set_mapping;

mod check;
mod parse;
mod walk;
