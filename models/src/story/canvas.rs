//! A self-contained SVG that is written shape by shape; whoever paints brings the classes.

use std::fmt::{Display, Write as _};

/// A picture that is being painted. Numbers are pixels.
#[derive(Clone, Debug, Default)]
pub struct Canvas {
    out: String,
}

/// How texts look in every picture.
const LETTERS: &str = "\
text{font:12px ui-monospace,Menlo,'DejaVu Sans Mono',monospace;fill:#1d2733}\
.title{font:600 16px system-ui,'DejaVu Sans',sans-serif}";

// Writing to a text cannot fail.
impl Canvas {
    /// A text, which begins, ends or has its middle there.
    pub fn text(&mut self, class: &str, x: i32, y: i32, anchor: &str, text: &str) {
        let text = escape(text);
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    /// A text that was cut to what fits; the whole is there for whoever points at it.
    pub fn clipped(&mut self, class: &str, at: (i32, i32), anchor: &str, text: &str, whole: &str) {
        let ((x, y), text, whole) = (at, escape(text), escape(whole));
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}\
             <title>{whole}</title></text>"
        ));
    }

    /// A straight line.
    pub fn line(&mut self, class: &str, x1: i32, y1: i32, x2: i32, y2: i32) {
        self.put(format_args!(
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        ));
    }

    /// A straight line with a text for whoever points at it.
    pub fn titled_line(
        &mut self,
        class: &str,
        (x1, y1): (i32, i32),
        (x2, y2): (i32, i32),
        text: &str,
    ) {
        let text = escape(text);
        self.put(format_args!(
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\">\
             <title>{text}</title></line>"
        ));
    }

    /// A rectangle, from its upper left corner.
    pub fn rectangle(&mut self, class: &str, x: i32, y: i32, width: i32, height: i32) {
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        ));
    }

    /// A path, in the words of SVG.
    pub fn path(&mut self, class: &str, path: &str) {
        self.put(format_args!("<path class=\"{class}\" d=\"{path}\"/>"));
    }

    /// Anything else, as a line of SVG.
    pub fn put(&mut self, shape: impl Display) {
        let _ = writeln!(self.out, "{shape}");
    }

    /// What was painted so far.
    #[must_use]
    pub fn shapes(&self) -> &str {
        &self.out
    }

    /// The picture, complete with its style; everything is moved to the right by so much.
    #[must_use]
    pub fn document(&self, (width, height): (i32, i32), shift: i32, style: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">\n<style>{LETTERS}{style}</style>\n\
             <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n\
             <g transform=\"translate({shift},0)\">\n{}</g>\n</svg>\n",
            self.out
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
