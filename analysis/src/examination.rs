//! Everything that can happen with one activity's options: its outcomes and their instants, the
//! promises that hold, and what of it all was left out.

use crate::scenarios::Circumstances;
use crate::waits;
use crate::zones::{
    Configuration, Ends, Explored, Judged, Reports, Stage, Stories, ends, explore, promised,
};
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::{Attempt, Span, TimeoutType};
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;
use symbolic::Verdict;

/// What came of exploring one activity's options.
#[derive(Clone, Debug)]
pub struct Examination {
    /// The options.
    pub options: ActivityOptions,
    /// What can happen, if timers are on time.
    pub explored: Explored,
    /// How it can end, and when, if timers are on time.
    pub ends: Ends,
    /// What else was looked at, if it was.
    pub thorough: Option<Thorough>,
}

/// What can happen beyond what happens by itself.
#[derive(Clone, Debug)]
pub struct Thorough {
    /// What can happen, however late timers are.
    pub late: Explored,
    /// How it can end, and when, if failures ask for any delay of their own, and the worker of a
    /// workflow reports schedule timeouts.
    pub any_reports: Ends,
    /// What holds.
    pub promises: Vec<Judged>,
}

impl Examination {
    /// Explores these options with timers that are on time, until it is cut off at the latest.
    #[must_use]
    pub fn of(
        options: &ActivityOptions,
        circumstances: &Circumstances,
        is_cut_off: &(dyn Fn() -> bool + Sync),
    ) -> Self {
        let backoff = |attempt| options.backoff(attempt);
        let configuration = configuration(options, circumstances, &backoff);
        let goes_on = |steps| steps < STEPS && !is_cut_off();
        let (explored, ends) = ends(&configuration, Stories::Untold, &goes_on);
        Examination { options: options.clone(), explored, ends, thorough: None }
    }

    /// Explores these options also with timers that are late and with workers that report whatever
    /// they may, tells a story of each end, and judges every promise.
    #[must_use]
    pub fn thorough(
        options: &ActivityOptions,
        circumstances: &Circumstances,
        is_cut_off: &(dyn Fn() -> bool + Sync),
    ) -> Self {
        let backoff = |attempt| options.backoff(attempt);
        let plain = configuration(options, circumstances, &backoff);
        let any = Configuration { reports: Reports::Any, ..plain };
        let goes_on = |steps| steps < STEPS && !is_cut_off();
        let (late, (any_reports, promises), (explored, ends)) = thread::scope(|scope| {
            let late = scope.spawn(|| explore(&plain, &goes_on));
            let others = scope.spawn(|| (ends(&any, Stories::Told, &goes_on).1, promised(&plain)));
            let on_time = ends(&plain, Stories::Told, &goes_on);
            (
                late.join().unwrap_or_else(|panic| resume_unwind(panic)),
                others.join().unwrap_or_else(|panic| resume_unwind(panic)),
                on_time,
            )
        });
        let thorough = Some(Thorough { late, any_reports, promises });
        Examination { options: options.clone(), explored, ends, thorough }
    }

    /// Whether everything was explored.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let promises = self.thorough.iter().flat_map(|it| &it.promises);
        self.unexplored() == 0 && promises.into_iter().all(|it| it.verdict != Verdict::Incomplete)
    }

    /// How many zones were found that were not explored.
    #[must_use]
    pub fn unexplored(&self) -> usize {
        let more = self.thorough.as_ref();
        self.ends.unexplored + more.map_or(0, |it| it.late.unexplored + it.any_reports.unexplored)
    }

    /// The same without late timers and other delays: of what can happen otherwise.
    #[must_use]
    pub fn left_of_the_usual(&self) -> usize {
        self.explored.unexplored.max(self.ends.unexplored)
    }

    /// How long it takes at the latest until it has ended; `None` if nothing bounds it.
    #[must_use]
    pub fn longest(&self) -> Option<Span> {
        let latest: Option<Vec<Span>> = self.ends.ends.values().map(|end| end.latest).collect();
        latest?.into_iter().max()
    }

    /// How it can end only if a failure asks for a delay of its own, or the worker of a workflow
    /// reports a schedule timeout.
    #[must_use]
    pub fn ends_of_any_reports(&self) -> BTreeSet<&str> {
        let more = self.thorough.iter().flat_map(|it| it.any_reports.ends.keys());
        more.map(String::as_str).filter(|how| !self.ends.ends.contains_key(*how)).collect()
    }

    /// How it can end only if a timer is late.
    #[must_use]
    pub fn ends_of_late_timers(&self) -> BTreeSet<&str> {
        let late = self.thorough.iter().flat_map(|it| it.late.control_states.keys());
        let outcomes = late.filter_map(|it| match &it.stage {
            Stage::Closed(how) => Some(how.as_str()),
            Stage::Scheduled { .. } | Stage::Started { .. } => None,
        });
        let sooner = self.ends_of_any_reports();
        let known = |how: &&str| self.ends.ends.contains_key(*how) || sooner.contains(how);
        outcomes.filter(|how| !known(how)).collect()
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

/// The configuration of these options in these surroundings.
fn configuration<'a>(
    options: &ActivityOptions,
    circumstances: &Circumstances,
    backoff: &'a (dyn Fn(Attempt) -> Span + Sync),
) -> Configuration<'a> {
    Configuration {
        terms: options.terms(),
        backoff,
        alike_from: waits::alike_from(options.retry_policy()),
        run_ends: circumstances.run_ends,
        reports: circumstances.next_retry_delay.map_or(Reports::Plain, Reports::Asking),
    }
}

/// Steps that are explored at most.
const STEPS: usize = 1_000_000;
