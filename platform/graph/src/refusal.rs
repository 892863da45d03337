//! Errors as the API shows them.

use std::fmt;

use async_graphql::{ErrorExtensionValues, Value};
use plenum_db::{OpenError, PermitError, StoreError};
use plenum_kernel::ErrorCode;
use uuid::Uuid;

/// What a resolver returns.
pub type Answer<T> = Result<T, Refusal>;

/// What is wrong with one field of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The path in the input, `agenda.2.title`.
    pub path: String,
    /// A stable word: `empty`, `too_long`, `not_an_email`…
    pub reason: &'static str,
}

/// A refusal or failure on its way to the caller. It deliberately cannot be displayed: async-graphql converts any
/// printable error through `?`, dropping its code and leaking its text.
#[derive(Debug, Clone)]
pub struct Refusal {
    code: ErrorCode,
    reason: &'static str,
    fields: Vec<FieldFault>,
    incident: Option<Uuid>,
    retry_after_s: Option<u64>,
}

impl Refusal {
    fn new(code: ErrorCode, reason: &'static str) -> Self {
        Self { code, reason, fields: Vec::new(), incident: None, retry_after_s: None }
    }

    /// Sign in first.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "sign_in")
    }

    /// Known, not allowed.
    #[must_use]
    pub fn forbidden(reason: &'static str) -> Self {
        Self::new(ErrorCode::Forbidden, reason)
    }

    /// A permission that the caller does not hold, or nobody does: the organization does without its module.
    fn not_allowed(off: bool) -> Self {
        Self::forbidden(if off { "module_off" } else { "permission" })
    }

    /// Absent, or not the caller's to know; the two look the same.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "not_found")
    }

    /// Wrong input as a whole.
    #[must_use]
    pub fn invalid(reason: &'static str) -> Self {
        Self::new(ErrorCode::Invalid, reason)
    }

    /// Wrong input in certain fields.
    #[must_use]
    pub fn invalid_fields(fields: Vec<FieldFault>) -> Self {
        Self { fields, ..Self::new(ErrorCode::Invalid, "fields") }
    }

    /// One wrong field.
    #[must_use]
    pub fn invalid_field(path: impl Into<String>, reason: &'static str) -> Self {
        Self::invalid_fields(vec![FieldFault { path: path.into(), reason }])
    }

    /// It changed meanwhile, or is in another state.
    #[must_use]
    pub fn conflict(reason: &'static str) -> Self {
        Self::new(ErrorCode::Conflict, reason)
    }

    /// Too often.
    #[must_use]
    pub fn rate_limited(retry_after_s: u64) -> Self {
        Self { retry_after_s: Some(retry_after_s), ..Self::new(ErrorCode::RateLimited, "rate_limited") }
    }

    /// A dependency is down.
    #[must_use]
    pub fn unavailable(reason: &'static str) -> Self {
        Self::new(ErrorCode::Unavailable, reason)
    }

    /// Our failure: logged here with all causes, shown as an incident id.
    #[must_use]
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let incident = Uuid::now_v7();
        let mut causes = String::new();
        let mut cause = error.source();
        while let Some(inner) = cause {
            causes.push_str(": ");
            causes.push_str(&inner.to_string());
            cause = inner.source();
        }
        tracing::error!(%incident, "{error}{causes}");
        Self { incident: Some(incident), ..Self::new(ErrorCode::Internal, "internal") }
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The stable word that says more.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl From<Refusal> for async_graphql::Error {
    fn from(refusal: Refusal) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", refusal.code.as_str());
        extensions.set("reason", refusal.reason);
        if !refusal.fields.is_empty() {
            let fields = refusal.fields.iter().map(|fault| {
                Value::from_json(serde_json::json!({ "path": fault.path, "reason": fault.reason }))
                    .unwrap_or_default()
            });
            extensions.set("fields", Value::List(fields.collect()));
        }
        if let Some(incident) = refusal.incident {
            extensions.set("incident", incident.to_string());
        }
        if let Some(seconds) = refusal.retry_after_s {
            extensions.set("retryAfter", seconds);
        }
        Self { message: Words(&refusal).to_string(), source: None, extensions: Some(extensions) }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Rows { .. } => Self::conflict("changed_meanwhile"),
            other => Self::internal(&other),
        }
    }
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Forbidden { off, .. } => Self::not_allowed(off),
            OpenError::Store(error) => error.into(),
        }
    }
}

impl From<PermitError> for Refusal {
    fn from(error: PermitError) -> Self {
        match error {
            PermitError::NotFound { .. } => Self::not_found(),
            PermitError::Forbidden { off, .. } => Self::not_allowed(off),
            PermitError::Store(error) => error.into(),
        }
    }
}

/// The English sentence of the error's `message`; people read the client's own text for the code and reason.
struct Words<'r>(&'r Refusal);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.code {
            ErrorCode::Unauthenticated => "Sign in first",
            ErrorCode::Forbidden => "Not allowed",
            ErrorCode::NotFound => "Not found",
            ErrorCode::Invalid => "The input is wrong",
            ErrorCode::Conflict => "It changed meanwhile",
            ErrorCode::RateLimited => "Too many attempts",
            ErrorCode::Unavailable => "Not available now, try again",
            ErrorCode::Internal => "Something failed on our side",
        })
    }
}
