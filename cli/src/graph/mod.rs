//! Graphs of states and arrows: a picture, and DOT and Mermaid for those who draw themselves.

mod dot;
mod layout;
mod mermaid;
mod svg;

/// A graph with a state in which everything begins.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Graph {
    /// What it is of, in one word.
    pub(crate) name: &'static str,
    /// What a picture is headed with, line by line.
    pub(crate) title: Vec<String>,
    /// The name of the first state, and what leads to it.
    pub(crate) begin: (String, String),
    pub(crate) nodes: Vec<Node>,
    pub(crate) arrows: Vec<Arrow>,
    /// What a shade means, where more than one is used.
    pub(crate) legend: Vec<(Shade, String)>,
    /// What is left out, and the like.
    pub(crate) notes: Vec<String>,
}

/// A state.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Node {
    /// One word for it, to draw arrows by.
    pub(crate) name: String,
    pub(crate) label: String,
    /// Whether nothing leads on from it.
    pub(crate) is_end: bool,
    pub(crate) ink: Shade,
}

/// What leads from one state to another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    /// One line for each way.
    pub(crate) labels: Vec<String>,
    pub(crate) ink: Shade,
}

/// Whether a part stands out.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Shade {
    #[default]
    Plain,
    /// On the way that is to be followed.
    Way,
    /// Only as it should be.
    Specified,
    /// Only as it was found.
    Found,
}

/// How many lines of an arrow are shown before the rest is counted.
const LINES: usize = 10;

impl Arrow {
    /// Its lines; of many the first, and how many more there are.
    fn lines(&self) -> Vec<String> {
        let more = self.labels.len().saturating_sub(LINES);
        // One more line is shown as well as counted.
        let shown = if more <= 1 { self.labels.len() } else { LINES };
        let mut lines = self.labels[..shown].to_vec();
        if shown < self.labels.len() {
            lines.push(format!("and {more} more"));
        }
        lines
    }
}
