//! Typst documents to PDF; the only home of typst.
//!
//! A module owns its templates and passes one with its data to a [`Printer`]. The crate knows no document: only the
//! shared look of official papers, which a template imports as `/official.typ` (its functions are described in that
//! file's head).
//!
//! Invariants:
//! - **Data is no markup.** A template reads its data with `json("/data.json")` and gets strings, which typst sets as
//!   they are: nothing that a person typed is ever parsed.
//! - **Closed world.** A template sees itself, `/official.typ` and `/data.json`: no file system, no network, no
//!   packages, no clock. Equal template, data and time give equal bytes.
//! - **Archival.** Documents are PDF/A-2a and PDF/UA-1: tagged, with all fonts and a text that can be copied.

mod printer;
mod world;

pub use printer::{PrintError, Printer, Template};
