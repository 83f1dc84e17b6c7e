//! The slots of a worker, in symbols: the machine of the product, or a wrong one around it.

use super::{Hypotheses, Party, PromiseOf, Strengthening, slots_life};
use crate::any::{instant, span};
use crate::number::Sym;
use crate::theorem::Proof;
use activity_execution::vocabulary::{Number, Timestamp};
use activity_execution::worker::promises::of_slots;
use activity_execution::worker::{
    Shutdown, SlotsAction, SlotsEffect, SlotsRejection, SlotsStep, WorkerOptions, WorkerSlots,
};
use std::fmt;
use symbolic::{assume_that, fresh};

/// What a worker decides.
pub type SlotsNext = Result<(WorkerSlots<Sym>, Option<SlotsEffect>), SlotsRejection>;

/// The worker before, the instant, what happens, and what ours makes of it.
pub type SlotsMutant = fn(&WorkerSlots<Sym>, Timestamp<Sym>, SlotsAction, SlotsNext) -> SlotsNext;

/// A worker that counts its slots.
#[derive(Clone, Copy)]
pub struct Slots {
    /// What becomes of each decision.
    pub mutant: SlotsMutant,
}

/// How far the shutdown is, without its data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the words are those of `Shutdown`")]
pub enum ShutdownKind {
    Running,
    Initiated,
    GracePeriodElapsed,
    ShutDown,
}

impl Party for Slots {
    type Options = WorkerOptions<Sym>;
    type State = WorkerSlots<Sym>;
    type Step = SlotsStep<Sym>;
    type Phase = ShutdownKind;
    type Word = SlotsAction;
    const NAME: &'static str = "worker";
    const PHASES: &'static [ShutdownKind] = &[
        ShutdownKind::Running,
        ShutdownKind::Initiated,
        ShutdownKind::GracePeriodElapsed,
        ShutdownKind::ShutDown,
    ];
    const WORDS: &'static [SlotsAction] = &SlotsAction::ALL;
    const STRENGTHENINGS: &'static [Strengthening] = &STRENGTHENINGS;

    fn promises() -> Vec<PromiseOf<Self>> {
        let mut all = of_slots();
        all.extend(of_steps());
        all
    }

    fn proofs(hypotheses: &Hypotheses<Self>) -> Vec<(Proof, u64)> {
        vec![
            (Slots::default().induction(hypotheses), 138),
            (slots_life::shutdown(hypotheses), 155),
            (slots_life::overflow(hypotheses), 137),
        ]
    }

    fn terms(&self) -> WorkerOptions<Sym> {
        let terms = WorkerOptions {
            max_concurrent_activities: Sym(fresh("max_concurrent_activities")),
            graceful_shutdown_period: span("graceful_shutdown_period"),
        };
        assume_that(|| terms.are_normal());
        terms
    }

    fn begin(&self, _terms: &Self::Options) -> WorkerSlots<Sym> {
        WorkerSlots::new()
    }

    fn state(
        hypotheses: &Hypotheses<Self>,
        terms: &WorkerOptions<Sym>,
        phase: ShutdownKind,
    ) -> WorkerSlots<Sym> {
        let count = |name| Sym(fresh(name));
        let worker = WorkerSlots {
            polling: count("polling"),
            outstanding: count("outstanding"),
            completions_in_flight: count("completions_in_flight"),
            shutdown: match phase {
                ShutdownKind::Running => Shutdown::Running,
                ShutdownKind::Initiated => {
                    Shutdown::Initiated { initiated_time: instant("initiated_time") }
                }
                ShutdownKind::GracePeriodElapsed => Shutdown::GracePeriodElapsed,
                ShutdownKind::ShutDown => Shutdown::ShutDown,
            },
        };
        assume_that(|| hypotheses.hold(terms, &worker));
        worker
    }

    fn step(
        &self,
        _hypotheses: &Hypotheses<Self>,
        terms: &WorkerOptions<Sym>,
        before: &WorkerSlots<Sym>,
        action: SlotsAction,
    ) -> (SlotsStep<Sym>, WorkerSlots<Sym>) {
        self.step_at(terms, before, instant("now"), action)
    }

    fn idle() -> SlotsStep<Sym> {
        let now = Timestamp(Sym::literal(0));
        SlotsStep { now, action: SlotsAction::Poll, reply: Ok(None) }
    }
}

impl Slots {
    /// The step that this action at this instant is.
    pub(super) fn step_at(
        self,
        terms: &WorkerOptions<Sym>,
        before: &WorkerSlots<Sym>,
        now: Timestamp<Sym>,
        action: SlotsAction,
    ) -> (SlotsStep<Sym>, WorkerSlots<Sym>) {
        let decided = before.decide(terms, now, action);
        let (after, reply) = match (self.mutant)(before, now, action, decided) {
            Ok((after, effect)) => (after, Ok(effect)),
            Err(rejection) => (*before, Err(rejection)),
        };
        (SlotsStep { now, action, reply }, after)
    }
}

impl Default for Slots {
    fn default() -> Self {
        Slots { mutant: |_, _, _, next| next }
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slots")
    }
}

activity_execution::promises! { [](WorkerOptions<Sym>, WorkerSlots<Sym>, SlotsStep<Sym>)
    of_steps; of_states: false;
    /// Nothing happens any more to a worker that has shut down.
    a_worker_that_has_shut_down_refuses_everything(_terms, before, step, _after) {
        !matches!(before.shutdown, Shutdown::ShutDown) || step.reply.is_err()
    }
}

const STRENGTHENINGS: [Strengthening; 2] = [
    Strengthening {
        promise: "slots_stay_within_the_maximum",
        theorem: "shutdown_is_complete_when_no_slot_is_in_use",
        proof: "worker",
        case: "Initiated, PollEnds",
    },
    Strengthening {
        promise: "shutdown_is_complete_when_no_slot_is_in_use",
        theorem: "a_worker_that_has_shut_down_refuses_everything",
        proof: "worker",
        case: "ShutDown, ReleaseSlot",
    },
];
