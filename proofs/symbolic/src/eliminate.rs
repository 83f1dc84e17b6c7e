//! Fourier and Motzkin's elimination over the integers, with a proof for every refutation.
//! Untrusted: the kernel checks what it refutes, and instances are evaluated before they are shown.

use crate::kernel::Cut;
use crate::linear::{Constraint, Linear, Symbol, combine};
use std::collections::BTreeMap;

/// What elimination found out about a conjunction of constraints.
#[derive(Debug)]
pub(crate) enum Elimination {
    /// No integers satisfy it, and here is why.
    Refuted(Vec<Cut>),
    /// No contradiction; in reverse, the stages bound one symbol after the other.
    Open(Vec<Stage>),
    /// Too many rows or too large numbers: nothing is known.
    GaveUp,
}

/// A symbol and what bounds it once all symbols of later stages have values.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) symbol: Symbol,
    pub(crate) bounds: Vec<Constraint>,
}

/// Eliminates symbol after symbol until a contradiction shows or nothing is left.
pub(crate) fn eliminate<'a>(constraints: impl IntoIterator<Item = &'a Constraint>) -> Elimination {
    let mut eliminator = Eliminator::default();
    match eliminator.run(constraints.into_iter().collect()) {
        Ok(()) => Elimination::Open(eliminator.stages),
        Err(Halt::Contradiction) => Elimination::Refuted(eliminator.cuts),
        Err(Halt::TooLarge) => Elimination::GaveUp,
    }
}

#[derive(Default)]
struct Eliminator {
    known: u32,
    cuts: Vec<Cut>,
    equations: Vec<Row>,
    rows: Vec<Row>,
    stages: Vec<Stage>,
}

/// A consequence: `form` is the sum of multiples of the constraints and cuts in `why`.
struct Row {
    form: Linear,
    why: Vec<(u32, i128)>,
}

enum Halt {
    Contradiction,
    TooLarge,
}

const ROWS_AT_MOST: usize = 400;

impl Eliminator {
    fn run(&mut self, constraints: Vec<&Constraint>) -> Result<(), Halt> {
        self.known = u32::try_from(constraints.len()).map_err(|_| Halt::TooLarge)?;
        for (constraint, index) in constraints.into_iter().zip(0..) {
            let row = Row { form: constraint.form().clone(), why: vec![(index, 1)] };
            match constraint {
                Constraint::AtMostZero(_) => self.add_inequality(row)?,
                Constraint::Zero(_) => self.add_equation(row)?,
            }
        }
        while let Some(equation) = self.equations.pop() {
            self.substitute(equation)?;
        }
        while let Some(symbol) = self.cheapest() {
            self.project(symbol)?;
        }
        Ok(())
    }

    /// Solves `equation` for its symbol with the smallest coefficient and puts that everywhere.
    fn substitute(&mut self, equation: Row) -> Result<(), Halt> {
        let smallest = equation.form.terms().iter().min_by_key(|term| term.1.unsigned_abs());
        let &(symbol, coefficient) = smallest.expect("an equation without symbols is not kept");
        let without = |row: Row| match row.form.coefficient(symbol) {
            0 => Some(row),
            found => {
                let times = found.checked_mul(-coefficient.signum())?;
                row.plus(coefficient.checked_abs()?, &equation, times)
            }
        };
        for row in std::mem::take(&mut self.equations) {
            self.add_equation(without(row).ok_or(Halt::TooLarge)?)?;
        }
        for row in std::mem::take(&mut self.rows) {
            self.add_inequality(without(row).ok_or(Halt::TooLarge)?)?;
        }
        self.stages.push(Stage { symbol, bounds: vec![Constraint::Zero(equation.form)] });
        Ok(())
    }

    /// Replaces the rows with `symbol` by the sum of each upper with each lower bound.
    fn project(&mut self, symbol: Symbol) -> Result<(), Halt> {
        let (bounds, rest): (Vec<Row>, Vec<Row>) =
            self.rows.drain(..).partition(|row| row.form.coefficient(symbol) != 0);
        self.rows = rest;
        let (uppers, lowers): (Vec<&Row>, Vec<&Row>) =
            bounds.iter().partition(|row| row.form.coefficient(symbol) > 0);
        for upper in &uppers {
            for lower in &lowers {
                let (above, below) =
                    (upper.form.coefficient(symbol), lower.form.coefficient(symbol));
                let below = below.checked_neg().ok_or(Halt::TooLarge)?;
                self.add_inequality(upper.plus(below, lower, above).ok_or(Halt::TooLarge)?)?;
            }
        }
        let bounds = bounds.into_iter().map(|row| Constraint::AtMostZero(row.form)).collect();
        self.stages.push(Stage { symbol, bounds });
        if self.rows.len() > ROWS_AT_MOST { Err(Halt::TooLarge) } else { Ok(()) }
    }

    /// The symbol whose elimination makes the fewest rows.
    fn cheapest(&self) -> Option<Symbol> {
        let mut counts = BTreeMap::<Symbol, (usize, usize)>::new();
        for &(symbol, coefficient) in self.rows.iter().flat_map(|row| row.form.terms()) {
            let (uppers, lowers) = counts.entry(symbol).or_default();
            *(if coefficient > 0 { uppers } else { lowers }) += 1;
        }
        let cheapest = counts.into_iter().min_by_key(|(_, (uppers, lowers))| uppers * lowers);
        cheapest.map(|(symbol, _)| symbol)
    }

    fn add_inequality(&mut self, mut row: Row) -> Result<(), Halt> {
        if let Some(constant) = row.form.as_literal() {
            return if constant > 0 { self.contradiction(row.why) } else { Ok(()) };
        }
        let divisor = row.common_divisor();
        if divisor > 1 && !row.divide_exactly(divisor) {
            row = self.cut(&row, divisor);
        }
        for kept in &mut self.rows {
            if kept.form.terms() == row.form.terms() {
                if kept.form.constant() < row.form.constant() {
                    *kept = row;
                }
                return Ok(());
            }
        }
        self.rows.push(row);
        Ok(())
    }

    fn add_equation(&mut self, mut row: Row) -> Result<(), Halt> {
        match row.form.as_literal() {
            Some(0) => return Ok(()),
            Some(constant) if constant > 0 => return self.contradiction(row.why),
            Some(_) => {
                let negated = row.negated().ok_or(Halt::TooLarge)?;
                return self.contradiction(negated.why);
            }
            None => {}
        }
        let divisor = row.common_divisor();
        if divisor > 1 && row.form.constant() % divisor != 0 {
            // Both roundings of the same fraction: they differ by one.
            let (above, below) = (self.cut(&row, divisor), row.negated().ok_or(Halt::TooLarge)?);
            let below = self.cut(&below, divisor);
            return self.contradiction([above.why, below.why].concat());
        }
        if divisor > 1 {
            row.divide_exactly(divisor);
        }
        self.equations.push(row);
        Ok(())
    }

    /// Divides an inequality and rounds it: a new known constraint.
    fn cut(&mut self, row: &Row, divisor: i128) -> Row {
        let index = self.known + u32::try_from(self.cuts.len()).expect("at most a row each");
        self.cuts.push(Cut { sum: row.why.clone(), divisor });
        let terms = row.form.terms().iter().map(|&(symbol, times)| (symbol, times / divisor));
        let constant = row.form.constant();
        let rounded_up =
            constant.div_euclid(divisor) + i128::from(constant.rem_euclid(divisor) != 0);
        Row { form: Linear::from_terms(terms, rounded_up), why: vec![(index, 1)] }
    }

    fn contradiction(&mut self, why: Vec<(u32, i128)>) -> Result<(), Halt> {
        self.cuts.push(Cut { sum: why, divisor: 1 });
        Err(Halt::Contradiction)
    }
}

impl Row {
    fn plus(&self, times: i128, other: &Self, other_times: i128) -> Option<Self> {
        Some(Self {
            form: self.form.combine(times, &other.form, other_times)?,
            why: combine(&self.why, times, &other.why, other_times)?,
        })
    }

    fn negated(&self) -> Option<Self> {
        let nothing = Self { form: Linear::literal(0), why: Vec::new() };
        self.plus(-1, &nothing, 0)
    }

    /// The greatest common divisor of the coefficients; 1 if it does not fit.
    fn common_divisor(&self) -> i128 {
        let mut divisor = 0_u128;
        for &(_, coefficient) in self.form.terms() {
            let mut rest = coefficient.unsigned_abs();
            if rest == 1 {
                return 1;
            }
            while rest != 0 {
                (divisor, rest) = (rest, divisor % rest);
            }
        }
        i128::try_from(divisor).unwrap_or(1)
    }

    /// Divides the row if nothing needs rounding, neither in the form nor in its justification.
    fn divide_exactly(&mut self, divisor: i128) -> bool {
        let exact = self.form.constant() % divisor == 0
            && self.why.iter().all(|(_, times)| times % divisor == 0);
        if exact {
            self.form.divide_exactly(divisor);
            self.why.iter_mut().for_each(|(_, times)| *times /= divisor);
        }
        exact
    }
}

#[cfg(test)]
mod tests;
