//! Signatures by which a reader's server knows that a letter is the sender's and unchanged (DKIM, RFC 6376).
//!
//! lettre can sign too, with the crate `rsa`, whose timing tells about the key (RUSTSEC-2023-0071, without a mended
//! release). ring is in the tree for TLS anyway, and what is left to do is to put bytes into a canonical form.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use sha2::{Digest, Sha256};

/// What a signature covers. RFC 8058 §4 wants both unsubscribe headers among them, so that nobody on the way can make
/// a letter that unsubscribes whoever they like. One that is not there is covered as missing (RFC 6376 §5.4).
const COVERED: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// The text is no key that can sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an RSA key of 2048 bits or more in PEM, nor the 32 bytes of an Ed25519 key in base64")]
pub struct DkimError;

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

struct Config {
    selector: String,
    domain: String,
    key: Key,
}

/// A key, and where its public half is published: in the TXT record `<selector>._domainkey.<domain>`.
#[derive(Clone)]
pub struct Dkim(Arc<Config>);

impl std::fmt::Debug for Dkim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dkim({}._domainkey.{})", self.0.selector, self.0.domain)
    }
}

impl Dkim {
    /// Takes an RSA key in PEM (as `openssl genrsa` writes it, in the older or the newer format), or the 32 bytes of an
    /// Ed25519 key (RFC 8463) in base64.
    ///
    /// # Errors
    /// [`DkimError`] when the key cannot be used.
    pub fn new(selector: &str, domain: &str, key: &str) -> Result<Self, DkimError> {
        let key = read_key(key)?;
        Ok(Self(Arc::new(Config { selector: selector.to_owned(), domain: domain.to_owned(), key })))
    }

    /// The message with its signature before it.
    pub(crate) fn sign(&self, message: &[u8], at: i64) -> Vec<u8> {
        let Config { selector, domain, key } = &*self.0;
        let end = find(message, b"\r\n\r\n").unwrap_or(message.len());
        let (head, body) = (&message[..end], message.get(end + 4..).unwrap_or_default());
        let algorithm = match key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let body_hash = STANDARD.encode(Sha256::digest(relaxed_body(body)));
        let covered = COVERED.map(str::to_lowercase).join(":");
        let unsigned = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector}; t={at};\r\n h={covered};\r\n \
             bh={body_hash};\r\n b="
        );
        let mut hashed = String::new();
        let headers = headers(&String::from_utf8_lossy(head));
        for name in COVERED {
            // Of several headers of a name the last one is meant; we write each once.
            if let Some((_, value)) = headers.iter().rfind(|(found, _)| found.eq_ignore_ascii_case(name)) {
                hashed.push_str(&format!("{}:{}\r\n", name.to_lowercase(), relaxed_value(value)));
            }
        }
        hashed.push_str(&format!("dkim-signature:{}", relaxed_value(&unsigned)));
        let signature = folded(&STANDARD.encode(key.sign(hashed.as_bytes())));
        let mut signed = format!("DKIM-Signature: {unsigned}{signature}\r\n").into_bytes();
        signed.extend_from_slice(message);
        signed
    }
}

impl Key {
    fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature)
                    .expect("the buffer has the length of the key");
                signature
            }
            // RFC 8463 §3: Ed25519 signs the hash of what is signed.
            Self::Ed25519(key) => key.sign(&Sha256::digest(bytes)).as_ref().to_vec(),
        }
    }
}

fn read_key(text: &str) -> Result<Key, DkimError> {
    let text = text.trim();
    if !text.starts_with("-----BEGIN") {
        let seed = STANDARD.decode(text).map_err(|_| DkimError)?;
        return Ed25519KeyPair::from_seed_unchecked(&seed).map(Key::Ed25519).map_err(|_| DkimError);
    }
    let base64: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let der = STANDARD.decode(base64).map_err(|_| DkimError)?;
    RsaKeyPair::from_der(&der).or_else(|_| RsaKeyPair::from_pkcs8(&der)).map(Key::Rsa).map_err(|_| DkimError)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// The headers with their folded values.
fn headers(head: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        match headers.last_mut() {
            Some((_, value)) if line.starts_with([' ', '\t']) => {
                value.push_str("\r\n");
                value.push_str(line);
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    headers.push((name.trim_end().to_owned(), value.to_owned()));
                }
            }
        }
    }
    headers
}

/// RFC 6376 §3.4.2: unfolded, runs of spaces as one, none at the ends.
fn relaxed_value(value: &str) -> String {
    value.replace("\r\n", "").split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// RFC 6376 §3.4.4: runs of spaces as one, none at line ends, no empty lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut relaxed = Vec::with_capacity(body.len());
    let text = body.strip_suffix(b"\r\n").unwrap_or(body);
    let mut start = 0;
    while start <= text.len() {
        let end = find(&text[start..], b"\r\n").map_or(text.len(), |at| start + at);
        let mut spaces = false;
        for byte in &text[start..end] {
            if matches!(byte, b' ' | b'\t') {
                spaces = true;
                continue;
            }
            if spaces {
                relaxed.push(b' ');
                spaces = false;
            }
            relaxed.push(*byte);
        }
        relaxed.extend_from_slice(b"\r\n");
        start = end + 2;
    }
    while relaxed.ends_with(b"\r\n\r\n") {
        relaxed.truncate(relaxed.len() - 2);
    }
    if relaxed == b"\r\n" { Vec::new() } else { relaxed }
}

/// In lines, so that none is too long (RFC 5322 §2.1.1).
fn folded(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 32);
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 72 == 0 {
            lines.push_str("\r\n ");
        }
        lines.push(c);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms_are_those_of_the_standard() {
        // RFC 6376 §3.4.5.
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"x"), b"x\r\n");
        let found = headers("A: X\r\nB : Y\t\r\n\tZ  ");
        assert_eq!(found[1].0, "B");
        assert_eq!((relaxed_value(&found[0].1), relaxed_value(&found[1].1)), ("X".into(), "Y Z".into()));
    }
}
