//! The value of an option that silences a rule, found by bisection with the rule as judge.
//! Knows that verdicts are monotone; does not know why.

use super::case::Judge;
use super::condition::Outcome;
use super::known::{Known, KnownOptions, LONGEST, MILLISECOND, Setting};
use super::{Declared, Subject, refused};
use activity_execution::options::{Field, Nanoseconds};

/// A value that mends a finding; a millisecond nearer to what was given does not. Where nothing was
/// given, that is as long as can be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fix {
    /// What to set.
    pub fixed: Fixed,
    /// What to.
    pub value: Nanoseconds,
    /// In which direction it differs from what was given.
    pub way: Way,
}

/// What a fix sets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fixed {
    /// An option of the activity.
    Option(Field),
    /// How long the workflow around it may run.
    RunTimeout,
}

/// In which direction a value mends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// It has to be larger; the fix is the least one.
    Raise,
    /// It has to be smaller; the fix is the largest one.
    Lower,
}

impl Fixed {
    /// Its name in snake case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fixed::Option(field) => field.name(),
            Fixed::RunTimeout => "workflow_run_timeout",
        }
    }

    /// The option, if it is one.
    #[must_use]
    pub fn field(self) -> Option<Field> {
        match self {
            Fixed::Option(field) => Some(field),
            Fixed::RunTimeout => None,
        }
    }
}

/// The nearest value that silences a judge, if there is one.
pub(super) fn found(judge: &Judge, subject: &Subject<'_>, fixed: Fixed, way: Way) -> Option<Fix> {
    let is_silent = |milliseconds: i128| {
        let (known, declared) = with(subject, fixed, Nanoseconds(milliseconds * MILLISECOND));
        let subject = Subject { known: &known, declared: &declared, ..*subject };
        matches!(judge.outcome(&subject), Outcome::Silent) && !refused::is_refused(&subject)
    };
    let given = match fixed {
        Fixed::Option(field) => match subject.known.get(field) {
            Known::Given(Setting::Duration(given)) => *given,
            Known::Given(Setting::Number(_) | Setting::Names(_)) | Known::Unknown => return None,
            Known::Absent if way == Way::Lower => Nanoseconds(LONGEST),
            Known::Absent => Nanoseconds(0),
        },
        Fixed::RunTimeout => subject.declared.run_timeout.unwrap_or_default(),
    };
    let given = i128::from(given.whole_milliseconds().0);
    let value = match way {
        Way::Raise => least(given, LONGEST / MILLISECOND, is_silent)?,
        Way::Lower => -least(-given, -1, |negative| is_silent(-negative))?,
    };
    Some(Fix { fixed, value: Nanoseconds(value * MILLISECOND), way })
}

/// What is known with another value.
fn with(subject: &Subject<'_>, fixed: Fixed, value: Nanoseconds) -> (KnownOptions, Declared) {
    let (mut known, mut declared) = (subject.known.clone(), *subject.declared);
    match fixed {
        Fixed::Option(field) => known.set(field, Known::Given(Setting::Duration(value))),
        Fixed::RunTimeout => declared.run_timeout = Some(value),
    }
    (known, declared)
}

/// The least number above the first, and up to the last, of which something holds that holds of
/// all greater ones too; `None` if it holds of none.
pub(crate) fn least(first: i128, last: i128, holds: impl Fn(i128) -> bool) -> Option<i128> {
    if first >= last || !holds(last) {
        return None;
    }
    // What does not hold, as far as is known, and what holds.
    let (mut fails, mut least) = (first, last);
    while least - fails > 1 {
        let middle = fails + (least - fails) / 2;
        if holds(middle) {
            least = middle;
        } else {
            fails = middle;
        }
    }
    Some(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bisection_finds_the_least_number_and_none_where_there_is_none() {
        for bound in [1, 2, 3, 500, 999, 1_000] {
            assert_eq!(least(0, 1_000, |it| it >= bound), Some(bound));
        }
        assert_eq!(least(0, 1_000, |it| it > 1_000), None);
        assert_eq!(least(-1_000, -1, |it| -it <= 7), Some(-7));
        assert_eq!(least(5, 5, |_| true), None);
    }
}
