//! The walk through a file's rows, in a thread of its own: while one batch is written, the next is judged.

use chrono::NaiveDate;
use plenum_kernel::UnitId;
use plenum_members_api::MemberId;
use tokio::{sync::mpsc, task::JoinHandle};

use super::parse::Parsed;
use crate::{
    domain::import::{Import, MappingError, PreviewRow, Previewer, Register, Report, Verdict},
    store::{
        pages::{Page, ROWS_TO_A_PAGE},
        register::NewPersons,
    },
};

/// Rows that are written together, a multiple of a page: with more of them an insert gains nothing, and progress
/// is told less often.
const BATCH: usize = 2 * ROWS_TO_A_PAGE;

/// What to do with accepted people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum People {
    /// Hand them on, to be added.
    Collect,
    /// Drop them: a trial run.
    Drop,
}

/// Some rows' worth of work.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) people: NewPersons,
    pub(super) pages: Vec<Page>,
    /// Rows of the sheet looked at, of all.
    pub(super) done: i32,
    pub(super) total: i32,
}

/// How the walk ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) report: Report,
    pub(super) pages: usize,
    pub(super) total: i32,
}

/// A walk under way.
pub(super) struct Walk {
    batches: mpsc::Receiver<Batch>,
    end: JoinHandle<Result<End, MappingError>>,
}

impl Walk {
    /// Sets out.
    pub(super) fn begin(
        parsed: Parsed,
        register: Register<MemberId, UnitId>,
        today: NaiveDate,
        people: People,
    ) -> Self {
        // Two batches wait at the most, so that memory does not grow when the database is slow.
        let (sender, batches) = mpsc::channel(2);
        let end = tokio::task::spawn_blocking(move || go(&parsed, register, today, people, &sender));
        Self { batches, end }
    }

    /// The next batch; none after the last.
    pub(super) async fn next(&mut self) -> Option<Batch> {
        self.batches.recv().await
    }

    /// The end, when there are no batches any more.
    pub(super) async fn end(self) -> Result<End, MappingError> {
        drop(self.batches);
        self.end.await.expect("the walk neither panics nor is aborted")
    }
}

fn go(
    parsed: &Parsed,
    register: Register<MemberId, UnitId>,
    today: NaiveDate,
    people: People,
    sender: &mpsc::Sender<Batch>,
) -> Result<End, MappingError> {
    let layout = &parsed.shown.layout;
    let mut import = Import::new(&parsed.table, layout, register, today)?;
    let mut previewer = Previewer::new(&parsed.table, layout);
    let mut rows: Vec<PreviewRow> = Vec::with_capacity(ROWS_TO_A_PAGE);
    let (mut pages, mut seen) = (0, 0);
    let mut batch = Batch::default();
    while let Some(outcome) = import.next() {
        rows.push(previewer.show(&outcome));
        if rows.len() == ROWS_TO_A_PAGE {
            batch.pages.push(Page::of(pages, &rows));
            rows.clear();
            pages += 1;
        }
        if let (People::Collect, Verdict::Accepted { person, unit }) = (people, outcome.verdict) {
            batch.people.push(*person, unit);
        }
        seen += 1;
        if seen % BATCH == 0 {
            let full = with_progress(std::mem::take(&mut batch), import.progress());
            if sender.blocking_send(full).is_err() {
                // Nobody listens any more: the transaction has failed and says so itself.
                break;
            }
        }
    }
    if !rows.is_empty() {
        batch.pages.push(Page::of(pages, &rows));
        pages += 1;
    }
    let progress = import.progress();
    // When nobody listens, nobody asks for the end either.
    let _ = sender.blocking_send(with_progress(batch, progress));
    Ok(End { report: import.report(), pages, total: whole(progress.1) })
}

fn with_progress(batch: Batch, (done, total): (usize, usize)) -> Batch {
    Batch { done: whole(done), total: whole(total), ..batch }
}

fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
