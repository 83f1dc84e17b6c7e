//! Rows on an axis of time, for the terminal: names, cells in which time passes, and words.

use super::super::layout::wrap;
use super::super::timeline::Timeline;
use super::{Axis, Stretch, StretchKind, has_ranges, legend};
use std::fmt::{Formatter, Result};

/// Writes the rows, at most so many columns wide.
pub(in super::super) fn told(
    timeline: &Timeline,
    axis: &Axis,
    width: usize,
    f: &mut Formatter<'_>,
) -> Result {
    let names = timeline.rows.iter().map(|row| row.at.chars().count()).max().unwrap_or(0);
    let (margin, names) = (axis.margin, names.max(6));
    let rest = width.saturating_sub(margin + names + CELLS + 4).max(20);
    let left = format!("{:margin$}{:names$}  ", "", "");
    let (labels, ruler) = ruler(axis);
    writeln!(f, "{left}{}", labels.trim_end())?;
    writeln!(f, "{left}{ruler}")?;
    for row in &timeline.rows {
        let mut cells = vec![' '; CELLS];
        let mut stretches: Vec<&Stretch> = row.stretches.iter().collect();
        stretches.sort_by_key(|stretch| stretch.kind);
        for stretch in stretches {
            paint(&mut cells, stretch, axis);
        }
        let cells: String = cells.into_iter().collect();
        let words = row.event.as_ref().map_or("", |event| event.label.as_str());
        let mut lines = wrap(words, rest).into_iter();
        let first = lines.next().unwrap_or_default();
        let line = format!("{:margin$}{:<names$}  {cells}  {first}", "", row.at);
        writeln!(f, "{}", line.trim_end())?;
        for line in lines {
            writeln!(f, "{left}{:CELLS$}  {line}", "")?;
        }
    }
    let told = legend(timeline).into_iter().map(|kind| match kind {
        StretchKind::Waits => "· waits",
        StretchKind::Runs if has_ranges(timeline) => "█ runs  ░ may run",
        StretchKind::Runs => "█ runs",
        StretchKind::Due => "◇ due",
        StretchKind::Happens => "● recorded",
    });
    writeln!(f, "{left}{}", told.collect::<Vec<_>>().join("  "))
}

fn paint(cells: &mut [char], stretch: &Stretch, axis: &Axis) {
    let mut fill = |(from, to): (i64, i64), sign: char| {
        let (from, to) = (axis.place(from, CELLS), axis.place(to, CELLS));
        cells[from..=to].fill(sign);
    };
    match stretch.kind {
        StretchKind::Waits => fill(stretch.possible(axis), '·'),
        StretchKind::Due => fill(stretch.from, '◇'),
        StretchKind::Happens => fill(stretch.from, '●'),
        StretchKind::Runs => {
            fill(stretch.possible(axis), '░');
            if let Some(certain) = stretch.certain(axis) {
                fill(certain, '█');
            }
            for point in stretch.points() {
                fill((point, point), '●');
            }
        }
    }
    if stretch.to.is_none()
        && matches!(stretch.kind, StretchKind::Waits | StretchKind::Runs)
        && let Some(last) = cells.last_mut()
    {
        *last = '→';
    }
}

/// The names of round instants, and the line that they stand on.
fn ruler(axis: &Axis) -> (String, String) {
    let (mut labels, mut ruler) = (String::new(), vec!['─'; CELLS]);
    for (at, name) in axis.ticks(5) {
        let place = axis.place(at, CELLS);
        ruler[place] = '┬';
        let length = labels.chars().count();
        if place >= length {
            labels.extend(std::iter::repeat_n(' ', place - length));
            labels += &name;
            labels.push(' ');
        }
    }
    (labels, ruler.into_iter().collect())
}

/// How many cells the time has.
const CELLS: usize = 40;
