//! A diagram in Mermaid.

use super::Diagram;
use std::fmt::Write as _;

impl Diagram {
    /// As a Mermaid state diagram.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut text = String::from("stateDiagram-v2\n");
        for state in self.states() {
            let label = state.label();
            if label != state.name() {
                let _ = writeln!(text, "    state \"{label}\" as {}", state.name());
            }
        }
        let _ = writeln!(text, "    [*] --> Scheduled : StartActivityExecution");
        for (from, to, labels) in self.arrows() {
            let (from, to) = (from.name(), to.name());
            let _ = writeln!(text, "    {from} --> {to} : {}", labels.join("<br>"));
        }
        for state in self.states().into_iter().filter(|state| state.is_closed()) {
            let _ = writeln!(text, "    {} --> [*]", state.name());
        }
        text
    }
}
