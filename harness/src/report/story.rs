//! A sequence that differs as a story of the specification: the execution as it should have been,
//! up to the step that differs; with a test that plays it again.

use crate::judge::{Difference, Follower, Next};
use crate::run::{Fault, Finding, Logged, Replay};
use activity_execution::vocabulary::{
    Action, Answer, Observation, Reply, Span, TimeoutType, Timestamp,
};
use activity_models::exploration::{Machine as _, SpecificationMachine};
use activity_models::scenario::{PlayedStep, Script, Timers, Transcript, WordsMet};
use activity_models::specification::Specification;
use activity_models::story::Timeline;
use std::fmt::Write as _;

/// What happened, step by step, as the specification follows it.
#[must_use]
pub fn story(finding: &Finding) -> Transcript {
    let setting = finding.job.terms.setting;
    let mut teller = Teller {
        follower: Follower::new(&finding.job.terms),
        moments: Vec::new(),
        actions: Vec::new(),
        lines: 0,
        backoff: setting.backoff,
    };
    let created = teller.follower.observation();
    for step in &finding.log {
        teller.step(step, finding.job.fault);
    }
    let mut script = Script::of_actions(setting.terms, teller.actions);
    script.timers = Timers::Punctual;
    script.backoff = setting.backoff;
    Transcript {
        script,
        created,
        moments: teller.moments,
        violations: Vec::new(),
        coverage: WordsMet::default(),
    }
}

/// The same drawn, with what differs beneath.
#[must_use]
pub fn timeline(finding: &Finding) -> Timeline {
    let mut timeline = story(finding).timeline();
    let difference = &finding.difference;
    let mut statement =
        format!("allowed: {}\nobserved: {}", difference.allowed.join(", or "), difference.observed);
    for promise in &difference.broken {
        let _ = write!(statement, "\nbroken: {}: {}", promise.name, promise.statement);
    }
    let _ = write!(statement, "\nrule {}", difference.rule);
    timeline.findings.push(format!("{}\n{statement}", title(difference)));
    timeline
}

/// What differs, in a few words.
fn title(difference: &Difference) -> String {
    match difference.broken.first() {
        Some(promise) => promise.name.to_owned(),
        None => format!("{} differs", difference.place),
    }
}

/// A test that plays the sequence again, for whoever implements the seam.
#[must_use]
pub fn reproduction(replay: &Replay) -> String {
    let what = replay.broken.first().map_or("the_specification_is_followed", String::as_str);
    let json = serde_json::to_string_pretty(replay).expect("a replay is JSON");
    let steps = replay.inputs.len();
    format!(
        "#[test]\nfn {what}_in_{steps}_steps() {{\n    \
         activity_harness::replays(my_system(), r##\"{json}\"##);\n}}\n"
    )
}

/// Follows the log once more, and writes down how the specification stands meanwhile.
struct Teller {
    follower: Follower,
    moments: Vec<PlayedStep>,
    actions: Vec<Action>,
    lines: usize,
    backoff: Span,
}

impl Teller {
    fn step(&mut self, step: &Logged, fault: Fault) {
        let Some(input) = step.input else { return };
        match self.follower.next(input) {
            Next::Nothing => {}
            Next::Wait(elapsed) => self.wait(elapsed),
            Next::Call(_) => self.calls(step, fault),
        }
        if let Some(shown) = &step.shown {
            // What differs is told beneath.
            let _ = self.follower.described(shown);
        }
    }

    fn calls(&mut self, step: &Logged, fault: Fault) {
        for (place, told) in step.told.iter().enumerate() {
            if place > 0 && fault != Fault::Reordered {
                self.follower.again();
            }
            let before = self.follower.observation();
            let reply = self.follower.claimed(told);
            let Some(action) = self.follower.open_action() else { return };
            // What differs is told beneath.
            let _ = self.follower.told(told);
            self.push(before, action, reply, true);
        }
    }

    /// Time passes; each deadline that takes effect is a moment of its own.
    fn wait(&mut self, elapsed: Span) {
        let terms = *self.follower.options();
        let end = self.follower.observation().now + elapsed;
        let mut state: Specification = SpecificationMachine.restore(&self.follower.observation());
        while let Some(due) = next_deadline(&state).filter(|due| *due <= end) {
            if due > state.now {
                let tick = Action::Tick { elapsed: due - state.now };
                self.actions.push(tick.clone());
                let _ = state.step(&terms, &tick);
            }
            let before = state.observe();
            let backoff = self.backoff;
            let elapses =
                TimeoutType::ALL.map(|timeout_type| Action::Elapses { timeout_type, backoff });
            let taken = elapses.into_iter().find(|it| state.step(&terms, it).is_ok());
            let Some(action) = taken else { break };
            let (reply, after) = (Ok(Answer::Done), state.observe());
            self.moments.push(PlayedStep {
                line: None,
                probe: false,
                action,
                reply,
                before,
                after,
            });
        }
        let before = state.observe();
        self.follower.pass(elapsed);
        if end > before.now {
            self.push(
                before.clone(),
                Action::Tick { elapsed: end - before.now },
                Ok(Answer::Done),
                false,
            );
        }
    }

    fn push(&mut self, before: Observation, action: Action, reply: Reply, is_line: bool) {
        let after = self.follower.observation();
        self.actions.push(action.clone());
        let line = is_line.then_some(self.lines);
        self.moments.push(PlayedStep { line, probe: false, action, reply, before, after });
        self.lines += usize::from(is_line);
    }
}

fn next_deadline(state: &Specification) -> Option<Timestamp> {
    state.armed.armed().map(|(_, due)| due).min()
}
