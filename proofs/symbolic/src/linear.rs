//! Linear forms over symbols, and constraints on them.
//! Arithmetic is checked: what does not fit 128 bits is `None`, never a wrong number.

/// An unknown integer of an exploration, numbered in the order of first use.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Symbol(pub(crate) u32);

/// A sum of symbols with integer coefficients, plus a constant.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Linear {
    // INVARIANT: sorted by symbol, no symbol twice, no coefficient zero.
    terms: Vec<(Symbol, i128)>,
    constant: i128,
}

/// A linear form that is at most zero, or exactly zero.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Constraint {
    /// The form is at most zero.
    AtMostZero(Linear),
    /// The form is zero.
    Zero(Linear),
}

/// How one integer compares with another: the convex relations, each one linear constraint.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

impl Symbol {
    /// The symbol's number: an index into the names of its exploration.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Linear {
    /// The form that is `value` whatever the symbols are.
    pub fn literal(value: i128) -> Self {
        Self { terms: Vec::new(), constant: value }
    }

    /// The form that is one symbol.
    pub(crate) fn symbol(symbol: Symbol) -> Self {
        Self { terms: vec![(symbol, 1)], constant: 0 }
    }

    /// The sum of `terms`, which come in ascending order; coefficients of zero are dropped.
    pub(crate) fn from_terms(
        terms: impl IntoIterator<Item = (Symbol, i128)>,
        constant: i128,
    ) -> Self {
        Self { terms: terms.into_iter().filter(|term| term.1 != 0).collect(), constant }
    }

    /// Symbols with their coefficients: ascending, none zero.
    pub fn terms(&self) -> &[(Symbol, i128)] {
        &self.terms
    }

    /// The summand without a symbol.
    pub fn constant(&self) -> i128 {
        self.constant
    }

    /// The value, if no symbol occurs.
    pub fn as_literal(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The coefficient of `symbol`, zero if it does not occur.
    pub fn coefficient(&self, symbol: Symbol) -> i128 {
        let found = self.terms.binary_search_by_key(&symbol, |term| term.0);
        found.map_or(0, |index| self.terms[index].1)
    }

    /// `times * self + other_times * other`; `None` on overflow.
    pub fn combine(&self, times: i128, other: &Self, other_times: i128) -> Option<Self> {
        let constant = (self.constant.checked_mul(times)?)
            .checked_add(other.constant.checked_mul(other_times)?)?;
        Some(Self { terms: combine(&self.terms, times, &other.terms, other_times)?, constant })
    }

    /// The form's value when each symbol has the given one; `None` on overflow.
    pub fn evaluate(&self, value: impl Fn(Symbol) -> i128) -> Option<i128> {
        self.terms.iter().try_fold(self.constant, |sum, &(symbol, times)| {
            sum.checked_add(times.checked_mul(value(symbol))?)
        })
    }

    /// The form in words: `now + 2*delay - 1`.
    pub(crate) fn render(&self, name: impl Fn(Symbol) -> String) -> String {
        let mut text = String::new();
        for &(symbol, times) in &self.terms {
            let sign = match (text.is_empty(), times < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            text += sign;
            if times.unsigned_abs() != 1 {
                text += &format!("{}*", times.unsigned_abs());
            }
            text += &name(symbol);
        }
        match (text.is_empty(), self.constant) {
            (true, constant) => constant.to_string(),
            (false, 0) => text,
            (false, constant) if constant < 0 => text + &format!(" - {}", constant.unsigned_abs()),
            (false, constant) => text + &format!(" + {constant}"),
        }
    }

    pub(crate) fn divide_exactly(&mut self, divisor: i128) {
        self.terms.iter_mut().for_each(|term| term.1 /= divisor);
        self.constant /= divisor;
    }
}

impl Constraint {
    /// The form that is at most zero or exactly zero.
    pub fn form(&self) -> &Linear {
        match self {
            Self::AtMostZero(form) | Self::Zero(form) => form,
        }
    }

    /// Whether the constraint holds when each symbol has the given value; `None` on overflow.
    pub fn holds(&self, value: impl Fn(Symbol) -> i128) -> Option<bool> {
        let total = self.form().evaluate(value)?;
        Some(match self {
            Self::AtMostZero(_) => total <= 0,
            Self::Zero(_) => total == 0,
        })
    }
}

impl Comparison {
    /// The constraint that says this of `difference`, left minus right; `None` on overflow.
    pub fn constraint(self, difference: &Linear) -> Option<Constraint> {
        let (sign, constant) = match self {
            Self::Less => (1, 1),
            Self::AtMost | Self::Equal => (1, 0),
            Self::AtLeast => (-1, 0),
            Self::Greater => (-1, 1),
        };
        let form = difference.combine(sign, &Linear::literal(constant), 1)?;
        Some(match self {
            Self::Equal => Constraint::Zero(form),
            _ => Constraint::AtMostZero(form),
        })
    }

    /// Whether two integers with this `difference`, left minus right, compare like this.
    pub fn holds(self, difference: i128) -> bool {
        match self {
            Self::Less => difference < 0,
            Self::AtMost => difference <= 0,
            Self::Equal => difference == 0,
            Self::AtLeast => difference >= 0,
            Self::Greater => difference > 0,
        }
    }

    /// The sign between the two integers, as Rust writes it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::AtLeast => ">=",
            Self::Greater => ">",
        }
    }
}

/// `times * left + other_times * right` of two sorted sparse vectors, zeros dropped.
pub(crate) fn combine<K: Copy + Ord>(
    left: &[(K, i128)],
    times: i128,
    right: &[(K, i128)],
    other_times: i128,
) -> Option<Vec<(K, i128)>> {
    let mut sum = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    loop {
        let key = match (left.peek(), right.peek()) {
            (Some(l), Some(r)) => l.0.min(r.0),
            (Some(next), None) | (None, Some(next)) => next.0,
            (None, None) => return Some(sum),
        };
        let mut total = 0_i128;
        if let Some(&(_, value)) = left.next_if(|next| next.0 == key) {
            total = value.checked_mul(times)?;
        }
        if let Some(&(_, value)) = right.next_if(|next| next.0 == key) {
            total = total.checked_add(value.checked_mul(other_times)?)?;
        }
        if total != 0 {
            sum.push((key, total));
        }
    }
}
