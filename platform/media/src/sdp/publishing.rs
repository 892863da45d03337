//! What somebody offers to send.

use std::collections::HashMap;

use rtc::sdp::description::media::MediaDescription;

use super::{
    AUDIO_LEVEL, Extensions, Local, MID, REPAIRED_RID, RID, Remote, SdpError, TRANSPORT_CC, codec, codecs,
    extensions, fragment, group, head, line, malformed, parse, refused_section, remote, transport, value,
    values,
};
use crate::ice::Credentials;
use crate::medium::Medium;

/// Which medium the other side sends in which section.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct PublishedTrack {
    /// The section's `a=mid`.
    pub mid: String,
    /// What it carries.
    pub source: Medium,
}

/// What somebody offers to send, read and checked.
#[derive(Debug, Clone)]
pub struct Offer {
    remote: Remote,
    session: u64,
    sections: Vec<Offered>,
    group: Option<String>,
}

/// A section of an offer.
#[derive(Debug, Clone)]
struct Offered {
    mid: String,
    kind: String,
    protocol: String,
    accepted: Option<Incoming>,
    feedback: Vec<String>,
}

/// A stream that was agreed to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub(crate) mid: String,
    /// What it carries.
    pub medium: Medium,
    pub(crate) payload_type: u8,
    pub(crate) rtx_payload_type: Option<u8>,
    /// Streams by their numbers, each with the one that repairs it; empty when packets name themselves.
    pub(crate) ssrcs: Vec<(u32, Option<u32>)>,
    /// Names of the layers of a simulcast, as the description has them: the best one first.
    pub(crate) rids: Vec<String>,
    pub(crate) extensions: Extensions,
}

impl Incoming {
    /// The section's `a=mid`.
    #[must_use]
    pub fn mid(&self) -> &str {
        &self.mid
    }
}

impl Offer {
    /// Reads an offer in which `tracks` tells what the sections carry; without them each section is what it seems: sound
    /// is a microphone, pictures are a camera.
    ///
    /// # Errors
    /// [`SdpError`] when it cannot be read, or holds nothing that we take.
    pub fn parse(sdp: &str, tracks: Option<&[PublishedTrack]>) -> Result<Self, SdpError> {
        let parsed = parse(sdp)?;
        let remote = remote(&parsed)?;
        let mut sections = Vec::new();
        for section in &parsed.media_descriptions {
            let kind = section.media_name.media.clone();
            let mid = value(section, "mid").unwrap_or_default().to_owned();
            let medium = match tracks {
                Some(tracks) => tracks.iter().find(|track| track.mid == mid).map(|track| track.source),
                None => match kind.as_str() {
                    "audio" => Some(Medium::Microphone),
                    "video" => Some(Medium::Camera),
                    _ => None,
                },
            };
            if let Some(medium) = medium {
                let expected = if medium.is_video() { "video" } else { "audio" };
                if kind != expected {
                    return Err(malformed(format!("section {mid} is not {expected}")));
                }
            }
            let sends = !["recvonly", "inactive"].iter().any(|way| section.attribute(way).is_some());
            let refused = section.media_name.port.value == 0 && section.attribute("bundle-only").is_none();
            let medium = medium.filter(|_| sends && !refused);
            sections.push(Offered {
                accepted: medium.and_then(|medium| incoming(section, &mid, medium)),
                feedback: values(section, "rtcp-fb").map(str::to_owned).collect(),
                protocol: section.media_name.protos.join("/"),
                mid,
                kind,
            });
        }
        for track in tracks.unwrap_or_default() {
            if !sections.iter().any(|section| section.mid == track.mid) {
                return Err(malformed(format!("there is no section with mid {}", track.mid)));
            }
        }
        if sections.is_empty() {
            return Err(malformed("it has no section"));
        }
        let group = group(&parsed, sections.iter().filter(|section| section.accepted.is_some()).count())?;
        Ok(Self { remote, session: parsed.origin.session_version, sections, group })
    }

    /// The other side.
    #[must_use]
    pub fn remote(&self) -> &Remote {
        &self.remote
    }

    /// What is taken.
    #[must_use]
    pub fn incoming(&self) -> Vec<Incoming> {
        self.sections.iter().filter_map(|section| section.accepted.clone()).collect()
    }

    /// The same offer by another path.
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

    /// The answer: what is taken is taken as it was offered.
    #[must_use]
    pub fn answer(&self, local: &Local) -> String {
        let mut sdp = head(self.session);
        if self.group.is_some() {
            let mids = self.sections.iter().filter(|section| section.accepted.is_some());
            let mids: Vec<&str> = mids.map(|section| section.mid.as_str()).collect();
            line(&mut sdp, format_args!("a=group:BUNDLE {}", mids.join(" ")));
        }
        for section in &self.sections {
            section.answer(local, &mut sdp);
        }
        sdp
    }
}

impl Offered {
    fn answer(&self, local: &Local, sdp: &mut String) {
        let Some(incoming) = &self.accepted else {
            return refused_section(sdp, &self.kind, &self.protocol, &self.mid);
        };
        let payload_type = incoming.payload_type;
        let repair = incoming.rtx_payload_type;
        let types: Vec<String> =
            [Some(payload_type), repair].iter().flatten().map(ToString::to_string).collect();
        line(sdp, format_args!("m={} 9 {} {}", self.kind, self.protocol, types.join(" ")));
        transport(sdp, local, &self.mid, "passive");
        line(sdp, format_args!("a=recvonly"));
        codec(sdp, incoming.medium, payload_type, repair);
        for feedback in &self.feedback {
            let is_known = ["nack", "nack pli", "ccm fir", "transport-cc"]
                .iter()
                .any(|known| feedback.strip_prefix(&format!("{payload_type} ")) == Some(known));
            if is_known {
                line(sdp, format_args!("a=rtcp-fb:{feedback}"));
            }
        }
        let Extensions { mid, rid, repaired_rid, audio_level, transport_cc } = incoming.extensions;
        for (id, name) in [
            (mid, MID),
            (rid, RID),
            (repaired_rid, REPAIRED_RID),
            (audio_level, AUDIO_LEVEL),
            (transport_cc, TRANSPORT_CC),
        ] {
            if let Some(id) = id {
                line(sdp, format_args!("a=extmap:{id} {name}"));
            }
        }
        for rid in &incoming.rids {
            line(sdp, format_args!("a=rid:{rid} recv"));
        }
        if !incoming.rids.is_empty() {
            line(sdp, format_args!("a=simulcast:recv {}", incoming.rids.join(";")));
        }
    }
}
/// What we can take of a section; `None` when it has no codec that we know.
fn incoming(section: &MediaDescription, mid: &str, medium: Medium) -> Option<Incoming> {
    let (payload_type, rtx_payload_type) = codecs(section, medium)?;
    // "FID media repair" (RFC 4588 §8.8, RFC 5576 §4.2).
    let repairs: HashMap<u32, u32> = values(section, "ssrc-group")
        .filter_map(|group| {
            let mut words = group.strip_prefix("FID ")?.split(' ').filter_map(|word| word.parse().ok());
            Some((words.next()?, words.next()?))
        })
        .collect();
    let mut ssrcs: Vec<(u32, Option<u32>)> = Vec::new();
    for ssrc in values(section, "ssrc").filter_map(|line| line.split(' ').next()?.parse::<u32>().ok()) {
        let is_known = ssrcs.iter().any(|(known, _)| *known == ssrc);
        if !is_known && !repairs.values().any(|repair| *repair == ssrc) {
            ssrcs.push((ssrc, repairs.get(&ssrc).copied()));
        }
    }
    let rids = value(section, "simulcast")
        .and_then(|simulcast| simulcast.split_once("send "))
        .map(|(_, rest)| rest.split(' ').next().unwrap_or_default())
        .map(|rids| rids.split(';').map(|rid| rid.trim_start_matches('~').to_owned()).collect())
        .unwrap_or_default();
    Some(Incoming {
        mid: mid.to_owned(),
        medium,
        payload_type,
        rtx_payload_type,
        ssrcs,
        rids,
        extensions: extensions(section),
    })
}
