//! The promises of the service against wrong steps, each from a state that the core comes to.

use crate::refusals::{AgainstMutants, Refusals, all_hold, broken};
use crate::slips;
use activity_execution::promises::{self, ServicePromise};
use activity_execution::vocabulary::{
    Action, ActionKind, Answer, Dialect, ExecutionOptions, Reply, ReplyKind, RequestId, Situation,
    Span, Step, Timestamp,
};
use activity_models::exploration::{
    Configuration, CoreMachine, Executions, ExplorerPayload, Grid, Machine, Observed, ServiceModel,
    SpecificationMachine, Tried, something_is_due,
};
use activity_models::explore::{Explorer, Until};
use activity_models::mutants::{Mutant, Mutated, of_service};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

type Made = Step<i16, ExplorerPayload>;
type RefusalsOfService = Refusals<ExecutionOptions<i16>, Observed, Made>;
type Promises = Vec<ServicePromise<i16, ExplorerPayload>>;

/// An execution that the core comes to.
struct Stands {
    configuration: Configuration,
    observed: Observed,
}

/// A step of the core.
struct Taken {
    configuration: Configuration,
    before: Observed,
    step: Made,
    after: Observed,
}

impl Taken {
    /// What makes it worth a try: the dialect, what happens, how it stands, and what is answered.
    fn kind(&self) -> (Dialect, ActionKind, Situation, ReplyKind) {
        let Taken { configuration, before, step, .. } = self;
        let (action, reply) = (step.action.kind(), ReplyKind::of(&step.reply));
        (configuration.terms.dialect, action, Situation::of(before), reply)
    }
}

/// Everything that is reached from some configurations of both dialects.
static EXPLORED: LazyLock<Vec<Stands>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for dialect in [Dialect::Standalone, Dialect::Workflow] {
        let grid = Grid::quick(dialect);
        let chosen = Grid::of(grid.configurations().iter().rev().step_by(EACH).copied());
        let executions = Executions::new(ServiceModel::product(), chosen.clone());
        for (place, configuration) in chosen.configurations().iter().enumerate() {
            let mut explorer = Explorer::default();
            let explored = explorer.explore(&executions, [place], Until::TheEnd, &mut ());
            assert!(explored.violation.is_none(), "the core is right");
            all.extend(explorer.states().iter().map(|execution| Stands {
                configuration: *configuration,
                observed: *execution.observed(),
            }));
        }
    }
    all
});

/// Every so many configurations of the quick grid are enough.
const EACH: usize = 29;

fn promises_of_service() -> Promises {
    promises::all().into_iter().chain(promises::when_settled()).collect()
}

/// Everything that is tried on an execution.
fn tried(stands: &Stands) -> Vec<Tried> {
    let mut tried = Vec::new();
    ServiceModel::product().tried(&stands.configuration, &stands.observed, &mut tried);
    tried
}

fn taken<M>(machine: &M, stands: &Stands, action: &Tried) -> Taken
where
    M: Machine<i16, ExplorerPayload>,
{
    let Stands { configuration, observed: before } = stands;
    let mut state = machine.restore(before);
    let reply: Reply<i16, ExplorerPayload> = machine.step(&configuration.terms, &mut state, action);
    let after = machine.observe(&configuration.terms, &state);
    let step = Step { now: before.now, action: *action, reply };
    Taken { configuration: *configuration, before: *before, step, after }
}

/// The right step breaks nothing, and each that is answered otherwise breaks some promise.
#[test]
fn every_answer_follows_from_a_promise() {
    let promises = promises_of_service();
    let mut free = BTreeSet::new();
    for stands in EXPLORED.iter() {
        for action in tried(stands) {
            let Taken { configuration, before, step, after } = taken(&CoreMachine, stands, &action);
            let terms = &configuration.terms;
            assert_eq!(broken(&promises, terms, (&before, &step, &after)), [""; 0], "{step:?}");
            for reply in slips::replies(&after).into_iter().chain(slips::tasks(&step.reply)) {
                let wrong = Step { reply, ..step };
                if reply != step.reply && all_hold(&promises, terms, (&before, &wrong, &after)) {
                    free.insert(format!(
                        "{:?} {:?} {:?}",
                        action.kind(),
                        Situation::of(&before),
                        reply
                    ));
                }
            }
        }
    }
    assert_eq!(free, BTreeSet::new());
}

/// Some steps of each kind.
fn of_each_kind(most: usize) -> Vec<Taken> {
    let (mut counts, mut chosen) = (HashMap::new(), Vec::new());
    for stands in EXPLORED.iter() {
        for action in tried(stands) {
            let taken = taken(&CoreMachine, stands, &action);
            let count = counts.entry(taken.kind()).or_insert(0);
            if *count < most {
                *count += 1;
                chosen.push(taken);
            }
        }
    }
    chosen
}

#[test]
fn what_each_promise_of_the_service_refuses() {
    insta::assert_snapshot!(refusals(promises_of_service()).table());
}

/// What these promises refuse.
fn refusals(promises: Promises) -> RefusalsOfService {
    let mut refusals = Refusals::of(promises);
    for right in of_each_kind(4) {
        let Taken { configuration, before, step, after } = &right;
        let terms = &configuration.terms;
        slips::of_state(before, after, |fault, wrong| {
            refusals.by(fault)(terms, (before, step, wrong));
        });
        let replies = slips::replies(after).into_iter().chain(slips::tasks(&step.reply));
        for reply in replies.filter(|reply| *reply != step.reply) {
            let wrong = Step { reply, ..*step };
            refusals.by("reply")(terms, (before, &wrong, after));
        }
        if step.reply.is_err() {
            slips::of_state(before, after, |fault, wrong| {
                for reply in slips::replies(wrong).into_iter().filter(|it| it.is_ok()) {
                    let accepted = Step { reply, ..*step };
                    if fault == "phase" {
                        refusals.by("accepted")(terms, (before, &accepted, wrong));
                    }
                }
            });
        }
        for wrong in &slips::options(terms) {
            refusals.by("options")(wrong, (before, step, after));
        }
    }
    mistaken(&mut refusals);
    unsettled(&mut refusals);
    refusals
}

/// One call is taken for another that is made of the same execution.
fn mistaken(refusals: &mut RefusalsOfService) {
    let mut seen = HashMap::new();
    for stands in EXPLORED.iter() {
        let situation = (stands.configuration.terms.dialect, Situation::of(&stands.observed));
        let count = seen.entry(situation).or_insert(0);
        *count += 1;
        if *count > 2 {
            continue;
        }
        let all: Vec<Taken> =
            tried(stands).iter().map(|action| taken(&CoreMachine, stands, action)).collect();
        for right in &all {
            for other in &all {
                let wrong = Step { action: right.step.action, ..other.step };
                let judged = (&right.before, &wrong, &other.after);
                refusals.by("mistaken")(&right.configuration.terms, judged);
            }
        }
    }
}

/// Calls are considered although something is due.
fn unsettled(refusals: &mut RefusalsOfService) {
    for stands in EXPLORED.iter().filter(|it| something_is_due(&it.observed)) {
        let mut tried = Vec::new();
        let late = ServiceModel::specification();
        late.tried(&stands.configuration, &stands.observed, &mut tried);
        for action in tried.iter().filter(|it| matches!(it, Action::Call(_))) {
            let taken = taken(&CoreMachine, stands, action);
            let judged = (&taken.before, &taken.step, &taken.after);
            refusals.by("unsettled")(&taken.configuration.terms, judged);
        }
    }
}

/// A promise that refuses nothing wrong could as well be `true`.
#[test]
fn every_promise_refuses_a_step_of_a_mutant() {
    let promises = promises_of_service();
    let mut against = AgainstMutants::of(&promises);
    for mutant in of_service().into_iter().filter(Mutant::is_explorable) {
        let mut found = BTreeSet::<&str>::new();
        for stands in EXPLORED.iter() {
            if mutant.breaks.iter().all(|promise| found.contains(promise)) {
                break;
            }
            found.extend(broken_by(&mutant.of(CoreMachine), stands, &promises));
            found.extend(broken_by(&mutant.of(SpecificationMachine), stands, &promises));
        }
        against.tried(&mutant, &found);
    }
    for stands in EXPLORED.iter() {
        against.also(broken_without_a_start_time(stands, &promises));
    }
    against.judge(&[]);
}

/// What a mutant breaks when it begins, and in its next step from an execution of the core. Where
/// something is due and no timer takes effect, a call comes too early.
fn broken_by<M>(wrong: &Mutated<M>, stands: &Stands, promises: &Promises) -> Vec<&'static str>
where
    M: Machine<i16, ExplorerPayload>,
{
    let mut found = broken_at_the_begin(wrong, stands, promises);
    let mut actions = Vec::new();
    let late = ServiceModel::specification();
    late.tried(&stands.configuration, &stands.observed, &mut actions);
    let (calls, time): (Vec<_>, Vec<_>) =
        actions.into_iter().partition(|it| matches!(it, Action::Call(_)));
    let mut settles = false;
    let mut judge = |action| {
        let Taken { configuration, before, step, after } = taken(wrong, stands, action);
        found.extend(broken(promises, &configuration.terms, (&before, &step, &after)));
        matches!(action, Action::Elapses { .. }) && step.reply.is_ok()
    };
    for action in &time {
        settles |= judge(action);
    }
    if !(settles && something_is_due(&stands.observed)) {
        for action in &calls {
            judge(action);
        }
    }
    found
}

/// What the specification breaks if it forgets when an attempt starts. It is no row of the table of
/// mutants, for the core has no room for it: where a worker holds the task, its type has the time.
fn broken_without_a_start_time(stands: &Stands, promises: &Promises) -> Vec<&'static str> {
    let mut found = Vec::new();
    for action in tried(stands) {
        let Taken { configuration, before, step, after } =
            taken(&SpecificationMachine, stands, &action);
        if !before.is_started() && after.is_started() {
            let after = Observed { last_started_time: None, ..after };
            found.extend(broken(promises, &configuration.terms, (&before, &step, &after)));
        }
    }
    found
}

/// The promises of states, held to the execution that a mutant begins with.
fn broken_at_the_begin<M>(
    wrong: &Mutated<M>,
    stands: &Stands,
    promises: &Promises,
) -> Vec<&'static str>
where
    M: Machine<i16, ExplorerPayload>,
{
    let terms = &stands.configuration.terms;
    let begun: M::State = wrong.begin(terms, Timestamp(0), RequestId(0));
    let begun = wrong.observe(terms, &begun);
    let action = Action::Tick { elapsed: Span(0) };
    let step = Step { now: begun.now, action, reply: Ok(Answer::Done) };
    let of_states = promises.iter().filter(|promise| promise.of_states);
    let broken = of_states.filter(|promise| !(promise.holds)(terms, &begun, &step, &begun));
    broken.map(|promise| promise.name).collect()
}
