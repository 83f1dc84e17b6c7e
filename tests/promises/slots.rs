//! The promises of a worker's slots against everything that wrong ones could do where right ones
//! come.

use crate::refusals::{AgainstMutants, Refusals, all_hold, broken};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::{SlotsPromise, of_slots};
use activity_execution::worker::{
    Shutdown, SlotsAction, SlotsEffect, SlotsRejection, SlotsStep, WorkerOptions, WorkerSlots,
};
use activity_models::explore::reach;
use activity_models::mutants;
use std::collections::BTreeSet;

type Reply = Result<Option<SlotsEffect>, SlotsRejection>;

const TERMS: WorkerOptions =
    WorkerOptions { max_concurrent_activities: 2, graceful_shutdown_period: Span(1) };

/// What is asked of the slots: when, how they stand, and what happens.
type Asked = (WorkerSlots, Timestamp, SlotsAction);

fn asked() -> Vec<Asked> {
    let mut asked = Vec::new();
    reach((WorkerSlots::new(), 0_i64), Clone::clone, |&(before, now), next| {
        next.push((before, (now + 1).min(3)));
        for action in SlotsAction::ALL {
            let decided = before.decide(&TERMS, Timestamp(now), action);
            next.extend(decided.map(|(after, _)| (after, now)));
            asked.push((before, Timestamp(now), action));
        }
    });
    asked
}

fn states() -> Vec<WorkerSlots> {
    let mut shutdowns = vec![Shutdown::Running, Shutdown::GracePeriodElapsed, Shutdown::ShutDown];
    let initiated = |at| Shutdown::Initiated { initiated_time: Timestamp(at) };
    shutdowns.extend((0..4).map(initiated));
    let mut all = Vec::new();
    for shutdown in shutdowns {
        for place in 0..64_i64 {
            let [polling, outstanding, completions_in_flight] =
                [place % 4 - 1, place / 4 % 4 - 1, place / 16 - 1];
            all.push(WorkerSlots { polling, outstanding, completions_in_flight, shutdown });
        }
    }
    all
}

fn replies() -> Vec<Reply> {
    let effects = [None, Some(SlotsEffect::CancelOutstanding), Some(SlotsEffect::FinishShutdown)];
    effects.map(Ok).into_iter().chain(SlotsRejection::ALL.map(Err)).collect()
}

fn right(&(before, now, action): &Asked) -> (SlotsStep, WorkerSlots) {
    let (after, reply) = match before.decide(&TERMS, now, action) {
        Ok((after, effect)) => (after, Ok(effect)),
        Err(rejection) => (before, Err(rejection)),
    };
    (SlotsStep { now, action, reply }, after)
}

#[test]
fn the_promises_leave_slots_one_way_to_go_on() {
    let (promises, states, replies) = (of_slots(), states(), replies());
    let mut free = Vec::new();
    for it in asked() {
        let (right, right_after) = right(&it);
        for after in &states {
            for &reply in &replies {
                let step = SlotsStep { reply, ..right };
                let is_right = reply == right.reply && *after == right_after;
                if all_hold(&promises, &TERMS, (&it.0, &step, after)) != is_right {
                    free.push(format!("{:?}: {step:?}, {after:?}", it.0));
                }
            }
        }
    }
    assert_eq!(free, [""; 0]);
}

#[test]
fn what_each_promise_of_the_slots_refuses() {
    insta::assert_snapshot!(refusals(of_slots()).table());
}

/// What these promises refuse.
fn refusals(promises: Vec<SlotsPromise>) -> Refusals<WorkerOptions, WorkerSlots, SlotsStep> {
    let mut refusals = Refusals::of(promises);
    let (states, replies) = (states(), replies());
    for it in asked() {
        let (right, right_after) = right(&it);
        for after in &states {
            let fault = if *after == right_after { "reply" } else { "state" };
            let mut wrong = refusals.by(fault);
            for &reply in &replies {
                let step = SlotsStep { reply, ..right };
                if (step, *after) != (right, right_after) {
                    wrong(&TERMS, (&it.0, &step, after));
                }
            }
        }
    }
    refusals
}

/// The promise that no rule breaks: where a rule refuses it has no state to give back.
const HELD_BY_THE_TYPES: &str = "what_a_worker_refuses_changes_nothing";

/// A promise that refuses nothing wrong could as well be `true`.
#[test]
fn every_promise_refuses_a_step_of_a_mutant() {
    let promises = of_slots();
    let mut against = AgainstMutants::of(&promises);
    for mutant in mutants::of_slots() {
        let mut found = BTreeSet::new();
        for (before, now, action) in asked() {
            let decided = before.decide(&TERMS, now, action);
            let (after, reply) = match (mutant.rule)(&before, now, action, decided) {
                Ok((after, effect)) => (after, Ok(effect)),
                Err(rejection) => (before, Err(rejection)),
            };
            let step = SlotsStep { now, action, reply };
            found.extend(broken(&promises, &TERMS, (&before, &step, &after)));
        }
        against.tried(&mutant, &found);
    }
    against.judge(&[HELD_BY_THE_TYPES]);
}
