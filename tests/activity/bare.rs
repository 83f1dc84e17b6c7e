//! The activity beside the bare machine in a loop written by hand: the same events, the same
//! replies; and at every step it keeps the promises and comes back from its log and its snapshot.

use crate::driver::{Made, Plan, Run, plans};
use activity_execution::promises;
use activity_execution::vocabulary::{Request, RequestId, Retryability};
use activity_execution::{
    Accepted, Activity, ActivityExecution, Call, Event, Reply, RequestIdText, Timestamp,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The machine, and all that its driver has to think of.
struct Bare {
    execution: ActivityExecution,
    names: Vec<RequestIdText>,
}

impl Bare {
    /// A number for a request id: each its own, in the order in which they come.
    fn number(&mut self, id: &RequestIdText) -> RequestId {
        let known = self.names.iter().position(|name| name == id).unwrap_or_else(|| {
            self.names.push(id.clone());
            self.names.len() - 1
        });
        RequestId(u32::try_from(known).expect("a run has few requests"))
    }

    fn request(&mut self, run: &Run, call: &Call) -> Request {
        match call.clone() {
            Call::StartActivityExecution { request_id, id_conflict_policy } => {
                let request_id = self.number(&request_id);
                Request::StartActivityExecution { request_id, id_conflict_policy }
            }
            Call::RecordActivityTaskStarted { request_id, dispatched, identity } => {
                let request_id = self.number(&request_id);
                Request::RecordActivityTaskStarted { request_id, dispatched, identity }
            }
            Call::RecordActivityTaskHeartbeat { target, details } => {
                Request::RecordActivityTaskHeartbeat { target, details }
            }
            Call::RespondActivityTaskCompleted { target, result, identity } => {
                Request::RespondActivityTaskCompleted { target, result, identity }
            }
            Call::RespondActivityTaskFailed {
                target,
                failure,
                next_retry_delay,
                last_heartbeat_details,
                identity,
            } => {
                let options = run.activity.options();
                let retry: Retryability =
                    options.retry(self.execution.attempt(), &failure, next_retry_delay);
                Request::RespondActivityTaskFailed {
                    target,
                    failure,
                    retry,
                    last_heartbeat_details,
                    identity,
                }
            }
            Call::RespondActivityTaskCanceled { target, details } => {
                Request::RespondActivityTaskCanceled { target, details }
            }
            Call::RequestCancelActivityExecution { request_id, identity, reason } => {
                let request_id = self.number(&request_id);
                Request::RequestCancelActivityExecution { request_id, identity, reason }
            }
            Call::TerminateActivityExecution { request_id, identity, reason } => {
                let request_id = self.number(&request_id);
                Request::TerminateActivityExecution { request_id, identity, reason }
            }
            unknown => panic!("the loop by hand does not know {unknown}"),
        }
    }

    /// Settles, classifies, calls: what the activity does by itself.
    fn call(&mut self, run: &Run, now: Timestamp, call: &Call) -> (Vec<Event>, Reply) {
        let options = run.activity.options();
        let terms = options.terms();
        let now = now.max(self.execution.last_recorded_time());
        let mut events = Vec::new();
        let backoff = |attempt| options.backoff(attempt);
        self.execution.settle(&terms, now, backoff, |event| events.push(event));
        let request = self.request(run, call);
        let reply = self.execution.call(&terms, now, &request);
        let reply = reply.map(|Accepted { event, answer }| {
            events.extend(event);
            answer
        });
        (events, reply)
    }
}

/// Everything that is to hold of a run after a call.
fn judge(run: &Run, bare: &mut Bare, made: &Made) -> Result<(), String> {
    let equal = |what: &str, holds: bool| holds.then_some(()).ok_or(format!("{what} differ"));
    let (events, reply) = bare.call(run, made.now, &made.call);
    equal("replies", reply == made.called.reply)?;
    let named = events.into_iter().map(|event| {
        event.with_request_id(|RequestId(number)| bare.names[number as usize].clone())
    });
    equal("events", named.eq(made.called.events.iter().cloned()))?;
    let Run { activity, log, now } = run;
    let terms = activity.options().terms();
    let described =
        bare.execution.describe(&terms, made.now.max(bare.execution.last_recorded_time()));
    equal("descriptions", described == activity.describe(*now))?;
    equal(
        "deadlines",
        activity.next_wakeup() == bare.execution.deadline(&terms).map(|it| it.time),
    )?;

    let recovered = Activity::recover(activity.options().clone(), log);
    equal("an activity and what its log says", recovered.as_ref() == Ok(activity))?;
    let restored = Activity::from_snapshot(activity.options().clone(), &activity.snapshot());
    equal("an activity and what its snapshot says", restored.as_ref() == Ok(activity))?;
    states_are_kept(activity, *now)
}

/// Each promise of states, by its name.
pub(crate) fn states_are_kept(activity: &Activity, now: Timestamp) -> Result<(), String> {
    use activity_execution::vocabulary::{Action, Answer, Span, Step};
    let (terms, seen) = (activity.options().terms(), activity.observe(now));
    let step = Step { now, action: Action::Tick { elapsed: Span(0) }, reply: Ok(Answer::Done) };
    for promise in promises::all().iter().filter(|promise| promise.of_states) {
        if !(promise.holds)(&terms, &seen, &step, &seen) {
            return Err(format!("{} is broken: {}", promise.name, promise.statement));
        }
    }
    Ok(())
}

fn play(plan: &Plan) -> Result<Run, String> {
    let start = Run::start(plan.options);
    let terms = start.activity.options().terms();
    let mut bare = Bare {
        execution: ActivityExecution::new(&terms, start.now, RequestId(0)),
        names: start.log[0].request_id().cloned().into_iter().collect(),
    };
    let mut judged = Ok(());
    let run = Run::of(plan, |run, made| {
        if judged.is_ok() {
            judged = judge(run, &mut bare, made).map_err(|it| format!("{it} after {}", made.call));
        }
    });
    judged.map(|()| run)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn an_activity_is_the_bare_loop_and_comes_back_from_log_and_snapshot(plan in plans()) {
        play(&plan).map_err(TestCaseError::fail)?;
    }
}

/// The runs above reach everything that can be in a log.
#[test]
fn random_runs_write_every_event_and_every_outcome() {
    let mut seen = BTreeSet::new();
    for run in crate::driver::runs(600) {
        for event in &run.log {
            seen.insert(match event {
                Event::Closed { outcome, .. } => {
                    format!("{} {}", event.name(), outcome.kind().status())
                }
                other => other.name().to_string(),
            });
        }
    }
    let all = [
        "CancelRequested",
        "Closed Canceled",
        "Closed Completed",
        "Closed Failed",
        "Closed Terminated",
        "Closed TimedOut",
        "HeartbeatRecorded",
        "Rescheduled",
        "Scheduled",
        "Started",
    ];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
