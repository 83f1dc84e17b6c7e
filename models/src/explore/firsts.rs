//! Coverage of an exploration: which of a numbered list was seen, and in which step first. Knows
//! places and an order of what is better; does not know what is seen.

/// For each place of a list the best that was seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Firsts<R> {
    best: Vec<Option<R>>,
}

impl<R: Clone + Ord> Firsts<R> {
    /// Nothing is seen yet of a list of this length.
    #[must_use]
    pub fn of(length: usize) -> Self {
        Firsts { best: vec![None; length] }
    }

    /// The best at a place, if it was seen.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<&R> {
        self.best[place].as_ref()
    }

    /// Takes note that a place was seen like this; less is better.
    pub fn see(&mut self, place: usize, seen: R) {
        let best = &mut self.best[place];
        if best.as_ref().is_none_or(|best| seen < *best) {
            *best = Some(seen);
        }
    }

    /// Adds what somebody else has seen of the same list.
    pub fn add(&mut self, other: &Self) {
        for (place, seen) in other.seen() {
            self.see(place, seen.clone());
        }
    }

    /// What was seen.
    pub fn seen(&self) -> impl Iterator<Item = (usize, &R)> {
        self.best.iter().enumerate().filter_map(|(place, seen)| Some((place, seen.as_ref()?)))
    }

    /// Every place, seen or not.
    pub fn all(&self) -> impl Iterator<Item = Option<&R>> {
        self.best.iter().map(Option::as_ref)
    }

    /// The places that somebody else has seen, and this has not.
    pub fn missing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        other.seen().map(|(place, _)| place).filter(|place| self.best[*place].is_none())
    }

    /// Whether every place was seen.
    #[must_use]
    pub fn are_complete(&self) -> bool {
        self.best.iter().all(Option::is_some)
    }
}
