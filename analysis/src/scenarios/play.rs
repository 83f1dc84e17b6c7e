//! The player of scenarios: the core, run from deadline to deadline on plain milliseconds, with
//! workers that do as planned. Decides nothing about an activity, and computes no instant but those
//! at which somebody calls.

use super::circumstances::{Behaviour, CancelAt, Circumstances, Plan};
use super::run::{AttemptEnd, AttemptRun, Cancel, Ending, Instant, Run};
use crate::waits;
use activity_execution::vocabulary::{
    Answer, ExecutionOptions, Rejection, Request, RequestId, Retryability, Span, Target, TaskToken,
    TimeoutType, Timestamp,
};
use activity_execution::{ActivityExecution, ActivityOptions, Event, State};

/// Options with their surroundings, on which plans are played.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    options: &'a ActivityOptions,
    circumstances: Circumstances,
    /// From which attempt on every backoff is the same.
    alike_from: Option<i64>,
}

impl<'a> Stage<'a> {
    /// These options in these surroundings.
    #[must_use]
    pub fn new(options: &'a ActivityOptions, circumstances: Circumstances) -> Self {
        Stage { options, circumstances, alike_from: waits::alike_from(options.retry_policy()) }
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &'a ActivityOptions {
        self.options
    }

    /// The surroundings.
    #[must_use]
    pub fn circumstances(&self) -> &Circumstances {
        &self.circumstances
    }

    /// Plays a plan on the core.
    #[must_use]
    pub fn play(&self, plan: &Plan) -> Run {
        Player::new(*self, plan).run()
    }
}

pub(super) struct Player<'a> {
    pub(super) options: &'a ActivityOptions,
    pub(super) circumstances: Circumstances,
    pub(super) plan: &'a Plan,
    pub(super) alike_from: Option<i64>,
    /// What is left of the limits.
    pub(super) terms: ExecutionOptions,
    pub(super) run_ends: Option<Timestamp>,
    pub(super) execution: ActivityExecution<i64, ()>,
    pub(super) now: Timestamp,
    /// What was counted and not played.
    pub(super) counted: Counted,
    pub(super) heartbeats: Heartbeats,
    /// How long the attempt that is to come has waited.
    pub(super) waited: Span,
    pub(super) run: Run,
}

/// Attempts that were counted and not played.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub(super) attempts: i64,
    pub(super) time: Instant,
}

/// The heartbeats that the worker of the current attempt sends.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heartbeats {
    first: Option<Timestamp>,
    next: Option<Timestamp>,
    every: Span,
}

/// What happens next; of several at one instant the first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Next {
    Deadline,
    Heartbeat,
    Cancel,
    Report,
    Poll,
}

impl<'a> Player<'a> {
    fn new(stage: Stage<'a>, plan: &'a Plan) -> Self {
        let Stage { options, circumstances, alike_from } = stage;
        let terms = options.terms();
        let now = Timestamp(0);
        Player {
            options,
            circumstances,
            plan,
            alike_from,
            terms,
            run_ends: circumstances.run_ends.map(|ends| now + ends),
            execution: ActivityExecution::new(&terms, now, RequestId(0)),
            now,
            counted: Counted::default(),
            heartbeats: Heartbeats::default(),
            waited: terms.start_delay,
            run: Run {
                attempts: Vec::new(),
                ending: Ending::CutOff,
                at: 0,
                cancel: None,
                late_report: None,
                overlaps: false,
            },
        }
    }

    fn run(mut self) -> Run {
        loop {
            let next = self.next();
            if let Some(ends) = self.run_ends
                && next.is_none_or(|(at, _)| ends <= at)
            {
                self.now = ends;
                self.note(AttemptEnd::RunEnded);
                return self.ended(Ending::RunEnded);
            }
            let Some((at, next)) = next else {
                self.note(AttemptEnd::Open);
                return self.ended(Ending::StaysOpen);
            };
            self.now = at;
            let before = self.execution.attempt();
            self.happens(next);
            if let State::Closed { outcome, .. } = self.execution.state() {
                let kind = outcome.kind();
                return self.ended(Ending::Closed(kind));
            }
            if self.execution.attempt() != before
                && let Some(ending) = self.count_alike()
            {
                return self.ended(ending);
            }
        }
    }

    fn ended(mut self, ending: Ending) -> Run {
        self.run.ending = ending;
        self.run.at = self.instant(self.now);
        self.run
    }

    /// What happens next and when.
    fn next(&self) -> Option<(Timestamp, Next)> {
        let deadline = self.execution.deadline(&self.terms);
        let mut all = vec![deadline.map(|it| (it.time, Next::Deadline))];
        all.push(self.cancels().map(|at| (at, Next::Cancel)));
        match self.execution.state() {
            State::Scheduled { dispatch_time, .. } => match self.behaviour() {
                Behaviour::IsNotPolled => {}
                _ => {
                    let polls = *dispatch_time + self.circumstances.poll_latency;
                    all.push(Some((polls, Next::Poll)));
                }
            },
            State::Started { .. } => {
                all.push(self.reports().map(|at| (at, Next::Report)));
                all.push(self.heartbeats.next.map(|at| (at, Next::Heartbeat)));
            }
            State::Closed { .. } => {}
        }
        let (at, next) = all.into_iter().flatten().min_by_key(|(at, next)| (at.0, *next))?;
        Some((at.or_later(self.now), next))
    }

    fn behaviour(&self) -> Behaviour {
        self.plan.of(self.attempt())
    }

    /// The number of the current attempt.
    pub(super) fn attempt(&self) -> i64 {
        self.execution.attempt().0 + self.counted.attempts
    }

    pub(super) fn instant(&self, at: Timestamp) -> Instant {
        Instant::from(at.0) + self.counted.time
    }

    fn started(&self) -> Option<Timestamp> {
        match self.execution.state() {
            State::Started { started_time, .. } => Some(*started_time),
            State::Scheduled { .. } | State::Closed { .. } => None,
        }
    }

    /// When the function of the current attempt returns.
    fn reports(&self) -> Option<Timestamp> {
        let started = self.started()?;
        match self.behaviour() {
            Behaviour::Completes { after }
            | Behaviour::Fails { after, .. }
            | Behaviour::IsCompletedById { after } => Some(started + after),
            Behaviour::ShutsDown { after } => {
                let grace = self.circumstances.worker_shutdown_grace.unwrap_or(Span(0));
                let takes = self.circumstances.function_takes;
                let gives_up = started + after + grace;
                Some(takes.map_or(gives_up, |takes| gives_up.or_earlier(started + takes)))
            }
            Behaviour::IsNotPolled
            | Behaviour::Hangs
            | Behaviour::RunsOn
            | Behaviour::Dies { .. }
            | Behaviour::IsLost => None,
        }
    }

    /// When cancellation is requested.
    fn cancels(&self) -> Option<Timestamp> {
        if self.run.cancel.is_some() {
            return None;
        }
        match (self.plan.cancel?, self.execution.state()) {
            (CancelAt::Running { attempt, after }, State::Started { started_time, .. })
                if attempt == self.attempt() =>
            {
                let asked = *started_time + after;
                let Heartbeats { first, every, .. } = self.heartbeats;
                let Some(first) = first else { return Some(asked) };
                // Right after the first heartbeat that is sent then.
                let late = (asked - first).0.max(0);
                let sent = late / every.0 + i64::from(late % every.0 > 0);
                Some(first + Span(sent * every.0))
            }
            (
                CancelAt::Backoff,
                State::Scheduled { dispatch_time, retry_interval: Some(interval) },
            ) => Some(*dispatch_time - Span(interval.0 - interval.0 / 2)),
            (CancelAt::Running { .. } | CancelAt::Backoff, _) => None,
        }
    }

    fn happens(&mut self, next: Next) {
        match next {
            Next::Deadline => self.elapses(),
            Next::Poll => self.polls(),
            Next::Heartbeat => self.heartbeats(),
            Next::Cancel => self.requests_cancel(),
            Next::Report => self.returns(),
        }
    }

    fn call(&mut self, request: &Request<i64, ()>) -> Result<Answer<i64, ()>, Rejection> {
        let accepted = self.execution.call(&self.terms, self.now, request)?;
        if let Some(Event::Rescheduled { retry_interval, .. }) = accepted.event {
            self.waited = retry_interval;
        }
        Ok(accepted.answer)
    }

    /// A deadline takes effect.
    fn elapses(&mut self) {
        let attempt = self.execution.attempt();
        let started = self.started();
        let is_silent = started.zip(self.behaviour().is_silent_after());
        let may_run_on = self.behaviour().may_run_on();
        let backoff = self.options.backoff(attempt);
        let mut copy = self.execution;
        let elapsed = copy.elapse_next(&self.terms, self.now, backoff);
        let Some((timeout_type, event)) = elapsed else { return };
        self.note(AttemptEnd::TimedOut(timeout_type));
        self.execution = copy;
        if let Event::Rescheduled { retry_interval, .. } = event {
            self.waited = retry_interval;
        }
        if let Some((started, after)) = is_silent
            && let Some(last) = self.run.attempts.last_mut()
        {
            last.noticed_after = Some(self.now - (started + after));
        }
        if started.is_some() && may_run_on {
            let target = Target::Token(TaskToken(attempt));
            let report = Request::RespondActivityTaskCompleted { target, result: (), identity: () };
            let answer = self.execution.decide(&self.terms, self.now, &report);
            self.run.late_report = answer.err();
            self.run.overlaps |= matches!(event, Event::Rescheduled { .. });
        }
    }

    fn polls(&mut self) {
        let dispatched = TaskToken(self.execution.attempt());
        let request_id = RequestId(1);
        let poll = Request::RecordActivityTaskStarted { request_id, dispatched, identity: () };
        if self.call(&poll).is_err() {
            return;
        }
        let every = self.circumstances.heartbeats_sent(self.terms.heartbeat_timeout);
        let first = every.map(|every| self.circumstances.heartbeats_every.unwrap_or(every));
        let first = first.filter(|_| self.behaviour().heartbeats());
        let silent = self.behaviour().is_silent_after();
        let first = first.map(|first| self.now + first.max(Span(1)));
        let first = first.filter(|first| silent.is_none_or(|after| *first <= self.now + after));
        self.heartbeats = Heartbeats { first, next: first, every: every.unwrap_or(Span(1)) };
    }

    /// The worker sends a heartbeat; those that nothing comes between are one.
    fn heartbeats(&mut self) {
        let every = self.heartbeats.every;
        let mut last = self.now;
        // None of them lets the heartbeat timeout elapse: only something else can come between.
        if self.terms.heartbeat_timeout.is_none_or(|timeout| every < timeout) {
            let until = self.until_something_else();
            let more = (until - self.now).0.saturating_sub(1) / every.0;
            if more > 0 {
                last = self.now + Span(more * every.0);
                let recorded_time = last - every;
                self.execution.apply(&Event::HeartbeatRecorded { recorded_time, details: () });
            }
        }
        self.now = last;
        let target = Target::Token(TaskToken(self.execution.attempt()));
        let answer = self.call(&Request::RecordActivityTaskHeartbeat { target, details: () });
        let next = self.now + every;
        let silent = self.behaviour().is_silent_after().zip(self.started());
        self.heartbeats.next =
            silent.is_none_or(|(after, started)| next <= started + after).then_some(next);
        if let Ok(Answer::Recorded { cancel_requested: true }) = answer {
            self.gives_in();
        }
    }

    /// The next instant at which something other than a heartbeat happens.
    fn until_something_else(&self) -> Timestamp {
        let terms = ExecutionOptions { heartbeat_timeout: None, ..self.terms };
        let deadline = self.execution.deadline(&terms).map(|it| it.time);
        let silent = self.behaviour().is_silent_after().zip(self.started());
        let silent = silent.map(|(after, started)| started + after + Span(1));
        let cancel = self.run.cancel.map(|_| self.now);
        [deadline, self.reports(), self.cancels(), self.run_ends, silent, cancel]
            .into_iter()
            .flatten()
            .min_by_key(|at| at.0)
            .unwrap_or(self.now)
    }

    /// The function has learned of cancellation, and gives in at once.
    fn gives_in(&mut self) {
        let noticed = self.instant(self.now);
        if let Some(cancel) = &mut self.run.cancel {
            cancel.noticed = Some(noticed);
        }
        let target = Target::Token(TaskToken(self.execution.attempt()));
        self.note(AttemptEnd::Canceled);
        let _ = self.call(&Request::RespondActivityTaskCanceled { target, details: () });
    }

    fn requests_cancel(&mut self) {
        let request_id = RequestId(2);
        let request =
            Request::RequestCancelActivityExecution { request_id, identity: (), reason: () };
        let at = self.instant(self.now);
        let waits = self.started().is_none();
        if waits {
            self.note(AttemptEnd::Canceled);
        }
        self.run.cancel = Some(Cancel { requested: at, noticed: waits.then_some(at) });
        let _ = self.call(&request);
    }

    /// The function returns, or somebody reports by id.
    fn returns(&mut self) {
        let attempt = self.execution.attempt();
        let token = Target::Token(TaskToken(attempt));
        let complete =
            |target| Request::RespondActivityTaskCompleted { target, result: (), identity: () };
        let (end, request) = match self.behaviour() {
            Behaviour::Fails { retryable, delay, .. } => {
                let retry = if retryable {
                    Retryability::After(self.options.retry_delay(attempt, delay))
                } else {
                    Retryability::NonRetryable
                };
                (AttemptEnd::Failed, failed(token, retry))
            }
            Behaviour::ShutsDown { after } => {
                let takes = self.circumstances.function_takes;
                let grace = self.circumstances.worker_shutdown_grace.unwrap_or(Span(0));
                if takes.is_some_and(|takes| takes <= after + grace) {
                    (AttemptEnd::Completed, complete(token))
                } else {
                    let retry = Retryability::After(self.options.backoff(attempt));
                    (AttemptEnd::Failed, failed(token, retry))
                }
            }
            Behaviour::IsCompletedById { .. } => (AttemptEnd::Completed, complete(Target::ById)),
            _ => (AttemptEnd::Completed, complete(token)),
        };
        self.note(end);
        let _ = self.call(&request);
    }

    /// Writes down how the current attempt ends.
    fn note(&mut self, end: AttemptEnd) {
        let (dispatched, started) = match self.execution.state() {
            State::Scheduled { dispatch_time, .. } => (*dispatch_time, None),
            State::Started { dispatch_time, started_time, .. } => {
                (*dispatch_time, Some(*started_time))
            }
            State::Closed { .. } => return,
        };
        let allowed = self.options.start_to_close_timeout();
        let is_cut = match end {
            AttemptEnd::TimedOut(TimeoutType::ScheduleToClose) | AttemptEnd::RunEnded => {
                started.is_some_and(|started| self.now < started + allowed)
            }
            AttemptEnd::TimedOut(_)
            | AttemptEnd::Completed
            | AttemptEnd::Failed
            | AttemptEnd::Canceled
            | AttemptEnd::Open => false,
        };
        self.run.attempts.push(AttemptRun {
            attempt: self.attempt(),
            count: 1,
            waited: self.waited,
            dispatched: self.instant(dispatched),
            started: started.map(|started| self.instant(started)),
            ended: self.instant(self.now),
            end,
            cut_from: is_cut.then_some(allowed),
            noticed_after: None,
        });
    }
}

fn failed(target: Target, retry: Retryability) -> Request<i64, ()> {
    Request::RespondActivityTaskFailed {
        target,
        failure: (),
        retry,
        last_heartbeat_details: None,
        identity: (),
    }
}
