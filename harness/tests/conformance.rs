//! The macro: a test of its own for each suite and configuration, which the core passes, and which a
//! wrong system fails with a report and a test that plays the sequence again.

use activity_execution::vocabulary::Span;
use activity_harness::seam::{
    ActivityId, ActivitySystem, Broken, Call, CoreSystem, Manifest, Told,
};
use activity_harness::{block_on, plays, replays};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::{collections::BTreeSet, env};

mod of_the_core {
    use activity_harness::seam::CoreSystem;

    activity_harness::conformance_tests!(CoreSystem::new());
}

/// The core, but that every completion is done, whoever reports it.
struct Gullible(CoreSystem);

impl ActivitySystem for Gullible {
    fn manifest(&self) -> Manifest {
        self.0.manifest()
    }

    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
        let told = self.0.call(activity, call).await?;
        Ok(match (call, told) {
            (Call::RespondCompleted { .. }, Told::Refused(_)) => Told::Done,
            (_, told) => told,
        })
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        self.0.pass(elapsed).await
    }
}

/// What is said of a system that differs.
fn complaint(plays: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(plays)).expect_err("it differs");
    *panic.downcast::<String>().expect("it is told in words")
}

#[test]
fn a_wrong_system_fails_with_a_report_and_a_test_that_fails_again() {
    let wrong = || Gullible(CoreSystem::new());
    let told = complaint(|| block_on(plays(wrong(), "edges", 0)));
    for part in ["allowed: refused: ", "observed: done", "rule S", "#[test]\nfn "] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    let (_, replay) = told.split_once("r##\"").expect("the sequence stands in the test");
    let (replay, _) = replay.split_once("\"##").expect("the sequence ends");
    let again = complaint(|| replays(wrong(), replay));
    assert!(again.contains("observed: done"), "{again}");
    replays(CoreSystem::new(), replay);
}

#[test]
fn each_suite_and_configuration_has_a_test_of_its_own_name() {
    let own = env::current_exe().expect("a test has a program");
    let listed = Command::new(own).args(["--list", "--format", "terse"]).output();
    let listed = String::from_utf8(listed.expect("it lists itself").stdout).expect("names");
    let names: BTreeSet<&str> =
        listed.lines().filter_map(|line| line.strip_prefix("of_the_core::")).collect();
    assert!(names.contains("edges::configuration_0: test"), "{names:?}");
    let of = |suite: &str| names.iter().filter(|name| name.starts_with(suite)).count();
    let suites = ["edges", "walks", "complete", "duplicates", "lost_replies", "reordered", "crash"];
    assert_eq!(suites.map(|suite| of(&format!("{suite}::"))), [11, 11, 2, 2, 2, 2, 2]);
    assert_eq!(["assumptions::", "random::"].map(of), [1, 1]);
}
