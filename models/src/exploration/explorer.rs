//! Our own explorer: one configuration, breadth first, every class met compared in full.
//! Its counterexamples are shortest. Knows no threads and prints nothing.

use super::alphabet::Tried;
use super::bounds::Configuration;
use super::coverage::{Coverage, Reached};
use super::liveness::{Graph, StaysOpen};
use super::machine::Machine;
use super::name::Name;
use super::system::{Broken, Judge, Judged, Observed, System, something_is_due};
use activity_execution::vocabulary::{Action, Request, Retry, Span};
use rustc_hash::FxHashMap;

/// A breadth-first explorer; its memory is used again for the next configuration.
#[derive(Debug, Default)]
pub struct Explorer {
    known: FxHashMap<Observed, u32>,
    nodes: Vec<Node>,
    tried: Vec<Tried>,
    graph: Graph,
}

/// An execution that was reached, and how.
#[derive(Clone, Copy, Debug)]
struct Node {
    observed: Observed,
    class: Observed,
    parent: u32,
    action: Tried,
    steps: u16,
}

/// What there is to say about one configuration.
#[derive(Clone, Debug, Default)]
pub struct Explored {
    /// How many classes of executions can be reached.
    pub unique_states: u64,
    /// How many steps lead from one class to another, or break a promise.
    pub transitions: u64,
    /// How many steps leave an execution in its class; most are refused.
    pub without_effect: u64,
    /// How many classes no step leads out of.
    pub terminal_states: u64,
    /// Whether an open execution is among those.
    pub open_terminal_state: bool,
    /// Everything that was broken.
    pub broken: Broken,
    /// The shortest way to break something.
    pub violation: Option<Violation>,
    /// Whether it can stay open for ever, and why.
    pub stays_open: StaysOpen,
}

/// A way to break something.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The configuration.
    pub configuration: Configuration,
    /// Everything that the last step breaks; the first step, if there is none.
    pub broken: Vec<Judge>,
    /// What happens, from the beginning.
    pub actions: Vec<Tried>,
}

/// When to stop.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Until {
    /// When everything is explored, whatever is broken.
    TheEnd,
    /// At the first violation, and before executions that are this many steps away.
    Violation {
        /// Violations with as many steps are too long.
        shorter_than: u16,
    },
}

/// One configuration being explored.
struct Pass<'a, M> {
    system: &'a System<M>,
    configuration: &'a Configuration,
    index: u16,
    coverage: &'a mut Coverage,
    explored: Explored,
}

impl Explorer {
    /// Explores a configuration, of which `index` is the place in its grid.
    pub fn explore<M: Machine<i16, Name>>(
        &mut self,
        system: &System<M>,
        configuration: &Configuration,
        index: u16,
        until: Until,
        coverage: &mut Coverage,
    ) -> Explored {
        let (observed, broken) = system.begin(configuration);
        let class = system.class(configuration, &observed);
        let action = Action::Tick { elapsed: Span(0) };
        self.start(Node { observed, class, parent: 0, action, steps: 0 });
        let explored = Explored::default();
        let mut pass = Pass { system, configuration, index, coverage, explored };
        if broken != 0 {
            self.note_violation(&mut pass, broken, 0, None);
        }
        let mut next = 0;
        while let Some(node) = self.nodes.get(next as usize).copied() {
            if let Until::Violation { shorter_than } = until
                && (pass.explored.violation.is_some() || node.steps + 1 >= shorter_than)
            {
                break;
            }
            self.expand(&mut pass, next, &node);
            next += 1;
        }
        let mut explored = pass.explored;
        explored.unique_states = self.nodes.len() as u64;
        if until == Until::TheEnd {
            explored.stays_open = self.graph.stays_open(self.nodes.len());
        }
        explored
    }

    /// Tries everything on one execution.
    fn expand<M: Machine<i16, Name>>(&mut self, pass: &mut Pass<'_, M>, index: u32, node: &Node) {
        let (system, configuration) = (pass.system, pass.configuration);
        let reached = Reached { steps: node.steps + 1, configuration: pass.index };
        let before = pass.explored.transitions;
        let mut time_goes_on = !something_is_due(&node.observed);
        let mut tried = std::mem::take(&mut self.tried);
        system.tried(configuration, &node.observed, &mut tried);
        let stand = system.stand(configuration, &node.observed);
        for action in &tried {
            let judged = stand.step(action);
            time_goes_on |= matches!(action, Action::Elapses { .. }) && judged.reply.is_ok();
            pass.coverage.note(configuration, &node.observed, action, &judged, reached);
            if judged.broken != 0 {
                pass.explored.transitions += 1;
                self.note_violation(pass, judged.broken, index, Some(*action));
            } else {
                self.follow(pass, index, node, action, &judged);
            }
        }
        self.tried = tried;
        if !time_goes_on {
            self.graph.is_stuck();
        }
        if pass.explored.transitions == before {
            pass.explored.terminal_states += 1;
            pass.explored.open_terminal_state |= !node.observed.is_closed();
        }
    }

    /// Goes where a step leads, which may be a new class, a known one, or the same.
    fn follow<M: Machine<i16, Name>>(
        &mut self,
        pass: &mut Pass<'_, M>,
        index: u32,
        node: &Node,
        action: &Tried,
        judged: &Judged,
    ) {
        let class = if judged.stays {
            node.class
        } else {
            pass.system.class(pass.configuration, &judged.next())
        };
        if class == node.class {
            pass.explored.without_effect += 1;
            self.note_self_loop(node, action);
            return;
        }
        pass.explored.transitions += 1;
        let fresh = u32::try_from(self.nodes.len()).expect("a configuration is small");
        let target = *self.known.entry(class).or_insert(fresh);
        if target == fresh {
            let (observed, steps) = (judged.next(), node.steps + 1);
            self.nodes.push(Node { observed, class, parent: index, action: *action, steps });
        }
        self.note_edge(index, node, action, target);
    }

    /// The classes that the last exploration met.
    pub(super) fn classes(&self) -> impl Iterator<Item = &Observed> {
        self.nodes.iter().map(|node| &node.class)
    }

    fn start(&mut self, node: Node) {
        self.known.clear();
        self.nodes.clear();
        self.graph.clear();
        self.known.insert(node.class, 0);
        self.nodes.push(node);
    }

    /// Time is urgent where it matters who stays open: a deadline that is due takes effect before
    /// the clock goes on. Heartbeats come and go without getting anywhere, and so do retries that
    /// do not wait: in no time there can be any number of them.
    fn note_edge(&mut self, from: u32, before: &Node, action: &Tried, to: u32) {
        if leads_on(&before.observed, action) {
            self.graph.edge(from, to);
        }
    }

    fn note_self_loop(&mut self, before: &Node, action: &Tried) {
        let is_tick = matches!(action, Action::Tick { .. });
        if is_tick && leads_on(&before.observed, action) && !before.observed.is_closed() {
            self.graph.waits_for_ever(before.observed.is_started());
        }
    }

    /// The first violation is a shortest one, because nearer executions were tried before.
    fn note_violation<M: Machine<i16, Name>>(
        &self,
        pass: &mut Pass<'_, M>,
        broken: Broken,
        node: u32,
        last: Option<Tried>,
    ) {
        pass.explored.broken |= broken;
        if pass.explored.violation.is_some() {
            return;
        }
        let mut actions: Vec<Tried> = last.into_iter().collect();
        actions.extend(self.way_back(node));
        actions.reverse();
        let (configuration, broken) = (*pass.configuration, pass.system.judges(broken));
        pass.explored.violation = Some(Violation { configuration, broken, actions });
    }

    /// The actions that led to a node, the last one first.
    fn way_back(&self, mut node: u32) -> impl Iterator<Item = Tried> {
        std::iter::from_fn(move || {
            let at = &self.nodes[node as usize];
            (at.steps > 0).then(|| {
                node = at.parent;
                at.action
            })
        })
    }
}

fn leads_on(before: &Observed, action: &Tried) -> bool {
    match action {
        Action::Tick { .. } => !something_is_due(before),
        Action::Call(request) => match request {
            Request::RecordActivityTaskHeartbeat { .. } => false,
            Request::RespondActivityTaskFailed { retry: Retry::After(wait), .. } => *wait > Span(0),
            Request::StartActivityExecution { .. }
            | Request::RecordActivityTaskStarted { .. }
            | Request::RespondActivityTaskCompleted { .. }
            | Request::RespondActivityTaskFailed { .. }
            | Request::RespondActivityTaskCanceled { .. }
            | Request::RequestCancelActivityExecution { .. }
            | Request::TerminateActivityExecution { .. } => true,
        },
        Action::Elapses { .. } => true,
    }
}

impl Explored {
    /// Adds another configuration.
    pub fn add(&mut self, other: &Explored) {
        self.unique_states += other.unique_states;
        self.transitions += other.transitions;
        self.without_effect += other.without_effect;
        self.terminal_states += other.terminal_states;
        self.open_terminal_state |= other.open_terminal_state;
        self.broken |= other.broken;
    }
}
