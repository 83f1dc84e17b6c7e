//! What teams may claim of their options in tests: each holds, or fails with the explanation.
//! Judges what was explored and played; computes nothing.

use super::Explanation;
use crate::scenarios::Run;
use crate::words::{duration, instant};
use crate::zones::{Attempts, Retried};
use activity_execution::vocabulary::{Span, TimeoutType};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Why a claim about options does not hold, with the explanation of the options.
#[derive(Clone, Eq, PartialEq)]
pub struct Otherwise(String);

type Claim = Result<(), Otherwise>;

impl Explanation {
    /// A failure that may be retried is: another attempt can follow one that failed.
    ///
    /// # Errors
    /// If it is not so.
    pub fn a_failure_is_retried(&self) -> Claim {
        let retried = self.examination.explored.retried.contains(&Retried::Failure);
        self.claim(retried, || "no attempt can follow one that failed".to_owned())
    }

    /// The worker of the first attempt dies, and another attempt follows.
    ///
    /// # Errors
    /// If it is not so.
    pub fn a_crash_is_retried(&self) -> Claim {
        let run = self.run("worker_dies");
        let retried = run.is_some_and(|run| run.attempts.len() > 1);
        self.claim(retried, || "no attempt follows one whose worker died".to_owned())
    }

    /// An attempt that hangs until start-to-close is followed by another one.
    ///
    /// # Errors
    /// If it is not so.
    pub fn a_timeout_is_retried(&self) -> Claim {
        let timeout = Retried::Timeout(TimeoutType::StartToClose);
        let retried = self.examination.explored.retried.contains(&timeout);
        self.claim(retried, || "no attempt can follow one that ran into start-to-close".to_owned())
    }

    /// Every attempt that the policy allows can start; without a maximum, any number.
    ///
    /// # Errors
    /// If it is not so.
    pub fn every_attempt_can_start(&self) -> Claim {
        let maximum = i64::from(self.options().retry_policy().maximum_attempts());
        match self.examination.explored.attempts {
            Attempts::AtMost(most) => self.claim(most == maximum, || {
                format!("only {most} of {maximum} attempts can start")
                    .replace("of 0 attempts", "of unlimited attempts")
            }),
            Attempts::AsManyAsTimeAllows | Attempts::WithoutEnd => Ok(()),
        }
    }

    /// No attempt that hangs is cut short of start-to-close by something else.
    ///
    /// # Errors
    /// If it is not so.
    pub fn no_attempt_is_cut_short(&self) -> Claim {
        let hangs = self.run("every_attempt_hangs");
        let cut = hangs.into_iter().flat_map(|run| &run.attempts).find(|it| it.cut_from.is_some());
        self.claim(cut.is_none(), || {
            let (attempt, ran) = cut.map_or((1, 0), |it| (it.attempt, it.ran().unwrap_or(0)));
            format!("attempt {attempt} gets only {}", instant(ran))
        })
    }

    /// Whatever happens, it is over after so long.
    ///
    /// # Errors
    /// If it is not so, or could not be explored to the end.
    pub fn is_over_within(&self, limit: Duration) -> Claim {
        let limit = span(limit);
        if !self.examination.is_complete() {
            return self.claim(false, || "not everything could be explored".to_owned());
        }
        match self.examination.longest() {
            Some(longest) => self.claim(longest <= limit, || {
                format!("it can take {}, not {} at most", duration(longest), duration(limit))
            }),
            None => self.claim(false, || "it can stay open for ever".to_owned()),
        }
    }

    /// As long as workers poll, it is over after so long, in each scenario.
    ///
    /// # Errors
    /// If it is not so.
    pub fn is_over_within_while_workers_poll(&self, limit: Duration) -> Claim {
        let limit = i128::from(span(limit).0);
        let polled = |id: &str| !["nobody_polls", "worker_dies_no_other"].contains(&id);
        for scenario in self.scenarios.iter().filter(|it| polled(it.id)) {
            let total = scenario.run.total();
            self.claim(total.is_some_and(|total| total <= limit), || {
                let takes = total.map_or("no end".to_owned(), instant);
                format!("if {}, it takes {takes}, not {} at most", scenario.title, instant(limit))
            })?;
        }
        Ok(())
    }

    /// A function that heartbeats learns of a cancel request after so long at the latest.
    ///
    /// # Errors
    /// If it is not so, or nothing asks the function to heartbeat.
    pub fn a_cancel_is_noticed_within(&self, limit: Duration) -> Claim {
        let limit = i128::from(span(limit).0);
        let cancel = self.run("cancel_heartbeating").and_then(|run| run.cancel);
        let latency = cancel.and_then(|cancel| cancel.latency());
        self.claim(latency.is_some_and(|latency| latency <= limit), || match latency {
            Some(latency) => format!(
                "a cancel can take {} to be noticed, not {} at most",
                instant(latency),
                instant(limit)
            ),
            None => {
                "a cancel cannot reach the running attempt, which does not heartbeat".to_owned()
            }
        })
    }

    /// The service notices after so long at the latest that a worker is dead.
    ///
    /// # Errors
    /// If it is not so.
    pub fn a_dead_worker_is_noticed_within(&self, limit: Duration) -> Claim {
        let limit = span(limit);
        let noticed = self.run("worker_dies").and_then(Run::noticed_after);
        self.claim(noticed.is_some_and(|noticed| noticed <= limit), || match noticed {
            Some(noticed) => format!(
                "a dead worker is noticed only after {}, not after {} at most",
                duration(noticed),
                duration(limit)
            ),
            None => "a dead worker is never noticed".to_owned(),
        })
    }

    fn run(&self, id: &str) -> Option<&Run> {
        self.scenario(id).map(|it| &it.run)
    }

    fn claim(&self, holds: bool, otherwise: impl FnOnce() -> String) -> Claim {
        if holds { Ok(()) } else { Err(Otherwise(format!("{}\n\n{self}", otherwise()))) }
    }
}

impl fmt::Display for Otherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The same as for people: it is what a test prints that fails.
impl fmt::Debug for Otherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Otherwise {}

fn span(limit: Duration) -> Span {
    Span(i64::try_from(limit.as_millis()).unwrap_or(i64::MAX))
}
