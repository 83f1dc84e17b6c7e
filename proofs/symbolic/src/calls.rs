//! What a closure calls while it is explored.

use crate::context::{with, with_or_stop};
use crate::int::Int;
use crate::linear::{Constraint, Linear};
use crate::lookahead::{Next, Tried, try_path};
use std::panic::Location;

/// A new unknown integer. The same name once more on the same path becomes `name#2`.
///
/// # Panics
/// Outside of an exploration, and if the name is empty or has a `|`, `\` or `#`.
pub fn fresh(name: &str) -> Int {
    with(|context| Int(context.fresh(name)))
}

/// The integer `value`.
///
/// # Panics
/// Outside of an exploration.
pub fn literal(value: i64) -> Int {
    Int::from(value)
}

/// Each of `0..options`, on a path of its own.
///
/// # Panics
/// Outside of an exploration, and if there are no options.
#[track_caller]
pub fn choose(options: usize) -> usize {
    let at = Location::caller();
    let options = u32::try_from(options).expect("a choice has fewer than 2^32 alternatives");
    with_or_stop(|context| context.choose(options, at)) as usize
}

/// Each of `items`, on a path of its own.
///
/// # Panics
/// Outside of an exploration, and if there are no items.
#[track_caller]
pub fn pick<T: Clone>(items: &[T]) -> T {
    items[choose(items.len())].clone()
}

/// False and true, on a path each.
///
/// # Panics
/// Outside of an exploration.
#[track_caller]
pub fn flag() -> bool {
    choose(2) == 1
}

/// Nothing and a new unknown integer, on a path each.
///
/// # Panics
/// Outside of an exploration.
#[track_caller]
pub fn option(name: &str) -> Option<Int> {
    flag().then(|| fresh(name))
}

/// Leaves the path, without a statement about it, unless `condition` holds.
///
/// # Panics
/// Outside of an exploration.
pub fn assume(condition: bool) {
    such_that(|| condition.then_some(()));
}

/// As `assume`, and fast for predicates with many false paths: only `condition` is executed again
/// for each of them, not the whole closure.
///
/// # Panics
/// Outside of an exploration.
pub fn assume_that(condition: impl Fn() -> bool) {
    such_that(|| condition().then_some(()));
}

/// What `attempt` returns, on each of its paths that return something; the others are pruned.
///
/// `attempt` makes unknowns and choices of its own, such as those of an arbitrary state that
/// satisfies an invariant. Like the condition of `assume_that`, it alone is executed again: all of
/// its paths are tried before the first is gone on with. It is no place for a `check`.
///
/// # Panics
/// Outside of an exploration.
pub fn such_that<T>(mut attempt: impl FnMut() -> Option<T>) -> T {
    if let Some(mut lookahead) = with(|context| context.look_ahead()) {
        loop {
            let tried = try_path(&mut attempt);
            match (with_or_stop(|context| context.after(&tried, &mut lookahead)), tried) {
                (Next::Again, _) => {}
                (Next::Onward, Tried::Found(found)) => return found,
                (Next::Onward | Next::Repeat, _) => break,
            }
        }
    }
    attempt().expect("an attempt that is repeated returns what it returned")
}

/// Supposes that `left - right <= bound`, without a fork.
///
/// # Panics
/// Outside of an exploration.
#[track_caller]
pub fn assume_le(left: Int, right: Int, bound: i64) {
    let at = Location::caller();
    with_or_stop(|context| context.assume(left.0, right.0, bound, at));
}

/// Records a failure of this name on the current path unless `holds`, and returns `holds`.
///
/// `words` describes the situation: it is called only if the failure is recorded, once with the
/// integers as forms over symbols and once with the numbers of an example.
///
/// # Panics
/// Outside of an exploration.
#[track_caller]
pub fn check(name: &str, holds: bool, words: impl Fn() -> String) -> bool {
    let at = Location::caller();
    let failure = with_or_stop(|context| context.judge(name, holds, at));
    if let Some(mut failure) = failure {
        if with(|context| context.begin_words(None)) {
            failure.words = words();
        }
        if let Some(example) = &mut failure.example {
            with(|context| context.begin_words(Some(example)));
            example.words = words();
        }
        with(|context| {
            context.end_words();
            context.failures.push(failure);
        });
    }
    holds
}

/// Demands that every sum, difference, negation and product inside `scope` is between `low` and
/// `high`: what cannot be proved is a failure at the place of the operation.
///
/// The demand itself does not fork. Scopes nest: the innermost bounds are in force.
///
/// # Panics
/// Outside of an exploration.
pub fn within<R>(low: Int, high: Int, scope: impl FnOnce() -> R) -> R {
    let outer = with(|context| context.bounds.replace((low.0, high.0)));
    let result = scope();
    with(|context| context.bounds = outer);
    result
}

/// The linear forms of `integers`: with `hypotheses`, what a caller needs to project the path
/// onto them.
///
/// # Panics
/// Outside of an exploration.
pub fn forms(integers: &[Int]) -> Vec<Linear> {
    with(|context| integers.iter().map(|int| context.terms.form(int.0).clone()).collect())
}

/// What is known on the current path, without what follows from the rest.
///
/// # Panics
/// Outside of an exploration.
pub fn hypotheses() -> Vec<Constraint> {
    with(|context| {
        let known = context.hypotheses.iter();
        known.map(|&known| context.solver.constraint(known).clone()).collect()
    })
}
