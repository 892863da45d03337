//! Reports of mail servers that a letter was not delivered (RFC 3464).

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportAction {
    /// It will not be delivered.
    Failed,
    /// It is not delivered yet; the server goes on trying.
    Delayed,
    /// Delivered, relayed or expanded.
    Delivered,
}

/// One recipient's part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// To whom the report was sent: the letter's return path. Every address that may be it.
    pub sent_to: Vec<String>,
    /// What became of the letter.
    pub action: ReportAction,
    /// The enhanced status code (RFC 3463), for example `5.1.1`.
    pub status: String,
    /// What the receiving server said.
    pub diagnostic: Option<String>,
}

impl Report {
    /// Reads a message; none when it is no report about a delivery.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(bytes)?;
        let text = delivery_status(&message)?;
        let field = |name: &str| {
            unfold(&text).find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let action = match field("Action")?.to_ascii_lowercase().as_str() {
            "failed" => ReportAction::Failed,
            "delayed" => ReportAction::Delayed,
            _ => ReportAction::Delivered,
        };
        let status = field("Status")?.split_whitespace().next().unwrap_or_default().to_owned();
        // `smtp; 550 5.1.1 no such user`
        let diagnostic = field("Diagnostic-Code")
            .map(|text| text.split_once(';').map_or(text.clone(), |(_, words)| words.trim().to_owned()));
        Some(Self { sent_to: recipients(&message), action, status, diagnostic })
    }

    /// Whether the address itself is bad, so that no letter will ever arrive: RFC 3463 §3.2 (addressing), and a mailbox
    /// that is disabled (§3.3). A full mailbox or a policy may change.
    #[must_use]
    pub fn is_hard(&self) -> bool {
        self.action == ReportAction::Failed
            && (self.status.starts_with("5.1.") || self.status == "5.2.1" || self.status == "5.0.0")
    }
}

fn delivery_status(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| {
        let kind = part.content_type()?;
        let is_status = kind.ctype().eq_ignore_ascii_case("message")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("delivery-status"));
        if !is_status {
            return None;
        }
        Some(match &part.body {
            PartType::Text(text) => text.to_string(),
            _ => String::from_utf8_lossy(part.contents()).into_owned(),
        })
    })
}

/// The logical lines: a line that begins with a space goes on with the one before (RFC 5322 §2.2.3).
fn unfold(text: &str) -> impl Iterator<Item = String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.into_iter()
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    ["To", "Delivered-To", "X-Original-To", "Envelope-To"]
        .into_iter()
        .filter_map(|name| message.header_raw(name))
        .map(|text| text.trim().trim_matches(['<', '>']).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARD: &str = "From: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n\
        To: bounce+abc@mail.plenum.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\r\n\r\n\
        --b1\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n\
        --b1\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; nobody@example.org\r\n\
        Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <nobody@example.org>:\r\n    no such user\r\n\
        --b1--\r\n";

    #[test]
    fn a_report_of_a_missing_mailbox_is_hard() {
        let report = Report::read(HARD.as_bytes()).expect("a report");
        assert_eq!((report.action, report.status.as_str()), (ReportAction::Failed, "5.1.1"));
        assert_eq!(report.diagnostic.as_deref(), Some("550 5.1.1 <nobody@example.org>: no such user"));
        assert_eq!(report.sent_to, ["bounce+abc@mail.plenum.example"]);
        assert!(report.is_hard());
    }

    #[test]
    fn a_full_mailbox_and_a_delay_are_not() {
        for (action, status) in [("failed", "5.2.2"), ("delayed", "4.4.1"), ("failed", "5.7.1")] {
            let text = HARD.replace("Action: failed", &format!("Action: {action}"));
            let text = text.replace("Status: 5.1.1", &format!("Status: {status}"));
            assert!(!Report::read(text.as_bytes()).expect("a report").is_hard(), "{action} {status}");
        }
    }

    #[test]
    fn an_ordinary_letter_is_no_report() {
        assert_eq!(Report::read(b"From: a@b.example\r\nSubject: Hello\r\n\r\nHi\r\n"), None);
        assert_eq!(Report::read(b""), None);
    }
}
