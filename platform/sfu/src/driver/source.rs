use plenum_media::{Command, Medium, RecordedPacket, SourceId};
use tokio::sync::mpsc::UnboundedSender;

use super::worker::{Handle, Job};

/// A published stream that flows.
pub(crate) struct Source {
    pub(super) id: SourceId,
    medium: Medium,
    thread: Handle,
}

impl Source {
    pub(super) fn new(id: SourceId, medium: Medium, thread: Handle) -> Self {
        Self { id, medium, thread }
    }

    /// One that nobody sends.
    #[cfg(test)]
    pub(crate) fn of_nobody(medium: Medium) -> Self {
        Self::new(SourceId(0), medium, Handle::of_nobody())
    }

    pub(crate) fn id(&self) -> SourceId {
        self.id
    }

    pub(crate) fn medium(&self) -> Medium {
        self.medium
    }

    /// Tells `packets` from now on what comes of it, in place of whoever was told before; nobody, when there is none.
    pub(crate) fn record(&self, packets: Option<UnboundedSender<RecordedPacket>>) {
        self.thread.ask(Job::Record(self.id, packets));
    }

    /// Asks the publisher for a key frame, soon.
    pub(crate) fn ask_key_frame(&self) {
        self.thread.ask(Job::Command(Command::AskKeyFrame { source: self.id }));
    }
}
