//! Core and specification in lockstep: each recorded step is put to both and compared. Knows
//! requests and deadlines; has never heard of a recording.

use super::compare::Difference;
use crate::specification::Specification;
use activity_execution::vocabulary::{
    Action, Answer, ExecutionOptions, Observation, Reply, Request, RequestId, Span, TimeoutType,
    Timestamp,
};
use activity_execution::{ActivityExecution, Deadline, Description, Event, WorkflowView};
use serde_json::Value;
use std::fmt::Debug;

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
}

impl Machines {
    /// A new execution at instant zero.
    pub(super) fn new(terms: ExecutionOptions, request_id: RequestId) -> Self {
        let now = Timestamp(0);
        Machines {
            terms,
            core: ActivityExecution::new(&terms, now, request_id),
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

    /// The deadline that takes effect next.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.core.deadline(&self.terms)
    }

    /// What Describe shows at an instant.
    pub(super) fn description(&self, at: Timestamp) -> Description {
        self.core.describe(&self.terms, at)
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
    }

    /// Puts a call to both.
    pub(super) fn call(&mut self, request: &Request, differences: &mut Vec<Difference>) -> Reply {
        let reply = self.core.call(&self.terms, self.now, request).map(|accepted| {
            if let Some(event) = accepted.event {
                self.note(&event);
            }
            accepted.answer
        });
        let action = Action::Call(request.clone());
        self.compare(&action, &reply, differences);
        reply
    }

    /// Lets the deadline that is due take effect in both, and says which it was.
    pub(super) fn elapse(
        &mut self,
        backoff: Span,
        differences: &mut Vec<Difference>,
    ) -> Option<TimeoutType> {
        let (timeout_type, event) = self.core.elapse_next(&self.terms, self.now, backoff)?;
        self.note(&event);
        let action = Action::Elapses { timeout_type, backoff };
        self.compare(&action, &Ok(Answer::Done), differences);
        Some(timeout_type)
    }

    fn note(&mut self, event: &Event) {
        self.view.apply(event);
        self.changes += 1;
    }

    fn compare(&mut self, action: &Action, reply: &Reply, differences: &mut Vec<Difference>) {
        self.actions.push(action.clone());
        let specified = self.specification.step(&self.terms, action);
        unequal("answer", &specified, reply, differences);
        compare_observations(&self.specification.observe(), &self.observation(), differences);
    }
}

/// Names each part of the two observations that is not the same.
fn compare_observations(
    specification: &Observation,
    core: &Observation,
    differences: &mut Vec<Difference>,
) {
    if specification == core {
        return;
    }
    macro_rules! compare_fields {
        ($($field:ident)*) => {
            // Names every field, so that a new one cannot be forgotten here.
            let Observation { $($field: _),* } = core;
            $(unequal(stringify!($field), &specification.$field, &core.$field, differences);)*
        };
    }
    compare_fields!(
        now schedule_time start_request_id attempt phase deadlines last_started_time
        last_attempt_complete_time last_heartbeat_time heartbeat_details total_heartbeat_count
        last_failure last_worker_identity cancel_request terminate_request_id
    );
}

fn unequal<T: Debug + PartialEq>(
    field: &str,
    specification: &T,
    core: &T,
    differences: &mut Vec<Difference>,
) {
    if specification != core {
        differences.push(Difference {
            field: format!("specification.{field}"),
            expected: Some(Value::from(format!("{specification:?}"))),
            found: Some(Value::from(format!("{core:?}"))),
        });
    }
}
