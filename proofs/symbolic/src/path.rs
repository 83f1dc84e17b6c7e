//! A path as data: the decisions that lead along it, and which integers satisfy them.
//! Knows nothing of how paths are found.

use crate::linear::{Comparison, Linear, Symbol};
use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// The decisions of one execution of the closure, in order.
#[derive(Clone, Debug)]
pub struct Path {
    pub(crate) names: Arc<[String]>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) end: End,
}

/// How a path ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum End {
    /// The closure returned.
    Finished,
    /// An assumption did not hold: no statement is made about this path.
    Pruned,
    /// A check failed here and the path went on afterwards, or the closure panicked.
    Midway,
}

/// One decision of a path: what is true from here on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Two integers were compared.
    Compared {
        /// The left integer.
        left: Linear,
        /// What holds between them on this path.
        comparison: Comparison,
        /// The right integer.
        right: Linear,
        /// Whether all else was refuted: then it follows from the decisions before.
        implied: bool,
        /// Where.
        at: &'static Location<'static>,
    },
    /// One of several alternatives was chosen.
    Chosen {
        /// How many alternatives there were.
        options: u32,
        /// Which one this path took.
        taken: u32,
        /// Where.
        at: &'static Location<'static>,
    },
    /// A hypothesis was assumed without forking: `left - right <= bound`.
    Assumed {
        /// The left integer.
        left: Linear,
        /// The right integer.
        right: Linear,
        /// What the difference is at most.
        bound: i64,
        /// Where.
        at: &'static Location<'static>,
    },
}

/// Concrete integers and choices: an input of the closure.
///
/// A symbol without a value is 0, a choice that is not listed takes the first alternative, and a
/// choice beyond the last alternative takes the last.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Instance {
    /// The value of each symbol, by name.
    pub values: BTreeMap<String, i128>,
    /// The alternatives taken, in the order in which the closure chooses.
    pub choices: Vec<u32>,
}

impl Path {
    /// What was decided, in order.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// How the path ended.
    pub fn end(&self) -> End {
        self.end
    }

    /// The name of a symbol that occurs in the decisions.
    ///
    /// # Panics
    /// If the symbol belongs to another exploration that has more symbols.
    pub fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.index()]
    }

    /// Whether the closure takes this path on `instance`: whether every decision holds there.
    pub fn matches(&self, instance: &Instance) -> bool {
        let value = |symbol| instance.value(self.name(symbol));
        let mut choices = 0;
        self.decisions.iter().all(|decision| match decision {
            Decision::Chosen { options, taken, .. } => {
                choices += 1;
                instance.choice(choices - 1, *options) == *taken
            }
            Decision::Compared { left, comparison, right, .. } => {
                let difference = left.combine(1, right, -1).and_then(|form| form.evaluate(value));
                difference.is_some_and(|difference| comparison.holds(difference))
            }
            Decision::Assumed { left, right, bound, .. } => {
                let difference = left.combine(1, right, -1).and_then(|form| form.evaluate(value));
                difference.is_some_and(|difference| difference <= (*bound).into())
            }
        })
    }

    /// Whether both paths take the same decisions at the same places, implied or not, and end
    /// alike.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.end == other.end
            && self.decisions.len() == other.decisions.len()
            && (self.decisions.iter().zip(&other.decisions))
                .all(|(mine, theirs)| self.shape(mine) == other.shape(theirs))
    }

    fn shape(&self, decision: &Decision) -> impl PartialEq + use<> {
        let named = |form: &Linear| {
            let terms = form.terms().iter();
            let by_name = terms.map(|&(symbol, times)| (self.name(symbol).to_owned(), times));
            (by_name.collect::<BTreeMap<_, _>>(), form.constant())
        };
        match decision {
            Decision::Compared { left, comparison, right, at, .. } => {
                (*at, vec![named(left), named(right)], Some(*comparison), [0, 0])
            }
            Decision::Chosen { options, taken, at } => {
                (*at, Vec::new(), None, [i64::from(*options), i64::from(*taken)])
            }
            Decision::Assumed { left, right, bound, at } => {
                (*at, vec![named(left), named(right)], None, [0, *bound])
            }
        }
    }

    fn write(&self, decision: &Decision, out: &mut impl fmt::Write) -> fmt::Result {
        let show = |form: &Linear| form.render(|symbol| self.name(symbol).to_owned());
        match decision {
            Decision::Compared { left, comparison, right, implied, .. } => {
                write!(out, "{} {} {}", show(left), comparison.sign(), show(right))?;
                out.write_str(if *implied { "   [implied]" } else { "" })
            }
            Decision::Chosen { options, taken, .. } => {
                write!(out, "alternative {taken} of {options}")
            }
            Decision::Assumed { left, right, bound, .. } => {
                write!(out, "{} - ({}) <= {bound}   [assumed]", show(left), show(right))
            }
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self.decisions.iter().map(|d| place(d.at())).collect();
        let width = places.iter().map(String::len).max().unwrap_or(0);
        for (decision, place) in self.decisions.iter().zip(places) {
            write!(out, "{place:width$}  ")?;
            self.write(decision, out)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

impl Decision {
    /// The place in the source that decided.
    pub fn at(&self) -> &'static Location<'static> {
        match self {
            Self::Compared { at, .. } | Self::Chosen { at, .. } | Self::Assumed { at, .. } => at,
        }
    }
}

impl Instance {
    /// The value of the symbol `name`.
    pub fn value(&self, name: &str) -> i128 {
        self.values.get(name).copied().unwrap_or(0)
    }

    /// What the choice with this number, counted from 0, takes of so many alternatives.
    pub fn choice(&self, number: usize, options: u32) -> u32 {
        self.choices.get(number).copied().unwrap_or(0).min(options.saturating_sub(1))
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.values.iter().enumerate() {
            write!(out, "{}{name} = {value}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// File and line; a file of the standard library without the directory that it was compiled in.
pub(crate) fn place(at: &Location<'_>) -> String {
    let library = at.file().strip_prefix("/rustc/").and_then(|rest| rest.split_once("/library/"));
    let file = library.map_or(at.file(), |(_, file)| file);
    format!("{file}:{}", at.line())
}
