//! The quotient theorem: executions of one class have successors of one class.

use super::theorems;
use crate::any::{self, PhaseKind, Word};
use crate::number::Sym;
use crate::parties::{Hypotheses, Party, Service, every_case};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, Dialect, ExecutionOptions, Number, Observation, Reply, Request,
    Retryability, Span, Target, TaskToken, Timestamp,
};
use activity_models::exploration::{Machine, SpecificationMachine, class};
use symbolic::{assume, check};

theorems! { QUOTIENT:
    /// An execution and the representative of its class take the same action to successors of the
    /// same class: so do any two executions of one class.
    successors_of_one_class_are_of_one_class
    /// They answer it alike, but for instants and the number of the attempt, which the class erases.
    executions_of_one_class_answer_alike
    /// The representative of a class is in that class.
    a_representative_is_of_its_class
}

/// A function that says of an execution which one stands for it.
pub type Class = fn(
    &ExecutionOptions<Sym>,
    &Observation<Sym, SymbolicPayload>,
) -> Observation<Sym, SymbolicPayload>;

/// Whether a class knows enough for an action on one of its executions.
pub type ToldApart =
    fn(Dialect, &Observation<Sym, SymbolicPayload>, &Action<Sym, SymbolicPayload>) -> bool;

/// About every step of the specification, from any execution and from what stands for it.
#[must_use]
pub fn quotient(hypotheses: &Hypotheses<Service>) -> Proof {
    quotient_by(class, is_told_apart, hypotheses)
}

/// The same of other classes.
#[must_use]
pub fn quotient_by(
    class: Class,
    is_told_apart: ToldApart,
    hypotheses: &Hypotheses<Service>,
) -> Proof {
    let mut proof = Proof::of("quotient", QUOTIENT.to_vec());
    for phase in PhaseKind::ALL {
        let hypotheses = hypotheses.of_phase(phase);
        proof = proof.case(format!("{phase:?}"), move || {
            represented(class, &hypotheses, phase);
        });
    }
    let assumed = |phase, _| hypotheses.of_phase(phase);
    every_case(proof, Service::PHASES, assumed, move |hypotheses, phase, word| {
        step(class, is_told_apart, hypotheses, phase, word);
    })
}

/// About the execution that stands for any other.
fn represented(class: Class, hypotheses: &Hypotheses<Service>, phase: PhaseKind) {
    let terms = any::terms();
    let execution = any::observation(hypotheses, &terms, phase);
    let representative = class(&terms, &execution);
    let again = class(&terms, &representative);
    check("a_representative_is_of_its_class", again == representative, || {
        format!("{terms:?}\nexecution {execution:?}\nrepresentative {representative:?}")
    });
}

fn step(
    class: Class,
    is_told_apart: ToldApart,
    hypotheses: &Hypotheses<Service>,
    phase: PhaseKind,
    word: Word,
) {
    let terms = any::terms();
    let before = any::observation(hypotheses, &terms, phase);
    let action = any::action(word, terms.dialect);
    assume(is_told_apart(terms.dialect, &before, &action));
    let representative = class(&terms, &before);
    let take = |execution: &Observation<Sym, SymbolicPayload>| {
        let action = seen_from(execution.attempt, before.attempt, &action);
        let mut state = SpecificationMachine.restore(execution);
        let reply = sealed(|| SpecificationMachine.step(&terms, &mut state, &action));
        (relative(execution.attempt, reply), SpecificationMachine.observe(&terms, &state))
    };
    let (reply, after) = take(&before);
    let (answer, successor) = take(&representative);
    let words = || {
        format!(
            "{terms:?}\nexecution {before:?}\nrepresentative {representative:?}\n{action:?}\n\
             {reply:?}, {after:?}\n{answer:?}, {successor:?}"
        )
    };
    check("executions_of_one_class_answer_alike", reply == answer, words);
    // Where nothing changes, they are what they were: of one class, if a representative is.
    let is_unchanged = after == before && successor == representative;
    let same = is_unchanged || class(&terms, &after) == class(&terms, &successor);
    check("successors_of_one_class_are_of_one_class", same, words);
}

/// Whether the class knows enough for this action: not by how much schedule-to-close is overdue,
/// which decides whether a negative wait is granted that a workflow's worker asks for.
#[must_use]
pub fn is_told_apart(
    dialect: Dialect,
    execution: &Observation<Sym, SymbolicPayload>,
    action: &Action<Sym, SymbolicPayload>,
) -> bool {
    match action {
        Action::Call(Request::RespondActivityTaskFailed {
            retry: Retryability::After(wait),
            ..
        }) if dialect == Dialect::Workflow => {
            let overdue = |end| end < execution.now;
            *wait >= Span::zero() || !execution.deadlines.schedule_to_close.is_some_and(overdue)
        }
        Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => true,
    }
}

/// The action with its token as far from `attempt` as it was from `original`.
fn seen_from(
    attempt: Attempt<Sym>,
    original: Attempt<Sym>,
    action: &Action<Sym, SymbolicPayload>,
) -> Action<Sym, SymbolicPayload> {
    let moved =
        |TaskToken(token): TaskToken<Sym>| TaskToken(Attempt(attempt.0 + (token.0 - original.0)));
    let mut action = *action;
    if let Action::Call(request) = &mut action {
        if let Request::RecordActivityTaskStarted { dispatched: token, .. } = request {
            *token = moved(*token);
        } else if let Some(Target::Token(token)) = request.target_mut() {
            *token = moved(*token);
        }
    }
    action
}

/// The reply without its instants, its attempt counted from `attempt`.
fn relative(
    attempt: Attempt<Sym>,
    reply: Reply<Sym, SymbolicPayload>,
) -> Reply<Sym, SymbolicPayload> {
    let never = Timestamp(Sym::literal(0));
    let from = |other: Attempt<Sym>| Attempt(other.0 - attempt.0);
    reply.map(|answer| match answer {
        Answer::Task { token: TaskToken(token), attempt, heartbeat_details, .. } => Answer::Task {
            token: TaskToken(from(token)),
            attempt: from(attempt),
            started_time: never,
            current_attempt_scheduled_time: never,
            heartbeat_details,
        },
        Answer::Done | Answer::Existing | Answer::Recorded { .. } => answer,
    })
}
