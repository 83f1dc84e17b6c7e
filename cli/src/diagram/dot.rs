//! A diagram in DOT.

use super::Diagram;
use std::fmt::Write as _;

impl Diagram {
    /// As a DOT graph.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut text = String::from(
            "digraph activity_execution {\n    \
                 node [shape=box, style=rounded, fontname=\"sans-serif\"];\n    \
                 edge [fontname=\"sans-serif\", fontsize=10];\n    \
                 begin [shape=point, label=\"\"];\n",
        );
        for state in self.states() {
            let outline = if state.is_closed() { ", peripheries=2" } else { "" };
            let _ = writeln!(text, "    {} [label=\"{}\"{outline}];", state.name(), state.label());
        }
        text += "    begin -> Scheduled [label=\"StartActivityExecution\"];\n";
        for (from, to, labels) in self.arrows() {
            let (from, to) = (from.name(), to.name());
            let _ = writeln!(text, "    {from} -> {to} [label=\"{}\"];", labels.join("\\n"));
        }
        text += "}\n";
        text
    }
}
