//! The shapes of executions, by plain enumeration, and the edges of the life cycle in words.

use super::drawn;
use activity_execution::promises::{ServicePromise, all};
use activity_execution::vocabulary::{
    Action, Answer, Attempt, CancelRequest, Deadlines, Dialect, ExecutionOptions, Number,
    Observation, Opaque, Outcome, OutcomeKind, Phase, RequestId, RetryState, Span, Step,
    TimeoutType, Timestamp,
};
use activity_proofs::any::{PhaseKind, Word};
use activity_proofs::parties::{Hypotheses, Service, Turn};
use std::collections::BTreeSet;

/// Phase, word, whether it is accepted or why not, phase.
pub(super) fn edge(before: PhaseKind, _word: Word, turn: &Turn<Service>) -> String {
    let Turn { step, after, .. } = turn;
    let reply = match step.reply {
        Ok(_) => "Ok".to_owned(),
        Err(rejection) => format!("{rejection:?}"),
    };
    let after = match &after.phase {
        Phase::Scheduled { .. } => "Scheduled".to_owned(),
        Phase::Started { .. } => "Started".to_owned(),
        Phase::Closed { .. } if before == PhaseKind::Closed => "Closed".to_owned(),
        Phase::Closed { outcome, .. } => outcome.kind().to_string().replace(['(', ')'], ""),
    };
    format!("{before:?} {} {reply} {after}", step.action.trace_word())
}

#[test]
fn the_generator_draws_every_shape_that_the_promises_allow_and_no_other() {
    for hypotheses in [
        Hypotheses::all().structural(),
        Hypotheses::all().without("deadlines_are_armed_exactly_in_their_phase").structural(),
        Hypotheses::all().without("terminated_means_closed_by_force").structural(),
    ] {
        for phase in PhaseKind::ALL {
            let drawn = drawn(&hypotheses, &[phase], shape);
            let allowed = allowed(&hypotheses, phase);
            assert_eq!(drawn.len(), allowed.len(), "{phase:?}");
            assert_eq!(drawn, allowed, "{phase:?}");
        }
    }
}

/// What is there and what is not: of terms, deadlines, instants and requests; and the outcome.
type Shape = (Vec<bool>, Option<OutcomeKind>);

fn shape<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    execution: &Observation<N, P>,
) -> Shape {
    let retried = matches!(execution.phase, Phase::Scheduled { retry_interval: Some(_), .. });
    let mut there = vec![
        terms.maximum_attempts.is_some(),
        terms.schedule_to_close_timeout.is_some(),
        terms.schedule_to_start_timeout.is_some(),
        terms.heartbeat_timeout.is_some(),
        retried,
        execution.last_started_time.is_some(),
        execution.last_attempt_complete_time.is_some(),
        execution.last_heartbeat_time.is_some(),
        execution.cancel_request.is_some(),
        execution.terminate_request_id.is_some(),
    ];
    there.extend(TimeoutType::ALL.map(|it| execution.deadlines.of(it).is_some()));
    (there, execution.outcome().map(Outcome::kind))
}

/// Every shape there is, with numbers instead of symbols, of which the assumed promises hold.
fn allowed(hypotheses: &Hypotheses<Service>, phase: PhaseKind) -> BTreeSet<Shape> {
    let assumed: Vec<ServicePromise<i64, ()>> =
        all().into_iter().filter(|promise| hypotheses.include(promise.name)).collect();
    let mut shapes = BTreeSet::new();
    for bits in 0..1_u32 << 14 {
        let there = |bit: u32| (bits >> bit & 1 == 1).then_some(());
        let at = |bit| there(bit).map(|()| Timestamp(0));
        let terms = ExecutionOptions {
            dialect: Dialect::Standalone,
            maximum_attempts: there(0).map(|()| Attempt(3)),
            schedule_to_close_timeout: there(1).map(|()| Span(9)),
            schedule_to_start_timeout: there(2).map(|()| Span(5)),
            start_to_close_timeout: Span(5),
            heartbeat_timeout: there(3).map(|()| Span(2)),
            start_delay: Span(0),
            retries_start_to_close: false,
            retries_heartbeat: false,
        };
        for kind in phases(phase, there(4).is_some()) {
            let execution = Observation {
                now: Timestamp(0),
                schedule_time: Timestamp(0),
                start_request_id: RequestId(0),
                attempt: Attempt(1),
                phase: kind,
                deadlines: Deadlines {
                    schedule_to_start: at(5),
                    schedule_to_close: at(6),
                    start_to_close: at(7),
                    heartbeat: at(8),
                },
                last_started_time: at(9),
                last_attempt_complete_time: at(10),
                last_heartbeat_time: at(11),
                heartbeat_details: (),
                total_heartbeat_count: 0,
                last_failure: (),
                last_worker_identity: (),
                cancel_request: there(12).map(|()| CancelRequest {
                    request_id: RequestId(0),
                    identity: (),
                    reason: (),
                }),
                terminate_request_id: there(13).map(|()| RequestId(0)),
            };
            let action = Action::Tick { elapsed: Span(0) };
            let step = Step { now: execution.now, action, reply: Ok(Answer::Done) };
            let holds =
                |it: &ServicePromise<i64, ()>| (it.holds)(&terms, &execution, &step, &execution);
            if terms.are_normal() && assumed.iter().all(holds) {
                shapes.insert(shape(&terms, &execution));
            }
        }
    }
    shapes
}

fn phases(phase: PhaseKind, retried: bool) -> Vec<Phase<i64, ()>> {
    let dispatch_time = Timestamp(0);
    match phase {
        PhaseKind::Scheduled => {
            vec![Phase::Scheduled { dispatch_time, retry_interval: retried.then_some(Span(0)) }]
        }
        PhaseKind::Started if retried => Vec::new(),
        PhaseKind::Started => vec![Phase::Started { request_id: RequestId(0), dispatch_time }],
        PhaseKind::Closed if retried => Vec::new(),
        PhaseKind::Closed => {
            let close_time = Timestamp(0);
            outcomes().into_iter().map(|outcome| Phase::Closed { outcome, close_time }).collect()
        }
    }
}

fn outcomes() -> Vec<Outcome<()>> {
    let mut outcomes = vec![
        Outcome::Completed { result: () },
        Outcome::Canceled { details: (), identity: () },
        Outcome::Terminated { reason: (), identity: () },
    ];
    for retry_state in RetryState::ALL {
        outcomes.push(Outcome::Failed { failure: (), retry_state });
        outcomes.extend(TimeoutType::ALL.map(|timeout_type| Outcome::TimedOut {
            timeout_type,
            failure: (),
            retry_state,
        }));
    }
    outcomes
}
