//! Which file a relative import of TypeScript names, and which constants a module exports.

use std::path::PathBuf;
use tree_sitter::Node;

use super::super::{children, field};
use crate::code::elsewhere::{Export, Exported, Origin, View};
use crate::code::program::Program;

/// What may stand at the end of a module's file.
const ENDS: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/// For which ends a module may be written that are those of what is compiled.
const COMPILED: [(&str, &[&str]); 4] = [
    ("js", &["ts", "tsx", "js"]),
    ("jsx", &["tsx", "jsx"]),
    ("mjs", &["mts", "mjs"]),
    ("cjs", &["cts", "cjs"]),
];

/// The one file that a relative import names.
pub(super) fn definer(module: &str, view: &View<'_>) -> Option<PathBuf> {
    if !module.starts_with("./") && !module.starts_with("../") {
        return None;
    }
    let written = view.file.parent()?.join(module);
    let name = written.file_name()?.to_str()?.to_owned();
    let mut candidates = vec![written.clone()];
    candidates.extend(ENDS.map(|end| written.with_file_name(format!("{name}.{end}"))));
    candidates.extend(ENDS.map(|end| written.join(format!("index.{end}"))));
    if let Some((stem, end)) = name.rsplit_once('.')
        && let Some((_, ends)) = COMPILED.iter().find(|(compiled, _)| *compiled == end)
    {
        candidates.extend(ends.iter().map(|end| written.with_file_name(format!("{stem}.{end}"))));
    }
    view.only(candidates)
}

/// What a module exports by name.
pub(super) fn exports<'t>(root: Node<'t>, program: &Program<'t>) -> Vec<Export<'t>> {
    let mut all = Vec::new();
    let statements = children(root);
    for statement in statements.iter().filter(|it| it.kind() == "export_statement") {
        if let Some(declaration) = field(*statement, "declaration") {
            all.extend(declared(declaration, program));
        }
        let module = field(*statement, "source");
        let clause = children(*statement).into_iter().find(|it| it.kind() == "export_clause");
        for part in clause.map(children).unwrap_or_default() {
            let Some(name) = field(part, "name") else { continue };
            let known = field(part, "alias").unwrap_or(name);
            let what = match module {
                Some(module) => Exported::From(Origin {
                    module: program.text_of(module).trim_matches(['"', '\'']).to_owned(),
                    name: program.text_of(name).to_owned(),
                }),
                None => local(program.text_of(name), &statements, program),
            };
            all.push(export(known, what, program));
        }
    }
    all
}

fn export<'t>(name: Node<'t>, what: Exported<'t>, program: &Program<'t>) -> Export<'t> {
    Export { name: program.text_of(name), line: name.start_position().row + 1, what }
}

/// What a declaration of a module declares.
fn declared<'t>(declaration: Node<'t>, program: &Program<'t>) -> Vec<Export<'t>> {
    let is_constant = program.text_of_field(declaration, "kind") == "const";
    let declarators = children(declaration).into_iter().filter(|it| field(*it, "name").is_some());
    let names = field(declaration, "name").map(|name| (name, Exported::Other));
    let declared = declarators.filter_map(|it| {
        let name = field(it, "name").filter(|name| name.kind() == "identifier")?;
        let value = field(it, "value").filter(|_| is_constant);
        Some((name, value.map_or(Exported::Other, Exported::Constant)))
    });
    names.into_iter().chain(declared).map(|(name, what)| export(name, what, program)).collect()
}

/// What a name of a module is that is exported apart from its declaration.
fn local<'t>(name: &str, statements: &[Node<'t>], program: &Program<'t>) -> Exported<'t> {
    let mut all = statements.iter().flat_map(|statement| declared(*statement, program));
    let here = all.find(|export| export.name == name).map(|export| export.what);
    let imported = || {
        let (_, origin) = program.handed_on().find(|(imported, _)| *imported == name)?;
        Some(Exported::From(origin.clone()))
    };
    here.or_else(imported).unwrap_or(Exported::Other)
}
