//! The history of a member: what kinds of facts there are, and what is kept of each.

use plenum_members_api::Office;
use serde::{Deserialize, Serialize};

use super::{consent::ConsentAct, record::Change};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// What happened. Stored, so the words never change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            /// As it is stored.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// Reads what was stored.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// The record came by an import.
    Imported = "imported",
    /// A keeper added the record.
    Added = "added",
    /// A keeper changed fields.
    Updated = "updated",
    /// Another unit keeps the record.
    Moved = "moved",
    /// Consent was given, refused or withdrawn.
    Consent = "consent",
    /// The member asked for a correction.
    CorrectionRequested = "correction_requested",
    /// A keeper approved it: the fields are changed.
    CorrectionApproved = "correction_approved",
    /// A keeper rejected it.
    CorrectionRejected = "correction_rejected",
    /// A keeper invited the member to the portal.
    Invited = "invited",
    /// The member's account became known.
    AccountLinked = "account_linked",
    /// The membership card was made anew.
    CardReissued = "card_reissued",
    /// A keeper asked another organization to take the member over.
    TransferRequested = "transfer_requested",
    /// The other organization refused.
    TransferRefused = "transfer_refused",
    /// The keeper took the request back.
    TransferCancelled = "transfer_cancelled",
    /// The other organization took the member over; the record is closed.
    Left = "left",
    /// The member came from another organization.
    Arrived = "arrived",
    /// The member took an office.
    OfficeTaken = "office_taken",
    /// The office ended.
    OfficeEnded = "office_ended",
    /// The notice of a session was sent.
    NoticeSent = "notice_sent",
    /// The member was at a session.
    SessionAttended = "session_attended",
    /// The member was called to a session and was not there.
    SessionMissed = "session_missed",
    /// The member signed a document.
    DocumentSigned = "document_signed",
    /// The member was given a task.
    TaskGiven = "task_given",
    /// The member did a task.
    TaskDone = "task_done",
    /// The member was enrolled in a course.
    Enrolled = "enrolled",
    /// The member got a certificate.
    CertificateIssued = "certificate_issued",
    /// A letter of a campaign went to the member.
    MailingSent = "mailing_sent",
}

/// What is kept of a fact beside its kind, moment and subject: names as they were then, never a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// What the subject was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Fields before and after.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The office taken or ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<Office>,
    /// What was said of consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentAct>,
    /// The unit or organization left behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The unit or organization gone to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The number of a certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Why something was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Detail {
    /// Only the subject's name.
    #[must_use]
    pub fn named(label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::RecordField;

    #[test]
    fn what_is_kept_reads_back_and_holds_nothing_empty() {
        let detail = Detail {
            changes: vec![Change { field: RecordField::Email, old: None, new: Some("a@b.ru".to_owned()) }],
            office: Some(Office::Chair),
            ..Detail::named("Совет")
        };
        let kept = serde_json::to_value(&detail).expect("plain data");
        assert_eq!(
            kept,
            serde_json::json!({
                "label": "Совет", "office": "chair", "changes": [{ "field": "email", "new": "a@b.ru" }]
            })
        );
        assert_eq!(serde_json::from_value::<Detail>(kept).expect("reads back"), detail);
        assert_eq!(serde_json::from_str::<Detail>("{}").expect("reads"), Detail::default());
    }

    #[test]
    fn kinds_read_back() {
        assert_eq!(Kind::read(Kind::CertificateIssued.as_str()), Some(Kind::CertificateIssued));
        assert_eq!(Kind::read("eaten"), None);
    }
}
