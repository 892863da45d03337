//! The life of a session: scheduled, open, closed; or cancelled before it opens.

use super::UnknownWord;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// Called; people may be in the room.
    Scheduled,
    /// Opened by the chair with a quorum.
    Open,
    /// Over; its minutes are made.
    Closed,
    /// Called off.
    Cancelled,
}

impl SessionState {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`UnknownWord`] for anything else.
    pub fn read(text: &str) -> Result<Self, UnknownWord> {
        Ok(match text {
            "scheduled" => Self::Scheduled,
            "open" => Self::Open,
            "closed" => Self::Closed,
            "cancelled" => Self::Cancelled,
            other => return Err(UnknownWord { what: "session state", word: other.to_owned() }),
        })
    }

    /// Whether people may enter the room.
    #[must_use]
    pub fn room_is_open(self) -> bool {
        matches!(self, Self::Scheduled | Self::Open)
    }
}
