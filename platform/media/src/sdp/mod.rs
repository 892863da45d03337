//! Session descriptions (RFC 8866, RFC 8829): as much as a server needs that takes Opus and VP8 and sends what it took.

mod publishing;
mod receiving;
mod watching;

use std::fmt::Write as _;
use std::io::Cursor;
use std::net::SocketAddr;

use rtc::sdp::SessionDescription;
use rtc::sdp::description::media::MediaDescription;

use crate::dtls::Fingerprint;
use crate::ice::Credentials;
use crate::medium::Medium;

pub use publishing::{Incoming, Offer, PublishedTrack};
pub(crate) use receiving::Numbering;
pub use receiving::{Answer, Outgoing, offer};
pub use watching::Request;

/// Our numbers in what we offer; what publishers offer keeps theirs.
pub(crate) const OPUS: u8 = 111;
pub(crate) const VP8: u8 = 96;
pub(crate) const VP8_RTX: u8 = 97;

/// Header extensions by their names.
const AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
const REPAIRED_RID: &str = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
const TRANSPORT_CC: &str = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
/// Our numbers of those that we send.
pub(crate) const AUDIO_LEVEL_ID: u8 = 1;
pub(crate) const TRANSPORT_CC_ID: u8 = 3;
/// What the other side is asked for (RFC 7587 §6.1): to repair itself, and to send next to nothing while nobody speaks.
const OPUS_PARAMETERS: &str = "minptime=10;useinbandfec=1;usedtx=1";

/// Why a description was not agreed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// It is no description, or lacks what each must have.
    #[error("the session description cannot be read: {0}")]
    Malformed(String),
    /// It is one, but not of a session that we can take part in.
    #[error("the session description cannot be agreed to: {0}")]
    Rejected(String),
}

fn malformed(why: impl Into<String>) -> SdpError {
    SdpError::Malformed(why.into())
}

/// How the other side is reached and known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    pub(crate) credentials: Credentials,
    pub(crate) fingerprint: Fingerprint,
}

/// How this side is reached and known.
#[derive(Debug, Clone)]
pub struct Local {
    /// The name and the key of its checks.
    pub credentials: Credentials,
    /// Its certificate.
    pub fingerprint: Fingerprint,
    /// Where it takes datagrams.
    pub udp: Vec<SocketAddr>,
    /// Where it takes streams (RFC 6544).
    pub tcp: Vec<SocketAddr>,
}

/// Numbering that the other side gave to header extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Extensions {
    pub(crate) mid: Option<u8>,
    pub(crate) rid: Option<u8>,
    pub(crate) repaired_rid: Option<u8>,
    pub(crate) audio_level: Option<u8>,
    pub(crate) transport_cc: Option<u8>,
}

impl Remote {
    /// The name and the key of its checks.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }
}

fn parse(sdp: &str) -> Result<SessionDescription, SdpError> {
    if !sdp.is_ascii() && sdp.len() > 1 << 20 {
        return Err(malformed("it is too long"));
    }
    SessionDescription::unmarshal(&mut Cursor::new(sdp.as_bytes()))
        .map_err(|error| malformed(error.to_string()))
}

/// The attribute of a section, or of the whole description.
fn anywhere<'a>(parsed: &'a SessionDescription, key: &str) -> Result<&'a str, SdpError> {
    parsed
        .attribute(key)
        .map(String::as_str)
        .or_else(|| parsed.media_descriptions.iter().find_map(|section| value(section, key)))
        .ok_or_else(|| malformed(format!("a={key} is missing")))
}

fn remote(parsed: &SessionDescription) -> Result<Remote, SdpError> {
    let credentials = Credentials {
        ufrag: anywhere(parsed, "ice-ufrag")?.to_owned(),
        password: anywhere(parsed, "ice-pwd")?.to_owned(),
    };
    let fingerprint = anywhere(parsed, "fingerprint")?;
    let fingerprint = fingerprint
        .split_once(' ')
        .filter(|(algorithm, _)| algorithm.eq_ignore_ascii_case("sha-256"))
        .and_then(|(_, value)| Fingerprint::parse(value.trim()))
        .ok_or_else(|| malformed("a=fingerprint is no SHA-256"))?;
    Ok(Remote { credentials, fingerprint })
}

/// The bundle of a description. Without one there may be one section only.
fn group(parsed: &SessionDescription, accepted: usize) -> Result<Option<String>, SdpError> {
    let group = parsed.attribute("group").filter(|group| group.starts_with("BUNDLE")).cloned();
    if accepted > 1 && group.is_none() {
        return Err(SdpError::Rejected("its sections are not bundled".to_owned()));
    }
    Ok(group)
}

/// The numbers of the codec that we know in a section, and of what repairs it; `None` when it has none.
fn codecs(section: &MediaDescription, medium: Medium) -> Option<(u8, Option<u8>)> {
    let wanted = if medium.is_video() { "VP8/90000" } else { "opus/48000/2" };
    let numbered = |wanted: &'static str| {
        values(section, "rtpmap").filter_map(move |map| {
            let (number, codec) = map.split_once(' ')?;
            codec.eq_ignore_ascii_case(wanted).then(|| number.parse::<u8>().ok()).flatten()
        })
    };
    let payload_type = numbered(wanted).next()?;
    let repairs = |number: &u8| {
        values(section, "fmtp").any(|one| {
            one.split_once(' ').is_some_and(|(of, parameters)| {
                of.parse() == Ok(*number)
                    && parameters.split(';').any(|one| one.trim() == format!("apt={payload_type}"))
            })
        })
    };
    Some((payload_type, numbered("rtx/90000").find(repairs)))
}

fn value<'a>(section: &'a MediaDescription, key: &str) -> Option<&'a str> {
    section.attribute(key).flatten()
}

fn values<'a>(section: &'a MediaDescription, key: &'a str) -> impl Iterator<Item = &'a str> {
    section.attributes.iter().filter(move |one| one.key == key).filter_map(|one| one.value.as_deref())
}

fn extensions(section: &MediaDescription) -> Extensions {
    let mut found = Extensions::default();
    for map in values(section, "extmap") {
        let Some((id, name)) = map.split_once(' ') else { continue };
        // A number may have a direction behind it, a name parameters.
        let id = id.split('/').next().and_then(|id| id.parse::<u8>().ok());
        let name = name.split(' ').next().unwrap_or_default();
        match name {
            MID => found.mid = id,
            RID => found.rid = id,
            REPAIRED_RID => found.repaired_rid = id,
            AUDIO_LEVEL => found.audio_level = id,
            TRANSPORT_CC => found.transport_cc = id,
            _ => {}
        }
    }
    found
}

fn line(sdp: &mut String, text: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = sdp.write_fmt(text);
    sdp.push_str("\r\n");
}

fn head(version: u64) -> String {
    let mut sdp = String::with_capacity(4_096);
    line(&mut sdp, format_args!("v=0"));
    line(&mut sdp, format_args!("o=- 1 {version} IN IP4 0.0.0.0"));
    line(&mut sdp, format_args!("s=-"));
    line(&mut sdp, format_args!("t=0 0"));
    line(&mut sdp, format_args!("a=ice-lite"));
    line(&mut sdp, format_args!("a=msid-semantic:WMS *"));
    sdp
}

/// A section that is not taken.
fn refused_section(sdp: &mut String, kind: &str, protocol: &str, mid: &str) {
    line(sdp, format_args!("m={kind} 0 {protocol} 0"));
    line(sdp, format_args!("c=IN IP4 0.0.0.0"));
    line(sdp, format_args!("a=mid:{mid}"));
    line(sdp, format_args!("a=inactive"));
}

fn transport(sdp: &mut String, local: &Local, mid: &str, setup: &str) {
    line(sdp, format_args!("c=IN IP4 0.0.0.0"));
    line(sdp, format_args!("a=mid:{mid}"));
    line(sdp, format_args!("a=fingerprint:sha-256 {}", local.fingerprint));
    line(sdp, format_args!("a=setup:{setup}"));
    line(sdp, format_args!("a=rtcp-mux"));
    line(sdp, format_args!("a=rtcp-rsize"));
    path(sdp, local);
}

/// How this side is reached.
fn path(sdp: &mut String, local: &Local) {
    line(sdp, format_args!("a=ice-ufrag:{}", local.credentials.ufrag));
    line(sdp, format_args!("a=ice-pwd:{}", local.credentials.password));
    for (place, address) in local.udp.iter().enumerate() {
        // Of a host; the first address is preferred (RFC 8445 §5.1.2.1).
        let priority = 126 << 24 | (65_535 - place) << 8 | 255;
        let (ip, port) = (address.ip(), address.port());
        line(sdp, format_args!("a=candidate:{} 1 udp {priority} {ip} {port} typ host", place + 1));
    }
    for (place, address) in local.tcp.iter().enumerate() {
        let priority = 90 << 24 | (65_535 - place) << 8 | 255;
        let (ip, port, foundation) = (address.ip(), address.port(), place + 101);
        line(
            sdp,
            format_args!("a=candidate:{foundation} 1 tcp {priority} {ip} {port} typ host tcptype passive"),
        );
    }
    line(sdp, format_args!("a=end-of-candidates"));
}

/// A fragment that tells where this side is reached from now on (RFC 8840 §9, RFC 9725 §4.3.3).
fn fragment(local: &Local, group: Option<&str>, section: Option<(&str, &str, &str)>) -> String {
    let mut sdp = String::with_capacity(1_024);
    line(&mut sdp, format_args!("a=ice-lite"));
    if let Some(group) = group {
        line(&mut sdp, format_args!("a=group:{group}"));
    }
    if let Some((kind, protocol, mid)) = section {
        line(&mut sdp, format_args!("m={kind} 9 {protocol} 0"));
        line(&mut sdp, format_args!("a=mid:{mid}"));
    }
    path(&mut sdp, local);
    sdp
}

/// The name and the key in a fragment of a description, when it has both: with other ones than before the path begins anew.
///
/// # Errors
/// [`SdpError::Malformed`] when it has one of them only.
pub fn credentials_of(fragment: &str) -> Result<Option<Credentials>, SdpError> {
    let named = |key: &str| {
        fragment
            .lines()
            .find_map(|line| line.trim_end().strip_prefix("a=")?.strip_prefix(key)?.strip_prefix(':'))
    };
    match (named("ice-ufrag"), named("ice-pwd")) {
        (Some(ufrag), Some(password)) => {
            Ok(Some(Credentials { ufrag: ufrag.to_owned(), password: password.to_owned() }))
        }
        (None, None) => Ok(None),
        _ => Err(malformed("a=ice-ufrag and a=ice-pwd belong together")),
    }
}

fn codec(sdp: &mut String, medium: Medium, payload_type: u8, repair: Option<u8>) {
    if medium.is_video() {
        line(sdp, format_args!("a=rtpmap:{payload_type} VP8/90000"));
        if let Some(repair) = repair {
            line(sdp, format_args!("a=rtpmap:{repair} rtx/90000"));
            line(sdp, format_args!("a=fmtp:{repair} apt={payload_type}"));
        }
    } else {
        line(sdp, format_args!("a=rtpmap:{payload_type} opus/48000/2"));
        line(sdp, format_args!("a=fmtp:{payload_type} {OPUS_PARAMETERS}"));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FINGERPRINT: &str = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:\
                               00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    pub(super) fn sample() -> String {
        format!(
            "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n\
             m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n\
             a=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 {FINGERPRINT}\r\na=setup:actpass\r\n\
             a=mid:0\r\na=sendonly\r\na=rtpmap:63 red/48000/2\r\na=rtpmap:111 opus/48000/2\r\n\
             a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on\r\n\
             a=rtcp-fb:111 transport-cc\r\na=ssrc:1001 cname:x\r\na=ssrc:1001 msid:a b\r\n\
             m=video 9 UDP/TLS/RTP/SAVPF 98 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendonly\r\n\
             a=rtpmap:98 VP9/90000\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n\
             a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 goog-remb\r\n\
             a=ssrc-group:FID 2001 2002\r\na=ssrc:2001 cname:x\r\na=ssrc:2002 cname:x\r\n\
             m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=sendonly\r\n\
             a=rtpmap:96 VP8/90000\r\na=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
             a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n\
             a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send f;h;~q\r\n"
        )
    }

    fn track(mid: &str, source: Medium) -> PublishedTrack {
        PublishedTrack { mid: mid.into(), source }
    }

    pub(super) fn local() -> Local {
        Local {
            credentials: Credentials { ufrag: "ours".into(), password: "ours-ours-ours-ours-ours".into() },
            fingerprint: Fingerprint([7; 32]),
            udp: vec!["192.0.2.7:7000".parse().expect("an address")],
            tcp: vec!["[2001:db8::7]:7000".parse().expect("an address")],
        }
    }

    fn all() -> Vec<PublishedTrack> {
        vec![track("0", Medium::Microphone), track("1", Medium::Screen), track("2", Medium::Camera)]
    }

    #[test]
    fn streams_are_known_by_the_sections_that_declare_them() {
        let offer = Offer::parse(&sample(), Some(&all())).expect("an offer");
        let [voice, screen, camera] = &offer.incoming()[..] else { panic!("three streams") };
        assert_eq!((voice.payload_type, voice.extensions.audio_level), (111, Some(14)));
        assert_eq!(voice.ssrcs, [(1001, None)]);
        assert_eq!(
            (screen.medium, screen.payload_type, screen.rtx_payload_type),
            (Medium::Screen, 96, Some(97))
        );
        assert_eq!(screen.ssrcs, [(2001, Some(2002))]);
        assert_eq!(camera.rids, ["f", "h", "q"]);
        assert_eq!((camera.extensions.mid, camera.extensions.rid), (Some(4), Some(10)));
        assert_eq!(offer.remote().credentials.ufrag, "abcd");
    }

    #[test]
    fn the_answer_takes_what_is_known_and_nothing_else() {
        let offer = Offer::parse(&sample(), Some(&all()[..2])).expect("an offer");
        let answer = offer.answer(&local());
        for wanted in [
            "a=group:BUNDLE 0 1\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n",
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n",
            "m=video 0 UDP/TLS/RTP/SAVPF 0\r\n",
            "a=setup:passive\r\n",
            "a=ice-lite\r\n",
            "a=rtcp-fb:96 nack pli\r\n",
            "a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n",
            "a=candidate:1 1 udp 2130706431 192.0.2.7 7000 typ host\r\n",
            "2001:db8::7 7000 typ host tcptype passive\r\n",
        ] {
            assert!(answer.contains(wanted), "{wanted} is not in\n{answer}");
        }
        for unwanted in ["goog-remb", "VP9", "red/", "a=sendonly"] {
            assert!(!answer.contains(unwanted), "{unwanted} is in\n{answer}");
        }
        parse(&answer).expect("an answer is a description");
    }

    #[test]
    fn layers_are_taken_as_they_are_offered() {
        let answer = Offer::parse(&sample(), Some(&all())).expect("an offer").answer(&local());
        assert!(
            answer.contains("a=rid:h recv\r\n") && answer.contains("a=simulcast:recv f;h;q\r\n"),
            "{answer}"
        );
    }

    #[test]
    fn without_names_sections_are_what_they_seem() {
        let offer = Offer::parse(&sample(), None).expect("an offer");
        let media: Vec<Medium> = offer.incoming().iter().map(|one| one.medium).collect();
        assert_eq!(media, [Medium::Microphone, Medium::Camera, Medium::Camera]);
    }

    #[test]
    fn what_is_no_offer_is_malformed() {
        let sample = sample();
        let without = |line: &str| sample.replace(line, "");
        for (sdp, tracks) in [
            (String::new(), vec![]),
            ("hello".to_owned(), vec![]),
            ("v=0\r\nm=audio".to_owned(), vec![]),
            (without("a=ice-ufrag:abcd\r\n"), vec![]),
            (sample.replace("sha-256", "md5"), vec![]),
            (sample.clone(), vec![track("7", Medium::Camera)]),
            (sample.clone(), vec![track("0", Medium::Camera)]),
        ] {
            let result = Offer::parse(&sdp, Some(&tracks));
            assert!(matches!(result, Err(SdpError::Malformed(_))), "{sdp:?}");
        }
        let apart = Offer::parse(&without("a=group:BUNDLE 0 1 2\r\n"), Some(&all()));
        assert!(matches!(apart, Err(SdpError::Rejected(_))));
    }

    #[test]
    fn an_offer_of_ours_is_read_by_what_reads_offers() {
        let streams = [
            Outgoing::new(Medium::Microphone, "seat-0".into()),
            Outgoing::new(Medium::Camera, "seat-0".into()),
        ];
        let sdp = offer(&local(), 3, &streams);
        let read = Offer::parse(&sdp, None).expect("an offer");
        let [voice, camera] = &read.incoming()[..] else { panic!("two streams") };
        assert_eq!((voice.payload_type, &voice.ssrcs[..]), (OPUS, &[(streams[0].ssrc, None)][..]));
        assert_eq!(camera.ssrcs, [(streams[1].ssrc, streams[1].rtx)]);
        assert_eq!(camera.extensions.transport_cc, Some(TRANSPORT_CC_ID));
    }

    #[test]
    fn answers_tell_what_is_taken() {
        let answer = format!(
            "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
             a=fingerprint:sha-256 {FINGERPRINT}\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n\
             m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=recvonly\r\na=setup:active\r\n\
             a=extmap:3 {TRANSPORT_CC}\r\n\
             m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=inactive\r\n"
        );
        let read = Answer::parse(&answer).expect("an answer");
        assert_eq!((&read.accepted[..], read.transport_cc), (&[true, false][..], Some(3)));
        let waits = answer.replace("setup:active", "setup:passive");
        assert!(matches!(Answer::parse(&waits), Err(SdpError::Rejected(_))));
    }

    proptest! {
        #[test]
        fn no_text_confuses_the_reader(
            cut in 0..2_000_usize,
            noise in "\\PC{0,20}",
            word in prop::sample::select(vec!["9", "111", "a=", "FID", "mid", "IN", ";", " ", "UDP"]),
        ) {
            let sample = sample();
            let cut = cut.min(sample.len());
            let _ = Offer::parse(&format!("{}{noise}{}", &sample[..cut], &sample[cut..]), None);
            let _ = Answer::parse(&sample.replacen(word, &noise, 1));
            let _ = Request::parse(&sample.replace(word, &noise).replace("sendonly", "recvonly"));
            let _ = Offer::parse(&sample.replace(word, &noise), Some(&all()));
        }
    }
}
