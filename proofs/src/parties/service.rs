//! One execution at the service, in symbols, in either dialect: the specification, the core, or a
//! wrong one of them.

use super::{Hypotheses, Party, PromiseOf, Strengthening, Turn};
use crate::any::{self, PhaseKind, Word};
use crate::number::{Sym, lifted};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use crate::theorems;
use activity_execution::promises::all;
use activity_execution::vocabulary::{
    Action, Answer, ExecutionOptions, Number, Observation, Reply, Span, Step, Timestamp,
};
use activity_models::exploration::{CoreMachine, Machine, SpecificationMachine};
use std::fmt;
use std::sync::Arc;

/// One execution at the service.
#[derive(Clone)]
pub struct Service {
    machine: Arc<dyn Execution>,
    terms: Option<ExecutionOptions<i64>>,
}

/// A machine, seen from outside.
trait Execution: Send + Sync {
    fn begin(
        &self,
        terms: &ExecutionOptions<Sym>,
        now: Timestamp<Sym>,
    ) -> Observation<Sym, SymbolicPayload>;

    fn step(
        &self,
        terms: &ExecutionOptions<Sym>,
        before: &Observation<Sym, SymbolicPayload>,
        action: &Action<Sym, SymbolicPayload>,
    ) -> (Reply<Sym, SymbolicPayload>, Observation<Sym, SymbolicPayload>);
}

impl<M: Machine<Sym, SymbolicPayload> + Send + Sync> Execution for M {
    fn begin(
        &self,
        terms: &ExecutionOptions<Sym>,
        now: Timestamp<Sym>,
    ) -> Observation<Sym, SymbolicPayload> {
        let state = Machine::begin(self, terms, now, any::START);
        self.observe(terms, &state)
    }

    fn step(
        &self,
        terms: &ExecutionOptions<Sym>,
        before: &Observation<Sym, SymbolicPayload>,
        action: &Action<Sym, SymbolicPayload>,
    ) -> (Reply<Sym, SymbolicPayload>, Observation<Sym, SymbolicPayload>) {
        let mut state = self.restore(before);
        let reply = Machine::step(self, terms, &mut state, action);
        (reply, self.observe(terms, &state))
    }
}

impl Service {
    /// This machine.
    #[must_use]
    pub fn of(machine: impl Machine<Sym, SymbolicPayload> + Send + Sync + 'static) -> Self {
        Service { machine: Arc::new(machine), terms: None }
    }

    /// The same with these terms instead of any.
    #[must_use]
    pub fn with(self, terms: ExecutionOptions<i64>) -> Self {
        Service { terms: Some(terms), ..self }
    }
}

impl Party for Service {
    type Options = ExecutionOptions<Sym>;
    type State = Observation<Sym, SymbolicPayload>;
    type Step = Step<Sym, SymbolicPayload>;
    type Phase = PhaseKind;
    type Word = Word;
    const NAME: &'static str = "induction";
    const PHASES: &'static [PhaseKind] = &PhaseKind::ALL;
    const WORDS: &'static [Word] = &Word::ALL;
    const STRENGTHENINGS: &'static [Strengthening] = &STRENGTHENINGS;
    const STRUCTURAL: &'static [&'static str] = &STRUCTURAL;

    fn promises() -> Vec<PromiseOf<Self>> {
        all()
    }

    fn proofs(hypotheses: &Hypotheses<Self>) -> Vec<(Proof, u64)> {
        let core = Service::of(CoreMachine);
        let refinement = theorems::refinement(SpecificationMachine, CoreMachine, hypotheses);
        vec![
            (Service::default().induction(hypotheses), 500_960),
            (theorems::core(hypotheses), 529_872),
            (refinement, 380_824),
            (theorems::engine(&core, hypotheses), 453_568),
            (theorems::settled(hypotheses), 11_152),
            (theorems::recovery(hypotheses), 384_928),
            (theorems::liveness(hypotheses), 11_904),
            (theorems::rank(hypotheses), 95_144),
            (theorems::overflow(hypotheses), 671_720),
            (theorems::quotient(hypotheses), 972_424),
        ]
    }

    fn terms(&self) -> ExecutionOptions<Sym> {
        self.terms.as_ref().map_or_else(any::terms, lifted)
    }

    fn begin(&self, terms: &ExecutionOptions<Sym>) -> Observation<Sym, SymbolicPayload> {
        let now = any::instant("now");
        sealed(|| self.machine.begin(terms, now))
    }

    fn state(
        hypotheses: &Hypotheses<Self>,
        terms: &ExecutionOptions<Sym>,
        phase: PhaseKind,
    ) -> Observation<Sym, SymbolicPayload> {
        any::observation(hypotheses, terms, phase)
    }

    fn step(
        &self,
        _hypotheses: &Hypotheses<Self>,
        terms: &ExecutionOptions<Sym>,
        before: &Observation<Sym, SymbolicPayload>,
        word: Word,
    ) -> (Step<Sym, SymbolicPayload>, Observation<Sym, SymbolicPayload>) {
        let action = any::action(word, terms.dialect);
        let (reply, after) = sealed(|| self.machine.step(terms, before, &action));
        (Step { now: before.now, action, reply }, after)
    }

    fn idle() -> Step<Sym, SymbolicPayload> {
        let zero = Sym::literal(0);
        let action = Action::Tick { elapsed: Span(zero) };
        Step { now: Timestamp(zero), action, reply: Ok(Answer::Done) }
    }

    fn is_final(phase: PhaseKind) -> bool {
        phase == PhaseKind::Closed
    }

    fn lets_time_pass(word: Word) -> bool {
        word == Word::Tick
    }

    fn write_state(
        f: &mut impl fmt::Write,
        terms: &ExecutionOptions<Sym>,
        state: &Observation<Sym, SymbolicPayload>,
    ) -> fmt::Result {
        theorems::words::state(f, terms, state)
    }

    fn write_turn(f: &mut impl fmt::Write, turn: &Turn<Self>) -> fmt::Result {
        theorems::words::step(f, &turn.terms, &turn.before, &turn.step, &turn.after)
    }
}

impl Default for Service {
    fn default() -> Self {
        Service::of(SpecificationMachine)
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

/// The promises of states that look at no number: they prune shapes.
const STRUCTURAL: [&str; 9] = [
    "a_started_attempt_has_a_start_time",
    "a_retry_follows_an_attempt_that_ended",
    "an_outcome_of_an_attempt_has_started_and_completed",
    "a_cancel_request_waits_only_for_a_worker",
    "canceled_only_after_a_request",
    "terminated_means_closed_by_force",
    "a_close_after_a_cancel_request_says_so",
    "deadlines_are_armed_exactly_in_their_phase",
    "a_timed_out_execution_tells_which_timeout_and_why",
];

const STRENGTHENINGS: [Strengthening; 12] = [
    Strengthening {
        promise: "a_started_attempt_has_a_start_time",
        theorem: "a_repeated_poll_starts_nothing_new",
        proof: "induction",
        case: "Started, RecordActivityTaskStarted",
    },
    Strengthening {
        promise: "a_retry_follows_an_attempt_that_ended",
        theorem: "recorded_instants_are_in_order",
        proof: "induction",
        case: "Scheduled, RecordActivityTaskStarted",
    },
    Strengthening {
        promise: "attempts_stay_within_the_maximum",
        theorem: "maximum_attempts_reached_means_reached",
        proof: "induction",
        case: "Started, Elapses(StartToClose)",
    },
    Strengthening {
        promise: "a_cancel_request_waits_only_for_a_worker",
        theorem: "a_cancel_request_stops_retries",
        proof: "induction",
        case: "Scheduled, Tick",
    },
    Strengthening {
        promise: "terminated_means_closed_by_force",
        theorem: "specification_and_core_look_alike",
        proof: "refinement",
        case: "Scheduled, Tick",
    },
    Strengthening {
        promise: "deadlines_are_armed_exactly_in_their_phase",
        theorem: "closed_is_final",
        proof: "induction",
        case: "Closed, Elapses(ScheduleToClose)",
    },
    Strengthening {
        promise: "schedule_to_close_bounds_the_chain",
        theorem: "a_waiting_attempt_is_dispatched_in_time",
        proof: "induction",
        case: "Started, RespondActivityTaskFailed",
    },
    Strengthening {
        promise: "schedule_to_start_runs_from_the_dispatch",
        theorem: "silence_means_that_nothing_is_due",
        proof: "settled",
        case: "Scheduled",
    },
    Strengthening {
        promise: "start_to_close_runs_from_the_start",
        theorem: "silence_means_that_nothing_is_due",
        proof: "settled",
        case: "Started",
    },
    Strengthening {
        promise: "the_heartbeat_timeout_runs_from_the_last_sign_of_life",
        theorem: "ties_are_settled_in_the_order_of_arming",
        proof: "settled",
        case: "Started",
    },
    Strengthening {
        promise: "a_waiting_attempt_is_dispatched_in_time",
        theorem: "recorded_instants_are_in_order",
        proof: "induction",
        case: "Scheduled, RecordActivityTaskStarted",
    },
    Strengthening {
        promise: "recorded_instants_are_in_order",
        theorem: "a_close_by_an_attempt_completes_it",
        proof: "induction",
        case: "Started, RespondActivityTaskCompleted",
    },
];
