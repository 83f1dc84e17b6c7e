//! Lifetime theorems of a task: it ends, by a decreasing rank, and what happens once in it.

use super::party::every_turn;
use super::{Hypotheses, Task, Turn};
use crate::number::Sym;
use crate::payload::SymbolicPayload;
use crate::theorem::Proof;
use crate::theorems::theorems;
use activity_execution::vocabulary::Number;
use activity_execution::worker::{
    ActivityTask, Effect, HeartbeatCall, HeartbeatDetails, LocalTimer, TaskAction,
};
use symbolic::{assume_that, check, fresh};

theorems! { RANK:
    /// Whatever changes a task lowers its rank, unless the function records a heartbeat; so only
    /// boundedly many such steps follow.
    every_change_but_a_heartbeat_lowers_the_rank_of_a_task
    /// A heartbeat raises the rank by two at most: its call, and the answer to that.
    a_heartbeat_raises_the_rank_by_two_at_most
    /// What a task waits for is accepted at any time and leads on: the return of its function, then
    /// the answers to its calls, or the alarm of a heartbeat call that has none.
    what_a_task_waits_for_leads_on
    /// When the function has returned, at most three answers follow until the slot is free.
    three_answers_after_its_return_a_task_is_over
}

theorems! { LIFE:
    /// In its whole life a function is told to stop at most once, over all reasons.
    in_its_life_a_function_is_told_once
    /// In the whole life of a task at most one result is reported.
    in_its_life_a_task_reports_one_result
    /// In the whole life of a task its slot is released once, exactly when it is over.
    in_its_life_a_task_releases_its_slot_once
}

/// That a delivered task ends, if its function returns and calls are answered or given up.
#[must_use]
pub fn rank(hypotheses: &Hypotheses<Task>) -> Proof {
    let proof = Proof::of("task-rank", RANK.to_vec());
    every_turn(proof, &Task::default(), hypotheses, ranked)
}

fn ranked(turn: &Turn<Task>) {
    let Turn { before, step, after, .. } = turn;
    let (was, is) = (rank_of(before), rank_of(after));
    if matches!(step.action, TaskAction::Heartbeat { .. }) {
        check("a_heartbeat_raises_the_rank_by_two_at_most", is <= was + 2, || turn.to_string());
    } else {
        let lower = is < was || before == after;
        let name = "every_change_but_a_heartbeat_lowers_the_rank_of_a_task";
        check(name, lower, || turn.to_string());
    }

    let is_awaited = match (before, step.action) {
        (ActivityTask::Running(_) | ActivityTask::Gone { .. }, TaskAction::Return(_))
        | (ActivityTask::Flushing(_), TaskAction::HeartbeatReply(_))
        | (ActivityTask::Reporting, TaskAction::ResultReply(_)) => true,
        (ActivityTask::Flushing(flushing), TaskAction::Elapses(LocalTimer::HeartbeatCall)) => {
            step.now >= flushing.sent_time + turn.terms.heartbeat_call_timeout
        }
        _ => false,
    };
    if is_awaited {
        let leads_on = step.reply.is_ok() && is < was;
        check("what_a_task_waits_for_leads_on", leads_on, || turn.to_string());
        let name = "three_answers_after_its_return_a_task_is_over";
        let answered = match before {
            ActivityTask::Absent | ActivityTask::Running(_) | ActivityTask::Gone { .. } => is <= 3,
            ActivityTask::Flushing(_) | ActivityTask::Reporting | ActivityTask::Released => {
                was <= 3 && is < was
            }
        };
        check(name, answered && (is == 0) == (*after == ActivityTask::Released), || {
            turn.to_string()
        });
    }
}

/// How many steps can follow without a heartbeat of the function.
fn rank_of(task: &ActivityTask<Sym, SymbolicPayload>) -> u8 {
    match task {
        ActivityTask::Absent => 10,
        ActivityTask::Running(running) => {
            let flush = match running.heartbeat_details {
                HeartbeatDetails::None | HeartbeatDetails::Sent(_) => 0,
                HeartbeatDetails::Buffered(_) => 2,
            };
            let answer = match running.call {
                HeartbeatCall::NotSent | HeartbeatCall::Returned { .. } => 0,
                HeartbeatCall::InFlight { .. } => 1,
            };
            5 + u8::from(running.cancel.is_none()) + flush + answer
        }
        ActivityTask::Gone { .. } => 4,
        ActivityTask::Flushing(flushing) => 2 + u8::from(flushing.buffered.is_some()),
        ActivityTask::Reporting => 1,
        ActivityTask::Released => 0,
    }
}

/// What happens once in a life: each step keeps what the counts say, whatever they are.
#[must_use]
pub fn life(hypotheses: &Hypotheses<Task>) -> Proof {
    let proof = Proof::of("task-life", LIFE.to_vec()).case("new".to_owned(), || {
        let zero = Sym::literal(0);
        let counts = Counts { told: zero, reports: zero, releases: zero };
        counts.judge(&ActivityTask::Absent, || "new".to_owned());
    });
    every_turn(proof, &Task::default(), hypotheses, lived)
}

fn lived(turn: &Turn<Task>) {
    let count = |name| Sym(fresh(name));
    let before =
        Counts { told: count("told"), reports: count("reports"), releases: count("releases") };
    assume_that(|| before.agree(&turn.before).into_iter().all(|(_, agrees)| agrees));
    let one = Sym::literal(1);
    let after = match turn.step.reply {
        Ok(Some(Effect::Cancel(_))) => Counts { told: before.told + one, ..before },
        Ok(Some(Effect::Respond(_))) => Counts { reports: before.reports + one, ..before },
        Ok(Some(Effect::ReleaseSlot)) => Counts { releases: before.releases + one, ..before },
        Ok(Some(Effect::RecordActivityTaskHeartbeat { .. }) | None) | Err(_) => before,
    };
    after.judge(&turn.after, || format!("{turn}counts: {before:?}, then {after:?}"));
}

/// What a task has asked for in its life so far.
#[derive(Clone, Copy, Debug)]
struct Counts {
    told: Sym,
    reports: Sym,
    releases: Sym,
}

impl Counts {
    /// Whether each count fits the state; the names are those of the theorems.
    fn agree(&self, task: &ActivityTask<Sym, SymbolicPayload>) -> [(&'static str, bool); 3] {
        let (told, reports, releases) = match task {
            ActivityTask::Absent => (Some(0), Some(0), 0),
            ActivityTask::Running(running) => {
                (Some(i64::from(running.cancel.is_some())), Some(0), 0)
            }
            ActivityTask::Gone { .. } => (Some(1), Some(0), 0),
            ActivityTask::Flushing(_) => (None, Some(0), 0),
            ActivityTask::Reporting => (None, Some(1), 0),
            ActivityTask::Released => (None, None, 1),
        };
        [
            ("in_its_life_a_function_is_told_once", is_or_at_most_one(self.told, told)),
            ("in_its_life_a_task_reports_one_result", is_or_at_most_one(self.reports, reports)),
            ("in_its_life_a_task_releases_its_slot_once", self.releases == Sym::literal(releases)),
        ]
    }

    fn judge(&self, task: &ActivityTask<Sym, SymbolicPayload>, words: impl Fn() -> String) {
        for (theorem, agrees) in self.agree(task) {
            check(theorem, agrees, &words);
        }
    }
}

/// Whether a count is this number; where the state does not tell, whether it is none or one.
pub(super) fn is_or_at_most_one(count: Sym, known: Option<i64>) -> bool {
    match known {
        Some(known) => count == Sym::literal(known),
        None => count >= Sym::literal(0) && count <= Sym::literal(1),
    }
}
