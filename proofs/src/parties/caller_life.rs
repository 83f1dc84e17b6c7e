//! Lifetime theorems of an activity at its caller: what happens once, and a decreasing rank.

use super::party::every_turn;
use super::task_life::is_or_at_most_one;
use super::{Caller, Hypotheses, Party, Turn};
use crate::number::Sym;
use crate::payload::SymbolicPayload;
use crate::theorem::Proof;
use crate::theorems::theorems;
use activity_execution::caller::{
    CallerAction, CallerOptions, Cancellation, CloseEvent, Command, HistoryEvent, WorkflowActivity,
};
use activity_execution::vocabulary::{Number, Opaque, RetryState, TimeoutType};
use symbolic::{assume_that, check, fresh};

theorems! { LIFE:
    /// In the whole life of an activity the workflow is told once what came of it: exactly once
    /// when it is over, and at most once if the workflow closes first.
    in_its_life_an_activity_resolves_exactly_once
    /// In the whole life of an activity its cancellation is requested at most once, and never if
    /// it is abandoned.
    in_its_life_an_activity_is_requested_to_cancel_once
    /// In the whole life of an activity it is scheduled at most once, and withdrawn only if it was
    /// not sent.
    in_its_life_an_activity_is_scheduled_once
}

theorems! { RANK:
    /// Whatever changes an activity at its caller lowers its rank: its life has seven steps at
    /// most.
    every_change_lowers_the_rank_of_a_caller
    /// An activity that is not over can always go on: there is an event that history may have next
    /// and that is accepted, and the last of them closes it.
    an_open_activity_can_always_be_closed
}

/// What happens once in a life: each step keeps what the counts say, whatever they are.
#[must_use]
pub fn life(hypotheses: &Hypotheses<Caller>) -> Proof {
    let proof = Proof::of("caller-life", LIFE.to_vec()).case("new".to_owned(), || {
        let zero = Sym::literal(0);
        let counts =
            Counts { resolutions: zero, requests: zero, schedules: zero, withdrawals: zero };
        let terms = Caller::default().terms();
        counts.judge(&terms, &WorkflowActivity::Created, || "new".to_owned());
    });
    every_turn(proof, &Caller::default(), hypotheses, lived)
}

fn lived(turn: &Turn<Caller>) {
    let Turn { terms, .. } = turn;
    let count = |name| Sym(fresh(name));
    let before = Counts {
        resolutions: count("resolutions"),
        requests: count("requests"),
        schedules: count("schedules"),
        withdrawals: count("withdrawals"),
    };
    assume_that(|| before.agree(terms, &turn.before).into_iter().all(|(_, agrees)| agrees));
    let one = Sym::literal(1);
    let mut after = before;
    if let Ok(effects) = turn.step.reply {
        match effects.command {
            Some(Command::ScheduleActivityTask) => after.schedules = before.schedules + one,
            Some(Command::WithdrawScheduleActivityTask) => {
                after.withdrawals = before.withdrawals + one;
            }
            Some(Command::RequestCancelActivityTask) => after.requests = before.requests + one,
            None => {}
        }
        if effects.resolution.is_some() {
            after.resolutions = before.resolutions + one;
        }
    }
    after.judge(terms, &turn.after, || format!("{turn}counts: {before:?}, then {after:?}"));
}

/// What has been asked for and said in the life of an activity so far.
#[derive(Clone, Copy, Debug)]
struct Counts {
    resolutions: Sym,
    requests: Sym,
    schedules: Sym,
    withdrawals: Sym,
}

impl Counts {
    /// Whether each count fits the state; the names are those of the theorems.
    fn agree(
        &self,
        terms: &CallerOptions,
        machine: &WorkflowActivity,
    ) -> [(&'static str, bool); 3] {
        let resolved = Some(i64::from(machine.is_resolved(terms)));
        let (resolutions, requests, schedules) = match machine {
            WorkflowActivity::Created => (resolved, Some(0), Some(0)),
            WorkflowActivity::ScheduleCommandCreated => (resolved, Some(0), Some(1)),
            WorkflowActivity::Withdrawn => (resolved, Some(0), None),
            WorkflowActivity::Open { cancellation, .. } => {
                let requests = match cancellation {
                    Cancellation::None | Cancellation::Abandoned => 0,
                    Cancellation::CommandCreated | Cancellation::EventRecorded => 1,
                };
                (resolved, Some(requests), Some(1))
            }
            WorkflowActivity::Closed => (resolved, None, Some(1)),
            WorkflowActivity::CallerClosed => (None, None, None),
        };
        let withdrawn = match machine {
            WorkflowActivity::Withdrawn => self.withdrawals == self.schedules,
            WorkflowActivity::CallerClosed => {
                self.withdrawals >= Sym::literal(0) && self.withdrawals <= self.schedules
            }
            WorkflowActivity::Created
            | WorkflowActivity::ScheduleCommandCreated
            | WorkflowActivity::Open { .. }
            | WorkflowActivity::Closed => self.withdrawals == Sym::literal(0),
        };
        let meant = terms.cancellation_type
            != activity_execution::caller::ActivityCancellationType::Abandon
            || self.requests == Sym::literal(0);
        [
            (
                "in_its_life_an_activity_resolves_exactly_once",
                is_or_at_most_one(self.resolutions, resolutions),
            ),
            (
                "in_its_life_an_activity_is_requested_to_cancel_once",
                is_or_at_most_one(self.requests, requests) && meant,
            ),
            (
                "in_its_life_an_activity_is_scheduled_once",
                is_or_at_most_one(self.schedules, schedules) && withdrawn,
            ),
        ]
    }

    fn judge(&self, terms: &CallerOptions, machine: &WorkflowActivity, words: impl Fn() -> String) {
        for (theorem, agrees) in self.agree(terms, machine) {
            check(theorem, agrees, &words);
        }
    }
}

/// That a life ends, if history goes on or the workflow closes.
#[must_use]
pub fn rank(hypotheses: &Hypotheses<Caller>) -> Proof {
    let proof = Proof::of("caller-rank", RANK.to_vec());
    every_turn(proof, &Caller::default(), hypotheses, |turn| {
        let Turn { terms, before, after, .. } = turn;
        let lower = before == after || rank_of(after) < rank_of(before);
        check("every_change_lowers_the_rank_of_a_caller", lower, || turn.to_string());
        let goes_on = next(before).is_none_or(|event| {
            let decided = before.decide(terms, &CallerAction::Event(event));
            decided
                .is_ok_and(|(after, _)| next(&after).is_some() || after == WorkflowActivity::Closed)
        });
        check("an_open_activity_can_always_be_closed", goes_on, || turn.to_string());
    })
}

/// How many steps can follow.
fn rank_of(machine: &WorkflowActivity) -> u8 {
    match machine {
        WorkflowActivity::Created => 7,
        WorkflowActivity::ScheduleCommandCreated => 6,
        WorkflowActivity::Open { is_started, cancellation } => {
            let cancelled = match cancellation {
                Cancellation::None => 2,
                Cancellation::CommandCreated => 1,
                Cancellation::Abandoned | Cancellation::EventRecorded => 0,
            };
            2 + u8::from(!is_started) + cancelled
        }
        WorkflowActivity::Withdrawn | WorkflowActivity::Closed => 1,
        WorkflowActivity::CallerClosed => 0,
    }
}

/// An event with which history may go on, where a close is still to come.
fn next(machine: &WorkflowActivity) -> Option<HistoryEvent<SymbolicPayload>> {
    match machine {
        WorkflowActivity::ScheduleCommandCreated => Some(HistoryEvent::ActivityTaskScheduled),
        WorkflowActivity::Open { cancellation: Cancellation::CommandCreated, .. } => {
            Some(HistoryEvent::ActivityTaskCancelRequested)
        }
        WorkflowActivity::Open { .. } => {
            Some(HistoryEvent::Closed(CloseEvent::ActivityTaskTimedOut {
                timeout_type: TimeoutType::ScheduleToClose,
                failure: SymbolicPayload::none(),
                retry_state: RetryState::Timeout,
            }))
        }
        WorkflowActivity::Created
        | WorkflowActivity::Withdrawn
        | WorkflowActivity::Closed
        | WorkflowActivity::CallerClosed => None,
    }
}
