//! Graphs of states and arrows, written for those who draw: DOT and Mermaid.

mod dot;
mod mermaid;

/// A graph with a state in which everything begins.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Graph {
    /// What it is of, in one word.
    pub(crate) name: &'static str,
    /// The name of the first state, and what leads to it.
    pub(crate) begin: (String, String),
    pub(crate) nodes: Vec<Node>,
    pub(crate) arrows: Vec<Arrow>,
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
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Shade {
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// As it should not be.
    Bad,
}
