use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rtc::ice::mdns::MulticastDnsMode;
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_RTX, MIME_TYPE_VP8};
use rtc::peer_connection::transport::RTCDtlsRole;
use rtc::rtp_transceiver::rtp_sender::{RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind};
use tokio::sync::{mpsc, watch};
use webrtc::peer_connection::{
    MediaEngine, PeerConnectionBuilder, RTCConfigurationBuilder, Registry, SettingEngine,
    SettingEngineBuilder, SrtpProtectionProfile, configure_nack, configure_rtcp_reports,
    register_default_interceptors,
};
use webrtc::runtime::{Runtime, default_runtime};

use super::addresses::MediaAddresses;
use super::keyframes::{BEHIND_ALL_OTHERS, KeyFrameRequests};
use super::peer::{Handler, Peer, PeerError, PeerEvent, Role};
use crate::core::Medium;

/// Our numbers in what we offer; what publishers offer keeps theirs.
const OPUS_PAYLOAD_TYPE: u8 = 111;
const VP8_PAYLOAD_TYPE: u8 = 96;
const RTX_PAYLOAD_TYPE: u8 = 97;

/// Makes peer connections: host candidates only, no STUN, no mDNS, ICE-lite, one UDP port each.
pub(crate) struct Engine {
    bind: IpAddr,
    announced: Arc<[IpAddr]>,
    runtime: Arc<dyn Runtime>,
    held: Arc<AtomicUsize>,
    addresses: MediaAddresses,
}

/// Counts a peer for as long as it is held.
pub(crate) struct Held(Arc<AtomicUsize>);

impl Held {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Engine {
    pub(crate) fn new(bind: IpAddr, announced: IpAddr) -> Result<Self, PeerError> {
        let runtime = default_runtime().ok_or(PeerError::NoRuntime)?;
        // "Every interface" leaves out loopback: whoever announces that must listen there.
        let bind = if bind.is_unspecified() && announced.is_loopback() { announced } else { bind };
        let same = announced.is_unspecified() || announced == bind;
        let announced: Vec<IpAddr> = if same { Vec::new() } else { vec![announced] };
        Ok(Self {
            bind,
            announced: announced.into(),
            runtime,
            held: Arc::default(),
            addresses: MediaAddresses::default(),
        })
    }

    /// Peer connections that are open now.
    pub(crate) fn peers(&self) -> usize {
        self.held.load(Ordering::Acquire)
    }

    /// Where media are taken now.
    pub(crate) fn addresses(&self) -> &MediaAddresses {
        &self.addresses
    }

    /// Opens a peer connection that tells `events` what happens to it.
    pub(crate) async fn open(
        &self,
        role: Role,
        events: mpsc::UnboundedSender<PeerEvent>,
    ) -> Result<Peer, PeerError> {
        let (media, interceptors) = media(role).map_err(PeerError::Unavailable)?;
        let (gathered_tx, gathered) = watch::channel(false);
        let connection = PeerConnectionBuilder::new()
            .with_configuration(RTCConfigurationBuilder::new().build())
            .with_media_engine(media)
            .with_interceptor_registry(interceptors)
            .with_setting_engine(settings())
            .with_runtime(Arc::clone(&self.runtime))
            .with_handler(Arc::new(Handler::new(role, events, gathered_tx)))
            .with_udp_addrs(vec![SocketAddr::new(self.bind, 0)])
            .build()
            .await
            .map_err(PeerError::Unavailable)?;
        let (held, told) = (Held::new(&self.held), self.addresses.open());
        Ok(Peer::new(Arc::new(connection), gathered, Arc::clone(&self.announced), held, told))
    }
}

/// The number under which a medium leaves towards subscribers.
pub(crate) fn payload_type(medium: Medium) -> u8 {
    if medium.is_video() { VP8_PAYLOAD_TYPE } else { OPUS_PAYLOAD_TYPE }
}

pub(crate) fn kind(medium: Medium) -> RtpCodecKind {
    if medium.is_video() { RtpCodecKind::Video } else { RtpCodecKind::Audio }
}

pub(crate) fn codec(medium: Medium) -> RTCRtpCodec {
    if medium.is_video() {
        let feedback =
            |typ: &str, parameter: &str| RTCPFeedback { typ: typ.into(), parameter: parameter.into() };
        RTCRtpCodec {
            mime_type: MIME_TYPE_VP8.into(),
            clock_rate: 90_000,
            channels: 0,
            sdp_fmtp_line: String::new(),
            rtcp_feedback: vec![feedback("nack", ""), feedback("nack", "pli"), feedback("ccm", "fir")],
        }
    } else {
        RTCRtpCodec {
            mime_type: MIME_TYPE_OPUS.into(),
            clock_rate: 48_000,
            channels: 2,
            sdp_fmtp_line: "minptime=10;useinbandfec=1".into(),
            rtcp_feedback: Vec::new(),
        }
    }
}

/// Opus and VP8 with retransmission, nothing else: every browser has them, and one codec per kind means that what one
/// participant sends every other can decode.
fn media(role: Role) -> Result<(MediaEngine, Registry), webrtc::error::Error> {
    let mut media = MediaEngine::default();
    let opus =
        RTCRtpCodecParameters { rtp_codec: codec(Medium::Microphone), payload_type: OPUS_PAYLOAD_TYPE };
    let vp8 = RTCRtpCodecParameters { rtp_codec: codec(Medium::Camera), payload_type: VP8_PAYLOAD_TYPE };
    let retransmission = RTCRtpCodecParameters {
        rtp_codec: RTCRtpCodec {
            mime_type: MIME_TYPE_RTX.into(),
            clock_rate: 90_000,
            channels: 0,
            sdp_fmtp_line: format!("apt={VP8_PAYLOAD_TYPE}"),
            rtcp_feedback: Vec::new(),
        },
        payload_type: RTX_PAYLOAD_TYPE,
    };
    media.register_codec(opus, RtpCodecKind::Audio)?;
    media.register_codec(vp8, RtpCodecKind::Video)?;
    media.register_codec(retransmission, RtpCodecKind::Video)?;

    let interceptors = match role {
        // The publisher's browser adapts its rate to the transport-wide feedback.
        Role::Publish => register_default_interceptors(Registry::new(), &mut media)?,
        // No header extensions towards subscribers: their numbers would have to be mapped, and none is needed.
        Role::Subscribe => configure_rtcp_reports(configure_nack(Registry::new(), &mut media))
            .with(BEHIND_ALL_OTHERS, KeyFrameRequests::default()),
    };
    Ok((media, interceptors))
}

fn settings() -> SettingEngine {
    SettingEngineBuilder::new()
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        // A server with a known address only answers checks; the browser nominates (RFC 8445 §2.5).
        .with_lite(true)
        .with_include_loopback_candidate(true)
        // A browser that vanished is noticed by its WebSocket; these are the second line.
        .with_ice_timeouts(
            Some(Duration::from_secs(5)),
            Some(Duration::from_secs(15)),
            Some(Duration::from_secs(2)),
        )
        // We are the DTLS server towards everybody; the browser begins the handshake as soon as ICE is up.
        .with_answering_dtls_role(RTCDtlsRole::Server)
        // GCM costs a fifth of AES-CM per packet, but the crate follows the browser's order, and Chromium names AES-CM
        // first. Offering GCM alone makes Chromium take it, and shuts out browsers that lack it: not yet.
        .with_srtp_protection_profiles(vec![
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
            SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm,
            SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
        ])
        .build()
}
