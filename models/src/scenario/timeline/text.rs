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
        let columns = Columns::of(self);
        for (index, lane) in columns.lanes.iter().enumerate() {
            let (times, guides) = (columns.times, "│ ".repeat(index));
            writeln!(f, "{:times$}  {guides}{}", "", TimeoutType::ALL[*lane].name())?;
        }
        for row in &self.rows {
            columns.row(row, f)?;
            for wrong in &row.wrong {
                violation(wrong, f)?;
            }
        }
        Ok(())
    }
}

/// How wide everything is.
struct Columns {
    times: usize,
    lanes: Vec<usize>,
    attempts: usize,
    labels: usize,
    /// What is left beside time, deadlines and bar.
    rest: usize,
}

impl Columns {
    fn of(timeline: &Timeline) -> Self {
        let widest = |width: fn(&Row) -> usize| timeline.rows.iter().map(width).max().unwrap_or(0);
        let (times, attempts) = (widest(|row| row.at.len()), widest(|row| digits(row.attempt)));
        let lanes = timeline.lanes();
        let rest = WIDTH - times - 2 * lanes.len() - attempts - 6;
        let answers = widest(|row| row.answer.as_ref().map_or(0, |answer| answer.chars().count()));
        let labels = widest(|row| row.label.chars().count() + 2);
        let labels = labels.min(rest - 3 - answers.min(rest / 2));
        Columns { times, lanes, attempts, labels, rest }
    }

    fn row(&self, row: &Row, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Columns { times, lanes, attempts, labels, rest } = self;
        let bar = row.bar.glyph();
        let marks: String = lanes.iter().map(|lane| row.marks[*lane].glyph()).collect();
        let label = clip(&format!("{} {}", row.arrow(), row.label), *labels);
        let attempt = row.attempt;
        let mut line = format!("{:>times$}  {marks} {bar}{attempt:<attempts$} {label}", row.at);
        if let Some(answer) = &row.answer {
            let sign = if row.refused { "✗" } else { "→" };
            let answer = clip(answer, rest - labels - 3);
            let blanks = labels - label.chars().count();
            line = format!("{line}{:blanks$} {sign} {answer}", "");
        }
        writeln!(f, "{}", line.trim_end())?;
        let running: String = lanes.iter().map(|lane| row.marks[*lane].below()).collect();
        for line in wrap(&row.notes.join(", "), rest - 2) {
            if !line.is_empty() {
                writeln!(f, "{:times$}  {running} {bar}{:attempts$}   {line}", "", "")?;
            }
        }
        Ok(())
    }
}

fn violation(wrong: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "{}", "─".repeat(WIDTH))?;
    for (index, line) in wrong.lines().enumerate() {
        let sign = if index == 0 { "VIOLATED  " } else { "          " };
        for line in wrap(line.trim(), WIDTH - 10) {
            writeln!(f, "{sign}{line}")?;
        }
    }
    Ok(())
}

fn digits(number: i64) -> usize {
    number.to_string().len()
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
