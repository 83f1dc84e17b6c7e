//! Options of activities in source code: found by what is imported, evaluated within the file.

mod language;
mod program;
mod region;
mod site;
mod value;

use std::path::Path;
use tree_sitter::{Node, Parser, TreeCursor};

pub use crate::names::OptionName;
pub use crate::place::{Bytes, Place};
pub use language::Name as Language;
pub use site::{Extent, Kind, Known, Setting, Site};
pub use value::Reason;

use program::Program;

/// The sites of a file, in the order of the text; none if its language is not read.
#[must_use]
pub fn sites(path: &Path, text: &str) -> Vec<Site> {
    let Some(name) = Language::of(path) else {
        return Vec::new();
    };
    let language = name.language();
    if !language.may_have_sites(text) {
        return Vec::new();
    }
    let mut parser = Parser::new();
    parser.set_language(&name.grammar(path)).expect("grammar and parser are of one version");
    let Some(tree) = parser.parse(&*language.as_parsed(text), None) else {
        return Vec::new();
    };
    let program = Program::read(tree.root_node(), text, language);
    let mut sites: Vec<Site> = Vec::new();
    for site in nodes(tree.root_node()).flat_map(|node| language.sites(node, &program)) {
        if !sites.iter().any(|other| other.place == site.place && other.kind == site.kind) {
            sites.push(site);
        }
    }
    sites.sort_by_key(|site| site.place.bytes);
    sites
}

/// Whether activities of this file may run in a session, whose own heartbeats notice a dead worker.
#[must_use]
pub fn has_sessions(path: &Path, text: &str) -> bool {
    Language::of(path) == Some(Language::Go) && text.contains("reateSession(")
}

/// Every named node below a root, each before those inside it; without recursion.
fn nodes(root: Node<'_>) -> Nodes<'_> {
    Nodes { cursor: Some(root.walk()) }
}

struct Nodes<'t> {
    cursor: Option<TreeCursor<'t>>,
}

impl<'t> Iterator for Nodes<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        loop {
            let cursor = self.cursor.as_mut()?;
            let node = cursor.node();
            if !cursor.goto_first_child() {
                while !cursor.goto_next_sibling() {
                    if !cursor.goto_parent() {
                        self.cursor = None;
                        break;
                    }
                }
            }
            if node.is_named() || node.is_missing() {
                return Some(node);
            }
        }
    }
}
