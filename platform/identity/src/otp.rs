//! One-time codes of authenticators (TOTP, RFC 6238 over HOTP, RFC 4226). With ring's HMAC they are twenty lines, and
//! the step that a code belongs to has to be known, so that none is taken twice.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{QrCode, render::svg};
use rand::RngCore;
use ring::hmac;

/// Bytes of a secret: as many as HMAC-SHA-1 gives (RFC 4226 §4, R6).
const SECRET_BYTES: usize = 20;
/// Seconds of a step (RFC 6238 §5.2 recommends them), as all authenticators have it.
const STEP_S: i64 = 30;
/// Codes of so many steps before and after the present one are taken: clocks differ, and typing takes time
/// (RFC 6238 §5.2).
const DRIFT: i64 = 1;
/// Digits of a code.
const DIGITS: u32 = 6;

/// A new secret.
#[must_use]
pub fn new_secret() -> Vec<u8> {
    let mut secret = vec![0; SECRET_BYTES];
    rand::rng().fill_bytes(&mut secret);
    secret
}

/// The secret as people type it, in groups of four.
#[must_use]
pub fn to_type(secret: &[u8]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    let groups: Vec<String> =
        text.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    groups.join(" ")
}

/// The address that authenticators read (Google Authenticator's key URI format).
#[must_use]
pub fn uri(issuer: &str, account: &str, secret: &[u8]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (issuer, account, secret) = (encode(issuer), encode(account), BASE32_NOPAD.encode(secret));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_S}"
    )
}

/// A QR code of an address, as SVG; none when it is too long for one.
#[must_use]
pub fn qr(uri: &str) -> Option<String> {
    let code = QrCode::new(uri.as_bytes()).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build())
}

/// The step that a typed code belongs to, when it is one of now; spaces do not matter.
#[must_use]
pub fn step_of(secret: &[u8], typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.len() != DIGITS as usize || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let present = now.timestamp() / STEP_S;
    (present - DRIFT..=present + DRIFT).find(|step| code(secret, *step) == typed)
}

/// The code of a step (RFC 4226 §5.3).
#[must_use]
pub fn code(secret: &[u8], step: i64) -> String {
    number(secret, step, DIGITS)
}

fn number(secret: &[u8], step: i64, digits: u32) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes[bytes.len() - 1] & 0xf);
    let cut = u32::from_be_bytes([bytes[at] & 0x7f, bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    format!("{:0width$}", cut % 10_u32.pow(digits), width = digits as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(seconds, 0).single().expect("a real moment")
    }

    #[test]
    fn the_vectors_of_rfc_6238() {
        // Appendix B, the rows of SHA-1.
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(number(SECRET, seconds / STEP_S, 8), expected, "at {seconds} s");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4226() {
        // Appendix D.
        for (counter, expected) in ["755224", "287082", "359152", "969429", "338314"].iter().enumerate() {
            let counter = i64::try_from(counter).expect("small");
            assert_eq!(code(SECRET, counter), *expected);
        }
    }

    #[test]
    fn a_code_is_taken_in_its_step_and_beside_it() {
        let now = at(1_111_111_111);
        let step = 1_111_111_111 / STEP_S;
        let typed = code(SECRET, step);
        assert_eq!(step_of(SECRET, &typed, now), Some(step));
        assert_eq!(step_of(SECRET, &format!("{} {}", &typed[..3], &typed[3..]), now), Some(step));
        assert_eq!(step_of(SECRET, &typed, at(1_111_111_111 + STEP_S)), Some(step));
        assert_eq!(step_of(SECRET, &typed, at(1_111_111_111 - STEP_S)), Some(step));
        assert_eq!(step_of(SECRET, &typed, at(1_111_111_111 + 2 * STEP_S)), None);
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(step_of(SECRET, wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let uri = uri("Пленум", "anna@example.org", SECRET);
        assert!(
            uri.starts_with("otpauth://totp/%D0%9F%D0%BB%D0%B5%D0%BD%D1%83%D0%BC:anna%40example%2Eorg?"),
            "{uri}"
        );
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"), "{uri}");
        assert_eq!(to_type(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!(qr(&uri).is_some_and(|image| image.contains("<svg")));
    }
}
