//! The same systems for stateright: one model holds a whole grid, the configuration is part of the
//! state. Knows stateright's traps; judges nothing by itself.
//!
//! - An action carries where it leads, so that each step is taken and judged once, and only steps
//!   that lead somewhere are offered.
//! - States are compared by their class, and by stateright only by a fingerprint of it, so that the
//!   counts are held against those of [`survey`](super::survey()), which compares in full.
//! - A run that was cut off looks complete: nothing here sets a limit, and [`PeerCounts`] says it.
//! - Properties are `fn` pointers, so a table of them has one for each bit.

use super::alphabet::Tried;
use super::bounds::{Configuration, Grid};
use super::machine::Machine;
use super::name::Name;
use super::survey::Watch;
use super::system::{Broken, Observed, System};
use activity_execution::vocabulary::{
    Action, ActivityExecutionStatus, Opaque as _, OutcomeKind, Phase, Request, RequestId, Retry,
    Situation, Target, TaskToken,
};
use stateright::{Checker, Model, Path, Property};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A system and the configurations it is explored in, as a model for stateright.
#[derive(Clone, Debug)]
pub struct Peer<M> {
    system: System<M>,
    grid: Grid,
    draw: Option<Draw>,
}

/// Draws a way through the model, for people.
pub type Draw = fn(&Configuration, &[Tried]) -> String;

/// An execution in its configuration; equal to others of its class.
#[derive(Clone, Copy)]
pub struct PeerState {
    configuration: u16,
    broken: Broken,
    class: Observed,
    observed: Observed,
}

/// A step that leads somewhere.
#[derive(Clone, Copy, PartialEq)]
pub struct Move {
    /// What happens.
    pub action: Tried,
    to: PeerState,
}

impl<M: Machine<i16, Name>> Peer<M> {
    /// A model of this system.
    ///
    /// # Panics
    /// If the grid has more configurations than fit.
    #[must_use]
    pub fn new(system: System<M>, grid: Grid) -> Self {
        assert!(u16::try_from(grid.configurations().len()).is_ok(), "a grid is small");
        assert!(system.promises().len() <= Self::HOLDS.len(), "a property for each promise");
        Peer { system, grid, draw: None }
    }

    /// The same model for the Explorer: with few properties, what is sometimes reached among them,
    /// and with a picture of the way to each state.
    #[must_use]
    pub fn drawn(self, draw: Draw) -> Self {
        Peer { draw: Some(draw), ..self }
    }

    /// The properties of the promises, by bit.
    const HOLDS: [Condition<M>; 80] = [
        holds::<M, 0>,
        holds::<M, 1>,
        holds::<M, 2>,
        holds::<M, 3>,
        holds::<M, 4>,
        holds::<M, 5>,
        holds::<M, 6>,
        holds::<M, 7>,
        holds::<M, 8>,
        holds::<M, 9>,
        holds::<M, 10>,
        holds::<M, 11>,
        holds::<M, 12>,
        holds::<M, 13>,
        holds::<M, 14>,
        holds::<M, 15>,
        holds::<M, 16>,
        holds::<M, 17>,
        holds::<M, 18>,
        holds::<M, 19>,
        holds::<M, 20>,
        holds::<M, 21>,
        holds::<M, 22>,
        holds::<M, 23>,
        holds::<M, 24>,
        holds::<M, 25>,
        holds::<M, 26>,
        holds::<M, 27>,
        holds::<M, 28>,
        holds::<M, 29>,
        holds::<M, 30>,
        holds::<M, 31>,
        holds::<M, 32>,
        holds::<M, 33>,
        holds::<M, 34>,
        holds::<M, 35>,
        holds::<M, 36>,
        holds::<M, 37>,
        holds::<M, 38>,
        holds::<M, 39>,
        holds::<M, 40>,
        holds::<M, 41>,
        holds::<M, 42>,
        holds::<M, 43>,
        holds::<M, 44>,
        holds::<M, 45>,
        holds::<M, 46>,
        holds::<M, 47>,
        holds::<M, 48>,
        holds::<M, 49>,
        holds::<M, 50>,
        holds::<M, 51>,
        holds::<M, 52>,
        holds::<M, 53>,
        holds::<M, 54>,
        holds::<M, 55>,
        holds::<M, 56>,
        holds::<M, 57>,
        holds::<M, 58>,
        holds::<M, 59>,
        holds::<M, 60>,
        holds::<M, 61>,
        holds::<M, 62>,
        holds::<M, 63>,
        holds::<M, 64>,
        holds::<M, 65>,
        holds::<M, 66>,
        holds::<M, 67>,
        holds::<M, 68>,
        holds::<M, 69>,
        holds::<M, 70>,
        holds::<M, 71>,
        holds::<M, 72>,
        holds::<M, 73>,
        holds::<M, 74>,
        holds::<M, 75>,
        holds::<M, 76>,
        holds::<M, 77>,
        holds::<M, 78>,
        holds::<M, 79>,
    ];

    fn configuration(&self, state: &PeerState) -> &Configuration {
        &self.grid.configurations()[usize::from(state.configuration)]
    }
}

impl<M: Machine<i16, Name>> Model for Peer<M> {
    type State = PeerState;
    type Action = Move;

    fn init_states(&self) -> Vec<PeerState> {
        let configurations = (0_u16..).zip(self.grid.configurations());
        configurations
            .map(|(index, configuration)| {
                let (observed, broken) = self.system.begin(configuration);
                let class = self.system.class(configuration, &observed);
                PeerState { configuration: index, broken, class, observed }
            })
            .collect()
    }

    fn actions(&self, state: &PeerState, moves: &mut Vec<Move>) {
        if state.broken != 0 {
            return;
        }
        let configuration = self.configuration(state);
        let mut tried = Vec::with_capacity(64);
        self.system.tried(configuration, &state.observed, &mut tried);
        let stand = self.system.stand(configuration, &state.observed);
        moves.extend(tried.into_iter().filter_map(|action| {
            let judged = stand.step(&action);
            if judged.broken == 0 && judged.stays {
                return None;
            }
            let observed = judged.next();
            let class = self.system.class(configuration, &observed);
            let to = PeerState { broken: judged.broken, class, observed, ..*state };
            (to != *state).then_some(Move { action, to })
        }));
    }

    fn next_state(&self, _: &PeerState, step: Move) -> Option<PeerState> {
        Some(step.to)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        if self.draw.is_some() {
            return explorers_properties();
        }
        let always = self.system.promises().iter().zip(Self::HOLDS);
        always.map(|(judge, holds)| Property::always(judge.name, holds)).collect()
    }

    fn as_svg(&self, path: Path<PeerState, Move>) -> Option<String> {
        let draw = self.draw?;
        let configuration = *self.configuration(path.last_state());
        let actions: Vec<Tried> = path.into_actions().into_iter().map(|step| step.action).collect();
        Some(draw(&configuration, &actions))
    }
}

/// A property as stateright takes it.
type Condition<M> = fn(&Peer<M>, &PeerState) -> bool;

/// What the Explorer lists: few, so that the states are not pushed off the screen.
fn explorers_properties<M: Machine<i16, Name>>() -> Vec<Property<Peer<M>>> {
    let sometimes: [(&'static str, Condition<M>); 8] = [
        ("a retry waits", |_, it| it.stands() == Situation::ScheduledAgain),
        ("a worker holds the task", |_, it| it.stands() == Situation::Started),
        ("a worker is asked to cancel", |_, it| it.stands() == Situation::CancelRequested),
        ("Completed", |_, it| it.ended() == Some(ActivityExecutionStatus::Completed)),
        ("Failed", |_, it| it.ended() == Some(ActivityExecutionStatus::Failed)),
        ("Canceled", |_, it| it.ended() == Some(ActivityExecutionStatus::Canceled)),
        ("Terminated", |_, it| it.ended() == Some(ActivityExecutionStatus::Terminated)),
        ("TimedOut", |_, it| it.ended() == Some(ActivityExecutionStatus::TimedOut)),
    ];
    let mut properties =
        vec![Property::always("every promise holds", |_, it: &PeerState| it.broken == 0)];
    properties.extend(sometimes.map(|(name, seen)| Property::sometimes(name, seen)));
    properties
}

fn holds<M, const BIT: usize>(_: &Peer<M>, state: &PeerState) -> bool {
    state.broken & (1 << BIT) == 0
}

impl PeerState {
    /// The execution, with everything in it.
    #[must_use]
    pub fn observed(&self) -> &Observed {
        &self.observed
    }

    fn stands(&self) -> Situation {
        Situation::of(&self.observed)
    }

    fn ended(&self) -> Option<ActivityExecutionStatus> {
        self.stands().outcome().map(OutcomeKind::status)
    }
}

impl PartialEq for PeerState {
    fn eq(&self, other: &Self) -> bool {
        self.configuration == other.configuration
            && self.broken == other.broken
            && self.class == other.class
    }
}

impl Eq for PeerState {}

impl Hash for PeerState {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.configuration.hash(state);
        self.broken.hash(state);
        self.class.hash(state);
    }
}

/// For the Explorer: how the execution stands, a line for each thing worth one.
impl fmt::Debug for PeerState {
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
        if it.heartbeat_details != Name::none() {
            writeln!(f, "heartbeat details {:?}", it.heartbeat_details)?;
        }
        if it.last_failure != Name::none() {
            writeln!(f, "last failure {:?}", it.last_failure)?;
        }
        if self.broken != 0 {
            writeln!(f, "a promise is broken")?;
        }
        Ok(())
    }
}

/// For the Explorer: the word of the action, and those of its arguments that make a difference.
impl fmt::Debug for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action.trace_word())?;
        let Action::Call(request) = &self.action else { return Ok(()) };
        if let Some(Target::Token(TaskToken(attempt))) = request.target() {
            write!(f, " {attempt:?}")?;
        }
        match request {
            Request::StartActivityExecution { request_id: RequestId(id), .. }
            | Request::RequestCancelActivityExecution { request_id: RequestId(id), .. }
            | Request::TerminateActivityExecution { request_id: RequestId(id), .. } => {
                write!(f, " request {id}")
            }
            Request::RecordActivityTaskStarted { request_id: RequestId(id), token, .. } => {
                write!(f, " {:?} request {id}", token.0)
            }
            Request::RecordActivityTaskHeartbeat { details, .. } => {
                write!(f, " details {details:?}")
            }
            Request::RespondActivityTaskFailed {
                failure, retry, last_heartbeat_details, ..
            } => {
                write!(f, " failure {failure:?}")?;
                match retry {
                    Retry::After(backoff) => write!(f, ", retry after {backoff:?}")?,
                    Retry::NonRetryable => f.write_str(", not retryable")?,
                    Retry::TimedOut => f.write_str(", timed out")?,
                    Retry::NoInterval => f.write_str(", no interval")?,
                }
                last_heartbeat_details.map_or(Ok(()), |it| write!(f, ", details {it:?}"))
            }
            Request::RespondActivityTaskCompleted { .. }
            | Request::RespondActivityTaskCanceled { .. } => Ok(()),
        }
    }
}

/// What stateright found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeerCounts {
    /// How many configurations it explored to the end.
    pub configurations: usize,
    /// Whether those are all.
    pub complete: bool,
    /// How many classes of executions it met.
    pub unique_states: u64,
    /// How many steps lead from one class to another.
    pub transitions: u64,
    /// The names of the promises that it found broken.
    pub broken: Vec<&'static str>,
}

/// Lets stateright explore a grid, part by part, so that somebody can watch and end it.
pub fn peer_survey<M>(
    system: &System<M>,
    grid: &Grid,
    threads: usize,
    watch: &dyn Watch,
) -> PeerCounts
where
    M: Machine<i16, Name> + Clone + Send + Sync + 'static,
{
    let mut counts = PeerCounts::default();
    for part in grid.parts(PART) {
        if watch.is_cut_off() {
            break;
        }
        let begins = part.configurations().len();
        let model = Peer::new(system.clone(), part);
        let checker = model.checker().threads(threads.max(1)).spawn_bfs().join();
        let unique_states = checker.unique_state_count() as u64;
        let transitions = (checker.state_count() - begins) as u64;
        counts.unique_states += unique_states;
        counts.transitions += transitions;
        counts.broken.extend(checker.discoveries().into_keys());
        counts.configurations += if checker.is_done() { begins } else { 0 };
        watch.explored(begins, unique_states, transitions);
    }
    counts.broken.sort_unstable();
    counts.broken.dedup();
    counts.complete = counts.configurations == grid.configurations().len();
    counts
}

/// How many configurations stateright is given at once.
const PART: usize = 400;
