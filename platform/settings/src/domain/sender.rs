//! In whose name letters are sent.
//!
//! The address in From is the installation's: its domain is the one that signs (DKIM, RFC 6376), and another would be taken
//! for a forgery (DMARC, RFC 7489). A tenant names itself, and where answers go.

use plenum_mail::Mailbox;

use super::{is_hidden, line};

/// The longest name of a sender, characters.
pub const LONGEST_SENDER: usize = 100;
/// The longest address, characters (RFC 5321 §4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

/// The name of a sender: one line; nothing that a reader could take for an address.
///
/// # Errors
/// The stable word of the fault.
pub fn name(text: &str) -> Result<String, &'static str> {
    // A line break here is not a slip of the hand but somebody's header.
    if text.trim().chars().any(is_hidden) || text.contains(['@', '<', '>', '"', '\\']) {
        return Err("sign");
    }
    line(text, LONGEST_SENDER)
}

/// An address for answers: bare, one.
///
/// # Errors
/// The stable word of the fault.
pub fn reply_to(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let plain = text.len() <= LONGEST_ADDRESS
        && !text
            .chars()
            .any(|sign| is_hidden(sign) || sign.is_whitespace() || "<>\"(),;:\\[]".contains(sign))
        && text.rsplit_once('@').is_some_and(|(_, domain)| {
            domain.contains('.') && domain.split('.').all(|label| !label.is_empty())
        });
    let mailbox = Mailbox::new(None, text).map_err(|_| "email_invalid")?;
    if plain { Ok(mailbox.address().to_owned()) } else { Err("email_invalid") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_names() {
        assert_eq!(name("  Профсоюз горняков, г. Минск "), Ok("Профсоюз горняков, г. Минск".to_owned()));
        for (wrong, reason) in [
            ("", "empty"),
            (" ", "empty"),
            ("Профсоюз\r\nBcc: x@y.org", "sign"),
            ("Профсоюз\nReply-To: x", "sign"),
            ("bank@bank.by", "sign"),
            ("Банк <bank", "sign"),
            ("\"Банк", "sign"),
            ("Банк\u{202e}", "sign"),
        ] {
            assert_eq!(name(wrong), Err(reason), "{wrong:?}");
        }
        assert_eq!(name(&"я".repeat(LONGEST_SENDER + 1)), Err("too_long"));
    }

    #[test]
    fn answers_go_to_one_address() {
        assert_eq!(reply_to(" priem@gornyaki.by "), Ok("priem@gornyaki.by".to_owned()));
        for wrong in [
            "",
            "gornyaki",
            "a@b",
            "a@b..by",
            "a@b.by, c@d.by",
            "a@b.by\r\nBcc: c@d.by",
            "Имя <a@b.by>",
            "a b@c.by",
            "\"a\"@b.by",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(reply_to(wrong), Err("email_invalid"), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_taken_breaks_a_header(text in "\\PC{0,20}[\r\n\0\u{85}\u{2028}]?\\PC{0,20}@?[a-z.]{0,10}") {
            for taken in [name(&text), reply_to(&text)].into_iter().flatten() {
                prop_assert!(!taken.chars().any(|sign| sign.is_control() || sign == '\u{2028}'), "{taken:?}");
            }
        }
    }
}
