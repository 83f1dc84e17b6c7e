//! The JUnit output of a check.

use super::checked::Checked;
use super::system::CheckedWhole;
use crate::report::{junit, suite};

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
