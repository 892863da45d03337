use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::RTCSessionDescription;

use super::engine::Engine;
use super::peer::{Peer, PeerError, PeerEvent, Role};
use super::source::{self, Source};
use crate::core::Medium;

/// Which medium the participant sends in which section of the description.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct PublishedTrack {
    /// The section's `a=mid`.
    pub(crate) mid: String,
    pub(crate) source: Medium,
}

/// The way in: what one participant sends.
pub(crate) struct Publisher {
    peer: Peer,
    media: HashMap<u32, Medium>,
    tasks: JoinSet<Arc<Source>>,
}

impl Publisher {
    pub(crate) async fn open(
        engine: &Engine,
        events: mpsc::UnboundedSender<PeerEvent>,
    ) -> Result<Self, PeerError> {
        let peer = engine.open(Role::Publish, events).await?;
        Ok(Self { peer, media: HashMap::new(), tasks: JoinSet::new() })
    }

    /// Agrees to the participant's offer and returns the answer.
    pub(crate) async fn answer(&mut self, offer: Offer) -> Result<String, PeerError> {
        let connection = Arc::clone(self.peer.connection());
        connection.set_remote_description(offer.description).await.map_err(PeerError::Rejected)?;
        let answer = connection.create_answer(None).await.map_err(PeerError::Rejected)?;
        let sdp = self.peer.describe(answer).await?;
        self.media = offer.media;
        Ok(sdp)
    }

    /// Begins to forward a stream whose first packet has arrived. `None` for a stream that was not declared.
    pub(crate) async fn start(&mut self, track: Arc<dyn TrackRemote>) -> Option<Arc<Source>> {
        let ssrcs = track.ssrcs().await;
        let (ssrc, medium) = ssrcs.iter().find_map(|ssrc| Some((*ssrc, *self.media.get(ssrc)?)))?;
        let source = Arc::new(Source::new(medium));
        let forwarded = Arc::clone(&source);
        self.tasks.spawn(async move {
            source::run(track, ssrc, Arc::clone(&forwarded)).await;
            forwarded
        });
        Some(source)
    }

    /// The next stream that ends; never, while none runs.
    pub(crate) async fn ended(&mut self) -> Arc<Source> {
        loop {
            match self.tasks.join_next().await {
                Some(Ok(source)) => return source,
                Some(Err(error)) => tracing::error!(%error, "forwarding of a stream broke off"),
                None => std::future::pending().await,
            }
        }
    }

    pub(crate) async fn close(mut self) {
        self.peer.close().await;
        self.tasks.shutdown().await;
    }
}

/// A participant's offer, read and checked before any connection is touched: an unreadable one changes nothing.
pub(crate) struct Offer {
    description: RTCSessionDescription,
    media: HashMap<u32, Medium>,
}

impl Offer {
    pub(crate) fn parse(sdp: String, tracks: &[PublishedTrack]) -> Result<Self, PeerError> {
        let description =
            RTCSessionDescription::offer(sdp).map_err(|error| PeerError::Malformed(error.to_string()))?;
        let parsed = description.unmarshal().map_err(|error| PeerError::Malformed(error.to_string()))?;
        for required in ["ice-ufrag", "ice-pwd", "fingerprint"] {
            let somewhere = parsed.attribute(required).is_some()
                || parsed.media_descriptions.iter().any(|media| media.attribute(required).is_some());
            if !somewhere {
                return Err(PeerError::Malformed(format!("a={required} is missing")));
            }
        }
        let mut media = HashMap::new();
        for track in tracks {
            let section = parsed
                .media_descriptions
                .iter()
                .find(|section| section.attribute("mid").flatten() == Some(track.mid.as_str()))
                .ok_or_else(|| PeerError::Malformed(format!("there is no section with mid {}", track.mid)))?;
            let expected = if track.source.is_video() { "video" } else { "audio" };
            if section.media_name.media != expected {
                return Err(PeerError::Malformed(format!("section {} is not {expected}", track.mid)));
            }
            let ssrcs =
                section.attributes.iter().filter(|attribute| attribute.key == "ssrc").filter_map(
                    |attribute| attribute.value.as_deref()?.split(' ').next()?.parse::<u32>().ok(),
                );
            media.extend(ssrcs.map(|ssrc| (ssrc, track.source)));
        }
        Ok(Self { description, media })
    }
}

#[cfg(test)]
mod tests {
    use super::{Offer, PublishedTrack};
    use crate::core::Medium;
    use crate::driver::PeerError;

    const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n\
        a=fingerprint:sha-256 00:11\r\na=setup:actpass\r\na=mid:0\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\n\
        a=ssrc:1001 cname:x\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n\
        a=ssrc-group:FID 2001 2002\r\na=ssrc:2001 cname:x\r\na=ssrc:2002 cname:x\r\n";

    fn track(mid: &str, source: Medium) -> PublishedTrack {
        PublishedTrack { mid: mid.into(), source }
    }

    #[test]
    fn streams_are_known_by_the_sections_that_declare_them() {
        let tracks = [track("0", Medium::Microphone), track("1", Medium::Screen)];
        let offer = Offer::parse(OFFER.into(), &tracks).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(offer.media.get(&1001), Some(&Medium::Microphone));
        assert_eq!(offer.media.get(&2001), Some(&Medium::Screen));
        assert_eq!(offer.media.get(&3001), None);
    }

    #[test]
    fn what_is_no_offer_is_malformed() {
        let without_ice = OFFER.replace("a=ice-ufrag:abcd\r\n", "");
        for (sdp, tracks) in [
            ("", vec![]),
            ("hello", vec![]),
            ("v=0\r\nm=audio", vec![]),
            (without_ice.as_str(), vec![]),
            (OFFER, vec![track("7", Medium::Camera)]),
            (OFFER, vec![track("0", Medium::Camera)]),
        ] {
            let result = Offer::parse(sdp.into(), &tracks);
            assert!(matches!(result, Err(PeerError::Malformed(_))), "{sdp:?}");
        }
    }
}
