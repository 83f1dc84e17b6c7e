//! Everything that can happen with one activity's options: its outcomes and their instants, the
//! promises that hold, and what of it all was left out.

use crate::waits;
use crate::zones::{Configuration, Ends, Explored, Judged, Stage, ends, explore, promised};
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::{Dialect, Span, TimeoutType};
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;
use symbolic::Verdict;

/// What came of exploring one activity's options.
#[derive(Clone, Debug)]
pub struct Examination {
    /// The options.
    pub options: ActivityOptions,
    /// What can happen, however late timers are.
    pub explored: Explored,
    /// How it can end, and when, if timers are on time.
    pub ends: Ends,
    /// What holds.
    pub promises: Vec<Judged>,
}

impl Examination {
    /// Explores these options, until it is cut off at the latest.
    #[must_use]
    pub fn of(options: &ActivityOptions, is_cut_off: &(dyn Fn() -> bool + Sync)) -> Self {
        let backoff = |attempt| options.backoff(attempt);
        let configuration = Configuration {
            terms: options.terms(),
            backoff: &backoff,
            alike_from: waits::alike_from(options.retry_policy()),
        };
        let goes_on = |steps| steps < STEPS && !is_cut_off();
        let (explored, ends, promises) = thread::scope(|scope| {
            let explored = scope.spawn(|| explore(&configuration, &goes_on));
            let (ends, promises) = (ends(&configuration, &goes_on), promised(&configuration));
            (explored.join().unwrap_or_else(|panic| resume_unwind(panic)), ends, promises)
        });
        Examination { options: options.clone(), explored, ends, promises }
    }

    /// Whether everything was explored.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unexplored() == 0 && self.promises.iter().all(|it| it.verdict != Verdict::Incomplete)
    }

    /// What a worker can do that is not explored.
    #[must_use]
    pub fn left_out(&self) -> Vec<&'static str> {
        let delay = "next_retry_delay: every retry waits its backoff";
        let timeout = "a schedule timeout that a worker reports as its failure";
        let can_retry = self.options.retry_policy().maximum_attempts() != 1;
        let of_workflow = self.options.dialect() == Dialect::Workflow;
        [can_retry.then_some(delay), of_workflow.then_some(timeout)].into_iter().flatten().collect()
    }

    /// How many zones were found that were not explored.
    #[must_use]
    pub fn unexplored(&self) -> usize {
        self.explored.unexplored + self.ends.unexplored
    }

    /// How many zones and outcomes were found.
    #[must_use]
    pub fn states(&self) -> usize {
        self.explored.control_states.values().map(|zones| (*zones).max(1)).sum()
    }

    /// How long it takes at the latest until it has ended; `None` if nothing bounds it.
    #[must_use]
    pub fn longest(&self) -> Option<Span> {
        self.ends.ends.values().map(|end| end.latest).max().flatten()
    }

    /// How it can end only if a timer is late.
    #[must_use]
    pub fn ends_of_late_timers(&self) -> BTreeSet<&str> {
        let outcomes = self.explored.control_states.keys().filter_map(|it| match &it.stage {
            Stage::Closed(how) => Some(how.as_str()),
            Stage::Scheduled { .. } | Stage::Started { .. } => None,
        });
        outcomes.filter(|how| !self.ends.ends.contains_key(*how)).collect()
    }

    /// Timeouts that are set and that no execution runs into.
    #[must_use]
    pub fn timeouts_in_vain(&self) -> Vec<TimeoutType> {
        let terms = self.options.terms();
        let is_set = |timeout_type| match timeout_type {
            TimeoutType::ScheduleToStart => terms.schedule_to_start_timeout.is_some(),
            TimeoutType::ScheduleToClose => terms.schedule_to_close_timeout.is_some(),
            TimeoutType::StartToClose => true,
            TimeoutType::Heartbeat => terms.heartbeat_timeout.is_some(),
        };
        let happens = |timeout_type| self.explored.timeouts.contains(&timeout_type);
        TimeoutType::ALL.into_iter().filter(|it| is_set(*it) && !happens(*it)).collect()
    }
}

/// Steps that are explored at most.
const STEPS: usize = 1_000_000;
