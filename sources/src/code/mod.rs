//! Options of activities in source code: found by what is imported, evaluated within the file and
//! with the constants of others.

mod elsewhere;
mod language;
mod program;
mod region;
mod site;
mod value;

use std::path::Path;
use tree_sitter::{Node, Parser, TreeCursor};

pub use crate::names::OptionName;
pub use crate::place::{Bytes, Place};
pub use elsewhere::{Definition, Others};
pub use language::Name as Language;
pub use site::{Extent, Kind, Known, Setting, Site};
pub use value::Reason;

use program::Program;

/// The sites of a text, in its order; none if its language is not read. No other file is read.
#[must_use]
pub fn sites(path: &Path, text: &str) -> Vec<Site> {
    sites_with(path, text, None)
}

/// The same for a file of which constants stand in others.
#[must_use]
pub fn sites_among(path: &Path, text: &str, others: &Others) -> Vec<Site> {
    sites_with(path, text, Some(others))
}

fn sites_with(path: &Path, text: &str, others: Option<&Others>) -> Vec<Site> {
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
    let view = others.and_then(|others| others.view(path));
    let mut program = Program::read(tree.root_node(), text, language);
    program.view = view.as_ref();
    let mut sites: Vec<Site> = Vec::new();
    for site in nodes(tree.root_node()).flat_map(|node| language.sites(node, &program)) {
        if !sites.iter().any(|other| other.place == site.place && other.kind == site.kind) {
            sites.push(site);
        }
    }
    sites.sort_by_key(|site| site.place.bytes);
    if let Some(view) = &view {
        sites.iter_mut().for_each(|site| site.find_definitions(view, path));
    }
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
