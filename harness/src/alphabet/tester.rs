//! What a tester remembers of an execution, and the action that it makes of an abstract input.

use super::input::{FailureKind, Id, Input, Passing, Whom};
use super::setting::Setting;
use activity_execution::vocabulary::{
    Action, Answer, Number, Observation, Opaque, Phase, Rejection, Reply, Request, RequestId,
    Retryability, Span, Target, TaskToken, TimeoutReason, Timestamp,
};
use activity_execution::{Failure, FailureInfo, Payload};
use activity_models::exploration::ExplorerPayload;

/// Where payloads and request ids come from, and what they are called without their content.
pub trait Supply<P> {
    /// From now on nothing is new that was brought before.
    fn begin(&mut self);

    /// A payload that was never used.
    fn payload(&mut self) -> P;

    /// A failure that was never used, of this kind.
    fn failure(&mut self, kind: FailureKind) -> P;

    /// A request id that was never used.
    fn request_id(&mut self) -> RequestId;

    /// What a payload is called: new in this step, known before, or made of those.
    fn name(&self, payload: &P) -> ExplorerPayload;
}

/// The supply of the explicit machine: what is new is called so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Abstract;

impl Supply<ExplorerPayload> for Abstract {
    fn begin(&mut self) {}

    fn payload(&mut self) -> ExplorerPayload {
        ExplorerPayload::NEW
    }

    fn failure(&mut self, _: FailureKind) -> ExplorerPayload {
        ExplorerPayload::NEW
    }

    fn request_id(&mut self) -> RequestId {
        RequestId(1)
    }

    fn name(&self, payload: &ExplorerPayload) -> ExplorerPayload {
        *payload
    }
}

/// The supply of a judge: no payload and no request id is used twice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unique {
    used: u32,
    /// How many were used before the step.
    before: u32,
}

impl Unique {
    /// A number that was never used.
    pub(crate) fn next(&mut self) -> u32 {
        self.used += 1;
        self.used
    }

    /// From now on nothing is new that was brought before.
    pub(crate) fn forget_what_is_new(&mut self) {
        self.before = self.used;
    }

    /// Whether a number is of this step.
    pub(crate) fn name_of(&self, number: u32) -> ExplorerPayload {
        if number > self.before { ExplorerPayload::NEW } else { ExplorerPayload::KNOWN }
    }

    /// What the number at the end of a text says of it.
    fn name_of_text(&self, text: &str) -> ExplorerPayload {
        let digits = text.rsplit(' ').next().and_then(|word| word.parse().ok());
        digits.map_or(ExplorerPayload::KNOWN, |number| self.name_of(number))
    }
}

impl Supply<Payload> for Unique {
    fn begin(&mut self) {
        self.forget_what_is_new();
    }

    fn payload(&mut self) -> Payload {
        Payload::data(format!("payload {}", self.next()))
    }

    fn failure(&mut self, kind: FailureKind) -> Payload {
        Payload::failure(Failure {
            message: format!("failure {}", self.next()),
            info: FailureInfo::Application {
                type_name: "Failure".to_string(),
                non_retryable: kind == FailureKind::NonRetryable,
            },
            cause: Payload::none(),
        })
    }

    fn request_id(&mut self) -> RequestId {
        RequestId(self.next())
    }

    fn name(&self, payload: &Payload) -> ExplorerPayload {
        use activity_execution::Content;
        let nothing = ExplorerPayload::NOTHING;
        if *payload == Payload::none().or_missing_failure() {
            return nothing.or_missing_failure();
        }
        if *payload == Payload::activity_id_not_started() {
            return ExplorerPayload::activity_id_not_started();
        }
        match payload.content() {
            None => nothing,
            Some(Content::Data(bytes)) => self.name_of_text(&String::from_utf8_lossy(bytes)),
            Some(Content::Failure(Failure { message, info, cause })) => {
                let FailureInfo::Timeout { timeout_type, last_heartbeat_details } = info else {
                    return self.name_of_text(message);
                };
                let reason = match message.contains("Not enough time") {
                    true => TimeoutReason::NotEnoughTime,
                    false => TimeoutReason::Elapsed,
                };
                let (details, cause) = (self.name(last_heartbeat_details), self.name(cause));
                ExplorerPayload::timeout_failure(*timeout_type, reason, details, cause)
            }
        }
    }
}

/// What a tester has been told: tokens and the request ids that were accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tester<N = i64> {
    start: RequestId,
    /// The last three tokens, the newest first.
    tokens: [Option<TaskToken<N>>; 3],
    poll: Option<RequestId>,
    cancel: Option<RequestId>,
    termination: Option<RequestId>,
}

impl<N: Number> Tester<N> {
    /// Whoever started an execution under this request id.
    #[must_use]
    pub fn new(start: RequestId) -> Self {
        Tester { start, tokens: [None; 3], poll: None, cancel: None, termination: None }
    }

    /// Whoever was told all that led to an execution of the specification that stands like this.
    #[must_use]
    pub fn of<P: Opaque>(observation: &Observation<N, P>) -> Self {
        let (one, mut newest) = (N::literal(1), observation.attempt);
        let mut poll = None;
        match observation.phase {
            Phase::Started { request_id, .. } => poll = Some(request_id),
            Phase::Scheduled { .. } => newest.0 = newest.0 - one,
            Phase::Closed { .. } => {}
        }
        let token = |back: i64| {
            let mut attempt = newest;
            attempt.0 = attempt.0 - N::literal(back);
            (attempt.0 >= one).then_some(TaskToken(attempt))
        };
        Tester {
            start: observation.start_request_id,
            tokens: [token(0), token(1), token(2)],
            poll,
            cancel: observation.cancel_request.as_ref().map(|it| it.request_id),
            termination: observation.terminate_request_id,
        }
    }

    /// The token that was given out last.
    #[must_use]
    pub fn newest(&self) -> Option<TaskToken<N>> {
        self.tokens[0]
    }

    /// The action that an input is, on an execution that the specification sees like this; none
    /// where the tester has nothing to say it with, and [`unasked`](Self::unasked) is the answer.
    ///
    /// A poll is of the attempt that the specification would give: who has a queue gives its own.
    pub fn action<P: Opaque>(
        &self,
        input: Input,
        setting: &Setting<N>,
        specified: &Observation<N, P>,
        supply: &mut impl Supply<P>,
    ) -> Option<Action<N, P>> {
        let id = |id: Id, known: Option<RequestId>, supply: &mut dyn FnMut() -> RequestId| match id
        {
            Id::Same => known.unwrap_or_else(supply),
            Id::Other => supply(),
        };
        supply.begin();
        let request = match input {
            Input::Time(passing) => {
                let elapsed = passes(passing, setting, specified)?;
                return Some(Action::Tick { elapsed });
            }
            Input::Start(which, id_conflict_policy) => Request::StartActivityExecution {
                request_id: id(which, Some(self.start), &mut || supply.request_id()),
                id_conflict_policy,
            },
            Input::Poll(which) => Request::RecordActivityTaskStarted {
                request_id: id(which, self.poll, &mut || supply.request_id()),
                dispatched: TaskToken(specified.attempt),
                identity: supply.payload(),
            },
            Input::RequestCancel(which) => Request::RequestCancelActivityExecution {
                request_id: id(which, self.cancel, &mut || supply.request_id()),
                identity: supply.payload(),
                reason: supply.payload(),
            },
            Input::Terminate(which) => Request::TerminateActivityExecution {
                request_id: id(which, self.termination, &mut || supply.request_id()),
                identity: supply.payload(),
                reason: supply.payload(),
            },
            Input::Heartbeat { whom, details } => Request::RecordActivityTaskHeartbeat {
                target: self.target(whom)?,
                details: if details { supply.payload() } else { P::none() },
            },
            Input::Complete(whom) => Request::RespondActivityTaskCompleted {
                target: self.target(whom)?,
                result: supply.payload(),
                identity: supply.payload(),
            },
            Input::Fail(whom, kind) => failed(self.target(whom)?, kind, setting, supply),
            Input::Cancel(whom) => Request::RespondActivityTaskCanceled {
                target: self.target(whom)?,
                details: supply.payload(),
            },
        };
        Some(Action::Call(request))
    }

    /// The answer to what a tester cannot say: nobody has a token that was never given out, and
    /// where nothing is to come no time passes until then.
    pub fn unasked<P>(input: Input) -> Reply<N, P> {
        if input.is_time() { Ok(Answer::Done) } else { Err(Rejection::NotFound) }
    }

    /// Remembers what it was told.
    pub fn note<P>(&mut self, action: &Action<N, P>, reply: &Reply<N, P>) {
        let Action::Call(request) = action else { return };
        match (request, reply) {
            (
                Request::RecordActivityTaskStarted { request_id, .. },
                Ok(Answer::Task { token, .. }),
            ) => {
                self.poll = Some(*request_id);
                if self.tokens[0] != Some(*token) {
                    self.tokens = [Some(*token), self.tokens[0], self.tokens[1]];
                }
            }
            (Request::RequestCancelActivityExecution { request_id, .. }, Ok(Answer::Done)) => {
                self.cancel = self.cancel.or(Some(*request_id));
            }
            (Request::TerminateActivityExecution { request_id, .. }, Ok(Answer::Done)) => {
                self.termination = self.termination.or(Some(*request_id));
            }
            _ => {}
        }
    }

    fn target(&self, whom: Whom) -> Option<Target<N>> {
        let token = match whom {
            Whom::ById => return Some(Target::ById),
            Whom::Current => self.tokens[0],
            Whom::Previous => self.tokens[1],
            Whom::BeforePrevious => self.tokens[2],
        };
        token.map(Target::Token)
    }
}

fn failed<N: Number, P: Opaque>(
    target: Target<N>,
    kind: FailureKind,
    setting: &Setting<N>,
    supply: &mut impl Supply<P>,
) -> Request<N, P> {
    let retry = match kind {
        FailureKind::Plain | FailureKind::Detailed => Retryability::After(setting.backoff),
        FailureKind::NonRetryable => Retryability::NonRetryable,
        FailureKind::NextRetryDelay => Retryability::After(setting.next_retry_delay),
        FailureKind::TimedOut => Retryability::TimedOut,
        FailureKind::NoInterval => Retryability::NoInterval,
        FailureKind::PastDelay => Retryability::After(setting.past_delay()),
    };
    let failure = if kind == FailureKind::Plain { P::none() } else { supply.failure(kind) };
    let details = (kind == FailureKind::Detailed).then(|| supply.payload());
    Request::RespondActivityTaskFailed {
        target,
        failure,
        retry,
        last_heartbeat_details: details,
        identity: supply.payload(),
    }
}

/// How much time passes; none where there is no instant to wait for.
fn passes<N: Number, P>(
    passing: Passing,
    setting: &Setting<N>,
    specified: &Observation<N, P>,
) -> Option<Span<N>> {
    let now = specified.now;
    let next = || {
        let dispatch = match specified.phase {
            Phase::Scheduled { dispatch_time, .. } => Some(dispatch_time),
            Phase::Started { .. } | Phase::Closed { .. } => None,
        };
        let instants = specified.deadlines.armed().map(|(_, instant)| instant).chain(dispatch);
        instants.filter(|instant| *instant > now).min_by_key(|Timestamp(instant)| *instant)
    };
    match passing {
        Passing::Step => Some(setting.step),
        Passing::ToNext => Some(next()? - now),
        Passing::JustBefore => {
            let before = next()? - setting.step;
            (before > now).then(|| before - now)
        }
    }
}
