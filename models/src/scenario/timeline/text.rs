//! A timeline for the terminal, at most a hundred columns wide.

use super::super::text::{clip, wrap};
use super::{Bar, Mark, Party, Row, Timeline};
use activity_execution::vocabulary::TimeoutType;
use std::fmt;

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.title.iter().flat_map(|line| wrap(line, WIDTH)) {
            writeln!(f, "{line}")?;
        }
        for line in wrap(&self.options, WIDTH - 2) {
            writeln!(f, "  {line}")?;
        }
        writeln!(f)?;
        let lanes = self.lanes();
        let times = self.rows.iter().map(|row| row.at.chars().count()).max();
        let times = times.unwrap_or(0).max(4);
        for (index, lane) in lanes.iter().enumerate() {
            let guides = "│ ".repeat(index);
            writeln!(f, "{:times$}  {guides}{}", "", TimeoutType::ALL[*lane].name())?;
        }
        let used = times + 2 + 2 * lanes.len() + 4;
        let labels = self.rows.iter().map(|row| row.label.chars().count() + 2).max();
        let labels = labels.unwrap_or(0).min((WIDTH - used) * 2 / 3);
        for row in &self.rows {
            let bar = row.bar.glyph();
            let marks: String = lanes.iter().map(|lane| row.marks[*lane].glyph()).collect();
            let label = clip(&format!("{} {}", row.arrow(), row.label), labels);
            let mut line = format!("{:>times$}  {marks} {bar}{} {label}", row.at, row.attempt);
            if let Some(answer) = &row.answer {
                let sign = if row.refused { "✗" } else { "→" };
                let answer = clip(answer, WIDTH - used - labels - 3);
                let blanks = labels - label.chars().count();
                line = format!("{line}{:blanks$} {sign} {answer}", "");
            }
            writeln!(f, "{}", line.trim_end())?;
            let running: String = lanes.iter().map(|lane| row.marks[*lane].below()).collect();
            let margin = format!("{:times$}  {running} {bar}  ", "");
            for line in wrap(&row.notes.join(", "), WIDTH - used - 4) {
                if !line.is_empty() {
                    writeln!(f, "{margin}  {line}")?;
                }
            }
            for wrong in &row.wrong {
                writeln!(f, "{}", "─".repeat(WIDTH))?;
                for (index, line) in wrong.lines().enumerate() {
                    let sign = if index == 0 { "VIOLATED  " } else { "          " };
                    for line in wrap(line.trim(), WIDTH - 10) {
                        writeln!(f, "{sign}{line}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Row {
    fn arrow(&self) -> &'static str {
        match self.party {
            Party::Client | Party::Worker => "◀",
            Party::Time if self.label.starts_with("still") => " ",
            Party::Time => "◷",
        }
    }
}

impl Bar {
    fn glyph(self) -> &'static str {
        match self {
            Bar::Delayed => "··",
            Bar::Waiting => "░░",
            Bar::Started => "██",
            Bar::CancelRequested => "▒▒",
            Bar::Closed => "══",
        }
    }
}

impl Mark {
    fn glyph(self) -> &'static str {
        match self {
            Mark::Nothing => "  ",
            Mark::Armed => "│ ",
            Mark::Arms => "╷ ",
            Mark::Moves => "┼ ",
            Mark::Disarms => "╵ ",
            Mark::Fires => "● ",
        }
    }

    /// Between this row and the next.
    fn below(self) -> &'static str {
        match self {
            Mark::Nothing | Mark::Disarms | Mark::Fires => "  ",
            Mark::Armed | Mark::Arms | Mark::Moves => "│ ",
        }
    }
}

const WIDTH: usize = 100;
