//! Pages of lists: `first` and `after`, bounded, ordered by a unique key.

use async_graphql::{
    OutputType,
    connection::{Connection, Edge, EmptyFields},
};

use crate::{Answer, Refusal};

/// The longest page.
pub(crate) const LONGEST: i32 = 200;

/// A connection with text cursors.
pub type Paged<T> = Connection<String, T, EmptyFields, EmptyFields>;

/// A checked request for a page.
#[derive(Debug, Clone)]
pub struct Paging {
    first: usize,
    /// The cursor after which the page begins.
    pub after: Option<String>,
}

impl Paging {
    /// Checks the arguments: `first` from 1 to 200.
    ///
    /// # Errors
    /// An `INVALID` refusal that names `first`.
    pub fn new(first: i32, after: Option<String>) -> Answer<Self> {
        if !(1..=LONGEST).contains(&first) {
            return Err(Refusal::invalid_field("first", "out_of_range"));
        }
        Ok(Self { first: usize::try_from(first).unwrap_or_default(), after })
    }

    /// How many rows a store has to fetch: one more than asked, which tells whether there is a next page.
    #[must_use]
    pub fn limit(&self) -> i64 {
        i64::try_from(self.first).unwrap_or_default() + 1
    }

    /// The refusal for a cursor that does not read.
    #[must_use]
    pub fn bad_cursor() -> Refusal {
        Refusal::invalid_field("after", "not_a_cursor")
    }
}

/// Makes a connection from at most `limit()` rows and their cursors.
pub fn paged<T: OutputType>(paging: &Paging, rows: impl IntoIterator<Item = (String, T)>) -> Paged<T> {
    let mut edges: Vec<Edge<String, T, EmptyFields>> =
        rows.into_iter().map(|(cursor, node)| Edge::new(cursor, node)).collect();
    let more = edges.len() > paging.first;
    edges.truncate(paging.first);
    let mut connection = Connection::new(paging.after.is_some(), more);
    connection.edges = edges;
    connection
}
