//! Brute force on plain integers: the specification, one unit of time after the other.

use super::Windows;
use activity_analysis::zones::{Control, RUN_ENDED, Reports, Stage, WORKFLOW_CLOSED};
use activity_execution::vocabulary::{
    Action, Attempt, Dialect, ExecutionOptions, Observation, OutcomeKind, Phase, Request,
    RequestId, Retryability, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_models::explore::reach;
use activity_models::specification::Specification;
use std::collections::BTreeSet;

/// More than all timeouts of a small configuration together: to jump over every deadline.
const FAR: i64 = 12;

/// What is explored by brute force.
pub(crate) struct Integers<'a> {
    pub(crate) terms: ExecutionOptions<i64>,
    pub(crate) backoff: &'a dyn Fn(Attempt) -> Span,
    pub(crate) run_ends: Option<i64>,
    pub(crate) reports: Reports,
    /// Integers are not followed farther.
    pub(crate) horizon: i64,
}

/// Integers are not followed farther, where nothing but the backoff makes retries wait.
pub(crate) const HORIZON: i64 = 48;

type Seen = Observation<i64, ()>;

impl Integers<'_> {
    /// No outcome that has a latest instant has it so late: what happens in the last round before
    /// the horizon can happen in any later one.
    pub(crate) fn late(&self) -> i64 {
        self.horizon - 6
    }

    /// The windows, one unit at a time.
    pub(crate) fn windows(&self) -> Windows {
        let terms = &self.terms;
        let begun = Specification::new(terms, Timestamp(0), RequestId(0)).observe();
        let age = |execution: &Seen| (execution.now - execution.schedule_time).0;
        let class = |execution: &Seen| {
            // Attempts differ no longer from the third on, where no maximum bounds them.
            let attempt = match terms.maximum_attempts {
                None => execution.attempt.0.min(3),
                Some(_) => execution.attempt.0,
            };
            (age(execution), relative(Observation { attempt: Attempt(attempt), ..*execution }))
        };
        let last = self.run_ends.map_or(self.horizon, |ends| ends - 1).min(self.horizon);
        let states = reach(self.settled(begun), class, |execution, next| {
            let is_last = age(execution) == last;
            next.extend(self.successors(execution, |action| {
                !matches!(action, Action::Tick { elapsed } if *elapsed > Span(1) || is_last)
            }));
        });
        let mut windows = Windows::new();
        for execution in states {
            let age = age(&execution);
            let (how, age) = match self.control(&execution).stage {
                Stage::Closed(how) => (how, age),
                Stage::Scheduled { .. } | Stage::Started { .. } => match self.run_ends {
                    Some(ends) if age == ends - 1 => (RUN_ENDED.to_owned(), ends),
                    Some(_) | None => continue,
                },
            };
            let latest = (age < self.late()).then_some(age);
            let window = windows.entry(how).or_insert((age, latest));
            window.0 = window.0.min(age);
            window.1 = window.1.zip(latest).map(|(one, other)| one.max(other));
        }
        windows
    }

    /// The control states that are reached in steps of one, or of any number of units.
    pub(crate) fn control_states(&self, alike_from: Option<i64>) -> BTreeSet<Control> {
        let begun = Specification::new(&self.terms, Timestamp(0), RequestId(0)).observe();
        let class = |execution: Seen| {
            let attempt =
                alike_from.map_or(execution.attempt.0, |last| execution.attempt.0.min(last));
            relative(Observation { attempt: Attempt(attempt), ..execution })
        };
        let begin = class(self.settled(begun));
        let states = reach(begin, Clone::clone, |execution, next| {
            let after = self.successors(execution, |_| true);
            next.extend(after.map(class));
        });
        states.iter().map(|it| self.control(it)).collect()
    }

    /// What can follow an execution that is open, by actions that are to be considered.
    fn successors<'a>(
        &'a self,
        execution: &'a Seen,
        is_considered: impl Fn(&Action<i64, ()>) -> bool + 'a,
    ) -> impl Iterator<Item = Seen> + 'a {
        let actions = if execution.is_closed() { vec![] } else { self.actions(execution) };
        actions.into_iter().filter(move |action| is_considered(action)).filter_map(move |action| {
            let mut next = Specification::from_observation(*execution);
            next.step(&self.terms, &action).ok()?;
            Some(self.settled(next.observe()))
        })
    }

    fn settled(&self, from: Seen) -> Seen {
        let mut execution = Specification::from_observation(from);
        let elapses = |timeout_type, attempt| Action::Elapses {
            timeout_type,
            backoff: (self.backoff)(attempt),
        };
        while TimeoutType::ALL.into_iter().any(|timeout_type| {
            execution.step(&self.terms, &elapses(timeout_type, execution.attempt)).is_ok()
        }) {}
        execution.observe()
    }

    fn actions(&self, execution: &Seen) -> Vec<Action<i64, ()>> {
        let (target, request_id, identity) = (Target::ById, RequestId(1), ());
        let fail = |retry| Request::RespondActivityTaskFailed {
            target,
            failure: (),
            retry,
            last_heartbeat_details: None,
            identity,
        };
        let token = TaskToken(execution.attempt);
        let calls = [
            Request::RecordActivityTaskStarted { request_id, dispatched: token, identity },
            Request::RecordActivityTaskHeartbeat { target, details: () },
            Request::RespondActivityTaskCompleted { target, result: (), identity },
            fail(Retryability::NonRetryable),
            Request::RespondActivityTaskCanceled { target, details: () },
            Request::RequestCancelActivityExecution { request_id, identity, reason: () },
            Request::TerminateActivityExecution { request_id, identity, reason: () },
        ];
        let ticks = (1..=FAR).map(|elapsed| Action::Tick { elapsed: Span(elapsed) });
        let fails = self.reported(execution).into_iter().map(fail);
        calls.into_iter().chain(fails).map(Action::Call).chain(ticks).collect()
    }

    /// What may be reported of a failure beside that it is not retryable.
    fn reported(&self, execution: &Seen) -> Vec<Retryability> {
        let backoff = Retryability::After((self.backoff)(execution.attempt));
        match (self.reports, self.terms.dialect) {
            (Reports::Plain, _) => vec![backoff],
            (Reports::Asking(delay), _) => vec![Retryability::After(delay)],
            (Reports::Any, dialect) => {
                // Farther back than schedule-to-start is long makes no difference.
                let back = if dialect == Dialect::Workflow { &[-3, -2, -1][..] } else { &[] };
                let delays = back
                    .iter()
                    .copied()
                    .chain(1..=self.horizon)
                    .map(|it| Retryability::After(Span(it)));
                let odd = [Retryability::NoInterval, Retryability::TimedOut];
                let odd = odd.into_iter().filter(|_| dialect == Dialect::Workflow);
                [backoff].into_iter().chain(delays).chain(odd).collect()
            }
        }
    }

    fn control(&self, execution: &Seen) -> Control {
        let stage = match &execution.phase {
            Phase::Scheduled { dispatch_time, retry_interval } => Stage::Scheduled {
                is_delayed: *dispatch_time > Timestamp(0),
                is_retry: retry_interval.is_some(),
            },
            Phase::Started { .. } => {
                Stage::Started { is_cancel_requested: execution.cancel_request.is_some() }
            }
            Phase::Closed { outcome, .. } => Stage::Closed(match outcome.kind() {
                OutcomeKind::Terminated if self.terms.dialect == Dialect::Workflow => {
                    WORKFLOW_CLOSED.to_owned()
                }
                kind => kind.to_string(),
            }),
        };
        Control { attempt: execution.attempt.0, stage }
    }
}

/// The same execution at instant zero, without what no future answer depends on.
fn relative(execution: Seen) -> Seen {
    let now = execution.now;
    let from_now = |instant: Timestamp| Timestamp((instant - now).0.max(0));
    let mut seen = execution;
    seen.now = Timestamp(0);
    seen.schedule_time = Timestamp(0);
    seen.last_started_time = seen.last_started_time.map(|_| Timestamp(0));
    seen.last_attempt_complete_time = None;
    seen.last_heartbeat_time = None;
    seen.total_heartbeat_count = 0;
    for deadline in [
        &mut seen.deadlines.schedule_to_start,
        &mut seen.deadlines.schedule_to_close,
        &mut seen.deadlines.start_to_close,
        &mut seen.deadlines.heartbeat,
    ] {
        *deadline = deadline.map(from_now);
    }
    match &mut seen.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            *dispatch_time = from_now(*dispatch_time);
            *retry_interval = retry_interval.map(|_| Span(0));
        }
        Phase::Started { dispatch_time, .. } => *dispatch_time = Timestamp(0),
        Phase::Closed { close_time, .. } => *close_time = Timestamp(0),
    }
    seen
}
