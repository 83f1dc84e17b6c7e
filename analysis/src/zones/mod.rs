//! One configuration in real durations, explored exactly: policy concrete, instants symbolic.
//!
//! What has been reached of an execution is a control state and a zone, the set of distances
//! between the present and what is pending. A step of the specification from any execution of a
//! zone is executed symbolically; what its paths know is projected onto the next zone.
//! Time first, as in an engine: every due deadline is settled before anything else happens.

mod attempts;
mod bounds;
mod control;
mod ends;
mod event;
mod exploration;
pub(crate) mod late;
mod promised;
mod resumed;
mod step;
mod story;

pub use bounds::Bounds;
pub(crate) use bounds::UNBOUNDED;
pub use control::{Control, RUN_ENDED, Stage, WORKFLOW_CLOSED};
pub use ends::{End, Ends, Stories, ends};
pub use event::Reports;
pub use promised::{Judged, promised};
pub use resumed::{Present, ends_from};
pub use story::{Happening, What};

use activity_execution::vocabulary::{Attempt, ExecutionOptions, Span, TimeoutType};
use exploration::Exploration;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A configuration: the terms, and how long each attempt makes the next one wait.
pub struct Configuration<'a> {
    /// The numbers of the effective options, in milliseconds.
    pub terms: ExecutionOptions<i64>,
    /// How long the attempt after this one waits: never no time.
    pub backoff: &'a (dyn Fn(Attempt) -> Span + Sync),
    /// The attempt from which on every backoff is the same, if there is one.
    pub alike_from: Option<i64>,
    /// When the run of the workflow ends, counted from the scheduling of the activity, and with it
    /// everything.
    pub run_ends: Option<Span>,
    /// What workers report of failures.
    pub reports: Reports,
}

/// Everything that can happen with a configuration.
#[derive(Clone, Debug)]
pub struct Explored {
    /// The control states, with the number of zones of each; finished executions have none.
    pub control_states: BTreeMap<Control, usize>,
    /// How many steps lead from a zone into one.
    pub transitions: usize,
    /// How many attempts can start.
    pub attempts: Attempts,
    /// The timeouts that can take effect.
    pub timeouts: BTreeSet<TimeoutType>,
    /// What another attempt can follow.
    pub retried: BTreeSet<Retried>,
    /// How an execution can stay open for ever.
    pub stays_open: BTreeSet<StaysOpen>,
    /// From which attempt on all are counted as one, but the last; because they are alike.
    pub alike_from: Option<i64>,
    /// How many zones were found that were not explored: none if everything was.
    pub unexplored: usize,
}

/// How an execution can stay open for ever.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum StaysOpen {
    /// No worker polls, and nothing ends the wait.
    Waiting,
    /// Every attempt fails or times out, and another follows.
    Retrying,
}

/// How an attempt ended that another one follows.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Retried {
    /// A failure was reported.
    Failure,
    /// A timeout of the attempt took effect.
    Timeout(TimeoutType),
}

/// When deadlines are settled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Clock {
    /// However late: the clock may jump over them.
    Late,
    /// At their instant; how long ago everything began is remembered.
    OnTime,
}

impl Explored {
    /// Whether everything was explored.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unexplored == 0
    }
}

/// How many attempts can start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Attempts {
    /// So many.
    AtMost(i64),
    /// As many as happen before schedule-to-close, for a retry takes no time.
    AsManyAsTimeAllows,
    /// Nothing bounds them.
    WithoutEnd,
}

/// Explores a configuration, however late its deadlines are settled, as long as it goes on
/// after so many steps.
#[must_use]
pub fn explore(configuration: &Configuration<'_>, goes_on: &dyn Fn(usize) -> bool) -> Explored {
    let mut exploration = Exploration::new(configuration, Clock::Late);
    exploration.run(goes_on);
    exploration.explored()
}

impl fmt::Debug for Configuration<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Configuration { terms, alike_from, .. } = self;
        write!(f, "{terms:?}, attempts alike from {alike_from:?}")
    }
}
