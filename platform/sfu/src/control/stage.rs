//! Who is shown and heard where not all are: to players, which take one picture and a voice or two.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use plenum_media::Medium;
use uuid::Uuid;

use super::protocol::MediaState;
use crate::driver::Source;

/// Voices and pictures, those first that come first when not all can be had.
#[derive(Default)]
pub(super) struct Stage {
    pub(super) voices: Vec<Arc<Source>>,
    pub(super) pictures: Vec<Arc<Source>>,
}

impl PartialEq for Stage {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &[Arc<Source>], other: &[Arc<Source>]| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| Arc::ptr_eq(one, other))
        };
        same(&self.voices, &other.voices) && same(&self.pictures, &other.pictures)
    }
}

/// Who has the floor. Whoever speaks keeps it until they pause, then it goes to whoever else speaks, and it stays with the
/// last one when nobody does.
#[derive(Debug, Default)]
pub(super) struct Floor {
    /// Those who have spoken, who has the floor first, the others by when they began.
    order: Vec<Uuid>,
    speaking: HashSet<Uuid>,
}

impl Floor {
    pub(super) fn note(&mut self, participant: Uuid, speaks: bool) {
        if !speaks {
            self.speaking.remove(&participant);
            // The floor goes to the one who began last of those who still speak.
            if self.order.first() == Some(&participant)
                && let Some(next) = self.order.iter().position(|one| self.speaking.contains(one))
            {
                let next = self.order.remove(next);
                self.order.insert(0, next);
            }
            return;
        }
        if !self.speaking.insert(participant) {
            return;
        }
        let holds =
            self.order.first().is_some_and(|first| *first != participant && self.speaking.contains(first));
        self.order.retain(|one| *one != participant);
        self.order.insert(usize::from(holds), participant);
    }

    pub(super) fn forget(&mut self, participant: Uuid) {
        self.note(participant, false);
        self.order.retain(|one| *one != participant);
    }
}

/// Somebody, as far as the stage is concerned.
pub(super) struct Presence<'a> {
    pub(super) participant: Uuid,
    pub(super) is_device: bool,
    pub(super) media: MediaState,
    pub(super) sources: &'a BTreeMap<Medium, Arc<Source>>,
}

impl Stage {
    /// What is on stage: those who speak; devices, which show a hall where others speak; those who spoke before; the rest.
    /// Of pictures, screens come first.
    pub(super) fn of<'a>(floor: &Floor, present: impl Iterator<Item = Presence<'a>>) -> Self {
        let mut present: Vec<Presence<'a>> = present.collect();
        // Sorting keeps the order of arrival among equals.
        present.sort_by_key(|one| {
            let spoke = floor.order.iter().position(|known| *known == one.participant);
            match (floor.speaking.contains(&one.participant), one.is_device, spoke) {
                (true, _, spoke) => (0, spoke),
                (false, true, _) => (1, None),
                (false, false, Some(spoke)) => (2, Some(spoke)),
                (false, false, None) => (3, None),
            }
        });
        let switched_on = |medium: Medium| {
            present.iter().filter_map(move |one| {
                let on = match medium {
                    Medium::Microphone => one.media.microphone,
                    Medium::Camera => one.media.camera,
                    Medium::Screen => one.media.screen,
                };
                one.sources.get(&medium).filter(|_| on).cloned()
            })
        };
        let pictures = switched_on(Medium::Screen).chain(switched_on(Medium::Camera)).collect();
        Self { voices: switched_on(Medium::Microphone).collect(), pictures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: Uuid = Uuid::from_u128(1);
    const BORIS: Uuid = Uuid::from_u128(2);
    const HALL: Uuid = Uuid::from_u128(3);

    #[test]
    fn whoever_speaks_keeps_the_floor_until_a_pause() {
        let mut floor = Floor::default();
        floor.note(ANNA, true);
        floor.note(BORIS, true);
        floor.note(HALL, true);
        assert_eq!(floor.order, [ANNA, HALL, BORIS]);
        floor.note(ANNA, false);
        assert_eq!(floor.order, [HALL, ANNA, BORIS], "the one who began last");
        floor.note(HALL, false);
        assert_eq!(floor.order[0], BORIS);
        floor.note(BORIS, false);
        assert_eq!(floor.order[0], BORIS, "nobody speaks: it stays");
        floor.note(ANNA, true);
        assert_eq!(floor.order[0], ANNA);
        floor.forget(ANNA);
        assert_eq!(floor.order, [BORIS, HALL]);
    }

    #[test]
    fn a_screen_comes_before_faces_and_a_hall_before_those_who_are_silent() {
        let sources: Vec<BTreeMap<Medium, Arc<Source>>> = (0..3)
            .map(|_| {
                [Medium::Microphone, Medium::Camera, Medium::Screen]
                    .map(|medium| (medium, Arc::new(Source::of_nobody(medium))))
                    .into()
            })
            .collect();
        let on = MediaState { microphone: true, camera: true, screen: false };
        let stage = |floor: &Floor, screen: bool| {
            let present =
                [ANNA, BORIS, HALL].into_iter().zip(&sources).map(|(participant, sources)| Presence {
                    participant,
                    is_device: participant == HALL,
                    media: MediaState { screen: screen && participant == BORIS, ..on },
                    sources,
                });
            let stage = Stage::of(floor, present);
            let whose = |source: &Arc<Source>| {
                let of =
                    |all: &BTreeMap<Medium, Arc<Source>>| all.values().any(|one| Arc::ptr_eq(one, source));
                sources.iter().position(of).expect("somebody's")
            };
            let voices: Vec<usize> = stage.voices.iter().map(whose).collect();
            let pictures: Vec<(usize, Medium)> =
                stage.pictures.iter().map(|source| (whose(source), source.medium())).collect();
            (voices, pictures)
        };
        let mut floor = Floor::default();
        assert_eq!(stage(&floor, false).0, [2, 0, 1]);
        floor.note(BORIS, true);
        assert_eq!(stage(&floor, false).0, [1, 2, 0]);
        assert_eq!(stage(&floor, false).1[0], (1, Medium::Camera));
        floor.note(ANNA, true);
        assert_eq!(stage(&floor, false).0, [1, 0, 2]);
        floor.note(BORIS, false);
        floor.note(ANNA, false);
        assert_eq!(stage(&floor, false).0, [2, 0, 1]);
        assert_eq!(stage(&floor, true).1[0], (1, Medium::Screen));
        assert_eq!(stage(&floor, true).1.len(), 4);
    }
}
