//! In which configuration a machine is learned: of several the first in which a difference shows.

use super::subject::Subject;
use crate::progress::Progress;
use activity_harness::alphabet::{Configuration, Power};
use activity_harness::learn::{LearnError, differs};
use activity_harness::machine::Explicit;
use activity_harness::run::Watch as _;
use activity_harness::seam::Broken;

/// A configuration that a machine may be learned in.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Its place in the list, counted from one.
    pub(super) number: usize,
    pub(super) configuration: Configuration,
    pub(super) specification: Explicit,
}

/// The configuration that was chosen, and how.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) chosen: Candidate,
    /// Whether a difference shows in it; none if nobody looked for one.
    pub(super) shows: Option<bool>,
    /// In which others every edge and some walks were played, and showed none.
    pub(super) without: Vec<usize>,
    /// Which were left out, since the system lacks what they need.
    pub(super) unsuited: Vec<usize>,
}

/// The configurations that are asked for and suit a system, and the numbers of those that do not.
pub(super) struct Suiting {
    pub(super) suited: Vec<Candidate>,
    pub(super) unsuited: Vec<usize>,
}

impl Choice {
    /// Looks for the first configuration in which the subject does not show what the specification
    /// does; if there is none, it is the first. Of one there is no choice.
    pub(super) fn of(
        subject: &mut Subject,
        Suiting { mut suited, unsuited }: Suiting,
        power: Power,
        queries: usize,
        progress: &Progress,
    ) -> Result<Self, (Box<Candidate>, LearnError<Broken>)> {
        let (mut without, mut shows) = (Vec::new(), None);
        if suited.len() > 1 {
            let mut found = None;
            for (place, candidate) in suited.iter().enumerate() {
                progress.begins(&format!("edges and walks in number {}", candidate.number), 0);
                let mut asked = subject.asked(&candidate.configuration, power, progress);
                let differs = differs(&mut asked, &candidate.specification, queries)
                    .map_err(|error| (Box::new(candidate.clone()), error))?;
                if differs.is_some() {
                    found = Some(place);
                    break;
                }
                without.push(candidate.number);
            }
            shows = Some(found.is_some());
            if let Some(place) = found {
                suited.swap(0, place);
            }
        }
        let chosen = suited.swap_remove(0);
        without.retain(|number| *number != chosen.number);
        Ok(Choice { chosen, shows, without, unsuited })
    }
}
