//! What a failure prints: the picture, the scenario to keep, and a test that is ready to paste.

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
        let name = test_name(first);
        format!(
            "{timeline}\nthe scenario, to be kept as tests/scenarios/execution/{name}.txt:\n\n{script}\n\
             the same as a test:\n\n\
             #[test]\n\
             fn {name}() {{\n    \
                 use activity_models::scenario::{{Script, run}};\n    \
                 let script: Script = r#\"\n{script}\"#\n    \
                 .parse()\n    .expect(\"the scenario can be read\");\n    \
                 assert_eq!(run(&script).violations, []);\n\
             }}\n",
            timeline = self.timeline(),
        )
    }
}

fn test_name(violation: &Violation) -> String {
    format!("{}_here_too", violation.name())
}
