//! A timeline as a self-contained SVG: client, service and worker as lanes, the deadlines beside.

use super::super::text::{clip, wrap};
use super::{Bar, Mark, Party, Row, Timeline};
use activity_execution::vocabulary::TimeoutType;
use std::fmt::Write;

/// Where things are, in pixels.
const CLIENT: i32 = 110;
const SERVICE: i32 = 450;
const WORKER: i32 = 790;
const DEADLINES: i32 = 840;
const LANE: i32 = 30;
const LINE: i32 = 16;
/// How many characters fit between a lane and the service.
const FITS: usize = 44;

impl Timeline {
    /// The picture, complete with styles: `class` names are stable, so that pages can restyle it.
    #[must_use]
    pub fn svg(&self) -> String {
        let lanes = self.lanes();
        let times = self.rows.iter().map(|row| pixels(row.at.len() * 8)).max().unwrap_or(0);
        // Long instants push everything to the right.
        let shift = (times - 40).max(0);
        let width = shift + DEADLINES + LANE * pixels(lanes.len()) + 90;
        let mut painter = Painter { out: String::new(), y: 0, left: 20 - shift };
        painter.heading(self);
        let top = painter.y;
        painter.lanes_heading(&lanes);
        let begin = painter.y;
        let mut spans = Vec::new();
        for row in &self.rows {
            let y = painter.y;
            painter.row(row);
            spans.push((y, painter.y));
        }
        let end = painter.y;
        painter.y = end + 20;
        for row in &self.rows {
            painter.wrong(row);
        }
        let height = painter.y + 16;
        let mut back = Painter { out: String::new(), y: begin, left: 0 };
        for x in [CLIENT, WORKER] {
            back.line("lane", x, top + 66, x, end);
        }
        let mut above = None;
        for (row, (from, to)) in self.rows.iter().zip(spans) {
            back.bar(row, from, to, above);
            back.deadlines(row, &lanes, from, to);
            above = Some(row);
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n\
             <g transform=\"translate({shift},0)\">\n{}{}</g>\n</svg>\n",
            back.out, painter.out
        )
    }
}

struct Painter {
    out: String,
    y: i32,
    /// Where headings begin.
    left: i32,
}

impl Painter {
    fn text(&mut self, class: &str, x: i32, y: i32, anchor: &str, text: &str) {
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
            escape(text)
        );
    }

    /// As [`text`](Self::text), cut to what fits; the whole is there for whoever points at it.
    fn label(&mut self, class: &str, x: i32, y: i32, anchor: &str, text: &str) {
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}\
             <title>{}</title></text>",
            escape(&clip(text, FITS)),
            escape(text)
        );
    }

    fn line(&mut self, class: &str, x1: i32, y1: i32, x2: i32, y2: i32) {
        let _ = writeln!(
            self.out,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        );
    }

    /// An arrow from `x1` to `x2`.
    fn arrow(&mut self, class: &str, x1: i32, x2: i32, y: i32) {
        self.line(class, x1, y, x2, y);
        let back = if x2 > x1 { x2 - 7 } else { x2 + 7 };
        let (above, below) = (y - 4, y + 4);
        let _ = writeln!(
            self.out,
            "<path class=\"head {class}\" d=\"M{x2},{y} L{back},{above} L{back},{below} Z\"/>"
        );
    }

    fn heading(&mut self, timeline: &Timeline) {
        self.y = 30;
        for line in &timeline.title {
            self.text("title", self.left, self.y, "start", line);
            self.y += 22;
        }
        for line in wrap(&timeline.options, 120) {
            self.text("quiet", self.left, self.y, "start", &line);
            self.y += LINE + 2;
        }
    }

    fn lanes_heading(&mut self, lanes: &[usize]) {
        let y = self.y + 56;
        for (x, name) in [(CLIENT, "client"), (SERVICE, "service"), (WORKER, "worker")] {
            self.text("name", x, y, "middle", name);
        }
        for (index, lane) in (0..).zip(lanes) {
            let (x, name) = (DEADLINES + LANE * index, TimeoutType::ALL[*lane].name());
            let _ = writeln!(
                self.out,
                "<text class=\"quiet\" transform=\"translate({x},{y}) rotate(-35)\">{name}</text>"
            );
        }
        self.y = y + 12;
    }

    fn row(&mut self, row: &Row) {
        let begin = self.y;
        let y = begin + 26;
        self.text("time", 58, y + 4, "end", &row.at);
        let (from, side) = match row.party {
            Party::Client => (CLIENT, -1),
            Party::Worker => (WORKER, 1),
            Party::Time => (SERVICE, 0),
        };
        let edge = SERVICE + 15 * side;
        let refused = if row.refused { " refused" } else { "" };
        let mut bottom = y + 10;
        if side == 0 {
            let class = if row.label.starts_with("still") { "quiet" } else { "timer" };
            self.label(class, SERVICE - 24, y + 4, "end", &row.label);
        } else {
            let middle = i32::midpoint(from, edge);
            self.label("call", middle, y - 6, "middle", &row.label);
            self.arrow(&format!("call{refused}"), from, edge, y);
            if let Some(answer) = &row.answer {
                self.arrow(&format!("answer{refused}"), edge, from, y + 18);
                let class = format!("answer{refused}");
                self.label(&class, middle, y + 14, "middle", answer);
                bottom = y + 26;
            }
        }
        let (x, anchor) = if side > 0 { (SERVICE - 24, "end") } else { (SERVICE + 24, "start") };
        let mut note = y + 4;
        if side == 0
            && let Some(answer) = &row.answer
        {
            self.text("answer refused", x, note, anchor, answer);
            note += LINE;
        }
        for line in wrap(&row.notes.join(", "), FITS) {
            if !line.is_empty() {
                self.text("note", x, note, anchor, &line);
                bottom = bottom.max(note + 8);
                note += LINE;
            }
        }
        self.y = bottom;
    }

    /// What the execution is doing, as a bar behind the row and down to the next.
    fn bar(&mut self, row: &Row, from: i32, to: i32, above: Option<&Row>) {
        let class = match row.bar {
            Bar::Delayed => "delayed",
            Bar::Waiting => "waiting",
            Bar::Started => "started",
            Bar::CancelRequested => "started canceling",
            Bar::Closed => "closed",
        };
        let (x, y, height) = (SERVICE - 14, from + 26, to - from);
        let _ = writeln!(
            self.out,
            "<rect class=\"bar {class}\" x=\"{x}\" y=\"{y}\" width=\"28\" height=\"{height}\"/>"
        );
        if above.is_none_or(|above| (above.bar, above.attempt) != (row.bar, row.attempt)) {
            let class = format!("attempt on-{class}");
            self.text(&class, SERVICE, y + 14, "middle", &row.attempt.to_string());
        }
    }

    fn deadlines(&mut self, row: &Row, lanes: &[usize], from: i32, to: i32) {
        let (y, next) = (from + 26, to + 26);
        for (index, lane) in (0..).zip(lanes) {
            let x = DEADLINES + LANE * index;
            let runs_on = match row.marks[*lane] {
                Mark::Nothing => false,
                Mark::Armed => true,
                Mark::Arms | Mark::Moves => {
                    self.line("armed tick", x - 5, y, x + 5, y);
                    true
                }
                Mark::Disarms => {
                    self.line("armed tick", x - 5, y, x + 5, y);
                    false
                }
                Mark::Fires => {
                    let dot = format!("<circle class=\"fires\" cx=\"{x}\" cy=\"{y}\" r=\"6\"/>\n");
                    self.out.push_str(&dot);
                    false
                }
            };
            if runs_on {
                let due = row.due[*lane].as_deref().unwrap_or_default();
                let _ = writeln!(
                    self.out,
                    "<line class=\"armed\" x1=\"{x}\" y1=\"{y}\" x2=\"{x}\" y2=\"{next}\">\
                     <title>{due}</title></line>"
                );
            }
        }
    }

    fn wrong(&mut self, row: &Row) {
        for wrong in &row.wrong {
            self.y += 24;
            let lines: Vec<String> = wrong.lines().flat_map(|l| wrap(l.trim(), 116)).collect();
            let height = LINE * pixels(lines.len()) + 18;
            let (top, left) = (self.y - 4, self.left);
            let _ = writeln!(
                self.out,
                "<rect class=\"violation\" x=\"{left}\" y=\"{top}\" width=\"880\" height=\"{height}\"/>"
            );
            for (index, line) in lines.iter().enumerate() {
                let class = if index == 0 { "violated" } else { "note" };
                self.y += LINE;
                self.text(class, self.left + 12, self.y, "start", line);
            }
            self.y += 10;
        }
    }
}

fn pixels(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX / 1_000)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const STYLE: &str = "\
text{font:12px ui-monospace,Menlo,'DejaVu Sans Mono',monospace;fill:#1d2733}\
.paper{fill:#fff}.title{font:600 16px system-ui,'DejaVu Sans',sans-serif}\
.name{font:600 13px system-ui,'DejaVu Sans',sans-serif}.quiet{fill:#5d6b7a}\
.time{fill:#5d6b7a}.lane{stroke:#c5ced8;stroke-dasharray:2 4}\
line.call{stroke:#1d2733;stroke-width:1.4}line.answer{stroke:#1d2733;stroke-dasharray:4 3}\
.head{stroke:none;fill:#1d2733}line.refused{stroke:#b3261e}.head.refused,text.refused{fill:#b3261e}\
text.answer{font-size:11px}.note{font-size:11px}.timer{fill:#8a5a00;font-weight:600}\
.bar{stroke:#fff;stroke-width:0}.delayed{fill:#e8ecf0}.waiting{fill:#bcd3ee}.started{fill:#2f6fb7}\
.canceling{fill:#8c6bb1}.closed{fill:#39424e}.attempt{fill:#fff;font-weight:600}.on-delayed,.on-waiting{fill:#1d2733}\
.armed{stroke:#c98a1b;stroke-width:2}.fires{fill:#b3261e}\
.violation{fill:#fdeceb;stroke:#b3261e;rx:6}.violated{fill:#b3261e;font-weight:700}";
