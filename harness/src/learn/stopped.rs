//! Why a system could not be asked any further.

use crate::alphabet::{Input, Shown};
use std::error::Error;
use std::fmt;

/// A sequence that was answered in two ways: whoever does that is no machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contradiction {
    /// The sequence, up to the step that was answered in two ways.
    pub sequence: Vec<Input>,
    /// What was seen of its last step first.
    pub once: Shown,
    /// What was seen of it later.
    pub again: Shown,
}

/// Why a machine could not be learned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LearnError<E> {
    /// The system does not answer.
    System(E),
    /// It does not answer alike: it is not deterministic, or executions affect one another.
    NotDeterministic(Box<Contradiction>),
}

impl<E: fmt::Display> fmt::Display for LearnError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LearnError::System(error) => write!(f, "{error}"),
            LearnError::NotDeterministic(contradiction) => write!(f, "{contradiction}"),
        }
    }
}

impl<E: Error> Error for LearnError<E> {}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.sequence.iter().map(|input| input.name()).collect();
        write!(f, "the same sequence was answered in two ways: {}", names.join(", "))?;
        for (part, once, again) in self.once.parts_apart(&self.again) {
            write!(f, "; {part}: once {once}, then {again}")?;
        }
        Ok(())
    }
}

/// Why nothing more can be asked.
#[derive(Debug)]
pub(super) enum Stopped<E> {
    /// The budget of queries is spent.
    Spent,
    /// The system does not answer.
    System(E),
    /// It does not answer alike.
    Contradicts(Box<Contradiction>),
}

impl<E> Stopped<E> {
    /// What a result comes to where a budget that is spent is no error.
    pub(super) fn unless_spent<T>(
        result: Result<T, Stopped<E>>,
    ) -> Result<Option<T>, LearnError<E>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Stopped::Spent) => Ok(None),
            Err(Stopped::System(error)) => Err(LearnError::System(error)),
            Err(Stopped::Contradicts(it)) => Err(LearnError::NotDeterministic(it)),
        }
    }
}
