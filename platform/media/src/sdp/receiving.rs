//! What we offer to send.

use super::{
    AUDIO_LEVEL, AUDIO_LEVEL_ID, Local, OPUS, Remote, SdpError, TRANSPORT_CC, TRANSPORT_CC_ID, VP8, VP8_RTX,
    codec, extensions, head, line, parse, remote, transport, value,
};
use crate::medium::Medium;

/// A stream that we offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// What it carries.
    pub medium: Medium,
    /// Streams of the same name play in step.
    pub stream: String,
    pub(crate) ssrc: u32,
    pub(crate) rtx: Option<u32>,
    pub(crate) numbers: Numbering,
}

/// What codecs and header extensions are called in a stream: by us in what we offer, by the other side in what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbering {
    pub(crate) payload_type: u8,
    /// Of packets that are sent again.
    pub(crate) rtx: Option<u8>,
    pub(crate) audio_level: Option<u8>,
    pub(crate) transport_cc: Option<u8>,
}

impl Numbering {
    fn ours(medium: Medium) -> Self {
        let transport_cc = Some(TRANSPORT_CC_ID);
        if medium.is_video() {
            Self { payload_type: VP8, rtx: Some(VP8_RTX), audio_level: None, transport_cc }
        } else {
            Self { payload_type: OPUS, rtx: None, audio_level: Some(AUDIO_LEVEL_ID), transport_cc }
        }
    }
}

impl Outgoing {
    /// A stream with numbers that nothing else has.
    #[must_use]
    pub fn new(medium: Medium, stream: String) -> Self {
        Self::with(medium, stream, Numbering::ours(medium))
    }

    pub(super) fn with(medium: Medium, stream: String, numbers: Numbering) -> Self {
        let rtx = numbers.rtx.map(|_| rand::random());
        Self { medium, stream, ssrc: rand::random(), rtx, numbers }
    }

    /// The number of its packets.
    #[must_use]
    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// The number of packets that are sent again; of pictures.
    #[must_use]
    pub fn rtx(&self) -> Option<u32> {
        self.rtx
    }
}

/// Our offer of these streams, in their order: the section of each has its place as its `a=mid`.
#[must_use]
pub fn offer(local: &Local, version: u64, streams: &[Outgoing]) -> String {
    let mut sdp = head(version);
    let mids: Vec<String> = (0..streams.len()).map(|mid| mid.to_string()).collect();
    line(&mut sdp, format_args!("a=group:BUNDLE {}", mids.join(" ")));
    for (stream, mid) in streams.iter().zip(&mids) {
        outgoing(&mut sdp, local, mid, stream, "actpass");
    }
    sdp
}

/// What the other side says to our offer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(crate) remote: Remote,
    /// For each section in its order, whether it is taken.
    pub(crate) accepted: Vec<bool>,
    /// What the number of a packet among all of the transport is called, when packets may carry it.
    pub(crate) transport_cc: Option<u8>,
}

impl Answer {
    /// Reads it.
    ///
    /// # Errors
    /// [`SdpError`] when it cannot be read, or the other side would not begin the handshake.
    pub fn parse(sdp: &str) -> Result<Self, SdpError> {
        let parsed = parse(sdp)?;
        let remote = remote(&parsed)?;
        let mut accepted = Vec::new();
        let mut transport_cc = None;
        for section in &parsed.media_descriptions {
            if value(section, "setup") == Some("passive") {
                return Err(SdpError::Rejected("both sides would wait for the other".to_owned()));
            }
            let takes = !["sendonly", "inactive"].iter().any(|way| section.attribute(way).is_some());
            let is_taken = takes && section.media_name.port.value != 0;
            if is_taken && extensions(section).transport_cc == Some(TRANSPORT_CC_ID) {
                transport_cc = Some(TRANSPORT_CC_ID);
            }
            accepted.push(is_taken);
        }
        Ok(Self { remote, accepted, transport_cc })
    }
}

/// A section of a stream that we send.
pub(super) fn outgoing(sdp: &mut String, local: &Local, mid: &str, stream: &Outgoing, setup: &str) {
    let Outgoing { medium, stream, ssrc, rtx, numbers } = stream;
    let kind = if medium.is_video() { "video" } else { "audio" };
    let Numbering { payload_type, rtx: repair, audio_level, transport_cc } = *numbers;
    let types: Vec<String> = [Some(payload_type), repair].iter().flatten().map(ToString::to_string).collect();
    line(sdp, format_args!("m={kind} 9 UDP/TLS/RTP/SAVPF {}", types.join(" ")));
    transport(sdp, local, mid, setup);
    line(sdp, format_args!("a=sendonly"));
    line(sdp, format_args!("a=msid:{stream} {stream}-{mid}"));
    codec(sdp, *medium, payload_type, repair);
    if medium.is_video() {
        for feedback in ["nack", "nack pli", "ccm fir"] {
            line(sdp, format_args!("a=rtcp-fb:{payload_type} {feedback}"));
        }
    }
    if let Some(id) = audio_level {
        line(sdp, format_args!("a=extmap:{id} {AUDIO_LEVEL}"));
    }
    if let Some(id) = transport_cc {
        line(sdp, format_args!("a=rtcp-fb:{payload_type} transport-cc"));
        line(sdp, format_args!("a=extmap:{id} {TRANSPORT_CC}"));
    }
    if let Some(rtx) = rtx {
        line(sdp, format_args!("a=ssrc-group:FID {ssrc} {rtx}"));
    }
    // The first is the media to Chromium, whatever the group says.
    line(sdp, format_args!("a=ssrc:{ssrc} cname:{stream}"));
    if let Some(rtx) = rtx {
        line(sdp, format_args!("a=ssrc:{rtx} cname:{stream}"));
    }
}
