//! Core and specification in lockstep: each recorded step is put to both and compared. Knows
//! requests and deadlines; has never heard of a recording.

use super::compare::{Held, Mismatch};
use crate::scenario::{differences, show};
use crate::specification::Specification;
use activity_execution::vocabulary::{
    Action, Answer, ExecutionOptions, Observation, Reply, Request, RequestId, Span, TimeoutType,
    Timestamp,
};
use activity_execution::{ActivityExecution, Deadline, Description, Event, WorkflowView};
use serde_json::Value;

/// The two machines, at one instant.
#[derive(Debug)]
pub(super) struct Machines {
    terms: ExecutionOptions,
    core: ActivityExecution,
    view: WorkflowView,
    specification: Specification,
    now: Timestamp,
    changes: usize,
    actions: Vec<Action>,
    /// How they stood before what was put to them last.
    before: Observation,
}

impl Machines {
    /// A new execution at instant zero.
    pub(super) fn new(terms: ExecutionOptions, request_id: RequestId) -> Self {
        let now = Timestamp(0);
        let core = ActivityExecution::new(&terms, now, request_id);
        Machines {
            terms,
            before: core.observe(&terms, now),
            core,
            view: WorkflowView::scheduled(),
            specification: Specification::new(&terms, now, request_id),
            now,
            changes: 0,
            actions: Vec::new(),
        }
    }

    /// The core, which speaks for both as long as they agree.
    pub(super) fn core(&self) -> &ActivityExecution {
        &self.core
    }

    /// The numbers of the effective options.
    pub(super) fn terms(&self) -> &ExecutionOptions {
        &self.terms
    }

    /// The present.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// How often the execution changed so far.
    pub(super) fn changes(&self) -> usize {
        self.changes
    }

    /// Everything that can be told about the execution now.
    pub(super) fn observation(&self) -> Observation {
        self.core.observe(&self.terms, self.now)
    }

    /// How the execution stood before the last call or timer, or before time went on after it.
    pub(super) fn before(&self) -> &Observation {
        &self.before
    }

    /// The deadline that takes effect next.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.core.deadline(&self.terms)
    }

    /// What Describe shows at an instant.
    pub(super) fn description(&self, at: Timestamp) -> Description {
        self.core.describe(&self.terms, at)
    }

    /// What happened so far.
    pub(super) fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// What happened so far, for other machines to be put to.
    pub(super) fn into_actions(self) -> (ExecutionOptions, Vec<Action>) {
        (self.terms, self.actions)
    }

    /// What a workflow shows of the execution.
    pub(super) fn workflow_view(&self) -> &WorkflowView {
        &self.view
    }

    /// Lets time pass; what lies in the past changes nothing.
    pub(super) fn advance(&mut self, to: Timestamp) {
        if to > self.now {
            let elapsed = to - self.now;
            let tick = Action::Tick { elapsed };
            let reply = self.specification.step(&self.terms, &tick);
            debug_assert_eq!(reply, Ok(Answer::Done), "nobody refuses time");
            self.now = to;
            self.actions.push(tick);
        }
        self.before = self.observation();
    }

    /// Puts a call to both.
    pub(super) fn call(&mut self, request: &Request, mismatches: &mut Vec<Mismatch>) -> Reply {
        self.before = self.observation();
        let reply = self.core.call(&self.terms, self.now, request).map(|accepted| {
            if let Some(event) = accepted.event {
                self.note(&event);
            }
            accepted.answer
        });
        let action = Action::Call(request.clone());
        self.compare(&action, &reply, mismatches);
        reply
    }

    /// Lets the deadline that is due take effect in both, and says which it was.
    pub(super) fn elapse(
        &mut self,
        backoff: Span,
        mismatches: &mut Vec<Mismatch>,
    ) -> Option<TimeoutType> {
        self.before = self.observation();
        let (timeout_type, event) = self.core.elapse_next(&self.terms, self.now, backoff)?;
        self.note(&event);
        let action = Action::Elapses { timeout_type, backoff };
        self.compare(&action, &Ok(Answer::Done), mismatches);
        Some(timeout_type)
    }

    fn note(&mut self, event: &Event) {
        self.view.apply(event);
        self.changes += 1;
    }

    fn compare(&mut self, action: &Action, reply: &Reply, mismatches: &mut Vec<Mismatch>) {
        self.actions.push(action.clone());
        let specified = self.specification.step(&self.terms, action);
        compare_machines(
            (reply, &self.observation()),
            (&specified, &self.specification.observe()),
            mismatches,
        );
    }
}

/// Names, in words, each part in which the core does not do what the specification does.
fn compare_machines(
    (reply, core): (&Reply, &Observation),
    (specified, specification): (&Reply, &Observation),
    mismatches: &mut Vec<Mismatch>,
) {
    let mut add = |part: &str, core: String, specification: String| {
        mismatches.push(Mismatch {
            field: format!("core.{part}"),
            held: Held::Core,
            value: Some(Value::from(core)),
            allowed: Some(Value::from(specification)),
        });
    };
    if reply != specified {
        add("answer", show::answer(reply), show::answer(specified));
    }
    for it in differences(core, specification) {
        add(it.part, it.first, it.second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use activity_execution::vocabulary::{Dialect, Opaque as _, Rejection};

    #[test]
    fn a_core_that_does_something_else_is_told_in_words() {
        let terms = ExecutionOptions {
            dialect: Dialect::Standalone,
            maximum_attempts: None,
            schedule_to_close_timeout: Some(Span(60_000)),
            schedule_to_start_timeout: None,
            start_to_close_timeout: Span(5_000),
            heartbeat_timeout: None,
            start_delay: Span(0),
            retries_start_to_close: true,
            retries_heartbeat: true,
        };
        let right = ActivityExecution::new(&terms, Timestamp(0), RequestId(0));
        let mut wrong = right.clone();
        wrong
            .call(
                &terms,
                Timestamp(0),
                &Request::TerminateActivityExecution {
                    request_id: RequestId(1),
                    identity: activity_execution::Payload::none(),
                    reason: activity_execution::Payload::none(),
                },
            )
            .expect("it is open");
        let mut mismatches = vec![];
        compare_machines(
            (&Ok(Answer::Done), &wrong.observe(&terms, Timestamp(0))),
            (&Err(Rejection::NotFound), &right.observe(&terms, Timestamp(0))),
            &mut mismatches,
        );
        let fields: Vec<_> = mismatches.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(
            fields,
            ["core.answer", "core.phase", "core.deadlines", "core.terminate_request_id"]
        );
        for Mismatch { value, allowed, .. } in &mismatches {
            let told = format!("{} {}", value.as_ref().unwrap(), allowed.as_ref().unwrap());
            assert!(!told.contains('{') && !told.contains('('), "{told}");
        }
    }
}
