//! Protection of media (SRTP, RFC 3711; AES-GCM, RFC 7714) with keys from DTLS (RFC 5764).
//!
//! Packets of media are sealed and opened in place, without allocation, when the cipher is AES-GCM, which every current
//! browser offers. For AES-CM with SHA-1 and for RTCP, which is rare, the library below does it.

use std::collections::HashMap;
use std::sync::Arc;

use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, Tag, UnboundKey};
use rtc::crypto::{BlockCipherAlgorithm, RTCCryptoProvider};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::srtp::context::Context;
use rtc::srtp::option::{srtcp_replay_protection, srtp_replay_protection};
use rtc::srtp::protection_profile::ProtectionProfile;

use crate::rtp::{self, Rtp};

/// What AES-GCM adds to a packet.
pub(crate) const TAG: usize = 16;
/// What a receiver that is told of one packet twice remembers, in packets.
const WINDOW: u64 = 128;
/// Labels of the keys that are derived (RFC 3711 §4.3.1).
const LABEL_KEY: u8 = 0;
const LABEL_SALT: u8 = 2;

/// By what packets are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// `AEAD_AES_128_GCM` (RFC 7714).
    Aes128Gcm,
    /// `AEAD_AES_256_GCM` (RFC 7714).
    Aes256Gcm,
    /// `AES_CM_128_HMAC_SHA1_80` (RFC 3711): costs about five times as much.
    Aes128CmSha1,
}

impl Cipher {
    pub(crate) fn negotiated(profile: SrtpProtectionProfile) -> Option<Self> {
        match profile {
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => Some(Cipher::Aes128Gcm),
            SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm => Some(Cipher::Aes256Gcm),
            SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80 => Some(Cipher::Aes128CmSha1),
            _ => None,
        }
    }

    fn profile(self) -> ProtectionProfile {
        match self {
            Cipher::Aes128Gcm => ProtectionProfile::AeadAes128Gcm,
            Cipher::Aes256Gcm => ProtectionProfile::AeadAes256Gcm,
            Cipher::Aes128CmSha1 => ProtectionProfile::Aes128CmHmacSha1_80,
        }
    }

    /// How many bytes of key material both directions need.
    pub(crate) fn material_len(self) -> usize {
        2 * (self.profile().key_len() + self.profile().salt_len())
    }
}

/// Why a packet was not protected or not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SrtpError {
    /// Not of the form that it should have.
    #[error("the packet is malformed")]
    Malformed,
    /// It came before.
    #[error("the packet came before")]
    Replayed,
    /// Not sealed by the other side.
    #[error("the packet was not sealed by the other side")]
    Forged,
    /// The library below refused.
    #[error("the packet could not be protected")]
    Failed,
}

/// One direction's key and salt.
struct Master<'a> {
    key: &'a [u8],
    salt: &'a [u8],
}

/// Both directions of one transport.
pub(crate) struct Srtp {
    pub(crate) cipher: Cipher,
    outbound: Way,
    inbound: Way,
    /// The highest packet of each stream that came, and which before it.
    received: HashMap<u32, Received>,
}

/// One direction.
struct Way {
    media: Media,
    /// For RTCP, and for media that AES-GCM does not protect.
    context: Context,
}

enum Media {
    Gcm { key: Box<LessSafeKey>, salt: [u8; 12] },
    Other,
}

/// What has come of one stream.
#[derive(Default)]
struct Received {
    highest: u64,
    /// The lowest bit is the highest packet.
    seen: u128,
}

impl Srtp {
    /// Takes the key material that DTLS exports (RFC 5764 §4.2).
    pub(crate) fn new(
        cipher: Cipher,
        material: &[u8],
        is_client: bool,
        crypto: &Arc<dyn RTCCryptoProvider>,
    ) -> Result<Self, SrtpError> {
        let (key, salt) = (cipher.profile().key_len(), cipher.profile().salt_len());
        if material.len() != cipher.material_len() {
            return Err(SrtpError::Malformed);
        }
        let (client_key, rest) = material.split_at(key);
        let (server_key, rest) = rest.split_at(key);
        let (client_salt, server_salt) = rest.split_at(salt);
        let client = Master { key: client_key, salt: client_salt };
        let server = Master { key: server_key, salt: server_salt };
        let (local, remote) = if is_client { (client, server) } else { (server, client) };
        Ok(Self {
            cipher,
            outbound: Way::new(cipher, &local, crypto, false)?,
            inbound: Way::new(cipher, &remote, crypto, true)?,
            received: HashMap::new(),
        })
    }

    /// Seals the packet of media that begins at `from` and ends with `out`. `index` is its sequence number with the
    /// count of its wraps above.
    pub(crate) fn seal(
        &mut self,
        out: &mut Vec<u8>,
        from: usize,
        header: usize,
        ssrc: u32,
        index: u64,
    ) -> Result<(), SrtpError> {
        match &self.outbound.media {
            Media::Gcm { key, salt } => {
                let (header, payload) = out[from..].split_at_mut(header);
                let tag: Tag = key
                    .seal_in_place_separate_tag(nonce(salt, ssrc, index), Aad::from(&*header), payload)
                    .map_err(|_| SrtpError::Failed)?;
                out.extend_from_slice(tag.as_ref());
            }
            Media::Other => {
                let sealed =
                    self.outbound.context.encrypt_rtp(&out[from..]).map_err(|_| SrtpError::Failed)?;
                out.truncate(from);
                out.extend_from_slice(&sealed);
            }
        }
        Ok(())
    }

    /// Opens a packet of media in place and tells how long it is now. A packet that comes twice is refused.
    pub(crate) fn open(&mut self, raw: &mut [u8], rtp: &Rtp) -> Result<usize, SrtpError> {
        match &self.inbound.media {
            Media::Gcm { key, salt } => {
                let known = self.received.get(&rtp.ssrc);
                let index = known.map_or(u64::from(rtp.sequence), |known| known.index(rtp.sequence));
                if known.is_some_and(|known| known.has(index)) {
                    return Err(SrtpError::Replayed);
                }
                let (header, sealed) = raw.split_at_mut(rtp.header_len());
                let nonce = nonce(salt, rtp.ssrc, index);
                let plain = key
                    .open_in_place(nonce, Aad::from(&*header), sealed)
                    .map_err(|_| SrtpError::Forged)?
                    .len();
                // Only what was sealed by the other side makes us remember anything.
                self.received.entry(rtp.ssrc).or_default().note(index);
                Ok(rtp.header_len() + plain)
            }
            Media::Other => {
                let plain = self.inbound.context.decrypt_rtp(raw).map_err(|_| SrtpError::Forged)?;
                let room = raw.get_mut(..plain.len()).ok_or(SrtpError::Malformed)?;
                room.copy_from_slice(&plain);
                Ok(plain.len())
            }
        }
    }

    /// Seals packets of RTCP.
    pub(crate) fn seal_rtcp(&mut self, plain: &[u8]) -> Result<bytes::BytesMut, SrtpError> {
        self.outbound.context.encrypt_rtcp(plain).map_err(|_| SrtpError::Failed)
    }

    /// Opens packets of RTCP.
    pub(crate) fn open_rtcp(&mut self, sealed: &[u8]) -> Result<bytes::BytesMut, SrtpError> {
        self.inbound.context.decrypt_rtcp(sealed).map_err(|_| SrtpError::Forged)
    }
}

impl Way {
    fn new(
        cipher: Cipher,
        master: &Master<'_>,
        crypto: &Arc<dyn RTCCryptoProvider>,
        inbound: bool,
    ) -> Result<Self, SrtpError> {
        let window = WINDOW as usize;
        let context = Context::new(
            master.key,
            master.salt,
            cipher.profile(),
            inbound.then(|| srtp_replay_protection(window)),
            inbound.then(|| srtcp_replay_protection(window)),
            crypto.crypto(),
        )
        .map_err(|_| SrtpError::Failed)?;
        let algorithm = match cipher {
            Cipher::Aes128Gcm => &AES_128_GCM,
            Cipher::Aes256Gcm => &AES_256_GCM,
            Cipher::Aes128CmSha1 => return Ok(Self { media: Media::Other, context }),
        };
        let key = derive(master, LABEL_KEY, master.key.len(), crypto)?;
        let salt = derive(master, LABEL_SALT, 12, crypto)?;
        let salt = salt.as_slice().try_into().map_err(|_| SrtpError::Failed)?;
        let key = UnboundKey::new(algorithm, &key).map_err(|_| SrtpError::Failed)?;
        Ok(Self { media: Media::Gcm { key: Box::new(LessSafeKey::new(key)), salt }, context })
    }
}

/// The key derivation of RFC 3711 §4.3.3, for AES of the master key's length (RFC 6188 §2).
fn derive(
    master: &Master<'_>,
    label: u8,
    length: usize,
    crypto: &Arc<dyn RTCCryptoProvider>,
) -> Result<Vec<u8>, SrtpError> {
    let algorithm =
        if master.key.len() == 16 { BlockCipherAlgorithm::Aes128 } else { BlockCipherAlgorithm::Aes256 };
    let mut out = Vec::with_capacity(32);
    for counter in 0..u8::try_from(length.div_ceil(16)).unwrap_or(0) {
        let mut block = [0; 16];
        block[..master.salt.len()].copy_from_slice(master.salt);
        block[7] ^= label;
        block[15] = counter;
        crypto.crypto().block_encrypt(algorithm, master.key, &mut block).map_err(|_| SrtpError::Failed)?;
        out.extend_from_slice(&block);
    }
    out.truncate(length);
    Ok(out)
}

/// RFC 7714 §8.1: two zeros, the stream, the count of wraps, the sequence number; masked by the salt.
fn nonce(salt: &[u8; 12], ssrc: u32, index: u64) -> Nonce {
    let mut nonce = [0; 12];
    nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
    nonce[6..].copy_from_slice(&index.to_be_bytes()[2..]);
    for (byte, salt) in nonce.iter_mut().zip(salt) {
        *byte ^= salt;
    }
    Nonce::assume_unique_for_key(nonce)
}

impl Received {
    fn index(&self, sequence: u16) -> u64 {
        rtp::unwrapped(self.highest, sequence)
    }

    fn has(&self, index: u64) -> bool {
        match self.highest.checked_sub(index) {
            // Too old to tell: refused like what came before.
            Some(age) => age >= WINDOW || self.seen >> age & 1 == 1,
            None => false,
        }
    }

    fn note(&mut self, index: u64) {
        if index > self.highest || self.seen == 0 {
            let step = index - self.highest;
            self.seen = if step < WINDOW { self.seen << step } else { 0 } | 1;
            self.highest = index;
        } else {
            self.seen |= 1 << (self.highest - index);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rtp::{Outgoing, Sent, write_header};

    fn crypto() -> Arc<dyn RTCCryptoProvider> {
        rtc::crypto::default_provider().expect("a provider")
    }

    fn pair(cipher: Cipher) -> (Srtp, Srtp) {
        let material: Vec<u8> =
            (0..cipher.material_len()).map(|at| u8::try_from(at * 7 % 251).expect("small")).collect();
        let crypto = crypto();
        let end = |is_client| Srtp::new(cipher, &material, is_client, &crypto).expect("keys");
        (end(true), end(false))
    }

    fn packet(sequence: u16, payload: &[u8]) -> (Vec<u8>, usize) {
        let mut raw = Vec::new();
        let outgoing =
            Outgoing { marker: false, payload_type: 96, sequence, timestamp: 1, ssrc: 0x0102_0304 };
        let sent = Sent { transport_sequence: Some((3, 9)), ..Sent::default() };
        write_header(&mut raw, outgoing, sent);
        let header = raw.len();
        raw.extend_from_slice(payload);
        (raw, header)
    }

    fn sealed(srtp: &mut Srtp, index: u64, payload: &[u8]) -> Vec<u8> {
        let (mut raw, header) = packet(index as u16, payload);
        srtp.seal(&mut raw, 0, header, 0x0102_0304, index).expect("sealed");
        raw
    }

    fn opened(srtp: &mut Srtp, raw: &[u8]) -> Result<Vec<u8>, SrtpError> {
        let mut raw = raw.to_vec();
        let rtp = Rtp::parse(&raw).ok_or(SrtpError::Malformed)?;
        let length = srtp.open(&mut raw, &rtp)?;
        Ok(rtp.payload(&raw[..length]).expect("a payload").to_vec())
    }

    #[test]
    fn every_cipher_carries_packets_over_wraps() {
        for cipher in [Cipher::Aes128Gcm, Cipher::Aes256Gcm, Cipher::Aes128CmSha1] {
            let (mut client, mut server) = pair(cipher);
            for index in 65_500..65_600_u64 {
                let raw = sealed(&mut client, index, b"picture");
                assert_eq!(opened(&mut server, &raw), Ok(b"picture".to_vec()), "{cipher:?} {index}");
            }
        }
    }

    #[test]
    fn the_library_below_reads_what_we_seal_and_the_other_way_round() {
        for cipher in [Cipher::Aes128Gcm, Cipher::Aes256Gcm] {
            let (mut ours, mut theirs) = pair(cipher);
            let raw = sealed(&mut ours, 70_000 % 65_536, b"picture");
            let plain = theirs.inbound.context.decrypt_rtp(&raw).expect("opened by the library");
            assert!(plain.ends_with(b"picture"), "{cipher:?}");

            let (raw, _) = packet(7, b"voice");
            let raw = theirs.outbound.context.encrypt_rtp(&raw).expect("sealed by the library");
            assert_eq!(opened(&mut ours, &raw), Ok(b"voice".to_vec()), "{cipher:?}");
        }
    }

    #[test]
    fn what_came_before_is_refused() {
        let (mut client, mut server) = pair(Cipher::Aes128Gcm);
        let packets: Vec<_> = (1..=300).map(|index| sealed(&mut client, index, b"x")).collect();
        assert!(opened(&mut server, &packets[9]).is_ok());
        assert_eq!(opened(&mut server, &packets[9]), Err(SrtpError::Replayed));
        assert!(opened(&mut server, &packets[4]).is_ok(), "late, but new");
        assert_eq!(opened(&mut server, &packets[4]), Err(SrtpError::Replayed));
        assert!(opened(&mut server, &packets[299]).is_ok());
        assert_eq!(opened(&mut server, &packets[20]), Err(SrtpError::Replayed), "too old to tell");
    }

    #[test]
    fn what_was_changed_is_a_forgery_and_leaves_no_trace() {
        let (mut client, mut server) = pair(Cipher::Aes128Gcm);
        let raw = sealed(&mut client, 5, b"vote");
        for at in 2..raw.len() {
            let mut forged = raw.clone();
            forged[at] ^= 1;
            assert!(opened(&mut server, &forged).is_err(), "byte {at}");
        }
        assert!(server.received.is_empty());
        assert!(opened(&mut server, &raw).is_ok());
    }

    #[test]
    fn control_packets_pass() {
        for cipher in [Cipher::Aes128Gcm, Cipher::Aes256Gcm, Cipher::Aes128CmSha1] {
            let (mut client, mut server) = pair(cipher);
            // An empty receiver report.
            let report = [0x80, 201, 0, 1, 0, 0, 0, 9];
            let sealed = client.seal_rtcp(&report).expect("sealed");
            assert_eq!(&server.open_rtcp(&sealed).expect("opened")[..], report);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_believed(raw in prop::collection::vec(any::<u8>(), 0..80)) {
            let (_, mut server) = pair(Cipher::Aes128Gcm);
            let _ = server.open_rtcp(&raw);
            prop_assert!(opened(&mut server, &raw).is_err());
        }
    }
}
