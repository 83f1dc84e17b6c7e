//! Recovery theorems: folding the recorded events gives the state that was lived through.

use super::theorems;
use crate::any::{self, PhaseKind, START, Word};
use crate::number::Sym;
use crate::parties::{Hypotheses, Party, Service, every_case};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use activity_execution::vocabulary::{Action, ExecutionOptions, Timestamp};
use activity_execution::{ActivityExecution, Event};
use activity_models::exploration::{CoreMachine, Machine};
use symbolic::check;

theorems! { RECOVERY:
    /// A history of one event, `Event::scheduled`, is a new execution.
    a_new_execution_is_its_first_event
    /// What is decided, in time or late, can be applied, and changes something: `apply` does not
    /// panic, and no event is written in vain.
    what_is_decided_can_be_applied_and_changes_something
    /// Folding a history in one go gives the execution that was lived through.
    folding_a_history_is_living_through_it
    /// A caller whose reply was lost may repeat a request that has an id: the repetition changes
    /// nothing and is answered as the request was.
    a_repeated_request_is_answered_alike_and_changes_nothing
}

/// About events of the core, decided on any execution.
#[must_use]
pub fn recovery(hypotheses: &Hypotheses<Service>) -> Proof {
    let mut proof = Proof::of("recovery", RECOVERY.to_vec());
    for word in Word::ALL {
        proof = proof.case(format!("new, {word:?}"), move || new(word));
    }
    let assumed = |phase, _| hypotheses.of_phase(phase);
    every_case(proof, Service::PHASES, assumed, step)
}

fn new(word: Word) {
    let terms = any::terms();
    let schedule_time = any::instant("schedule_time");
    let scheduled = Event::scheduled(&terms, schedule_time, START);
    let mut lived = ActivityExecution::<Sym, SymbolicPayload>::new(&terms, schedule_time, START);
    let folded = ActivityExecution::recover([&scheduled]);
    let words = || format!("{terms:?}\n{scheduled:?}\n{folded:?}");
    check("a_new_execution_is_its_first_event", folded.as_ref() == Some(&lived), words);

    let now = any::instant("now");
    let action = any::action(word, terms.dialect);
    let Some(event) = sealed(|| live(&mut lived, &terms, now, &action)) else {
        return;
    };
    let folded = ActivityExecution::recover([&scheduled, &event]);
    check("folding_a_history_is_living_through_it", folded.as_ref() == Some(&lived), || {
        format!("{terms:?}\n{scheduled:?}\n{event:?}\n{lived:?}\n{folded:?}")
    });
}

fn step(hypotheses: &Hypotheses<Service>, phase: PhaseKind, word: Word) {
    let terms = any::terms();
    let before = any::observation(hypotheses, &terms, phase);
    let action = any::action(word, terms.dialect);
    let execution = ActivityExecution::from_observation(&before);
    let mut after = execution;
    if let Some(event) = sealed(|| live(&mut after, &terms, before.now, &action)) {
        check("what_is_decided_can_be_applied_and_changes_something", after != execution, || {
            format!("{terms:?}\n{execution:?}\n{event:?}")
        });
    }
    let mut core = CoreMachine.restore(&before);
    let mut step = || sealed(|| CoreMachine.step(&terms, &mut core, &action));
    if let (Action::Call(request), Ok(reply)) = (action, step())
        && request.request_id().is_some()
    {
        let once = core.clone();
        let again = sealed(|| CoreMachine.step(&terms, &mut core, &action));
        let alike = once == core && again == Ok(reply);
        check("a_repeated_request_is_answered_alike_and_changes_nothing", alike, || {
            format!("{terms:?}\n{before:?}\n{action:?} -> {reply:?}, then {again:?}\n{core:?}")
        });
    }
}

/// Lives through an action, and says what it makes durable, if anything.
fn live(
    execution: &mut ActivityExecution<Sym, SymbolicPayload>,
    terms: &ExecutionOptions<Sym>,
    now: Timestamp<Sym>,
    action: &Action<Sym, SymbolicPayload>,
) -> Option<Event<Sym, SymbolicPayload>> {
    match action {
        Action::Tick { .. } => None,
        Action::Call(request) => {
            execution.call(terms, now, request).ok().and_then(|accepted| accepted.event)
        }
        Action::Elapses { backoff, .. } => {
            execution.elapse_next(terms, now, *backoff).map(|(_, event)| event)
        }
    }
}
