//! Rows on an axis of time, as a drawing: names, bars under a ruler, and words.

use super::super::layout::wrap;
use super::super::svg::{Drawing, LINE, Painter, pixels};
use super::super::timeline::Timeline;
use super::{Axis, Stretch, StretchKind, has_ranges, legend};

/// Draws the rows.
pub(in super::super) fn drawing(timeline: &Timeline, axis: &Axis) -> Drawing {
    let names = timeline.rows.iter().map(|row| row.at.chars().count()).max().unwrap_or(0);
    let left = (pixels(names) * 8).clamp(60, 200) + 40;
    let places = Places { axis, left };
    let mut front = Painter { y: 30, ..Painter::default() };
    for line in &timeline.title {
        front.text("title", 20, front.y, "start", line);
        front.y += 22;
    }
    for line in wrap(&timeline.about, FITS).iter().filter(|line| !line.is_empty()) {
        front.text("quiet", 20, front.y, "start", line);
        front.y += LINE + 2;
    }
    front.y += 20;
    let top = front.y;
    let mut back = Painter::default();
    let ticks = axis.ticks(8);
    let mut bars = Painter::default();
    front.y += 14;
    for row in &timeline.rows {
        let y = front.y;
        front.text("name", left - 16, y + 17, "end", &row.at);
        let mut stretches: Vec<&Stretch> = row.stretches.iter().collect();
        stretches.sort_by_key(|stretch| stretch.kind);
        for stretch in stretches {
            bars.stretch(stretch, y, &places);
        }
        let words = row.event.as_ref().map_or("", |event| event.label.as_str());
        let lines = wrap(words, BESIDE);
        for (index, line) in (0..).zip(&lines) {
            front.text("note", left + WIDE + 20, y + 16 + 15 * index, "start", line);
        }
        front.y += ROW.max(15 * pixels(lines.len()) + 11);
    }
    let bottom = front.y + 4;
    for (at, name) in &ticks {
        let x = places.at(*at);
        back.canvas.line("lane", x, top + 4, x, bottom);
        front.text("quiet", x, top - 2, "middle", name);
    }
    back.canvas.line("ruler", left, top + 4, left + WIDE, top + 4);
    front.y = bottom + 14;
    front.key(timeline, left);
    let width = left + WIDE + 20 + pixels(BESIDE) * 7 + 10;
    let mut canvas = back.canvas;
    canvas.put(bars.canvas.shapes().trim_end());
    canvas.put(front.canvas.shapes().trim_end());
    Drawing { width, height: front.y + 16, shift: 0, canvas }
}

/// Where instants are.
struct Places<'a> {
    axis: &'a Axis,
    left: i32,
}

impl Places<'_> {
    fn at(&self, instant: i64) -> i32 {
        let places = usize::try_from(WIDE + 1).unwrap_or(0);
        self.left + pixels(self.axis.place(instant, places))
    }
}

impl Painter {
    fn stretch(&mut self, stretch: &Stretch, y: i32, places: &Places<'_>) {
        let axis = places.axis;
        let (from, to) = stretch.possible(axis);
        let (from, to) = (places.at(from), places.at(to));
        let middle = y + 12;
        match stretch.kind {
            StretchKind::Waits => self.canvas.line("waits", from, middle, to, middle),
            StretchKind::Due => self.diamond("due", from, middle),
            StretchKind::Happens => self.circle("point", from, middle),
            StretchKind::Runs => {
                self.canvas.rectangle("bar maybe", from, y + 3, (to - from).max(2), 18);
                if let Some((from, to)) = stretch.certain(axis) {
                    let (from, to) = (places.at(from), places.at(to));
                    self.canvas.rectangle("bar started", from, y + 3, (to - from).max(2), 18);
                }
                for point in stretch.points() {
                    self.circle("point", places.at(point), middle);
                }
            }
        }
        if stretch.to.is_none() && matches!(stretch.kind, StretchKind::Waits | StretchKind::Runs) {
            self.arrow("call", to, to + 16, middle);
        }
    }

    /// What the signs mean.
    fn key(&mut self, timeline: &Timeline, left: i32) {
        let y = self.y;
        let mut x = left;
        for kind in legend(timeline) {
            let entries: &[(&str, &str)] = match kind {
                StretchKind::Waits => &[("waits", "waits")],
                StretchKind::Runs if has_ranges(timeline) => {
                    &[("bar started", "runs"), ("bar maybe", "may run")]
                }
                StretchKind::Runs => &[("bar started", "runs")],
                StretchKind::Due => &[("due", "due")],
                StretchKind::Happens => &[("point", "recorded")],
            };
            for (class, name) in entries {
                match kind {
                    StretchKind::Waits => self.canvas.line(class, x, y, x + 22, y),
                    StretchKind::Runs => self.canvas.rectangle(class, x, y - 7, 22, 14),
                    StretchKind::Due => self.diamond(class, x + 11, y),
                    StretchKind::Happens => self.circle(class, x + 11, y),
                }
                self.text("quiet", x + 30, y + 4, "start", name);
                x += 46 + 8 * pixels(name.len());
            }
        }
    }
}

/// How wide the time is.
const WIDE: i32 = 520;
/// How high a row is.
const ROW: i32 = 30;
/// How many characters fit into a line beside the time, and into one from side to side.
const BESIDE: usize = 42;
const FITS: usize = 112;
