//! Which file an import of Python names, and which names of a module are assigned once.

use std::path::{Path, PathBuf};
use tree_sitter::Node;

use crate::code::elsewhere::{Export, Exported, View};
use crate::code::program::Program;

/// The one file that a module is, told by the folders around: which of them Python looks in is not
/// known, so that there must be one only.
pub(super) fn definer(module: &str, view: &View<'_>) -> Option<PathBuf> {
    let folder = view.file.parent()?;
    let name = module.trim_start_matches('.');
    let dots = module.len() - name.len();
    let candidates: Vec<PathBuf> = match dots.checked_sub(1) {
        Some(above) => files(folder.ancestors().nth(above)?, name),
        None => {
            let around = folder.ancestors().take_while(|it| it.starts_with(&view.root));
            around.flat_map(|folder| files(folder, name)).collect()
        }
    };
    view.only(candidates)
}

/// The files that a module may be in a folder.
fn files(folder: &Path, module: &str) -> Vec<PathBuf> {
    if module.is_empty() {
        return vec![folder.join("__init__.py")];
    }
    let path = module.split('.').fold(folder.to_owned(), |path, part| path.join(part.trim()));
    vec![path.with_extension("py"), path.join("__init__.py")]
}

/// The names of a module: those that are assigned once, and those that it has from others.
pub(super) fn exports<'t>(root: Node<'t>, program: &Program<'t>) -> Vec<Export<'t>> {
    let line = |at: usize| {
        root.descendant_for_byte_range(at, at).map_or(1, |node| node.start_position().row + 1)
    };
    let own = program.names().map(|(name, at, value)| {
        let what = value.map_or(Exported::Other, Exported::Constant);
        Export { name, line: line(at), what }
    });
    let others = program.handed_on().map(|(name, origin)| {
        let what = Exported::From(origin.clone());
        Export { name, line: 1, what }
    });
    own.chain(others).collect()
}
