use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp;
use tokio::sync::Notify;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};

use super::subscriber::SharedOutlet;
use crate::core::{Medium, SlotId};

/// Key frames are many times larger than others; a publisher is asked for one at most this often, however many
/// subscribers want one.
const KEY_FRAME_INTERVAL: Duration = Duration::from_millis(300);

/// A published stream and those that it is forwarded to.
pub(crate) struct Source {
    medium: Medium,
    taps: Mutex<Vec<Tap>>,
    key_frame_wanted: Notify,
}

/// Weak, because an outlet in turn holds its sources: neither keeps the other alive beyond its owner.
struct Tap {
    outlet: Weak<SharedOutlet>,
    slot: SlotId,
}

impl Source {
    pub(crate) fn new(medium: Medium) -> Self {
        Self { medium, taps: Mutex::default(), key_frame_wanted: Notify::new() }
    }

    pub(crate) fn medium(&self) -> Medium {
        self.medium
    }

    /// Asks the publisher for a key frame, soon.
    pub(crate) fn ask_key_frame(&self) {
        if self.medium.is_video() {
            self.key_frame_wanted.notify_one();
        }
    }

    pub(super) fn connect(&self, outlet: &Arc<SharedOutlet>, slot: SlotId) {
        self.taps().push(Tap { outlet: Arc::downgrade(outlet), slot });
        self.ask_key_frame();
    }

    pub(super) fn disconnect(&self, outlet: &Arc<SharedOutlet>, slot: SlotId) {
        self.taps().retain(|tap| {
            tap.outlet.strong_count() > 0
                && !(tap.slot == slot && std::ptr::eq(tap.outlet.as_ptr(), Arc::as_ptr(outlet)))
        });
    }

    /// Hands a packet to every outlet. None of them can make it wait.
    pub(super) fn forward(&self, mut packet: rtp::Packet) {
        // Extension numbers belong to the publisher's own negotiation.
        packet.header.extension = false;
        packet.header.extensions.clear();
        let mut wants_key_frame = false;
        for tap in self.taps().iter() {
            if let Some(outlet) = tap.outlet.upgrade() {
                wants_key_frame |= outlet.push(tap.slot, packet.clone());
            }
        }
        if wants_key_frame {
            self.ask_key_frame();
        }
    }

    fn taps(&self) -> MutexGuard<'_, Vec<Tap>> {
        // A list of taps is valid whatever its holder was about to do with it.
        self.taps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forwards a published stream until it ends.
pub(super) async fn run(track: Arc<dyn TrackRemote>, ssrc: u32, source: Arc<Source>) {
    let requests = source.medium.is_video().then(|| {
        tokio::spawn(request_key_frames(Arc::clone(&track), ssrc, Arc::clone(&source))).abort_handle()
    });
    while let Some(event) = track.poll().await {
        match event {
            TrackRemoteEvent::OnRtpPacket(packet) => source.forward(packet),
            TrackRemoteEvent::OnEnded | TrackRemoteEvent::OnError => break,
            _ => {}
        }
    }
    if let Some(requests) = requests {
        requests.abort();
    }
}

async fn request_key_frames(track: Arc<dyn TrackRemote>, ssrc: u32, source: Arc<Source>) {
    loop {
        source.key_frame_wanted.notified().await;
        let request = PictureLossIndication { sender_ssrc: 0, media_ssrc: ssrc };
        if track.write_rtcp(vec![Box::new(request)]).await.is_err() {
            return;
        }
        // Requests that come meanwhile are answered by one more, after the interval.
        tokio::time::sleep(KEY_FRAME_INTERVAL).await;
    }
}
