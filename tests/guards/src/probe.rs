//! In the copy of the tree where guards can be taken away, `make mutate-guards`: which calls tell that one is gone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::OpenOptions,
    io::Write as _,
};

use plenum_kernel::mutants;

/// What is known of each guard that spoke.
#[derive(Default)]
pub struct Probe {
    found: BTreeMap<u32, Found>,
    /// Which guards spoke in which call, by its name and turn, one behind the other.
    met: BTreeMap<(String, usize), BTreeSet<u32>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    /// Taken away alone, it changes the answer to this call.
    Alone(String),
    /// It changes the answer when the others that speak there are away.
    Behind(String),
    /// It spoke, and no answer told that it did.
    Spoke,
}

impl Probe {
    /// Whether all guards that spoke in this call before were noticed: to make it again tells nothing.
    fn is_told(&self, key: &(String, usize)) -> bool {
        self.met.get(key).is_some_and(|met| {
            !met.is_empty() && met.iter().all(|guard| self.found.get(guard) != Some(&Found::Spoke))
        })
    }

    /// Makes a call with all guards in place, then without those that say no, and without those that say no then, until
    /// none does; and then with each of them alone. A call that was told of in the same turn is not made again.
    pub async fn call<V: PartialEq>(&mut self, name: &str, turn: usize, call: impl AsyncFn() -> V) {
        let key = (name.to_owned(), turn);
        if self.is_told(&key) {
            return;
        }
        let with = async |away: &BTreeSet<u32>| {
            mutants::take_away(away.iter().copied());
            mutants::spoke();
            let answer = call().await;
            mutants::take_away([]);
            (answer, mutants::spoke())
        };
        // What is let through may not be there for the next call, so that each step is compared with the one before.
        let (first, mut spoke) = with(&BTreeSet::new()).await;
        let mut away = BTreeSet::new();
        let mut base = first;
        while !spoke.is_subset(&away) {
            let fresh: BTreeSet<u32> = spoke.difference(&away).copied().collect();
            for guard in &fresh {
                self.found.entry(*guard).or_insert(Found::Spoke);
            }
            let alone = away.is_empty();
            let mut changed = false;
            for guard in &fresh {
                let with_it: BTreeSet<u32> = away.iter().chain([guard]).copied().collect();
                let (answer, _) = with(&with_it).await;
                if answer != base {
                    let name = name.to_owned();
                    self.note(*guard, if alone { Found::Alone(name) } else { Found::Behind(name) });
                    changed = true;
                }
            }
            away.extend(&fresh);
            self.met.entry(key.clone()).or_default().extend(&fresh);
            let (answer, next) = with(&away).await;
            changed |= answer != base;
            (base, spoke) = (answer, next);
            // Each of those that were taken away before holds by itself.
            if changed {
                for guard in away.clone() {
                    if self.found.get(&guard) != Some(&Found::Spoke) {
                        continue;
                    }
                    let others: BTreeSet<u32> =
                        away.iter().copied().filter(|other| *other != guard).collect();
                    let (held, spoke) = with(&others).await;
                    if spoke.contains(&guard) && held != base {
                        self.note(guard, Found::Behind(name.to_owned()));
                    }
                }
            }
        }
    }

    /// Keeps the best that is known of a guard.
    fn note(&mut self, guard: u32, found: Found) {
        let known = self.found.entry(guard).or_insert(Found::Spoke);
        if found < *known {
            *known = found;
        }
    }

    /// Whether every guard that spoke was noticed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        !self.found.values().any(|found| *found == Found::Spoke)
    }

    /// Tells the mutation run.
    ///
    /// # Panics
    /// When the report cannot be written.
    pub fn tell(&self) {
        let path = std::env::var_os("PLENUM_MUTANT_REPORT").expect("the mutation run names a file");
        let mut report = OpenOptions::new().create(true).append(true).open(path).expect("a report");
        for (guard, found) in &self.found {
            let (how, call) = match found {
                Found::Alone(call) => ("alone", call.as_str()),
                Found::Behind(call) => ("behind", call.as_str()),
                Found::Spoke => ("spoke", ""),
            };
            writeln!(report, "{guard}\t{how}\t{call}").expect("the report can be written");
        }
    }
}
