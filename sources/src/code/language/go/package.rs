//! The files of a Go package, and what each declares for all of them.

use std::path::{Path, PathBuf};
use tree_sitter::Node;

use super::super::{children, field};
use crate::code::elsewhere::{Export, Exported, Text, View};
use crate::code::program::Program;

/// The files of the same package in which a name stands at all, whatever their build constraints.
pub(super) fn definers(name: &str, text: &str, view: &View<'_>) -> Option<Vec<PathBuf>> {
    let package = clause(text)?;
    let files = view.others.folder(view.file.parent()?, "go");
    let is_test = is_test(&view.file);
    let may_define = |file: &&Text| {
        file.path != view.file
            && file.text.contains(name)
            && is_built(&file.path)
            && (is_test || !self::is_test(&file.path))
            && clause(&file.text) == Some(package)
    };
    let files = files.get()?.as_ref()?.iter().filter(may_define);
    Some(files.map(|file| file.path.clone()).collect())
}

/// Whether only tests see what a file declares.
fn is_test(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|it| it.ends_with("_test.go"))
}

/// Whether the compiler looks at a file of this name.
fn is_built(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !name.starts_with(['_', '.'])
}

/// The package that a text says it belongs to, after comments.
fn clause(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        rest = if let Some(comment) = rest.strip_prefix("//") {
            comment.split_once('\n')?.1
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/")?.1
        } else {
            break;
        }
        .trim_start();
    }
    let name = rest.strip_prefix("package")?;
    let name = Some(name.trim_start()).filter(|it| it.len() < name.len())?;
    let end = name.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(name.len());
    Some(&name[..end]).filter(|name| !name.is_empty())
}

/// Every name that a file declares for its package.
pub(super) fn exports<'t>(root: Node<'t>, program: &Program<'t>) -> Vec<Export<'t>> {
    let mut all = Vec::new();
    let mut note = |name: Node<'t>, what| {
        let line = name.start_position().row + 1;
        all.push(Export { name: program.text_of(name), line, what });
    };
    for declaration in children(root) {
        if declaration.kind() == "function_declaration" {
            field(declaration, "name").into_iter().for_each(|it| note(it, Exported::Other));
        }
        let declares = matches!(
            declaration.kind(),
            "const_declaration" | "var_declaration" | "type_declaration"
        );
        for part in children(declaration).into_iter().filter(|_| declares) {
            let parts = if part.kind() == "var_spec_list" { children(part) } else { vec![part] };
            for spec in parts {
                let mut cursor = spec.walk();
                let names = spec.children_by_field_name("name", &mut cursor);
                let names: Vec<_> = names.filter(Node::is_named).collect();
                let values = field(spec, "value").map(children).unwrap_or_default();
                for (index, name) in names.iter().enumerate() {
                    let is_constant = spec.kind() == "const_spec" && values.len() == names.len();
                    let value = values.get(index).filter(|_| is_constant);
                    note(*name, value.map_or(Exported::Other, |it| Exported::Constant(*it)));
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clause_of_a_package_stands_after_comments() {
        assert_eq!(clause("// package a\n/* package\nb */ package c // d\n"), Some("c"));
        assert_eq!(clause("package x_test; var y = 1"), Some("x_test"));
        assert_eq!(clause("// package a"), None);
        assert_eq!(clause("packages"), None);
    }
}
