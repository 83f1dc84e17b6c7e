//! The checks of every step of a scenario: promises, refinement, wake-ups, recovery.

use super::alphabet::alphabet;
use super::run::{Play, PlayedStep};
use super::violation::{Side, Violation, differences};
use super::{Subject, Timers};
use activity_execution::vocabulary::{
    Action, Answer, IdConflictPolicy, Observation, Reply, Request, Step, TimeoutType,
};

impl<S: Subject> Play<S> {
    pub(super) fn judge(
        &mut self,
        before: &[Observation; 2],
        action: &Action,
        replies: &[Reply; 2],
        after: &[Observation; 2],
    ) {
        let violations = &mut self.transcript.violations;
        for (index, side) in [Side::Core, Side::Specification].into_iter().enumerate() {
            let step = Step {
                now: before[index].now,
                action: action.clone(),
                reply: replies[index].clone(),
            };
            for promise in &self.promises {
                let holds = promise.holds;
                if !holds(&self.transcript.script.terms, &before[index], &step, &after[index]) {
                    violations.push(Violation::Promise {
                        name: promise.name,
                        statement: promise.statement,
                        side,
                    });
                }
            }
        }
        if replies[0] != replies[1] {
            violations.push(Violation::Reply {
                core: replies[0].clone(),
                specification: replies[1].clone(),
            });
        }
        if after[0] != after[1] {
            let differences = differences(&after[0], &after[1]);
            violations.push(Violation::Observation { differences });
        }
        if replies[0].is_err() && before[0] != after[0] {
            let differences = differences(&before[0], &after[0]);
            violations.push(Violation::Refusal { differences });
        }
    }

    /// The state in which everything begins has no step before it: only what holds of states alone
    /// and the comparison are judged.
    pub(super) fn judge_beginning(&mut self) {
        if self.stands[0] != self.stands[1] {
            let differences = differences(&self.stands[0], &self.stands[1]);
            self.transcript.violations.push(Violation::Observation { differences });
        }
        let step = Step {
            now: self.now,
            action: Action::Call(Request::StartActivityExecution {
                request_id: self.script().start_request_id,
                id_conflict_policy: IdConflictPolicy::Fail,
            }),
            reply: Ok(Answer::Existing),
        };
        for (stand, side) in self.stands.iter().zip([Side::Core, Side::Specification]) {
            for promise in self.promises.iter().filter(|promise| promise.of_states) {
                if !(promise.holds)(&self.transcript.script.terms, stand, &step, stand) {
                    self.transcript.violations.push(Violation::Promise {
                        name: promise.name,
                        statement: promise.statement,
                        side,
                    });
                }
            }
        }
        if !self.is_over() {
            self.judge_deadline();
        }
    }

    pub(super) fn judge_deadline(&mut self) {
        let core = self.subject.deadline(&self.transcript.script.terms);
        let deadlines = &self.stands[1].deadlines;
        let expected = deadlines.armed().map(|(_, deadline)| deadline).min();
        let agrees = match core {
            None => expected.is_none(),
            Some(deadline) => {
                Some(deadline.time) == expected
                    && deadlines.of(deadline.timeout_type) == Some(deadline.time)
            }
        };
        if !agrees {
            let violation = Violation::Deadline { core, expected };
            self.transcript.violations.push(violation);
        }
    }

    pub(super) fn judge_recovery(&mut self) {
        let recovered = self.subject.recovered().observe(&self.transcript.script.terms, self.now);
        if recovered != self.stands[0] {
            let differences = differences(&recovered, &self.stands[0]);
            self.transcript.violations.push(Violation::Recovery { differences });
        }
    }

    /// Tries everything once, from here, without consequences.
    pub(super) fn probe(&mut self) {
        let backoff = self.script().backoff;
        let timers = TimeoutType::ALL.map(|timeout_type| Action::Elapses { timeout_type, backoff });
        // Calls presuppose settled time; the next step may be a timer that is due.
        let settled = self.script().timers == Timers::AsWritten
            || self.stands[1].deadlines.armed().all(|(_, deadline)| self.now < deadline);
        let calls =
            if settled { alphabet(&self.script().terms, &self.stands[1]) } else { Vec::new() };
        for action in calls.into_iter().map(Action::Call).chain(timers) {
            let mut subject = self.subject.clone();
            let mut specification = self.specification.clone();
            let before = self.stands.clone();
            let (replies, stands) = self.play(&mut subject, &mut specification, &action);
            self.judge(&before, &action, &replies, &stands);
            let [reply, _] = replies;
            if reply.is_err() {
                self.transcript.coverage.note(&action, &reply, &stands[0]);
            }
            if self.is_over() {
                let [before, _] = before;
                let [after, _] = stands;
                self.transcript.moments.push(PlayedStep {
                    line: None,
                    probe: true,
                    action,
                    reply,
                    before,
                    after,
                });
                return;
            }
        }
    }
}
