//! The promises of a caller against everything that a wrong one could do where a right one comes.

use crate::refusals::{AgainstMutants, Refusals, all_hold, broken};
use activity_execution::caller::promises::{CallerPromise, all};
use activity_execution::caller::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, CallerStep,
    Cancellation, CloseEvent, Command, Effects, HistoryEvent, Resolution, WorkflowActivity,
    resolution,
};
use activity_execution::vocabulary::{RetryState, TimeoutType};
use activity_models::explore::reach;
use activity_models::mutants::of_caller;
use activity_models::system::SystemPayload;
use std::collections::BTreeSet;

type Made = CallerStep<SystemPayload>;
type Reply = Result<Effects<SystemPayload>, CallerRejection>;
type Promises = Vec<CallerPromise<SystemPayload>>;

/// What is asked of a caller: where it stands, and what happens.
struct Asked {
    terms: CallerOptions,
    before: WorkflowActivity,
    action: CallerAction<SystemPayload>,
}

fn every_terms() -> Vec<CallerOptions> {
    let terms = |cancellation_type, is_detached| CallerOptions { cancellation_type, is_detached };
    let types = ActivityCancellationType::ALL.into_iter();
    types.flat_map(|it| [terms(it, false), terms(it, true)]).collect()
}

fn closes() -> Vec<CloseEvent<SystemPayload>> {
    let failure = SystemPayload::Failure;
    let retry_state = RetryState::MaximumAttemptsReached;
    let timeout_type = TimeoutType::Heartbeat;
    vec![
        CloseEvent::ActivityTaskCompleted { result: SystemPayload::Result(1) },
        CloseEvent::ActivityTaskFailed { failure, retry_state },
        CloseEvent::ActivityTaskTimedOut { timeout_type, failure, retry_state },
        CloseEvent::ActivityTaskCanceled { details: SystemPayload::GaveIn },
    ]
}

fn actions() -> Vec<CallerAction<SystemPayload>> {
    let mut all = vec![
        CallerAction::Schedule,
        CallerAction::Cancel,
        CallerAction::CancelParent,
        CallerAction::CloseCaller,
    ];
    all.extend(
        [
            HistoryEvent::ActivityTaskScheduled,
            HistoryEvent::ActivityTaskStarted,
            HistoryEvent::ActivityTaskCancelRequested,
        ]
        .map(CallerAction::Event),
    );
    all.extend(closes().into_iter().map(|it| CallerAction::Event(HistoryEvent::Closed(it))));
    all
}

/// Everything that is asked of a caller that follows this rule.
fn asked() -> Vec<Asked> {
    let mut asked = Vec::new();
    for terms in every_terms() {
        reach(WorkflowActivity::Created, Clone::clone, |&before, next| {
            for action in actions() {
                next.extend(before.decide(&terms, &action).map(|(after, _)| after));
                asked.push(Asked { terms, before, action });
            }
        });
    }
    asked
}

/// An activity of a workflow in every state.
pub(crate) fn states() -> Vec<WorkflowActivity> {
    let mut all = vec![
        WorkflowActivity::Created,
        WorkflowActivity::ScheduleCommandCreated,
        WorkflowActivity::Withdrawn,
        WorkflowActivity::Closed,
        WorkflowActivity::CallerClosed,
    ];
    for cancellation in [
        Cancellation::None,
        Cancellation::Abandoned,
        Cancellation::CommandCreated,
        Cancellation::EventRecorded,
    ] {
        let open = |is_started| WorkflowActivity::Open { is_started, cancellation };
        all.extend([false, true].map(open));
    }
    all
}

fn replies() -> Vec<Reply> {
    let mut told = vec![None, Some(Resolution::cancelled_at_once())];
    told.extend(closes().iter().map(|close| Some(resolution(close))));
    let commands = [
        None,
        Some(Command::ScheduleActivityTask),
        Some(Command::WithdrawScheduleActivityTask),
        Some(Command::RequestCancelActivityTask),
    ];
    let mut all: Vec<Reply> = CallerRejection::ALL.map(Err).into();
    for command in commands {
        all.extend(told.iter().map(|&resolution| Ok(Effects { command, resolution })));
    }
    all
}

fn right(asked: &Asked) -> (Made, WorkflowActivity) {
    let Asked { terms, before, action } = asked;
    let (after, reply) = match before.decide(terms, action) {
        Ok((after, effects)) => (after, Ok(effects)),
        Err(rejection) => (*before, Err(rejection)),
    };
    (CallerStep { action: *action, reply }, after)
}

#[test]
fn the_promises_leave_a_caller_one_way_to_go_on() {
    let (promises, states, replies): (Promises, _, _) = (all(), states(), replies());
    let mut free = Vec::new();
    for it in asked() {
        let (right, right_after) = right(&it);
        for after in &states {
            for &reply in &replies {
                let step = CallerStep { reply, ..right };
                let is_right = reply == right.reply && *after == right_after;
                if all_hold(&promises, &it.terms, (&it.before, &step, after)) != is_right {
                    free.push(format!("{:?} {:?}: {step:?}, {after:?}", it.terms, it.before));
                }
            }
        }
    }
    assert_eq!(free, [""; 0]);
}

#[test]
fn what_each_promise_of_a_caller_refuses() {
    insta::assert_snapshot!(refusals(all()).table());
}

/// What these promises refuse.
fn refusals(promises: Promises) -> Refusals<CallerOptions, WorkflowActivity, Made> {
    let mut refusals = Refusals::of(promises);
    let (states, replies) = (states(), replies());
    for it in asked() {
        let (right, right_after) = right(&it);
        for after in &states {
            for &reply in &replies {
                let step = CallerStep { action: it.action, reply };
                let fault = if *after == right_after { "reply" } else { "state" };
                if (step, *after) != (right, right_after) {
                    refusals.by(fault)(&it.terms, (&it.before, &step, after));
                }
            }
        }
    }
    refusals
}

/// The promise that no rule breaks: where a rule refuses it has no state to give back.
const HELD_BY_THE_TYPES: &str = "what_a_caller_refuses_changes_nothing";

/// A promise that refuses nothing wrong could as well be `true`.
#[test]
fn every_promise_refuses_a_step_of_a_mutant() {
    let promises: Promises = all();
    let mut against = AgainstMutants::of(&promises);
    for mutant in of_caller() {
        let mut found = BTreeSet::new();
        for Asked { terms, before, action } in &asked() {
            let decided = (mutant.rule)(terms, before, action, before.decide(terms, action));
            let (after, reply) = match decided {
                Ok((after, effects)) => (after, Ok(effects)),
                Err(rejection) => (*before, Err(rejection)),
            };
            let step = CallerStep { action: *action, reply };
            found.extend(broken(&promises, terms, (before, &step, &after)));
        }
        against.tried(&mutant, &found);
    }
    against.judge(&[HELD_BY_THE_TYPES]);
}
