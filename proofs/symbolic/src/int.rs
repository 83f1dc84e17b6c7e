//! The symbolic integer: linear arithmetic that builds forms, comparisons that fork.

use crate::context::{try_with, with, with_or_stop};
use crate::linear::Comparison;
use crate::step::Question;
use crate::terms::Term;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::panic::Location;

/// A symbolic integer: unbounded, `Copy`, with ordinary operators.
///
/// Comparing two of them forks: the closure is executed once for each possible answer. It is not
/// `Hash`: a hash would have to look at a value that is not there.
/// Outside of an exploration only `Debug` works, everything else panics.
#[derive(Clone, Copy)]
pub struct Int(pub(crate) Term);

impl Int {
    #[track_caller]
    fn compare(self, other: Self, question: Question) -> Comparison {
        let at = Location::caller();
        with_or_stop(|context| context.ask(self.0, other.0, question, at))
    }

    #[track_caller]
    fn is(self, other: Self, comparison: Comparison) -> bool {
        self.compare(other, Question::Is(comparison)) == comparison
    }

    #[track_caller]
    fn plus(self, other: Self, times: i64) -> Self {
        let at = Location::caller();
        with(|context| {
            let sum = context.terms.combine(self.0, other.0, times);
            context.oblige(sum, at);
            Self(sum)
        })
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        with(|context| Self(context.terms.literal(value.into())))
    }
}

impl fmt::Debug for Int {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = try_with(|context| context.show(self.0));
        out.write_str(text.as_deref().unwrap_or("(an integer of another exploration)"))
    }
}

impl fmt::Display for Int {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, out)
    }
}

impl Add for Int {
    type Output = Self;

    #[track_caller]
    fn add(self, other: Self) -> Self {
        self.plus(other, 1)
    }
}

impl AddAssign for Int {
    #[track_caller]
    fn add_assign(&mut self, other: Self) {
        *self = self.plus(other, 1);
    }
}

impl Sub for Int {
    type Output = Self;

    #[track_caller]
    fn sub(self, other: Self) -> Self {
        self.plus(other, -1)
    }
}

impl SubAssign for Int {
    #[track_caller]
    fn sub_assign(&mut self, other: Self) {
        *self = self.plus(other, -1);
    }
}

impl Neg for Int {
    type Output = Self;

    #[track_caller]
    fn neg(self) -> Self {
        Self::from(0).plus(self, -1)
    }
}

impl Mul<i64> for Int {
    type Output = Self;

    #[track_caller]
    fn mul(self, times: i64) -> Self {
        Self::from(0).plus(self, times)
    }
}

impl PartialEq for Int {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        self.is(*other, Comparison::Equal)
    }

    #[track_caller]
    #[expect(clippy::partialeq_ne_impl, reason = "the default loses the caller's location")]
    fn ne(&self, other: &Self) -> bool {
        !self.is(*other, Comparison::Equal)
    }
}

impl Eq for Int {}

impl PartialOrd for Int {
    #[track_caller]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[track_caller]
    fn lt(&self, other: &Self) -> bool {
        self.is(*other, Comparison::Less)
    }

    #[track_caller]
    fn le(&self, other: &Self) -> bool {
        self.is(*other, Comparison::AtMost)
    }

    #[track_caller]
    fn gt(&self, other: &Self) -> bool {
        self.is(*other, Comparison::Greater)
    }

    #[track_caller]
    fn ge(&self, other: &Self) -> bool {
        self.is(*other, Comparison::AtLeast)
    }
}

impl Ord for Int {
    #[track_caller]
    fn cmp(&self, other: &Self) -> Ordering {
        match self.compare(*other, Question::Order) {
            Comparison::Less => Ordering::Less,
            Comparison::Greater => Ordering::Greater,
            Comparison::Equal | Comparison::AtMost | Comparison::AtLeast => Ordering::Equal,
        }
    }

    #[track_caller]
    fn max(self, other: Self) -> Self {
        if self.is(other, Comparison::Greater) { self } else { other }
    }

    #[track_caller]
    fn min(self, other: Self) -> Self {
        if self.is(other, Comparison::Greater) { other } else { self }
    }

    #[track_caller]
    fn clamp(self, low: Self, high: Self) -> Self {
        if self.is(low, Comparison::Less) {
            low
        } else if self.is(high, Comparison::Greater) {
            high
        } else {
            self
        }
    }
}
