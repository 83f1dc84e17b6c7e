//! The nested regions of a file: functions, blocks, conditions, loops; and what a way from one to
//! another means.

use std::collections::HashSet;
use std::ops::Index;
use tree_sitter::Node;

use super::language::Language;
use super::program::bytes;
use super::value::Reason;
use crate::place::Bytes;

/// What kind of region it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// The whole file.
    File,
    /// A class, whose names are its fields.
    Class,
    /// A function, which runs whenever it is called.
    Function,
    /// Just a block.
    Block,
    /// It runs or not.
    Condition,
    /// It runs any number of times.
    Loop,
}

/// A part of a file inside another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    parent: usize,
    pub(super) bytes: Bytes,
    pub(super) kind: Kind,
    has_error: bool,
}

/// All regions of a file, each after the one around it.
#[derive(Clone, Debug)]
pub(super) struct Regions(Vec<Region>);

impl Index<usize> for Regions {
    type Output = Region;

    fn index(&self, region: usize) -> &Region {
        &self.0[region]
    }
}

impl Regions {
    /// The regions of a file; each branch of a condition, and what is tried, is one of its own.
    pub(super) fn of(root: Node<'_>, text: &str, language: &dyn Language) -> Self {
        let whole = Bytes { start: 0, end: usize::MAX };
        let file = Region { parent: 0, bytes: whole, kind: Kind::File, has_error: false };
        let mut regions = Regions(vec![file]);
        let mut around = vec![0];
        let mut branches = HashSet::new();
        for node in super::nodes(root) {
            while around.len() > 1
                && !regions[around[around.len() - 1]].bytes.contains(node.start_byte())
            {
                around.pop();
            }
            let parent = around[around.len() - 1];
            if node.is_error() || node.is_missing() {
                regions.note_error(parent);
            }
            branches.extend(branches_of(node).map(|branch| branch.id()));
            let is_branch = branches.contains(&node.id());
            let kind = language.region(node, text);
            let kind = kind.filter(|kind| !is_branch || *kind != Kind::Block);
            if let Some(kind) = kind.or(is_branch.then_some(Kind::Condition)) {
                around.push(regions.0.len());
                regions.0.push(Region { parent, bytes: bytes(node), kind, has_error: false });
            }
        }
        regions
    }

    /// The source does not parse there: nothing is certain in the function around it.
    fn note_error(&mut self, mut region: usize) {
        loop {
            self.0[region].has_error = true;
            if matches!(self.0[region].kind, Kind::Function | Kind::File) {
                break;
            }
            region = self.0[region].parent;
        }
    }

    /// The innermost region around a byte.
    pub(super) fn at(&self, byte: usize) -> usize {
        // They are in the order of their beginnings.
        let after = self.0.partition_point(|region| region.bytes.start <= byte);
        let mut region = after.saturating_sub(1);
        while region > 0 && !self.0[region].bytes.contains(byte) {
            region = self.0[region].parent;
        }
        region
    }

    /// This region and those around it, from inside out.
    pub(super) fn around(&self, region: usize) -> impl Iterator<Item = usize> {
        let next = |&region: &usize| (region > 0).then(|| self.0[region].parent);
        std::iter::successors(Some(region), next)
    }

    /// Whether the source in this region, or in the function around it, does not parse.
    pub(super) fn has_error(&self, region: usize) -> bool {
        for region in self.around(region) {
            if self.0[region].has_error {
                return true;
            }
            if self.0[region].is_function() {
                return false;
            }
        }
        false
    }

    /// Why something in this region need not have happened when a byte is reached that is not in
    /// it; nothing if it has.
    pub(super) fn way(&self, region: usize, to: usize) -> Option<Reason> {
        let left = self.around(region).map(|it| self.0[it]).filter(|it| !it.bytes.contains(to));
        let mut reason = None;
        for region in left {
            match region.kind {
                Kind::Function => return Some(Reason::Closure),
                Kind::Loop => reason = reason.or(Some(Reason::Loop)),
                Kind::Condition => reason = reason.or(Some(Reason::Conditional)),
                Kind::File | Kind::Class | Kind::Block => {}
            }
        }
        reason
    }

    /// Whether a loop holds both places and not the third.
    pub(super) fn loop_around(&self, one: usize, other: usize, outside: usize) -> bool {
        self.0.iter().any(|region| {
            region.kind == Kind::Loop
                && region.bytes.contains(one)
                && region.bytes.contains(other)
                && !region.bytes.contains(outside)
        })
    }

    /// Whether a byte is in the same function as a region, and not in one inside it.
    pub(super) fn shares_function(&self, region: usize, byte: usize) -> bool {
        let function = |region| self.around(region).find(|it| self.0[*it].is_function());
        function(region) == function(self.at(byte))
    }

    /// The innermost region around, this one included, of one of these kinds.
    pub(super) fn nearest(&self, region: usize, kinds: &[Kind]) -> usize {
        self.around(region).find(|it| kinds.contains(&self.0[*it].kind)).unwrap_or(0)
    }
}

/// The parts of a statement of which not all need run when the statement does.
fn branches_of(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let fields: &[&str] = match node.kind() {
        "if_statement" => &["consequence", "alternative"],
        "try_statement" | "try_with_resources_statement" => &["body"],
        _ => &[],
    };
    fields.iter().filter_map(move |field| node.child_by_field_name(field))
}
