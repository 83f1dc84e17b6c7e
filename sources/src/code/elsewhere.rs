//! Constants that other files define: which file, read once, and what its names mean for good.
//! Knows folders and the boundary of a repository; what defines a name is the language's.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tree_sitter::{Node, Parser};

use super::Language;
use super::program::Program;
use super::value::{Reason, Value};
use crate::place::Bytes;

/// How often one file's names may lead from one other file to the next.
const FURTHER: u32 = 200;

/// The files beside those that are looked at: read where a name leads to them, each once.
#[derive(Debug)]
pub struct Others {
    /// The folders that were given, as the system knows them.
    given: Vec<PathBuf>,
    /// How many bytes a file may have.
    largest: u64,
    read: Once<PathBuf, Option<Table>>,
    folders: Once<PathBuf, Option<Vec<Text>>>,
}

/// What is computed once for each key, however many ask at once.
type Once<K, V> = Mutex<HashMap<K, Arc<OnceLock<V>>>>;

/// A file of a folder.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// What a file means to other files.
#[derive(Debug)]
struct Table {
    /// What its names mean.
    names: HashMap<String, Vec<Entry>>,
    /// The names of others that it changes.
    changes: HashSet<String>,
}

#[derive(Clone, Debug)]
struct Entry {
    line: usize,
    meaning: Meaning,
}

#[derive(Clone, Debug)]
enum Meaning {
    Constant(Value),
    From(Origin),
    Other,
}

/// A name that a file makes known to others.
#[derive(Clone, Debug)]
pub(super) struct Export<'t> {
    pub(super) name: &'t str,
    pub(super) line: usize,
    pub(super) what: Exported<'t>,
}

/// What stands behind a name that a file makes known.
#[derive(Clone, Debug)]
pub(super) enum Exported<'t> {
    /// This, for good.
    Constant(Node<'t>),
    /// What another file makes known.
    From(Origin),
    /// What may change, or is no value.
    Other,
}

/// Where a name comes from that is imported.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Origin {
    /// The module, as it is written.
    pub(super) module: String,
    /// The name in that module.
    pub(super) name: String,
}

/// Where the constant is defined that an option is told by.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Definition {
    /// The file, named as the one that uses it is.
    pub file: PathBuf,
    /// The line, from one.
    pub line: usize,
}

/// What one file can see of others, and what it has seen.
#[derive(Debug)]
pub(super) struct View<'o> {
    pub(super) others: &'o Others,
    /// The file, as the system knows it.
    pub(super) file: PathBuf,
    /// What none of its names may lead out of.
    pub(super) root: PathBuf,
    /// How often names may still lead further.
    left: Cell<u32>,
    /// Definitions, by the first byte of the use.
    seen: RefCell<BTreeMap<usize, (PathBuf, usize)>>,
}

impl Others {
    /// Those that files under these paths may lead to: within the repository of each, or if it is
    /// in none, within the folder that was given.
    #[must_use]
    pub fn beside(paths: &[PathBuf], largest: u64) -> Self {
        let folder = |path: &PathBuf| {
            let path = path.canonicalize().ok()?;
            if path.is_dir() { Some(path) } else { path.parent().map(Path::to_owned) }
        };
        let given = paths.iter().filter_map(folder).collect();
        Others { given, largest, read: Mutex::default(), folders: Mutex::default() }
    }

    /// What a file can see; nothing if it is in no folder that may be read.
    pub(super) fn view(&self, path: &Path) -> Option<View<'_>> {
        let file = path.canonicalize().ok()?;
        let root = self.root(&file)?;
        let (left, seen) = (Cell::new(FURTHER), RefCell::default());
        Some(View { others: self, file, root, left, seen })
    }

    /// The folder that nothing leads out of.
    fn root(&self, file: &Path) -> Option<PathBuf> {
        let repository = file.ancestors().skip(1).find(|folder| folder.join(".git").exists());
        let given = self.given.iter().filter(|folder| file.starts_with(folder));
        let longest = given.max_by_key(|folder| folder.components().count());
        repository.or(longest.map(PathBuf::as_path)).map(Path::to_owned)
    }

    /// The text of a file; nothing if it is too large, is none, or is not text.
    fn text(&self, path: &Path) -> Option<String> {
        let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        (about.len() <= self.largest).then(|| fs::read_to_string(path).ok())?
    }

    /// The files in a folder with this end, each with its text; nothing if one cannot be read.
    pub(super) fn folder(&self, folder: &Path, end: &str) -> Arc<OnceLock<Option<Vec<Text>>>> {
        let all = once(&self.folders, folder.to_owned());
        all.get_or_init(|| {
            let mut texts = Vec::new();
            for entry in fs::read_dir(folder).ok()? {
                let path = entry.ok()?.path();
                let is_hidden = path.file_name()?.as_encoded_bytes().starts_with(b".");
                if is_hidden || path.extension().is_none_or(|it| it != end) || path.is_dir() {
                    continue;
                }
                // A link may lead out of the repository: what stands there is not looked at.
                let path = path.canonicalize().ok().filter(|it| it.parent() == Some(folder))?;
                let text = self.text(&path)?;
                texts.push(Text { path, text });
            }
            texts.sort_by(|one, other| one.path.cmp(&other.path));
            Some(texts)
        });
        all
    }

    fn table(&self, path: &Path) -> Arc<OnceLock<Option<Table>>> {
        let table = once(&self.read, path.to_owned());
        table.get_or_init(|| {
            let text = self.text(path)?;
            parsed(path, &text, None, |program, exports| {
                let entry = |export: &Export<'_>| {
                    let meaning = match &export.what {
                        Exported::Constant(node) => Meaning::Constant(program.evaluate(*node, 0)),
                        Exported::From(origin) => Meaning::From(origin.clone()),
                        Exported::Other => Meaning::Other,
                    };
                    Entry { line: export.line, meaning }
                };
                let mut names: HashMap<String, Vec<Entry>> = HashMap::new();
                for export in &exports {
                    names.entry(export.name.to_owned()).or_default().push(entry(export));
                }
                let changes = program.changed_for_others().map(str::to_owned).collect();
                Table { names, changes }
            })
        });
        table
    }
}

impl View<'_> {
    /// The value of a name that another file defines for good, and where.
    fn constant(
        &self,
        language: &dyn super::language::Language,
        text: &str,
        name: &str,
        origin: Option<&Origin>,
        depth: u32,
    ) -> Result<(Value, PathBuf, usize), Reason> {
        let name = origin.map_or(name, |origin| &origin.name);
        let files = language.definers(name, origin, text, self).ok_or(Reason::AnotherFile)?;
        let mut found: Vec<(PathBuf, Entry)> = Vec::new();
        for file in files {
            let table = self.others.table(&file);
            // What does not parse may define the name as well.
            let table = table.get().and_then(Option::as_ref).ok_or(Reason::AnotherFile)?;
            let entries = table.names.get(name).into_iter().flatten();
            found.extend(entries.map(|entry| (file.clone(), entry.clone())));
        }
        let Ok([(file, entry)]) = <[(PathBuf, Entry); 1]>::try_from(found) else {
            return Err(Reason::AnotherFile);
        };
        match entry.meaning {
            Meaning::Constant(Value::Unknown(Reason::AnotherFile)) => {
                let value = self.further(&file, name, depth)?;
                Ok((value, file, entry.line))
            }
            Meaning::Constant(value) => Ok((value, file, entry.line)),
            Meaning::From(origin) => {
                self.step()?;
                let text = self.others.text(&file).ok_or(Reason::AnotherFile)?;
                let there = self.at(&file);
                if depth > super::program::DEEPEST {
                    return Err(Reason::TooDeep);
                }
                let found = there.constant(language, &text, name, Some(&origin), depth + 1);
                self.left.set(there.left.get());
                found
            }
            Meaning::Other => Err(Reason::AnotherFile),
        }
    }

    /// Whether another file may change a variable that this one, with this text, declares for both;
    /// so it may if it does not parse, or cannot be told.
    pub(super) fn is_changed(
        &self,
        language: &dyn super::language::Language,
        text: &str,
        name: &str,
    ) -> bool {
        let others = language.definers(name, None, text, self);
        others.is_none_or(|others| {
            others.iter().any(|file| {
                let table = self.others.table(file);
                let table = table.get().and_then(Option::as_ref);
                table.is_none_or(|table| table.changes.contains(name))
            })
        })
    }

    /// The value of a constant of another file that is told by names of further ones.
    fn further(&self, file: &Path, name: &str, depth: u32) -> Result<Value, Reason> {
        self.step()?;
        let text = self.others.text(file).ok_or(Reason::AnotherFile)?;
        let view = self.at(file);
        let value = parsed(file, &text, Some(&view), |program, exports| {
            let export = exports.iter().find(|export| export.name == name)?;
            match export.what {
                Exported::Constant(node) => Some(program.evaluate(node, depth + 1)),
                Exported::From(_) | Exported::Other => None,
            }
        });
        self.left.set(view.left.get());
        value.flatten().ok_or(Reason::AnotherFile)
    }

    fn step(&self) -> Result<(), Reason> {
        let left = self.left.get().checked_sub(1).ok_or(Reason::TooDeep)?;
        self.left.set(left);
        Ok(())
    }

    /// What another file of the same repository can see.
    fn at(&self, file: &Path) -> Self {
        View {
            others: self.others,
            file: file.to_owned(),
            root: self.root.clone(),
            left: self.left.clone(),
            seen: RefCell::default(),
        }
    }

    /// The one of these files that is there, as the system knows it, if it is within the root.
    pub(super) fn only(&self, paths: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
        let there = paths.into_iter().filter_map(|path| path.canonicalize().ok());
        let mut there: Vec<PathBuf> = there.filter(|path| path.is_file()).collect();
        there.sort();
        there.dedup();
        let [only] = <[PathBuf; 1]>::try_from(there).ok()?;
        only.starts_with(&self.root).then_some(only)
    }

    /// Where the constant is defined that is used within these bytes, if there is one.
    pub(super) fn definition(&self, bytes: Bytes, path: &Path) -> Option<Definition> {
        let seen = self.seen.borrow();
        let (_, (file, line)) = seen.range(bytes.range()).next()?;
        Some(Definition { file: self.named(file, path), line: *line })
    }

    /// Another file, named as this one is, whose name is `path`.
    fn named(&self, other: &Path, path: &Path) -> PathBuf {
        let (mut name, mut known) = (path, self.file.as_path());
        while let (Some(one), Some(same)) = (name.file_name(), known.file_name())
            && one == same
            && let (Some(above), Some(known_above)) = (name.parent(), known.parent())
        {
            (name, known) = (above, known_above);
        }
        other.strip_prefix(known).map_or_else(|_| other.to_owned(), |rest| name.join(rest))
    }
}

impl<'t> Program<'t> {
    /// What a name means that this file does not define.
    pub(super) fn elsewhere(&self, node: Node<'t>, depth: u32) -> Value {
        let name = self.text_of(node);
        let origin = match self.origin_of(name) {
            Err(reason) => return Value::Unknown(reason),
            Ok(origin) => origin,
        };
        let Some(view) = self.view else { return Value::Unknown(Reason::AnotherFile) };
        match view.constant(self.language, self.text, name, origin, depth) {
            // What cannot be changed in place, whoever knows it.
            Ok((value @ (Value::Duration(_) | Value::Number(_) | Value::Text(_)), file, line)) => {
                view.seen.borrow_mut().insert(node.start_byte(), (file, line));
                value
            }
            Ok((Value::Unknown(reason), ..)) | Err(reason) => Value::Unknown(reason),
            Ok((Value::List(_) | Value::Object(_) | Value::Nothing, ..)) => {
                Value::Unknown(Reason::AnotherFile)
            }
        }
    }
}

/// The cell of a key.
fn once<K: Eq + Hash, V>(all: &Once<K, V>, key: K) -> Arc<OnceLock<V>> {
    // No panic leaves a map half changed.
    Arc::clone(all.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default())
}

/// What a file makes known, asked for where it is parsed; nothing if it does not parse.
fn parsed<R>(
    path: &Path,
    text: &str,
    view: Option<&View<'_>>,
    ask: impl FnOnce(&Program<'_>, Vec<Export<'_>>) -> R,
) -> Option<R> {
    let name = Language::of(path)?;
    let language = name.language();
    let mut parser = Parser::new();
    parser.set_language(&name.grammar(path)).expect("grammar and parser are of one version");
    let tree = parser.parse(&*language.as_parsed(text), None)?;
    if tree.root_node().has_error() {
        return None;
    }
    let mut program = Program::read(tree.root_node(), text, language);
    program.view = view;
    let exports = language.exports(tree.root_node(), &program);
    Some(ask(&program, exports))
}
