//! What each promise refuses of many wrong steps: how many of each fault. A promise of which a clause
//! is taken away refuses fewer, and the table says whose line has changed.

use activity_execution::promises::Promise;
use activity_models::mutants::Mutant;
use std::collections::{BTreeMap, BTreeSet};

/// What the promises of a machine refuse.
pub(crate) struct Refusals<T, S, A> {
    promises: Vec<Promise<T, S, A>>,
    /// How many wrong steps there were, and how many of them each promise refused.
    tried: BTreeMap<&'static str, (u32, Vec<u32>)>,
}

impl<T, S, A> Refusals<T, S, A> {
    /// Nothing is refused yet.
    pub(crate) fn of(promises: Vec<Promise<T, S, A>>) -> Self {
        Refusals { promises, tried: BTreeMap::new() }
    }

    /// Holds every promise to steps that are wrong in some way.
    pub(crate) fn by(&mut self, fault: &'static str) -> impl FnMut(&T, (&S, &A, &S)) {
        let promises = &self.promises;
        let nothing = || (0, vec![0; promises.len()]);
        let (count, refused) = self.tried.entry(fault).or_insert_with(nothing);
        move |terms, (before, step, after)| {
            *count += 1;
            for (promise, refused) in promises.iter().zip(&mut *refused) {
                *refused += u32::from(!(promise.holds)(terms, before, step, after));
            }
        }
    }

    /// A line for each promise: how many steps of each fault it refuses.
    ///
    /// # Panics
    /// If a promise refuses nothing.
    pub(crate) fn table(&self) -> String {
        let of = |(fault, (count, _)): (&&str, &(u32, Vec<u32>))| format!("{fault} {count}");
        let mut table =
            format!("tried: {}\n", self.tried.iter().map(of).collect::<Vec<_>>().join(", "));
        for (place, promise) in self.promises.iter().enumerate() {
            let refused = self.tried.iter().map(|(fault, (_, refused))| (fault, refused[place]));
            let refused: Vec<_> = refused.filter(|(_, count)| *count > 0).collect();
            assert!(!refused.is_empty(), "{} refuses nothing", promise.name);
            let words = refused.iter().map(|(fault, count)| format!("{fault} {count}"));
            table += &format!("{}: {}\n", promise.name, words.collect::<Vec<_>>().join(", "));
        }
        table
    }
}

/// The promises of a machine, held to its mutants.
pub(crate) struct AgainstMutants<'a, T, S, A> {
    promises: &'a [Promise<T, S, A>],
    refused: BTreeSet<&'static str>,
    complaints: Vec<String>,
}

impl<'a, T, S, A> AgainstMutants<'a, T, S, A> {
    /// No mutant was tried yet.
    pub(crate) fn of(promises: &'a [Promise<T, S, A>]) -> Self {
        AgainstMutants { promises, refused: BTreeSet::new(), complaints: Vec::new() }
    }

    /// A mutant broke these promises: those of its row that are about this machine have to be there.
    pub(crate) fn tried<R>(&mut self, mutant: &Mutant<R>, broken: &BTreeSet<&'static str>) {
        let is_own = |name: &&str| self.promises.iter().any(|promise| promise.name == *name);
        for promise in mutant.breaks.iter().copied().filter(is_own) {
            if broken.contains(promise) {
                self.refused.insert(promise);
            } else {
                self.complaints.push(format!("{}: {promise}", mutant.name));
            }
        }
    }

    /// Something else broke these promises.
    pub(crate) fn also(&mut self, broken: impl IntoIterator<Item = &'static str>) {
        self.refused.extend(broken);
    }

    /// Each promise but these has refused something.
    ///
    /// # Panics
    /// If one has not, or if a mutant does not break what its row says.
    pub(crate) fn judge(self, held_by_the_types: &[&str]) {
        assert_eq!(self.complaints, [""; 0], "steps that were to break a promise do not");
        let names = self.promises.iter().map(|promise| promise.name);
        let idle: Vec<_> = names.filter(|name| !self.refused.contains(name)).collect();
        assert_eq!(idle, held_by_the_types, "promises that refuse no mutant");
    }
}

/// Which of these promises a step breaks.
pub(crate) fn broken<T, S, A>(
    promises: &[Promise<T, S, A>],
    terms: &T,
    (before, step, after): (&S, &A, &S),
) -> Vec<&'static str> {
    let broken = promises.iter().filter(|promise| !(promise.holds)(terms, before, step, after));
    broken.map(|promise| promise.name).collect()
}

/// Whether none of these promises is broken by a step.
pub(crate) fn all_hold<T, S, A>(
    promises: &[Promise<T, S, A>],
    terms: &T,
    (before, step, after): (&S, &A, &S),
) -> bool {
    promises.iter().all(|promise| (promise.holds)(terms, before, step, after))
}
