//! Where the parts of a graph are: states in layers, the first on top, and arrows around them.
//! Numbers are pixels.

use super::Graph;
use dagre::graph::GraphOptions;
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel};

/// The parts of a graph, in their order, each in its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Where everything begins.
    pub(super) begin: Point,
    pub(super) nodes: Vec<Rectangle>,
    /// What leads to the first state, and then each arrow.
    pub(super) ways: Vec<Way>,
}

/// A point.
pub(super) type Point = (f64, f64);

/// A rectangle, by its middle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rectangle {
    pub(super) middle: Point,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// An arrow with its label.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    pub(super) points: Vec<Point>,
    pub(super) label: Rectangle,
}

/// How large a text of several lines is.
pub(super) fn extent(lines: &[String], letter: f64, line: f64) -> (f64, f64) {
    let longest = lines.iter().map(|it| it.chars().count()).max().unwrap_or(0);
    let pixels = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    (pixels(longest) * letter, pixels(lines.len()) * line)
}

/// How far a text stays away from what surrounds it.
const PADDING: f64 = 8.0;

/// How large the point is in which everything begins.
const BEGIN: f64 = 10.0;

/// Places a graph whose states and labels take so much room.
pub(super) fn placed(
    graph: &Graph,
    of_node: impl Fn(&str) -> (f64, f64),
    of_lines: impl Fn(&[String]) -> (f64, f64),
) -> Placed {
    let options = GraphOptions { directed: true, multigraph: true, compound: false };
    let mut drawn = dagre::graph::Graph::with_options(options);
    let node = |(width, height): (f64, f64)| NodeLabel { width, height, ..NodeLabel::default() };
    drawn.set_node("", Some(node((BEGIN, BEGIN))));
    for it in &graph.nodes {
        let (width, height) = of_node(&it.label);
        drawn.set_node(&it.name, Some(node((width + 2.0 * PADDING, height + 2.0 * PADDING))));
    }
    let ends = ends(graph);
    for (number, (from, to, lines)) in ends.iter().enumerate() {
        let (width, height) = of_lines(lines);
        let labelpos = LabelPos::Center;
        let (width, height) = (width + PADDING, height + PADDING);
        let edge = EdgeLabel { width, height, labelpos, ..EdgeLabel::default() };
        drawn.set_edge(*from, *to, Some(edge), Some(&number.to_string()));
    }
    let options = LayoutOptions { nodesep: 36.0, ranksep: 26.0, ..LayoutOptions::default() };
    dagre::layout(&mut drawn, Some(options));
    let rectangle = |name: &str| {
        let NodeLabel { x, y, width, height, .. } = drawn.node(name).cloned().unwrap_or_default();
        Rectangle { middle: (x.unwrap_or(0.0), y.unwrap_or(0.0)), width, height }
    };
    let way = |(number, (from, to, _)): (usize, &(&str, &str, Vec<String>))| {
        let edge = drawn.edge(from, to, Some(&number.to_string())).cloned().unwrap_or_default();
        let middle = (edge.x.unwrap_or(0.0), edge.y.unwrap_or(0.0));
        let label = Rectangle { middle, width: edge.width, height: edge.height };
        Way { points: edge.points.iter().map(|point| (point.x, point.y)).collect(), label }
    };
    let mut placed = Placed {
        width: 0.0,
        height: 0.0,
        begin: rectangle("").middle,
        nodes: graph.nodes.iter().map(|it| rectangle(&it.name)).collect(),
        ways: ends.iter().enumerate().map(way).collect(),
    };
    placed.bend_loops(graph);
    placed.measure();
    placed
}

/// Where each arrow begins and ends, and its lines; that to the first state is the first.
fn ends(graph: &Graph) -> Vec<(&str, &str, Vec<String>)> {
    let (first, label) = &graph.begin;
    let begin = ("", first.as_str(), vec![label.clone()]);
    let arrows = graph.arrows.iter().map(|it| (it.from.as_str(), it.to.as_str(), it.lines()));
    [begin].into_iter().chain(arrows).collect()
}

impl Placed {
    /// Lets arrows that lead back to where they begin end beside their labels, each around those
    /// that are nearer.
    fn bend_loops(&mut self, graph: &Graph) {
        for (node, at) in graph.nodes.iter().zip(&self.nodes) {
            let own = graph.arrows.iter().zip(&mut self.ways[1..]);
            let own = own.filter(|(arrow, _)| arrow.from == node.name && arrow.to == node.name);
            let mut own: Vec<&mut Way> = own.map(|(_, way)| way).collect();
            own.sort_by(|one, other| one.label.middle.0.total_cmp(&other.label.middle.0));
            let (right, y) = (at.middle.0 + at.width / 2.0, at.middle.1);
            let (mut high, mut apart) = (at.height / 2.0, at.height / 4.0);
            for way in own {
                let end = way.label.middle.0 - way.label.width / 2.0 + PADDING;
                let near = right + 0.3 * (end - right);
                way.points = vec![
                    (right, y - apart),
                    (near, y - high),
                    (end, y - high),
                    (end, y + high),
                    (near, y + high),
                    (right, y + apart),
                ];
                high = high.max(way.label.height / 2.0) + PADDING;
                apart = (apart + PADDING / 2.0).min(at.height / 2.0 - 2.0);
            }
        }
    }

    /// Takes note of how far anything reaches.
    fn measure(&mut self) {
        let labels = self.ways.iter().map(|way| way.label);
        let corners = self.nodes.iter().copied().chain(labels).map(|it| {
            let (x, y) = it.middle;
            (x + it.width / 2.0, y + it.height / 2.0)
        });
        let points = self.ways.iter().flat_map(|way| way.points.iter().copied());
        let reach = corners
            .chain(points)
            .fold((0.0, 0.0), |(right, low): Point, (x, y)| (right.max(x), low.max(y)));
        (self.width, self.height) = reach;
    }
}
