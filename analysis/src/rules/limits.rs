//! Rules about what bounds a whole execution, and about timeouts that say nothing.

use super::case::{Case, Judge, Verdict};
use super::fix::Way;
use super::known::{Known, Setting};
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::TimeoutType;

const TOTAL: &[Field] = &[Field::ScheduleToCloseTimeout, Field::MaximumAttempts];
const WAIT: &[Field] = &[Field::ScheduleToStartTimeout, Field::ScheduleToCloseTimeout];
const RETRIED: &[Field] = &[
    Field::ScheduleToCloseTimeout,
    Field::InitialInterval,
    Field::MaximumAttempts,
    Field::NonRetryableErrorTypes,
];

pub(super) const UNBOUNDED: &[Judge] = &[Judge::new(TOTAL, TOTAL, unbounded)];
pub(super) const ONE_ATTEMPT: &[Judge] =
    &[Judge::new(&[Field::MaximumAttempts], &[Field::MaximumAttempts], one_attempt)];
pub(super) const ATTEMPTS_VS_RETRIES: &[Judge] =
    &[Judge::new(&[Field::MaximumAttempts], &[Field::MaximumAttempts], attempts_vs_retries)];
pub(super) const TASK_LOSS_STUCK: &[Judge] = &[Judge::new(WAIT, WAIT, task_loss_stuck)];
pub(super) const SCHEDULE_TO_START_TERMINAL: &[Judge] =
    &[Judge::new(WAIT, WAIT, schedule_to_start_terminal)];
pub(super) const SCHEDULE_TO_START_LONGER: &[Judge] =
    &[Judge::new(WAIT, WAIT, schedule_to_start_longer)];
pub(super) const OVERLAP_POSSIBLE: &[Judge] = &[Judge::new(RETRIED, RETRIED, overlap_possible)];
pub(super) const ZERO_MEANS_DEFAULT: &[Judge] = &[
    Judge::new(&[Field::MaximumAttempts], &[Field::MaximumAttempts], zero_attempts),
    zero(&[Field::StartToCloseTimeout]),
    zero(&[Field::ScheduleToCloseTimeout]),
    zero(&[Field::ScheduleToStartTimeout]),
    zero(&[Field::HeartbeatTimeout]),
    zero(&[Field::InitialInterval]),
    zero(&[Field::MaximumInterval]),
];

const fn zero(field: &'static [Field]) -> Judge {
    Judge::new(field, field, zero_duration)
}

fn unbounded(case: &Case<'_>) -> Option<Verdict> {
    let is_bounded = case.options.schedule_to_close_timeout().is_some()
        || case.maximum_attempts().is_some()
        || case.declared.run_timeout.is_some();
    (!is_bounded).then(|| {
        Verdict::new(
            "retries go on without end: neither maximum_attempts nor schedule_to_close_timeout \
             bounds them",
        )
        .help("set schedule_to_close_timeout if there is a time after which it is too late")
    })
}

fn one_attempt(case: &Case<'_>) -> Option<Verdict> {
    (case.maximum_attempts() == Some(1)).then(|| {
        Verdict::new(
            "nothing is retried: an attempt that fails or times out is the last, and a task that \
             a worker loses is lost for good",
        )
        .mark(Field::MaximumAttempts, "the first attempt counts")
    })
}

fn attempts_vs_retries(case: &Case<'_>) -> Option<Verdict> {
    let attempts = case.maximum_attempts().filter(|attempts| *attempts > 1)?;
    let retries = attempts - 1;
    let plural = if retries == 1 { "retry" } else { "retries" };
    let message = format!("{attempts} attempts are the first one and {retries} {plural}");
    Some(Verdict::new(message).mark(Field::MaximumAttempts, "the first attempt counts"))
}

fn task_loss_stuck(case: &Case<'_>) -> Option<Verdict> {
    let options = &case.options;
    let is_bounded = options.schedule_to_start_timeout().is_some()
        || options.schedule_to_close_timeout().is_some();
    (!is_bounded).then(|| {
        Verdict::new(
            "nothing bounds the wait for a worker: a task that nobody polls, or that is lost \
             before it starts, stays for ever",
        )
        .help("set schedule_to_close_timeout or schedule_to_start_timeout")
    })
}

fn schedule_to_start_terminal(case: &Case<'_>) -> Option<Verdict> {
    let wait = case.options.schedule_to_start_timeout()?;
    let total = case.options.schedule_to_close_timeout();
    if !case.is_given(Field::ScheduleToStartTimeout) || total.is_some_and(|total| wait >= total) {
        return None;
    }
    let message = format!(
        "a task that waits {} for a worker ends the whole execution: this timeout is never retried",
        case.duration(Field::ScheduleToStartTimeout)
    );
    let verdict = Verdict::new(message);
    Some(verdict.mark(Field::ScheduleToStartTimeout, "counts anew for every attempt"))
}

fn schedule_to_start_longer(case: &Case<'_>) -> Option<Verdict> {
    let total = case.options.schedule_to_close_timeout()?;
    let given = case.options.requested().schedule_to_start_timeout?;
    if given.whole_milliseconds() <= total {
        return None;
    }
    let message = format!(
        "schedule_to_start_timeout ({given}) is longer than schedule_to_close_timeout ({}), and a \
         server cuts it down to that",
        case.duration(Field::ScheduleToCloseTimeout)
    );
    Some(
        Verdict::new(message)
            .mark(Field::ScheduleToStartTimeout, "longer than everything together")
            .mark(Field::ScheduleToCloseTimeout, "the time for everything together")
            .fix(Field::ScheduleToStartTimeout, Way::Lower),
    )
}

fn overlap_possible(case: &Case<'_>) -> Option<Verdict> {
    let policy = case.options.retry_policy();
    let is_retried =
        policy.retries(TimeoutType::StartToClose) || policy.retries(TimeoutType::Heartbeat);
    (policy.maximum_attempts() != 1 && is_retried).then(|| {
        Verdict::new(
            "two attempts can run at once: a worker is not told that its attempt has timed out, \
             and the next one starts meanwhile",
        )
        .help("make the function idempotent, or let it stop by itself before the timeout")
    })
}

fn zero_attempts(case: &Case<'_>) -> Option<Verdict> {
    let zero = Known::Given(Setting::Number(0.0));
    (*case.assumed.get(Field::MaximumAttempts) == zero).then(|| {
        Verdict::new("maximum_attempts 0 is not none but without limit, as if it were left out")
            .mark(Field::MaximumAttempts, "without limit")
    })
}

fn zero_duration(case: &Case<'_>) -> Option<Verdict> {
    let zero = Known::Given(Setting::Duration(Nanoseconds(0)));
    let field = Field::ALL.into_iter().find(|field| *case.assumed.get(*field) == zero)?;
    let message = format!("{field} 0 is the same as leaving it out");
    Some(Verdict::new(message).mark(field, "no timeout of no time"))
}
