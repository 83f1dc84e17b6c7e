//! A timeline for the terminal, at most a hundred columns wide.

use super::axis;
use super::layout::{clip, wrap};
use super::timeline::{Bar, BarKind, Event, EventKind, Mark, Row, Timeline};
use std::fmt::{self, Formatter, Result};

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(axis) = &self.axis {
            return axis::told(self, axis, WIDTH, f);
        }
        for line in self.title.iter().flat_map(|line| wrap(line, WIDTH)) {
            writeln!(f, "{line}")?;
        }
        for line in wrap(&self.about, WIDTH - 2).iter().filter(|line| !line.is_empty()) {
            writeln!(f, "  {line}")?;
        }
        if !self.title.is_empty() || !self.about.is_empty() {
            writeln!(f)?;
        }
        let columns = Columns::of(self);
        columns.heading(f)?;
        for row in &self.rows {
            columns.row(row, f)?;
        }
        for finding in &self.findings {
            violation(finding, f)?;
        }
        Ok(())
    }
}

/// Where everything stands, and how wide it is.
struct Columns<'a> {
    timeline: &'a Timeline,
    times: usize,
    bars: usize,
    labels: usize,
    /// What is left beside time, tracks and bars.
    rest: usize,
    /// The lanes with a column of their own, each with its width.
    lanes: Vec<(usize, usize)>,
}

impl<'a> Columns<'a> {
    fn of(timeline: &'a Timeline) -> Self {
        let rows = &timeline.rows;
        let widest = |width: &dyn Fn(&Row) -> usize| rows.iter().map(width).max().unwrap_or(0);
        let lanes: Vec<(usize, usize)> = (0..)
            .zip(&timeline.lanes)
            .filter_map(|(index, lane)| lane.column.map(|width| (index, width)))
            .collect();
        let mut columns = Columns { timeline, times: 0, bars: 0, labels: 0, rest: 0, lanes };
        columns.times = widest(&|row| row.at.chars().count());
        columns.bars = widest(&|row| columns.bars(row, true).chars().count());
        let margin = columns.times + 2 * timeline.tracks.len() + columns.bars + 4;
        let rest = WIDTH.saturating_sub(margin).max(20);
        let event = |width: fn(&Event) -> usize| widest(&|row| row.event.as_ref().map_or(0, width));
        let answers = event(|event| event.answer.as_ref().map_or(0, |it| it.chars().count()));
        let labels = event(|event| event.label.chars().count() + 2);
        columns.labels = labels.min(rest - 3 - answers.min(rest / 2));
        columns.rest = rest;
        columns
    }

    fn heading(&self, f: &mut Formatter<'_>) -> Result {
        for (index, track) in self.timeline.tracks.iter().enumerate() {
            let (times, guides) = (self.times, "│ ".repeat(index));
            writeln!(f, "{:times$}  {guides}{track}", "")?;
        }
        if !self.lanes.is_empty() {
            let name = |lane: usize, _| vec![self.timeline.lanes[lane].name.clone()];
            self.side_by_side("", f, name)?;
            self.side_by_side("", f, |_, width| vec!["─".repeat(width)])?;
        }
        Ok(())
    }

    fn row(&self, row: &Row, f: &mut Formatter<'_>) -> Result {
        let said = |lane| row.cells.iter().filter(move |cell| cell.lane == lane);
        if !self.lanes.is_empty() {
            self.side_by_side(&row.at, f, |lane, width| {
                let lines = said(lane).flat_map(|cell| &cell.lines);
                lines.flat_map(|line| wrap(line, width)).collect()
            })?;
        }
        let Some(event) = &row.event else { return Ok(()) };
        let Columns { times, bars, labels, rest, .. } = self;
        let marks: String = row.marks.iter().map(Mark::glyph).collect();
        let label = clip(&format!("{} {}", event.sign(), event.label), *labels);
        let bar = self.bars(row, true);
        let mut line = format!("{:>times$}  {marks} {bar:<bars$} {label}", row.at);
        if let Some(answer) = &event.answer {
            let sign = if event.refused { "✗" } else { "→" };
            let answer = clip(answer, rest - labels - 3);
            let blanks = labels - label.chars().count();
            line = format!("{line}{:blanks$} {sign} {answer}", "");
        }
        writeln!(f, "{}", line.trim_end())?;
        let running: String = row.marks.iter().map(Mark::below).collect();
        let bar = self.bars(row, false);
        let beside =
            row.cells.iter().filter(|cell| self.timeline.lanes[cell.lane].column.is_none());
        for line in beside.flat_map(|cell| &cell.lines).flat_map(|line| wrap(line, rest - 2)) {
            writeln!(f, "{:times$}  {running} {bar:<bars$}   {line}", "")?;
        }
        Ok(())
    }

    /// What stands in each lane with a column, beside one another.
    fn side_by_side(
        &self,
        at: &str,
        f: &mut Formatter<'_>,
        said: impl Fn(usize, usize) -> Vec<String>,
    ) -> Result {
        let cells: Vec<(usize, Vec<String>)> =
            self.lanes.iter().map(|(lane, width)| (*width, said(*lane, *width))).collect();
        let height = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1).max(1);
        for line in 0..height {
            let times = self.times;
            let mut text = format!("{:>times$}", if line == 0 { at } else { "" });
            for (width, lines) in &cells {
                let part = lines.get(line).map_or("", String::as_str);
                text = format!("{text} {part:<width$}");
            }
            writeln!(f, "{}", text.trim_end())?;
        }
        Ok(())
    }

    /// The bars of the lanes without a column, with what they are about or without.
    fn bars(&self, row: &Row, labelled: bool) -> String {
        let beside = |bar: &&Bar| self.timeline.lanes[bar.lane].column.is_none();
        let bar = |bar: &Bar| {
            format!("{}{}", bar.kind.glyph(), if labelled { bar.label.as_str() } else { "" })
        };
        row.bars.iter().filter(beside).map(bar).collect()
    }
}

fn violation(finding: &str, f: &mut Formatter<'_>) -> Result {
    writeln!(f, "{}", "─".repeat(WIDTH))?;
    for (index, line) in finding.lines().enumerate() {
        let sign = if index == 0 { "VIOLATED  " } else { "          " };
        for line in wrap(line.trim(), WIDTH - 10) {
            writeln!(f, "{sign}{line}")?;
        }
    }
    Ok(())
}

impl Event {
    fn sign(&self) -> &'static str {
        match self.kind {
            EventKind::Call { .. } => "◀",
            EventKind::Timer(_) => "◷",
            EventKind::Stands(_) => " ",
        }
    }
}

impl BarKind {
    fn glyph(self) -> &'static str {
        match self {
            BarKind::Delayed => "··",
            BarKind::Waiting => "░░",
            BarKind::Started => "██",
            BarKind::CancelRequested => "▒▒",
            BarKind::Closed => "══",
        }
    }
}

impl Mark {
    fn glyph(&self) -> &'static str {
        match self {
            Mark::Nothing => "  ",
            Mark::Armed(_) => "│ ",
            Mark::Arms(_) => "╷ ",
            Mark::Moves(_) => "┼ ",
            Mark::Disarms => "╵ ",
            Mark::Fires => "● ",
        }
    }

    /// Between this row and the next.
    fn below(&self) -> &'static str {
        if self.runs_on().is_some() { "│ " } else { "  " }
    }
}

const WIDTH: usize = 100;
