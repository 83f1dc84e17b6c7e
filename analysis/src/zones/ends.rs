//! The ends of an execution under given options: earliest and latest instant, with an example each.

use super::control::{self, Stage};
use super::exploration::Exploration;
use super::story::{Happening, Telling};
use super::{Clock, Configuration};
use activity_execution::vocabulary::Span;
use std::collections::BTreeMap;

/// How an execution can end if every deadline is settled at its instant.
#[derive(Clone, Debug)]
pub struct Ends {
    /// Each outcome, in words.
    pub ends: BTreeMap<String, End>,
    /// How many zones were found that were not explored: none if everything was.
    pub unexplored: usize,
}

/// When and how an outcome comes about.
#[derive(Clone, Debug)]
pub struct End {
    /// At the earliest, counted from the beginning; what is later than in 36 million years has no
    /// other instant than that.
    pub earliest: Span,
    /// At the latest; `None` if there is no such instant.
    pub latest: Option<Span>,
    /// One way to it, with as few events as any; `None` if none was found.
    pub story: Option<Vec<Happening>>,
}

/// Explores how a configuration can end, as long as it goes on
/// after so many steps.
#[must_use]
pub fn ends(configuration: &Configuration<'_>, goes_on: &dyn Fn(usize) -> bool) -> Ends {
    let mut exploration = Exploration::new(configuration, Clock::OnTime);
    exploration.run(goes_on);
    let mut ends: BTreeMap<String, End> = BTreeMap::new();
    let mut reached: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, visit) in exploration.visits().iter().enumerate() {
        let Stage::Closed(how) = &visit.control.stage else {
            continue;
        };
        let (earliest, latest) = control::age(&visit.zone);
        let (earliest, latest) = (Span(earliest), latest.map(Span));
        let unknown = End { earliest, latest, story: None };
        let end = ends.entry(how.clone()).or_insert(unknown);
        end.earliest = end.earliest.min(earliest);
        end.latest = end.latest.zip(latest).map(|(one, other)| one.max(other));
        reached.entry(how).or_default().push(index);
    }
    let telling = Telling::new(configuration, &exploration);
    for (how, end) in &mut ends {
        end.story = telling.story(&reached[how.as_str()]);
    }
    Ends { ends, unexplored: exploration.unexplored() }
}
