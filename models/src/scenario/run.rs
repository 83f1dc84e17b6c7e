//! Plays a script on a subject and on the specification side by side and judges every step.

use super::coverage::WordsMet;
use super::subject::{Core, Subject};
use super::{Happening, Line, Script, Timers, Transcript};
use crate::specification::Specification;
use activity_execution::Payload;
use activity_execution::promises::{self, ServicePromise};
use activity_execution::vocabulary::{
    Action, Answer, ExecutionOptions, Observation, Opaque, Phase, Reply, Request, RequestId,
    Retryability, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_execution::{Failure, FailureInfo};

/// What one step did.
#[derive(Clone, Debug)]
pub struct PlayedStep {
    /// The line of the script behind it; time alone where there is none.
    pub line: Option<usize>,
    /// Whether it was only tried, to see that it is refused or answered alike.
    pub probe: bool,
    /// What happened.
    pub action: Action,
    /// What the core answered.
    pub reply: Reply,
    /// What the core looked like before.
    pub before: Observation,
    /// What the core looked like after.
    pub after: Observation,
}

/// Plays `script` on the core and on the specification, until the first step that violates
/// anything.
#[must_use]
pub fn run(script: &Script) -> Transcript {
    run_on(script, Effort::Steps, Core::create)
}

/// How much is tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effort {
    /// The script.
    Steps,
    /// The script, and after each step every call of the alphabet and every timer: refused ones
    /// have to change nothing, the others to be answered alike.
    Probes,
}

/// As [`run`], on another subject, which `create` begins, and with probes if wanted.
#[must_use]
pub fn run_on<S: Subject>(
    script: &Script,
    effort: Effort,
    create: impl FnOnce(&ExecutionOptions, Timestamp, RequestId) -> S,
) -> Transcript {
    let empty = Script { lines: Vec::new(), ..script.clone() };
    let mut play = Play::new(empty, effort, create);
    for line in &script.lines {
        play.line(line.clone());
    }
    play.finish()
}

/// A script that is played while it is being written: what comes next may depend on how things
/// stand.
#[derive(Clone, Debug)]
pub struct Play<S> {
    effort: Effort,
    pub(super) promises: Vec<ServicePromise>,
    pub(super) now: Timestamp,
    pub(super) subject: S,
    pub(super) specification: Specification,
    /// How the two stand.
    pub(super) stands: [Observation; 2],
    steps: usize,
    /// Whether only the last of many steps is of interest.
    hurries: bool,
    pub(super) transcript: Transcript,
}

impl<S: Subject> Play<S> {
    /// Begins with a script, usually one without lines; those that it has are not played.
    #[must_use]
    pub fn new(
        script: Script,
        effort: Effort,
        create: impl FnOnce(&ExecutionOptions, Timestamp, RequestId) -> S,
    ) -> Self {
        let terms = &script.terms;
        let (now, request_id) = (script.schedule_time, script.start_request_id);
        let subject = create(terms, now, request_id);
        let specification = Specification::new(terms, now, request_id);
        let stands = [subject.observe(terms, now), specification.observe()];
        let mut promises = promises::all();
        if script.timers == Timers::Punctual {
            promises.extend(promises::when_settled());
        }
        let mut play = Play {
            effort,
            promises,
            now,
            subject,
            specification,
            transcript: Transcript {
                script,
                created: stands[0].clone(),
                moments: Vec::new(),
                violations: Vec::new(),
                coverage: WordsMet::default(),
            },
            stands,
            steps: 0,
            hurries: false,
        };
        play.judge_beginning();
        play
    }

    /// How the specification stands.
    #[must_use]
    pub fn stands(&self) -> &Observation {
        &self.stands[1]
    }

    /// What is played.
    #[must_use]
    pub fn script(&self) -> &Script {
        &self.transcript.script
    }

    /// Whether something is wrong, so that nothing more is played.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !self.transcript.violations.is_empty()
    }

    /// Lets due timers elapse, looks at the whole once more, and hands over what came of it.
    #[must_use]
    pub fn finish(mut self) -> Transcript {
        if self.script().timers == Timers::Punctual {
            self.settle(None);
        }
        if !self.is_over() {
            self.judge_recovery();
        }
        self.transcript
    }

    /// Appends a line and plays it.
    pub fn line(&mut self, line: Line) {
        if self.is_over() {
            return;
        }
        let at = self.script().schedule_time + line.at;
        let happening = line.happening.clone();
        self.transcript.script.lines.push(line);
        let line = Some(self.transcript.script.lines.len() - 1);
        let punctual = self.script().timers == Timers::Punctual;
        if happening == Happening::Jump {
            self.tick(line, at);
        } else if !punctual {
            self.tick(None, at);
        } else {
            self.advance(at);
        }
        match happening {
            Happening::Call(_) | Happening::Wait | Happening::Describe if punctual => {
                self.settle(None);
            }
            Happening::Call(_)
            | Happening::Wait
            | Happening::Describe
            | Happening::Jump
            | Happening::Elapses { .. }
            | Happening::FailAttempts { .. } => {}
        }
        match happening {
            Happening::Call(request) => self.act(line, Action::Call(request)),
            Happening::Elapses { timeout_type, backoff } => {
                let elapses = Action::Elapses { timeout_type, backoff };
                self.act(line, elapses);
            }
            Happening::Wait | Happening::Jump => {}
            Happening::Describe => self.describe(line),
            Happening::FailAttempts { count, backoff } => {
                self.fail_attempts(line, count, backoff);
            }
        }
    }

    /// Takes note of how it stands.
    fn describe(&mut self, line: Option<usize>) {
        let stands = &self.stands[0];
        if !self.is_over() {
            self.transcript.moments.push(PlayedStep {
                line,
                probe: false,
                action: Action::Tick { elapsed: Span(0) },
                reply: Ok(Answer::Done),
                before: stands.clone(),
                after: stands.clone(),
            });
        }
    }

    /// Lets time pass until `to`, and each deadline before it take effect at its instant.
    fn advance(&mut self, to: Timestamp) {
        while !self.is_over() {
            let armed = self.stands[1].deadlines.armed().map(|(_, deadline)| deadline).min();
            match armed {
                Some(deadline) if deadline.or_later(self.now) < to => {
                    self.tick(None, deadline);
                    self.settle_one(None);
                }
                Some(_) | None => break,
            }
        }
        self.tick(None, to);
    }

    /// Moves the clock, never backwards.
    fn tick(&mut self, line: Option<usize>, to: Timestamp) {
        if to > self.now {
            let elapsed = to - self.now;
            self.act(line, Action::Tick { elapsed });
        }
    }

    /// Lets everything that is due take effect now.
    fn settle(&mut self, line: Option<usize>) {
        while self.settle_one(line) {}
    }

    fn settle_one(&mut self, line: Option<usize>) -> bool {
        let backoff = self.script().backoff;
        let is_due = |timeout_type: &TimeoutType| {
            let timeout_type = *timeout_type;
            let elapses = Action::Elapses { timeout_type, backoff };
            self.specification.clone().step(&self.transcript.script.terms, &elapses).is_ok()
        };
        let specified = TimeoutType::ALL.into_iter().find(is_due);
        let terms = &self.transcript.script.terms;
        let by_subject = || self.subject.clone().expire(terms, self.now, backoff);
        let Some(timeout_type) = specified.or_else(by_subject) else {
            return false;
        };
        let elapses = Action::Elapses { timeout_type, backoff };
        self.act(line, elapses);
        !self.is_over()
    }

    fn fail_attempts(&mut self, line: Option<usize>, count: u32, backoff: Span) {
        let failure = Payload::failure(Failure {
            message: String::new(),
            info: FailureInfo::Application { type_name: "Transient".into(), non_retryable: false },
            cause: Payload::none(),
        });
        let begin = self.transcript.moments.len();
        self.hurries = true;
        for done in 0..count {
            let Phase::Scheduled { dispatch_time, .. } = self.stands[1].phase else {
                break;
            };
            if self.script().timers == Timers::Punctual {
                self.advance(dispatch_time);
                self.settle(line);
            } else {
                self.tick(None, dispatch_time);
            }
            let token = TaskToken(self.stands[1].attempt);
            let poll = Request::RecordActivityTaskStarted {
                request_id: RequestId(u32::try_from(token.0.0).unwrap_or(u32::MAX)),
                dispatched: token,
                identity: Payload::none(),
            };
            let fail = Request::RespondActivityTaskFailed {
                target: Target::Token(token),
                failure: failure.clone(),
                retry: Retryability::After(backoff),
                last_heartbeat_details: None,
                identity: Payload::none(),
            };
            self.act(line, Action::Call(poll));
            self.hurries = done + 1 < count;
            self.act(line, Action::Call(fail));
            let moments = &mut self.transcript.moments;
            let last = moments.iter().rposition(|moment| !moment.probe).unwrap_or(begin);
            moments.drain(begin..last.max(begin));
            if self.is_over() {
                break;
            }
        }
        self.hurries = false;
    }

    /// One step of both, judged.
    fn act(&mut self, line: Option<usize>, action: Action) {
        if self.is_over() {
            return;
        }
        let before = self.stands.clone();
        let mut subject = self.subject.clone();
        let mut specification = self.specification.clone();
        let (replies, stands) = self.play(&mut subject, &mut specification, &action);
        if let Action::Tick { elapsed } = action {
            self.now = self.now + elapsed;
        }
        self.judge(&before, &action, &replies, &stands);
        let [reply, _] = replies;
        self.transcript.coverage.note(&action, &reply, &stands[0]);
        self.transcript.moments.push(PlayedStep {
            line,
            probe: false,
            action,
            reply,
            before: before[0].clone(),
            after: stands[0].clone(),
        });
        (self.subject, self.specification, self.stands) = (subject, specification, stands);
        self.steps += 1;
        if !self.is_over() {
            self.judge_deadline();
        }
        if !self.is_over() && (self.steps < 200 || self.steps.is_power_of_two()) {
            self.judge_recovery();
        }
        if !self.is_over() && self.effort == Effort::Probes && !self.hurries {
            self.probe();
        }
    }

    /// Takes one step with each of them; `self.now` is still the instant before.
    pub(super) fn play(
        &self,
        subject: &mut S,
        specification: &mut Specification,
        action: &Action,
    ) -> ([Reply; 2], [Observation; 2]) {
        let terms = &self.transcript.script.terms;
        let (mut now, specified) = (self.now, specification.step(terms, action));
        let reply = match action {
            Action::Tick { elapsed } => {
                now = now + *elapsed;
                Ok(Answer::Done)
            }
            Action::Call(request) => subject.call(terms, now, request),
            Action::Elapses { timeout_type, backoff } => {
                let elapsed = subject.elapse(terms, now, *timeout_type, *backoff);
                elapsed.map(|()| Answer::Done)
            }
        };
        let stands = [subject.observe(terms, now), specification.observe()];
        ([reply, specified], stands)
    }
}
