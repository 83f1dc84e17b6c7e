//! Rules about attempts: which can start, which are cut short, and when there are no more.

use super::case::{Case, Judge, Silent, Verdict, milliseconds_text, silent, span_text};
use super::fix::{Way, least};
use super::known::{Known, KnownOptions, LONGEST, MILLISECOND, Setting};
use super::{Severity, fix::Fixed};
use crate::Backoffs;
use crate::backoffs::Ending;
use activity_execution::ActivityOptions;
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::{Span, TimeoutType};

/// What the waits between attempts follow from, and how many there may be.
const CHAIN: &[Field] = &[
    Field::ScheduleToCloseTimeout,
    Field::InitialInterval,
    Field::BackoffCoefficient,
    Field::MaximumInterval,
    Field::MaximumAttempts,
];

/// The same, and what ends a single attempt.
const SILENT_CHAIN: &[Field] = &[
    Field::StartToCloseTimeout,
    Field::ScheduleToCloseTimeout,
    Field::HeartbeatTimeout,
    Field::InitialInterval,
    Field::BackoffCoefficient,
    Field::MaximumInterval,
    Field::MaximumAttempts,
    Field::NonRetryableErrorTypes,
];

/// The same, as far as it has to be known.
const KNOWN_CHAIN: &[Field] = &[
    Field::StartToCloseTimeout,
    Field::ScheduleToCloseTimeout,
    Field::InitialInterval,
    Field::BackoffCoefficient,
    Field::MaximumInterval,
    Field::MaximumAttempts,
];

pub(super) const NEVER_RETRIES: &[Judge] = &[Judge::new(
    &[
        Field::StartToCloseTimeout,
        Field::ScheduleToCloseTimeout,
        Field::HeartbeatTimeout,
        Field::InitialInterval,
        Field::MaximumAttempts,
        Field::NonRetryableErrorTypes,
    ],
    &[Field::StartToCloseTimeout, Field::ScheduleToCloseTimeout],
    never_retries,
)];

pub(super) const ATTEMPTS_UNREACHABLE: &[Judge] = &[Judge::new(CHAIN, CHAIN, unreachable)];

pub(super) const ATTEMPT_TRUNCATED: &[Judge] = &[Judge::new(SILENT_CHAIN, KNOWN_CHAIN, truncated)];

pub(super) const BACKOFF_EXCEEDS_TOTAL: &[Judge] = &[Judge::new(
    &[Field::ScheduleToCloseTimeout, Field::InitialInterval, Field::MaximumAttempts],
    &[Field::ScheduleToCloseTimeout, Field::InitialInterval],
    backoff_exceeds_total,
)];

pub(super) const GIVES_UP_EARLY: &[Judge] = &[Judge::new(CHAIN, CHAIN, gives_up_early)];

pub(super) const RUN_TIMEOUT_CUTS: &[Judge] =
    &[Judge::new(SILENT_CHAIN, KNOWN_CHAIN, run_timeout_cuts)];

pub(super) const WORST_CASE: &[Judge] = &[Judge::new(SILENT_CHAIN, SILENT_CHAIN, worst_case)];

fn never_retries(case: &Case<'_>) -> Option<Verdict> {
    let options = &case.options;
    options.schedule_to_close_timeout()?;
    let policy = options.retry_policy();
    let attempt = options.start_to_close_timeout();
    // One that is not shorter never takes effect.
    let heartbeat = options.heartbeat_timeout().filter(|it| *it < attempt);
    let heartbeat = heartbeat.map(|it| (it, TimeoutType::Heartbeat));
    let start_to_close = (attempt, TimeoutType::StartToClose);
    let retried = [Some(start_to_close), heartbeat].into_iter().flatten();
    let retried: Vec<_> = retried.filter(|(_, timeout)| policy.retries(*timeout)).collect();
    let has_time = |(lasts, _): &(Span, TimeoutType)| starts_again(options, *lasts);
    if policy.maximum_attempts() == 1 || retried.is_empty() || retried.iter().any(has_time) {
        return None;
    }
    let total = case.duration(Field::ScheduleToCloseTimeout);
    let is_given = case.is_given(Field::StartToCloseTimeout);
    let why = if is_given {
        let one = case.duration(Field::StartToCloseTimeout);
        format!(
            "start_to_close_timeout ({one}) leaves no time for a retry before \
             schedule_to_close_timeout ({total})"
        )
    } else {
        format!(
            "without start_to_close_timeout one attempt may take all of \
             schedule_to_close_timeout ({total})"
        )
    };
    let verdict = Verdict::new(format!("an attempt that times out is never retried: {why}"))
        .severity(severity(case))
        .mark(Field::ScheduleToCloseTimeout, "the time for all attempts together")
        .mark(Field::StartToCloseTimeout, "the time for one attempt")
        .mark(Field::MaximumAttempts, "only failures that are reported use them");
    Some(match is_given {
        true => in_full_help(case, verdict).fix(Field::ScheduleToCloseTimeout, Way::Raise),
        false => verdict.fix(Field::StartToCloseTimeout, Way::Lower),
    })
}

/// Whether a second attempt can start if the first one takes so long.
fn starts_again(options: &ActivityOptions, lasts: Span) -> bool {
    let attempts = Backoffs::lasting(options, lasts);
    attempts.starts.len() > 1 || attempts.then.is_some()
}

/// An error if more attempts are asked for, a warning if they are the default.
fn severity(case: &Case<'_>) -> Severity {
    let is_asked = case.known.is_given(Field::MaximumAttempts);
    if is_asked { Severity::Error } else { Severity::Warning }
}

/// How long it has to be for all attempts to have their time.
fn in_full_help(case: &Case<'_>, verdict: Verdict) -> Verdict {
    let Some(attempts) = case.maximum_attempts().filter(|_| is_fully_known(case)) else {
        return verdict;
    };
    let given = case.options.schedule_to_close_timeout().unwrap_or(Span(0));
    let total = least(i128::from(given.0), LONGEST / MILLISECOND, |total| {
        with_total(&case.assumed, total).is_some_and(|options| is_in_full(&options))
    });
    match total {
        Some(total) => verdict.help(format!(
            "schedule_to_close_timeout of {} or more gives all {attempts} attempts their full time",
            milliseconds_text(total)
        )),
        None => verdict,
    }
}

fn is_fully_known(case: &Case<'_>) -> bool {
    SILENT_CHAIN.iter().all(|field| case.known.is_known(*field))
}

/// The same options with another schedule-to-close timeout, in milliseconds.
fn with_total(known: &KnownOptions, milliseconds: i128) -> Option<ActivityOptions> {
    let total = Known::Given(Setting::Duration(Nanoseconds(milliseconds * MILLISECOND)));
    known.clone().with(Field::ScheduleToCloseTimeout, total).requested().build().ok()
}

/// Whether every attempt that the policy allows can fall silent and be timed out by itself.
fn is_in_full(options: &ActivityOptions) -> bool {
    let maximum = i64::from(options.retry_policy().maximum_attempts());
    let Some(silent) = silent(options) else { return true };
    match silent.attempts.last() {
        Some(last) => {
            let end = last.earliest + i128::from(silent.lasts.0);
            last.attempt >= maximum && deadline(options).is_none_or(|deadline| end <= deadline)
        }
        // Without end, or farther than is looked at.
        None => true,
    }
}

/// When schedule-to-close takes effect.
fn deadline(options: &ActivityOptions) -> Option<i128> {
    let total = options.schedule_to_close_timeout()?;
    Some(i128::from(options.start_delay().0) + i128::from(total.0))
}

fn unreachable(case: &Case<'_>) -> Option<Verdict> {
    let maximum = case.maximum_attempts()?;
    let attempts = Backoffs::of(&case.options);
    let last = attempts.last()?;
    let Ending::ScheduleToClose { .. } = attempts.ending else { return None };
    if last.attempt >= maximum {
        return None;
    }
    let total = case.duration(Field::ScheduleToCloseTimeout);
    let message = format!(
        "{} can never start: even if each attempt fails at once, waits use up \
         schedule_to_close_timeout ({total})",
        numbered(last.attempt + 1, maximum)
    );
    let verdict = Verdict::new(message)
        .mark(Field::MaximumAttempts, format!("only {} can start", last.attempt))
        .mark(Field::ScheduleToCloseTimeout, "the time for all attempts and waits together")
        .fix(Field::ScheduleToCloseTimeout, Way::Raise);
    Some(
        verdict.help(format!("or set maximum_attempts to {}, which is what happens", last.attempt)),
    )
}

fn truncated(case: &Case<'_>) -> Option<Verdict> {
    let (maximum, total) = (case.maximum_attempts()?, deadline(&case.options)?);
    let silent = case.silent()?;
    let last = silent.attempts.last()?;
    if is_in_full(&case.options) || !is_retried(case) {
        return None;
    }
    let left = total - last.earliest;
    let is_cut = left < i128::from(silent.lasts.0);
    let cut = is_cut.then(|| {
        let (number, lasts) = (last.attempt, span_text(silent.lasts));
        format!(
            "attempt {number} of {maximum} is cut short to {} of {lasts}",
            milliseconds_text(left)
        )
    });
    let missing = (last.attempt < maximum)
        .then(|| format!("{} cannot start", numbered(last.attempt + 1, maximum)));
    let parts: Vec<String> = cut.into_iter().chain(missing).collect();
    let message = format!("if every attempt {}, {}", ends(&silent), parts.join(", and "));
    let verdict = Verdict::new(message)
        .mark(Field::ScheduleToCloseTimeout, "the time for all attempts and waits together")
        .mark(field(silent.timeout), "how long each of them takes");
    Some(verdict.fix(Field::ScheduleToCloseTimeout, Way::Raise))
}

/// Whether a timeout is retried at all: what is not is another rule's.
fn is_retried(case: &Case<'_>) -> bool {
    case.silent().is_some_and(|silent| starts_again(&case.options, silent.lasts))
}

/// How an attempt ends in such a chain.
fn ends(silent: &Silent) -> &'static str {
    match silent.timeout {
        TimeoutType::Heartbeat => "falls silent",
        TimeoutType::StartToClose | TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => {
            "hangs"
        }
    }
}

fn field(timeout: TimeoutType) -> Field {
    match timeout {
        TimeoutType::ScheduleToStart => Field::ScheduleToStartTimeout,
        TimeoutType::ScheduleToClose => Field::ScheduleToCloseTimeout,
        TimeoutType::StartToClose => Field::StartToCloseTimeout,
        TimeoutType::Heartbeat => Field::HeartbeatTimeout,
    }
}

fn numbered(first: i64, last: i64) -> String {
    if first == last { format!("attempt {last}") } else { format!("attempts {first} to {last}") }
}

fn backoff_exceeds_total(case: &Case<'_>) -> Option<Verdict> {
    let total = case.options.schedule_to_close_timeout()?;
    let wait = case.options.retry_policy().initial_interval();
    if case.options.retry_policy().maximum_attempts() == 1 || starts_again(&case.options, Span(0)) {
        return None;
    }
    let message = format!(
        "nothing is ever retried: the first wait ({}) is not shorter than \
         schedule_to_close_timeout ({})",
        span_text(wait),
        span_text(total)
    );
    let verdict = Verdict::new(message)
        .severity(severity(case))
        .mark(Field::InitialInterval, "the wait after the first attempt")
        .mark(Field::ScheduleToCloseTimeout, "the time for all attempts and waits together");
    Some(verdict.fix(Field::ScheduleToCloseTimeout, Way::Raise))
}

fn gives_up_early(case: &Case<'_>) -> Option<Verdict> {
    let attempts = Backoffs::of(&case.options);
    let Ending::ScheduleToClose { next, deadline } = attempts.ending else { return None };
    let last = attempts.last()?;
    let left = deadline - last.earliest;
    let total = i128::from(case.options.schedule_to_close_timeout()?.0);
    if last.attempt < 2 || left * 100 < total * i128::from(case.thresholds.gives_up_early) {
        return None;
    }
    let message = format!(
        "attempts that fail at once are given up {} after the first, {} before \
         schedule_to_close_timeout ({}): the next wait ({}) does not fit",
        milliseconds_text(last.earliest),
        milliseconds_text(left),
        case.duration(Field::ScheduleToCloseTimeout),
        milliseconds_text(next - last.earliest)
    );
    Some(
        Verdict::new(message)
            .mark(Field::ScheduleToCloseTimeout, "not used up")
            .mark(Field::MaximumInterval, "how long waits may become")
            .help("lower maximum_interval, so that further attempts fit"),
    )
}

fn run_timeout_cuts(case: &Case<'_>) -> Option<Verdict> {
    let run = case.declared.run_timeout.filter(|run| run.0 > 0)?.whole_milliseconds();
    // At the same instant the run ends.
    let is_cut = |field: Field, effective: Option<Span>| {
        effective.filter(|it| *it >= run && case.is_given(field)).map(|it| (field, it))
    };
    let options = &case.options;
    let total = options.schedule_to_close_timeout();
    let cut_off = is_cut(Field::StartToCloseTimeout, Some(options.start_to_close_timeout()))
        .or_else(|| is_cut(Field::ScheduleToCloseTimeout, total));
    if let Some((field, timeout)) = cut_off {
        let message = format!(
            "{field} ({}) never takes effect: the workflow ends after {}",
            span_text(timeout),
            span_text(run)
        );
        let verdict = Verdict::new(message).mark(field, "no shorter than the workflow may run");
        return Some(Verdict { fix: Some((Fixed::RunTimeout, Way::Raise)), ..verdict });
    }
    let maximum = case.maximum_attempts()?;
    let within = total.map_or(run, |total| total.min(run));
    let mut requested = case.assumed.requested();
    requested.workflow_run_timeout = Some(run.into());
    let cut = requested.build().ok()?;
    if !is_in_full(options) || is_in_full(&cut) {
        return None;
    }
    let silent = silent(&cut)?;
    let last = silent.attempts.last()?;
    let message = format!(
        "the workflow ends after {} and cuts its activity: if every attempt {}, attempt {} of \
         {maximum} has {} of {}",
        span_text(run),
        ends(&silent),
        last.attempt,
        milliseconds_text((i128::from(within.0) - last.earliest).min(silent.lasts.0.into())),
        span_text(silent.lasts)
    );
    let verdict = Verdict::new(message)
        .mark(field(silent.timeout), "how long each attempt takes")
        .mark(Field::MaximumAttempts, "more than the workflow has time for");
    Some(Verdict { fix: Some((Fixed::RunTimeout, Way::Raise)), ..verdict })
}

fn worst_case(case: &Case<'_>) -> Option<Verdict> {
    let examination = crate::Examination::of(
        &case.options,
        &crate::scenarios::Circumstances::of(&case.options),
        &|| false,
    );
    let message = match examination.longest() {
        Some(longest) => format!("at the worst it takes {} until it ends", span_text(longest)),
        None if examination.is_complete() => "nothing bounds how long it can take".to_owned(),
        None => "how long it can take is too much to explore".to_owned(),
    };
    Some(Verdict::new(message))
}
