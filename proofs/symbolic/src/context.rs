//! The thread's exploration and its state on the current path.
//! The closure's calls arrive here; `decide` forks, `judge` records failures, `explorer` runs.

use crate::budget::{Budget, Clock, CutOff};
use crate::free::FreeTerms;
use crate::hash::Map;
use crate::hypotheses::Hypotheses;
use crate::linear::{Comparison, Symbol};
use crate::lookahead::Way;
use crate::path::Instance;
use crate::report::{Failure, Statistics};
use crate::solver::{Known, Solver};
use crate::step::Step;
use crate::terms::{ExecutionOptions, Term};
use crate::tree::Recorder;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::panic::resume_unwind;

/// Why a path is left before the closure returns.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// An assumption does not hold.
    Pruned,
    /// Every way to go on from here has been explored already.
    DeadEnd,
    /// A budget is exhausted.
    CutOff(CutOff),
}

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) terms: ExecutionOptions,
    pub(crate) free: FreeTerms,
    pub(crate) statistics: Statistics,
    pub(crate) failures: Vec<Failure>,
    pub(crate) every_failure: bool,
    pub(crate) failed: HashSet<String>,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) clock: Clock,
    pub(crate) bounds: Option<(Term, Term)>,
    pub(crate) solver: Solver,
    pub(crate) comparisons: Map<(Term, Comparison), Known>,
    pub(crate) nodes: Vec<Node>,
    /// How many decisions the current execution has taken; those in `nodes` beyond are replayed.
    pub(crate) position: usize,
    /// The first decisions, which are never taken back.
    pub(crate) floor: usize,
    pub(crate) hypotheses: Hypotheses,
    /// How many hypotheses are known to be consistent.
    pub(crate) settled: usize,
    /// The input, when the closure is executed on one instead of being explored.
    pub(crate) following: Option<Instance>,
    pub(crate) rendering: bool,
    pub(crate) values: Option<BTreeMap<Symbol, i128>>,
}

/// A decision of the current path and what is left to explore of it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) step: Step,
    /// One bit per answer that is not refuted; of a choice one for the alternative that is taken
    /// and one for all that follow.
    pub(crate) feasible: u8,
    pub(crate) hypotheses_before: usize,
    /// The other ways through the attempt that begins here, the next one last.
    pub(crate) ways: Vec<Way>,
}

impl Node {
    /// Whether it can be decided otherwise.
    pub(crate) fn has_alternatives(&self) -> bool {
        self.feasible.count_ones() > 1 || !self.ways.is_empty()
    }

    /// The same decision, not to be decided otherwise.
    pub(crate) fn without_alternatives(&self) -> Node {
        let (step, hypotheses_before) = (self.step, self.hypotheses_before);
        Node { step, feasible: 1, hypotheses_before, ways: Vec::new() }
    }
}

thread_local! {
    static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// Calls `f` with the thread's exploration.
pub(crate) fn with<R>(f: impl FnOnce(&mut Context) -> R) -> R {
    try_with(f).expect("symbolic integers exist only inside `prove` and its like")
}

/// As `with`, but leaves the closure if the path stops here.
pub(crate) fn with_or_stop<R>(f: impl FnOnce(&mut Context) -> Result<R, Stop>) -> R {
    with(f).unwrap_or_else(|stop| resume_unwind(Box::new(stop)))
}

/// As `with`, but nothing happens outside of an exploration.
pub(crate) fn try_with<R>(f: impl FnOnce(&mut Context) -> R) -> Option<R> {
    CONTEXT.with_borrow_mut(|context| context.as_mut().map(f))
}

/// Makes `context` the thread's exploration.
pub(crate) fn enter(context: Context) {
    CONTEXT.with_borrow_mut(|current| {
        assert!(current.is_none(), "explorations do not nest");
        *current = Some(context);
    });
}

/// Ends the thread's exploration.
pub(crate) fn leave() -> Context {
    CONTEXT.take().expect("an exploration that was entered has not been left")
}

impl Context {
    /// The state before the first path.
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            terms: ExecutionOptions::default(),
            free: FreeTerms::default(),
            statistics: Statistics::default(),
            failures: Vec::new(),
            every_failure: false,
            failed: HashSet::new(),
            recorder: None,
            clock: Clock::start(budget),
            bounds: None,
            solver: Solver::default(),
            comparisons: Map::default(),
            nodes: Vec::new(),
            position: 0,
            floor: 0,
            hypotheses: Hypotheses::default(),
            settled: 0,
            following: None,
            rendering: false,
            values: None,
        }
    }

    /// The state before the one path that `instance` takes.
    pub(crate) fn following(instance: Instance, budget: Budget) -> Self {
        let (following, values) = (Some(instance), Some(BTreeMap::new()));
        Self { following, values, every_failure: true, ..Self::new(budget) }
    }

    pub(crate) fn begin_path(&mut self) {
        self.position = 0;
        self.bounds = None;
        self.terms.undeclare(0);
    }

    pub(crate) fn fresh(&mut self, name: &str) -> Term {
        let (symbol, term) = self.terms.fresh(name);
        if let (Some(instance), Some(values)) = (&self.following, &mut self.values) {
            values.insert(symbol, instance.value(&self.terms.names()[symbol.index()]));
        }
        term
    }

    /// The value of `term` in the values at hand; symbols without one are 0.
    pub(crate) fn value(&self, term: Term) -> i128 {
        let known = self.values.as_ref();
        let value = |symbol| known.and_then(|known| known.get(&symbol)).copied().unwrap_or(0);
        self.terms.form(term).evaluate(value).expect("the values of integers fit 128 bits")
    }

    /// `term` in words: a number if the symbols have values, else the form.
    pub(crate) fn show(&self, term: Term) -> String {
        if self.values.is_some() { self.value(term).to_string() } else { self.terms.render(term) }
    }

    /// The number of the constraint that `difference`, left minus right, compares like this.
    pub(crate) fn compared(&mut self, difference: Term, comparison: Comparison) -> Known {
        let (terms, solver) = (&self.terms, &mut self.solver);
        *self.comparisons.entry((difference, comparison)).or_insert_with(|| {
            let constraint = comparison.constraint(terms.form(difference));
            solver.know(constraint.expect("the coefficients of a comparison fit 128 bits"))
        })
    }
}
