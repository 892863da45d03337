//! `kill -9` of the owner leaves no server behind. The program runs itself a second time as that owner.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test panics where something is not as expected"
)]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use plenum_embedded::{EmbeddedConfig, Postgres, Step, bootstrap};

const OWN: &str = "own-a-server-in";

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match &arguments[1..] {
        [verb, data_dir] if verb == OWN => runtime.block_on(own(data_dir)),
        arguments if arguments.iter().any(|argument| argument == "--list") => {}
        _ => {
            runtime.block_on(killed_owner_leaves_no_server());
            println!("test killed_owner_leaves_no_server ... ok");
            println!("test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
        }
    }
}

/// Starts a server, tells its process id, and waits to be killed.
async fn own(data_dir: &str) {
    // On a worker of the runtime, whose thread may end while the server should live.
    let config = EmbeddedConfig { data_dir: data_dir.into(), ..EmbeddedConfig::default() };
    let server = tokio::spawn(async { Postgres::start(config, |_| ()).await.unwrap() }).await.unwrap();
    bootstrap(&server, "plenum").await.unwrap();
    println!("{}", server.pid());
    std::io::stdout().flush().unwrap();
    std::future::pending::<()>().await;
}

async fn killed_owner_leaves_no_server() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let data_dir = folder.path().join("pg");

    for round in 0..2 {
        let mut owner = Command::new(std::env::current_exe().unwrap())
            .arg(OWN)
            .arg(&data_dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(owner.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let server: i32 = line.trim().parse().unwrap();
        assert!(runs(server), "round {round}");
        let watching = EmbeddedConfig { data_dir: data_dir.clone(), ..EmbeddedConfig::default() };
        let mut watching = Postgres::attach_or_start(watching, |_| ()).await.unwrap();
        assert!(!watching.owned());

        owner.kill().unwrap();
        owner.wait().unwrap();
        watching.exited().await;
        assert!(!runs(server), "the server outlives its killed owner");
    }

    let log: String = data_dir
        .join("log")
        .read_dir()
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert!(log.contains("database system is shut down"), "{log}");
    assert!(!log.contains("not properly shut down"), "{log}");

    // Killed and started again at once: the next owner waits for the old server's end.
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .arg(OWN)
        .arg(&data_dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(owner.stdout.take().unwrap()).read_line(&mut line).unwrap();
    owner.kill().unwrap();
    owner.wait().unwrap();
    let config = EmbeddedConfig { data_dir, ..EmbeddedConfig::default() };
    let ready = std::sync::Mutex::new(false);
    let next = Postgres::start(config, |step| *ready.lock().unwrap() = step == Step::Ready).await.unwrap();
    assert!(*ready.lock().unwrap());
    assert_ne!(next.pid().to_string(), line.trim());
    next.stop().await.unwrap();
}

fn runs(pid: i32) -> bool {
    // A process that has ended but was not yet reaped (by whoever reaps orphans here) has no folder to stand in.
    std::fs::read_link(Path::new("/proc").join(pid.to_string()).join("cwd")).is_ok()
}
