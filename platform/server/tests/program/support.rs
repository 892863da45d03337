//! A real `plenum` process on a data directory of its own.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::mpsc,
    task::JoinHandle,
};

/// Long enough for a slow machine; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A folder that the database's user can reach: temporary folders are closed to others by default.
pub fn data_dir() -> TempDir {
    let dir = tempfile::Builder::new().prefix("plenum-test").tempdir().expect("a temporary folder");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("its rights can be set");
    dir
}

/// The program, with nothing of the caller's environment that would configure it.
pub fn plenum(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plenum"));
    for name in plenum_server::config::NAMES {
        command.env_remove(name);
    }
    // Tests ask faster than people, and what they like.
    command.env("PLENUM_API_RATE", "0").env("PLENUM_OPERATIONS", "any");
    command.env("PLENUM_DATA_DIR", data).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A port that nobody listens at.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its number").port()
}

/// A running server.
pub struct Server {
    child: Child,
    words: mpsc::UnboundedReceiver<String>,
    data: PathBuf,
    pub url: String,
    /// What it says after it is ready.
    said: JoinHandle<Vec<String>>,
}

impl Server {
    /// Starts `plenum serve --demo` and waits until it says that it is ready.
    pub async fn start(data: &Path) -> Self {
        Self::start_with(data, &[]).await
    }

    /// The same with these settings.
    pub async fn start_with(data: &Path, settings: &[(&str, &str)]) -> Self {
        Self::begin(data, &["serve", "--demo"], settings).await
    }

    /// Starts `plenum serve`, as it is run for real, on nothing.
    pub async fn start_plain(data: &Path, settings: &[(&str, &str)]) -> Self {
        Self::begin(data, &["serve"], settings).await
    }

    async fn begin(data: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let mut child = plenum(data)
            .args(arguments)
            .env("PLENUM_LISTEN", format!("127.0.0.1:{port}"))
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("plenum starts");
        let stderr = child.stderr.take().expect("it is piped");
        let mut lines = BufReader::new(stderr).lines();
        let ready = async {
            let mut said = Vec::new();
            while let Some(line) = lines.next_line().await.expect("its words can be read") {
                if line.contains("ready at") {
                    return;
                }
                said.push(line);
            }
            panic!("plenum ended before it was ready:\n{}", said.join("\n"));
        };
        tokio::time::timeout(PATIENCE, ready).await.expect("it becomes ready");
        // Its later words must be taken, or it would wait at a full pipe.
        let (sender, words) = mpsc::unbounded_channel();
        let said = tokio::spawn(async move {
            let mut said = Vec::new();
            while let Ok(Some(line)) = lines.next_line().await {
                // Not every test waits for words.
                let _ = sender.send(line.clone());
                said.push(line);
            }
            said
        });
        Self { child, words, data: data.to_path_buf(), url: format!("http://127.0.0.1:{port}"), said }
    }

    /// Tells it something.
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id().expect("it runs")).expect("a process id");
        kill(Pid::from_raw(pid), signal).expect("it can be told");
    }

    /// Waits until it says something, after what was waited for before.
    pub async fn says(&mut self, words: &str) {
        let said = async {
            while let Some(line) = self.words.recv().await {
                if line.contains(words) {
                    return;
                }
            }
            panic!("it ended without saying «{words}»");
        };
        tokio::time::timeout(PATIENCE, said).await.expect("it says so");
    }

    /// Waits until it has ended well by itself.
    pub async fn ended(mut self) {
        let status = self.child.wait().await.expect("it is ours");
        assert!(status.success(), "it ended with {status}");
    }

    /// Ends it as Ctrl-C does.
    pub async fn stop(self) {
        self.stop_and_tell().await;
    }

    /// The same; what it said since it was ready.
    pub async fn stop_and_tell(mut self) -> Vec<String> {
        let pid = i32::try_from(self.child.id().expect("it runs")).expect("a process id");
        kill(Pid::from_raw(pid), Signal::SIGINT).expect("it can be told");
        let status =
            tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it stops").expect("it is ours");
        assert!(status.success(), "it stopped with {status}");
        assert!(!self.data.join("postgres/postmaster.pid").exists(), "the database was left running");
        self.said.await.expect("its words were taken")
    }

    /// `kill -9` of the server, of the database and of all its processes.
    pub async fn kill_everything(mut self) {
        let pidfile =
            fs::read_to_string(self.data.join("postgres/postmaster.pid")).expect("the database runs");
        let postmaster: i32 =
            pidfile.lines().next().expect("a first line").trim().parse().expect("a process id");
        let mut victims = children(postmaster);
        victims.insert(0, postmaster);
        victims.insert(0, i32::try_from(self.child.id().expect("it runs")).expect("a process id"));
        for pid in victims {
            // One that is gone already is dead enough.
            kill(Pid::from_raw(pid), Signal::SIGKILL).ok();
        }
        self.child.wait().await.expect("it is ours");
        let gone = async {
            while Path::new(&format!("/proc/{postmaster}")).exists() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.expect("the database is dead");
    }
}

/// The processes whose parent this is.
fn children(parent: i32) -> Vec<i32> {
    let entries = fs::read_dir("/proc").expect("processes are listed");
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid: &i32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            // After the name in parentheses: the state, then the parent.
            stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1))
                == Some(&parent.to_string())
        })
        .collect()
}

/// A browser without a page: cookies and GraphQL.
pub struct Client {
    http: reqwest::Client,
    url: String,
    tenant: &'static str,
}

impl Client {
    /// Signs a demonstration account in.
    pub async fn sign_in(server: &Server, account: &str, tenant: &'static str) -> Self {
        let http = reqwest::Client::builder().cookie_store(true).build().expect("a client");
        let client = Self { http, url: server.url.clone(), tenant };
        let input = json!({ "email": format!("{account}@plenum.example"), "password": plenum_server::demo::PASSWORD });
        let answer = client
            .ask(
                "mutation($input: SignInInput!) { signIn(input: $input) { status } }",
                json!({ "input": input }),
            )
            .await;
        assert_eq!(answer["data"]["signIn"]["status"], "OK", "{answer}");
        client
    }

    /// One operation.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        self.http
            .post(format!("{}/graphql", self.url))
            .header("x-plenum-tenant", self.tenant)
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
            .expect("the server answers")
            .json()
            .await
            .expect("with JSON")
    }

    /// Uploads bytes; the id of the file.
    pub async fn upload(&self, name: &str, bytes: Vec<u8>) -> String {
        self.upload_as(name, "text/csv", bytes).await
    }

    /// The same, declared to be of a type.
    pub async fn upload_as(&self, name: &str, content_type: &str, bytes: Vec<u8>) -> String {
        let input = json!({ "name": name, "sizeBytes": bytes.len(), "contentType": content_type });
        let query =
            "mutation($input: CreateUploadInput!) { createUpload(input: $input) { uploadUrl file { id } } }";
        let answer = self.ask(query, json!({ "input": input })).await;
        let upload = &answer["data"]["createUpload"];
        let url = format!("{}{}", self.url, upload["uploadUrl"].as_str().expect("where to"));
        let sent = self.http.put(url).body(bytes).send().await.expect("the server takes it");
        assert!(sent.status().is_success(), "{}", sent.status());
        upload["file"]["id"].as_str().expect("an id").to_owned()
    }
}

/// An operation that must be well; the value of its only field.
pub async fn done(client: &Client, query: &str, variables: Value) -> Value {
    let answer = client.ask(query, variables).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].as_object().and_then(|all| all.values().next()).cloned().expect("one field")
}
