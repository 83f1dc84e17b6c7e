//! Promises about time: what is armed, from when it runs, what it does, and in which order.

use crate::vocabulary::{
    Action, Answer, Dialect, ExecutionOptions, Number, Observation, Opaque, Outcome, Phase,
    Rejection, RetryState, Span, Step, TimeoutType, Timestamp,
};

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_states, judge_states; of_states: true;
    /// A deadline is armed exactly while its timeout is set and its phase lasts.
    deadlines_are_armed_exactly_in_their_phase(terms, _before, _step, after) {
        let (waiting, started) = match after.phase {
            Phase::Scheduled { .. } => (true, false),
            Phase::Started { .. } => (false, true),
            Phase::Closed { .. } => (false, false),
        };
        let (deadlines, open) = (&after.deadlines, waiting || started);
        let total = terms.schedule_to_close_timeout.is_some();
        deadlines.schedule_to_close.is_some() == (open && total)
            && deadlines.schedule_to_start.is_some()
                == (waiting && terms.schedule_to_start_timeout.is_some())
            && deadlines.start_to_close.is_some() == started
            && deadlines.heartbeat.is_some() == (started && terms.heartbeat_timeout.is_some())
    }

    /// A timed-out execution tells a timeout that is set, with a retry state that fits it.
    a_timed_out_execution_tells_which_timeout_and_why(terms, _before, _step, after) {
        let Some(Outcome::TimedOut { timeout_type, retry_state, .. }) = after.outcome() else {
            return true;
        };
        match timeout_type {
            TimeoutType::ScheduleToStart => {
                *retry_state == RetryState::Timeout && terms.schedule_to_start_timeout.is_some()
            }
            TimeoutType::ScheduleToClose => {
                matches!(retry_state, RetryState::Timeout | RetryState::CancelRequested)
                    && terms.schedule_to_close_timeout.is_some()
            }
            TimeoutType::StartToClose => *retry_state != RetryState::Timeout,
            TimeoutType::Heartbeat => {
                *retry_state != RetryState::Timeout && terms.heartbeat_timeout.is_some()
            }
        }
    }

    /// Schedule-to-close runs once, from the first dispatch, whatever the attempts do.
    schedule_to_close_bounds_the_chain(terms, _before, _step, after) {
        match (after.deadlines.schedule_to_close, terms.schedule_to_close_timeout) {
            (Some(deadline), Some(timeout)) => {
                deadline == after.schedule_time + terms.start_delay + timeout
            }
            (Some(_), None) | (None, _) => true,
        }
    }

    /// Schedule-to-start runs from the dispatch of each attempt.
    schedule_to_start_runs_from_the_dispatch(terms, _before, _step, after) {
        let Phase::Scheduled { dispatch_time, .. } = after.phase else {
            return true;
        };
        match (after.deadlines.schedule_to_start, terms.schedule_to_start_timeout) {
            (Some(deadline), Some(timeout)) => deadline == dispatch_time + timeout,
            (Some(_), None) | (None, _) => true,
        }
    }

    /// Start-to-close runs from the start of each attempt.
    start_to_close_runs_from_the_start(terms, _before, _step, after) {
        match (after.deadlines.start_to_close, after.last_started_time) {
            (Some(deadline), Some(started)) => deadline == started + terms.start_to_close_timeout,
            (Some(_), None) | (None, _) => true,
        }
    }

    /// The heartbeat timeout runs from the last sign of life of the attempt.
    the_heartbeat_timeout_runs_from_the_last_sign_of_life(terms, _before, _step, after) {
        let armed = (after.deadlines.heartbeat, terms.heartbeat_timeout, after.last_started_time);
        let (Some(deadline), Some(timeout), Some(started)) = armed else {
            return true;
        };
        match after.last_heartbeat_time {
            Some(heartbeat) if heartbeat > started => deadline == heartbeat + timeout,
            Some(_) | None => deadline == started + timeout,
        }
    }

    /// A waiting attempt is dispatched after the start delay, or after its backoff, which is never
    /// negative, and always before schedule-to-close.
    a_waiting_attempt_is_dispatched_in_time(terms, _before, _step, after) {
        let Phase::Scheduled { dispatch_time, retry_interval } = after.phase else {
            return true;
        };
        let due = match (retry_interval, after.last_attempt_complete_time) {
            (Some(interval), Some(completed)) => completed + interval,
            (Some(_) | None, _) => after.schedule_time + terms.start_delay,
        };
        let end = terms.schedule_to_close_timeout;
        let first_dispatch_time = after.schedule_time + terms.start_delay;
        dispatch_time == due
            && (terms.dialect == Dialect::Workflow
                || retry_interval.is_none_or(|interval| interval >= Span::zero()))
            && end.is_none_or(|end| in_time(terms, dispatch_time, first_dispatch_time + end))
    }

    /// Nothing is recorded as later than now, nor in the wrong order; only a workflow's retry can
    /// have been dispatched before the attempt ended that it follows.
    recorded_instants_are_in_order(terms, _before, _step, after) {
        let first = after.schedule_time;
        let past = |instant| first <= instant && instant <= after.now;
        let recorded = first <= after.now
            && after.last_started_time.is_none_or(past)
            && after.last_attempt_complete_time.is_none_or(past)
            && after.last_heartbeat_time.is_none_or(past)
            && after.total_heartbeat_count >= N::literal(0);
        let ordered = match (&after.phase, after.last_started_time) {
            (Phase::Started { dispatch_time, .. }, Some(started)) => {
                let at_least = match terms.dialect {
                    Dialect::Standalone => *dispatch_time,
                    Dialect::Workflow => started,
                };
                *dispatch_time <= started
                    && after.last_attempt_complete_time.is_none_or(|ended| ended <= at_least)
            }
            (Phase::Closed { close_time, .. }, _) => past(*close_time),
            (Phase::Scheduled { .. } | Phase::Started { .. }, _) => true,
        };
        recorded && ordered
    }

    /// An attempt that closes the execution is complete at the close, not before its start.
    a_close_by_an_attempt_completes_it(_terms, _before, _step, after) {
        let Phase::Closed { outcome, close_time } = &after.phase else {
            return true;
        };
        match (outcome, after.last_started_time, after.last_attempt_complete_time) {
            (
                Outcome::Completed { .. } | Outcome::Failed { .. },
                Some(started),
                Some(completed),
            ) => started <= completed && completed == *close_time,
            (
                Outcome::Completed { .. }
                | Outcome::Failed { .. }
                | Outcome::Canceled { .. }
                | Outcome::Terminated { .. }
                | Outcome::TimedOut { .. },
                _,
                _,
            ) => true,
        }
    }
}

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_steps, judge_steps; of_states: false;
    /// Time alone changes nothing but the time, and nothing else makes time pass.
    only_a_tick_makes_time_pass(_terms, before, step, after) {
        match step.action {
            Action::Tick { elapsed } => {
                step.reply == Ok(Answer::Done)
                    && before.now + elapsed == after.now
                    && Observation { now: after.now, ..before.clone() } == *after
            }
            Action::Call(_) | Action::Elapses { .. } => before.now == after.now,
        }
    }

    /// No timeout takes effect before its deadline.
    no_timeout_before_its_deadline(_terms, before, step, _after) {
        match step.action {
            Action::Elapses { timeout_type, .. } if step.reply.is_ok() => {
                let deadline = before.deadlines.of(timeout_type);
                deadline.is_some_and(|deadline| deadline <= before.now)
            }
            Action::Elapses { .. } | Action::Tick { .. } | Action::Call(_) => true,
        }
    }

    /// Due deadlines take effect, the earliest first, at one instant in the order in which they
    /// were armed; in the workflow dialect in a fixed order.
    due_deadlines_are_settled_in_order(terms, before, step, _after) {
        let Action::Elapses { timeout_type, .. } = step.action else {
            return true;
        };
        let Some(deadline) = before.deadlines.of(timeout_type) else {
            return step.reply == Err(Rejection::NotDue);
        };
        let first = before.deadlines.armed().all(|(other, instant)| {
            if settled_before(terms, before, other, timeout_type) {
                deadline < instant
            } else {
                deadline <= instant
            }
        });
        if first && deadline <= before.now {
            step.reply == Ok(Answer::Done)
        } else {
            step.reply == Err(Rejection::NotDue)
        }
    }

    /// A schedule timeout closes the execution, whatever attempts are left; another timeout ends
    /// the attempt.
    a_timeout_ends_what_it_bounds(_terms, _before, step, after) {
        match step.action {
            Action::Elapses { timeout_type, .. } if step.reply.is_ok() => match timeout_type {
                TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => {
                    matches!(
                        after.outcome(),
                        Some(Outcome::TimedOut { timeout_type: told, .. }) if *told == timeout_type
                    )
                }
                TimeoutType::StartToClose | TimeoutType::Heartbeat => !after.is_started(),
            },
            Action::Elapses { .. } | Action::Tick { .. } | Action::Call(_) => true,
        }
    }

    /// The schedule-to-close deadline is never moved while the execution is open.
    schedule_to_close_is_never_moved(_terms, before, _step, after) {
        after.is_closed() || before.deadlines.schedule_to_close == after.deadlines.schedule_to_close
    }
}

// The promises of an engine that settles time before it considers a call.
crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) when_settled, judge_settled; of_states: false;
    /// A call finds time settled: nothing that was due is still waiting to take effect.
    a_call_finds_time_settled(_terms, before, step, _after) {
        match step.action {
            Action::Call(_) => before.deadlines.armed().all(|(_, instant)| before.now < instant),
            Action::Tick { .. } | Action::Elapses { .. } => true,
        }
    }

    /// No attempt starts at or after the schedule-to-close deadline.
    no_attempt_starts_after_schedule_to_close(_terms, before, _step, after) {
        before.is_started()
            || !after.is_started()
            || after.deadlines.schedule_to_close.is_none_or(|end| after.now < end)
    }

    /// A task that a worker holds after a call is not overdue: it was reported, or time took it.
    a_started_task_is_reported_or_times_out(_terms, _before, step, after) {
        match step.action {
            Action::Call(_) if after.is_started() => {
                after.deadlines.armed().all(|(_, instant)| after.now < instant)
            }
            Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => true,
        }
    }
}

/// Whether a dispatch at `dispatch_time` is in time for a chain that ends at `end`.
pub(super) fn in_time<N: Number>(
    terms: &ExecutionOptions<N>,
    dispatch_time: Timestamp<N>,
    end: Timestamp<N>,
) -> bool {
    match terms.dialect {
        Dialect::Standalone => dispatch_time < end,
        Dialect::Workflow => dispatch_time <= end,
    }
}

/// Whether `one` is settled before `other`, both being due at one instant.
fn settled_before<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    execution: &Observation<N, P>,
    one: TimeoutType,
    other: TimeoutType,
) -> bool {
    let retried = matches!(execution.phase, Phase::Scheduled { retry_interval: Some(_), .. });
    match (terms.dialect, one, other) {
        (Dialect::Workflow, TimeoutType::StartToClose, other) => other != TimeoutType::StartToClose,
        (Dialect::Workflow, _, TimeoutType::StartToClose) => false,
        (Dialect::Standalone, TimeoutType::ScheduleToClose, TimeoutType::ScheduleToStart) => {
            retried
        }
        (Dialect::Standalone, TimeoutType::ScheduleToStart, TimeoutType::ScheduleToClose) => {
            !retried
        }
        (Dialect::Standalone | Dialect::Workflow, one, other) => one < other,
    }
}
