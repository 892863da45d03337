//! Lets a subscriber's requests for key frames through to us.

use std::collections::VecDeque;
use std::time::Instant;

use rtc::interceptor::{Attribute, Interceptor, Packet, Slot, StreamInfo, TaggedPacket};
use rtc::rtcp;
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::sansio::Protocol;
use rtc::shared::error::Error;

/// Behind every interceptor of the crate, so that each has seen the whole feedback before this one narrows it.
pub(crate) const BEHIND_ALL_OTHERS: Slot = Slot::Custom(14_000);

/// Marks requests for key frames for delivery; inbound RTCP without the mark ends inside the crate, where reports and
/// NACKs are dealt with.
#[derive(Default)]
pub(crate) struct KeyFrameRequests {
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
}

/// The streams that these packets ask a key frame of.
pub(crate) fn asked_of(packets: &[Box<dyn rtcp::Packet>]) -> impl Iterator<Item = u32> + '_ {
    packets.iter().flat_map(|packet| {
        let packet = packet.as_any();
        if let Some(request) = packet.downcast_ref::<PictureLossIndication>() {
            vec![request.media_ssrc]
        } else if let Some(request) = packet.downcast_ref::<FullIntraRequest>() {
            request.fir.iter().map(|entry| entry.ssrc).collect()
        } else {
            Vec::new()
        }
    })
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for KeyFrameRequests {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, mut tagged: TaggedPacket) -> Result<(), Self::Error> {
        if let Packet::Rtcp(packets) = &tagged.message.packet {
            let requests: Vec<_> =
                packets.iter().filter(|packet| is_request(packet.as_ref())).cloned().collect();
            if requests.is_empty() {
                return Ok(());
            }
            tagged.message.packet = Packet::Rtcp(requests);
            tagged.message.add(Attribute::DeliverToApplication);
        }
        self.inbound.push_back(tagged);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<Self::Rout> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, tagged: TaggedPacket) -> Result<(), Self::Error> {
        self.outbound.push_back(tagged);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<Self::Wout> {
        self.outbound.pop_front()
    }
}

impl Interceptor for KeyFrameRequests {
    fn bind_local_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _info: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _info: &StreamInfo) {}
}

fn is_request(packet: &dyn rtcp::Packet) -> bool {
    let packet = packet.as_any();
    packet.is::<PictureLossIndication>() || packet.is::<FullIntraRequest>()
}
