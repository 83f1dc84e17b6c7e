//! The question that learning asks of a system: what it answers to a sequence, from the beginning.

use crate::alphabet::{Input, Shown};

/// A system that can be asked; each question begins with an execution of its own.
pub trait Asked {
    /// Why it cannot answer.
    type Error;

    /// What is seen of each step of a sequence.
    ///
    /// # Errors
    /// If the system does not answer.
    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Self::Error>;
}
