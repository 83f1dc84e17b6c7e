//! Tries what is wrong with the driver of a core: its clock, its wake-ups and its log.

use super::arena::{Arena, Ring};
use super::kill::shrunk;
use super::row::{Cell, Checker, Row};
use crate::alphabet::{Setting, Tester, Unique, describe};
use crate::machine::{Symbol, Word};
use crate::punctual::Punctual;
use crate::suite::Trie;
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Action, Answer, Observation, Reply, Request, RequestId, TaskToken, Timestamp,
};
use activity_models::exploration::SpecificationMachine;
use activity_models::mutants::{Mutant, MutatedCore, PlayedRule, of_driver};
use activity_models::scenario::{Subject, Violation, differences};

const OF_EXECUTIONS: &str = "It is about executions, and not about who drives one.";

/// The rows of the driver's bugs that `is_asked` for.
#[must_use]
pub fn of_drivers(arena: &Arena, is_asked: &dyn Fn(&str) -> bool) -> Vec<Row> {
    let rows = of_driver().iter().filter(|it| is_asked(it.name)).map(|mutant| {
        let mut row = Row::of(mutant);
        let played = mutant.with_rule(PlayedRule::Driver(mutant.rule));
        let edges = first(arena, &played, false, Ring::edges);
        let complete0 = edges.clone().or_else(|| first(arena, &played, false, Ring::complete0));
        let walks = first(arena, &played, false, Ring::walks);
        let crash = first(arena, &played, true, Ring::edges);
        // Who passes the smaller suites is held to the larger one in the smallest configuration.
        let complete1 = complete0.clone().or_else(|| {
            let smallest = &arena.rings[0];
            shows(smallest, &played, false, smallest.complete1())
        });
        for (checker, found) in [
            (Checker::Edges, &edges),
            (Checker::Complete0, &complete0),
            (Checker::Complete1, &complete1),
            (Checker::Walks, &walks),
            (Checker::Crash, &crash),
        ] {
            row.cells.insert(checker, Cell::of(found.is_some()));
        }
        let beyond = mutant.beyond_exploration.unwrap_or(OF_EXECUTIONS);
        row.cells.insert(Checker::Exploration, Cell::NotApplicable(beyond));
        for checker in [Checker::Theorems, Checker::Properties, Checker::Recorded] {
            row.cells.insert(checker, Cell::NotApplicable(OF_EXECUTIONS));
        }
        let found = complete1.map(|it| (it, false)).or(crash.map(|it| (it, true)));
        if let Some(((ring, word), crashes)) = found {
            let differs = |word: &Word| played_to_the_end(ring, &played, crashes, word);
            let word = shrunk(word, |word| differs(word).map(|(length, _)| length));
            row.configuration = Some(ring.configuration.name.clone());
            row.sequence = ring.told(&word);
            row.crashes = crashes;
            row.shows = differs(&word).map_or(Vec::new(), |(_, said)| said);
        }
        row
    });
    rows.collect()
}

fn first<'a>(
    arena: &'a Arena,
    mutant: &Mutant<PlayedRule>,
    crashes: bool,
    trie: impl Fn(&'a Ring) -> &'a Trie,
) -> Option<(&'a Ring, Word)> {
    arena.rings.iter().find_map(|ring| shows(ring, mutant, crashes, trie(ring)))
}

fn shows<'a>(
    ring: &'a Ring,
    mutant: &Mutant<PlayedRule>,
    crashes: bool,
    trie: &Trie,
) -> Option<(&'a Ring, Word)> {
    let differs = |word: &Word| played_to_the_end(ring, mutant, crashes, word).is_some();
    trie.sequences().find(differs).map(|word| (ring, word))
}

/// Plays a sequence up to the first difference: after how many inputs it comes, and what it is.
fn played_to_the_end(
    ring: &Ring,
    mutant: &Mutant<PlayedRule>,
    crashes: bool,
    word: &[Symbol],
) -> Option<(usize, Vec<String>)> {
    let setting = ring.configuration.setting(1);
    let specification = Punctual { machine: &SpecificationMachine, setting: &setting };
    let mut specified = specification.begin::<Payload>();
    let (start, request_id) = (Timestamp(0), RequestId(0));
    let subject = mutant.create(&setting.terms, start, request_id);
    let mut driven = Driven { setting, now: start, subject };
    let (mut tester, mut supply) = (Tester::new(request_id), Unique::default());
    driven.wake_up();
    for (place, input) in ring.explicit.spelled(word).into_iter().enumerate() {
        let before: Observation = specification.observe(&specified);
        let Some(action) = tester.action(input, &setting, &before, &mut supply) else { continue };
        let expected: Reply = specification.take(&mut specified, &action);
        let reply = driven.take(&action);
        tester.note(&action, &expected);
        if crashes {
            driven.subject = driven.subject.recovered();
        }
        let (stands, shown) = (specification.observe(&specified), driven.observe());
        let looks = |observation: &Observation| describe(&setting.terms, observation);
        let violation = if expected != reply {
            Violation::Reply { core: reply, specification: expected }
        } else if looks(&stands) != looks(&shown) {
            Violation::Observation { differences: differences(&shown, &stands) }
        } else {
            continue;
        };
        let told = violation.to_string();
        let mut said: Vec<String> = told.lines().skip(1).map(|it| it.trim().to_string()).collect();
        if let Some(deadline) = driven.subject.deadline(&setting.terms) {
            let at = (deadline.time - start).0;
            said.push(format!("the driver wakes up at {at}ms, {:?}", deadline.timeout_type));
        }
        return Some((place + 1, said));
    }
    None
}

/// A core with a driver that keeps its clock.
struct Driven {
    setting: Setting<i64>,
    now: Timestamp,
    subject: MutatedCore,
}

impl Driven {
    fn observe(&self) -> Observation {
        self.subject.observe(&self.setting.terms, self.now)
    }

    /// Lets everything take effect that the driver wakes up for.
    fn wake_up(&mut self) {
        let terms = &self.setting.terms;
        while self.subject.deadline(terms).is_some_and(|deadline| deadline.time <= self.now) {
            if self.subject.expire(terms, self.now, self.setting.backoff).is_none() {
                break;
            }
        }
    }

    fn take(&mut self, action: &Action) -> Reply {
        match action {
            Action::Tick { elapsed } => {
                let end = self.now + *elapsed;
                while self.now < end {
                    self.now = self.now + self.setting.step;
                    self.wake_up();
                }
                Ok(Answer::Done)
            }
            Action::Call(request) => {
                let mut request = request.clone();
                if let Request::RecordActivityTaskStarted { dispatched, .. } = &mut request {
                    *dispatched = TaskToken(self.observe().attempt);
                }
                let reply = self.subject.call(&self.setting.terms, self.now, &request);
                self.wake_up();
                reply
            }
            Action::Elapses { .. } => unreachable!("testers do not decide when a timer elapses"),
        }
    }
}
