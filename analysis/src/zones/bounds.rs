//! Difference bounds: what is known of the distances between instants, and nothing else.

use symbolic::{Constraint, Linear};

/// Upper bounds of the differences between points, of which the first is the present.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Bounds {
    points: usize,
    // INVARIANT: closed, so that equal sets of instants have equal bounds.
    at_most: Vec<i64>,
}

impl Bounds {
    /// Nothing is known.
    fn unknown(points: usize) -> Self {
        let mut bounds = Bounds { points, at_most: vec![UNBOUNDED; points * points] };
        (0..points).for_each(|point| bounds.at_most[point * points + point] = 0);
        bounds
    }

    /// How many points there are, the present included.
    #[must_use]
    pub fn points(&self) -> usize {
        self.points
    }

    /// What `one` minus `other` is at most.
    #[must_use]
    pub fn difference(&self, one: usize, other: usize) -> Option<i64> {
        let bound = self.at_most[one * self.points + other];
        (bound < UNBOUNDED).then_some(bound)
    }

    /// Whether every choice of instants that these allow is allowed by `other` as well.
    #[must_use]
    pub fn is_inside(&self, other: &Bounds) -> bool {
        self.points == other.points
            && self.at_most.iter().zip(&other.at_most).all(|(mine, theirs)| mine <= theirs)
    }

    /// The instants that these or `other` allow, if bounds can say so much and no more.
    #[must_use]
    pub fn union(&self, other: &Bounds) -> Option<Bounds> {
        if self.is_apart(other) {
            return None;
        }
        let at_most = self.at_most.iter().zip(&other.at_most);
        let at_most = at_most.map(|(mine, theirs)| *mine.max(theirs)).collect();
        let both = Bounds { points: self.points, at_most };
        // What lies beyond one of our bounds has to be the other's.
        let mut beyond = (0..self.at_most.len()).filter(|it| self.at_most[*it] < both.at_most[*it]);
        let covered = beyond.all(|index| {
            let (one, another) = (index / self.points, index % self.points);
            let mut rest = both.clone();
            rest.restrict(another, one, -self.at_most[index] - 1);
            rest.close().is_none() || rest.is_inside(other)
        });
        covered.then_some(both)
    }

    /// Whether a distance lies between all that these allow and all that `other` allows.
    fn is_apart(&self, other: &Bounds) -> bool {
        let distances = (0..self.points).flat_map(|one| (0..self.points).map(move |it| (one, it)));
        distances.into_iter().any(|(one, another)| {
            let most = self.at_most[one * self.points + another];
            let back = other.at_most[another * self.points + one];
            most < UNBOUNDED && back < UNBOUNDED && most + back < -1
        })
    }

    /// What `known` says of the distances between `points`; `None` if nothing satisfies it.
    ///
    /// # Panics
    /// If a constraint is not about the difference of two unknowns.
    pub(super) fn project(known: &[Constraint], points: &[Linear]) -> Option<Bounds> {
        let indices = points.iter().chain(known.iter().map(Constraint::form));
        let symbols = indices.flat_map(Linear::terms).map(|(symbol, _)| symbol.index() + 1).max();
        // The first node is zero, the others are the symbols.
        let mut all = Bounds::unknown(1 + symbols.unwrap_or(0));
        for constraint in known {
            let (plus, minus, constant) = difference(constraint.form());
            all.restrict(plus, minus, -constant);
            if let Constraint::Zero(_) = constraint {
                all.restrict(minus, plus, constant);
            }
        }
        all.close()?;
        let mut projected = Bounds::unknown(points.len());
        for (row, one) in points.iter().enumerate() {
            for (column, other) in points.iter().enumerate().filter(|(column, _)| *column != row) {
                let between = one.combine(1, other, -1).expect("instants are far from overflow");
                let (plus, minus, constant) = difference(&between);
                if let Some(bound) = all.difference(plus, minus) {
                    projected.restrict(row, column, bound + constant);
                }
            }
        }
        projected.close()?;
        Some(projected)
    }

    /// Moves some points into the past, all by the same length of time within these.
    pub(super) fn put_back(&mut self, moved: &[usize], least: i64, most: Option<i64>) {
        let stays = |point: &usize| !moved.contains(point);
        for (moved, other) in
            moved.iter().flat_map(|moved| (0..self.points).map(move |it| (*moved, it)))
        {
            if !stays(&other) {
                continue;
            }
            let after = &mut self.at_most[other * self.points + moved];
            *after = match most {
                Some(most) if *after < UNBOUNDED => after.saturating_add(most).min(UNBOUNDED),
                Some(_) | None => UNBOUNDED,
            };
            let before = &mut self.at_most[moved * self.points + other];
            if *before < UNBOUNDED {
                *before -= least;
            }
        }
    }

    /// Adds that one point is before another, by so much at least; `None` if that cannot be.
    pub(super) fn order(mut self, first: usize, then: usize, least: i64) -> Option<Self> {
        self.restrict(first, then, -least);
        self.close().map(|()| self)
    }

    /// Adds how much later one point is than another, at least and at most; `None` if that cannot be.
    pub(crate) fn later(mut self, one: usize, than: usize, within: (i64, i64)) -> Option<Self> {
        let (least, most) = within;
        self.restrict(than, one, -least);
        self.restrict(one, than, most.min(UNBOUNDED));
        self.close().map(|()| self)
    }

    /// How much later one point is than another, at least and at most.
    pub(crate) fn how_much_later(&self, one: usize, than: usize) -> (i64, i64) {
        let least = self.difference(than, one).map_or(-UNBOUNDED, |most| -most);
        (least, self.difference(one, than).unwrap_or(UNBOUNDED))
    }

    fn restrict(&mut self, one: usize, other: usize, bound: i64) {
        let known = &mut self.at_most[one * self.points + other];
        *known = bound.min(*known);
    }

    /// Draws every conclusion; `None` if they contradict each other.
    fn close(&mut self) -> Option<()> {
        let points = self.points;
        for through in 0..points {
            for one in 0..points {
                let Some(first) = self.difference(one, through) else { continue };
                for other in 0..points {
                    if let Some(second) = self.difference(through, other) {
                        self.restrict(one, other, first + second);
                    }
                }
            }
        }
        (0..points).all(|point| self.at_most[point * points + point] >= 0).then_some(())
    }
}

/// A form as the difference of two nodes, of which zero is the first, plus a constant.
fn difference(form: &Linear) -> (usize, usize, i64) {
    let (mut plus, mut minus) = (None, None);
    for &(symbol, times) in form.terms() {
        let side = match times {
            1 => &mut plus,
            -1 => &mut minus,
            _ => panic!("not a difference of instants: {form:?}"),
        };
        assert!(side.replace(symbol.index() + 1).is_none(), "not a difference: {form:?}");
    }
    let constant = i64::try_from(form.constant()).expect("constants are sums of a few durations");
    (plus.unwrap_or(0), minus.unwrap_or(0), constant)
}

/// More than any sum of durations.
pub(crate) const UNBOUNDED: i64 = i64::MAX / 4;
