//! Reading a file, away from the threads that serve requests.

use std::sync::Arc;

use bytes::Bytes;

use crate::{
    domain::import::{Layout, Limits, ReadError, Sheet, Table, samples},
    store::imports::ShownLayout,
};

/// A file that was read, with the layout found or chosen.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub(super) table: Arc<Table>,
    pub(super) shown: ShownLayout,
}

impl Parsed {
    /// How many rows the register's sheet has.
    pub(super) fn rows(&self) -> i32 {
        let rows = self.table.sheets().get(self.shown.layout.sheet).map_or(0, Sheet::len);
        i32::try_from(rows).unwrap_or(i32::MAX)
    }
}

/// Reads a file and finds its layout.
pub(super) async fn parse(bytes: Bytes, file_name: String) -> Result<Parsed, ReadError> {
    blocking(move || {
        let table = Table::read(&bytes, &file_name, &Limits::default())?;
        // The cells are copies: the file itself is let go before anything is made of them.
        drop(bytes);
        let layout = Layout::find(&table)?;
        let samples = samples(&table, &layout);
        Ok(Parsed { table: Arc::new(table), shown: ShownLayout { layout, samples } })
    })
    .await
}

/// Reads a file again whose layout is known.
pub(super) async fn parse_as(
    bytes: Bytes,
    file_name: String,
    shown: ShownLayout,
) -> Result<Parsed, ReadError> {
    blocking(move || {
        let table = Table::read(&bytes, &file_name, &Limits::default())?;
        Ok(Parsed { table: Arc::new(table), shown })
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("reading a file neither panics nor is aborted")
}
