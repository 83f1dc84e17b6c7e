//! The ends of an execution under given options: earliest and latest instant, with an example each.

use super::control::{self, Stage};
use super::exploration::Exploration;
use super::story::{Happening, Telling};
use super::{Clock, Configuration, Explored};
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
    /// One way to it at the earliest, with as few events as any; `None` if none was found, or none
    /// was looked for.
    pub story: Option<Vec<Happening>>,
    /// One way to it at the latest, if that is another instant.
    pub latest_story: Option<Vec<Happening>>,
}

/// Whether stories are looked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stories {
    /// Of each end one at its earliest and one at its latest instant.
    Told,
    /// None.
    Untold,
}

/// Explores what can happen to a configuration whose deadlines are settled at their instants, and
/// how it can end, as long as it goes on after so many steps.
#[must_use]
pub fn ends(
    configuration: &Configuration<'_>,
    stories: Stories,
    goes_on: &dyn Fn(usize) -> bool,
) -> (Explored, Ends) {
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
        let unknown = End { earliest, latest, story: None, latest_story: None };
        let end = ends.entry(how.clone()).or_insert(unknown);
        end.earliest = end.earliest.min(earliest);
        end.latest = end.latest.zip(latest).map(|(one, other)| one.max(other));
        reached.entry(how).or_default().push(index);
    }
    if stories == Stories::Told {
        let telling = Telling::new(configuration, &exploration);
        for (how, end) in &mut ends {
            let reached = &reached[how.as_str()];
            end.story = telling.story(reached, end.earliest);
            let latest = end.latest.filter(|latest| *latest > end.earliest);
            end.latest_story = latest.and_then(|latest| telling.story(reached, latest));
        }
    }
    let unexplored = exploration.unexplored();
    (exploration.explored(), Ends { ends, unexplored })
}
