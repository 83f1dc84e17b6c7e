//! Checks for people: one table of all, and what is broken with its story.

use super::{Check, Kind, Verdict, all_broken};
use crate::style::{Ink, count, counted};
use comfy_table::{CellAlignment, Table, presets};
use std::fmt::Write as _;

/// The checks, those of one kind after its name; each with its verdict and what that rests on.
pub(crate) fn table(checks: &[Check]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let mut kind = None;
    for check in checks {
        if kind != Some(check.kind) {
            let noun = check.kind.noun();
            if kind.is_none() {
                table.set_header([noun, "verdict", "because", "steps"].map(str::to_owned));
            } else {
                table.add_row([Ink::Title.paint(noun)]);
            }
            kind = Some(check.kind);
        }
        let mut first = (check.name.clone(), check.painted());
        for (because, steps) in check.because() {
            let (name, verdict) = std::mem::take(&mut first);
            table.add_row([name, verdict, because, steps]);
        }
    }
    trimmed(table, 3)
}

/// What is broken: each with what it states, what is wrong and the run that shows it; of many the
/// first.
pub(crate) fn broken(checks: &[Check], most: usize) -> String {
    let mut text = String::new();
    for check in all_broken(checks).take(most) {
        let _ = writeln!(text, "{}  {}", Ink::Bad.paint(&check.name), check.statement);
        let story = check.story.as_ref().map(|story| &story.text);
        for line in check.evidence.complaint.iter().chain(story) {
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text.push('\n');
    }
    if let Some(Check { kind, verdict, .. }) = all_broken(checks).nth(most) {
        let more = counted(all_broken(checks).skip(most).count(), &format!("more {}", kind.noun()));
        let verdict = verdict.word(*kind);
        let _ = writeln!(text, "{more} {verdict}; --format json lists all of them\n");
    }
    text
}

/// The table as text, its numbers, from this column on, to the right.
pub(crate) fn trimmed(mut table: Table, numbers: usize) -> String {
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if index == 0 { 0 } else { 2 }, 0));
        if index >= numbers {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

impl Check {
    /// The verdict in its colour.
    fn painted(&self) -> String {
        let ink = match self.verdict {
            Verdict::Holds => Ink::Good,
            Verdict::Broken => Ink::Bad,
            Verdict::Undecided => Ink::Caution,
        };
        ink.paint(self.verdict.word(self.kind))
    }

    /// What the verdict rests on, line by line, with the steps of the shortest run to it; one line
    /// at least.
    fn because(&self) -> Vec<(String, String)> {
        let evidence = &self.evidence;
        let steps = |steps: Option<usize>| steps.map_or(String::new(), |steps| steps.to_string());
        if !evidence.witnesses.is_empty() {
            let seen = evidence.witnesses.iter();
            return seen.map(|seen| (seen.name.clone(), steps(seen.steps))).collect();
        }
        let undecided = self.verdict == Verdict::Undecided;
        let complaint = evidence.complaint.clone().filter(|_| undecided);
        let because = complaint.or_else(|| evidence.because.clone()).unwrap_or_else(|| {
            match (&evidence.proof, evidence.paths) {
                (Some(proof), Some(paths)) => format!("{proof}, {} paths", count(paths)),
                _ if self.kind == Kind::Witness => String::new(),
                _ => self.statement.clone(),
            }
        });
        let story = self.story.as_ref().map(|story| story.steps.len());
        vec![(because, steps(story.filter(|steps| *steps > 0)))]
    }
}
