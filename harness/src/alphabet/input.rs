//! The abstract inputs: what is done, to whom, under which id, without payloads and instants.

use super::capability::{
    Capabilities,
    Capability::{
        self, ById, Cancellation, DetailsWithFailures, Failures, FurtherStarts, Heartbeat,
        HeartbeatDetails, NextRetryDelay, NonRetryableFailures, RepeatedPoll, RequestIds,
        Termination, Tokens,
    },
};
use activity_execution::vocabulary::{Dialect, IdConflictPolicy};
use std::fmt;

/// Something that can be done to a system under test.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Input {
    /// The execution is started again.
    Start(Id, IdConflictPolicy),
    /// A worker polls.
    Poll(Id),
    /// A worker heartbeats.
    Heartbeat {
        /// In whose name.
        whom: Whom,
        /// Whether it brings details.
        details: bool,
    },
    /// A worker reports success.
    Complete(Whom),
    /// A worker reports a failure.
    Fail(Whom, FailureKind),
    /// A worker reports that it gave in to cancellation.
    Cancel(Whom),
    /// Somebody asks for cancellation.
    RequestCancel(Id),
    /// Somebody ends the execution by force.
    Terminate(Id),
    /// Time passes.
    Time(Passing),
}

/// Under which request id.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Id {
    /// The one that was accepted before; where none was, another.
    Same,
    /// One that was never used.
    Other,
}

/// In whose name a worker reports.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Whom {
    /// With the token that was given out last.
    Current,
    /// With the token before it.
    Previous,
    /// With the token before that.
    BeforePrevious,
    /// With the activity id.
    ById,
}

/// What is known of a failure.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum FailureKind {
    /// Nothing.
    Plain,
    /// What failed, and details of the attempt.
    Detailed,
    /// That it is not to be retried.
    NonRetryable,
    /// How long to wait.
    NextRetryDelay,
    /// That it is itself a schedule timeout.
    TimedOut,
    /// That there is no interval to wait.
    NoInterval,
    /// That its wait is over already.
    PastDelay,
}

/// How much time passes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Passing {
    /// A step of the clock.
    Step,
    /// Until a step before the next instant at which the specification changes by itself.
    JustBefore,
    /// Until that instant.
    ToNext,
}

/// How the clock is driven.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Clock {
    /// A step at a time.
    #[default]
    Steps,
    /// To the instants at which the specification changes by itself, and to just before.
    Jumps,
}

/// A row of the alphabet.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The input.
    pub input: Input,
    /// Its name.
    pub name: &'static str,
    /// What a system must be capable of to be given it.
    pub needs: &'static [Capability],
    /// The dialect in which it can be said, where the other has no word for it.
    pub only_in: Option<Dialect>,
    /// The clock that it belongs to, if it is about time.
    pub clock: Option<Clock>,
}

const fn row(name: &'static str, input: Input, needs: &'static [Capability]) -> Row {
    Row { input, name, needs, only_in: None, clock: None }
}

const fn of_workflow(name: &'static str, kind: FailureKind) -> Row {
    let needs: &[Capability] = &[Tokens, Failures, NextRetryDelay];
    Row { only_in: Some(Dialect::Workflow), ..row(name, Input::Fail(Whom::Current, kind), needs) }
}

const fn time(name: &'static str, passing: Passing, clock: Clock) -> Row {
    Row { clock: Some(clock), ..row(name, Input::Time(passing), &[]) }
}

const fn heartbeat(name: &'static str, whom: Whom, needs: &'static [Capability]) -> Row {
    row(name, Input::Heartbeat { whom, details: true }, needs)
}

const fn fail(
    name: &'static str,
    whom: Whom,
    kind: FailureKind,
    needs: &'static [Capability],
) -> Row {
    row(name, Input::Fail(whom, kind), needs)
}

/// Every input that there is.
pub const INPUTS: &[Row] = &[
    row(
        "start again",
        Input::Start(Id::Same, IdConflictPolicy::Fail),
        &[FurtherStarts, RequestIds],
    ),
    row("start another", Input::Start(Id::Other, IdConflictPolicy::Fail), &[FurtherStarts]),
    row("start or use", Input::Start(Id::Other, IdConflictPolicy::UseExisting), &[FurtherStarts]),
    row("poll", Input::Poll(Id::Other), &[]),
    row("poll again", Input::Poll(Id::Same), &[RepeatedPoll]),
    heartbeat("heartbeat", Whom::Current, &[Heartbeat, HeartbeatDetails, Tokens]),
    row(
        "heartbeat without details",
        Input::Heartbeat { whom: Whom::Current, details: false },
        &[Heartbeat, Tokens],
    ),
    heartbeat("heartbeat of the attempt before", Whom::Previous, &[Heartbeat, Tokens]),
    heartbeat("heartbeat of two attempts before", Whom::BeforePrevious, &[Heartbeat, Tokens]),
    heartbeat("heartbeat by id", Whom::ById, &[Heartbeat, HeartbeatDetails, ById]),
    row("complete", Input::Complete(Whom::Current), &[Tokens]),
    row("complete the attempt before", Input::Complete(Whom::Previous), &[Tokens]),
    row("complete two attempts before", Input::Complete(Whom::BeforePrevious), &[Tokens]),
    row("complete by id", Input::Complete(Whom::ById), &[ById]),
    fail("fail", Whom::Current, FailureKind::Plain, &[Failures, Tokens]),
    fail(
        "fail with details",
        Whom::Current,
        FailureKind::Detailed,
        &[Failures, Tokens, DetailsWithFailures],
    ),
    fail(
        "fail for good",
        Whom::Current,
        FailureKind::NonRetryable,
        &[Failures, Tokens, NonRetryableFailures],
    ),
    fail(
        "fail with a delay",
        Whom::Current,
        FailureKind::NextRetryDelay,
        &[Failures, Tokens, NextRetryDelay],
    ),
    fail("fail the attempt before", Whom::Previous, FailureKind::Plain, &[Failures, Tokens]),
    fail("fail by id", Whom::ById, FailureKind::Plain, &[Failures, ById]),
    of_workflow("fail as timed out", FailureKind::TimedOut),
    of_workflow("fail without an interval", FailureKind::NoInterval),
    of_workflow("fail with a delay that is over", FailureKind::PastDelay),
    row("cancel", Input::Cancel(Whom::Current), &[Cancellation, Tokens]),
    row("cancel the attempt before", Input::Cancel(Whom::Previous), &[Cancellation, Tokens]),
    row("cancel by id", Input::Cancel(Whom::ById), &[Cancellation, ById]),
    row("request cancel", Input::RequestCancel(Id::Other), &[Cancellation]),
    row("request cancel again", Input::RequestCancel(Id::Same), &[Cancellation, RequestIds]),
    row("terminate", Input::Terminate(Id::Other), &[Termination]),
    row("terminate again", Input::Terminate(Id::Same), &[Termination, RequestIds]),
    time("tick", Passing::Step, Clock::Steps),
    time("to just before", Passing::JustBefore, Clock::Jumps),
    time("to the next deadline", Passing::ToNext, Clock::Jumps),
];

/// The inputs of a system with these capabilities, in the order of [`INPUTS`].
#[must_use]
pub fn alphabet(dialect: Dialect, clock: Clock, capabilities: Capabilities) -> Vec<Input> {
    let rows = INPUTS.iter().filter(|row| {
        row.only_in.is_none_or(|only| only == dialect)
            && row.clock.is_none_or(|of| of == clock)
            && capabilities.have(row.needs)
    });
    rows.map(|row| row.input).collect()
}

impl Input {
    /// Its row.
    fn row(self) -> &'static Row {
        let found = INPUTS.iter().find(|row| row.input == self);
        found.expect("the alphabet has a row for each input that is made of it")
    }

    /// Its name, as sequences are written with it.
    ///
    /// # Panics
    /// If it is put together otherwise than any row of [`INPUTS`].
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The input that is called so.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        INPUTS.iter().find(|row| row.name == name).map(|row| row.input)
    }

    /// What a system must be capable of to be given it.
    ///
    /// # Panics
    /// If it is put together otherwise than any row of [`INPUTS`].
    #[must_use]
    pub fn needs(self) -> &'static [Capability] {
        self.row().needs
    }

    /// Whether it makes time pass.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Input::Time(_))
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_input_has_a_row_and_a_name_of_its_own() {
        let names: HashSet<_> = INPUTS.iter().map(|row| row.name).collect();
        let inputs: HashSet<_> = INPUTS.iter().map(|row| row.input).collect();
        assert_eq!((names.len(), inputs.len()), (INPUTS.len(), INPUTS.len()));
        for row in INPUTS {
            assert_eq!(Input::of_name(row.input.name()), Some(row.input));
        }
        assert_eq!(Input::of_name("tock"), None);
    }

    #[test]
    fn the_dialects_have_twenty_eight_and_thirty_one_inputs() {
        let whole = |dialect, clock| alphabet(dialect, clock, Capabilities::all()).len();
        assert_eq!(whole(Dialect::Standalone, Clock::Steps), 28);
        assert_eq!(whole(Dialect::Workflow, Clock::Steps), 31);
        assert_eq!(whole(Dialect::Standalone, Clock::Jumps), 29);
    }

    #[test]
    fn a_system_without_heartbeats_is_given_none() {
        let queue = Capabilities::all().without(Heartbeat);
        let inputs = alphabet(Dialect::Standalone, Clock::Steps, queue);
        assert_eq!(inputs.len(), 23);
        assert!(!inputs.iter().any(|input| matches!(input, Input::Heartbeat { .. })));
        let least = alphabet(Dialect::Standalone, Clock::Steps, Capabilities::none());
        assert_eq!(least, [Input::Poll(Id::Other), Input::Time(Passing::Step)]);
    }
}
