//! Differences that were told already, so that a run that goes on looks for others.

use super::lane::{Fault, Finding};
use crate::alphabet::Input;
use crate::judge::Where;

/// Differences that nobody needs to be told again: each stands for all that look like it.
#[derive(Clone, Debug, Default)]
pub struct Known(Vec<Likeness>);

/// What two differences have in common that are told once: the input at which they are seen, where,
/// and what is allowed and observed there but for numbers.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Likeness {
    input: Option<Input>,
    fault: Fault,
    place: Where,
    allowed: Vec<String>,
    observed: String,
}

impl Known {
    /// Whether one like it was told.
    #[must_use]
    pub fn has(&self, finding: &Finding) -> bool {
        self.0.contains(&Likeness::of(finding))
    }

    /// It is told.
    pub fn add(&mut self, finding: &Finding) {
        let likeness = Likeness::of(finding);
        if !self.0.contains(&likeness) {
            self.0.push(likeness);
        }
    }

    /// How many were told that are not alike.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl Likeness {
    fn of(finding: &Finding) -> Self {
        let difference = &finding.difference;
        Likeness {
            input: finding.job.sequence.last().copied(),
            fault: finding.job.fault,
            place: difference.place,
            allowed: difference.allowed.iter().map(|it| without_numbers(it)).collect(),
            observed: without_numbers(&difference.observed),
        }
    }
}

fn without_numbers(text: &str) -> String {
    text.chars().filter(|it| !it.is_ascii_digit()).collect()
}
