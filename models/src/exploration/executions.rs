//! Executions of a grid as the engine explores them: a state is an execution that was really
//! reached, with everything in it, and is as good as every other of its class.

use super::alphabet::Tried;
use super::bounds::{Configuration, Grid};
use super::counterexample::tell;
use super::machine::{CoreMachine, Machine};
use super::payload::ExplorerPayload;
use super::service_model::{Observed, ServiceModel, Stand, Stepped};
use crate::explore::{self, Explorable, Judge, Judged, StaterightCounts, StaterightModel};
use activity_execution::vocabulary::{
    Action, ActivityExecutionStatus, Opaque as _, OutcomeKind, Phase, Request, RequestId,
    Retryability, Situation, Target, TaskToken,
};
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A machine in its environment, in each configuration of a grid.
#[derive(Clone, Debug)]
pub struct Executions<M> {
    /// The machine in its environment.
    pub system: ServiceModel<M>,
    /// The configurations.
    pub grid: Grid,
}

/// An execution in its configuration; equal to others of its class.
#[derive(Clone, Copy)]
pub struct Execution {
    configuration: u16,
    class: Observed,
    observed: Observed,
}

/// A way to break something.
pub type Violation = explore::Violation<Configuration, Tried>;

impl<M: Machine<i16, ExplorerPayload>> Executions<M> {
    /// This system in these configurations.
    ///
    /// # Panics
    /// If the grid has more configurations than fit.
    #[must_use]
    pub fn new(system: ServiceModel<M>, grid: Grid) -> Self {
        assert!(u16::try_from(grid.configurations().len()).is_ok(), "a grid is small");
        Executions { system, grid }
    }

    fn configuration(&self, execution: &Execution) -> &Configuration {
        &self.grid.configurations()[usize::from(execution.configuration)]
    }

    fn execution(&self, configuration: u16, observed: Observed) -> Execution {
        let terms = &self.grid.configurations()[usize::from(configuration)];
        Execution { configuration, class: self.system.class(terms, &observed), observed }
    }
}

impl<M: Machine<i16, ExplorerPayload>> Explorable for Executions<M> {
    type Begin = Configuration;
    type State = Execution;
    type Move = Tried;
    type Step = Stepped;
    type Stand<'a>
        = Stand<'a, M>
    where
        M: 'a;

    fn begins(&self) -> usize {
        self.grid.configurations().len()
    }

    fn chosen(&self, place: usize) -> Configuration {
        self.grid.configurations()[place]
    }

    fn begin(&self, place: usize) -> Judged<Execution> {
        let Judged { it, broken } = self.system.begin(&self.grid.configurations()[place]);
        let configuration = u16::try_from(place).expect("a grid is small");
        Judged { it: self.execution(configuration, it), broken }
    }

    fn moves(&self, execution: &Execution, moves: &mut Vec<Tried>) {
        self.system.tried(self.configuration(execution), &execution.observed, moves);
    }

    fn stand<'a>(&'a self, execution: &'a Execution) -> Stand<'a, M> {
        self.system.stand(self.configuration(execution), &execution.observed)
    }

    fn step(&self, stand: &Stand<'_, M>, moved: &Tried) -> Judged<Stepped> {
        stand.step(moved)
    }

    fn next(&self, before: &Execution, step: &Stepped) -> Option<Execution> {
        (!step.stays).then(|| self.execution(before.configuration, step.next()))
    }

    fn judges(&self) -> Vec<Judge> {
        self.system.promises().to_vec()
    }

    /// The word of the action, and those of its arguments that make a difference.
    fn told(&self, moved: &Tried) -> String {
        let mut told = moved.trace_word().to_owned();
        // Nothing can go wrong where a string is written to.
        let _ = arguments(moved, &mut told);
        told
    }
}

impl Execution {
    /// The execution, with everything in it.
    #[must_use]
    pub fn observed(&self) -> &Observed {
        &self.observed
    }

    /// What stands for it and all that are alike.
    #[must_use]
    pub fn class(&self) -> &Observed {
        &self.class
    }

    fn stands(&self) -> Situation {
        Situation::of(&self.observed)
    }

    fn ended(&self) -> Option<ActivityExecutionStatus> {
        self.stands().outcome().map(OutcomeKind::status)
    }
}

/// Lets stateright explore a system over a grid, part by part; ends it when `goes_on`, which is
/// told what each part came to, says so.
pub(super) fn explore_by_peer<M>(
    executions: Executions<M>,
    threads: usize,
    mut goes_on: impl FnMut(Option<&StaterightCounts>) -> bool,
) -> StaterightCounts
where
    M: Machine<i16, ExplorerPayload> + Send + Sync + 'static,
{
    let (executions, mut counts) = (Arc::new(executions), StaterightCounts::default());
    let all = executions.begins();
    for first in (0..all).step_by(PART) {
        if !goes_on(None) {
            break;
        }
        let part = first..all.min(first + PART);
        let found = StaterightModel::new(Arc::clone(&executions), part).explore(threads);
        goes_on(Some(&found));
        counts.add(found);
    }
    counts.complete = counts.begins == all;
    counts
}

/// How many configurations stateright is given at once.
const PART: usize = 400;

/// The core in lockstep with the specification, for stateright's Explorer: with few properties,
/// what is sometimes reached among them, and a picture of the way to each state.
#[must_use]
pub fn drawn(grid: Grid) -> StaterightModel<Executions<CoreMachine>> {
    let executions = Executions::new(ServiceModel::product(), grid);
    let all = 0..executions.begins();
    let sometimes: Vec<explore::Sometimes<Executions<CoreMachine>>> = vec![
        ("a retry waits", |_, it| it.stands() == Situation::ScheduledAgain),
        ("a worker holds the task", |_, it| it.stands() == Situation::Started),
        ("a worker is asked to cancel", |_, it| it.stands() == Situation::CancelRequested),
        ("Completed", |_, it| it.ended() == Some(ActivityExecutionStatus::Completed)),
        ("Failed", |_, it| it.ended() == Some(ActivityExecutionStatus::Failed)),
        ("Canceled", |_, it| it.ended() == Some(ActivityExecutionStatus::Canceled)),
        ("Terminated", |_, it| it.ended() == Some(ActivityExecutionStatus::Terminated)),
        ("TimedOut", |_, it| it.ended() == Some(ActivityExecutionStatus::TimedOut)),
    ];
    StaterightModel::new(Arc::new(executions), all).seeing(sometimes).drawn(
        |executions, last, actions| {
            tell(&CoreMachine, executions.configuration(last), &actions).timeline().svg()
        },
    )
}

impl PartialEq for Execution {
    fn eq(&self, other: &Self) -> bool {
        self.configuration == other.configuration && self.class == other.class
    }
}

impl Eq for Execution {}

impl Hash for Execution {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.configuration.hash(state);
        self.class.hash(state);
    }
}

/// For the Explorer: how the execution stands, a line for each thing worth one.
impl fmt::Debug for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = &self.observed;
        writeln!(f, "{}, attempt {:?}, now {:?}", self.stands(), it.attempt, it.now)?;
        if let Phase::Scheduled { dispatch_time, .. } = it.phase {
            writeln!(f, "dispatch {dispatch_time:?}")?;
        }
        for (timeout_type, deadline) in it.deadlines.armed() {
            writeln!(f, "{} due {deadline:?}", timeout_type.name())?;
        }
        if let Some(outcome) = it.outcome() {
            writeln!(f, "{outcome:?}")?;
        }
        if it.heartbeat_details != ExplorerPayload::none() {
            writeln!(f, "heartbeat details {:?}", it.heartbeat_details)?;
        }
        if it.last_failure != ExplorerPayload::none() {
            writeln!(f, "last failure {:?}", it.last_failure)?;
        }
        Ok(())
    }
}

/// The arguments of an action that make a difference.
fn arguments(action: &Tried, f: &mut String) -> fmt::Result {
    let Action::Call(request) = action else { return Ok(()) };
    if let Some(Target::Token(TaskToken(attempt))) = request.target() {
        write!(f, " {attempt:?}")?;
    }
    match request {
        Request::StartActivityExecution { request_id: RequestId(id), .. }
        | Request::RequestCancelActivityExecution { request_id: RequestId(id), .. }
        | Request::TerminateActivityExecution { request_id: RequestId(id), .. } => {
            write!(f, " request {id}")
        }
        Request::RecordActivityTaskStarted {
            request_id: RequestId(id), dispatched: token, ..
        } => {
            write!(f, " {:?} request {id}", token.0)
        }
        Request::RecordActivityTaskHeartbeat { details, .. } => {
            write!(f, " details {details:?}")
        }
        Request::RespondActivityTaskFailed { failure, retry, last_heartbeat_details, .. } => {
            write!(f, " failure {failure:?}")?;
            match retry {
                Retryability::After(backoff) => write!(f, ", retry after {backoff:?}")?,
                Retryability::NonRetryable => f.write_str(", not retryable")?,
                Retryability::TimedOut => f.write_str(", timed out")?,
                Retryability::NoInterval => f.write_str(", no interval")?,
            }
            last_heartbeat_details.map_or(Ok(()), |it| write!(f, ", details {it:?}"))
        }
        Request::RespondActivityTaskCompleted { .. }
        | Request::RespondActivityTaskCanceled { .. } => Ok(()),
    }
}
