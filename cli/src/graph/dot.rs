//! A graph in DOT.

use super::{Graph, Shade};
use std::fmt::Write as _;

impl Graph {
    /// As a DOT graph.
    #[must_use]
    pub(crate) fn dot(&self) -> String {
        let mut text = format!("digraph {} {{\n", self.name);
        text += "    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n    \
                 edge [fontname=\"sans-serif\", fontsize=10];\n    \
                 begin [shape=point, label=\"\"];\n";
        for node in &self.nodes {
            let outline = if node.is_end { ", peripheries=2" } else { "" };
            let (label, colour) = (escaped(&node.label), colour(node.ink));
            let _ = writeln!(text, "    {} [label=\"{label}\"{outline}{colour}];", node.name);
        }
        for line in self.notes.iter().chain(self.legend.iter().map(|(_, text)| text)) {
            let _ = writeln!(text, "    // {line}");
        }
        let (begin, label) = &self.begin;
        let _ = writeln!(text, "    begin -> {begin} [label=\"{}\"];", escaped(label));
        for arrow in &self.arrows {
            let labels: Vec<String> = arrow.labels.iter().map(|it| escaped(it)).collect();
            let (from, to) = (&arrow.from, &arrow.to);
            let (label, colour) = (labels.join("\\n"), colour(arrow.ink));
            let _ = writeln!(text, "    {from} -> {to} [label=\"{label}\"{colour}];");
        }
        text += "}\n";
        text
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn colour(ink: Shade) -> &'static str {
    match ink {
        Shade::Plain => "",
        Shade::Way => ", color=\"#2f6fb7\", fontcolor=\"#2f6fb7\", penwidth=2.5",
        Shade::Specified => ", color=\"#7b8896\", fontcolor=\"#5d6b7a\", style=dashed",
        Shade::Found => ", color=\"#b3261e\", fontcolor=\"#b3261e\", style=bold",
    }
}
