//! Work on what was recorded.

mod compose_recording;
mod remove_recording;

pub(crate) use compose_recording::{ComposeRecording, compose_recording};
pub(crate) use remove_recording::{RemoveRecording, remove_recording};
