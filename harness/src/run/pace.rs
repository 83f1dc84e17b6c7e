//! How durations are played on a real clock: each shorter by a few margins, so that no deadline is
//! near a call or near another deadline, and what comes first in steps comes first in milliseconds.

use crate::alphabet::Setting;
use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span};

/// By how many margins each duration is shorter, and how many margins make a step.
///
/// Calls are made at whole steps. Where deadlines are due at the same step, or one is compared with
/// a dispatch at it, the one that the specification puts first is shorter by more margins. A wait
/// that begins where another one ends is shorter by those of both.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Pace {
    schedule_to_close: i64,
    schedule_to_start: i64,
    start_to_close: i64,
    heartbeat: i64,
    start_delay: i64,
    backoff: i64,
    /// How many margins a step has.
    parts: i64,
}

/// The setting as it is played on a real clock, and the margin: how far every call is away from
/// every deadline, and every deadline from every other one that matters.
#[must_use]
pub(super) fn paced(setting: Setting) -> (Setting, Span) {
    let pace = Pace::of(&setting.terms);
    let margin = setting.step.0 / pace.parts;
    let short = |span: Span, by: i64| {
        if span > Span(0) { Span(span.0 - by * margin) } else { span }
    };
    let mut terms = setting.terms;
    terms.schedule_to_close_timeout =
        terms.schedule_to_close_timeout.map(|it| short(it, pace.schedule_to_close));
    terms.schedule_to_start_timeout =
        terms.schedule_to_start_timeout.map(|it| short(it, pace.schedule_to_start));
    terms.start_to_close_timeout = short(terms.start_to_close_timeout, pace.start_to_close);
    terms.heartbeat_timeout = terms.heartbeat_timeout.map(|it| short(it, pace.heartbeat));
    terms.start_delay = short(terms.start_delay, pace.start_delay);
    let backoff = short(setting.backoff, pace.backoff);
    let next_retry_delay = short(setting.next_retry_delay, pace.backoff);
    (Setting { terms, backoff, next_retry_delay, step: setting.step }, Span(margin))
}

impl Pace {
    fn of(terms: &ExecutionOptions) -> Self {
        match terms.dialect {
            Dialect::Standalone => Pace::standalone(terms),
            Dialect::Workflow => Pace::of_workflow(terms),
        }
    }

    /// At one step: schedule-to-close, then start-to-close, then heartbeat; schedule-to-start
    /// before schedule-to-close on the first attempt and after it on all others, where the two
    /// differ. A retry that would be dispatched exactly at schedule-to-close is refused.
    fn standalone(terms: &ExecutionOptions) -> Self {
        let [heartbeat, start_delay] =
            [terms.heartbeat_timeout.is_some(), terms.start_delay > NONE].map(i64::from);
        let (start_to_close, backoff) = (heartbeat + 1, 1);
        let retry = retry(terms, start_to_close, heartbeat, backoff);
        let (is_bounded, is_same) = queue(terms);
        let waits = if is_bounded && !is_same && retry > 0 { retry + 1 } else { retry };
        let total = match terms.schedule_to_close_timeout {
            Some(_) => start_to_close.max(waits) + 1,
            None => 0,
        };
        let schedule_to_close = (total - start_delay).max(0);
        let schedule_to_start = if is_same { schedule_to_close + 1 } else { 1 };
        let first = if is_bounded { start_delay + schedule_to_start } else { start_delay };
        let deepest = start_to_close.max(waits).max(total).max(first);
        Pace {
            schedule_to_close,
            schedule_to_start,
            start_to_close,
            heartbeat,
            start_delay,
            backoff,
            parts: deepest + 1,
        }
    }

    /// At one step: start-to-close, then schedule-to-start, then schedule-to-close, then heartbeat.
    /// A retry that would be dispatched exactly at schedule-to-close is not refused.
    fn of_workflow(terms: &ExecutionOptions) -> Self {
        let heartbeat = i64::from(terms.heartbeat_timeout.is_some());
        let schedule_to_close = match terms.schedule_to_close_timeout {
            Some(_) => heartbeat + 1,
            None => 0,
        };
        let start_to_close = schedule_to_close.max(heartbeat) + 1;
        let (backoff, schedule_to_start) = (schedule_to_close + 1, schedule_to_close + 1);
        let retry = retry(terms, start_to_close, heartbeat, backoff);
        let (is_bounded, is_same) = queue(terms);
        let waits = match (is_bounded, is_same) {
            (false, _) => retry,
            (true, false) => retry + schedule_to_start,
            // No later wait for a worker is over before schedule-to-close.
            (true, true) => retry.max(retry + schedule_to_start - schedule_to_close),
        };
        let deepest = start_to_close.max(waits).max(schedule_to_start);
        Pace {
            schedule_to_close,
            schedule_to_start,
            start_to_close,
            heartbeat,
            start_delay: 0,
            backoff,
            parts: deepest + 1,
        }
    }
}

/// By how many margins a retry is dispatched earlier, at most.
fn retry(terms: &ExecutionOptions, start_to_close: i64, heartbeat: i64, backoff: i64) -> i64 {
    if terms.maximum_attempts == Some(Attempt(1)) {
        return 0;
    }
    let by_start_to_close = if terms.retries_start_to_close { start_to_close } else { 0 };
    let by_heartbeat = if terms.retries_heartbeat { heartbeat } else { 0 };
    by_start_to_close.max(by_heartbeat) + backoff
}

/// Whether each wait for a worker is bounded, and whether it is by as much as the whole.
fn queue(terms: &ExecutionOptions) -> (bool, bool) {
    let wait = terms.schedule_to_start_timeout;
    (wait.is_some(), wait.is_some() && wait == terms.schedule_to_close_timeout)
}

const NONE: Span = Span(0);

#[cfg(test)]
mod tests {
    use super::super::plan::{Plan, terms};
    use super::super::play::{Activities, Play, Played, Unwatched};
    use super::super::sample;
    use super::super::{Fault, Job, Logged};
    use super::*;
    use crate::alphabet::{Capabilities, Capability, Configuration};
    use crate::block_on;
    use crate::machine::Explicit;
    use crate::seam::{
        ActivityId, ActivitySystem, Broken, Call, Command, CoreSystem, Manifest, SystemClock, Told,
    };
    use crate::suite::{Dice, Walks, graded};
    use std::sync::Arc;

    /// The core, of which each call comes late by less than the margin.
    struct Late {
        core: CoreSystem,
        /// By how much at most, and by how much the last call.
        margin: i64,
        late: i64,
        dice: Dice,
    }

    impl ActivitySystem for Late {
        fn manifest(&self) -> Manifest {
            self.core.manifest()
        }

        async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
            let command = Command { activity, call: call.clone() };
            Ok(self.calls(&[command]).await?.remove(0))
        }

        async fn calls(&mut self, commands: &[Command]) -> Result<Vec<Told>, Broken> {
            let room = usize::try_from(self.margin - self.late).expect("it is not over");
            let more = i64::try_from(self.dice.below(room.max(1))).expect("a margin is short");
            self.late += more;
            self.core.pass(Span(more)).await?;
            self.core.calls(commands).await
        }

        async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
            let left = Span(elapsed.0 - self.late);
            self.late = 0;
            self.core.pass(left).await
        }
    }

    const STEP: i64 = 1_000;

    fn real() -> Manifest {
        let clock = SystemClock::Real { step: Span(STEP), lateness: Span(0) };
        Manifest { clock, ..CoreSystem::new().manifest() }
    }

    /// Walks through a configuration, as they are played by this clock.
    fn jobs(configuration: &Configuration, manifest: &Manifest) -> Vec<Job> {
        let can = Capabilities::all().without(Capability::RepeatedPoll);
        let inputs = configuration.alphabet(can);
        let explicit =
            Explicit::of(configuration, &inputs, manifest.observes).expect("it is small");
        let walks = Walks::new(explicit.minimal().mealy(), 60, 7);
        let job = |word: Vec<u8>| Job {
            configuration: Arc::from(configuration.name.as_str()),
            terms: terms(configuration, manifest),
            sequence: word.into_iter().map(|symbol| inputs[usize::from(symbol)]).collect(),
            fault: Fault::None,
            can: manifest.can,
            seen: 0,
        };
        walks.take(40).map(job).collect()
    }

    fn played(system: &mut impl ActivitySystem, jobs: Vec<Job>) -> Played {
        let play = Play { width: 1, keeps: true, ..Play::default() };
        let mut names = Activities::default();
        block_on(play.all(system, &mut names, jobs, &Unwatched)).expect("the core answers")
    }

    fn told(played: &Played) -> Vec<Vec<Logged>> {
        sample::logs(played, true, |number| number).into_iter().map(|(_, log)| log).collect()
    }

    #[test]
    fn what_is_paced_does_what_it_does_in_whole_steps() {
        for configuration in graded() {
            let virtually = jobs(&configuration, &CoreSystem::new().manifest());
            let (whole, paced) = (virtually, jobs(&configuration, &real()));
            let whole = played(&mut CoreSystem::new(), whole);
            let paced = played(&mut CoreSystem::new(), paced);
            assert!(paced.findings.is_empty() && !paced.several);
            for (whole, paced) in told(&whole).into_iter().zip(told(&paced)) {
                assert_eq!(whole, paced, "{}", configuration.name);
            }
        }
    }

    #[test]
    fn calls_that_are_late_by_less_than_the_margin_change_nothing() {
        for configuration in graded() {
            let (margin, core) = (margin(&configuration), CoreSystem::new());
            let mut late = Late { core, margin, late: 0, dice: Dice::new(1) };
            let played = played(&mut late, jobs(&configuration, &real()));
            let found = played.findings.first();
            assert!(found.is_none(), "{}: {found:#?}", configuration.name);
            assert!(!played.several);
        }
    }

    #[test]
    fn calls_that_are_late_by_two_margins_are_not_judged_right() {
        let found = graded().iter().any(|configuration| {
            let (margin, core) = (2 * margin(configuration), CoreSystem::new());
            let mut late = Late { core, margin, late: 0, dice: Dice::new(1) };
            !played(&mut late, jobs(configuration, &real())).findings.is_empty()
        });
        assert!(found, "the margin could be twice as wide");
    }

    fn margin(configuration: &Configuration) -> i64 {
        paced(configuration.setting(STEP)).1.0
    }

    #[test]
    fn fewer_options_leave_wider_margins() {
        let parts = |place: usize| STEP / margin(&Plan::default().configurations[place]);
        // One attempt alone, attempts that are retried, and everything at once.
        assert_eq!((parts(1), parts(0), parts(3), parts(4)), (2, 3, 4, 6));
    }
}
