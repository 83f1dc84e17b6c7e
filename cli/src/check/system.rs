//! The check of the system model: caller, service, two workers and lost calls. Explores with the
//! models; says what came of it.

use crate::progress::Progress;
use crate::report::{Check, Kind, Story, Verdict, all_broken, broken, suite, table};
use crate::style::{Ink, count, rate, seconds};
use activity_models::system::{
    Bounds, CLAIMS, Checked, FAIRNESS, Machines, Move, QUICK, System, Violation, all, check,
    pinned, replay,
};
use quick_junit::TestSuite;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What came of checking the whole system.
#[derive(Clone, Debug)]
pub struct CheckedWhole {
    /// What is promised, claimed and seen, each judged.
    pub checks: Vec<Check>,
    checked: Checked,
    bounds: Bounds,
    elapsed: Duration,
}

/// Checks the whole system.
pub(super) fn examine_whole(bounds: Bounds, threads: usize, progress: &Progress) -> CheckedWhole {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let begun = Instant::now();
    progress.phase("whole system", 0);
    let tell = |_: activity_models::system::PartProgress| {
        !activity_models::exploration::Watch::is_cut_off(progress)
    };
    let maximum_attempts = FAIRNESS.maximum_attempts.min(bounds.maximum_attempts);
    let fairness = Bounds { maximum_attempts, ..FAIRNESS };
    let checked = check(&bounds, &fairness, threads, &tell);
    let (states, transitions) = (count(checked.unique_states), count(checked.transitions));
    let elapsed = begun.elapsed();
    progress.phase_done(&format!(
        "{states} unique states, {transitions} transitions, by two explorers, {:.1} s",
        elapsed.as_secs_f64()
    ));
    let checks = [
        promises(&checked, bounds),
        claimed(&checked, bounds),
        witnesses(&checked, bounds),
        counts(&checked, bounds),
    ];
    CheckedWhole { checks: checks.concat(), checked, bounds, elapsed }
}

fn promises(checked: &Checked, bounds: Bounds) -> Vec<Check> {
    let promises = all().into_iter().map(|promise| {
        let breaks = |violation: &&Violation| violation.names().contains(&promise.name);
        let violation = checked.violation.as_ref().filter(breaks);
        let by_peer = checked.peer.broken.contains(&promise.name);
        let verdict = Verdict::of(violation.is_some() || by_peer, checked.complete);
        let mut check = Check::new(Kind::Promise, promise.name, promise.statement, verdict);
        check.evidence.states = Some(checked.unique_states);
        check.story = violation.map(|it| story(bounds, it.begin, &it.moves));
        let only_by_peer = violation.is_none() && by_peer;
        check.evidence.complaint = only_by_peer.then(|| "stateright broke it".to_owned());
        check
    });
    promises.collect()
}

fn claimed(checked: &Checked, bounds: Bounds) -> Vec<Check> {
    let claimed = checked.claims.iter().map(|claim| {
        let statement = CLAIMS.iter().find(|it| it.name == claim.name);
        let statement = statement.map_or("", |claim| claim.statement);
        let verdict = Verdict::of(claim.stays.is_some(), checked.complete);
        let mut check = Check::new(Kind::Liveness, claim.name, statement, verdict);
        check.evidence.because = Some(format!("from {} states", count(claim.states as u64)));
        check.evidence.states = Some(claim.states as u64);
        check.story = claim.stays.as_ref().map(|way| story(bounds, way.begin, &way.moves));
        check
    });
    claimed.collect()
}

/// What is sometimes so; details that are bounded too narrowly leave some of it out of reach.
fn witnesses(checked: &Checked, bounds: Bounds) -> Vec<Check> {
    let reaches_all = checked.complete && bounds.details > QUICK.details;
    let seen = checked.witnesses.iter().map(|witness| {
        let verdict = match &witness.way {
            Some(_) => Verdict::Holds,
            None if reaches_all => Verdict::Broken,
            None => Verdict::Undecided,
        };
        let statement = format!("Sometimes {}.", witness.name.replace('_', " "));
        let mut check = Check::new(Kind::Witness, witness.name, &statement, verdict);
        check.story = witness.way.as_ref().map(|way| story(bounds, way.begin, &way.moves));
        check
    });
    seen.collect()
}

/// That both explorers count alike, and as is pinned.
fn counts(checked: &Checked, bounds: Bounds) -> Vec<Check> {
    let judged = |name, statement, because: String, wrong: Option<String>| {
        let verdict = Verdict::of(wrong.is_some(), checked.complete);
        let mut check = Check::new(Kind::Count, name, statement, verdict);
        check.evidence.because = Some(because);
        check.evidence.states = Some(checked.unique_states);
        check.evidence.complaint = wrong;
        check
    };
    let alike = checked.peer.unique_states == checked.unique_states
        && checked.peer.transitions == checked.transitions;
    let differ = checked.complete && !(alike && checked.peer.complete);
    let mut checks = vec![judged(
        "both_explorers_count_alike",
        "Two explorers reach as many states by as many steps.",
        format!("{} states were met by each", count(checked.unique_states)),
        differ.then(|| "stateright counts otherwise".to_owned()),
    )];
    checks.extend(pinned(&bounds).map(|pinned| {
        let counts = [checked.unique_states, checked.transitions, checked.without_effect];
        let differ = checked.complete && counts != pinned;
        judged(
            "every_count_is_the_one_that_is_pinned",
            "The exploration comes to the counts that are written down with its bounds.",
            "states, steps, and steps without effect".to_owned(),
            differ.then(|| format!("counted {counts:?}, pinned are {pinned:?}")),
        )
    }));
    checks
}

/// A run of the system as it should be.
fn story(bounds: Bounds, terms: u8, moves: &[Move]) -> Story {
    let system = System { machines: Machines::RIGHT, bounds };
    Story::from(replay(&system, terms, moves).as_slice())
}

impl CheckedWhole {
    /// Whether everything was explored.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.checked.complete
    }

    /// Steps in a second of both explorers and all threads together, with what the claims take.
    fn rate(&self) -> u64 {
        rate(self.checked.transitions + self.checked.peer.transitions, self.elapsed)
    }

    /// For a person.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Bounds { maximum_attempts, details, strays, .. } = self.bounds;
        let mut text = format!(
            "{}\nattempts up to {maximum_attempts}, 2 workers, heartbeat details up to version \
             {details}, stray calls up to {strays} at a time, any number of faults\n",
            Ink::Title.paint("whole system: caller, service, workers, lost and repeated calls")
        );
        let _ = writeln!(text, "{}\n", table(&self.checks));
        text += &broken(&self.checks, usize::MAX);
        let wrong = all_broken(&self.checks).count();
        let verdict = match (wrong, self.checked.complete) {
            (0, true) => Ink::Good.paint("the whole system keeps all its promises"),
            (0, false) => Ink::Caution.paint("incomplete: nothing is broken so far"),
            (wrong, _) => Ink::Bad.paint(format!("{wrong} of {} are not so", self.checks.len())),
        };
        let _ = writeln!(
            text,
            "{verdict}; {} unique states, {} transitions by each of two explorers ({:.1} s, {} \
             transitions/s)",
            count(self.checked.unique_states),
            count(self.checked.transitions),
            self.elapsed.as_secs_f64(),
            count(self.rate())
        );
        text
    }

    /// For a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "complete": self.checked.complete,
            "unique_states": self.checked.unique_states,
            "transitions": self.checked.transitions,
            "steps_without_effect": self.checked.without_effect,
            "seconds": seconds(self.elapsed),
            "transitions_per_second": self.rate(),
            "properties": self.checks,
        })
    }

    /// For a build server: a test case for each.
    pub(super) fn to_suite(&self) -> TestSuite {
        suite("whole system", "activity.check.system", self.elapsed, &self.checks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use activity_models::system::{BOUNDS, Way, Witnessed};

    #[test]
    fn what_was_never_seen_is_missed_only_where_the_bounds_allow_it() {
        let witnesses = vec![
            Witnessed { name: "a_task_is_lost", way: None },
            Witnessed {
                name: "a_caller_schedules",
                way: Some(Way { begin: 0, moves: vec![Move::Schedule] }),
            },
        ];
        let checked = Checked { witnesses, complete: true, ..Checked::default() };
        let judged = |bounds| super::witnesses(&checked, bounds);
        assert_eq!(judged(BOUNDS)[0].verdict, Verdict::Broken);
        assert_eq!(judged(QUICK)[0].verdict, Verdict::Undecided);
        assert_eq!(judged(QUICK)[0].statement, "Sometimes a task is lost.");
        let seen = &judged(QUICK)[1];
        assert_eq!((seen.kind, seen.verdict), (Kind::Witness, Verdict::Holds));
        assert_eq!(seen.story.as_ref().map(|story| story.steps.len()), Some(1));
    }
}
