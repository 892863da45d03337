//! Who is heard when many have their microphones on.

use std::collections::BTreeSet;
use std::time::Duration;

use plenum_media::Medium;
use plenum_media::client::Packet;

use crate::world::World;

const VOICES: u64 = 12;
const HEARD: usize = 8;
const SILENT: u8 = 127;

/// So many speak, everybody else is silent with the microphone on; who is heard by the end of a second.
fn heard(
    world: &mut World,
    senders: &[(usize, u32)],
    receiver: usize,
    speaking: &[usize],
) -> BTreeSet<usize> {
    let mut last = BTreeSet::new();
    for step in 0..50_u32 {
        if step == 25 {
            world.got[receiver].clear();
        }
        for (at, (client, ssrc)) in senders.iter().enumerate() {
            let level = Some(if speaking.contains(&at) { 30 } else { SILENT });
            let payload = [u8::try_from(at).expect("few"); 8];
            let timestamp = step * 960;
            let packet = Packet {
                ssrc: *ssrc,
                payload_type: 111,
                marker: false,
                timestamp,
                payload: &payload,
                level,
                layer: None,
            };
            assert!(world.clients[*client].1.send(&packet));
        }
        world.run(Duration::from_millis(20));
    }
    last.extend(world.got[receiver].values().map(|payload| usize::from(payload[0])));
    last
}

#[test]
fn of_many_voices_the_loudest_are_heard() {
    let mut world = World::new();
    let mut senders = Vec::new();
    let mut sources = Vec::new();
    for id in 1..=VOICES {
        let side = world.side();
        let (client, streams, taken) = world.publisher(&side, id, &[Medium::Microphone]);
        senders.push((client, streams[0].ssrc()));
        sources.push((taken[0], Medium::Microphone));
    }
    let side = world.side();
    let (receiver, _) = world.subscriber(&side, 100, &sources);
    world.run(Duration::from_millis(800));

    let speaking = [2, 9, 11];
    let first = heard(&mut world, &senders, receiver, &speaking);
    assert!(speaking.iter().all(|one| first.contains(one)), "{first:?}");
    assert_eq!(first.len(), HEARD);
    // Those who are not heard yet begin to speak.
    let late: Vec<usize> = (0..senders.len()).filter(|one| !first.contains(one)).collect();
    assert_eq!(late.len(), senders.len() - HEARD);
    let then = heard(&mut world, &senders, receiver, &late);
    assert!(late.iter().all(|one| then.contains(one)), "{late:?} are not all among {then:?}");
    assert_eq!(then.len(), HEARD);
}
