//! What somebody asks to be sent, as players do (WHEP: draft-ietf-wish-whep): the other side offers to receive.

use rtc::sdp::description::media::MediaDescription;

use super::{
    Local, Numbering, Outgoing, Remote, SdpError, codecs, extensions, fragment, group, head, line, malformed,
    parse,
    receiving::{Answer, outgoing},
    refused_section, remote, value,
};
use crate::ice::Credentials;
use crate::medium::Medium;

/// What somebody offers to receive, read and checked.
#[derive(Debug, Clone)]
pub struct Request {
    remote: Remote,
    session: u64,
    sections: Vec<Asked>,
    group: Option<String>,
}

/// A section of a request.
#[derive(Debug, Clone)]
struct Asked {
    mid: String,
    kind: String,
    protocol: String,
    accepted: Option<(Medium, Numbering)>,
}

impl Request {
    /// Reads a request: sections that take sound or pictures in a codec that we know are sent something.
    ///
    /// # Errors
    /// [`SdpError`] when it cannot be read, or asks for nothing that we have.
    pub fn parse(sdp: &str) -> Result<Self, SdpError> {
        let parsed = parse(sdp)?;
        let remote = remote(&parsed)?;
        let sections: Vec<Asked> = parsed.media_descriptions.iter().map(Asked::read).collect();
        if parsed.media_descriptions.iter().any(|section| value(section, "setup") == Some("passive")) {
            return Err(SdpError::Rejected("both sides would wait for the other".to_owned()));
        }
        let accepted = sections.iter().filter(|section| section.accepted.is_some()).count();
        if sections.is_empty() {
            return Err(malformed("it has no section"));
        }
        if accepted == 0 {
            return Err(SdpError::Rejected("it takes neither Opus nor VP8".to_owned()));
        }
        Ok(Self {
            remote,
            session: parsed.origin.session_version,
            group: group(&parsed, accepted)?,
            sections,
        })
    }

    /// The other side.
    #[must_use]
    pub fn remote(&self) -> &Remote {
        &self.remote
    }

    /// A stream for each section that is sent something, in their order. Those of one name play in step.
    #[must_use]
    pub fn streams(&self, name: &str) -> Vec<Outgoing> {
        let accepted = self.sections.iter().filter_map(|section| section.accepted);
        accepted.map(|(medium, numbers)| Outgoing::with(medium, name.to_owned(), numbers)).collect()
    }

    /// The answer: `streams` are those of [`streams`](Self::streams).
    #[must_use]
    pub fn answer(&self, local: &Local, streams: &[Outgoing]) -> String {
        let mut sdp = head(self.session);
        if self.group.is_some() {
            let mids = self.sections.iter().filter(|section| section.accepted.is_some());
            let mids: Vec<&str> = mids.map(|section| section.mid.as_str()).collect();
            line(&mut sdp, format_args!("a=group:BUNDLE {}", mids.join(" ")));
        }
        let mut streams = streams.iter();
        for section in &self.sections {
            match section.accepted.and_then(|_| streams.next()) {
                Some(stream) => outgoing(&mut sdp, local, &section.mid, stream, "passive"),
                None => refused_section(&mut sdp, &section.kind, &section.protocol, &section.mid),
            }
        }
        sdp
    }

    /// What the other side says to the streams: it asked for all of them.
    #[must_use]
    pub fn agreed(&self) -> Answer {
        let accepted = self.sections.iter().filter_map(|section| section.accepted);
        let transport_cc = accepted.clone().find_map(|(_, numbers)| numbers.transport_cc);
        Answer { remote: self.remote.clone(), accepted: accepted.map(|_| true).collect(), transport_cc }
    }

    /// The same request by another path.
    #[must_use]
    pub fn moved(&self, credentials: Credentials) -> Self {
        Self { remote: Remote { credentials, ..self.remote.clone() }, ..self.clone() }
    }

    /// Where this side is reached from now on: what answers a fragment that began the path anew.
    #[must_use]
    pub fn fragment(&self, local: &Local) -> String {
        let first = self.sections.iter().find(|section| section.accepted.is_some());
        let first = first.map(|one| (one.kind.as_str(), one.protocol.as_str(), one.mid.as_str()));
        fragment(local, self.group.as_deref(), first)
    }
}

impl Asked {
    fn read(section: &MediaDescription) -> Self {
        let kind = section.media_name.media.clone();
        let medium = match kind.as_str() {
            "audio" => Some(Medium::Microphone),
            "video" => Some(Medium::Camera),
            _ => None,
        };
        let takes = !["sendonly", "inactive"].iter().any(|way| section.attribute(way).is_some());
        let refused = section.media_name.port.value == 0 && section.attribute("bundle-only").is_none();
        let accepted = medium.filter(|_| takes && !refused).and_then(|medium| {
            let (payload_type, rtx) = codecs(section, medium)?;
            let found = extensions(section);
            let audio_level = found.audio_level.filter(|_| !medium.is_video());
            Some((medium, Numbering { payload_type, rtx, audio_level, transport_cc: found.transport_cc }))
        });
        Self {
            mid: value(section, "mid").unwrap_or_default().to_owned(),
            kind,
            protocol: section.media_name.protos.join("/"),
            accepted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{local, sample};
    use super::*;

    fn asked() -> String {
        sample().replace("a=sendonly", "a=recvonly").replace("a=extmap:4/sendonly", "a=extmap:4")
    }

    #[test]
    fn what_is_asked_for_is_sent_under_the_numbers_of_whoever_asks() {
        let request = Request::parse(&asked()).expect("a request");
        let streams = request.streams("stage");
        let [voice, first, second] = &streams[..] else { panic!("three streams") };
        assert_eq!(
            (voice.medium, voice.numbers.payload_type, voice.numbers.audio_level),
            (Medium::Microphone, 111, Some(14))
        );
        assert_eq!((first.numbers.payload_type, first.numbers.rtx), (96, Some(97)));
        assert_eq!((second.numbers.rtx, second.rtx), (None, None));
        let answer = request.answer(&local(), &streams);
        for wanted in [
            "a=group:BUNDLE 0 1 2\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n",
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n",
            "a=sendonly\r\n",
            "a=setup:passive\r\n",
            "a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n",
            "a=msid:stage stage-0\r\n",
            &format!("a=ssrc-group:FID {} {}\r\n", first.ssrc, first.rtx.expect("it is repaired")),
        ] {
            assert!(answer.contains(wanted), "{wanted} is not in\n{answer}");
        }
        assert!(!answer.contains("VP9") && !answer.contains("transport-cc"), "{answer}");
        assert_eq!(request.agreed().accepted, [true, true, true]);
        assert_eq!(request.agreed().transport_cc, None);
    }

    #[test]
    fn what_sends_only_is_sent_nothing() {
        let request = Request::parse(&asked().replacen("a=recvonly", "a=sendonly", 1)).expect("a request");
        let streams = request.streams("stage");
        assert_eq!(streams.len(), 2);
        let answer = request.answer(&local(), &streams);
        assert!(answer.contains("m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n"), "{answer}");
        assert!(answer.contains("a=group:BUNDLE 1 2\r\n"), "{answer}");
        assert!(matches!(Request::parse(&sample()), Err(SdpError::Rejected(_))), "nothing is asked for");
        let waits = asked().replace("setup:actpass", "setup:passive");
        assert!(matches!(Request::parse(&waits), Err(SdpError::Rejected(_))));
    }

    #[test]
    fn another_path_is_told_by_a_fragment() {
        let request = Request::parse(&asked()).expect("a request");
        let told = request.fragment(&local());
        let ours = super::super::credentials_of(&told).expect("a fragment").expect("a path");
        assert_eq!(ours, local().credentials);
        assert!(told.contains("typ host") && told.contains("a=mid:0\r\n"), "{told}");
        let moved = request.moved(ours.clone());
        assert_eq!(moved.remote().credentials(), &ours);
        assert_eq!(moved.remote().fingerprint, request.remote().fingerprint);
        assert!(super::super::credentials_of("a=ice-ufrag:x\r\n").is_err());
        assert_eq!(super::super::credentials_of("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"), Ok(None));
    }
}
