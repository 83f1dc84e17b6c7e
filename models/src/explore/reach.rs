//! Reachable states of a small machine that is given by a successor function. Knows nothing of
//! promises: whoever says what follows a state sees each one once, and can judge it there.

use super::{Broken, Explorable, Explorer, Judge, Judged, Until};
use std::cell::RefCell;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};

/// The states that can be reached from one, nearest first and one of each class; `successors` is
/// asked once for each and adds what can follow it.
pub fn reach<S: Clone + Debug, K: Clone + Eq + Hash>(
    begin: S,
    class: impl Fn(&S) -> K,
    successors: impl FnMut(&S, &mut Vec<S>),
) -> Vec<S> {
    let (mut explorer, successors) = (Explorer::default(), RefCell::new(successors));
    let machine = Told { begin, class, successors };
    explorer.explore(&machine, [0], Until::TheEnd, &mut ());
    explorer.states().iter().map(|alike| alike.state.clone()).collect()
}

/// A machine that is told by functions.
struct Told<S, C, F> {
    begin: S,
    class: C,
    successors: RefCell<F>,
}

/// A state, equal to others of its class.
#[derive(Clone)]
struct Alike<S, C> {
    state: S,
    class: C,
}

impl<S, K, C, F> Explorable for Told<S, C, F>
where
    S: Clone + Debug,
    K: Clone + Eq + Hash,
    C: Fn(&S) -> K,
    F: FnMut(&S, &mut Vec<S>),
{
    type Begin = ();
    type State = Alike<S, K>;
    type Move = S;
    type Step = S;
    type Stand<'a>
        = ()
    where
        Self: 'a;

    fn begins(&self) -> usize {
        1
    }

    fn chosen(&self, _: usize) {}

    fn begin(&self, _: usize) -> Judged<Self::State> {
        Judged { it: self.alike(&self.begin), broken: Broken::NOTHING }
    }

    fn moves(&self, before: &Self::State, moves: &mut Vec<S>) {
        (self.successors.borrow_mut())(&before.state, moves);
    }

    fn stand<'a>(&'a self, _: &'a Self::State) {}

    fn step(&self, (): &(), moved: &S) -> Judged<S> {
        Judged { it: moved.clone(), broken: Broken::NOTHING }
    }

    fn next(&self, _: &Self::State, step: &S) -> Option<Self::State> {
        Some(self.alike(step))
    }

    fn judges(&self) -> Vec<Judge> {
        Vec::new()
    }

    fn told(&self, moved: &S) -> String {
        format!("{moved:?}")
    }
}

impl<S: Clone, K, C: Fn(&S) -> K, F> Told<S, C, F> {
    fn alike(&self, state: &S) -> Alike<S, K> {
        Alike { state: state.clone(), class: (self.class)(state) }
    }
}

impl<S, C: PartialEq> PartialEq for Alike<S, C> {
    fn eq(&self, other: &Self) -> bool {
        self.class == other.class
    }
}

impl<S, C: Eq> Eq for Alike<S, C> {}

impl<S, C: Hash> Hash for Alike<S, C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.class.hash(state);
    }
}
