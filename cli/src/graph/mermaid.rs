//! A graph in Mermaid.

use super::{Graph, Shade};
use std::fmt::Write as _;

impl Graph {
    /// As a Mermaid state diagram.
    #[must_use]
    pub(crate) fn mermaid(&self) -> String {
        let mut text = String::from("stateDiagram-v2\n");
        for node in self.nodes.iter().filter(|node| node.label != node.name) {
            let label = node.label.replace('"', "'").replace('\n', "<br>");
            let _ = writeln!(text, "    state \"{label}\" as {}", node.name);
        }
        let (begin, label) = &self.begin;
        let _ = writeln!(text, "    [*] --> {begin} : {label}");
        for arrow in &self.arrows {
            let (from, to) = (&arrow.from, &arrow.to);
            let _ = writeln!(text, "    {from} --> {to} : {}", arrow.labels.join("<br>"));
        }
        for node in self.nodes.iter().filter(|node| node.is_end) {
            let _ = writeln!(text, "    {} --> [*]", node.name);
        }
        for (shade, class) in [
            (Shade::Way, "classDef way stroke:#2f6fb7,stroke-width:2px"),
            (Shade::Specified, "classDef specified color:#5d6b7a,stroke-dasharray:5 3"),
            (Shade::Found, "classDef found color:#b3261e,stroke:#b3261e"),
        ] {
            let shaded: Vec<&str> = self
                .nodes
                .iter()
                .filter(|node| node.ink == shade)
                .map(|node| node.name.as_str())
                .collect();
            if !shaded.is_empty() {
                let name = class.split(' ').nth(1).unwrap_or_default();
                let _ = writeln!(text, "    {class}\n    class {} {name}", shaded.join(","));
            }
        }
        text
    }
}
