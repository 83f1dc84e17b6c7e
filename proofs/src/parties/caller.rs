//! One activity at its caller, in every state there is: the machine of the product, or a wrong one
//! around it. There are no numbers here, so that all is finite but the payloads.

use super::{Hypotheses, Party, PromiseOf, Strengthening, caller_life};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use activity_execution::caller::promises::all;
use activity_execution::caller::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, CallerStep,
    Cancellation, CloseEvent, Effects, HistoryEvent, WorkflowActivity,
};
use activity_execution::vocabulary::{Opaque, RetryState, TimeoutType};
use std::fmt;
use symbolic::{choose, flag, pick, such_that};

/// What a caller decides.
pub type CallerNext = Result<(WorkflowActivity, Effects<SymbolicPayload>), CallerRejection>;

/// The terms, the machine before, what happens, and what ours makes of it.
pub type CallerMutant =
    fn(&CallerOptions, &WorkflowActivity, &CallerAction<SymbolicPayload>, CallerNext) -> CallerNext;

/// One activity at its caller.
#[derive(Clone, Copy)]
pub struct Caller {
    /// What becomes of each decision.
    pub mutant: CallerMutant,
}

/// A state of an activity at its caller, without its data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the words are those of `WorkflowActivity`")]
pub enum CallerPhase {
    Created,
    ScheduleCommandCreated,
    Withdrawn,
    Open,
    Closed,
    CallerClosed,
}

/// What happens, without its arguments.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the words are those of `CallerAction` and `HistoryEvent`")]
pub enum CallerWord {
    Schedule,
    Cancel,
    CancelParent,
    ActivityTaskScheduled,
    ActivityTaskStarted,
    ActivityTaskCancelRequested,
    Closed,
    CloseCaller,
}

impl Party for Caller {
    type Options = CallerOptions;
    type State = WorkflowActivity;
    type Step = CallerStep<SymbolicPayload>;
    type Phase = CallerPhase;
    type Word = CallerWord;
    const NAME: &'static str = "caller";
    const PHASES: &'static [CallerPhase] = &[
        CallerPhase::Created,
        CallerPhase::ScheduleCommandCreated,
        CallerPhase::Withdrawn,
        CallerPhase::Open,
        CallerPhase::Closed,
        CallerPhase::CallerClosed,
    ];
    const WORDS: &'static [CallerWord] = &[
        CallerWord::Schedule,
        CallerWord::Cancel,
        CallerWord::CancelParent,
        CallerWord::ActivityTaskScheduled,
        CallerWord::ActivityTaskStarted,
        CallerWord::ActivityTaskCancelRequested,
        CallerWord::Closed,
        CallerWord::CloseCaller,
    ];
    const STRENGTHENINGS: &'static [Strengthening] = &STRENGTHENINGS;

    fn promises() -> Vec<PromiseOf<Self>> {
        let mut promises = all();
        promises.extend(of_steps());
        promises
    }

    fn proofs(hypotheses: &Hypotheses<Self>) -> Vec<(Proof, u64)> {
        vec![
            (Caller::default().induction(hypotheses), 3_168),
            (caller_life::rank(hypotheses), 3_162),
            (caller_life::life(hypotheses), 3_168),
        ]
    }

    fn terms(&self) -> CallerOptions {
        let cancellation_type = pick(&ActivityCancellationType::ALL);
        CallerOptions { cancellation_type, is_detached: flag() }
    }

    fn begin(&self, _terms: &Self::Options) -> WorkflowActivity {
        WorkflowActivity::default()
    }

    fn state(
        hypotheses: &Hypotheses<Self>,
        terms: &CallerOptions,
        phase: CallerPhase,
    ) -> WorkflowActivity {
        let open = || {
            let cancellation = pick(&[
                Cancellation::None,
                Cancellation::Abandoned,
                Cancellation::CommandCreated,
                Cancellation::EventRecorded,
            ]);
            let open = WorkflowActivity::Open { is_started: flag(), cancellation };
            hypotheses.hold(terms, &open).then_some(open)
        };
        match phase {
            CallerPhase::Created => WorkflowActivity::Created,
            CallerPhase::ScheduleCommandCreated => WorkflowActivity::ScheduleCommandCreated,
            CallerPhase::Withdrawn => WorkflowActivity::Withdrawn,
            CallerPhase::Open => such_that(open),
            CallerPhase::Closed => WorkflowActivity::Closed,
            CallerPhase::CallerClosed => WorkflowActivity::CallerClosed,
        }
    }

    fn step(
        &self,
        _hypotheses: &Hypotheses<Self>,
        terms: &CallerOptions,
        before: &WorkflowActivity,
        word: CallerWord,
    ) -> (CallerStep<SymbolicPayload>, WorkflowActivity) {
        let action = action(word);
        let decided =
            sealed(|| (self.mutant)(terms, before, &action, before.decide(terms, &action)));
        let (after, reply) = match decided {
            Ok((after, effects)) => (after, Ok(effects)),
            Err(rejection) => (*before, Err(rejection)),
        };
        (CallerStep { action, reply }, after)
    }

    fn idle() -> CallerStep<SymbolicPayload> {
        CallerStep { action: CallerAction::CancelParent, reply: Ok(Effects::none()) }
    }
}

impl Default for Caller {
    fn default() -> Self {
        Caller { mutant: |_, _, _, next| next }
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Caller")
    }
}

/// Any action with this word.
fn action(word: CallerWord) -> CallerAction<SymbolicPayload> {
    CallerAction::Event(match word {
        CallerWord::Schedule => return CallerAction::Schedule,
        CallerWord::Cancel => return CallerAction::Cancel,
        CallerWord::CancelParent => return CallerAction::CancelParent,
        CallerWord::CloseCaller => return CallerAction::CloseCaller,
        CallerWord::ActivityTaskScheduled => HistoryEvent::ActivityTaskScheduled,
        CallerWord::ActivityTaskStarted => HistoryEvent::ActivityTaskStarted,
        CallerWord::ActivityTaskCancelRequested => HistoryEvent::ActivityTaskCancelRequested,
        CallerWord::Closed => HistoryEvent::Closed(close()),
    })
}

fn close() -> CloseEvent<SymbolicPayload> {
    match choose(4) {
        0 => CloseEvent::ActivityTaskCompleted { result: payload("result") },
        1 => CloseEvent::ActivityTaskFailed {
            failure: payload("failure"),
            retry_state: pick(&RetryState::ALL),
        },
        2 => CloseEvent::ActivityTaskTimedOut {
            timeout_type: pick(&TimeoutType::ALL),
            failure: payload("failure"),
            retry_state: pick(&RetryState::ALL),
        },
        _ => CloseEvent::ActivityTaskCanceled { details: payload("farewell") },
    }
}

/// A payload, or nothing.
fn payload(name: &str) -> SymbolicPayload {
    if flag() { SymbolicPayload::named(name) } else { SymbolicPayload::none() }
}

activity_execution::promises! { [](CallerOptions, WorkflowActivity, CallerStep<SymbolicPayload>)
    of_steps; of_states: false;
    /// An abandoned activity never ends as canceled: nothing was requested for it.
    an_abandoned_activity_is_never_canceled(terms, _before, step, _after) {
        terms.cancellation_type != ActivityCancellationType::Abandon
            || step.reply.is_err()
            || !matches!(
                step.action,
                CallerAction::Event(HistoryEvent::Closed(CloseEvent::ActivityTaskCanceled { .. }))
            )
    }
}

const STRENGTHENINGS: [Strengthening; 1] = [Strengthening {
    promise: "abandoned_exactly_if_nothing_is_requested",
    theorem: "an_abandoned_activity_is_never_canceled",
    proof: "caller",
    case: "Open, Closed",
}];
