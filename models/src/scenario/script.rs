//! A script: the terms of one execution, and what happens to it when. Data without behaviour.

use activity_execution::vocabulary::{
    Action, ExecutionOptions, Request, RequestId, Span, TimeoutType, Timestamp,
};

/// What all tools share: random tests shrink scripts, exploration returns them, people write them.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Script {
    /// The point of it, for people; lines without surrounding blanks.
    pub comment: String,
    /// The numbers of the options.
    pub terms: ExecutionOptions,
    /// How long the next attempt waits, where a line says nothing else.
    pub backoff: Span,
    /// Who makes timers elapse.
    pub timers: Timers,
    /// When the execution is created; all other instants are told from here.
    pub schedule_time: Timestamp,
    /// The request that creates it.
    pub start_request_id: RequestId,
    /// What happens, in order.
    pub lines: Vec<Line>,
}

/// Who makes timers elapse.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Timers {
    /// Each elapses by itself at its deadline, before anything else at that instant.
    #[default]
    Punctual,
    /// Only the lines that say so: a timer may be late, as in the specification's environment.
    AsWritten,
}

/// One line: an instant and what happens at it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Line {
    /// How long after the schedule time.
    pub at: Span,
    /// What happens.
    pub happening: Happening,
}

/// What can happen to an execution, and to its service.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Happening {
    /// Somebody calls.
    Call(Request),
    /// A deadline is made to take effect; refused if it is not due.
    Elapses {
        /// Which.
        timeout_type: TimeoutType,
        /// How long the attempt after the current one waits, if there is one.
        backoff: Span,
    },
    /// Nothing, until this instant.
    Wait,
    /// The service was away until this instant: what was due meanwhile takes effect only now.
    Jump,
    /// Somebody asks how it stands, in every part.
    Describe,
    /// Attempt after attempt is taken when it is dispatched and fails at once.
    FailAttempts {
        /// How many attempts, if the execution stays open that long.
        count: u32,
        /// How long each next attempt waits.
        backoff: Span,
    },
}

impl Script {
    /// A script in which nothing happens yet.
    #[must_use]
    pub fn new(terms: ExecutionOptions) -> Self {
        Script {
            comment: String::new(),
            terms,
            backoff: Span(1_000),
            timers: Timers::default(),
            schedule_time: Timestamp(0),
            start_request_id: RequestId(0),
            lines: Vec::new(),
        }
    }

    /// The script of a path through a model: ticks become instants, and only those timers elapse
    /// that the path names. Where the path settles time before each call, `timers` may be set to
    /// [`Timers::Punctual`] afterwards: the promises of settled time are then judged too.
    pub fn of_actions(terms: ExecutionOptions, actions: impl IntoIterator<Item = Action>) -> Self {
        let mut script = Script { timers: Timers::AsWritten, ..Script::new(terms) };
        let mut at = Span(0);
        for action in actions {
            match action {
                Action::Tick { elapsed } => at = at + elapsed,
                Action::Call(request) => script.push(at, Happening::Call(request)),
                Action::Elapses { timeout_type, backoff } => {
                    let elapses = Happening::Elapses { timeout_type, backoff };
                    script.push(at, elapses);
                }
            }
        }
        if script.lines.last().map_or(Span(0), |last| last.at) < at {
            script.push(at, Happening::Wait);
        }
        script
    }

    /// Appends a line.
    pub fn push(&mut self, at: Span, happening: Happening) {
        self.lines.push(Line { at, happening });
    }
}
