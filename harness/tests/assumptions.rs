//! Systems that are not what every suite assumes, and one that forgets what it answered: each has a
//! verdict of its own.

use activity_execution::Payload;
use activity_execution::vocabulary::Span;
use activity_harness::alphabet::{Capabilities, Capability};
use activity_harness::block_on;
use activity_harness::run::{Conformed, Fault, PartVerdict, Plan, SuiteName, Unwatched, conform};
use activity_harness::seam::{
    ActivityId, ActivitySystem, Broken, Call, CoreSystem, Manifest, RequestName, Told,
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
    /// What is due waits until somebody looks.
    WaitsForLooks,
}

struct System {
    core: CoreSystem,
    wrong: Wrong,
    calls: u64,
    details: Payload,
    /// How much time it has not noticed.
    unnoticed: Span,
}

impl System {
    fn new(wrong: Wrong) -> Self {
        let (core, details) = (CoreSystem::new(), Payload::default());
        System { core, wrong, calls: 0, details, unnoticed: Span(0) }
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
        if call == Call::Describe {
            let unnoticed = std::mem::replace(&mut self.unnoticed, Span(0));
            self.core.pass(unnoticed).await?;
        }
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
            Wrong::WaitsForLooks => {
                self.unnoticed = self.unnoticed + elapsed;
                Ok(())
            }
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
        (self.details, self.unnoticed) = (Payload::default(), Span(0));
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
fn whoever_waits_for_a_look_is_noticed() {
    assert!(assumption(Wrong::WaitsForLooks).contains("a look"));
    let complete = held(Wrong::WaitsForLooks, &[SuiteName::Complete]);
    assert!(complete.found.is_none() && complete.sentence.is_none());
    assert!(complete.assumption.expect("it is noticed there, too").holds_not.contains("a look"));
}

/// The core, if it could not tell that a call is made again.
struct Partial(CoreSystem, u64);

impl ActivitySystem for Partial {
    fn manifest(&self) -> Manifest {
        let manifest = self.0.manifest();
        let without = [Capability::RepeatedPoll, Capability::RequestIds, Capability::FurtherStarts];
        let can = without.into_iter().fold(manifest.can, Capabilities::without);
        Manifest { can, ..manifest }
    }

    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
        let mut call = call.clone();
        match &mut call {
            Call::Poll { request_id, .. }
            | Call::RequestCancel { request_id, .. }
            | Call::Terminate { request_id, .. } => {
                self.1 += 1;
                *request_id = RequestName(self.1.to_string().into());
            }
            _ => {}
        }
        self.0.call(activity, &call).await
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        self.0.pass(elapsed).await
    }
}

#[test]
fn what_a_system_cannot_tell_apart_is_not_delivered_twice() {
    let plan = Plan {
        configurations: graded()[2..3].to_vec(),
        suites: vec![SuiteName::Faults(Fault::Duplicates), SuiteName::Faults(Fault::LostReplies)],
        ..Plan::default()
    };
    let mut partial = Partial(CoreSystem::new(), 0);
    let conformed = block_on(conform(&mut partial, &plan, &[], &Unwatched)).expect("it answers");
    assert!(conformed.found.is_none(), "{:?}", conformed.found);
    assert!(conformed.parts.iter().all(|part| part.verdict == PartVerdict::Agrees));
    assert_eq!(conformed.parts.len(), 2);
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
