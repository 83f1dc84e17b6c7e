//! Scenarios against brute force: the specification, driven one millisecond after the other by
//! workers that are written anew here. Nothing of it is shared with the core or its player.

#[path = "zones/configurations.rs"]
#[expect(dead_code, reason = "the random ones are for zones")]
mod configurations;

use activity_analysis::scenarios::{Behaviour, CancelAt, Circumstances, Ending, Plan, Stage};
use activity_execution::ActivityOptions;
use activity_execution::options::RetryPolicy;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, Dialect, ExecutionOptions, Observation, Phase, Request, RequestId,
    Retryability, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_models::specification::Specification;
use configurations::{longer, small};

/// What came of a run: how it ended and when, how many attempts started, how long after the request
/// a cancel was noticed.
type Came = (String, Option<i64>, i64, Option<i64>);

#[test]
fn a_scenario_is_what_brute_force_comes_to() {
    let mut compared = 0;
    for terms in small().into_iter().chain(longer()).chain(many()).chain(heartbeating()) {
        for (initial, coefficient) in [(1, 1.0), (2, 1.0), (1, 2.0)] {
            let options = options(&terms, initial, coefficient);
            assert_eq!(options.terms(), terms, "the options are those");
            for circumstances in circumstances() {
                let stage = Stage::new(&options, circumstances);
                for plan in plans() {
                    let run = stage.play(&plan);
                    let said = match run.ending {
                        Ending::Closed(kind) => kind.to_string(),
                        Ending::RunEnded => "run ended".to_owned(),
                        Ending::StaysOpen => "open".to_owned(),
                        Ending::GoesOn { .. } => "goes on".to_owned(),
                        Ending::CutOff => panic!("{terms:?}: cut off"),
                    };
                    let total = run.total().map(|at| i64::try_from(at).expect("it is small"));
                    let latency = run.cancel.and_then(|it| it.latency());
                    let latency = latency.map(|it| i64::try_from(it).expect("it is small"));
                    let brute = Brute { options: &options, circumstances, plan: &plan };
                    let came = brute.run();
                    if said == "goes on" {
                        assert_eq!(came.0, "open", "{terms:?}, {circumstances:?}, {plan:?}");
                    } else {
                        let said = (said, total, run.started(), latency);
                        assert_eq!(said, came, "{terms:?}, {circumstances:?}, {plan:?}");
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 50_000, "only {compared} runs");
}

/// With so many attempts that most of them are counted and not played.
fn many() -> Vec<ExecutionOptions<i64>> {
    let some = small().into_iter().filter(|it| it.maximum_attempts == Some(Attempt(3)));
    let some = some.filter(|it| it.schedule_to_close_timeout.is_none_or(|it| it == Span(3)));
    let many = some.flat_map(|terms| {
        [Some(150), None].map(|total: Option<i64>| ExecutionOptions {
            maximum_attempts: Some(Attempt(60)),
            schedule_to_close_timeout: terms.schedule_to_close_timeout.and(total).map(Span),
            ..terms
        })
    });
    many.filter(ExecutionOptions::are_normal).collect()
}

/// With time for many heartbeats in an attempt.
fn heartbeating() -> Vec<ExecutionOptions<i64>> {
    let some = small().into_iter().filter(|it| it.heartbeat_timeout == Some(Span(1)));
    let longer = some.flat_map(|terms| {
        [(3, 11, None), (5, 23, None), (4, 23, Some(40)), (1, 9, Some(30))].map(
            |(heartbeat, attempt, total)| ExecutionOptions {
                schedule_to_close_timeout: total.map(Span),
                schedule_to_start_timeout: total.map(Span),
                start_to_close_timeout: Span(attempt),
                heartbeat_timeout: Some(Span(heartbeat)),
                ..terms
            },
        )
    });
    longer.collect()
}

fn options(terms: &ExecutionOptions<i64>, initial: i64, coefficient: f64) -> ActivityOptions {
    let attempts = terms.maximum_attempts.map_or(0, |Attempt(it)| it);
    let types = [
        (terms.retries_start_to_close, "TemporalTimeout:StartToClose"),
        (terms.retries_heartbeat, "TemporalTimeout:Heartbeat"),
    ];
    let types = types.into_iter().filter(|(retries, _)| !retries).map(|(_, name)| name);
    let policy = RetryPolicy::builder()
        .initial_interval(Span(initial))
        .backoff_coefficient(coefficient)
        .maximum_interval(Span(4))
        .maximum_attempts(i32::try_from(attempts).expect("it is small"))
        .non_retryable_error_types(types);
    let mut requested = ActivityOptions::builder()
        .start_to_close_timeout(terms.start_to_close_timeout)
        .start_delay(terms.start_delay)
        .retry_policy(policy);
    requested.schedule_to_close_timeout = terms.schedule_to_close_timeout.map(Into::into);
    requested.schedule_to_start_timeout = terms.schedule_to_start_timeout.map(Into::into);
    requested.heartbeat_timeout = terms.heartbeat_timeout.map(Into::into);
    requested.build().expect("they are normal").in_dialect(terms.dialect)
}

fn circumstances() -> Vec<Circumstances> {
    let some = Circumstances::default();
    vec![
        some,
        Circumstances { heartbeats_every: Some(Span(1)), run_ends: Some(Span(7)), ..some },
        Circumstances { heartbeats_every: Some(Span(3)), poll_latency: Span(1), ..some },
        Circumstances { never_heartbeats: true, ..some },
    ]
}

fn plans() -> Vec<Plan> {
    let fails = |after| Behaviour::Fails { after: Span(after), retryable: true, delay: None };
    let asks = Behaviour::Fails { after: Span(0), retryable: true, delay: Some(Span(3)) };
    let never = Behaviour::Fails { after: Span(1), retryable: false, delay: None };
    let completes = |after| Behaviour::Completes { after: Span(after) };
    let running = CancelAt::Running { attempt: 1, after: Span(0) };
    vec![
        Plan::all(fails(0)),
        Plan::all(fails(1)),
        Plan::all(asks),
        Plan::all(never),
        Plan::all(completes(1)),
        Plan::all(completes(2)),
        Plan::all(Behaviour::Hangs),
        Plan::all(Behaviour::RunsOn),
        Plan::all(Behaviour::IsNotPolled),
        Plan::all(Behaviour::IsCompletedById { after: Span(1) }),
        Plan::first_then(Behaviour::Dies { after: Span(1) }, completes(0)),
        Plan::first_then(Behaviour::IsLost, Behaviour::IsNotPolled),
        Plan { first: vec![fails(0), fails(0)], then: completes(0), cancel: None },
        Plan::all(fails(8)),
        Plan::first_then(Behaviour::Dies { after: Span(7) }, completes(20)),
        Plan::all(Behaviour::RunsOn).cancelled(running),
        Plan::all(Behaviour::RunsOn).cancelled(CancelAt::Running { attempt: 1, after: Span(5) }),
        Plan::all(completes(19)).cancelled(CancelAt::Running { attempt: 2, after: Span(6) }),
        Plan::all(Behaviour::Hangs).cancelled(running),
        Plan::all(fails(0)).cancelled(CancelAt::Backoff),
    ]
}

/// Options, surroundings and plan, played one millisecond after the other.
struct Brute<'a> {
    options: &'a ActivityOptions,
    circumstances: Circumstances,
    plan: &'a Plan,
}

/// What the worker of the current attempt remembers.
#[derive(Default)]
struct Worker {
    /// Which attempt it has, and since when.
    attempt: Option<(i64, i64)>,
    last_sent: Option<i64>,
    is_pending: bool,
}

impl Brute<'_> {
    fn run(&self) -> Came {
        let terms = self.options.terms();
        let mut state = Specification::<i64, ()>::new(&terms, Timestamp(0), RequestId(0));
        let mut worker = Worker::default();
        let (mut started, mut asked, mut noticed) = (0, None, None);
        for now in 0..HORIZON {
            if now > 0 {
                let _ = state.step(&terms, &Action::Tick { elapsed: Span(1) });
            }
            if self.circumstances.run_ends == Some(Span(now)) {
                return ("run ended".to_owned(), Some(now), started, noticed);
            }
            loop {
                let before = state.observe();
                self.settle(&terms, &mut state);
                let seen = state.observe();
                if let Phase::Closed { outcome, .. } = seen.phase {
                    let latency = noticed.or(asked.filter(|(_, idle)| *idle).map(|_| 0));
                    return (outcome.kind().to_string(), Some(now), started, latency);
                }
                let Some(request) = self.next(&seen, &mut worker, now, asked) else {
                    if seen == before {
                        break;
                    }
                    continue;
                };
                let reply = state.step(&terms, &Action::Call(request));
                match (request, reply) {
                    (Request::RecordActivityTaskStarted { .. }, Ok(_)) => {
                        started += 1;
                        worker =
                            Worker { attempt: Some((seen.attempt.0, now)), ..Worker::default() };
                    }
                    (Request::RequestCancelActivityExecution { .. }, _) => {
                        asked = Some((now, !seen.is_started()));
                    }
                    (_, Ok(Answer::Recorded { cancel_requested: true })) => {
                        noticed = asked.map(|(then, _)| now - then);
                        let target = Target::ById;
                        let gives_in = Request::RespondActivityTaskCanceled { target, details: () };
                        let _ = state.step(&terms, &Action::Call(gives_in));
                    }
                    _ => {}
                }
            }
        }
        ("open".to_owned(), None, started, noticed)
    }

    fn settle(&self, terms: &ExecutionOptions<i64>, state: &mut Specification<i64, ()>) {
        while TimeoutType::ALL.into_iter().any(|timeout_type| {
            let backoff = self.options.backoff(state.observe().attempt);
            state.step(terms, &Action::Elapses { timeout_type, backoff }).is_ok()
        }) {}
    }

    /// Who calls at this instant, if anybody does.
    fn next(
        &self,
        seen: &Observation<i64, ()>,
        worker: &mut Worker,
        now: i64,
        asked: Option<(i64, bool)>,
    ) -> Option<Request<i64, ()>> {
        let behaviour = self.plan.of(seen.attempt.0);
        let identity = ();
        let cancel = Request::RequestCancelActivityExecution {
            request_id: RequestId(2),
            identity,
            reason: (),
        };
        match &seen.phase {
            Phase::Scheduled { dispatch_time, retry_interval } => {
                let cancels = self.plan.cancel == Some(CancelAt::Backoff)
                    && asked.is_none()
                    && retry_interval
                        .is_some_and(|Span(wait)| dispatch_time.0 - wait + wait / 2 == now);
                if cancels {
                    return Some(cancel);
                }
                let polls = dispatch_time.0 + self.circumstances.poll_latency.0 == now
                    && behaviour != Behaviour::IsNotPolled;
                polls.then_some(Request::RecordActivityTaskStarted {
                    request_id: RequestId(1),
                    dispatched: TaskToken(seen.attempt),
                    identity,
                })
            }
            Phase::Started { .. } => {
                let (_, since) = worker.attempt?;
                let is_alive = match behaviour {
                    Behaviour::Dies { after } => now <= since + after.0,
                    Behaviour::Hangs | Behaviour::IsLost | Behaviour::IsCompletedById { .. } => {
                        false
                    }
                    _ => true,
                };
                if is_alive && self.sends(worker, now - since) {
                    worker.last_sent = Some(now - since);
                    let target = Target::ById;
                    return Some(Request::RecordActivityTaskHeartbeat { target, details: () });
                }
                if let Some(CancelAt::Running { attempt, after }) = self.plan.cancel
                    && asked.is_none()
                    && attempt == seen.attempt.0
                    && now - since >= after.0
                {
                    // Where the function heartbeats, the request comes right after a heartbeat.
                    let heartbeats = behaviour != Behaviour::Hangs && self.interval().is_some();
                    if !heartbeats || worker.last_sent == Some(now - since) {
                        return Some(cancel);
                    }
                }
                self.reports(behaviour, seen.attempt, now - since)
            }
            Phase::Closed { .. } => None,
        }
    }

    /// How far apart the function heartbeats, and how far apart the worker may send.
    fn interval(&self) -> Option<(i64, i64)> {
        if self.circumstances.never_heartbeats {
            return None;
        }
        let timeout = self.options.heartbeat_timeout().map(|it| it.0);
        let throttle = timeout.map_or(30_000, |timeout| (timeout * 4 / 5).min(60_000)).max(1);
        match (self.circumstances.heartbeats_every, timeout) {
            (Some(Span(every)), _) => Some((every, throttle)),
            (None, Some(_)) => Some((throttle, throttle)),
            (None, None) => None,
        }
    }

    /// Whether the worker sends a heartbeat so long after the start: at once, if it may, or else as
    /// soon as it may again.
    fn sends(&self, worker: &mut Worker, age: i64) -> bool {
        let Some((every, throttle)) = self.interval() else { return false };
        if worker.last_sent == Some(age) {
            return false;
        }
        worker.is_pending |= age > 0 && age % every == 0;
        let may = worker.last_sent.is_none_or(|last| age >= last + throttle);
        let sends = worker.is_pending && may;
        if sends {
            worker.is_pending = false;
        }
        sends
    }

    fn reports(
        &self,
        behaviour: Behaviour,
        attempt: Attempt,
        age: i64,
    ) -> Option<Request<i64, ()>> {
        let target = Target::ById;
        match behaviour {
            Behaviour::Completes { after } | Behaviour::IsCompletedById { after } => {
                (age == after.0).then_some(Request::RespondActivityTaskCompleted {
                    target,
                    result: (),
                    identity: (),
                })
            }
            Behaviour::Fails { after, retryable, delay } => {
                let backoff = delay.unwrap_or_else(|| self.options.backoff(attempt));
                let retry = match retryable {
                    true => Retryability::After(backoff),
                    false => Retryability::NonRetryable,
                };
                (age == after.0).then_some(Request::RespondActivityTaskFailed {
                    target,
                    failure: (),
                    retry,
                    last_heartbeat_details: None,
                    identity: (),
                })
            }
            Behaviour::IsNotPolled
            | Behaviour::Hangs
            | Behaviour::RunsOn
            | Behaviour::Dies { .. }
            | Behaviour::IsLost
            | Behaviour::ShutsDown { .. } => None,
        }
    }
}

/// Longer than sixty attempts with all their waits.
const HORIZON: i64 = 700;

/// The standalone dialect and that of a workflow are both among the configurations.
#[test]
fn both_dialects_are_tried() {
    for dialect in [Dialect::Standalone, Dialect::Workflow] {
        assert!(small().iter().any(|terms| terms.dialect == dialect));
    }
}
