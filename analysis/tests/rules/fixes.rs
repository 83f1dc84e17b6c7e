//! The exploration, the core and what a server makes of options are asked what each fix promises: at
//! the fix it is so, and a millisecond nearer to what was given it is not. They share no verdict
//! with the rules.

use crate::heartbeats;
use crate::support::{declared, say, some_options, with};
use crate::verdicts::options;
use activity_analysis::Examination;
use activity_analysis::rules::{Declared, Fix, Fixed, Known, KnownOptions, Setting, Way};
use activity_analysis::scenarios::{Behaviour, Circumstances, Plan, Run, Stage};
use activity_analysis::zones::{Explored, Retried};
use activity_execution::ActivityOptions;
use activity_execution::options::{Change, Field, Nanoseconds, Value};
use activity_execution::vocabulary::{Span, TimeoutType};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Options to ask about, with what else is known of them.
struct Asked {
    options: ActivityOptions,
    circumstances: Circumstances,
    /// How often the function heartbeats.
    heartbeats_every: Span,
}

impl Asked {
    fn new(known: &KnownOptions, declared: &Declared, fixed: Fixed) -> Option<Self> {
        let options = options(known)?;
        let mut circumstances = Circumstances::of(&options);
        if fixed == Fixed::RunTimeout {
            circumstances.run_ends = declared.run_timeout.map(|it| it.whole_milliseconds());
        }
        let heartbeats_every = declared.heartbeats_every.unwrap_or_default().whole_milliseconds();
        Some(Asked { options, circumstances, heartbeats_every })
    }

    fn explored(&self) -> Explored {
        Examination::of(&self.options, &self.circumstances, &|| false).explored
    }

    fn run(&self, behaviour: Behaviour) -> Run {
        Stage::new(&self.options, self.circumstances).play(&Plan::all(behaviour))
    }

    fn maximum(&self) -> i64 {
        i64::from(self.options.retry_policy().maximum_attempts())
    }

    /// Whether every attempt can fall silent and is timed out by itself.
    fn is_in_full(&self) -> bool {
        let run = self.run(Behaviour::Hangs);
        run.started() == self.maximum() && run.attempts.iter().all(|it| it.cut_from.is_none())
    }

    /// Whether the end of the run keeps neither start-to-close nor schedule-to-close from taking
    /// effect and cuts no attempt; nothing if neither can take effect, whatever the run does.
    fn is_as_without_the_run(&self) -> Option<bool> {
        let circumstances = Circumstances { run_ends: None, ..self.circumstances };
        let without = Asked { options: self.options.clone(), circumstances, ..*self };
        let limited = self.maximum() > 0;
        let (with, without_run) = (self.explored().timeouts, without.explored().timeouts);
        let named = [TimeoutType::StartToClose, TimeoutType::ScheduleToClose];
        let count = named.iter().filter(|it| without_run.contains(it)).count();
        let is_cut = limited && !self.is_in_full() && without.is_in_full();
        (count == 2 || is_cut).then(|| !is_cut && named.iter().all(|it| with.contains(it)))
    }

    /// Whether an attempt goes on whose second heartbeat comes as late as it can, a millisecond
    /// before the third one is due; nothing if another timeout ends it before that.
    fn outlives_a_late_heartbeat(&self) -> Option<bool> {
        let Span(every) = self.heartbeats_every;
        let late = 3 * every - 1;
        let others =
            [Some(self.options.start_to_close_timeout()), self.options.schedule_to_close_timeout()];
        if others.into_iter().flatten().any(|it| it.0 <= late) {
            return None;
        }
        Some(heartbeats::are_taken(&self.options, [every, late]))
    }

    /// Whether a server takes this option as it is given.
    fn is_taken_as_given(&self, field: Field) -> bool {
        let changed = |it: &Change| it.field == field && it.from != Value::Unset;
        !self.options.changes().iter().any(changed)
    }

    /// Whether what a rule found is mended.
    fn is_mended(&self, rule: &str) -> Option<bool> {
        let takes_effect = |timeout| self.explored().timeouts.contains(&timeout);
        Some(match rule {
            // Who has to heartbeat within the millisecond is always late.
            "never-retries" if self.options.heartbeat_timeout() == Some(Span(1)) => return None,
            "never-retries" => {
                let retried = self.explored().retried;
                retried.iter().any(|it| matches!(it, Retried::Timeout(_)))
            }
            "backoff-exceeds-total" => self.explored().retried.contains(&Retried::Failure),
            "attempts-unreachable" => {
                let run = self.run(Behaviour::fails_at_once(&self.circumstances));
                run.started() == self.maximum()
            }
            "attempt-truncated" => self.is_in_full(),
            "run-timeout-cuts" => return self.is_as_without_the_run(),
            "heartbeat-clipped" => takes_effect(TimeoutType::Heartbeat),
            "heartbeat-too-tight" => return self.outlives_a_late_heartbeat(),
            "schedule-to-start-longer-than-total" => {
                self.is_taken_as_given(Field::ScheduleToStartTimeout)
            }
            _ => return None,
        })
    }
}

/// A few attempts, of which the time for all together may cut some.
fn cut_short() -> impl Strategy<Value = KnownOptions> {
    (1..40_i64, 2..200_i64, 1..10_i64, 2..6_i32).prop_map(|(one, total, wait, attempts)| {
        let seconds = |seconds: i64| {
            Known::Given(Setting::Duration(Nanoseconds(i128::from(seconds) * 1_000_000_000)))
        };
        KnownOptions::default()
            .with(Field::StartToCloseTimeout, seconds(one))
            .with(Field::ScheduleToCloseTimeout, seconds(total))
            .with(Field::InitialInterval, seconds(wait))
            .with(Field::MaximumAttempts, Known::Given(Setting::Number(f64::from(attempts))))
    })
}

#[test]
fn zones_and_core_agree_with_each_fix_and_not_a_millisecond_nearer() {
    let asked = RefCell::new(BTreeMap::new());
    let wrong = RefCell::new(Vec::new());
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(450) },
        proptest::test_runner::TestRng::deterministic_rng(Default::default()),
    );
    let rules = [
        "never-retries",
        "backoff-exceeds-total",
        "attempts-unreachable",
        "attempt-truncated",
        "run-timeout-cuts",
        "heartbeat-clipped",
        "heartbeat-too-tight",
        "schedule-to-start-longer-than-total",
    ];
    let outcome = runner.run(&prop_oneof![some_options(), cut_short()], |known| {
        for rule in rules {
            let Some(said) = say(rule, &known, &declared()) else { continue };
            let Some(fix) = said.fix else { continue };
            let nearer = if fix.way == Way::Raise { -1 } else { 1 };
            let ask = |fix: Fix, by: i128| {
                let (known, declared) = with(&known, declared(), fix, by);
                Asked::new(&known, &declared, fix.fixed)?.is_mended(rule)
            };
            let (Some(at), Some(less)) = (ask(fix, 0), ask(fix, nearer)) else { continue };
            *asked.borrow_mut().entry(rule).or_insert(0) += 1;
            if !at || less {
                wrong
                    .borrow_mut()
                    .push(format!("{rule}: {} {fix:?} {at} {less}\n  {known:?}", said.message));
            }
        }
        Ok(())
    });
    outcome.expect("nothing fails inside");
    let (asked, wrong) = (asked.into_inner(), wrong.into_inner());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    for rule in rules {
        assert!(asked.get(rule).is_some_and(|count| *count >= 10), "{rule}: {asked:?}");
    }
}
