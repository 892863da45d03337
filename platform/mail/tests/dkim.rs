//! Signatures as an independent program sees them: dkimpy, with the DNS answer given by hand.
#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

use std::io::Write;
use std::process::{Command, Stdio};

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::MessageParser;
use plenum_kernel::Language;
use plenum_mail::{Body, Dispatch, Dkim, DkimError, Letter, ListHeader, Mailbox, Mailer, Picture};

/// An Ed25519 key, RFC 8463 §A.2.
const PRIVATE: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// Says whether the message on standard input verifies with the key that stands in the first argument.
const VERIFY: &str = "
import sys, dkim
record = sys.argv[1].encode()
message = sys.stdin.buffer.read()
sys.exit(0 if dkim.DKIM(message).verify(dnsfunc=lambda name, timeout=5: record) else 1)
";

/// Python with dkimpy: the test run says where it is.
fn python() -> String {
    std::env::var("PLENUM_DKIM_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn verifies(message: &[u8], record: &str) -> bool {
    let mut child = Command::new(python())
        .args(["-c", VERIFY, record])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(
        !words.contains("ModuleNotFoundError"),
        "dkimpy is missing: `make test SUITE=db` sees to it, or PLENUM_DKIM_PYTHON names a Python that has it"
    );
    output.status.success()
}

/// A signed letter of a mailing, as it lies in the folder.
async fn signed(dkim: Dkim) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let from = Mailbox::new(Some("Профсоюз"), "union@mail.example").unwrap();
    let url = "https://plenum.example/u/abc".parse().unwrap();
    let letter = Letter {
        id: "mailing-1".to_owned(),
        date: "2026-11-23T09:00:00Z".parse().unwrap(),
        to: Mailbox::new(Some("Белова Анна"), "anna@example.org").unwrap(),
        subject: "О созыве пленума: повестка, материалы и ещё кое-что длинное для переноса строки".to_owned(),
        body: Body::from("Профсоюз").paragraph("Здравствуйте!  Два пробела  и точка .\n.\nКонец."),
        language: Language::Ru,
        attachments: vec![],
        list: vec![ListHeader::Id("news.mail.example".to_owned()), ListHeader::UnsubscribeOneClick(url)],
    };
    let picture = Picture {
        id: "p-1".into(),
        content_type: "image/png".into(),
        bytes: (0..=255).cycle().take(5_000).collect(),
    };
    let dispatch = Dispatch {
        sender_name: Some("Совет".to_owned()),
        return_path: Some(Mailbox::new(None, "bounce+1@mail.example").unwrap()),
        pictures: vec![picture],
        ..Dispatch::default()
    };
    Mailer::outbox(folder.path(), from).signed(dkim).dispatch(&letter, &dispatch).await.unwrap();
    let entry = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap();
    std::fs::read(entry.path()).unwrap()
}

/// The names in the signature's `h=`.
fn covered(message: &[u8]) -> Vec<String> {
    let parsed = MessageParser::default().parse(message).unwrap();
    let header = parsed.header_raw("DKIM-Signature").unwrap().split_whitespace().collect::<String>();
    let list = header.split(';').find_map(|tag| tag.strip_prefix("h=")).unwrap();
    list.split(':').map(str::to_lowercase).collect()
}

async fn check(dkim: Dkim, record: &str) {
    let message = signed(dkim).await;
    let covered = covered(&message);
    for name in [
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "list-unsubscribe",
        "list-unsubscribe-post",
    ] {
        assert!(covered.iter().any(|found| found == name), "{name} is not covered: {covered:?}");
    }
    assert!(verifies(&message, record), "{}", String::from_utf8_lossy(&message));
    let text = String::from_utf8(message).unwrap();
    for (from, to) in [
        (
            "List-Unsubscribe: <https://plenum.example/u/abc>",
            "List-Unsubscribe: <https://evil.example/u/abc>",
        ),
        ("List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Click"),
        ("anna@example.org", "anna@example.com"),
        ("AAECAwQF", "AAECAwQG"),
    ] {
        let forged = text.replacen(from, to, 1);
        assert_ne!(forged, text, "{from} is not in the letter");
        assert!(!verifies(forged.as_bytes(), record), "{to} went unnoticed");
    }
}

#[tokio::test]
async fn an_ed25519_signature_verifies_and_covers_the_way_to_unsubscribe() {
    let dkim = Dkim::new("news", "mail.example", PRIVATE).unwrap();
    check(dkim, &format!("v=DKIM1; k=ed25519; p={PUBLIC}")).await;
}

#[tokio::test]
async fn an_rsa_signature_verifies_too() {
    let openssl = |arguments: &[&str], input: &[u8]| {
        let mut child = Command::new("openssl")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap().stdout
    };
    let key = openssl(&["genrsa", "-traditional", "2048"], b"");
    let public = openssl(&["rsa", "-pubout", "-outform", "DER"], &key);
    let dkim = Dkim::new("news", "mail.example", std::str::from_utf8(&key).unwrap()).unwrap();
    check(dkim, &format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public))).await;
}

#[test]
fn what_is_no_key_is_refused_in_words() {
    for wrong in ["", "hello", "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----"] {
        assert_eq!(Dkim::new("s", "d.example", wrong).err(), Some(DkimError), "{wrong}");
    }
}
