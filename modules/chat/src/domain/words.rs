//! Kinds of channels and of messages, as they are stored.

use super::UnknownWord;

/// What a channel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChannelKind {
    /// The seats of an elected body.
    Body,
    /// The members of a unit and of all below it.
    Unit,
    /// The learners of a course.
    Course,
    /// Colleagues whom one of them brought together.
    Group,
    /// Two people.
    Direct,
}

impl ChannelKind {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Unit => "unit",
            Self::Course => "course",
            Self::Group => "group",
            Self::Direct => "direct",
        }
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`UnknownWord`].
    pub fn read(word: &str) -> Result<Self, UnknownWord> {
        Ok(match word {
            "body" => Self::Body,
            "unit" => Self::Unit,
            "course" => Self::Course,
            "group" => Self::Group,
            "direct" => Self::Direct,
            other => return Err(UnknownWord { what: "kind of channel", word: other.to_owned() }),
        })
    }

    /// Whether an office or a role may delete what others wrote: where people meet because the organization put them
    /// together, not where they chose one another.
    #[must_use]
    pub fn is_moderated(self) -> bool {
        matches!(self, Self::Body | Self::Unit | Self::Course)
    }
}

/// Where a message comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// Somebody wrote it.
    Text,
    /// A mailing was sent to the channel too.
    Mailing,
    /// The notice of a session.
    Session,
}

impl MessageKind {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Mailing => "mailing",
            Self::Session => "session",
        }
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`UnknownWord`].
    pub fn read(word: &str) -> Result<Self, UnknownWord> {
        Ok(match word {
            "text" => Self::Text,
            "mailing" => Self::Mailing,
            "session" => Self::Session,
            other => return Err(UnknownWord { what: "kind of message", word: other.to_owned() }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for kind in [
            ChannelKind::Body,
            ChannelKind::Unit,
            ChannelKind::Course,
            ChannelKind::Group,
            ChannelKind::Direct,
        ] {
            assert_eq!(ChannelKind::read(kind.as_str()), Ok(kind));
        }
        for kind in [MessageKind::Text, MessageKind::Mailing, MessageKind::Session] {
            assert_eq!(MessageKind::read(kind.as_str()), Ok(kind));
        }
        assert!(ChannelKind::read("public").is_err());
        assert!(MessageKind::read("").is_err());
    }
}
