//! The operations that this server knows: those of the web app, which its build lists, and those that an operator adds.
//! Outside of the demonstration nothing else is executed; see decision 0010.

use std::{collections::HashMap, path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use async_graphql::{Request, Value};
use plenum_graph::Refusal;
use sha2::{Digest as _, Sha256};

use crate::assets;

/// Where the id of an operation stands among the extensions of a request: over HTTP it is a member of its own.
pub const DOCUMENT_ID: &str = "documentId";

/// Known operations by their ids, `sha256:` and the hash of their text in hexadecimal digits (GraphQL over HTTP,
/// appendix A).
#[derive(Debug, Clone)]
pub struct Operations {
    known: Arc<HashMap<String, String>>,
    /// Whether unknown ones are executed too.
    others: bool,
}

impl Operations {
    /// Reads the list of the web app and that of the operator.
    ///
    /// # Errors
    /// When a list cannot be read, or an id in it is not its operation's.
    pub fn load(added: Option<&Path>, others: bool) -> anyhow::Result<Self> {
        let mut known = HashMap::new();
        if let Some(bytes) = assets::operations() {
            known = read(&bytes).context("the web app's list of operations")?;
        }
        if let Some(path) = added {
            let listed = std::fs::read(path).map_err(anyhow::Error::from).and_then(|bytes| read(&bytes));
            known.extend(listed.with_context(|| format!("PLENUM_OPERATIONS_FILE: {}", path.display()))?);
        }
        if known.is_empty() && !others {
            tracing::warn!("no operation of the API is known: the web app is not built");
        }
        Ok(Self { known: Arc::new(known), others })
    }

    /// Puts the text of a known operation into a request that names it.
    ///
    /// # Errors
    /// When the operation is not known and others are not executed.
    pub fn find(&self, request: &mut Request) -> Result<(), Refusal> {
        match request.extensions.0.get(DOCUMENT_ID) {
            Some(Value::String(id)) if request.query.is_empty() => {
                let text = self.known.get(id).ok_or_else(|| Refusal::invalid("unknown_operation"))?;
                request.query.clone_from(text);
                Ok(())
            }
            // Two operations in one request, or an id that is none.
            Some(_) => Err(Refusal::invalid("request")),
            None if self.others => Ok(()),
            None => Err(Refusal::invalid("unknown_operation")),
        }
    }
}

/// A list: an object of operations by their ids.
fn read(bytes: &[u8]) -> anyhow::Result<HashMap<String, String>> {
    let listed: HashMap<String, String> = serde_json::from_slice(bytes)?;
    for (id, text) in &listed {
        ensure!(*id == id_of(text), "«{id}» is not the id of its operation, which is {}", id_of(text));
    }
    Ok(listed)
}

/// The id of an operation.
#[must_use]
pub fn id_of(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{ viewer { account { id } } }";

    fn operations(others: bool) -> Operations {
        Operations { known: Arc::new(HashMap::from([(id_of(TEXT), TEXT.to_owned())])), others }
    }

    fn found(others: bool, id: Option<&str>, text: &str) -> Result<String, &'static str> {
        let mut request = Request::new(text);
        if let Some(id) = id {
            request.extensions.0.insert(DOCUMENT_ID.to_owned(), Value::String(id.to_owned()));
        }
        operations(others).find(&mut request).map(|()| request.query).map_err(|refusal| refusal.reason())
    }

    #[test]
    fn what_is_known_is_found_by_its_id_only() {
        let id = id_of(TEXT);
        for others in [false, true] {
            assert_eq!(found(others, Some(&id), ""), Ok(TEXT.to_owned()));
            assert_eq!(found(others, Some("sha256:00"), ""), Err("unknown_operation"));
            assert_eq!(found(others, Some(&id), "{ other }"), Err("request"));
        }
        assert_eq!(found(false, None, TEXT), Err("unknown_operation"));
        assert_eq!(found(true, None, "{ other }"), Ok("{ other }".to_owned()));
    }

    #[test]
    fn a_list_whose_ids_are_not_of_its_operations_is_not_taken() {
        assert_eq!(read(format!("{{\"{}\":\"{TEXT}\"}}", id_of(TEXT)).as_bytes()).expect("taken").len(), 1);
        let wrong = read(format!("{{\"{}\":\"{TEXT} \"}}", id_of(TEXT)).as_bytes());
        assert!(wrong.expect_err("refused").to_string().contains(&id_of(&format!("{TEXT} "))));
    }
}
