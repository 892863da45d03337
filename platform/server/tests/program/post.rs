//! Debian's `smtp-sink`, and people who can be written to.

use std::{
    collections::HashMap,
    fmt::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::process::{Child, Command};

/// Long enough for a slow machine; nothing waits for it when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program of the package postfix.
pub fn postfix(name: &str) -> PathBuf {
    ["/usr/sbin", "/usr/libexec/postfix"]
        .into_iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is missing: `make test SUITE=db` installs the package postfix"))
}

/// The mail server: it takes everything and writes it down.
pub struct Sink {
    _child: Child,
    pub url: String,
    dump: PathBuf,
}

impl Sink {
    /// Starts one that writes to this file.
    pub async fn start(dump: &Path) -> Self {
        let port =
            TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its number").port();
        let child = Command::new(postfix("smtp-sink"))
            .args(["-u", "root", "-D"])
            .arg(dump)
            .arg(format!("127.0.0.1:{port}"))
            .arg("100")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("smtp-sink starts");
        let listening = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, listening).await.expect("it listens");
        Self { _child: child, url: format!("smtp://127.0.0.1:{port}"), dump: dump.to_path_buf() }
    }

    /// How often each address got a letter.
    pub fn taken(&self) -> HashMap<String, usize> {
        let bytes = std::fs::read(&self.dump).unwrap_or_default();
        let mut taken = HashMap::new();
        for line in String::from_utf8_lossy(&bytes).lines() {
            if let Some(rest) = line.strip_prefix("X-Rcpt-Args: <") {
                let address = rest.split('>').next().unwrap_or_default().to_owned();
                *taken.entry(address).or_default() += 1;
            }
        }
        taken
    }
}

/// People who differ, all with an address and their consent.
pub fn register(rows: usize) -> String {
    let mut csv = String::from("ФИО;Дата рождения;ППО;Эл. почта;Согласие на обработку ПДн\n");
    for index in 0..rows {
        let letters = |n: usize| {
            char::from_u32(u32::from('а') + u32::try_from(n % 32).expect("small")).expect("a Cyrillic letter")
        };
        let name: String = [index, index / 32, index / 1024].map(letters).iter().collect();
        writeln!(
            csv,
            "Пробный{name} Иван Иванович;01.02.1980;ППО № {};m{index}@example.org;да",
            index % 40 + 1
        )
        .expect("a string takes it");
    }
    csv
}
