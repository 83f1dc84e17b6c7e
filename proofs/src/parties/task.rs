//! One task on a worker, in symbols: the machine of the product, or a wrong one around it.

use super::task_any::{self, TaskPhase, TaskWord};
use super::{
    Hypotheses, Party, PromiseOf, Strengthening, promised, task_alarms, task_facts, task_life,
};
use crate::any::instant;
use crate::number::Sym;
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use activity_execution::vocabulary::{Number, Span, Timestamp};
use activity_execution::worker::promises::of_task;
use activity_execution::worker::{
    ActivityTask, Effect, TaskAction, TaskOptions, TaskRejection, TaskStep,
};
use std::fmt;
use symbolic::{assume_le, assume_that, check};

/// What a task decides.
pub type TaskNext =
    Result<(ActivityTask<Sym, SymbolicPayload>, Option<Effect<SymbolicPayload>>), TaskRejection>;

/// The task before, the instant, what happens, and what ours makes of it.
pub type TaskMutant = fn(
    &ActivityTask<Sym, SymbolicPayload>,
    Timestamp<Sym>,
    &TaskAction<SymbolicPayload>,
    TaskNext,
) -> TaskNext;

/// One task on a worker.
#[derive(Clone, Copy)]
pub struct Task {
    /// What becomes of each decision.
    pub mutant: TaskMutant,
}

/// The clock is not put back: what is assumed of the instant of a step.
pub(super) const CLOCK: &str = "a_task_remembers_no_future";

impl Party for Task {
    type Options = TaskOptions<Sym>;
    type State = ActivityTask<Sym, SymbolicPayload>;
    type Step = TaskStep<Sym, SymbolicPayload>;
    type Phase = TaskPhase;
    type Word = TaskWord;
    const NAME: &'static str = "task";
    const PHASES: &'static [TaskPhase] = &TaskPhase::ALL;
    const WORDS: &'static [TaskWord] = &TaskWord::ALL;
    const STRENGTHENINGS: &'static [Strengthening] = &STRENGTHENINGS;

    fn promises() -> Vec<PromiseOf<Self>> {
        let mut all = of_task();
        all.extend(task_facts::of_states());
        all.extend(task_facts::of_steps());
        all
    }

    fn proofs(hypotheses: &Hypotheses<Self>) -> Vec<(Proof, u64)> {
        vec![
            (Task::default().induction(hypotheses), 15_856),
            (task_alarms::alarms(hypotheses), 816),
            (task_life::rank(hypotheses), 14_636),
            (task_life::life(hypotheses), 14_637),
            (task_alarms::overflow(hypotheses), 15_707),
        ]
    }

    fn terms(&self) -> TaskOptions<Sym> {
        task_any::terms()
    }

    fn begin(&self, _terms: &Self::Options) -> Self::State {
        ActivityTask::Absent
    }

    fn state(
        hypotheses: &Hypotheses<Self>,
        terms: &Self::Options,
        phase: TaskPhase,
    ) -> Self::State {
        task_any::task(hypotheses, terms, phase)
    }

    fn step(
        &self,
        hypotheses: &Hypotheses<Self>,
        terms: &Self::Options,
        before: &Self::State,
        word: TaskWord,
    ) -> (Self::Step, Self::State) {
        let action = task_any::action(word);
        let now = instant("now");
        if hypotheses.include(CLOCK) {
            assume_that(|| is_past(before, now));
        }
        self.step_at(terms, before, now, action)
    }

    fn idle() -> Self::Step {
        idle_at(Timestamp(Sym::literal(0)))
    }

    /// No terms are excluded, not even those that no worker can have.
    fn induction(&self, hypotheses: &Hypotheses<Self>) -> Proof {
        let proof = promised(Self::NAME, self, hypotheses, Self::promises());
        TaskPhase::ALL.into_iter().fold(proof, |proof, phase| {
            let hypotheses = hypotheses.clone();
            proof.case(format!("{phase:?}, time passes"), move || time_passes(&hypotheses, phase))
        })
    }
}

impl Task {
    /// The step that this action at this instant is.
    pub(super) fn step_at(
        self,
        terms: &TaskOptions<Sym>,
        before: &ActivityTask<Sym, SymbolicPayload>,
        now: Timestamp<Sym>,
        action: TaskAction<SymbolicPayload>,
    ) -> (TaskStep<Sym, SymbolicPayload>, ActivityTask<Sym, SymbolicPayload>) {
        let decided =
            sealed(|| (self.mutant)(before, now, &action, before.decide(terms, now, &action)));
        let (after, reply) = match decided {
            Ok((after, effect)) => (after, Ok(effect)),
            Err(rejection) => (*before, Err(rejection)),
        };
        (TaskStep { now, action, reply }, after)
    }
}

impl Default for Task {
    fn default() -> Self {
        Task { mutant: |_, _, _, next| next }
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Task")
    }
}

/// What lay in the past does so later.
fn time_passes(hypotheses: &Hypotheses<Task>, phase: TaskPhase) {
    let terms = task_any::terms();
    let task = task_any::task(hypotheses, &terms, phase);
    let (now, later) = (instant("now"), instant("later"));
    assume_that(|| is_past(&task, now));
    assume_le(now.0.0, later.0.0, 0);
    check(CLOCK, is_past(&task, later), || format!("{task:?}, {now:?}, {later:?}"));
}

/// Whether every instant that a task remembers has come: the promise of that, of a step from
/// nothing.
pub(super) fn is_past(task: &ActivityTask<Sym, SymbolicPayload>, now: Timestamp<Sym>) -> bool {
    let terms = TaskOptions {
        start_to_close_timeout: None,
        heartbeat_timeout: None,
        local_timeout_buffer: Span::zero(),
        heartbeat_throttle_interval: Span::zero(),
        heartbeat_call_timeout: Span::zero(),
    };
    activity_execution::worker::promises::a_task_remembers_no_future(
        &terms,
        &ActivityTask::Absent,
        &idle_at(now),
        task,
    )
}

fn idle_at(now: Timestamp<Sym>) -> TaskStep<Sym, SymbolicPayload> {
    TaskStep { now, action: TaskAction::GracePeriodElapses, reply: Ok(None) }
}

const STRENGTHENINGS: [Strengthening; 7] = [
    Strengthening {
        promise: "nothing_precedes_the_delivery",
        theorem: "no_timeout_is_shorter_than_its_length",
        proof: "task",
        case: "Running, Elapses(Heartbeat)",
    },
    Strengthening {
        promise: "the_flags_agree_with_the_reason",
        theorem: "whoever_is_reported_as_canceled_was_told_so",
        proof: "task",
        case: "Running, Return",
    },
    Strengthening {
        promise: "told_that_it_is_gone_means_gone",
        theorem: "whoever_was_told_that_it_is_gone_is_not_spoken_of",
        proof: "task",
        case: "Running, Return",
    },
    Strengthening {
        promise: "details_are_sent_or_wait_for_a_call",
        theorem: "details_that_wait_have_an_alarm",
        proof: "task",
        case: "Running, CancelActivityCommand",
    },
    Strengthening {
        promise: "only_canceled_and_asynchronous_tasks_flush",
        theorem: "nothing_is_flushed_that_a_report_supersedes",
        proof: "task",
        case: "Flushing, HeartbeatReply",
    },
    Strengthening {
        promise: "a_failure_says_what_the_function_was_told",
        theorem: "no_failure_denies_a_cancel_request",
        proof: "task",
        case: "Flushing, HeartbeatReply",
    },
    Strengthening {
        promise: CLOCK,
        theorem: "nothing_precedes_the_delivery",
        proof: "task",
        case: "Running, HeartbeatReply",
    },
];
