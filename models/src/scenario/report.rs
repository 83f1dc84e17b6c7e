//! What a failure prints: the picture, and the scenario that keeps it.

use super::{Transcript, Violation};

impl Transcript {
    /// Everything that is needed to understand a violation and to keep it; empty without one.
    #[must_use]
    pub fn report(&self) -> String {
        let Some(first) = self.violations.first() else {
            return String::new();
        };
        let mut script = self.reproduction();
        if script.comment.is_empty() {
            script.comment = format!("Breaks {}.", first.name());
        }
        let name = file_name(first);
        format!(
            "{timeline}\nthe scenario, to be kept as tests/scenarios/execution/{name}.txt; its \
             transcript is added by UPDATE=1 cargo test --test scenarios:\n\n{script}",
            timeline = self.timeline(),
        )
    }
}

fn file_name(violation: &Violation) -> String {
    format!("{}_here_too", violation.name())
}
