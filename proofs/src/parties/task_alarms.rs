//! The alarms of a task: which goes off, which is named, which never overflows.

use super::party::every_case;
use super::task::is_past;
use super::{Hypotheses, Party, Task, TaskPhase, TaskWord, Turn, task_any};
use crate::any::instant;
use crate::number::Sym;
use crate::payload::SymbolicPayload;
use crate::theorem::Proof;
use crate::theorems::{LONGEST, suppose_between, theorems};
use activity_execution::vocabulary::{Number, Span, Timestamp};
use activity_execution::worker::{
    ActivityTask, HeartbeatCall, LocalTimer, TaskAction, TaskOptions, TaskRejection,
};
use symbolic::{assume_le, assume_that, check, literal, within};

theorems! { ALARMS:
    /// If no alarm is due, none that goes off has an effect.
    without_an_alarm_that_is_due_nothing_fires
    /// The deadline of a task is its earliest alarm; at one instant, the first in the order of all.
    the_deadline_of_a_task_is_its_earliest_alarm
    /// The alarm that is named has its effect when its time has come, however late it goes off.
    the_alarm_that_is_named_goes_off
    /// An alarm that has gone off is not set again for the same instant: twice does no harm, and
    /// nothing spins.
    an_alarm_that_went_off_is_not_due_again
}

theorems! { OVERFLOW:
    /// Inside the limits no addition overflows, neither of a task nor of the promises about it:
    /// durations up to `LONGEST`, instants within `TASK_CLOCK_LIMIT` of the origin.
    no_addition_of_a_task_overflows
    /// A step at an instant inside the limits does not lead out of them.
    a_task_keeps_the_limits
}

/// About the alarms of every task with terms that a worker can have.
#[must_use]
pub fn alarms(hypotheses: &Hypotheses<Task>) -> Proof {
    let proof = Proof::of("task-alarms", ALARMS.to_vec());
    TaskPhase::ALL.into_iter().fold(proof, |proof, phase| {
        let hypotheses = hypotheses.clone();
        proof.case(format!("{phase:?}"), move || alarm(&hypotheses, phase))
    })
}

fn alarm(hypotheses: &Hypotheses<Task>, phase: TaskPhase) {
    let terms = task_any::terms();
    assume_that(|| terms.are_normal());
    let task = task_any::task(hypotheses, &terms, phase);
    let now = instant("now");
    let words = || format!("{terms:?}\n{task:?}\nat {now:?}: {:?}", task.deadline(&terms));

    let deadline = task.deadline(&terms);
    let all = LocalTimer::ALL.map(|timer| (timer, task.due(&terms, timer)));
    let set = || all.iter().filter_map(|&(timer, due)| due.map(|due| (timer, due)));
    let is_earliest = match deadline {
        None => set().next().is_none(),
        Some((first, named)) => set().all(|(timer, due)| match timer {
            _ if timer == named => due == first,
            _ if timer < named => first < due,
            _ => first <= due,
        }),
    };
    check("the_deadline_of_a_task_is_its_earliest_alarm", is_earliest, words);

    if deadline.is_none_or(|(first, _)| now < first) {
        let silent = LocalTimer::ALL.into_iter().all(|timer| {
            let (step, _) = Task::default().step_at(&terms, &task, now, TaskAction::Elapses(timer));
            step.reply == Err(TaskRejection::NotDue)
        });
        check("without_an_alarm_that_is_due_nothing_fires", silent, words);
    } else if let Some((_, named)) = deadline {
        let action = TaskAction::Elapses(named);
        let (step, after) = Task::default().step_at(&terms, &task, now, action);
        let fires = step.reply.is_ok() && after != task;
        check("the_alarm_that_is_named_goes_off", fires, words);
        let (again, _) = Task::default().step_at(&terms, &after, now, action);
        let spent = again.reply == Err(TaskRejection::NotDue)
            && after.due(&terms, named).is_none_or(|due| due > now);
        check("an_alarm_that_went_off_is_not_due_again", spent, words);
    }
}

/// How far from the origin an instant of a worker's task may be: a timeout and its buffer fit.
pub const TASK_CLOCK_LIMIT: i64 = i64::MAX - LONGEST - LONGEST;

/// About every step inside the limits.
#[must_use]
pub fn overflow(hypotheses: &Hypotheses<Task>) -> Proof {
    overflow_within(hypotheses, -TASK_CLOCK_LIMIT, TASK_CLOCK_LIMIT)
}

/// The same with other limits of the clock.
#[must_use]
pub fn overflow_within(hypotheses: &Hypotheses<Task>, earliest: i64, latest: i64) -> Proof {
    let clock = [earliest, latest];
    let proof = Proof::of("task-overflow", OVERFLOW.to_vec());
    let assumed = |phase, _| hypotheses.of_phase(phase);
    every_case(proof, Task::PHASES, assumed, move |hypotheses, phase, word| {
        in_bounds(hypotheses, phase, word, clock);
    })
}

fn in_bounds(hypotheses: &Hypotheses<Task>, phase: TaskPhase, word: TaskWord, clock: [i64; 2]) {
    let terms = task_any::terms();
    assume_that(|| terms.are_normal());
    suppose_short(&terms);
    let before = task_any::task(hypotheses, &terms, phase);
    let now = instant("now");
    instants(&before).chain([now]).for_each(|it| suppose_between(it, clock));
    assume_that(|| is_past(&before, now));
    let action = task_any::action(word);
    let (turn, deadline) = within(literal(i64::MIN), literal(i64::MAX), || {
        let (step, after) = Task::default().step_at(&terms, &before, now, action);
        let turn: Turn<Task> = Turn { terms, before, step, after };
        // What holds of a state was judged when the state was reached.
        let same = before == after;
        let promises = Task::promises();
        let mut judged = promises.iter().filter(|promise| !promise.of_states || !same);
        assert!(judged.all(|promise| turn.keeps(promise, hypotheses)), "{turn}");
        (turn, after.deadline(&terms))
    });
    let kept = instants(&turn.after).all(|it| {
        it >= Timestamp(Sym::literal(clock[0])) && it <= Timestamp(Sym::literal(clock[1]))
    });
    check("a_task_keeps_the_limits", kept, || format!("{turn}{deadline:?}"));
}

/// What a task remembers.
fn instants(
    task: &ActivityTask<Sym, SymbolicPayload>,
) -> impl Iterator<Item = Timestamp<Sym>> + use<> {
    let instants = match task {
        ActivityTask::Running(running) => {
            let sent = match running.call {
                HeartbeatCall::NotSent => None,
                HeartbeatCall::InFlight { sent_time } | HeartbeatCall::Returned { sent_time } => {
                    Some(sent_time)
                }
            };
            [Some(running.delivered_time), Some(running.recorded_time), sent]
        }
        ActivityTask::Flushing(flushing) => [Some(flushing.sent_time), None, None],
        ActivityTask::Absent
        | ActivityTask::Gone { .. }
        | ActivityTask::Reporting
        | ActivityTask::Released => [None; 3],
    };
    instants.into_iter().flatten()
}

pub(super) fn suppose_at_most(span: Span<Sym>, limit: i64) {
    assume_le(span.0.0, literal(0), limit);
}

fn suppose_short(terms: &TaskOptions<Sym>) {
    let timeouts = [terms.start_to_close_timeout, terms.heartbeat_timeout];
    timeouts.into_iter().flatten().for_each(|timeout| suppose_at_most(timeout, LONGEST));
    suppose_at_most(terms.local_timeout_buffer, LONGEST);
    suppose_at_most(terms.heartbeat_throttle_interval, LONGEST);
    suppose_at_most(terms.heartbeat_call_timeout, LONGEST);
}
