//! The stable codes that an error carries to the outside, in GraphQL's `extensions.code`.

/// What kind of refusal or failure it is. The meaning of each is part of the API's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// Sign in first.
    Unauthenticated,
    /// A known resource, not allowed.
    Forbidden,
    /// Absent, or its existence is not the caller's to know.
    NotFound,
    /// The input is wrong; `fields` names the paths.
    Invalid,
    /// It changed meanwhile.
    Conflict,
    /// Too often; `retryAfter` in seconds.
    RateLimited,
    /// A dependency is down; retry.
    Unavailable,
    /// Ours; carries an `incident` id only.
    Internal,
}

impl ErrorCode {
    /// The text form in `extensions.code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Invalid => "INVALID",
            Self::Conflict => "CONFLICT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}
