//! Where something stands in a file.

use std::fmt;
use std::ops::Range;
#[cfg(feature = "code")]
use tree_sitter::Node;

/// A part of a file.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The line, from one.
    pub line: usize,
    /// The column, from one: in bytes of source code, in characters of a document.
    pub column: usize,
    /// The bytes.
    pub bytes: Bytes,
}

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Bytes {
    /// The first.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
}

#[cfg(feature = "code")]
impl Place {
    pub(crate) fn of(node: Node<'_>) -> Self {
        let start = node.start_position();
        let bytes = Bytes { start: node.start_byte(), end: node.end_byte() };
        Place { line: start.row + 1, column: start.column + 1, bytes }
    }
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let starts = text.match_indices('\n').map(|(newline, _)| newline + 1);
        Lines { text, starts: std::iter::once(0).chain(starts).collect() }
    }

    /// Where some bytes stand, widened to whole characters and cut to the text.
    pub(crate) fn place(&self, range: &Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end).max(start);
        let line = self.starts.partition_point(|line| *line <= start);
        let column = self.text[self.starts[line - 1]..start].chars().count() + 1;
        Place { line, column, bytes: Bytes { start, end } }
    }

    /// The byte at a line and a column, the first counted from one, the other from zero.
    pub(crate) fn byte(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.starts.get(line.saturating_sub(1)) else {
            return self.text.len();
        };
        let rest = &self.text[*start..];
        start + rest.char_indices().nth(column).map_or(rest.len(), |(byte, _)| byte)
    }
}

impl Bytes {
    /// The same as a range.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether a byte is among them.
    #[must_use]
    pub fn contains(self, byte: usize) -> bool {
        self.start <= byte && byte < self.end
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
