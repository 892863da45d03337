//! Child processes that never outlive us.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use std::os::unix::process::CommandExt;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::{getpid, getppid};
use tokio::sync::{oneshot, watch};

use crate::account::Account;
use crate::error::EmbeddedError;

/// Makes the command run as the server's user, away from the terminal's signals, and get SIGINT (PostgreSQL's
/// "fast shutdown") when the *thread* that spawns it ends: that thread has to wait for it.
pub(crate) fn prepare(command: &mut Command, account: &Account) {
    for (name, _) in std::env::vars_os() {
        // PGDATA, PGPORT, PGHOST… of the environment mean some other server.
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    command.current_dir("/").stdin(Stdio::null()).process_group(0);
    account.apply(command);
    let parent = getpid();
    let after_fork = move || {
        set_pdeathsig(Signal::SIGINT)?;
        // The parent may have died before the request was made.
        if getppid() == parent { Ok(()) } else { Err(std::io::ErrorKind::BrokenPipe.into()) }
    };
    #[expect(
        unsafe_code,
        reason = "between fork and exec only two plain system calls are made, and nothing is allocated"
    )]
    // SAFETY: prctl and getppid are async-signal-safe; the closure takes no lock and allocates nothing.
    unsafe {
        command.pre_exec(after_fork);
    }
}

/// How the child ended; `None` while it runs.
pub(crate) type Exit = watch::Receiver<Option<ExitStatus>>;

/// Starts the command in a thread of its own, which then waits for the child: it lives exactly as long as the
/// child, as the death signal demands. A worker of the runtime might end earlier.
pub(crate) async fn spawn(mut command: Command, program: &Path) -> Result<(i32, Exit), EmbeddedError> {
    let (started, starting) = oneshot::channel();
    let (ended, exit) = watch::channel(None);
    let supervise = move || match command.spawn() {
        Err(error) => {
            // Whoever asked may have stopped listening; then nobody wants the error.
            let _ = started.send(Err(error));
        }
        Ok(mut child) => {
            let id = i32::try_from(child.id()).expect("process ids are at most 2^22 (proc(5), pid_max)");
            if started.send(Ok(id)).is_err() {
                stop(id, Signal::SIGINT);
            }
            let status = child.wait().expect("the child is ours, and nobody else waits for it");
            ended.send_replace(Some(status));
        }
    };
    let failed = |source| EmbeddedError::Program { program: program.to_path_buf(), source };
    std::thread::Builder::new().name("postgres".into()).spawn(supervise).map_err(failed)?;
    let id = starting.await.expect("the thread answers before it ends").map_err(failed)?;
    Ok((id, exit))
}

/// Sends a signal. That the process is gone already is as good.
pub(crate) fn stop(pid: i32, signal: Signal) {
    let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), signal);
}
