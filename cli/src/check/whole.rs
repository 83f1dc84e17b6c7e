//! The part of the check that is about caller, service, workers and what gets lost between them.
//! Explores with the models; says what came of it.

use crate::exit::Exit;
use crate::progress::Progress;
use crate::style::{Ink, count, rate, seconds};
use activity_models::system::{
    Bounds, Checked, FAIRNESS, QUICK, System, Violation, all, check, pinned, replay, timeline,
};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What came of checking the whole system.
#[derive(Clone, Debug)]
pub struct CheckedWhole {
    checked: Checked,
    bounds: Bounds,
    elapsed: Duration,
}

/// One line of the result.
struct Row {
    name: &'static str,
    kind: &'static str,
    wrong: Option<String>,
    is_decided: bool,
    why: String,
}

/// Checks the whole system.
pub(super) fn examine_whole(bounds: Bounds, threads: usize, progress: &Progress) -> CheckedWhole {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let begun = Instant::now();
    progress.phase("whole system", 0);
    let tell = |_: activity_models::system::Progress| {
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
    CheckedWhole { checked, bounds, elapsed }
}

impl CheckedWhole {
    /// The exit code that this result deserves.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.rows().iter().any(|row| row.wrong.is_some()) {
            Exit::Disagreed
        } else if self.checked.complete {
            Exit::Agreed
        } else {
            Exit::Inconclusive
        }
    }

    fn rows(&self) -> Vec<Row> {
        let checked = &self.checked;
        let is_decided = checked.complete;
        let mut rows: Vec<Row> = all()
            .iter()
            .map(|promise| {
                let breaks = |violation: &&Violation| violation.broken.contains(&promise.name);
                let violation = checked.violation.as_ref().filter(breaks);
                let by_peer = checked.peer.broken.contains(&promise.name);
                let wrong = violation.map(|it| self.story(it.terms, &it.moves));
                let wrong = wrong.or(by_peer.then(|| "stateright broke it".to_owned()));
                let why = promise.statement.to_owned();
                Row { name: promise.name, kind: "always", wrong, is_decided, why }
            })
            .collect();
        rows.extend(checked.claims.iter().map(|claim| {
            let wrong = claim.stays.as_ref().map(|(terms, moves)| self.story(*terms, moves));
            let why = format!("from {} states", count(claim.states as u64));
            Row { name: claim.name, kind: "in the end", wrong, is_decided, why }
        }));
        rows.extend(checked.witnesses.iter().map(|witness| {
            let steps = witness.way.as_ref().map(|(_, moves)| moves.len());
            let unseen = steps.is_none() && is_decided && self.bounds.details > QUICK.details;
            let wrong = unseen.then(|| "it was never seen".to_owned());
            let why = steps.map_or("not seen".to_owned(), |steps| format!("in {steps} steps"));
            let is_decided = steps.is_some();
            Row { name: witness.name, kind: "sometimes", wrong, is_decided, why }
        }));
        let alike = checked.peer.unique_states == checked.unique_states
            && checked.peer.transitions == checked.transitions;
        let differ = is_decided && !(alike && checked.peer.complete);
        rows.push(Row {
            name: "both_explorers_count_alike",
            kind: "always",
            wrong: differ.then(|| "stateright counts otherwise".to_owned()),
            is_decided,
            why: format!("{} states were met by each", count(checked.unique_states)),
        });
        if let Some(pinned) = pinned(&self.bounds) {
            let counts = [checked.unique_states, checked.transitions, checked.without_effect];
            let differ = is_decided && counts != pinned;
            rows.push(Row {
                name: "every_count_is_the_one_that_is_pinned",
                kind: "always",
                wrong: differ.then(|| format!("counted {counts:?}, pinned are {pinned:?}")),
                is_decided,
                why: "states, steps, and steps without effect".to_owned(),
            });
        }
        rows
    }

    /// Steps in a second of both explorers and all threads together, with what the claims take.
    fn rate(&self) -> u64 {
        rate(self.checked.transitions + self.checked.peer.transitions, self.elapsed)
    }

    fn story(&self, terms: u8, moves: &[activity_models::system::Move]) -> String {
        let machines = activity_models::system::Machines::RIGHT;
        let system = System { machines, bounds: self.bounds };
        timeline(&replay(&system, terms, moves)).to_string()
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
        let rows = self.rows();
        let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        for row in &rows {
            let verdict = match (&row.wrong, row.is_decided) {
                (Some(_), _) => Ink::Bad.paint("wrong    "),
                (None, true) if row.kind == "sometimes" => Ink::Good.paint("seen     "),
                (None, true) => Ink::Good.paint("holds    "),
                (None, false) => Ink::Caution.paint("undecided"),
            };
            let (kind, name, why) = (row.kind, row.name, &row.why);
            let _ = writeln!(text, "{kind:<10}  {name:<width$}  {verdict}  {why}");
        }
        for row in rows.iter().filter_map(|row| row.wrong.as_ref().map(|wrong| (row.name, wrong))) {
            let _ = writeln!(text, "\n{}\n{}", Ink::Bad.paint(row.0), row.1);
        }
        let wrong = rows.iter().filter(|row| row.wrong.is_some()).count();
        let verdict = match (wrong, self.checked.complete) {
            (0, true) => Ink::Good.paint("the whole system keeps all its promises"),
            (0, false) => Ink::Caution.paint("incomplete: nothing is broken so far"),
            (wrong, _) => Ink::Bad.paint(format!("{wrong} of {} are not so", rows.len())),
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
        let rows: Vec<Value> = self
            .rows()
            .into_iter()
            .map(|row| {
                json!({
                    "name": row.name,
                    "kind": row.kind,
                    "wrong": row.wrong,
                    "decided": row.is_decided,
                    "why": row.why,
                })
            })
            .collect();
        json!({
            "complete": self.checked.complete,
            "unique_states": self.checked.unique_states,
            "transitions": self.checked.transitions,
            "steps_without_effect": self.checked.without_effect,
            "seconds": seconds(self.elapsed),
            "transitions_per_second": self.rate(),
            "properties": rows,
        })
    }

    /// For a build server: a test case for each.
    pub(super) fn to_suite(&self) -> TestSuite {
        let mut suite = TestSuite::new("whole system");
        suite.set_time(self.elapsed);
        suite.add_test_cases(self.rows().into_iter().map(|row| {
            let status = match row.wrong {
                Some(wrong) => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_message(row.why);
                    status.set_description(wrong);
                    status
                }
                None if row.is_decided => TestCaseStatus::success(),
                None => TestCaseStatus::skipped(),
            };
            let mut case = TestCase::new(row.name, status);
            case.set_classname("activity.check.system");
            case
        }));
        suite
    }
}
