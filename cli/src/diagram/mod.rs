//! `activity diagram`: the state machine drawn from the steps that were explored.
//! Keeps no list of states or steps by hand: what it draws has been reached.

use crate::command::{Finished, Format};
use crate::exit::Exit;
use crate::graph::{Arrow, Graph, Node, Shade};
use crate::problem::Problem;
use activity_execution::vocabulary::{ActivityExecutionStatus, Dialect, ReplyKind, Situation};
use activity_models::exploration::{Coverage, Grid, ServiceModel, survey};
use clap::{Args, ValueEnum};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::thread;

/// The arguments of `activity diagram`.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// In which language
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: DiagramFormat,
}

/// The language of a diagram.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum DiagramFormat {
    /// Mermaid, which GitHub draws
    #[default]
    Mermaid,
    /// DOT, which Graphviz draws
    Dot,
    /// SVG, a picture, light or dark as the reader's screen is
    Svg,
}

const AFTER_HELP: &str = "\
Examples:
  activity diagram                            for a Markdown file
  activity diagram --format svg > a.svg       as a picture

The specification is explored, and the steps that were reached are drawn. Steps between the same
two states share an arrow; refusals and steps that change nothing are left out.";

impl Arguments {
    /// For whom complaints are.
    #[must_use]
    pub fn format(&self) -> Format {
        Format::Human
    }
}

/// Runs the command.
///
/// # Errors
/// Never; as the other commands.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let explored =
        survey(&ServiceModel::specification(), &Grid::quick(Dialect::Standalone), threads, &());
    let diagram = Diagram::of(&explored.coverage);
    let text = match arguments.format {
        DiagramFormat::Mermaid => diagram.graph().mermaid(),
        DiagramFormat::Dot => diagram.graph().dot(),
        DiagramFormat::Svg => diagram.graph().svg(),
    };
    Ok(Finished { text, exit: Exit::Agreed })
}

/// The states and, for each pair of them, what leads from one to the other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagram {
    arrows: BTreeMap<(State, State), BTreeSet<&'static str>>,
}

/// A state that is worth a box; the reasons of an outcome share one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum State {
    Scheduled,
    ScheduledAgain,
    Started,
    CancelRequested,
    Closed(ActivityExecutionStatus),
}

impl Diagram {
    /// The diagram of what was reached.
    #[must_use]
    pub fn of(coverage: &Coverage) -> Self {
        let mut arrows: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (edge, _) in coverage.edges() {
            let (from, to) = (State::of(edge.before), State::of(edge.after));
            let is_heartbeat = matches!(edge.told, ReplyKind::Recorded { .. });
            if from != to || is_heartbeat {
                arrows.entry((from, to)).or_default().insert(edge.word.trace_word());
            }
        }
        Diagram { arrows }
    }

    /// As a graph for those who draw.
    fn graph(&self) -> Graph {
        let node = |state: State| Node {
            name: state.name(),
            label: state.label().to_owned(),
            is_end: state.is_closed(),
            ink: Shade::Plain,
        };
        let arrow = |(from, to, labels): (State, State, Vec<String>)| Arrow {
            from: from.name(),
            to: to.name(),
            labels,
            ink: Shade::Plain,
        };
        Graph {
            name: "activity_execution",
            title: vec!["An Activity Execution".to_owned()],
            begin: (State::Scheduled.name(), "StartActivityExecution".to_owned()),
            nodes: self.states().into_iter().map(node).collect(),
            arrows: self.arrows().map(arrow).collect(),
            ..Graph::default()
        }
    }

    /// The arrows, each with its words; a call and the same call by id are one.
    fn arrows(&self) -> impl Iterator<Item = (State, State, Vec<String>)> {
        self.arrows.iter().map(|((from, to), words)| {
            let mut labels = Vec::new();
            for word in words {
                let stem = word.strip_suffix("ById");
                if stem.is_some_and(|stem| words.contains(stem)) {
                    continue;
                }
                let by_id = format!("{word}ById");
                let both = words.contains(by_id.as_str());
                labels.push(if both { format!("{word}[ById]") } else { (*word).to_owned() });
            }
            (*from, *to, labels)
        })
    }

    /// The states that are reached, in the order of life.
    fn states(&self) -> BTreeSet<State> {
        self.arrows.keys().flat_map(|(from, to)| [*from, *to]).collect()
    }
}

impl State {
    fn of(situation: Situation) -> Self {
        match situation {
            Situation::Scheduled => State::Scheduled,
            Situation::ScheduledAgain => State::ScheduledAgain,
            Situation::Started => State::Started,
            Situation::CancelRequested => State::CancelRequested,
            Situation::Closed(outcome) => State::Closed(outcome.status()),
        }
    }

    fn is_closed(self) -> bool {
        matches!(self, State::Closed(_))
    }

    /// One word for it, to draw arrows by.
    fn name(self) -> String {
        match self {
            State::Closed(status) => status.to_string(),
            open => format!("{open:?}"),
        }
    }

    fn label(self) -> &'static str {
        match self {
            State::Scheduled => "Scheduled",
            State::ScheduledAgain => "Scheduled, retry",
            State::Started => "Started",
            State::CancelRequested => "Started, cancel requested",
            State::Closed(status) => status.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagram_shows_every_way_that_was_explored_and_none_besides() {
        let explored =
            survey(&ServiceModel::specification(), &Grid::quick(Dialect::Standalone), 2, &());
        insta::assert_snapshot!(Diagram::of(&explored.coverage).graph().mermaid());
    }

    #[test]
    fn what_was_not_reached_is_not_drawn() {
        let one =
            Grid::of(Grid::up_to(Dialect::Standalone, 1).configurations().iter().copied().take(1));
        let explored = survey(&ServiceModel::specification(), &one, 1, &());
        let dot = Diagram::of(&explored.coverage).graph().dot();
        assert!(dot.contains("RespondCompleted"));
        assert!(!dot.contains("HeartbeatElapses"));
    }

    /// The places that a tag of the picture has in these attributes.
    fn numbers(line: &str, names: [&str; 4]) -> [f64; 4] {
        names.map(|name| {
            let (_, after) =
                line.split_once(&format!(" {name}=\"")).expect("the attribute is there");
            after.split('"').next().and_then(|it| it.parse().ok()).expect("a number")
        })
    }

    #[test]
    fn the_picture_has_every_state_and_word_and_no_two_states_overlap() {
        let explored =
            survey(&ServiceModel::specification(), &Grid::quick(Dialect::Standalone), 2, &());
        let graph = Diagram::of(&explored.coverage).graph();
        let svg = graph.svg();
        let texts = graph.nodes.iter().map(|it| &it.label);
        for text in texts.chain(graph.arrows.iter().flat_map(|it| &it.labels)) {
            assert!(svg.contains(&format!(">{text}<")), "{text} is not in {svg}");
        }
        let boxes: Vec<[f64; 4]> = svg
            .lines()
            .filter(|line| line.starts_with("<rect class=\"box"))
            .map(|line| numbers(line, ["x", "y", "width", "height"]))
            .collect();
        assert_eq!(boxes.len(), graph.nodes.len());
        for (place, one) in boxes.iter().enumerate() {
            for other in &boxes[..place] {
                let apart = |low: usize| {
                    one[low] + one[low + 2] < other[low] || other[low] + other[low + 2] < one[low]
                };
                assert!(apart(0) || apart(1), "{one:?} and {other:?} overlap");
            }
        }
        assert_eq!(svg, Diagram::of(&explored.coverage).graph().svg(), "it is drawn alike twice");
    }
}
