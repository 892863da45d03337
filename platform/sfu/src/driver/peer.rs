use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionEventHandler, RTCIceGatheringState, RTCPeerConnectionState,
    RTCSessionDescription,
};

use super::addresses::Told;
use super::candidates::announce;
use super::engine::Held;

/// Gathering host candidates asks no server; it takes this long only if something is broken.
const GATHERING_LIMIT: Duration = Duration::from_secs(2);

/// Which way media flows, seen from the participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// From the participant to us; the participant offers.
    Publish,
    /// From us to the participant; we offer.
    Subscribe,
}

/// What a peer connection reports to its session.
pub(crate) enum PeerEvent {
    /// Media can flow.
    Connected(Role),
    /// The transport is lost for good.
    Failed(Role),
    /// The first packet of a stream has arrived.
    Track(Arc<dyn TrackRemote>),
}

/// Why a peer connection could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeerError {
    /// Not within a tokio runtime.
    #[error("media needs an asynchronous runtime")]
    NoRuntime,
    /// No socket, or another failure on our side.
    #[error("the media connection could not be set up")]
    Unavailable(#[source] webrtc::error::Error),
    /// The description is no SDP, or lacks what each must have.
    #[error("the session description cannot be read: {0}")]
    Malformed(String),
    /// The description is well-formed, but cannot be agreed to.
    #[error("the session description cannot be agreed to")]
    Rejected(#[source] webrtc::error::Error),
}

/// A peer connection. The crate keeps the socket and the task of one that is merely dropped, so this type closes it
/// in any case.
pub(crate) struct Peer {
    connection: Arc<dyn PeerConnection>,
    gathered: watch::Receiver<bool>,
    announced: Arc<[IpAddr]>,
    /// Given up when the connection is closed.
    held: Option<Held>,
    /// Given up before that: nobody is to be led to a port that may be another's the next moment.
    told: Option<Told>,
}

impl Peer {
    pub(super) fn new(
        connection: Arc<dyn PeerConnection>,
        gathered: watch::Receiver<bool>,
        announced: Arc<[IpAddr]>,
        held: Held,
        told: Told,
    ) -> Self {
        Self { connection, gathered, announced, held: Some(held), told: Some(told) }
    }

    pub(super) fn connection(&self) -> &Arc<dyn PeerConnection> {
        &self.connection
    }

    /// Takes our own description into use and returns it with our candidates.
    pub(super) async fn describe(&mut self, description: RTCSessionDescription) -> Result<String, PeerError> {
        self.connection.set_local_description(description).await.map_err(PeerError::Unavailable)?;
        let gathering = self.gathered.wait_for(|complete| *complete);
        if tokio::time::timeout(GATHERING_LIMIT, gathering).await.is_err() {
            tracing::warn!("gathering of candidates did not end; going on with what is there");
        }
        let description = self
            .connection
            .local_description()
            .await
            .ok_or(PeerError::Unavailable(webrtc::error::Error::ErrConnectionClosed))?;
        if let Some(told) = &mut self.told {
            told.tell(&description.sdp, &self.announced);
        }
        Ok(announce(&description.sdp, &self.announced))
    }

    /// Ends the connection and frees its socket and tasks.
    pub(super) async fn close(mut self) {
        drop(self.told.take());
        if let Some(held) = self.held.take() {
            close(Arc::clone(&self.connection), held).await;
        }
    }
}

impl Drop for Peer {
    /// A session that broke off has not closed its peers.
    fn drop(&mut self) {
        drop(self.told.take());
        if let Some(held) = self.held.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(close(Arc::clone(&self.connection), held));
        }
    }
}

async fn close(connection: Arc<dyn PeerConnection>, held: Held) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "a peer connection did not close cleanly");
    }
    drop(held);
}

/// Receives the crate's callbacks. They run on the connection's own task, so they only pass on.
pub(super) struct Handler {
    role: Role,
    events: mpsc::UnboundedSender<PeerEvent>,
    gathered: watch::Sender<bool>,
}

impl Handler {
    pub(super) fn new(
        role: Role,
        events: mpsc::UnboundedSender<PeerEvent>,
        gathered: watch::Sender<bool>,
    ) -> Self {
        Self { role, events, gathered }
    }

    /// A session that has ended has no use for events.
    fn tell(&self, event: PeerEvent) {
        let _ = self.events.send(event);
    }
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.gathered.send_replace(true);
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        match state {
            RTCPeerConnectionState::Connected => self.tell(PeerEvent::Connected(self.role)),
            RTCPeerConnectionState::Failed => self.tell(PeerEvent::Failed(self.role)),
            _ => {}
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        self.tell(PeerEvent::Track(track));
    }
}
