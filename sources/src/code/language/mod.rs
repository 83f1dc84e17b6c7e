//! What the reader of code has to know about a language; one file for each.

mod go;
mod java;
mod python;
mod typescript;

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use tree_sitter::{Language as Grammar, Node};

use super::elsewhere::{Export, Origin, View};
use super::program::{Program, Use};
use super::region::{Kind, Regions};
use super::site::Site;
use super::value::{Arithmetic, Reason, Value};

/// A language that options are read from.
pub(super) trait Language: Sync + fmt::Debug {
    /// The text as its grammar can read it, every byte in its place.
    fn as_parsed<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }

    /// What kind of region a node is, if it is one.
    fn region(&self, node: Node<'_>, text: &str) -> Option<Kind>;

    /// In which region a name is declared that is declared by this node.
    fn scope(&self, _node: Node<'_>, region: usize, _regions: &Regions) -> usize {
        region
    }

    /// Whether a name that is declared in this region can be seen from a byte inside it.
    fn sees(&self, _scope: usize, _at: usize, _regions: &Regions) -> bool {
        true
    }

    /// Whether a name means what was declared before it in the text.
    fn means_what_was_declared_before(&self) -> bool;

    /// Whether the file may have sites at all; looked up before it is parsed.
    fn may_have_sites(&self, text: &str) -> bool;

    /// Notes what a node declares, imports, assigns or changes.
    fn collect<'t>(&self, node: Node<'t>, program: &mut Program<'t>);

    /// How a name is used, if the node is a name that is used.
    fn use_of<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<Use>;

    /// The name of the field that a name becomes where it is placed in something; `None` if there
    /// is none, or it is not looked for.
    fn placed_under<'t>(&self, _node: Node<'t>, _program: &Program<'t>) -> Option<&'t str> {
        None
    }

    /// The fields on the way to the part of a name's value that is used; none if it is used whole.
    fn part_of<'t>(&self, _node: Node<'t>, _program: &Program<'t>) -> Vec<&'t str> {
        Vec::new()
    }

    /// The name of the variable whose value it becomes part of, if it is that of one.
    fn holder<'t>(&self, _node: Node<'t>, _program: &Program<'t>) -> Option<&'t str> {
        None
    }

    /// Whether what this expression makes is shared, not copied, when it is handed on.
    fn is_reference<'t>(&self, node: Node<'t>, program: &Program<'t>) -> bool;

    /// Whether an expression is a literal with all fields of its own, so that assigning it leaves
    /// nothing of what was there before; assignments of others are not followed.
    fn is_literal(&self, _node: Node<'_>) -> bool {
        false
    }

    /// The sites that a node is.
    fn sites<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Vec<Site>;

    /// What an expression is.
    fn evaluate<'t>(&self, node: Node<'t>, program: &Program<'t>, depth: u32) -> Value;

    /// The files of which one defines a name that a file with this text does not; nothing if they
    /// cannot be told.
    fn definers(
        &self,
        _name: &str,
        origin: Option<&Origin>,
        _text: &str,
        view: &View<'_>,
    ) -> Option<Vec<PathBuf>> {
        self.module(&origin?.module, view).map(|only| vec![only])
    }

    /// The one file of a module that is imported by this name, if it can be told.
    fn module(&self, _name: &str, _view: &View<'_>) -> Option<PathBuf> {
        None
    }

    /// Whether this value is that of a variable of the whole file which other files can assign.
    fn is_shared_variable(&self, _value: Node<'_>) -> bool {
        false
    }

    /// Every name that a file makes known to others.
    fn exports<'t>(&self, _root: Node<'t>, _program: &Program<'t>) -> Vec<Export<'t>> {
        Vec::new()
    }

    /// How it computes.
    fn arithmetic(&self) -> Arithmetic;

    /// A value that stands where a duration is needed, in nanoseconds.
    ///
    /// # Errors
    /// If it is none there, and why.
    fn duration(&self, value: &Value) -> Result<i128, String>;
}

/// The languages that options are read from.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Name {
    /// Go.
    Go,
    /// TypeScript and JavaScript.
    TypeScript,
    /// Python.
    Python,
    /// Java.
    Java,
}

impl Name {
    /// All of them.
    pub const ALL: [Name; 4] = [Name::Go, Name::TypeScript, Name::Python, Name::Java];

    /// The language of a file, told by the end of its name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Name> {
        match path.extension()?.to_str()? {
            "go" => Some(Name::Go),
            "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs" => Some(Name::TypeScript),
            "py" | "pyi" => Some(Name::Python),
            "java" => Some(Name::Java),
            _ => None,
        }
    }

    pub(super) fn language(self) -> &'static dyn Language {
        match self {
            Name::Go => &go::Go,
            Name::TypeScript => &typescript::TypeScript,
            Name::Python => &python::Python,
            Name::Java => &java::Java,
        }
    }

    /// The grammar; TypeScript with type assertions in angle brackets has one of its own.
    pub(super) fn grammar(self, path: &Path) -> Grammar {
        let has_angle_brackets =
            path.extension().is_some_and(|it| it == "ts" || it == "mts" || it == "cts");
        match self {
            Name::Go => tree_sitter_go::LANGUAGE.into(),
            Name::TypeScript if has_angle_brackets => {
                tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()
            }
            Name::TypeScript => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Name::Python => tree_sitter_python::LANGUAGE.into(),
            Name::Java => tree_sitter_java::LANGUAGE.into(),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Name::Go => "Go",
            Name::TypeScript => "TypeScript",
            Name::Python => "Python",
            Name::Java => "Java",
        })
    }
}

/// The named children of a node but comments.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// The child of this name.
pub(super) fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// The arguments of a call.
pub(super) fn arguments<'t>(call: Node<'t>) -> Vec<Node<'t>> {
    field(call, "arguments").map(children).unwrap_or_default()
}

/// One of two values, where it does not matter which.
pub(super) fn either(one: Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Unknown(reason), _) | (_, &Value::Unknown(reason)) => Value::Unknown(reason),
        (one, other) if one == *other => one,
        _ => Value::Unknown(Reason::Conditional),
    }
}

/// The value with its sign turned.
pub(super) fn negated(value: Value, arithmetic: Arithmetic) -> Value {
    arithmetic.apply("*", Value::Number(-1.0), value)
}

/// A text without its quotes; nothing where it has escapes.
pub(super) fn unquoted(text: &str) -> Value {
    let inner = text.trim_matches(['"', '\'', '`']);
    if inner.contains('\\') {
        return Value::Unknown(Reason::Expression);
    }
    Value::Text(inner.to_owned())
}
