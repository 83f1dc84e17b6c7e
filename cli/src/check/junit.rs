//! A check for build servers: a test case for each promise.

use super::checked::{Checked, CheckedPromise, Verdict};
use super::whole::CheckedWhole;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

impl Checked {
    /// As JUnit XML.
    ///
    /// # Panics
    /// If XML cannot be written to memory.
    #[must_use]
    pub fn to_junit(&self) -> String {
        let mut suite = TestSuite::new("promises");
        suite.set_time(self.elapsed);
        suite.add_property(("configurations", self.configurations.to_string().as_str()));
        suite.add_property(("unique_states", self.unique_states().to_string().as_str()));
        suite.add_property(("transitions", self.transitions().to_string().as_str()));
        suite.add_test_cases(self.promises.iter().map(CheckedPromise::to_test_case));
        let mut report = Report::new("activity check");
        report.set_time(self.elapsed);
        report.add_test_suite(suite);
        report.add_test_suites(self.whole.as_ref().map(CheckedWhole::to_suite));
        report.to_string().expect("XML can be written to memory") + "\n"
    }
}

impl CheckedPromise {
    fn to_test_case(&self) -> TestCase {
        let status = match self.verdict {
            Verdict::Holds => TestCaseStatus::success(),
            Verdict::Undecided => {
                let mut status = TestCaseStatus::skipped();
                status.set_message("not everything was explored");
                status
            }
            Verdict::Broken => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(self.complaint.as_deref().unwrap_or(self.statement));
                if let Some(story) = self.story() {
                    status.set_description(story);
                }
                status
            }
        };
        let mut test_case = TestCase::new(self.name, status);
        test_case.set_classname("activity.check");
        test_case
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
