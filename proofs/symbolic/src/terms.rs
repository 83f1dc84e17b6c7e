//! The integers of an exploration: every linear form once, symbols by name.
//! Kept over all paths, so that a replayed path finds its forms instead of building them.

use crate::hash::Map;
use crate::linear::{Linear, Symbol};
use std::sync::Arc;

/// A linear form of this table.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Term(u32);

#[derive(Debug, Default)]
pub(crate) struct ExecutionOptions {
    forms: Vec<Arc<Linear>>,
    numbers: Map<Arc<Linear>, Term>,
    literals: Map<i128, Term>,
    combinations: Map<(Term, Term, i64), Term>,
    names: Vec<String>,
    by_name: Map<String, Symbol>,
    // The symbol to take when a path asks for the same name once more.
    next_of_name: Vec<Option<Symbol>>,
    term_of_symbol: Vec<Term>,
    in_use: Vec<bool>,
    // INVARIANT: the symbols that are in use, in the order in which the path asked for them.
    declared: Vec<Symbol>,
    // The symbol that was last declared at each place: paths mostly ask in the same order.
    expected: Vec<Symbol>,
}

impl Term {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl ExecutionOptions {
    pub(crate) fn literal(&mut self, value: i128) -> Term {
        if let Some(&term) = self.literals.get(&value) {
            return term;
        }
        let term = self.intern(Linear::literal(value));
        self.literals.insert(value, term);
        term
    }

    /// A symbol that the path has not used yet: `name`, or `name#2`, `name#3` and so on.
    pub(crate) fn fresh(&mut self, name: &str) -> (Symbol, Term) {
        let place = self.declared.len();
        let symbol = match self.expected.get(place) {
            Some(&symbol) if !self.in_use[symbol.index()] && self.names[symbol.index()] == name => {
                symbol
            }
            _ => self.unused(name),
        };
        match self.expected.get_mut(place) {
            Some(expected) => *expected = symbol,
            None => self.expected.push(symbol),
        }
        self.in_use[symbol.index()] = true;
        self.declared.push(symbol);
        (symbol, self.term_of_symbol[symbol.index()])
    }

    fn unused(&mut self, name: &str) -> Symbol {
        let mut symbol = match self.by_name.get(name) {
            Some(&symbol) => symbol,
            None => {
                let plain = !name.is_empty() && !name.contains(['|', '\\', '#']);
                assert!(
                    plain,
                    "a symbol's name is not empty and has no `|`, `\\` or `#`: {name:?}"
                );
                self.add_symbol(name.to_owned())
            }
        };
        let mut occurrence = 1;
        while self.in_use[symbol.index()] {
            occurrence += 1;
            symbol = match self.next_of_name[symbol.index()] {
                Some(next) => next,
                None => {
                    let next = self.add_symbol(format!("{name}#{occurrence}"));
                    self.next_of_name[symbol.index()] = Some(next);
                    next
                }
            };
        }
        symbol
    }

    /// `left + times * right`.
    pub(crate) fn combine(&mut self, left: Term, right: Term, times: i64) -> Term {
        if let Some(&term) = self.combinations.get(&(left, right, times)) {
            return term;
        }
        let form = self.form(left).combine(1, self.form(right), times.into());
        let term = self.intern(form.expect("the coefficients of an integer fit 128 bits"));
        self.combinations.insert((left, right, times), term);
        term
    }

    pub(crate) fn form(&self, term: Term) -> &Linear {
        let form = self.forms.get(term.0 as usize);
        form.expect("an integer belongs to the exploration that made it")
    }

    pub(crate) fn forms(&self) -> &[Arc<Linear>] {
        &self.forms
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The symbols of the current path.
    pub(crate) fn declared(&self) -> &[Symbol] {
        &self.declared
    }

    /// Forgets the path's symbols after the first `keep`; their forms stay known.
    pub(crate) fn undeclare(&mut self, keep: usize) {
        for symbol in self.declared.drain(keep..) {
            self.in_use[symbol.index()] = false;
        }
    }

    /// The form in words.
    pub(crate) fn render(&self, term: Term) -> String {
        self.form(term).render(|symbol| self.names[symbol.index()].clone())
    }

    fn add_symbol(&mut self, name: String) -> Symbol {
        let symbol = Symbol(u32::try_from(self.names.len()).expect("fewer than 2^32 symbols"));
        let term = self.intern(Linear::symbol(symbol));
        self.by_name.insert(name.clone(), symbol);
        self.names.push(name);
        self.next_of_name.push(None);
        self.term_of_symbol.push(term);
        self.in_use.push(false);
        symbol
    }

    fn intern(&mut self, form: Linear) -> Term {
        if let Some(&term) = self.numbers.get(&form) {
            return term;
        }
        let term = Term(u32::try_from(self.forms.len()).expect("fewer than 2^32 forms"));
        let form = Arc::new(form);
        self.forms.push(Arc::clone(&form));
        self.numbers.insert(form, term);
        term
    }
}
