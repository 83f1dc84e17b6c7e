//! What holds of one's options, for build servers: a suite for each activity, a case for each
//! promise.

use super::{Examined, word};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;
use symbolic::Verdict;

/// As JUnit XML.
pub(super) fn junit(all: &[Examined]) -> String {
    let mut report = Report::new("activity check");
    report.set_time(all.iter().map(|examined| examined.elapsed).sum::<Duration>());
    report.add_test_suites(all.iter().map(suite));
    report.to_string().expect("XML can be written to memory") + "\n"
}

fn suite(examined: &Examined) -> TestSuite {
    let mut suite = TestSuite::new(super::text::title(examined));
    suite.set_time(examined.elapsed);
    suite.add_property(("outcomes", examined.examination.ends.ends.len().to_string().as_str()));
    suite.add_property((
        "transitions",
        examined.examination.explored.transitions.to_string().as_str(),
    ));
    for promise in &examined.examination.promises {
        let status = match promise.verdict {
            Verdict::Proved => TestCaseStatus::success(),
            Verdict::Failed => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(promise.statement);
                status.set_description(promise.complaint.as_deref().unwrap_or_default());
                status
            }
            Verdict::Incomplete | Verdict::Vacuous => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(word(promise.verdict));
                status
            }
        };
        let mut test_case = TestCase::new(promise.name, status);
        test_case.set_classname("activity.check");
        suite.add_test_case(test_case);
    }
    suite
}
