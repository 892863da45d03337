//! The private PostgreSQL child: a server of our own under the data directory, for a single machine.
//!
//! It finds the server programs of the distribution, makes a cluster when there is none, starts it as a supervised
//! child and stops it. It is no pool and knows no tables: it hands out the URL of a Unix socket, and [`bootstrap`]
//! makes the database and the three roles that the rest of Plenum connects as.
//!
//! Invariants:
//! - **No network.** The server listens on a Unix socket in a folder with mode 0700 and asks the kernel who is
//!   calling (peer authentication); there are no passwords.
//! - **No orphans.** The kernel asks the server to stop when this process ends in any way, `kill -9` included.
//! - **One owner.** A lock beside the data directory is held for as long as the owning process lives. Whoever gets
//!   the lock may start; whoever does not may attach.
//! - **Nothing committed is lost**: `fsync` and `synchronous_commit` are on, data checksums too.
//! - **No root.** PostgreSQL refuses to run as root, so the child of root runs as the user `postgres`, or as the
//!   user who owns an existing data directory.

mod account;
mod bootstrap;
mod cluster;
mod error;
mod lock;
mod pidfile;
mod postgres;
mod process;
mod programs;

pub use account::check_reachable;
pub use bootstrap::{APP, OPERATOR, OWNER, SUPERUSER, bootstrap};
pub use error::EmbeddedError;
pub use postgres::{EmbeddedConfig, Postgres, Step};
