//! Plans: rows of dice that become a script while it is played, because the interesting choices
//! depend on how things stand: the token that is valid, the instant that is one millisecond early.
//! Small numbers are simple choices, so that any shrinker makes plans simpler.

use activity_execution::vocabulary::{
    Attempt, IdConflictPolicy, Observation, Opaque, Phase, Request, RequestId, Span, Target,
    TaskToken, Terms, TimeoutType, Timestamp,
};
use activity_execution::{Failure, FailureInfo, Payload};
use activity_models::scenario::{
    Effort, Happening, Line, Play, Script, Subject, Timers, Transcript,
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
    pub(crate) fn play<S: Subject>(&self, effort: Effort) -> Transcript {
        let mut play = Play::<S>::new(beginning(&self.options), effort);
        for dice in &self.moves {
            if play.is_over() {
                break;
            }
            let (script, stands) = (play.script().clone(), play.stands().clone());
            play.line(line(dice, &script, &stands));
        }
        play.finish()
    }
}

/// A plan is shown as the script that it becomes, so that a regression file can be read.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.play::<activity_models::scenario::Core>(Effort::Steps).script;
        write!(f, "\n{script}")
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
        backoff: backoff(dice[6]),
        timers: choose(
            dice[7],
            &[Timers::Punctual, Timers::Punctual, Timers::Punctual, Timers::AsWritten],
        ),
        schedule_time: Timestamp(choose(dice[8], &[0, 1, 1_700_000_000_000])),
        start_request_id: RequestId(u32::from(dice[9] % 3)),
        ..Script::new(Terms {
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
    Line {
        at,
        happening: happening(dice, script, stands),
    }
}

/// Now, a little later, exactly at a deadline or a dispatch time, a millisecond beside it, or far
/// ahead.
fn instant(die: u16, now: Timestamp, stands: &Observation) -> Timestamp {
    let beside = Span(choose(die / 16, &[0, -1, 1]));
    let armed: Vec<Timestamp> = stands.deadlines.armed().map(|(_, deadline)| deadline).collect();
    let earliest = armed.iter().copied().min().unwrap_or(now);
    match die % 16 {
        0..=3 => now,
        4 | 5 => now + Span(1),
        6 => now + span(die / 16),
        7..=9 => match stands.phase {
            Phase::Scheduled { dispatch_time, .. } => dispatch_time + beside,
            Phase::Started { .. } => Timestamp(i64::midpoint(now.0, earliest.0)),
            Phase::Closed { .. } => now,
        },
        10 | 11 => earliest + beside,
        12 | 13 => match armed.as_slice() {
            [] => now,
            armed => choose(die / 48, armed) + beside,
        },
        _ => now + span(die / 16),
    }
}

fn happening(dice: &Dice, script: &Script, stands: &Observation) -> Happening {
    let [_, what, which, how, more, rare] = *dice;
    if rare % 64 == 63 {
        let count = choose(how, &[2, 3, 10, 50, 200, 2_000]) - u32::from(more % 3);
        return Happening::FailAttempts {
            count,
            backoff: backoff(which),
        };
    }
    let waits = fitting_backoff(more, script, stands);
    match (what % 24, &stands.phase) {
        (20, _) => Happening::Wait,
        (21, _) => Happening::Jump,
        (22 | 23, _) => Happening::Elapses {
            timeout_type: choose(which, &TimeoutType::ALL),
            backoff: waits,
        },
        // Often what moves things on: a task that waits is polled, one that is held is reported.
        (0..=6, Phase::Scheduled { .. }) => Happening::Call(poll(0, how % 8, stands)),
        (0..=6, Phase::Started { .. }) => Happening::Call(report(what, which, how, waits, stands)),
        (7 | 8, _) | (0..=6, Phase::Closed { .. }) => Happening::Call(poll(which, how, stands)),
        (9..=16, _) => Happening::Call(report(what, which, how, waits, stands)),
        (17, _) => Happening::Call(start(which, stands)),
        (18, _) => Happening::Call(cancel(which, how, stands)),
        _ if which % 4 == 3 => Happening::Call(terminate(which, how, stands)),
        _ => Happening::Call(cancel(which, how, stands)),
    }
}

/// A backoff, by preference one that just fits before schedule-to-close or just does not.
fn fitting_backoff(die: u16, script: &Script, stands: &Observation) -> Span {
    match (die % 8, stands.deadlines.schedule_to_close) {
        (0..=3, _) => script.backoff,
        (4 | 5, Some(deadline)) => {
            let beside = choose(die / 8, &[0, -1, 1]);
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
        token,
        identity: worker(how / 3),
    }
}

fn report(what: u16, which: u16, how: u16, waits: Span, stands: &Observation) -> Request {
    let target = match which % 5 {
        4 => Target::ById,
        _ => Target::Token(TaskToken(attempt(which / 5, stands))),
    };
    match how % 10 {
        0..=3 => Request::RespondActivityTaskFailed {
            target,
            failure: failure(how / 10),
            retryable: what / 24 % 6 != 5,
            backoff: waits,
            last_heartbeat_details: choose(
                which / 35,
                &[None, None, Some(payload(how)), Some(Payload::none())],
            ),
            identity: worker(what),
        },
        4..=6 => Request::RecordActivityTaskHeartbeat {
            target,
            details: payload(how / 10),
        },
        7 => Request::RespondActivityTaskCanceled {
            target,
            details: payload(how / 10),
        },
        8 if stands.cancel_request.is_some() => Request::RespondActivityTaskCanceled {
            target,
            details: payload(how / 10),
        },
        _ => Request::RespondActivityTaskCompleted {
            target,
            result: payload(how / 10),
            identity: worker(what),
        },
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
        Payload::failure(Failure {
            message: message.into(),
            info,
            cause,
        })
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
    let server = FailureInfo::Server {
        non_retryable: die / 6 % 2 == 1,
    };
    match die % 6 {
        0 => transient,
        1 => Payload::none(),
        2 => of("gone", application("odd type", true), transient),
        3 => of("late", timeout, Payload::none()),
        4 => of("down", server, transient),
        _ => of("", FailureInfo::Unspecified, Payload::none()),
    }
}
