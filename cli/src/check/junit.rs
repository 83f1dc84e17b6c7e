//! A check for build servers: a test case for each promise.

use super::checked::Checked;
use super::whole::CheckedWhole;
use crate::report::{junit, suite};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

impl Checked {
    /// As JUnit XML.
    #[must_use]
    pub fn to_junit(&self) -> String {
        let mut suite = suite("promises", "activity.check", self.elapsed, &self.promises);
        suite.add_property(("configurations", self.configurations.to_string().as_str()));
        suite.add_property(("unique_states", self.unique_states().to_string().as_str()));
        suite.add_property(("transitions", self.transitions().to_string().as_str()));
        let whole = self.whole.as_ref().map(CheckedWhole::to_suite);
        junit("activity check", self.elapsed, [suite].into_iter().chain(whole))
    }
}

/// A hunt for something wrong as JUnit XML: what is broken, and how, if it was caught.
pub(super) fn of_hunt(name: &str, elapsed: Duration, caught: Option<(String, String)>) -> String {
    let status = match caught {
        None => TestCaseStatus::success(),
        Some((broken, story)) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(broken);
            status.set_description(story);
            status
        }
    };
    let mut suite = TestSuite::new("mutants");
    suite.add_test_case(TestCase::new(name, status));
    let mut report = Report::new("activity check");
    report.set_time(elapsed);
    report.add_test_suite(suite);
    report.to_string().expect("XML can be written to memory") + "\n"
}
