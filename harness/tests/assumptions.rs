//! Systems that are not what every suite assumes, and one that forgets what it answered: each has a
//! verdict of its own.

use activity_execution::Payload;
use activity_execution::vocabulary::Span;
use activity_harness::block_on;
use activity_harness::run::{Conformed, Fault, PartVerdict, Plan, SuiteName, Unwatched, conform};
use activity_harness::seam::{
    ActivityId, ActivitySystem, Broken, Call, CoreSystem, Manifest, Told,
};
use activity_harness::suite::graded;

/// In which way the core is made wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Wrong {
    /// In none.
    Not,
    /// Every now and then, a report is not found.
    NowAndThen,
    /// A task brings the newest details of whatever activity.
    SharesDetails,
    /// A text that is not plain is not kept.
    LooksIntoTexts,
    /// Less than half a second is no time.
    RoundsTime,
    /// No timeout is longer than an hour.
    CapsTimeouts,
    /// After a crash nothing is there.
    Forgets,
}

struct System {
    core: CoreSystem,
    wrong: Wrong,
    calls: u64,
    details: Payload,
}

impl System {
    fn new(wrong: Wrong) -> Self {
        System { core: CoreSystem::new(), wrong, calls: 0, details: Payload::default() }
    }

    /// The call as this system understands it.
    fn understood(&mut self, call: &Call) -> Call {
        let mut call = call.clone();
        match (self.wrong, &mut call) {
            (Wrong::LooksIntoTexts, Call::Heartbeat { details, .. })
                if !format!("{details:?}").is_ascii() =>
            {
                *details = Payload::default();
            }
            (Wrong::CapsTimeouts, Call::Start { options, .. }) => {
                let longest = Span(3_600_000);
                let terms = &mut options.terms;
                terms.start_to_close_timeout = terms.start_to_close_timeout.min(longest);
                terms.heartbeat_timeout = terms.heartbeat_timeout.map(|it| it.min(longest));
            }
            _ => {}
        }
        if let Call::Heartbeat { details, .. } = &call {
            self.details = details.clone();
        }
        call
    }
}

impl ActivitySystem for System {
    fn manifest(&self) -> Manifest {
        self.core.manifest()
    }

    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
        self.calls += 1;
        let call = self.understood(call);
        let told = self.core.call(activity, &call).await?;
        Ok(match (self.wrong, told) {
            (Wrong::NowAndThen, Told::Done) if self.calls.is_multiple_of(997) => {
                Told::Refused("NotFound".to_owned())
            }
            (Wrong::SharesDetails, Told::Task(Some(mut task))) => {
                task.heartbeat_details = self.details.clone();
                Told::Task(Some(task))
            }
            (_, told) => told,
        })
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        match self.wrong {
            Wrong::RoundsTime if elapsed <= Span(500) => Ok(()),
            _ => self.core.pass(elapsed).await,
        }
    }

    async fn crash(&mut self) -> Result<(), Broken> {
        match self.wrong {
            Wrong::Forgets => self.core.begin_anew(true).await,
            _ => self.core.crash().await,
        }
    }

    async fn begin_anew(&mut self, durable: bool) -> Result<(), Broken> {
        self.details = Payload::default();
        self.core.begin_anew(durable).await
    }

    async fn forget(&mut self, activities: &[ActivityId]) -> Result<(), Broken> {
        self.core.forget(activities).await
    }
}

fn held(wrong: Wrong, suites: &[SuiteName]) -> Conformed {
    let plan = Plan {
        configurations: graded()[2..3].to_vec(),
        suites: suites.to_vec(),
        ..Plan::default()
    };
    let conformed = block_on(conform(&mut System::new(wrong), &plan, &[], &Unwatched));
    conformed.unwrap_or_else(|broken| panic!("{wrong:?}: {broken}"))
}

fn assumption(wrong: Wrong) -> &'static str {
    let conformed = held(wrong, &[SuiteName::Edges, SuiteName::Assumptions]);
    assert!(conformed.found.is_none(), "{wrong:?} is told as a disagreement");
    assert!(conformed.sentence.is_none(), "{wrong:?}: nothing may be said");
    let assumption = conformed.assumption.unwrap_or_else(|| panic!("{wrong:?} is not noticed"));
    assumption.holds_not
}

#[test]
fn the_core_is_what_is_assumed() {
    let conformed = held(Wrong::Not, &[SuiteName::Assumptions]);
    assert!(conformed.found.is_none() && conformed.assumption.is_none(), "{conformed:?}");
    assert_eq!(conformed.parts[0].verdict, PartVerdict::Agrees);
}

#[test]
fn a_system_that_is_not_deterministic_is_told_from_one_that_disagrees() {
    assert!(assumption(Wrong::NowAndThen).contains("not deterministic"));
}

#[test]
fn executions_that_affect_one_another_are_told_from_a_disagreement() {
    assert!(assumption(Wrong::SharesDetails).contains("executions affect one another"));
}

#[test]
fn whoever_looks_into_texts_is_noticed() {
    assert!(assumption(Wrong::LooksIntoTexts).contains("other names"));
}

#[test]
fn whoever_depends_on_the_length_of_steps_is_noticed() {
    assert!(assumption(Wrong::RoundsTime).contains("smaller steps"));
}

#[test]
fn whoever_depends_on_the_scale_of_time_is_noticed() {
    assert!(assumption(Wrong::CapsTimeouts).contains("3,600 times"));
}

#[test]
fn whoever_forgets_what_was_answered_is_found_by_a_crash() {
    let crash = [SuiteName::Faults(Fault::Crash)];
    let found = held(Wrong::Forgets, &crash).found.expect("nothing is there after a crash");
    assert_eq!(found.finding.job.fault, Fault::Crash);
    assert!(found.finding.job.sequence.len() <= 2, "{:?}", found.finding.job.sequence);
    assert!(held(Wrong::Not, &crash).found.is_none());
}

#[test]
fn whoever_caps_timeouts_is_found_by_huge_durations_and_shrunk() {
    let found = held(Wrong::CapsTimeouts, &[SuiteName::Random]).found.expect("an hour is short");
    assert!(found.finding.job.sequence.len() <= 4, "{:?}", found.finding.job.sequence);
    assert!(!found.finding.difference.allowed.is_empty());
}
