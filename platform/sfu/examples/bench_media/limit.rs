//! What the machine can do at best: packets sealed by AES-128-GCM and sent by runs that the system cuts, on one core,
//! without anything else.

use std::io::IoSlice;
use std::net::{IpAddr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use nix::sys::socket::{ControlMessage, MsgFlags, SockaddrStorage, sendmsg};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// What a packet of a picture is on the wire: headers, payload, tag.
const PACKET: usize = 20 + 1_042 + 16;
const HEADER: usize = 20;
const RUN: usize = 60;

/// Packets in a second of one core.
pub fn measure(ip: IpAddr, time: Duration) -> anyhow::Result<f64> {
    let sink = UdpSocket::bind((ip, 0))?;
    let socket = UdpSocket::bind((ip, 0))?;
    let to = SockaddrStorage::from(sink.local_addr()?);
    let key = UnboundKey::new(&AES_128_GCM, &[7; 16]).ok().context("a key")?;
    let key = LessSafeKey::new(key);
    let mut bytes = vec![7; RUN * PACKET];
    let segment = u16::try_from(PACKET)?;
    let began = Instant::now();
    let before = thread_time()?;
    let mut count = 0_u64;
    while began.elapsed() < time {
        for packet in bytes.chunks_mut(PACKET) {
            count += 1;
            let mut nonce = [0; 12];
            nonce[4..].copy_from_slice(&count.to_be_bytes());
            let (header, rest) = packet.split_at_mut(HEADER);
            let (payload, tag) = rest.split_at_mut(PACKET - HEADER - 16);
            let sealed = key
                .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&*header), payload)
                .ok()
                .context("sealed")?;
            tag.copy_from_slice(sealed.as_ref());
        }
        let cut = [ControlMessage::UdpGsoSegments(&segment)];
        sendmsg(socket.as_raw_fd(), &[IoSlice::new(&bytes)], &cut, MsgFlags::empty(), Some(&to))?;
    }
    let used = thread_time()?.saturating_sub(before);
    Ok(count as f64 / used.as_secs_f64())
}

fn thread_time() -> anyhow::Result<Duration> {
    let time = nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID)?;
    Ok(Duration::from(time))
}
