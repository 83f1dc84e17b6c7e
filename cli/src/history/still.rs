//! What can still happen to an activity that is open, in plain sentences and as a list of outcomes.
//! Says what the search found, and what follows from the options alone; searches nothing.

use activity_analysis::history::{Doing, Still};
use activity_analysis::words::{duration, timeout};
use activity_execution::PendingActivityState;
use activity_execution::history::RecordedActivity;
use activity_execution::options::ActivityOptions;
use activity_execution::vocabulary::{Attempt, Dialect, Span, TimeoutType};
use activity_models::story::wrap;
use std::fmt::Write as _;

/// Writes it, counted from the last instant that is known.
pub(super) fn can_still(text: &mut String, activity: &RecordedActivity, still: &Still) {
    let since = match still.doing {
        Doing::Runs(attempt) => format!("attempt {attempt} was last heard of"),
        Doing::Waits(attempt) => format!("attempt {attempt} could be dispatched"),
        Doing::Unknown => "something was recorded last".to_owned(),
    };
    let _ = writeln!(text, "    what can still happen, counted from when {since}");
    let options = activity.scheduled.as_ref().and_then(|it| it.options.as_ref().ok());
    let told = options.map(|options| Told::of(options, activity, still).sentences());
    for line in told.iter().flatten().flat_map(|sentence| wrap(sentence, WIDTH)) {
        let _ = writeln!(text, "      {line}");
    }
    let width = still.ends.keys().map(|how| how.chars().count()).max().unwrap_or(0);
    for (how, when) in &still.ends {
        let _ = writeln!(text, "      {how:<width$}  {}", between(*when));
    }
    if !still.is_complete {
        let _ = writeln!(text, "      not everything was explored");
    }
}

/// From when to when, in words.
fn between((earliest, latest): (Span, Option<Span>)) -> String {
    match latest {
        None if earliest <= Span(0) => "at any time".to_owned(),
        None => format!("from {} on", duration(earliest)),
        Some(latest) if latest == earliest => format!("at {}", duration(latest)),
        Some(latest) if earliest <= Span(0) => format!("until {}", duration(latest)),
        Some(latest) => format!("{} to {}", duration(earliest), duration(latest)),
    }
}

/// What the sentences are about.
struct Told<'a> {
    options: &'a ActivityOptions,
    still: &'a Still,
    is_paused: bool,
    is_cancel_requested: bool,
    /// When it was scheduled, where that is known.
    began: Option<Span>,
    /// When schedule-to-close ends it, where that is known.
    deadline: Option<Span>,
}

impl<'a> Told<'a> {
    fn of(options: &'a ActivityOptions, activity: &RecordedActivity, still: &'a Still) -> Self {
        let pending = activity.pending.as_ref();
        let asked = Some(PendingActivityState::CancelRequested);
        let from = |time: i64| Span((time - still.since).div_euclid(NANOSECONDS));
        let began = activity.scheduled.as_ref().and_then(|it| it.time).filter(|it| *it > 0);
        let total = options.schedule_to_close_timeout();
        let total = total.map(|total| Span(total.0 + options.start_delay().0));
        let of_chain = began.zip(total).map(|(began, total)| Span(from(began).0 + total.0));
        Told {
            options,
            still,
            is_paused: pending.is_some_and(|it| it.is_paused),
            is_cancel_requested: !activity.cancel_requests.is_empty()
                || pending.is_some_and(|it| it.state == asked),
            began: began.map(from),
            deadline: pending.and_then(|it| it.expiration_time).map(from).or(of_chain),
        }
    }

    fn sentences(&self) -> Vec<String> {
        let mut told = Vec::new();
        match self.still.doing {
            Doing::Waits(attempt) => {
                if self.is_paused {
                    told.push("it is paused: no attempt starts until it is unpaused".to_owned());
                } else {
                    let from = duration(self.still.next_attempt.unwrap_or(Span(0)));
                    told.push(format!(
                        "attempt {attempt} starts as soon as a worker polls, from {from} on"
                    ));
                    told.push(self.without_a_worker());
                }
                told.extend(self.if_it_dies(attempt, self.still.next_attempt));
                told.push(format!("if attempt {attempt} fails: {}", self.after(attempt, None)));
            }
            Doing::Runs(attempt) => {
                if let Some(unnoticed) = self.still.unnoticed {
                    told.push(format!(
                        "if its worker is dead, that is noticed at {}; {}",
                        duration(unnoticed),
                        self.after(attempt, Some(unnoticed))
                    ));
                }
                told.push(format!("if attempt {attempt} fails: {}", self.after(attempt, None)));
            }
            Doing::Unknown => {
                // Once it is over, a first attempt was taken.
                let queue = self.options.schedule_to_start_timeout().zip(self.began);
                if queue.is_none_or(|(queue, began)| began.0 + queue.0 > 0) {
                    told.push(self.without_a_worker());
                }
                let (how, silence) = self.silence();
                told.push(format!(
                    "if the worker of an attempt dies, that is noticed {} after its last sign of \
                     life ({how})",
                    duration(silence)
                ));
            }
        }
        let terms = self.options.terms();
        let is_bounded = terms.maximum_attempts.is_some()
            || terms.schedule_to_close_timeout.is_some()
            || self.still.run_ends.is_some()
            || self.is_cancel_requested;
        if !is_bounded {
            told.push(
                "nothing bounds the attempts: it goes on until one completes, fails for good, or a \
                 cancel reaches it"
                    .to_owned(),
            );
        }
        if let Some(ends) = self.still.run_ends {
            let ends = duration(ends);
            told.push(format!("the run of the workflow ends at {ends}, and everything with it"));
        }
        told
    }

    /// What happens if nobody polls.
    fn without_a_worker(&self) -> String {
        let dispatch = self.still.next_attempt.or(self.began).unwrap_or(Span(0));
        let queue = self.options.schedule_to_start_timeout();
        let queue = queue.map(|queue| (Span(dispatch.0 + queue.0), TimeoutType::ScheduleToStart));
        let total = self.deadline.map(|at| (at, TimeoutType::ScheduleToClose));
        let first = queue.into_iter().chain(total).min_by_key(|(at, _)| *at);
        match (first, self.still.run_ends) {
            (Some((at, way)), ends) if ends.is_none_or(|ends| at < ends) => format!(
                "if no worker polls: {} is over at {}, and it times out for good",
                timeout(way),
                duration(at)
            ),
            (_, Some(_)) => "if no worker polls: it waits until the workflow run ends".to_owned(),
            _ if self.options.schedule_to_close_timeout().is_some() => {
                "if no worker polls: it waits until schedule-to-close is over".to_owned()
            }
            _ => "if no worker polls: it waits for ever, for neither schedule-to-start nor \
                 schedule-to-close is set"
                .to_owned(),
        }
    }

    /// What ends a silent attempt, and after how long.
    fn silence(&self) -> (&'static str, Span) {
        let whole = (timeout(TimeoutType::StartToClose), self.options.start_to_close_timeout());
        let silent = self.options.heartbeat_timeout();
        let silent = silent.map(|silent| (timeout(TimeoutType::Heartbeat), silent));
        silent.filter(|(_, silent)| *silent < whole.1).unwrap_or(whole)
    }

    fn if_it_dies(&self, attempt: i64, dispatch: Option<Span>) -> Option<String> {
        let (how, silence) = self.silence();
        let at = Span(dispatch?.0 + silence.0);
        Some(format!(
            "if the worker of attempt {attempt} dies: noticed {} after its last sign of life ({how}); \
             {}",
            duration(silence),
            self.after(attempt, Some(at))
        ))
    }

    /// What follows an attempt that failed, or timed out at this instant at the earliest.
    fn after(&self, attempt: i64, timed_out: Option<Span>) -> String {
        let terms = self.options.terms();
        let is_retried = match (timed_out, self.silence().0 == timeout(TimeoutType::Heartbeat)) {
            (None, _) => true,
            (Some(_), true) => terms.retries_heartbeat,
            (Some(_), false) => terms.retries_start_to_close,
        };
        let backoff = self.options.backoff(Attempt(attempt));
        let again = Span(timed_out.unwrap_or(Span(0)).0 + backoff.0);
        if self.is_cancel_requested {
            "it ends, for nothing is retried after a cancel request".to_owned()
        } else if !is_retried {
            "it ends, for such a timeout is not retried".to_owned()
        } else if terms.maximum_attempts.is_some_and(|maximum| attempt >= maximum.0) {
            match attempt {
                1 => "it ends, for there is one attempt only".to_owned(),
                last => format!("it ends, for attempt {last} is the last"),
            }
        } else if self.deadline.is_some_and(|deadline| match self.options.dialect() {
            Dialect::Standalone => again >= deadline,
            Dialect::Workflow => again > deadline,
        }) {
            let backoff = duration(backoff);
            format!("it ends, for a backoff of {backoff} leaves no time before schedule-to-close")
        } else {
            format!("attempt {} follows {} later", attempt + 1, duration(backoff))
        }
    }
}

const NANOSECONDS: i64 = 1_000_000;
const WIDTH: usize = 90;
