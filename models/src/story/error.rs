//! What is wrong with a scenario's text: where, what, and what to do about it.

use std::error::Error;
use std::fmt;

/// Why a text is not a scenario.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScriptError {
    /// The line, counted from one.
    pub line: usize,
    /// The first column of what is wrong, counted from one.
    pub column: usize,
    /// How many columns it takes.
    pub width: usize,
    /// The whole line.
    pub text: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let before = " ".repeat(self.column.saturating_sub(1));
        let under = "^".repeat(self.width.max(1));
        writeln!(f, "line {number}: {}", self.problem)?;
        writeln!(f, "  {number} | {}", self.text)?;
        write!(f, "  {margin} | {before}{under}")?;
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

impl Error for ScriptError {}

/// The candidate that `word` was probably meant to be.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let close = |candidate: &&str| distance(&word.to_lowercase(), &candidate.to_lowercase());
    let best = candidates.iter().copied().min_by_key(close)?;
    (close(&best) <= best.len() / 3).then_some(best)
}

/// How many letters have to be inserted, removed or replaced.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, have) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, want) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(have != *want);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}
