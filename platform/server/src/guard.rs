//! What stands before the engine: every operation, over HTTP or over a WebSocket, is judged here first, and every
//! error that leaves is looked at.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    BatchRequest, BatchResponse, Data, Executor, Request, Response, ServerError, Value,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType},
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use plenum_graph::{Armour, Refusal};

use crate::{operations::Operations, schema::Schema};

/// An answer that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many operations run on one connection at a time; a page has about ten.
const OPEN: usize = 60;
/// So many errors are told of one operation.
const ERRORS: usize = 10;

/// The schema behind its guard.
#[derive(Clone)]
pub struct Guarded {
    schema: Schema,
    operations: Operations,
    armour: Armour,
    /// Whether the schema may be asked about itself, and errors of operations explain themselves.
    development: bool,
    /// Operations that run on this connection.
    open: Arc<AtomicUsize>,
}

impl Guarded {
    /// Puts the guard before a schema.
    #[must_use]
    pub fn new(schema: Schema, operations: Operations, development: bool) -> Self {
        Self { schema, operations, armour: Armour::default(), development, open: Arc::default() }
    }

    /// For another connection.
    #[must_use]
    pub fn for_connection(&self) -> Self {
        Self { open: Arc::default(), ..self.clone() }
    }

    /// The operation as the engine takes it.
    fn admit(&self, mut request: Request) -> Result<Request, Refusal> {
        self.operations.find(&mut request)?;
        let document = self.armour.inspect(&request.query).map_err(|flaw| Refusal::invalid(flaw.reason()))?;
        if misses_variables(&document, &request) {
            return Err(Refusal::invalid("variables"));
        }
        if has_zero(&request.query) || request.variables.values().any(holds_zero) {
            return Err(Refusal::invalid("zero_character"));
        }
        request.set_parsed_query(document);
        Ok(if self.development { request } else { request.disable_introspection() })
    }

    /// Shortens what the engine says about an operation: its messages repeat the operation, which an attacker makes
    /// long, and describe the schema. Refusals of resolvers have a code and are ours.
    fn tidy(&self, mut response: Response) -> Response {
        response.errors.truncate(ERRORS);
        for error in &mut response.errors {
            let ours = error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some());
            if ours {
                continue;
            }
            let refusal: async_graphql::Error = Refusal::invalid("operation").into();
            if self.development {
                error.message = error.message.chars().take(200).collect();
            } else {
                error.message = refusal.message;
                error.path.clear();
            }
            error.extensions = refusal.extensions;
        }
        response
    }

    async fn run(&self, request: Request) -> Response {
        match tokio::time::timeout(PATIENCE, self.schema.execute(request)).await {
            Ok(response) => self.tidy(response),
            Err(_) => refused(Refusal::unavailable("timeout")),
        }
    }
}

impl Executor for Guarded {
    async fn execute(&self, request: Request) -> Response {
        match self.admit(request) {
            Ok(request) => self.run(request).await,
            Err(refusal) => refused(refusal),
        }
    }

    async fn execute_batch(&self, request: BatchRequest) -> BatchResponse {
        BatchResponse::Single(match request {
            BatchRequest::Single(request) => self.execute(request).await,
            BatchRequest::Batch(_) => refused(Refusal::invalid("batch")),
        })
    }

    fn execute_stream(&self, request: Request, data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let only = |refusal| stream::once(async move { refused(refusal) }).boxed();
        let mut request = match self.admit(request) {
            Ok(request) => request,
            Err(refusal) => return only(refusal),
        };
        let Some(place) = Place::take(&self.open) else { return only(Refusal::rate_limited(1)) };
        let lasting = is_subscription(&mut request);
        let guard = self.clone();
        let mut answers = self.schema.execute_stream_with_session_data(request, data.unwrap_or_default());
        if lasting {
            return answers
                .map(move |response| {
                    // Kept for as long as the subscription lives.
                    let _ = &place;
                    guard.tidy(response)
                })
                .boxed();
        }
        stream::once(async move {
            let _place = place;
            match tokio::time::timeout(PATIENCE, answers.next()).await {
                Ok(Some(response)) => guard.tidy(response),
                Ok(None) => Response::new(Value::Null),
                Err(_) => refused(Refusal::unavailable("timeout")),
            }
        })
        .boxed()
    }
}

/// The operations of a document that a name chooses: all when there is no name.
fn chosen<'d>(
    document: &'d ExecutableDocument,
    name: Option<&'d str>,
) -> impl Iterator<Item = &'d OperationDefinition> {
    document.operations.iter().filter_map(move |(called, operation)| {
        let meant = name.is_none_or(|name| called.is_some_and(|called| called == name));
        meant.then_some(&operation.node)
    })
}

/// Whether a variable that must have a value has none. The engine looks only at variables that are used.
fn misses_variables(document: &ExecutableDocument, request: &Request) -> bool {
    chosen(document, request.operation_name.as_deref()).any(|operation| {
        operation.variable_definitions.iter().any(|definition| {
            let definition = &definition.node;
            let given = request.variables.get(&definition.name.node);
            let needed = !definition.var_type.node.nullable;
            needed && given.map_or(definition.default_value.is_none(), |value| *value == Value::Null)
        })
    })
}

/// Whether a text has the character zero, as it is or as an escape. PostgreSQL keeps no such text, and whoever sends one
/// looks for what breaks.
fn has_zero(text: &str) -> bool {
    text.contains('\0') || text.contains("\\u0000") || text.contains("\\u{0")
}

fn holds_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(holds_zero),
        Value::Object(values) => values.values().any(holds_zero),
        _ => false,
    }
}

/// Whether the operation goes on until it is ended.
fn is_subscription(request: &mut Request) -> bool {
    let name = request.operation_name.clone();
    request.parsed_query().is_ok_and(|document| {
        chosen(document, name.as_deref()).any(|operation| operation.ty == OperationType::Subscription)
    })
}

/// A place among the operations of a connection.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(open: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(open.clone());
        (open.fetch_add(1, Ordering::Relaxed) < OPEN).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An answer that is a refusal alone.
#[must_use]
pub fn refused(refusal: Refusal) -> Response {
    let error: async_graphql::Error = refusal.into();
    let mut whole = ServerError::new(error.message, None);
    whole.extensions = error.extensions;
    Response::from_errors(vec![whole])
}
