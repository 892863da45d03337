//! Offices in a body, its kinds, and what roles they bring.

use super::UnknownWord;

/// What a seat's holder is in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// Presides.
    Chair,
    /// Presides when the chair does not.
    DeputyChair,
    /// Prepares the sessions and keeps the minutes.
    Secretary,
    /// A member without an office.
    Member,
}

impl Office {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chair => "chair",
            Self::DeputyChair => "deputy_chair",
            Self::Secretary => "secretary",
            Self::Member => "member",
        }
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`UnknownWord`] for anything else.
    pub fn read(text: &str) -> Result<Self, UnknownWord> {
        Ok(match text {
            "chair" => Self::Chair,
            "deputy_chair" => Self::DeputyChair,
            "secretary" => Self::Secretary,
            "member" => Self::Member,
            other => return Err(UnknownWord { what: "office", word: other.to_owned() }),
        })
    }

    /// The role that the office brings, in its body only.
    #[must_use]
    pub fn role(self) -> &'static str {
        match self {
            Self::Chair | Self::DeputyChair => "body_chair",
            Self::Secretary => "body_secretary",
            Self::Member => "body_member",
        }
    }
}

/// What an elected body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// The highest body.
    Congress,
    /// Leads between congresses.
    Council,
    /// Leads between councils.
    Presidium,
    /// The body of a member or primary organization.
    Committee,
    /// Checks the finances.
    AuditCommission,
}

impl BodyKind {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Congress => "congress",
            Self::Council => "council",
            Self::Presidium => "presidium",
            Self::Committee => "committee",
            Self::AuditCommission => "audit_commission",
        }
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`UnknownWord`] for anything else.
    pub fn read(text: &str) -> Result<Self, UnknownWord> {
        Ok(match text {
            "congress" => Self::Congress,
            "council" => Self::Council,
            "presidium" => Self::Presidium,
            "committee" => Self::Committee,
            "audit_commission" => Self::AuditCommission,
            other => return Err(UnknownWord { what: "kind of body", word: other.to_owned() }),
        })
    }
}
