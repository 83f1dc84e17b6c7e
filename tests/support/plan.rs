//! Random plans: rows of numbers that become a script while it is played. Small numbers are simple
//! choices, so that any shrinker makes plans simpler.

use activity_execution::vocabulary::{
    Attempt, Dialect, ExecutionOptions, IdConflictPolicy, Observation, Opaque, Phase, Request,
    RequestId, Retryability, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_execution::{Failure, FailureInfo, Payload};
use activity_models::scenario::{
    Core, Effort, Happening, Line, Play, Script, Subject, Timers, Transcript,
};
use std::fmt;

/// One row of dice.
pub(crate) type Dice = [u16; 6];

/// What becomes of it is up to the dice and to the state that they meet.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) options: [u16; 10],
    pub(crate) moves: Vec<Dice>,
}

impl Plan {
    /// Plays the plan, with probes at each step if wanted.
    pub(crate) fn play<S: Subject>(
        &self,
        effort: Effort,
        create: impl FnOnce(&ExecutionOptions, Timestamp, RequestId) -> S,
    ) -> Transcript {
        let mut play = Play::new(beginning(&self.options), effort, create);
        let mut after_close = 0;
        for dice in &self.moves {
            after_close += usize::from(play.stands().is_closed());
            if play.is_over() || after_close > 6 {
                break;
            }
            let (script, stands) = (play.script().clone(), play.stands().clone());
            play.line(line(dice, &script, &stands));
        }
        play.finish()
    }
}

/// A plan is shown as the script that it becomes, on one line, so that a regression file can be
/// read.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.play(Effort::Steps, Core::create).script.to_string();
        let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        f.write_str(&script.lines().map(squeezed).collect::<Vec<_>>().join(" | "))
    }
}

/// Takes the choice that the die points at; the first is the simplest.
fn choose<T: Clone>(die: u16, choices: &[T]) -> T {
    choices[usize::from(die) % choices.len()].clone()
}

/// Milliseconds to years, and what lies next to them.
fn span(die: u16) -> Span {
    const SECOND: i64 = 1_000;
    const DAY: i64 = 86_400 * SECOND;
    let scales = [SECOND, 10 * SECOND, 60 * SECOND, 3_600 * SECOND, DAY, 365 * DAY, 1, 50];
    let scale = choose(die, &scales);
    let times = i64::from(die / 8 % 9) + 1;
    let beside = choose(die / 72, &[0, 0, 0, 1, -1]);
    Span((scale * times + beside).max(1))
}

/// The options, and when and how everything begins.
fn beginning(dice: &[u16; 10]) -> Script {
    let start_to_close = span(dice[0]);
    let within = |die: u16, whole: Span| match die % 4 {
        0 => None,
        1 => Some(whole),
        2 => Some(Span((whole.0 / 2).max(1))),
        _ => Some(Span(span(die / 4).0.min(whole.0))),
    };
    let total = match dice[1] % 4 {
        0 => None,
        1 => Some(start_to_close),
        2 => Some(start_to_close + span(dice[1] / 4)),
        _ => Some(start_to_close + start_to_close + start_to_close),
    };
    let schedule_to_start = match (total, dice[2] % 2) {
        (Some(total), _) => Some(within(dice[2], total).unwrap_or(total)),
        (None, 0) => None,
        (None, _) => Some(span(dice[2] / 2)),
    };
    let maximum = choose(dice[3], &[None, Some(1), Some(2), Some(3), Some(5), Some(2_000)]);
    Script {
        backoff: choose(dice[6], &[Span(1_000), Span(start_to_close.0 / 8), backoff(dice[6] / 3)]),
        timers: choose(
            dice[7],
            &[Timers::Punctual, Timers::Punctual, Timers::Punctual, Timers::AsWritten],
        ),
        schedule_time: Timestamp(choose(dice[8], &[0, 1, 1_700_000_000_000])),
        start_request_id: RequestId(u32::from(dice[9] % 3)),
        ..Script::new(ExecutionOptions {
            dialect: choose(dice[9] / 3, &[Dialect::Standalone, Dialect::Workflow]),
            maximum_attempts: maximum.map(Attempt),
            schedule_to_close_timeout: total,
            schedule_to_start_timeout: schedule_to_start,
            start_to_close_timeout: start_to_close,
            heartbeat_timeout: within(dice[4], start_to_close),
            start_delay: choose(dice[5], &[Span(0), Span(0), span(dice[5] / 3)]),
            retries_start_to_close: dice[5] % 5 != 4,
            retries_heartbeat: dice[5] % 7 != 6,
        })
    }
}

fn backoff(die: u16) -> Span {
    choose(die, &[Span(1_000), span(die / 4), Span(0), span(die / 4)])
}

/// The next line: when, and what.
fn line(dice: &Dice, script: &Script, stands: &Observation) -> Line {
    let last = script.lines.last().map_or(Span(0), |line| line.at);
    let now = Timestamp((script.schedule_time + last).0.max(stands.now.0));
    let at = instant(dice[0], now, stands).or_later(now) - script.schedule_time;
    Line { at, happening: happening(dice, script, stands) }
}

/// Now, a little later, exactly at a deadline or a dispatch time, a millisecond beside it, or far
/// ahead.
fn instant(die: u16, now: Timestamp, stands: &Observation) -> Timestamp {
    let beside = Span(choose(die / 32, &[-1, 0, 1]));
    let armed: Vec<Timestamp> = stands.deadlines.armed().map(|(_, deadline)| deadline).collect();
    let earliest = armed.iter().copied().min().unwrap_or(now);
    match die % 32 {
        0..=9 => now,
        10..=13 => now + Span(1),
        14 => now + span(die / 32),
        15..=25 => match stands.phase {
            Phase::Scheduled { dispatch_time, .. } => dispatch_time + beside,
            Phase::Started { .. } => Timestamp(i64::midpoint(now.0, earliest.0)),
            Phase::Closed { .. } => now,
        },
        26..=28 => earliest + beside,
        29 | 30 => match armed.as_slice() {
            [] => now,
            armed => choose(die / 96, armed) + beside,
        },
        _ => now + span(die / 32),
    }
}

fn happening(dice: &Dice, script: &Script, stands: &Observation) -> Happening {
    let [_, what, which, how, more, rare] = *dice;
    if rare % 32 == 31 {
        let count = choose(how, &[2, 3, 10, 50, 200, 2_000]) - u32::from(more % 3);
        return Happening::FailAttempts {
            count,
            backoff: choose(which, &[Span(0), script.backoff, backoff(which / 3)]),
        };
    }
    let waits = fitting_backoff(more, script, stands);
    let retry = retry(how / 128, script.terms.dialect, waits);
    let (any, odd) = (which / 16, rare % 16);
    let call = match (&stands.phase, what % 32) {
        (_, 28) => return Happening::Wait,
        (_, 29) => return Happening::Jump,
        (_, 30 | 31) => {
            return Happening::Elapses {
                timeout_type: choose(which, &TimeoutType::ALL),
                backoff: waits,
            };
        }
        (Phase::Scheduled { .. }, 0..=18) => poll(0, 3 * (how / 8), stands),
        (Phase::Started { .. }, 0..=6) => report(FAILED, 5 * any, how, retry, stands),
        (Phase::Started { .. }, 7..=14) => report(HEARTBEAT, 5 * any, how, retry, stands),
        (Phase::Started { .. }, 15..=17) if stands.cancel_request.is_some() => {
            report(CANCELED, any, how, retry, stands)
        }
        (Phase::Started { .. }, 15) => cancel(any, how, stands),
        (Phase::Started { .. }, 16..=18) => poll(0, how, stands),
        (Phase::Closed { .. }, 0..=4) => cancel(any, how, stands),
        (Phase::Closed { .. }, 5..=9) => terminate(any, how, stands),
        (_, 20) => poll(any, how, stands),
        (_, 21) => start(which, stands),
        (_, 22) if odd == 15 => terminate(any, how, stands),
        (_, 22) if odd > 8 => cancel(any, how, stands),
        (_, 23) if odd == 15 => report(COMPLETED, any, how, retry, stands),
        (_, kind) => report(kind, any, how, retry, stands),
    };
    Happening::Call(call)
}

/// Mostly this backoff, sometimes none.
fn retry(die: u16, dialect: Dialect, waits: Span) -> Retryability {
    match (dialect, die % 8) {
        (_, 7) => Retryability::NonRetryable,
        (Dialect::Workflow, 6) => Retryability::TimedOut,
        (Dialect::Workflow, 5) => Retryability::NoInterval,
        (Dialect::Workflow, 4) => Retryability::After(Span(-waits.0)),
        (Dialect::Standalone | Dialect::Workflow, _) => Retryability::After(waits),
    }
}

/// A backoff, by preference one that just fits before schedule-to-close or just does not.
fn fitting_backoff(die: u16, script: &Script, stands: &Observation) -> Span {
    match (die % 8, stands.deadlines.schedule_to_close) {
        (0..=5, _) => script.backoff,
        (6, Some(deadline)) => {
            let beside = choose(die / 8, &[-1, 0, 1]);
            Span((deadline.0 - stands.now.0 + beside).max(0))
        }
        _ => backoff(die / 8),
    }
}

/// The valid token, the one before, the one to come, and others.
fn attempt(die: u16, stands: &Observation) -> Attempt {
    let Attempt(current) = stands.attempt;
    let attempts = [current, current, current, current - 1, current + 1, 1, 0];
    Attempt(choose(die, &attempts))
}

fn poll(which: u16, how: u16, stands: &Observation) -> Request {
    let token = TaskToken(attempt(which, stands));
    let own = u32::try_from(token.0.0).unwrap_or(u32::MAX);
    let held = match stands.phase {
        Phase::Started { request_id, .. } => request_id,
        Phase::Scheduled { .. } | Phase::Closed { .. } => RequestId(own),
    };
    Request::RecordActivityTaskStarted {
        request_id: choose(how, &[RequestId(own), held, RequestId(77)]),
        dispatched: token,
        identity: worker(how / 3),
    }
}

/// What a report is about, as its kind modulo four.
const FAILED: u16 = 0;
const HEARTBEAT: u16 = 1;
const CANCELED: u16 = 2;
const COMPLETED: u16 = 3;

fn report(kind: u16, which: u16, how: u16, retry: Retryability, stands: &Observation) -> Request {
    let target = match which % 5 {
        4 => Target::ById,
        _ => Target::Token(TaskToken(attempt(which / 5, stands))),
    };
    let identity = worker(how / 32);
    match kind % 4 {
        FAILED => Request::RespondActivityTaskFailed {
            target,
            failure: failure(how),
            retry,
            last_heartbeat_details: choose(
                how / 1024,
                &[None, None, Some(payload(how)), Some(Payload::none())],
            ),
            identity,
        },
        HEARTBEAT => Request::RecordActivityTaskHeartbeat { target, details: payload(how) },
        CANCELED => Request::RespondActivityTaskCanceled { target, details: payload(how) },
        // Success ends everything: now and then is often enough.
        _ if how % 4 != 3 && stands.is_started() => {
            Request::RecordActivityTaskHeartbeat { target, details: payload(how / 4) }
        }
        _ => Request::RespondActivityTaskCompleted { target, result: payload(how / 4), identity },
    }
}

fn start(which: u16, stands: &Observation) -> Request {
    Request::StartActivityExecution {
        request_id: choose(which, &[stands.start_request_id, RequestId(9)]),
        id_conflict_policy: choose(
            which / 2,
            &[IdConflictPolicy::Fail, IdConflictPolicy::UseExisting],
        ),
    }
}

/// A new request id, the one that was accepted, or another one.
fn asked(which: u16, accepted: Option<RequestId>) -> RequestId {
    let accepted = accepted.unwrap_or(RequestId(2));
    choose(which / 4, &[RequestId(2), accepted, RequestId(3)])
}

fn cancel(which: u16, how: u16, stands: &Observation) -> Request {
    let accepted = stands.cancel_request.as_ref().map(|request| request.request_id);
    Request::RequestCancelActivityExecution {
        request_id: asked(which, accepted),
        identity: worker(how),
        reason: payload(how / 4),
    }
}

fn terminate(which: u16, how: u16, stands: &Observation) -> Request {
    Request::TerminateActivityExecution {
        request_id: asked(which, stands.terminate_request_id),
        identity: worker(how),
        reason: payload(how / 4),
    }
}

fn worker(die: u16) -> Payload {
    choose(die, &["worker-a", "worker-b", "worker-c"].map(Payload::data))
}

fn payload(die: u16) -> Payload {
    let odd: &[u8] = &[0, 0xff, 0x80];
    choose(
        die,
        &[Payload::none(), Payload::data("details"), Payload::data("50 %\n\""), Payload::data(odd)],
    )
}

/// No failure, failures of several kinds, one with a cause.
pub(crate) fn failure(die: u16) -> Payload {
    let of = |message: &str, info: FailureInfo, cause: Payload| {
        Payload::failure(Failure { message: message.into(), info, cause })
    };
    let application = |type_name: &str, non_retryable| FailureInfo::Application {
        type_name: type_name.into(),
        non_retryable,
    };
    let transient = of("", application("Transient", false), Payload::none());
    let timeout = FailureInfo::Timeout {
        timeout_type: choose(die / 6, &TimeoutType::ALL),
        last_heartbeat_details: payload(die / 6),
    };
    let server = FailureInfo::Server { non_retryable: die / 6 % 2 == 1 };
    match die % 6 {
        0 => transient,
        1 => Payload::none(),
        2 => of("gone", application("odd type", true), transient),
        3 => of("late", timeout, Payload::none()),
        4 => of("down", server, transient),
        _ => of("", FailureInfo::Unspecified, Payload::none()),
    }
}
