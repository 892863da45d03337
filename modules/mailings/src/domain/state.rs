//! Where a campaign and a letter stand.

/// A stored word that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord(pub String);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As it is stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Reads what is stored.
            ///
            /// # Errors
            /// [`UnknownWord`] for anything else.
            pub fn read(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord(word.to_owned())),
                }
            }
        }
    };
}

words! {
    /// Where a campaign stands.
    CampaignState {
        /// Being written.
        Draft = "draft",
        /// Waits for its time.
        Scheduled = "scheduled",
        /// Letters are leaving.
        Sending = "sending",
        /// Stopped for now.
        Paused = "paused",
        /// Every recipient has a final state.
        Done = "done",
        /// Called off; what had left had left.
        Cancelled = "cancelled",
    }
}

words! {
    /// What became of one letter.
    DeliveryState {
        /// Waits for its turn.
        Pending = "pending",
        /// In the hands of a worker.
        Sending = "sending",
        /// The mail server took it.
        Sent = "sent",
        /// Given up after many attempts.
        Failed = "failed",
        /// Refused for good.
        Bounced = "bounced",
        /// Not sent: the recipient left the list, withdrew the consent, or is no longer on record.
        Skipped = "skipped",
        /// It may have left: the worker died or the connection broke before the answer was heard. Never sent again.
        Uncertain = "uncertain",
    }
}

impl CampaignState {
    /// Whether its content and audience can be changed.
    #[must_use]
    pub fn is_editable(self) -> bool {
        self == Self::Draft
    }

    /// Whether it can still be called off.
    #[must_use]
    pub fn is_cancellable(self) -> bool {
        !matches!(self, Self::Done | Self::Cancelled)
    }
}

impl DeliveryState {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Pending | Self::Sending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for state in CampaignState::ALL {
            assert_eq!(CampaignState::read(state.as_str()), Ok(*state));
        }
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::read(state.as_str()), Ok(*state));
        }
        assert!(DeliveryState::read("lost").is_err());
    }

    #[test]
    fn what_is_over_cannot_be_called_off() {
        assert!(CampaignState::Paused.is_cancellable() && CampaignState::Draft.is_cancellable());
        assert!(!CampaignState::Done.is_cancellable() && !CampaignState::Cancelled.is_cancellable());
    }
}
