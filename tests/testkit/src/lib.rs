//! Worlds for tests: a real PostgreSQL database for each, two federations, a clock that stands still.
//!
//! One private server serves all tests of a process; a test run may start one for all its processes and name its
//! folder in [`SERVER_DIR`]. The migrations are applied once to a template, of which every world gets a copy.
//!
//! Every tenant made in a [`World`] has a twin in a second federation, with units of the same names, so that what
//! leaks between tenants fails ordinary tests.
//!
//! What it is not: it knows no module. A test brings the policies of the modules that it is about.

mod authenticator;
mod database;
mod server;
mod viewers;
mod world;

pub use authenticator::Authenticator;
pub use database::Database;
pub use server::{SERVER_DIR, Server};
pub use viewers::FixedViewer;
pub use world::{Builder, Tenant, World};
