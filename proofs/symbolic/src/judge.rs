//! Failures: what is recorded when a check fails or an addition may overflow.
//! Nothing is formatted and nothing is solved unless there is a failure to report.

use crate::context::{Context, Stop};
use crate::linear::{Comparison, Symbol};
use crate::path::{End, Instance, place};
use crate::report::{Example, Failure};
use crate::search;
use crate::solver::Known;
use crate::step::{Place, Step};
use crate::terms::Term;
use std::collections::BTreeMap;

impl Context {
    /// The failure to be recorded for a check with this result, if there is one.
    pub(crate) fn judge(
        &mut self,
        name: &str,
        holds: bool,
        at: Place,
    ) -> Result<Option<Failure>, Stop> {
        if !self.is_new() {
            return Ok(None);
        }
        self.statistics.checks += 1;
        if holds {
            return Ok(None);
        }
        if !self.settle() {
            return Err(Stop::Pruned);
        }
        Ok(self.wants_failure(name).then(|| self.failure(name, Some(at), &[])))
    }

    /// Whether a failure of this name is to be recorded; remembers that it was.
    fn wants_failure(&mut self, name: &str) -> bool {
        if self.failed.contains(name) {
            return self.every_failure;
        }
        self.failed.insert(name.to_owned())
    }

    /// The failure `name` on the current path, with an example that also satisfies `violated`.
    pub(crate) fn failure(&mut self, name: &str, at: Option<Place>, violated: &[Known]) -> Failure {
        let steps = self.nodes[..self.position].iter().map(|node| node.step);
        let path = Step::path(steps, &self.terms, End::Midway);
        let instance = match &self.following {
            Some(instance) => Some(instance.clone()),
            None => self.instance(violated).filter(|instance| path.matches(instance)),
        };
        let example = instance.map(|instance| Example { instance, words: String::new() });
        Failure { name: name.to_owned(), at, words: String::new(), path, example }
    }

    /// Prepares for words about a failure: symbolic ones, or about the values of `example`.
    /// Returns whether such words exist: when an instance is followed, all words are numbers.
    pub(crate) fn begin_words(&mut self, example: Option<&Example>) -> bool {
        self.rendering = true;
        if self.following.is_some() {
            return example.is_some();
        }
        self.values = example.map(|example| self.values_of(&example.instance));
        true
    }

    pub(crate) fn end_words(&mut self) {
        self.rendering = false;
        if self.following.is_none() {
            self.values = None;
        }
    }

    /// Demands that `result`, an outcome of arithmetic, is within the bounds in force.
    pub(crate) fn oblige(&mut self, result: Term, at: Place) {
        let Some((low, high)) = self.bounds.filter(|_| self.is_new() && !self.rendering) else {
            return;
        };
        self.statistics.checks += 1;
        if !self.settle() {
            return;
        }
        for (bound, violation) in [(low, Comparison::Less), (high, Comparison::Greater)] {
            let excess = self.terms.combine(result, bound, -1);
            let constraint = self.compared(excess, violation);
            if self.following.is_some() {
                if !violation.holds(self.value(excess)) {
                    continue;
                }
            } else if self.solver.refutes(&self.hypotheses, constraint) {
                self.statistics.refutations += 1;
                continue;
            }
            let name = format!("arithmetic at {} stays within bounds", place(at));
            if self.wants_failure(&name) {
                let mut failure = self.failure(&name, Some(at), &[constraint]);
                let words = |context: &Self| {
                    let (result, bound) = (context.show(result), context.show(bound));
                    format!("{result} {} {bound}", violation.sign())
                };
                if self.begin_words(None) {
                    failure.words = words(self);
                }
                if let Some(example) = &mut failure.example {
                    self.begin_words(Some(example));
                    example.words = words(self);
                }
                self.end_words();
                self.failures.push(failure);
            }
        }
    }

    /// Integers that satisfy the hypotheses and `others`, found and evaluated.
    fn instance(&self, others: &[Known]) -> Option<Instance> {
        let known = self.hypotheses.iter().chain(others);
        let constraints: Vec<_> = known.map(|&known| self.solver.constraint(known)).collect();
        let found = search::find(&constraints)?;
        let values = self.terms.declared().iter().map(|symbol| {
            let name = self.terms.names()[symbol.index()].clone();
            (name, found.get(symbol).copied().unwrap_or(0))
        });
        let steps = self.nodes[..self.position].iter();
        let choices = steps.filter_map(|node| match node.step {
            Step::Chosen { taken, .. } => Some(taken),
            Step::Compared { .. } | Step::Assumed { .. } => None,
        });
        Some(Instance { values: values.collect(), choices: choices.collect() })
    }

    fn values_of(&self, instance: &Instance) -> BTreeMap<Symbol, i128> {
        let declared = self.terms.declared().iter();
        let value = |&symbol: &Symbol| instance.value(&self.terms.names()[symbol.index()]);
        declared.map(|symbol| (*symbol, value(symbol))).collect()
    }
}
