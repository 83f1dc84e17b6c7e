//! A way through the system as a self-contained SVG: a lane for each party, time downwards.
//! Draws what the timeline says in words, and between lanes who calls whom; judges nothing.

use super::moves::Move;
use super::replay::Replayed;
use super::timeline::{LANES, cells, wrap};
use std::fmt::Write;

/// Where things are, in pixels.
const LEFT: i32 = 56;
const LANE: i32 = 206;
const BOX: i32 = 186;
const LINE: i32 = 15;
const GAP: i32 = 14;
/// How many characters fit into a box, and into a line below the lanes.
const FITS: usize = 24;
const FITS_BELOW: usize = 132;

/// The places of the lanes.
const CALLER: usize = 0;
const SERVICE: usize = 1;
const NETWORK: usize = 4;

/// The picture, complete with styles: what it is about, the steps, and the names of what they break
/// with what those say.
#[must_use]
pub fn svg(title: &str, story: &str, steps: &[Replayed], broken: &[(&str, &str)]) -> String {
    let mut painter = Painter { out: String::new(), y: 34 };
    painter.text("title", 20, 34, "start", title);
    painter.paragraph("quiet", story);
    painter.y += 34;
    let heading = painter.y;
    for (lane, name) in LANES.iter().enumerate() {
        painter.text("name", middle(lane), heading, "middle", name);
    }
    painter.y += 12;
    let begin = painter.y;
    for (number, step) in (1..).zip(steps) {
        painter.step(number, step);
    }
    let end = painter.y;
    painter.y += 10;
    for (name, statement) in broken {
        painter.broken(name, statement);
    }
    let width = LEFT + LANE * pixels(LANES.len());
    let height = painter.y + 20;
    let mut lanes = Painter { out: String::new(), y: 0 };
    for lane in 0..LANES.len() {
        lanes.line("lane", middle(lane), begin, middle(lane), end);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\">\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n{}{}</svg>\n",
        lanes.out, painter.out
    )
}

struct Painter {
    out: String,
    y: i32,
}

impl Painter {
    // Writing to a text cannot fail.
    fn text(&mut self, class: &str, x: i32, y: i32, anchor: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    fn line(&mut self, class: &str, x1: i32, y1: i32, x2: i32, y2: i32) {
        let _ = writeln!(
            self.out,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        );
    }

    fn rectangle(&mut self, class: &str, x: i32, y: i32, width: i32, height: i32) {
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
             rx=\"5\"/>"
        );
    }

    fn paragraph(&mut self, class: &str, text: &str) {
        for line in wrap(text, FITS_BELOW) {
            self.y += LINE + 4;
            self.text(class, 20, self.y, "start", &line);
        }
    }

    /// A step: its number, a box for each party that has a part in it, and who calls whom.
    fn step(&mut self, number: usize, step: &Replayed) {
        let top = self.y + GAP;
        let boxes: Vec<Vec<String>> = cells(step).iter().map(|cell| wrap(cell, FITS)).collect();
        let lines = boxes.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let height = LINE * pixels(lines) + 10;
        self.text("quiet", 34, top + LINE + 2, "end", &number.to_string());
        if let Some((from, to)) = calls(&step.happened.moved) {
            self.arrow(from, to, top + 13);
        }
        for (lane, lines) in boxes.iter().enumerate().filter(|(_, lines)| !lines.is_empty()) {
            let is_wrong = lines.iter().any(|line| line.starts_with('✗'));
            let class = match lane {
                _ if is_wrong => "box wrong",
                SERVICE => "box service",
                NETWORK => "box network",
                _ => "box",
            };
            let height = LINE * pixels(lines.len()) + 10;
            self.rectangle(class, middle(lane) - BOX / 2, top, BOX, height);
            for (index, line) in (1..).zip(lines) {
                let class = if line.starts_with('✗') { "bad" } else { "said" };
                self.text(class, middle(lane), top + LINE * index + 2, "middle", line);
            }
        }
        self.y = top + height;
    }

    /// From the edge of one lane's box to the edge of another's, below the boxes between.
    fn arrow(&mut self, from: usize, to: usize, y: i32) {
        let side = if from < to { 1 } else { -1 };
        let (begin, end) = (middle(from), middle(to) - side * BOX / 2);
        self.line("call", begin, y, end - side * 6, y);
        let back = end - side * 8;
        let (above, below) = (y - 4, y + 4);
        let _ = writeln!(
            self.out,
            "<path class=\"head\" d=\"M{end},{y} L{back},{above} L{back},{below} Z\"/>"
        );
    }

    fn broken(&mut self, name: &str, statement: &str) {
        let lines = wrap(statement, FITS_BELOW);
        let height = LINE * pixels(lines.len() + 1) + 22;
        let width = LEFT + LANE * pixels(LANES.len()) - 40;
        self.y += 12;
        self.rectangle("broken", 20, self.y, width, height);
        self.text("bad", 34, self.y + 20, "start", name);
        for (index, line) in (1..).zip(lines) {
            self.text("said", 34, self.y + 22 + LINE * index, "start", &line);
        }
        self.y += height;
    }
}

/// Whose call or answer reaches whom in this move.
fn calls(moved: &Move) -> Option<(usize, usize)> {
    let worker = moved.worker().map(|worker| SERVICE + 1 + worker);
    match moved {
        Move::TakeCallerCall { .. } => Some((CALLER, SERVICE)),
        Move::TellCaller => Some((SERVICE, CALLER)),
        Move::TakeTask { .. } | Move::AskAgain { .. } => Some((SERVICE, worker?)),
        Move::TakeCall { .. } => Some((worker?, SERVICE)),
        Move::TakeStray { .. } => Some((NETWORK, SERVICE)),
        Move::GiveUp { .. }
        | Move::Crash { stray: true, .. }
        | Move::LocalTimeout { stray: true, .. }
        | Move::Duplicate { .. } => Some((worker?, NETWORK)),
        _ => None,
    }
}

fn middle(lane: usize) -> i32 {
    LEFT + LANE * pixels(lane) + LANE / 2 - 10
}

fn pixels(length: usize) -> i32 {
    i32::try_from(length).expect("a picture is small")
}

const STYLE: &str = "\
text{font:12px ui-monospace,Menlo,'DejaVu Sans Mono',monospace;fill:#1d2733}\
.paper{fill:#fff}.title{font:600 16px system-ui,'DejaVu Sans',sans-serif}\
.name{font:600 13px system-ui,'DejaVu Sans',sans-serif}.quiet{fill:#5d6b7a}\
.lane{stroke:#c5ced8;stroke-dasharray:2 4}.box{fill:#eef3f9;stroke:#9db4cf}\
.service{fill:#dce8f6;stroke:#2f6fb7}.network{fill:#fdf3e1;stroke:#c98a1b}\
.wrong{fill:#fdeceb;stroke:#b3261e}.bad{fill:#b3261e;font-weight:700}\
.call{stroke:#1d2733;stroke-width:1.4}.head{fill:#1d2733}\
.broken{fill:#fdeceb;stroke:#b3261e}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::{Bounds, MUTANTS, QUICK, System, catch, replay};

    #[test]
    fn every_bug_is_drawn_with_all_its_steps_and_nothing_that_is_not_escaped() {
        for mutant in MUTANTS {
            let bounds = Bounds { details: 2, ..QUICK };
            let found = catch(mutant, &bounds).expect("every mutant is caught");
            let system = System { machines: mutant.machines, bounds };
            let steps = replay(&system, found.begin, &found.moves);
            let picture = svg(mutant.name, mutant.story, &steps, &[("a<b", "a & b.")]);
            assert!(picture.contains("a&lt;b") && picture.contains("a &amp; b."));
            for number in 1..=steps.len() {
                assert!(picture.contains(&format!(">{number}</text>")), "{}", mutant.name);
            }
            assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count());
        }
    }
}
