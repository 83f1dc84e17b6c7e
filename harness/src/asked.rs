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

    /// What is seen of each step of each sequence, in their order.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    fn ask_all(&mut self, sequences: &[Vec<Input>]) -> Result<Vec<Vec<Shown>>, Self::Error> {
        sequences.iter().map(|sequence| self.ask(sequence)).collect()
    }

    /// How many sequences it is best asked at once.
    fn width(&self) -> usize {
        1
    }
}

impl<S: Asked + ?Sized> Asked for &mut S {
    type Error = S::Error;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Self::Error> {
        (**self).ask(sequence)
    }

    fn ask_all(&mut self, sequences: &[Vec<Input>]) -> Result<Vec<Vec<Shown>>, Self::Error> {
        (**self).ask_all(sequences)
    }

    fn width(&self) -> usize {
        (**self).width()
    }
}
