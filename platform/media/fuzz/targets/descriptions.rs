//! Session descriptions of strangers: as offers with and without names for sections, and as answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plenum_media::{Answer, Credentials, Fingerprint, Local, Medium, Offer, PublishedTrack};

fuzz_target!(|sdp: &str| {
    let local = Local {
        credentials: Credentials { ufrag: "ours".into(), password: "ours-ours-ours-ours-ours".into() },
        fingerprint: Fingerprint([7; 32]),
        udp: vec!["192.0.2.7:7000".parse().expect("an address")],
        tcp: Vec::new(),
    };
    if let Ok(offer) = Offer::parse(sdp, None) {
        let _ = offer.answer(&local);
    }
    let track = |mid: &str, source| PublishedTrack { mid: mid.into(), source };
    let tracks = [track("0", Medium::Microphone), track("1", Medium::Camera)];
    if let Ok(offer) = Offer::parse(sdp, Some(&tracks)) {
        let _ = offer.answer(&local);
    }
    let _ = Answer::parse(sdp);
});
