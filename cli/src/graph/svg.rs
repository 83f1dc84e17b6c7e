//! A graph as a picture, light or dark as the reader's screen is.

use super::layout::{Placed, Point, Rectangle, Way, extent, placed};
use super::{Graph, Shade};
use activity_models::story::Canvas;
use std::fmt::Write as _;

impl Graph {
    /// As an SVG that needs nothing else.
    #[must_use]
    pub(crate) fn svg(&self) -> String {
        let of_node = |label: &str| extent(&lines(label), LETTER, LINE);
        let placed = placed(self, of_node, |lines| extent(lines, SMALL_LETTER, SMALL_LINE));
        let mut painter = Painter { canvas: Canvas::default(), top: MARGIN };
        painter.heading(&self.title);
        let inks = [Shade::Plain].into_iter().chain(self.arrows.iter().map(|it| it.ink));
        let labels = [vec![self.begin.1.clone()]].into_iter();
        let labels: Vec<Vec<String>> =
            labels.chain(self.arrows.iter().map(super::Arrow::lines)).collect();
        let ways: Vec<(Shade, &Way)> = inks.zip(&placed.ways).collect();
        for (ink, way) in &ways {
            painter.arrow(*ink, way);
        }
        for ((ink, way), lines) in ways.iter().zip(&labels) {
            painter.label(*ink, way.label, lines);
        }
        painter.begin(placed.begin);
        for (node, at) in self.nodes.iter().zip(&placed.nodes) {
            painter.node(node, *at);
        }
        painter.foot(self, &placed);
        let texts = self.title.iter().map(|it| extent(std::slice::from_ref(it), 9.0, LINE));
        let below = self.notes.iter().chain(self.legend.iter().map(|(_, text)| text));
        let below = below.map(|it| extent(std::slice::from_ref(it), LETTER, LINE));
        let widest = texts.chain(below).map(|(width, _)| width + SAMPLE).fold(0.0, f64::max);
        let width = whole(placed.width.max(widest)) + 2 * MARGIN;
        painter.canvas.document((width, painter.top + MARGIN / 2), 0, STYLE)
    }
}

struct Painter {
    canvas: Canvas,
    /// Where the graph begins, and then what is beneath it.
    top: i32,
}

impl Painter {
    fn heading(&mut self, title: &[String]) {
        for (place, line) in title.iter().enumerate() {
            self.top += 14;
            self.canvas.text(
                if place == 0 { "title" } else { "quiet" },
                MARGIN,
                self.top,
                "start",
                line,
            );
            self.top += 8;
        }
        self.top += 10;
    }

    fn moved(&self, (x, y): Point) -> Point {
        (x + f64::from(MARGIN), y + f64::from(self.top))
    }

    fn begin(&mut self, at: Point) {
        let (x, y) = self.moved(at);
        self.canvas
            .put(format_args!("<circle class=\"begin\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"5\"/>"));
    }

    fn arrow(&mut self, ink: Shade, way: &Way) {
        let points: Vec<Point> = way.points.iter().map(|point| self.moved(*point)).collect();
        let [.., before, tip] = points.as_slice() else { return };
        let class = class(ink);
        self.canvas.path(&format!("arrow {class}"), &curve(&points));
        let (dx, dy) = (tip.0 - before.0, tip.1 - before.1);
        let length = dx.hypot(dy).max(0.001);
        let (dx, dy) = (dx / length, dy / length);
        let back = (tip.0 - 9.0 * dx, tip.1 - 9.0 * dy);
        let (left, right) =
            ((back.0 - 4.5 * dy, back.1 + 4.5 * dx), (back.0 + 4.5 * dy, back.1 - 4.5 * dx));
        let head = format!("M{} L{} L{} Z", pair(*tip), pair(left), pair(right));
        self.canvas.path(&format!("head {class}"), &head);
    }

    /// What stands beside an arrow, on paper, so that the arrow does not cross it.
    fn label(&mut self, ink: Shade, at: Rectangle, lines: &[String]) {
        let (x, y) = self.moved(at.middle);
        let (width, height) = extent(lines, SMALL_LETTER, SMALL_LINE);
        let (left, top) = (x - width / 2.0 - 2.0, y - height / 2.0);
        self.canvas.rectangle("paper", whole(left), whole(top), whole(width + 4.0), whole(height));
        let mut base = top + SMALL_LINE - 3.0;
        for line in lines {
            self.canvas.text(
                &format!("label {}", class(ink)),
                whole(x),
                whole(base),
                "middle",
                line,
            );
            base += SMALL_LINE;
        }
    }

    fn node(&mut self, node: &super::Node, at: Rectangle) {
        let (x, y) = self.moved(at.middle);
        let (left, top) = (x - at.width / 2.0, y - at.height / 2.0);
        let class = class(node.ink);
        let mut outline = |class: &str, inside: f64| {
            let (x, y) = (whole(left + inside), whole(top + inside));
            let (width, height) = (whole(at.width - 2.0 * inside), whole(at.height - 2.0 * inside));
            self.canvas.rectangle(class, x, y, width, height);
        };
        outline(&format!("box {class}"), 0.0);
        if node.is_end {
            outline(&format!("inner {class}"), 3.0);
        }
        let lines = lines(&node.label);
        let (_, height) = extent(&lines, LETTER, LINE);
        let mut base = y - height / 2.0 + LINE - 4.0;
        for (place, line) in lines.iter().enumerate() {
            let size = if place == 0 { "" } else { " small" };
            self.canvas.text(&format!("{class}{size}"), whole(x), whole(base), "middle", line);
            base += LINE;
        }
    }

    /// What the shades mean, and what is left out.
    fn foot(&mut self, graph: &Graph, placed: &Placed) {
        self.top += whole(placed.height) + 18;
        for (ink, text) in &graph.legend {
            self.top += whole(LINE) + 4;
            let (class, middle) = (class(*ink), f64::from(self.top) - 4.0);
            let end = f64::from(MARGIN) + SAMPLE - 14.0;
            let line = format!("M{} L{}", pair((f64::from(MARGIN), middle)), pair((end, middle)));
            self.canvas.path(&format!("arrow {class}"), &line);
            let x = MARGIN + whole(SAMPLE);
            self.canvas.text(&format!("small {class}"), x, self.top, "start", text);
        }
        for note in &graph.notes {
            self.top += whole(LINE) + 4;
            self.canvas.text("quiet small", MARGIN, self.top, "start", note);
        }
    }
}

/// A smooth line through the middle of points (a B-spline), from the first to the last.
fn curve(points: &[Point]) -> String {
    let mix = |parts: &[(f64, Point)]| {
        let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
        let x: f64 = parts.iter().map(|(weight, point)| weight * point.0).sum();
        let y: f64 = parts.iter().map(|(weight, point)| weight * point.1).sum();
        pair((x / sum, y / sum))
    };
    let (first, last) = (points[0], points[points.len() - 1]);
    let mut path = format!("M{}", pair(first));
    if points.len() > 2 {
        let _ = write!(path, " L{}", mix(&[(5.0, first), (1.0, points[1])]));
        let ends = points.windows(3).map(|it| (it[0], it[1], it[2]));
        let before = points[points.len() - 2];
        for (one, two, three) in ends.chain([(before, last, last)]) {
            let (near, far) = (mix(&[(2.0, one), (1.0, two)]), mix(&[(1.0, one), (2.0, two)]));
            let end = mix(&[(1.0, one), (4.0, two), (1.0, three)]);
            let _ = write!(path, " C{near} {far} {end}");
        }
    }
    let _ = write!(path, " L{}", pair(last));
    path
}

fn pair((x, y): Point) -> String {
    format!("{x:.1},{y:.1}")
}

fn lines(label: &str) -> Vec<String> {
    label.lines().map(str::to_owned).collect()
}

/// Whole pixels.
fn whole(pixels: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "pictures are small, and it saturates")]
    let whole = pixels.round() as i32;
    whole
}

fn class(ink: Shade) -> &'static str {
    match ink {
        Shade::Plain => "plain",
        Shade::Way => "way",
        Shade::Specified => "specified",
        Shade::Found => "found",
    }
}

const MARGIN: i32 = 20;
/// How long the sample of a shade is, with what sets it off.
const SAMPLE: f64 = 54.0;
/// How wide a letter is, and how high a line: of states, and of arrows.
const LETTER: f64 = 7.3;
const LINE: f64 = 16.0;
const SMALL_LETTER: f64 = 6.7;
const SMALL_LINE: f64 = 14.0;

const STYLE: &str = "\
text.label,.small{font-size:11px}.paper{fill:#fff}.quiet,.specified.label{fill:#5d6b7a}\
.box{fill:#f4f7fb;stroke:#9db4cf;rx:6}.inner{fill:none;stroke:#9db4cf;rx:4}\
.box.way,.inner.way{stroke:#2f6fb7;stroke-width:2}.box.way{fill:#dce8f6}\
.box.specified,.inner.specified{fill:#fff;stroke:#7b8896;stroke-dasharray:5 3}\
.box.found,.inner.found{fill:#fdeceb;stroke:#b3261e;stroke-width:2}\
.begin,.head{fill:#52606e}.arrow{fill:none;stroke:#52606e;stroke-width:1.2}\
.arrow.way{stroke:#2f6fb7;stroke-width:3}.head.way{fill:#2f6fb7}text.way{fill:#1d4f86}\
.arrow.specified{stroke:#7b8896;stroke-width:1.6;stroke-dasharray:6 4}.head.specified{fill:#7b8896}\
.arrow.found{stroke:#b3261e;stroke-width:2.2}.head.found{fill:#b3261e}text.found{fill:#b3261e}\
text.way,text.found{font-weight:600}\
@media(prefers-color-scheme:dark){\
text{fill:#dfe6ee}.paper{fill:#12171d}.quiet,.specified.label{fill:#93a1b0}\
.box{fill:#1b232c;stroke:#4d6580}.inner{stroke:#4d6580}\
.box.way,.inner.way{stroke:#5b9be0}.box.way{fill:#1c2f45}\
.box.specified,.inner.specified{fill:#12171d;stroke:#8795a3}\
.box.found,.inner.found{fill:#3a1815;stroke:#ff8a80}\
.begin,.head{fill:#a9b5c1}.arrow{stroke:#a9b5c1}\
.arrow.way{stroke:#5b9be0}.head.way{fill:#5b9be0}text.way{fill:#9cc4f0}\
.arrow.specified{stroke:#8795a3}.head.specified{fill:#8795a3}\
.arrow.found{stroke:#ff8a80}.head.found{fill:#ff8a80}text.found{fill:#ff8a80}}";
