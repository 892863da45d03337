//! What a walk leaves behind besides answers: log lines and letters.

use std::{
    collections::BTreeSet,
    io::Write,
    sync::{Arc, Mutex, OnceLock},
};

use guards::server::Server;
use plenum_kernel::TypedId;
use sqlx::{Connection, PgConnection, Row};
use testkit::Tenant;
use tracing_subscriber::fmt::MakeWriter;

use crate::{answers::Secrets, walk::Faults};

/// The log of this process, kept instead of written.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The log that everything is written to from the first call on.
    pub fn keep() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Self::default();
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
                .with_ansi(false)
                .with_writer(log.clone());
            subscriber.init();
            log
        })
    }

    /// Forgets what was logged, which was for A itself.
    pub fn forget(&self) {
        self.0.lock().expect("nobody panicked").clear();
    }

    /// Looks for what a log must never hold, whoever acted.
    pub fn read(&self, secrets: &Secrets, faults: &Faults) {
        let bytes = self.0.lock().expect("nobody panicked");
        for line in String::from_utf8_lossy(&bytes).lines() {
            if let Some(secret) = secrets.found_in(line, "") {
                faults.note(format!("a log line holds {secret}: {line}"));
            }
        }
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Does all jobs of B, and reads every letter to somebody who is not of A.
pub async fn letters(server: &Server, a: &Tenant, b: &Tenant, secrets: &Secrets, faults: &Faults) {
    server.worker.drain(b.id).await.expect("the jobs are done");
    let mut superuser = PgConnection::connect(&server.world.database().superuser_url())
        .await
        .expect("the superuser connects");
    let of_a: BTreeSet<String> = sqlx::query(
        "SELECT account.email
           FROM identity.account
           JOIN tenancy.account_access access ON access.account_id = account.id AND access.tenant_id = $1",
    )
    .bind(a.id.uuid())
    .fetch_all(&mut superuser)
    .await
    .expect("the superuser reads")
    .iter()
    .map(|row| row.get(0))
    .chain([format!("{}@example.org", a.id.uuid().simple())])
    .collect();
    let (mut theirs, mut others) = (0, 0);
    for letter in server.outbox.list(10_000, None).await.expect("the outbox is read") {
        if of_a.iter().any(|email| letter.to.contains(email.as_str())) {
            theirs += 1;
            continue;
        }
        others += 1;
        let whole = server.outbox.read(&letter.id).await.expect("a letter is read").expect("is there");
        let mut text = format!("{}\n{}\n{}", whole.text, whole.html.unwrap_or_default(), letter.subject);
        for attachment in whole.attachments {
            text.push_str(&attachment.name);
            text.push_str(&String::from_utf8_lossy(&attachment.bytes));
        }
        if let Some(secret) = secrets.found_in(&text, "") {
            faults.note(format!("the letter to {} holds {secret}: {text}", letter.to));
        }
    }
    assert!(theirs > 0 && others > 0, "{theirs} letters to A, {others} to others: nothing was compared");
}
