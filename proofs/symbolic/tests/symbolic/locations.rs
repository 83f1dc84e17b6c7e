//! Each decision is reported at the caller's line, through operators, newtypes and generic code.

use std::cmp::Ordering;
use std::ops::Add;
use symbolic::{Budget, Explorer, Int, assume_le, choose, fresh, literal, within};

/// An instant whose own comparisons pass the caller's place on.
#[derive(Clone, Copy)]
struct Timestamp<N>(N);

impl<N: Ord> PartialEq for Timestamp<N> {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<N: Ord> PartialOrd for Timestamp<N> {
    #[track_caller]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }

    #[track_caller]
    fn le(&self, other: &Self) -> bool {
        self.0 <= other.0
    }
}

impl<N: Add<Output = N>> Add<N> for Timestamp<N> {
    type Output = Self;

    #[track_caller]
    fn add(self, span: N) -> Self {
        Self(self.0 + span)
    }
}

/// The lines of the decisions on the first path of `closure`.
fn lines(closure: impl FnMut()) -> Vec<u32> {
    let report = Explorer::new(Budget::default()).record_paths().prove("lines", closure);
    let path = report.paths.iter().next().expect("there is a path");
    assert!(path.decisions().iter().all(|decision| decision.at().file() == file!()));
    path.decisions().iter().map(|decision| decision.at().line()).collect()
}

#[test]
fn operators_and_their_like_are_reported_where_they_are_written() {
    let first = line!() + 3;
    let found = lines(|| {
        let [x, y, z] = ["x", "y", "z"].map(fresh);
        let _ = x < y;
        let _ = x != z;
        let _ = y.cmp(&z);
        let _ = x.partial_cmp(&literal(3));
        let _ = y.max(literal(4));
        let _ = z.min(literal(5));
        let _ = x.clamp(literal(-9), literal(9));
        assume_le(x, y, 7);
        choose(2);
    });
    assert_eq!(found, [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|line| first + line));
}

#[test]
fn a_newtype_that_tracks_its_caller_is_transparent() {
    let first = line!() + 3;
    let found = lines(|| {
        let (x, y) = (Timestamp(fresh("x")), Timestamp(fresh("y")));
        let _ = x <= y;
        let _ = x == y;
        let _ = x.partial_cmp(&Timestamp(literal(8)));
    });
    assert_eq!(found, [0, 1, 2].map(|line| first + line));
}

#[test]
fn arithmetic_out_of_bounds_is_reported_where_it_is_written() {
    let first = line!() + 4;
    let report = Explorer::new(Budget::default()).prove("bounds", || {
        let (x, y): (Int, Int) = (fresh("x"), fresh("y"));
        within(literal(0), literal(9), || {
            let _ = x + y;
            let _ = Timestamp(x) + y;
            let _ = x - y;
            let _ = -x;
            let _ = x * 3;
        });
    });
    // Each may be too small, and too large: the first failure of each place is kept.
    let found = report.failures.iter().map(|failure| failure.at.expect("a place").line());
    assert_eq!(found.collect::<Vec<_>>(), [0, 1, 2, 3, 4].map(|line| first + line));
}
