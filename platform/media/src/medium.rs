use serde::{Deserialize, Serialize};

/// What a published stream shows or carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// The participant's voice (Opus).
    Microphone,
    /// The participant's face (VP8).
    Camera,
    /// What the participant shows from their screen (VP8).
    Screen,
}

impl Medium {
    /// Whether it is a picture.
    #[must_use]
    pub fn is_video(self) -> bool {
        !matches!(self, Medium::Microphone)
    }

    /// Ticks of the RTP timestamp per second: RFC 7587 §4.1 for Opus, RFC 7741 §4.1 for VP8.
    pub(crate) fn clock_rate(self) -> u32 {
        if self.is_video() { 90_000 } else { 48_000 }
    }
}
