//! The number type behind instants, durations and attempt counts, and the newtypes that keep those
//! three apart. Knows comparison, addition and subtraction; has never heard of a clock.

use core::cmp::Ordering;
use core::fmt::{self, Debug};
use core::hash::{Hash, Hasher};
use core::ops::{Add, Sub};

/// What instants, durations and attempt counts are made of.
///
/// Production uses `i64` milliseconds, exploration small integers, proofs symbolic ones.
/// Only comparison and linear arithmetic are allowed, so that one text serves all three.
pub trait Number: Copy + Debug + Ord + Add<Output = Self> + Sub<Output = Self> {
    /// The number written `value` in the source.
    fn literal(value: i64) -> Self;
}

impl Number for i64 {
    fn literal(value: i64) -> Self {
        value
    }
}

impl Number for i16 {
    /// # Panics
    /// If `value` does not fit: the literals of the machines are 0 and 1.
    fn literal(value: i64) -> Self {
        i16::try_from(value).expect("a literal of the machines fits sixteen bits")
    }
}

macro_rules! number_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default)]
        pub struct $name<N = i64>(pub N);

        impl<N: Debug> Debug for $name<N> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        // Written by hand, because a symbolic number reports where it was compared.
        impl<N: PartialEq> PartialEq for $name<N> {
            #[track_caller]
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<N: Eq> Eq for $name<N> {}

        impl<N: Hash> Hash for $name<N> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }

        #[expect(clippy::non_canonical_partial_ord_impl, reason = "`cmp` would fork three ways")]
        impl<N: Ord> PartialOrd for $name<N> {
            #[track_caller]
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.0.cmp(&other.0))
            }
            #[track_caller]
            fn lt(&self, other: &Self) -> bool {
                self.0 < other.0
            }
            #[track_caller]
            fn le(&self, other: &Self) -> bool {
                self.0 <= other.0
            }
            #[track_caller]
            fn gt(&self, other: &Self) -> bool {
                self.0 > other.0
            }
            #[track_caller]
            fn ge(&self, other: &Self) -> bool {
                self.0 >= other.0
            }
        }

        impl<N: Ord> Ord for $name<N> {
            #[track_caller]
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.cmp(&other.0)
            }
        }
    };
}

number_newtype! {
    /// An instant: milliseconds since an origin that the caller chooses, floored.
    Timestamp
}

number_newtype! {
    /// A length of time in milliseconds; never negative where an option carries it.
    Span
}

number_newtype! {
    /// The number of an attempt, counted from one.
    Attempt
}

impl<N: Number> Timestamp<N> {
    /// The earlier of the two.
    #[track_caller]
    #[must_use]
    pub fn or_earlier(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    /// The later of the two.
    #[track_caller]
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        if other > self { other } else { self }
    }
}

impl<N: Number> Span<N> {
    /// No time at all.
    #[must_use]
    pub fn zero() -> Self {
        Span(N::literal(0))
    }
}

impl<N: Number> Attempt<N> {
    /// The attempt that every execution begins with.
    #[must_use]
    pub fn first() -> Self {
        Attempt(N::literal(1))
    }

    /// The attempt after this one.
    #[track_caller]
    #[must_use]
    pub fn next(self) -> Self {
        Attempt(self.0 + N::literal(1))
    }
}

impl<N: Number> Add<Span<N>> for Timestamp<N> {
    type Output = Timestamp<N>;
    #[track_caller]
    fn add(self, span: Span<N>) -> Timestamp<N> {
        Timestamp(self.0 + span.0)
    }
}

impl<N: Number> Sub<Span<N>> for Timestamp<N> {
    type Output = Timestamp<N>;
    #[track_caller]
    fn sub(self, span: Span<N>) -> Timestamp<N> {
        Timestamp(self.0 - span.0)
    }
}

impl<N: Number> Sub for Timestamp<N> {
    type Output = Span<N>;
    #[track_caller]
    fn sub(self, earlier: Self) -> Span<N> {
        Span(self.0 - earlier.0)
    }
}

impl<N: Number> Add for Span<N> {
    type Output = Span<N>;
    #[track_caller]
    fn add(self, other: Self) -> Span<N> {
        Span(self.0 + other.0)
    }
}
