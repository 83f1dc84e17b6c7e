//! Checks for build servers: a test case for each, in suites.

use super::{Check, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// A suite of these checks.
pub(crate) fn suite<'a>(
    name: &str,
    class: &str,
    elapsed: Duration,
    checks: impl IntoIterator<Item = &'a Check>,
) -> TestSuite {
    let mut suite = TestSuite::new(name);
    suite.set_time(elapsed);
    suite.add_test_cases(checks.into_iter().map(|check| {
        let mut case = TestCase::new(check.name.as_str(), check.status());
        case.set_classname(class);
        case
    }));
    suite
}

/// The whole report of a command, as XML.
///
/// # Panics
/// If XML cannot be written to memory.
pub(crate) fn junit(
    command: &str,
    elapsed: Duration,
    suites: impl IntoIterator<Item = TestSuite>,
) -> String {
    let mut report = Report::new(command);
    report.set_time(elapsed);
    report.add_test_suites(suites);
    report.to_string().expect("XML can be written to memory") + "\n"
}

impl Check {
    fn status(&self) -> TestCaseStatus {
        let (mut status, message) = match self.verdict {
            Verdict::Holds => return TestCaseStatus::success(),
            Verdict::Undecided => (
                TestCaseStatus::skipped(),
                self.evidence.complaint.as_deref().unwrap_or("not everything was looked at"),
            ),
            Verdict::Broken => (
                TestCaseStatus::non_success(NonSuccessKind::Failure),
                self.evidence.complaint.as_deref().unwrap_or(&self.statement),
            ),
        };
        status.set_message(message);
        if let Some(story) = &self.story
            && self.verdict == Verdict::Broken
        {
            status.set_description(story.text.as_str());
        }
        status
    }
}
