//! The route of a document: groups of steps one after another, the steps of a group in parallel.

use plenum_documents_api::StepId;

use super::words;

words! {
    "act of a step",
    /// What a participant is asked to do.
    Act {
        /// Agree.
        Approve = "approve",
        /// Sign with a simple electronic signature.
        Sign = "sign",
        /// Take note.
        Acknowledge = "acknowledge",
    }
}

words! {
    "state of a step",
    /// Where a step stands.
    StepState {
        /// Its turn has not come.
        Waiting = "waiting",
        /// Its participant is asked now.
        Active = "active",
        /// Done.
        Done = "done",
        /// Its participant sent the document back.
        Returned = "returned",
        /// Another sent the document back before.
        Skipped = "skipped",
    }
}

/// A step, as far as the rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The step.
    pub id: StepId,
    /// 1, 2, 3 …
    pub group: i32,
    /// What is asked.
    pub act: Act,
    /// Where it stands.
    pub state: StepState,
}

/// How the route goes on after an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Others of the group are still asked.
    Waits,
    /// The next group is asked.
    Advanced,
    /// Everybody has done what was asked.
    Completed,
    /// The document goes back for rework.
    Returned,
}

/// Why a transition is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RouteFault {
    /// A route needs a step, at most 50, and groups numbered from 1 without a gap.
    #[error("this is no route")]
    NotARoute,
    /// The step is not of this route.
    #[error("the step is of another round")]
    NotOfRoute,
    /// Its turn has not come.
    #[error("the turn of the step has not come")]
    TooEarly,
    /// It was done, or the document was sent back.
    #[error("the step is over")]
    Over,
    /// A signing step is signed, the others are decided.
    #[error("the step asks for another act")]
    AnotherAct,
}

impl RouteFault {
    /// The stable word.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotARoute => "not_a_route",
            Self::NotOfRoute => "not_of_route",
            Self::TooEarly => "step_too_early",
            Self::Over => "step_over",
            Self::AnotherAct => "another_act",
        }
    }
}

/// One round of a document's route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    steps: Vec<Place>,
}

impl Route {
    /// Starts a round: the first group is asked.
    ///
    /// # Errors
    /// [`RouteFault::NotARoute`].
    pub fn start(steps: &[(StepId, i32, Act)]) -> Result<Self, RouteFault> {
        let last = steps.iter().map(|(_, group, _)| *group).max().ok_or(RouteFault::NotARoute)?;
        let whole = (1..=last).all(|group| steps.iter().any(|(_, of, _)| *of == group));
        if steps.len() > 50 || last > 50 || !whole || steps.iter().any(|(_, group, _)| *group < 1) {
            return Err(RouteFault::NotARoute);
        }
        let state = |group| if group == 1 { StepState::Active } else { StepState::Waiting };
        let place = |(id, group, act): &(StepId, i32, Act)| Place {
            id: *id,
            group: *group,
            act: *act,
            state: state(*group),
        };
        Ok(Self { steps: steps.iter().map(place).collect() })
    }

    /// A round as it was stored.
    #[must_use]
    pub fn stored(steps: Vec<Place>) -> Self {
        Self { steps }
    }

    /// The steps as they are now.
    #[must_use]
    pub fn steps(&self) -> &[Place] {
        &self.steps
    }

    /// Does what the step asks for.
    ///
    /// # Errors
    /// [`RouteFault`]; then nothing has changed.
    pub fn act(&mut self, step: StepId, act: Act) -> Result<Outcome, RouteFault> {
        let at = self.active(step)?;
        if self.steps[at].act != act {
            return Err(RouteFault::AnotherAct);
        }
        self.steps[at].state = StepState::Done;
        let group = self.steps[at].group;
        if self.steps.iter().any(|step| step.group == group && step.state == StepState::Active) {
            return Ok(Outcome::Waits);
        }
        let next = self.steps.iter_mut().filter(|step| step.group == group + 1);
        let mut any = false;
        for step in next {
            step.state = StepState::Active;
            any = true;
        }
        Ok(if any { Outcome::Advanced } else { Outcome::Completed })
    }

    /// Sends the document back: nobody is asked any more in this round.
    ///
    /// # Errors
    /// [`RouteFault`]; then nothing has changed.
    pub fn send_back(&mut self, step: StepId) -> Result<Outcome, RouteFault> {
        let at = self.active(step)?;
        self.steps[at].state = StepState::Returned;
        for other in &mut self.steps {
            if matches!(other.state, StepState::Active | StepState::Waiting) {
                other.state = StepState::Skipped;
            }
        }
        Ok(Outcome::Returned)
    }

    fn active(&self, step: StepId) -> Result<usize, RouteFault> {
        let at = self.steps.iter().position(|place| place.id == step).ok_or(RouteFault::NotOfRoute)?;
        match self.steps[at].state {
            StepState::Active => Ok(at),
            StepState::Waiting => Err(RouteFault::TooEarly),
            StepState::Done | StepState::Returned | StepState::Skipped => Err(RouteFault::Over),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sequential_then_parallel() -> Route {
        let steps = [
            (StepId::new(), 1, Act::Approve),
            (StepId::new(), 2, Act::Sign),
            (StepId::new(), 2, Act::Acknowledge),
        ];
        Route::start(&steps).expect("a route")
    }

    #[test]
    fn groups_follow_one_another_and_their_steps_go_in_parallel() {
        let mut route = sequential_then_parallel();
        let ids: Vec<_> = route.steps().iter().map(|step| step.id).collect();
        assert_eq!(route.act(ids[1], Act::Sign), Err(RouteFault::TooEarly));
        assert_eq!(route.act(ids[0], Act::Sign), Err(RouteFault::AnotherAct));
        assert_eq!(route.act(ids[0], Act::Approve), Ok(Outcome::Advanced));
        assert_eq!(route.act(ids[0], Act::Approve), Err(RouteFault::Over));
        assert_eq!(route.act(ids[2], Act::Acknowledge), Ok(Outcome::Waits));
        assert_eq!(route.act(ids[1], Act::Sign), Ok(Outcome::Completed));
        assert_eq!(route.send_back(ids[1]), Err(RouteFault::Over));
        assert_eq!(route.act(StepId::new(), Act::Sign), Err(RouteFault::NotOfRoute));
    }

    #[test]
    fn sending_back_ends_the_round() {
        let mut route = sequential_then_parallel();
        let ids: Vec<_> = route.steps().iter().map(|step| step.id).collect();
        assert_eq!(route.send_back(ids[0]), Ok(Outcome::Returned));
        let states: Vec<_> = route.steps().iter().map(|step| step.state).collect();
        assert_eq!(states, [StepState::Returned, StepState::Skipped, StepState::Skipped]);
        assert_eq!(route.act(ids[1], Act::Sign), Err(RouteFault::Over));
    }

    #[test]
    fn groups_have_no_gap() {
        let id = StepId::new;
        assert_eq!(Route::start(&[]), Err(RouteFault::NotARoute));
        assert_eq!(Route::start(&[(id(), 2, Act::Sign)]), Err(RouteFault::NotARoute));
        assert_eq!(Route::start(&[(id(), 0, Act::Sign), (id(), 1, Act::Sign)]), Err(RouteFault::NotARoute));
        assert_eq!(Route::start(&[(id(), 1, Act::Sign), (id(), 3, Act::Sign)]), Err(RouteFault::NotARoute));
    }

    #[derive(Debug, Clone)]
    enum Try {
        Act(usize, Act),
        SendBack(usize),
    }

    fn acts() -> impl Strategy<Value = Act> {
        prop_oneof![Just(Act::Approve), Just(Act::Sign), Just(Act::Acknowledge)]
    }

    fn routes() -> impl Strategy<Value = Vec<(i32, Act)>> {
        prop::collection::vec(prop::collection::vec(acts(), 1..4), 1..5).prop_map(|groups| {
            (1..)
                .zip(groups)
                .flat_map(|(group, acts)| acts.into_iter().map(move |act| (group, act)))
                .collect()
        })
    }

    fn tries() -> impl Strategy<Value = Vec<Try>> {
        let one = prop_oneof![
            9 => (0..16_usize, acts()).prop_map(|(at, act)| Try::Act(at, act)),
            1 => (0..16_usize).prop_map(Try::SendBack),
        ];
        prop::collection::vec(one, 0..60)
    }

    proptest! {
        /// Whatever is tried in whatever order: one group at most is asked, nobody is asked before those of earlier
        /// groups have done their part, what is over stays over, and a refusal changes nothing.
        #[test]
        fn no_order_of_acts_breaks_the_route(shape in routes(), tries in tries()) {
            let steps: Vec<_> = shape.iter().map(|(group, act)| (StepId::new(), *group, *act)).collect();
            let mut route = Route::start(&steps).expect("a route");
            for attempt in tries {
                let before = route.clone();
                let (at, outcome) = match attempt {
                    Try::Act(at, act) => (at % steps.len(), route.act(steps[at % steps.len()].0, act)),
                    Try::SendBack(at) => (at % steps.len(), route.send_back(steps[at % steps.len()].0)),
                };
                if outcome.is_err() {
                    prop_assert_eq!(&route, &before);
                    continue;
                }
                prop_assert_eq!(before.steps()[at].state, StepState::Active);
                let is = |state: StepState| route.steps().iter().filter(move |step| step.state == state);
                let asked: std::collections::BTreeSet<_> = is(StepState::Active).map(|step| step.group).collect();
                prop_assert!(asked.len() <= 1);
                if let Some(group) = asked.first() {
                    prop_assert!(route.steps().iter().all(|step| step.group >= *group || step.state == StepState::Done));
                    prop_assert!(route.steps().iter().all(|step| step.group <= *group || step.state == StepState::Waiting));
                }
                for (was, is) in before.steps().iter().zip(route.steps()) {
                    let over = !matches!(was.state, StepState::Active | StepState::Waiting);
                    prop_assert!(!over || was.state == is.state);
                }
                match outcome {
                    Ok(Outcome::Completed) => prop_assert_eq!(is(StepState::Done).count(), steps.len()),
                    Ok(Outcome::Returned) => {
                        prop_assert_eq!(is(StepState::Returned).count(), 1);
                        prop_assert_eq!(is(StepState::Active).count() + is(StepState::Waiting).count(), 0);
                    }
                    _ => prop_assert!(!asked.is_empty()),
                }
            }
        }

        /// Whoever does all that is asked, in any order of the group, comes to the end.
        #[test]
        fn a_route_that_is_followed_is_completed(shape in routes(), picks in prop::collection::vec(any::<prop::sample::Index>(), 20)) {
            let steps: Vec<_> = shape.iter().map(|(group, act)| (StepId::new(), *group, *act)).collect();
            let mut route = Route::start(&steps).expect("a route");
            let mut last = Outcome::Waits;
            for pick in picks.iter().take(steps.len()) {
                let asked: Vec<_> = route.steps().iter().copied().filter(|step| step.state == StepState::Active).collect();
                let step = asked[pick.index(asked.len())];
                last = route.act(step.id, step.act).expect("it is asked");
            }
            prop_assert_eq!(last, Outcome::Completed);
        }
    }
}
