//! What can and can never happen, in plain sentences, from the zones of everything that can happen.
//! Looks at no scenario.

use super::{Explanation, hanging};
use crate::words::{duration, timeout};
use crate::zones::{Attempts, Retried, StaysOpen};
use activity_execution::vocabulary::{Dialect, Span, TimeoutType};
use activity_execution::worker::HeartbeatThrottle;

/// Something that holds whatever happens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fact {
    /// For programs, `timeout_never_retried` for one.
    pub id: &'static str,
    /// In plain words.
    pub text: String,
    /// How it should be taken.
    pub tone: Tone,
}

impl Fact {
    /// The sentence as lines of a list.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        hanging("· ", &self.text)
    }
}

/// How a fact should be taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Hardly anybody wants it so.
    Surprising,
    /// So it is.
    Plain,
}

/// Every fact, the most surprising first.
pub(super) fn facts(explanation: &Explanation) -> Vec<Fact> {
    let knows = Knows { explanation };
    if let Some(cut_off) = knows.cut_off() {
        // What was not seen may still happen: only what does not rest on it is said.
        let seen = [
            knows.one_attempt(),
            knows.open_for_ever(),
            knows.late_heartbeat(),
            knows.overlap(),
            knows.schedule_to_start(),
            knows.heartbeat_details(),
        ];
        return [Some(cut_off)].into_iter().chain(seen).flatten().collect();
    }
    let all = [
        knows.one_attempt(),
        knows.retries(),
        knows.never_starts(),
        knows.failures(),
        knows.worst_case(),
        knows.dead_worker(),
        knows.late_heartbeat(),
        knows.cancel(),
        knows.overlap(),
        knows.schedule_to_start(),
        knows.in_vain(),
        knows.heartbeat_details(),
    ];
    all.into_iter().flatten().collect()
}

struct Knows<'a> {
    explanation: &'a Explanation,
}

impl Knows<'_> {
    fn can_be_retried(&self, how: Retried) -> bool {
        self.explanation.examination.explored.retried.contains(&how)
    }

    fn takes_effect(&self, timeout_type: TimeoutType) -> bool {
        self.explanation.examination.explored.timeouts.contains(&timeout_type)
    }

    fn maximum(&self) -> i64 {
        i64::from(self.explanation.options().retry_policy().maximum_attempts())
    }

    /// What ends the chain before its attempts are used, and when.
    fn bound(&self) -> Option<String> {
        let options = self.explanation.options();
        let total = options.schedule_to_close_timeout();
        match (self.explanation.circumstances.run_ends, total) {
            (Some(ends), Some(total)) if total < ends => {
                Some(format!("schedule-to-close ({})", duration(total)))
            }
            (Some(ends), _) => Some(format!("the end of the workflow run (at {})", duration(ends))),
            (None, Some(total)) => Some(format!("schedule-to-close ({})", duration(total))),
            (None, None) => None,
        }
    }

    fn cut_off(&self) -> Option<Fact> {
        let left = self.explanation.examination.left_of_the_usual();
        (left > 0).then(|| {
            let left = i64::try_from(left).unwrap_or(i64::MAX);
            let text = format!(
                "Not everything could be explored ({} left), so nothing is said here of what cannot \
                 happen; and more can happen than is said.",
                counted(left, "zone is", "zones are")
            );
            surprising("incomplete", text)
        })
    }

    fn one_attempt(&self) -> Option<Fact> {
        (self.maximum() == 1).then(|| {
            let text = "There is one attempt. Whether it fails or times out, it is not retried; what its \
                        function reports after a timeout is refused.";
            surprising("one_attempt", text.to_owned())
        })
    }

    /// Whether attempts that time out are retried.
    fn retries(&self) -> Option<Fact> {
        if self.maximum() == 1 {
            return None;
        }
        let options = self.explanation.options();
        let start_to_close = Retried::Timeout(TimeoutType::StartToClose);
        let heartbeat = Retried::Timeout(TimeoutType::Heartbeat);
        if self.can_be_retried(start_to_close) {
            return None;
        }
        let stc = duration(options.start_to_close_timeout());
        let bound = self.bound().unwrap_or_default();
        let why = if !self.takes_effect(TimeoutType::StartToClose) {
            format!("{bound} ends it and everything, no later than start-to-close ({stc})")
        } else if options.terms().retries_start_to_close {
            format!("it times out at {stc}, and {bound} leaves no time for another")
        } else {
            "non_retryable_error_types names TemporalTimeout:StartToClose".to_owned()
        };
        if self.can_be_retried(heartbeat) {
            let text = format!(
                "An attempt that hangs but heartbeats is never retried: {why}. A silent one is: its \
                 heartbeat timeout ends it sooner."
            );
            return Some(surprising("timeout_never_retried", text));
        }
        let text = format!(
            "An attempt that hangs, or whose worker dies, is never retried: {why}.{}",
            if self.can_be_retried(Retried::Failure) { " Only a failure is." } else { "" }
        );
        Some(surprising("never_retries", text))
    }

    /// The attempts that the policy allows and time does not.
    fn never_starts(&self) -> Option<Fact> {
        let Attempts::AtMost(most) = self.explanation.examination.explored.attempts else {
            return None;
        };
        let maximum = self.maximum();
        if maximum == 0 {
            let text = format!(
                "At most {} before {}.",
                counted(most, "attempt can start", "attempts can start"),
                self.bound().unwrap_or_default()
            );
            return Some(plain("attempts_in_time", text));
        }
        (most < maximum).then(|| {
            let which = match maximum - most {
                1 => format!("Attempt {maximum} can never start"),
                _ => format!("Attempts {} to {maximum} can never start", most + 1),
            };
            let bound = self.bound().unwrap_or_default();
            surprising(
                "attempts_unreachable",
                format!("{which}: their waits alone are longer than {bound}."),
            )
        })
    }

    fn failures(&self) -> Option<Fact> {
        let is_retried = self.can_be_retried(Retried::Failure);
        (self.maximum() != 1 && !is_retried).then(|| {
            let wait = match self.explanation.circumstances.next_retry_delay {
                Some(asked) => format!("the wait that it asks for ({})", duration(asked)),
                None => {
                    let first = self.explanation.options().retry_policy().initial_interval();
                    format!("the first wait ({})", duration(first))
                }
            };
            let start_to_close = Retried::Timeout(TimeoutType::StartToClose);
            let either = if self.can_be_retried(start_to_close) { "" } else { " either" };
            let text = format!(
                "A failure is never retried{either}: {wait} does not end before {}.",
                self.bound().unwrap_or_default()
            );
            surprising("failure_never_retried", text)
        })
    }

    /// How it can stay open for ever, if it can.
    fn open_for_ever(&self) -> Option<Fact> {
        let how = self.explanation.examination.explored.stays_open.iter().map(|how| match how {
            StaysOpen::Waiting => {
                "while no worker takes the task (no schedule-to-start, no schedule-to-close: a lost \
                 task is never noticed)"
            }
            StaysOpen::Retrying => {
                "while attempts fail or time out (no maximum_attempts, no schedule-to-close)"
            }
        });
        let how: Vec<_> = how.collect();
        (!how.is_empty()).then(|| {
            let text = format!("It can stay open for ever: {}.", how.join(", and "));
            surprising("unbounded", text)
        })
    }

    fn worst_case(&self) -> Option<Fact> {
        let unbounded = self.open_for_ever();
        if unbounded.is_some() {
            return unbounded;
        }
        let examination = &self.explanation.examination;
        match (examination.longest(), self.explanation.circumstances.run_ends) {
            (Some(longest), Some(ends)) if longest == ends => Some(plain(
                "worst_case",
                format!(
                    "It is over after {} at the latest, with the workflow run.",
                    duration(ends)
                ),
            )),
            (Some(longest), _) => Some(plain(
                "worst_case",
                format!("It is over after {} at the latest.", duration(longest)),
            )),
            (None, _) => {
                Some(plain("worst_case", "It is over some day, without a limit.".to_owned()))
            }
        }
    }

    fn dead_worker(&self) -> Option<Fact> {
        let options = self.explanation.options();
        let attempt = options.start_to_close_timeout();
        let text = match options.heartbeat_timeout() {
            Some(heartbeat) if self.takes_effect(TimeoutType::Heartbeat) => format!(
                "A dead worker, or a function that does not heartbeat, is noticed {} after its last sign \
                 of life.",
                duration(heartbeat)
            ),
            Some(_) => format!(
                "A dead worker is noticed only after {}: the heartbeat timeout tells no sooner.",
                self.first_end(attempt)
            ),
            None => format!(
                "A dead worker is noticed only after {}: there is no heartbeat timeout.",
                self.first_end(attempt)
            ),
        };
        Some(plain("dead_worker", text))
    }

    /// What ends a silent attempt first.
    fn first_end(&self, attempt: Span) -> String {
        if self.takes_effect(TimeoutType::StartToClose) {
            format!("start-to-close ({})", duration(attempt))
        } else {
            self.bound().unwrap_or_else(|| format!("start-to-close ({})", duration(attempt)))
        }
    }

    fn cancel(&self) -> Option<Fact> {
        let options = self.explanation.options();
        let circumstances = &self.explanation.circumstances;
        let idle = if self.maximum() == 1 {
            "A cancel closes it at once while no attempt runs"
        } else {
            "A cancel closes it at once while no attempt runs: in a backoff, the retry never runs"
        };
        let timeout = options.heartbeat_timeout();
        let every = circumstances.heartbeats_sent(timeout);
        let in_time = every.filter(|every| timeout.is_none_or(|timeout| *every < timeout));
        let Some(every) = in_time else {
            let attempt = options.start_to_close_timeout();
            let (why, end) = match timeout {
                Some(timeout) => (
                    match every {
                        Some(_) => "which is timed out before it heartbeats",
                        None => "which does not heartbeat",
                    },
                    format!("its heartbeat timeout ({})", duration(timeout)),
                ),
                None => (
                    "since without a heartbeat timeout nothing makes it heartbeat",
                    self.first_end(attempt),
                ),
            };
            let text = format!(
                "{idle}. It cannot reach a running attempt, {why}: that runs to its end, or to {end}."
            );
            return Some(surprising("cancel_undeliverable", text));
        };
        let why = self.why_so_often(every, timeout);
        let text = format!(
            "{idle}. A running attempt learns of it from the reply to a heartbeat, up to {} later \
             ({why}){}; without heartbeats it never does.",
            duration(every),
            self.if_it_runs(every)
        );
        Some(plain("cancel_latency", text))
    }

    /// Why a worker sends heartbeats so far apart.
    fn why_so_often(&self, every: Span, timeout: Option<Span>) -> String {
        let circumstances = &self.explanation.circumstances;
        let throttle = circumstances.throttle.interval(timeout);
        match timeout {
            Some(timeout) if every == throttle => {
                let max_heartbeat_throttle_interval = timeout;
                let unbounded =
                    HeartbeatThrottle { max_heartbeat_throttle_interval, ..circumstances.throttle };
                let share = unbounded.interval(Some(timeout));
                if share > throttle {
                    format!(
                        "a worker sends one every {} at most: 0.8 × {} = {}, but never more than \
                         max_heartbeat_throttle_interval, {}",
                        duration(every),
                        duration(timeout),
                        duration(share),
                        duration(throttle)
                    )
                } else {
                    format!("a worker sends one every 0.8 × {} at most", duration(timeout))
                }
            }
            Some(_) | None if circumstances.heartbeats_every == Some(every) => {
                "so often the function heartbeats".to_owned()
            }
            Some(_) => "a worker sends one so often at most".to_owned(),
            None => "without a heartbeat timeout a worker sends one in \
                     default_heartbeat_throttle_interval at most"
                .to_owned(),
        }
    }

    /// What else it takes that a heartbeat is answered, if an attempt may be over before it.
    fn if_it_runs(&self, every: Span) -> String {
        let attempt = self.explanation.options().start_to_close_timeout();
        if every < attempt {
            return String::new();
        }
        format!(", if it still runs then: start-to-close is {}", duration(attempt))
    }

    fn overlap(&self) -> Option<Fact> {
        let types = [TimeoutType::StartToClose, TimeoutType::Heartbeat];
        let any = types.into_iter().any(|it| self.can_be_retried(Retried::Timeout(it)));
        any.then(|| {
            plain(
                "overlap",
                "Attempts can overlap: the function of one that timed out may still run when the next \
                 starts."
                    .to_owned(),
            )
        })
    }

    fn schedule_to_start(&self) -> Option<Fact> {
        let wait = self.explanation.options().schedule_to_start_timeout()?;
        self.takes_effect(TimeoutType::ScheduleToStart).then(|| {
            let text = format!(
                "A task that no worker takes for {} ends it (schedule-to-start), without a retry.",
                duration(wait)
            );
            plain("schedule_to_start", text)
        })
    }

    /// Where it is known how often the function heartbeats, and one that is missing is too many.
    fn late_heartbeat(&self) -> Option<Fact> {
        let circumstances = &self.explanation.circumstances;
        circumstances.heartbeats_every?;
        let timeout = self.explanation.options().heartbeat_timeout()?;
        let every = circumstances.heartbeats_sent(Some(timeout))?;
        // At the very instant the timeout is due first.
        if i128::from(timeout.0) > 2 * i128::from(every.0) {
            return None;
        }
        let (sent, silence) = (duration(every), duration(timeout));
        let text = if every < timeout {
            let slack = duration(Span(timeout.0 - every.0));
            format!(
                "One heartbeat that is lost, or more than {slack} late, ends an attempt that is well: \
                 they come every {sent}, and after {silence} it counts as dead."
            )
        } else {
            format!(
                "An attempt that takes longer than {silence} is timed out although it is well: it \
                 heartbeats every {sent} only."
            )
        };
        Some(surprising("late_heartbeat", text))
    }

    fn heartbeat_details(&self) -> Option<Fact> {
        let timeout = self.explanation.options().heartbeat_timeout();
        let every = self.explanation.circumstances.heartbeats_sent(timeout)?;
        if timeout.is_some_and(|timeout| every >= timeout) {
            return None;
        }
        let most = every.min(self.explanation.options().start_to_close_timeout());
        let is_retried = !self.explanation.examination.explored.retried.is_empty();
        is_retried.then(|| {
            let text = format!(
                "The next attempt is given the details of the last heartbeat that was sent; what came \
                 after it, up to {} of work, is lost with a worker.",
                duration(most)
            );
            plain("heartbeat_details", text)
        })
    }

    fn in_vain(&self) -> Option<Fact> {
        let in_vain = self.explanation.examination.timeouts_in_vain();
        let requested = self.explanation.options().requested();
        let asked = |it: &TimeoutType| match it {
            TimeoutType::ScheduleToStart => requested.schedule_to_start_timeout.is_some(),
            TimeoutType::ScheduleToClose => requested.schedule_to_close_timeout.is_some(),
            TimeoutType::StartToClose => requested.start_to_close_timeout.is_some(),
            TimeoutType::Heartbeat => requested.heartbeat_timeout.is_some(),
        };
        let names: Vec<_> = in_vain.into_iter().filter(asked).map(timeout).collect();
        (!names.is_empty()).then(|| {
            let verb = if names.len() == 1 { "never takes" } else { "never take" };
            let first = match self.explanation.options().dialect() {
                _ if self.explanation.circumstances.run_ends.is_some() => {
                    "something else is due first"
                }
                Dialect::Standalone | Dialect::Workflow => "another timeout is always due first",
            };
            surprising("in_vain", format!("{} {verb} effect: {first}.", names.join(" and ")))
        })
    }
}

fn surprising(id: &'static str, text: String) -> Fact {
    Fact { id, text, tone: Tone::Surprising }
}

fn plain(id: &'static str, text: String) -> Fact {
    Fact { id, text, tone: Tone::Plain }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
