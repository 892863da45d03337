//! The entry: a template and data in, the bytes of a PDF out.

use std::sync::Arc;

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use serde::Serialize;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::{World as _, WorldExt as _};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::{DocumentWorld, Workshop};

/// A document's source in typst, embedded by the module that owns it with `include_str!`.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// What it is called in messages, for example `minutes`: lower-case Latin letters, digits and hyphens.
    pub name: &'static str,
    /// The source. It reads `json("/data.json")` and may `#import "/official.typ"`.
    pub source: &'static str,
}

/// Why a document could not be printed. All of these are mistakes of ours, in a template or in the data given to it.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The data cannot be written as JSON.
    #[error("could not pass the data to the template {template}")]
    Data {
        /// The template.
        template: &'static str,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// Typst refused the template, or the template the data.
    #[error("could not typeset {template}: {detail}")]
    Typeset {
        /// The template.
        template: &'static str,
        /// Typst's messages with file and line.
        detail: String,
    },
    /// The document was typeset, but no PDF could be made of it.
    #[error("could not make a PDF of {template}: {detail}")]
    Pdf {
        /// The template.
        template: &'static str,
        /// Typst's messages with file and line.
        detail: String,
    },
}

/// Makes PDFs. Loading the fonts takes a moment: make one and clone it, which is cheap.
#[derive(Clone)]
pub struct Printer {
    workshop: Arc<Workshop>,
}

impl std::fmt::Debug for Printer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Printer").finish_non_exhaustive()
    }
}

impl Default for Printer {
    fn default() -> Self {
        Self::new()
    }
}

/// What a document should conform to, best first. A character that no embedded font has (an emoji in a name) is not
/// allowed in an archival document; a paper that is archival in all but that is better than none.
const CONFORMANCE: [&[PdfStandard]; 3] =
    [&[PdfStandard::A_2a, PdfStandard::Ua_1], &[PdfStandard::A_2b], &[PdfStandard::V_1_7]];

impl Printer {
    /// Loads the fonts and the shared parts.
    #[must_use]
    pub fn new() -> Printer {
        Printer { workshop: Arc::new(Workshop::new()) }
    }

    /// Prints a document. `printed_at` is the "today" of the template and the document's creation time; its offset is
    /// kept.
    ///
    /// Computes for tens of milliseconds up to a second: in async code call [`Printer::pdf_async`].
    ///
    /// # Errors
    /// [`PrintError::Data`] when the data has no JSON form; [`PrintError::Typeset`] and [`PrintError::Pdf`] when the
    /// template is wrong or does not fit the data.
    pub fn pdf(
        &self,
        template: &Template,
        data: &impl Serialize,
        printed_at: DateTime<FixedOffset>,
    ) -> Result<Vec<u8>, PrintError> {
        let data = to_json(template, data)?;
        self.print(template, data, printed_at)
    }

    /// As [`Printer::pdf`], on a thread where blocking is allowed. Needs a tokio runtime.
    ///
    /// # Errors
    /// As [`Printer::pdf`].
    pub async fn pdf_async(
        &self,
        template: &Template,
        data: &impl Serialize,
        printed_at: DateTime<FixedOffset>,
    ) -> Result<Vec<u8>, PrintError> {
        let data = to_json(template, data)?;
        let (printer, template) = (self.clone(), *template);
        tokio::task::spawn_blocking(move || printer.print(&template, data, printed_at))
            .await
            .expect("typst reports what is wrong and does not panic")
    }

    fn print(
        &self,
        template: &Template,
        data: Vec<u8>,
        printed_at: DateTime<FixedOffset>,
    ) -> Result<Vec<u8>, PrintError> {
        let today = datetime(printed_at);
        // The same paper printed again is the same document.
        let ident = format!("{}:{}", template.name, String::from_utf8_lossy(&data));
        let world = DocumentWorld::new(&self.workshop, template, data, today);
        let printed = print_in(&world, template, ident, timestamp(printed_at));
        // Typst keeps what it computed, people's data included. Nothing of one document serves the next.
        typst::comemo::evict(0);
        printed
    }
}

fn to_json(template: &Template, data: &impl Serialize) -> Result<Vec<u8>, PrintError> {
    serde_json::to_vec(data).map_err(|source| PrintError::Data { template: template.name, source })
}

fn print_in(
    world: &DocumentWorld<'_>,
    template: &Template,
    ident: String,
    timestamp: Option<Timestamp>,
) -> Result<Vec<u8>, PrintError> {
    let template = template.name;
    // The kind of document follows from what is made of it below.
    let document = typst::compile(world)
        .output
        .map_err(|errors| PrintError::Typeset { template, detail: explain(world, &errors) })?;
    let mut refusals = Vec::new();
    for standards in CONFORMANCE {
        let standards = PdfStandards::new(standards).expect("the combinations in the list exist");
        let options = PdfOptions {
            ident: Smart::Custom(ident.clone()),
            creator: Smart::Custom(Some("Plenum".to_owned())),
            timestamp,
            standards,
            ..PdfOptions::default()
        };
        match typst_pdf::pdf(&document, &options) {
            Ok(bytes) => {
                if let Some(refusal) = refusals.first() {
                    tracing::warn!(template, "printed {template} below its full conformance: {refusal}");
                }
                return Ok(bytes);
            }
            Err(errors) => refusals.push(explain(world, &errors)),
        }
    }
    Err(PrintError::Pdf { template, detail: refusals.pop().unwrap_or_default() })
}

/// Typst's messages in one line, each with its place. They quote no data but the character that is missing.
fn explain(world: &DocumentWorld<'_>, errors: &[SourceDiagnostic]) -> String {
    let explained = errors.iter().map(|error| {
        let place = error.span.id().and_then(|id| {
            let source = world.source(id).ok()?;
            let line = source.lines().byte_to_line(world.range(error.span)?.start)?;
            Some(format!(" ({}:{})", id.vpath().get_with_slash(), line + 1))
        });
        format!("{}{}", error.message, place.unwrap_or_default())
    });
    explained.collect::<Vec<_>>().join("; ")
}

fn datetime(at: DateTime<FixedOffset>) -> Option<Datetime> {
    let small = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
}

fn timestamp(at: DateTime<FixedOffset>) -> Option<Timestamp> {
    Timestamp::new_local(datetime(at)?, at.offset().local_minus_utc() / 60)
}
