//! One file per verb.

pub(crate) mod join_session;
