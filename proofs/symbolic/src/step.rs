//! A decision as the exploration stores it: numbers of forms instead of the forms.

use crate::linear::{Comparison, Linear};
use crate::path::{Decision, End, Path};
use crate::terms::{ExecutionOptions, Term};
use std::panic::Location;
use std::sync::Arc;

/// A decision in the tables of an exploration; `Decision` is the same for people.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Compared {
        left: Term,
        question: Question,
        comparison: Comparison,
        right: Term,
        implied: bool,
        at: Place,
    },
    Chosen {
        options: u32,
        taken: u32,
        at: Place,
    },
    Assumed {
        left: Term,
        right: Term,
        bound: i64,
        at: Place,
    },
}

/// What is asked about two integers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Question {
    Is(Comparison),
    Order,
}

pub(crate) type Place = &'static Location<'static>;

impl Question {
    /// The answers: exactly one of them holds, whatever the integers are.
    pub(crate) fn answers(self) -> &'static [Comparison] {
        use Comparison::{AtLeast, AtMost, Equal, Greater, Less};
        match self {
            Self::Is(Less) => &[Less, AtLeast],
            Self::Is(AtMost) => &[AtMost, Greater],
            Self::Is(Equal) => &[Equal, Less, Greater],
            Self::Is(AtLeast) => &[AtLeast, Less],
            Self::Is(Greater) => &[Greater, AtMost],
            Self::Order => &[Less, Equal, Greater],
        }
    }

    /// Which answer holds for two integers with this `difference`, left minus right.
    pub(crate) fn index(self, difference: i128) -> usize {
        let holds = |answer: &Comparison| answer.holds(difference);
        self.answers().iter().position(holds).expect("the answers cover all integers")
    }

    /// The answer that holds for two integers with this `difference`.
    pub(crate) fn answer(self, difference: i128) -> Comparison {
        self.answers()[self.index(difference)]
    }
}

impl Step {
    pub(crate) fn at(self) -> Place {
        match self {
            Self::Compared { at, .. } | Self::Chosen { at, .. } | Self::Assumed { at, .. } => at,
        }
    }

    pub(crate) fn to_decision(self, forms: &[Arc<Linear>]) -> Decision {
        let form = |term: Term| Linear::clone(&forms[term.index()]);
        match self {
            Self::Compared { left, comparison, right, implied, at, .. } => {
                Decision::Compared { left: form(left), comparison, right: form(right), implied, at }
            }
            Self::Chosen { options, taken, at } => Decision::Chosen { options, taken, at },
            Self::Assumed { left, right, bound, at } => {
                Decision::Assumed { left: form(left), right: form(right), bound, at }
            }
        }
    }

    /// The path of these steps.
    pub(crate) fn path(
        steps: impl Iterator<Item = Self>,
        terms: &ExecutionOptions,
        end: End,
    ) -> Path {
        let decisions = steps.map(|step| step.to_decision(terms.forms())).collect();
        Path { names: terms.names().into(), decisions, end }
    }
}
