//! The one binary, as a library: it wires the platform and the modules, and decides nothing.
//!
//! The only platform crate that names modules.

// The API's roots are one future around each module's, and each of these around those of its doors.
#![recursion_limit = "256"]

pub mod accounts;
pub mod app;
pub mod assets;
pub mod audit_export;
pub mod audit_log;
pub mod audit_words;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod envelope;
pub mod guard;
pub mod headers;
pub mod http;
pub mod import;
pub mod installation;
pub mod keys;
pub mod log;
pub mod nats;
pub mod operations;
pub mod policy;
pub mod rate;
pub mod schema;
pub mod serving;
pub mod silence;
mod sizes;
pub mod tenant_export;
pub mod tls;
pub mod turn;
pub mod wiring;
