//! Tests of a system that implements the seam: one for each suite and configuration, and one for
//! each sequence that once differed.

use crate::report::timeline;
use crate::run::{Conformed, PartVerdict, Plan, Replay, SuiteName, Unwatched, conform, replayed};
use crate::seam::ActivitySystem;
use crate::suite::graded;
use std::fmt::Write as _;

/// Plays a suite in one of the graded configurations, counted from zero.
///
/// # Panics
/// If the system differs from the specification, breaks down, or is not what is assumed. That there
/// is no such configuration, or that the system lacks what it needs, is said aloud and no failure.
pub async fn plays<S: ActivitySystem>(mut system: S, suite: &str, place: usize) {
    let suite = SuiteName::of_name(suite).expect("a suite of this name exists");
    let configurations: Vec<_> = graded().into_iter().skip(place).take(1).collect();
    let Some(configuration) = configurations.first() else {
        println!("there is no configuration {place}");
        return;
    };
    if !configuration.suits(system.manifest().can) {
        println!("left out: the system lacks what {} needs", configuration.name);
        return;
    }
    let plan = Plan { configurations, suites: vec![suite], ..Plan::default() };
    let conformed = conform(&mut system, &plan, &[], &Unwatched).await;
    judge(&conformed.unwrap_or_else(|broken| panic!("{broken}")));
}

/// Plays a sequence that once differed.
///
/// # Panics
/// If it does so still, or the text is no sequence.
pub async fn plays_again<S: ActivitySystem>(mut system: S, replay: &str) {
    let replay = Replay::read(replay).unwrap_or_else(|why| panic!("no sequence: {why}"));
    let conformed = replayed(&mut system, &replay, &Unwatched).await;
    judge(&conformed.unwrap_or_else(|broken| panic!("{broken}")));
}

/// As [`plays_again`], for whoever needs no runtime.
///
/// # Panics
/// As [`plays_again`].
pub fn replays<S: ActivitySystem>(system: S, replay: &str) {
    pollster::block_on(plays_again(system, replay));
}

fn judge(conformed: &Conformed) {
    let mut complaint = String::new();
    if let Some(found) = &conformed.found {
        let replay = Replay::of(found, &conformed.manifest);
        let test = crate::report::reproduction(&replay);
        let _ = write!(complaint, "\n{}\n{test}", timeline(&found.finding));
    }
    if let Some(assumption) = &conformed.assumption {
        complaint += assumption.holds_not;
    }
    for foreign in &conformed.foreign {
        let (inputs, lacks) = (foreign.inputs.join(" · "), foreign.lacks.join(", "));
        let _ = writeln!(complaint, "{inputs}: not played, the system lacks {lacks}");
    }
    for part in &conformed.parts {
        if let PartVerdict::Unfinished(why) = &part.verdict {
            let _ = writeln!(complaint, "{} in {} {why}", part.suite, part.configuration);
        }
    }
    assert!(complaint.is_empty(), "{complaint}");
}

/// Expands to a test for each suite and configuration, each with a name of its own:
/// `edges::configuration_0` for one. Edges and walks are played in the first eleven configurations
/// of the list, complete suites and faults in small ones.
///
/// The system is made anew for each test. Whoever needs a runtime names what blocks on a future.
///
/// ```
/// activity_harness::conformance_tests!(activity_harness::seam::CoreSystem::new());
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! conformance_tests {
    ($system:expr) => { $crate::conformance_tests!($system, $crate::block_on); };
    ($system:expr, $block_on:path) => {
        $crate::conformance_tests! { @many $system, $block_on; edges "edges" }
        $crate::conformance_tests! { @many $system, $block_on; walks "walks" }
        $crate::conformance_tests! { @few $system, $block_on; complete "complete" }
        $crate::conformance_tests! { @few $system, $block_on; duplicates "duplicates" }
        $crate::conformance_tests! { @few $system, $block_on; lost_replies "lost-replies" }
        $crate::conformance_tests! { @few $system, $block_on; reordered "reordered" }
        $crate::conformance_tests! { @few $system, $block_on; crash "crash" }
        $crate::conformance_tests! { @one $system, $block_on; assumptions "assumptions" }
        $crate::conformance_tests! { @one $system, $block_on; random "random" }
    };
    (@many $system:expr, $block_on:path; $suite:ident $name:literal) => {
        $crate::conformance_tests! { @tests $system, $block_on; $suite $name;
            configuration_0 0, configuration_1 1, configuration_2 2, configuration_3 3,
            configuration_4 4, configuration_5 5, configuration_6 6, configuration_7 7,
            configuration_8 8, configuration_9 9, configuration_10 10 }
    };
    (@few $system:expr, $block_on:path; $suite:ident $name:literal) => {
        $crate::conformance_tests! { @tests $system, $block_on; $suite $name;
            configuration_0 0, configuration_1 1 }
    };
    (@one $system:expr, $block_on:path; $suite:ident $name:literal) => {
        $crate::conformance_tests! { @tests $system, $block_on; $suite $name;
            configuration_0 0 }
    };
    (@tests $system:expr, $block_on:path; $suite:ident $name:literal;
     $($test:ident $place:literal),+) => {
        mod $suite {
            #[allow(unused_imports, reason = "what the expression names may be in scope")]
            use super::*;
            $(
                #[test]
                fn $test() {
                    $block_on($crate::plays($system, $name, $place));
                }
            )+
        }
    };
}
