//! Where something stands in a file.

use std::fmt;
use std::ops::Range;
use tree_sitter::Node;

/// A part of a file.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The line, from one.
    pub line: usize,
    /// The column, from one, in bytes.
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

impl Place {
    pub(super) fn of(node: Node<'_>) -> Self {
        let start = node.start_position();
        let bytes = Bytes { start: node.start_byte(), end: node.end_byte() };
        Place { line: start.row + 1, column: start.column + 1, bytes }
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
