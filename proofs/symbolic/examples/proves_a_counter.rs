//! A bounded retry counter: an invariant by induction, for every maximum, and no overflow.

use std::ops::Add;
use symbolic::{Budget, Int, assume, check, fresh, literal, prove, within};

/// Counts attempts from one up to a maximum; 0 stands for no maximum.
#[derive(Clone, Copy, Debug)]
struct Attempts<N> {
    attempt: N,
    maximum: N,
}

impl<N: Copy + Ord + Add<Output = N> + From<i64>> Attempts<N> {
    fn first(maximum: N) -> Self {
        Self { attempt: N::from(1), maximum }
    }

    fn next(self) -> Option<Self> {
        let exhausted = self.maximum != N::from(0) && self.attempt >= self.maximum;
        (!exhausted).then(|| Self { attempt: self.attempt + N::from(1), ..self })
    }

    fn is_sound(self) -> bool {
        let unlimited = self.maximum == N::from(0);
        N::from(1) <= self.attempt && (unlimited || self.attempt <= self.maximum)
    }
}

fn main() {
    let initial = prove("the first attempt is sound", Budget::default(), || {
        let maximum = fresh("maximum");
        assume(maximum >= literal(0));
        let first = Attempts::first(maximum);
        check("sound", first.is_sound(), || format!("{first:?}"));
    });
    let step = prove("every further attempt is sound", Budget::default(), || {
        let before: Attempts<Int> =
            Attempts { attempt: fresh("attempt"), maximum: fresh("maximum") };
        assume(before.is_sound());
        // What a machine must be able to hold: one attempt more than there ever are.
        assume(before.attempt < literal(i64::MAX));
        let after = within(literal(0), literal(i64::MAX), || before.next());
        if let Some(after) = after {
            check("sound", after.is_sound(), || format!("before {before:?}\nafter {after:?}"));
            check("one more", after.attempt - before.attempt == literal(1), String::new);
        }
    });
    print!("{initial}{step}");
    assert!(initial.is_proved() && step.is_proved(), "the counter is proved");
}
