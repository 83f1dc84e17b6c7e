//! A timeline as a self-contained SVG: lanes, time downwards, who calls whom, deadlines beside.
//! Light or dark, as the reader's screen is; `class` names are stable, so that pages can restyle it.

use super::axis;
use super::canvas::Canvas;
use super::layout::{clip, wrap};
use super::timeline::{Bar, BarKind, Cell, Event, EventKind, Mark, Row, Timeline, Tone};

impl Timeline {
    /// The picture, complete with styles.
    #[must_use]
    pub fn svg(&self) -> String {
        stacked(std::slice::from_ref(self))
    }

    fn drawing(&self) -> Drawing {
        match &self.axis {
            Some(axis) => axis::drawing(self, axis),
            None => in_lanes(self),
        }
    }
}

/// Pictures in one, each below the one before.
#[must_use]
pub fn stacked(timelines: &[Timeline]) -> String {
    let drawings: Vec<Drawing> = timelines.iter().map(Timeline::drawing).collect();
    if let [Drawing { width, height, shift, canvas }] = drawings.as_slice() {
        return canvas.document((*width, *height), *shift, STYLE);
    }
    let width = drawings.iter().map(|it| it.width).max().unwrap_or(0);
    let (mut all, mut y) = (Canvas::default(), 0);
    for Drawing { height, shift, canvas, .. } in &drawings {
        let shapes = canvas.shapes();
        all.put(format_args!("<g transform=\"translate({shift},{y})\">\n{shapes}</g>"));
        y += height;
    }
    all.document((width, y), 0, STYLE)
}

/// A picture without its frame.
pub(super) struct Drawing {
    pub(super) width: i32,
    pub(super) height: i32,
    /// How far it is moved to the right.
    pub(super) shift: i32,
    pub(super) canvas: Canvas,
}

fn in_lanes(timeline: &Timeline) -> Drawing {
    let places = Places::of(timeline);
    let mut front = Painter::default();
    front.heading(timeline, &places);
    let top = front.y - 8;
    let begins: Vec<i32> = timeline.rows.iter().map(|row| front.row(row, &places)).collect();
    let end = front.y;
    front.y += 20;
    for finding in &timeline.findings {
        front.finding(finding, &places);
    }
    let height = front.y + 16;
    // What lies behind: lanes, bars and tracks.
    let mut back = Painter::default();
    for (lane, x) in places.lanes.iter().enumerate() {
        let has_bars = timeline.rows.iter().flat_map(|row| &row.bars).any(|bar| bar.lane == lane);
        if places.is_wide(lane) || !has_bars {
            back.canvas.line("lane", *x, top, *x, end);
        }
    }
    let mut above = None;
    for (index, row) in timeline.rows.iter().enumerate() {
        let next = begins.get(index + 1).copied().unwrap_or(end);
        for bar in &row.bars {
            back.bar(bar, begins[index], next, bar.continues(above), &places);
        }
        back.tracks(row, begins[index], next, places.tracks);
        above = Some(row);
    }
    back.canvas.put(front.canvas.shapes().trim_end());
    let (width, shift) = (places.width, places.shift);
    Drawing { width, height, shift, canvas: back.canvas }
}

/// Where things are, in pixels.
struct Places<'a> {
    timeline: &'a Timeline,
    /// The middle of each lane.
    lanes: Vec<i32>,
    /// The first track.
    tracks: i32,
    width: i32,
    /// How far long instants push everything to the right.
    shift: i32,
}

impl<'a> Places<'a> {
    fn of(timeline: &'a Timeline) -> Self {
        let times = timeline.rows.iter().map(|row| pixels(row.at.chars().count() * 8));
        let shift = (times.max().unwrap_or(0) - 40).max(0);
        let (mut lanes, mut x) = (Vec::new(), 0);
        for lane in &timeline.lanes {
            let (first, apart) = if lane.column.is_some() { (152, WIDE) } else { (110, NARROW) };
            x = if lanes.is_empty() { first } else { x + apart };
            lanes.push(x);
        }
        let tracks = x + 50;
        let right = match timeline.lanes.last() {
            Some(last) if last.column.is_some() => x + WIDE / 2 + 10,
            Some(_) | None => tracks + TRACK * pixels(timeline.tracks.len()) + 90,
        };
        Places { timeline, lanes, tracks, width: shift + right, shift }
    }

    /// Whether the words of a lane stand in it.
    fn is_wide(&self, lane: usize) -> bool {
        self.timeline.lanes[lane].column.is_some()
    }

    /// Where an arrow touches a lane that it comes to from one side.
    fn edge(&self, lane: usize, row: &Row, side: i32) -> i32 {
        let has_bar = row.bars.iter().any(|bar| bar.lane == lane);
        let half = match (self.is_wide(lane), has_bar) {
            (true, _) => BOX / 2,
            (false, true) => 15,
            (false, false) => 0,
        };
        self.lanes[lane] + side * half
    }

    /// Where headings begin.
    fn left(&self) -> i32 {
        20 - self.shift
    }

    /// How many characters fit into a line from side to side.
    fn fits(&self) -> usize {
        usize::try_from(self.width / 8).unwrap_or(0).max(40)
    }
}

/// Writes shapes, from top to bottom.
#[derive(Default)]
pub(super) struct Painter {
    pub(super) canvas: Canvas,
    pub(super) y: i32,
}

impl Painter {
    pub(super) fn text(&mut self, class: &str, x: i32, y: i32, anchor: &str, text: &str) {
        self.canvas.text(class, x, y, anchor, text);
    }

    /// As [`text`](Self::text), cut to what fits.
    fn label(&mut self, class: &str, x: i32, y: i32, anchor: &str, text: &str) {
        self.canvas.clipped(class, (x, y), anchor, &clip(text, FITS_BESIDE), text);
    }

    pub(super) fn circle(&mut self, class: &str, x: i32, y: i32) {
        self.canvas.put(format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"6\"/>"));
    }

    pub(super) fn diamond(&mut self, class: &str, x: i32, y: i32) {
        let (left, right, above, below) = (x - 7, x + 7, y - 7, y + 7);
        let path = format!("M{left},{y} L{x},{above} L{right},{y} L{x},{below} Z");
        self.canvas.path(class, &path);
    }

    pub(super) fn arrow(&mut self, class: &str, from: i32, to: i32, y: i32) {
        let side = if to > from { 1 } else { -1 };
        self.canvas.line(class, from, y, to - side * 6, y);
        let (back, above, below) = (to - side * 8, y - 4, y + 4);
        let path = format!("M{to},{y} L{back},{above} L{back},{below} Z");
        self.canvas.path(&format!("head {class}"), &path);
    }

    fn heading(&mut self, timeline: &Timeline, places: &Places<'_>) {
        self.y = 30;
        for line in &timeline.title {
            self.text("title", places.left(), self.y, "start", line);
            self.y += 22;
        }
        for line in wrap(&timeline.about, places.fits()).iter().filter(|line| !line.is_empty()) {
            self.text("quiet", places.left(), self.y, "start", line);
            self.y += LINE + 2;
        }
        self.y += if timeline.tracks.is_empty() { 16 } else { 56 };
        for (lane, x) in timeline.lanes.iter().zip(&places.lanes) {
            self.text("name", *x, self.y, "middle", &lane.name);
        }
        for (index, track) in (0..).zip(&timeline.tracks) {
            let (x, y) = (places.tracks + TRACK * index, self.y);
            self.canvas.put(format_args!(
                "<text class=\"quiet\" transform=\"translate({x},{y}) rotate(-35)\">{track}</text>"
            ));
        }
        self.y += 18;
    }

    /// Draws a row, and gives the line on which it happens.
    fn row(&mut self, row: &Row, places: &Places<'_>) -> i32 {
        let y = self.y + 26;
        self.text("time", 46, y + 4, "end", row.at.trim());
        let mut bottom = y + 10;
        if let Some((from, to)) = row.arrow {
            let side = if from < to { -1 } else { 1 };
            self.arrow("call", places.edge(from, row, -side), places.edge(to, row, side), y);
        }
        if let Some(event) = &row.event {
            bottom = bottom.max(self.event(event, row, y, places));
        }
        for cell in row.cells.iter().filter(|cell| !cell.lines.is_empty()) {
            let below = if places.is_wide(cell.lane) {
                self.boxed(cell, y - 14, places)
            } else {
                self.beside(cell, row, y, places)
            };
            bottom = bottom.max(below);
        }
        self.y = bottom;
        y
    }

    /// What sets a row off, with its answer; gives where it ends.
    fn event(&mut self, event: &Event, row: &Row, y: i32, places: &Places<'_>) -> i32 {
        let refused = if event.refused { " refused" } else { "" };
        let (from, to) = match event.kind {
            EventKind::Call { from, to } => (from, to),
            EventKind::Timer(lane) | EventKind::Stands(lane) => {
                let is_timer = matches!(event.kind, EventKind::Timer(_));
                let class = if is_timer { "timer" } else { "quiet" };
                let x = places.lanes[lane];
                self.label(class, x - 24, y + 4, "end", &event.label);
                if let Some(answer) = &event.answer {
                    self.label(&format!("answer{refused}"), x + 24, y + 4, "start", answer);
                }
                return y + 10;
            }
        };
        let side = if from < to { -1 } else { 1 };
        let (begin, end) = (places.edge(from, row, -side), places.edge(to, row, side));
        let middle = i32::midpoint(begin, end);
        self.label("call", middle, y - 6, "middle", &event.label);
        self.arrow(&format!("call{refused}"), begin, end, y);
        let Some(answer) = &event.answer else { return y + 10 };
        let class = format!("answer{refused}");
        self.arrow(&class, end, begin, y + 18);
        self.label(&class, middle, y + 14, "middle", answer);
        y + 26
    }

    /// What a lane says, in a box in it; gives where it ends.
    fn boxed(&mut self, cell: &Cell, top: i32, places: &Places<'_>) -> i32 {
        let lines: Vec<String> = cell.lines.iter().flat_map(|line| wrap(line, FITS)).collect();
        let is_wrong = lines.iter().any(|line| line.starts_with('✗'));
        let class = match places.timeline.lanes[cell.lane].tone {
            _ if is_wrong => "box wrong",
            Tone::Party => "box",
            Tone::Service => "box service",
            Tone::Network => "box network",
        };
        let (x, height) = (places.lanes[cell.lane], 15 * pixels(lines.len()) + 10);
        self.canvas.rectangle(class, x - BOX / 2, top, BOX, height);
        for (index, line) in (1..).zip(&lines) {
            let class = if line.starts_with('✗') { "bad" } else { "said" };
            self.text(class, x, top + 15 * index + 2, "middle", line);
        }
        top + height
    }

    /// What a lane says, beside it, away from who calls; gives where it ends.
    fn beside(&mut self, cell: &Cell, row: &Row, y: i32, places: &Places<'_>) -> i32 {
        let x = places.lanes[cell.lane];
        let from_right = row
            .event
            .as_ref()
            .is_some_and(|event| matches!(event.kind, EventKind::Call { from, to } if from > to));
        let (x, anchor) = if from_right { (x - 24, "end") } else { (x + 24, "start") };
        let is_answered = row.event.as_ref().is_some_and(|event| {
            !matches!(event.kind, EventKind::Call { .. }) && event.answer.is_some()
        });
        let mut line_y = y + 4 + if is_answered { LINE } else { 0 };
        for line in cell.lines.iter().flat_map(|line| wrap(line, FITS_BESIDE)) {
            self.text("note", x, line_y, anchor, &line);
            line_y += LINE;
        }
        line_y - LINE + 8
    }

    /// What a party is doing, down to the next row.
    fn bar(&mut self, bar: &Bar, from: i32, to: i32, continues: bool, places: &Places<'_>) {
        let class = match bar.kind {
            BarKind::Delayed => "delayed",
            BarKind::Waiting => "waiting",
            BarKind::Started => "started",
            BarKind::CancelRequested => "canceling",
            BarKind::Closed => "closed",
        };
        let x = places.lanes[bar.lane];
        if places.is_wide(bar.lane) {
            let (x, width) = (x - BOX / 2 - 5, BOX + 10);
            return self.canvas.rectangle(&format!("band {class}"), x, from, width, to - from);
        }
        self.canvas.rectangle(&format!("bar {class}"), x - 14, from, 28, to - from);
        if !continues {
            self.text(&format!("attempt on-{class}"), x, from + 14, "middle", &bar.label);
        }
    }

    fn tracks(&mut self, row: &Row, y: i32, next: i32, left: i32) {
        for (index, mark) in (0..).zip(&row.marks) {
            let x = left + TRACK * index;
            match mark {
                Mark::Nothing | Mark::Armed(_) => {}
                Mark::Arms(_) | Mark::Moves(_) | Mark::Disarms => {
                    self.canvas.line("armed tick", x - 5, y, x + 5, y);
                }
                Mark::Fires => self.circle("fires", x, y),
            }
            if let Some(due) = mark.runs_on() {
                self.canvas.titled_line("armed", (x, y), (x, next), due);
            }
        }
    }

    fn finding(&mut self, finding: &str, places: &Places<'_>) {
        let fits = places.fits() - 6;
        let lines: Vec<String> = finding.lines().flat_map(|line| wrap(line.trim(), fits)).collect();
        let height = LINE * pixels(lines.len()) + 18;
        let (left, width) = (places.left(), places.width - 40);
        self.canvas.rectangle("violation", left, self.y, width, height);
        self.y += 4;
        for (index, line) in lines.iter().enumerate() {
            let class = if index == 0 { "bad" } else { "note" };
            self.y += LINE;
            self.text(class, left + 12, self.y, "start", line);
        }
        self.y += 24;
    }
}

pub(super) fn pixels(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX / 1_000)
}

/// How far the middles of two lanes are apart: where words stand in the lane, and beside it.
const WIDE: i32 = 206;
const NARROW: i32 = 340;
/// The width of a box in a lane, how many characters fit into it, and how many beside a lane.
const BOX: i32 = 186;
const FITS: usize = 24;
const FITS_BESIDE: usize = 44;
/// How far two tracks are apart, and two lines.
const TRACK: i32 = 30;
pub(super) const LINE: i32 = 16;

const STYLE: &str = "\
.name{font:600 13px system-ui,'DejaVu Sans',sans-serif}\
text.answer,.note{font-size:11px}.attempt,.timer,.bad{font-weight:600}\
.paper{fill:#fff}.quiet,.time{fill:#5d6b7a}.timer{fill:#8a5a00}\
.lane{stroke:#c5ced8;stroke-dasharray:2 4}\
line.call,line.answer{stroke:#1d2733;stroke-width:1.4}line.answer{stroke-dasharray:4 3}\
.head{fill:#1d2733}line.refused{stroke:#b3261e}.head.refused,text.refused,.bad{fill:#b3261e}\
.bar.delayed{fill:#e8ecf0}.waiting{fill:#bcd3ee}.started{fill:#2f6fb7}.canceling{fill:#8c6bb1}\
.closed{fill:#39424e}.delayed{fill:#9aa7b4}.band{fill-opacity:.16}\
.attempt{fill:#fff}.on-delayed,.on-waiting{fill:#1d2733}\
.armed{stroke:#c98a1b;stroke-width:2}.fires{fill:#b3261e}\
.box{fill:#f4f7fb;stroke:#9db4cf;rx:5}.service{fill:#dce8f6;stroke:#2f6fb7}\
.network{fill:#fdf3e1;stroke:#c98a1b}.wrong,.violation{fill:#fdeceb;stroke:#b3261e}\
.violation{rx:6}\
.bar.maybe{fill:#2f6fb7;fill-opacity:.22;stroke:#2f6fb7;stroke-dasharray:3 3}\
.waits{stroke:#5d6b7a;stroke-width:2;stroke-dasharray:1 5;stroke-linecap:round}\
.ruler{stroke:#5d6b7a}.point{fill:#1d2733;stroke:#fff;stroke-width:2}\
.due{fill:#c98a1b;stroke:#fff;stroke-width:2}\
@media(prefers-color-scheme:dark){\
text,.head,.on-delayed,.on-waiting{fill:#dfe6ee}.paper{fill:#12171d}\
.quiet,.time{fill:#93a1b0}.timer{fill:#e0ac52}.lane{stroke:#3d4855}\
line.call,line.answer{stroke:#dfe6ee}line.refused{stroke:#ff8a80}\
.head.refused,text.refused,.bad,.fires{fill:#ff8a80}\
.bar.delayed{fill:#2a323b}.waiting{fill:#34537a}.closed{fill:#6b7786}.band{fill-opacity:.3}\
.attempt{fill:#fff}.armed{stroke:#e0ac52}\
.box{fill:#1b232c;stroke:#4d6580}.service{fill:#1c2f45;stroke:#5b9be0}\
.network{fill:#33290f;stroke:#e0ac52}.wrong,.violation{fill:#3a1815;stroke:#ff8a80}\
.bar.maybe{fill:#5b9be0;fill-opacity:.25;stroke:#5b9be0}.waits,.ruler{stroke:#93a1b0}\
.point{fill:#dfe6ee;stroke:#12171d}.due{fill:#e0ac52;stroke:#12171d}}";
