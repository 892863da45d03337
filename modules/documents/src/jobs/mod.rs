//! Shallow: each calls what does the work.

mod deliver;
mod extract_text;
mod print_sheet;
mod remind;

use plenum_jobs::{JobError, Worker};

use crate::{Desk, actions::Refused};

pub use deliver::Deliver;
pub use extract_text::ExtractText;
pub use print_sheet::PrintSheet;
pub(crate) use remind::{remind_of_step, remind_of_task};

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, desk: &Desk) -> Worker {
    let desks: [Desk; 5] = std::array::from_fn(|_| desk.clone());
    let [deliver, extract, sheet, task, step] = desks;
    worker
        .handle(move |context, job| {
            let desk = deliver.clone();
            async move { deliver::deliver(&context, &desk, job).await }
        })
        .handle(move |context, job| {
            let desk = extract.clone();
            async move { extract_text::extract_text(&context, &desk, job).await }
        })
        .handle(move |context, job| {
            let desk = sheet.clone();
            async move { print_sheet::print_sheet(&context, &desk, job).await }
        })
        .handle(move |context, job| {
            let desk = task.clone();
            async move { remind::remind_task(&context, &desk, job).await }
        })
        .handle(move |context, job| {
            let desk = step.clone();
            async move { remind::remind_step(&context, &desk, job).await }
        })
}

/// What fails for a passing reason is tried again; what is refused by a rule never works.
impl From<Refused> for JobError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Store(error) => Self::retry(error),
            Refused::Files(error) => Self::retry(error),
            other => Self::give_up(other),
        }
    }
}
