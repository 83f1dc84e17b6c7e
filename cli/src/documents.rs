//! Files that hold options, read for any command, and in plain words what is wrong with them.
//! The room for input tells what a file is; this knows its name.

use crate::input;
use crate::problem::Problem;
use activity_sources::documents::{self as document, Document, Unusable};
use std::path::{Path, PathBuf};

/// A file that was read.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub document: Document,
}

/// Reads files, all of them or none.
///
/// # Errors
/// All files that cannot be used, each with its first fault.
pub fn read(files: &[PathBuf]) -> Result<Vec<File>, Vec<Problem>> {
    let mut read = vec![];
    let mut problems = vec![];
    for path in files {
        let name = input::name(path);
        match input::read(path).and_then(|bytes| parse(&name, &bytes)) {
            Ok(document) => read.push(File { name, document }),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

/// Reads the bytes of a file.
///
/// # Errors
/// If they are nothing of what a document can be, or the options in it are refused.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    Document::parse(bytes).map_err(|unusable| {
        if let Some(problem) = source_code(name) {
            return problem;
        }
        let text = document::text(bytes).unwrap_or_default();
        problem(name, &text, &unusable)
    })
}

/// What to say of a file that is no document, if its name is one of source code.
#[must_use]
pub fn source_code(name: &str) -> Option<Problem> {
    let end = Path::new(name).extension()?.to_str()?;
    let (_, language, is_read) = LANGUAGES.into_iter().find(|(ends, ..)| ends.contains(&end))?;
    let problem = if is_read {
        Problem::new(name, format!("this is source code in {language}, not a document")).help(
            format!("activity lint {name} finds what is wrong with the options in it; {FLAGS}"),
        )
    } else {
        Problem::new(name, format!("source code in {language} is not read")).help(format!(
            "options are read from Go, TypeScript, JavaScript, Python and Java; {FLAGS}"
        ))
    };
    Some(problem)
}

/// What can be done without a file.
const FLAGS: &str = "activity explain takes options as flags, --start-to-close 30s for one";

/// The ends of names of source code, its language, and whether that is read.
const LANGUAGES: [(&[&str], &str, bool); 11] = [
    (&["go"], "Go", true),
    (&["ts", "tsx", "mts", "cts"], "TypeScript", true),
    (&["js", "jsx", "mjs", "cjs"], "JavaScript", true),
    (&["py", "pyi"], "Python", true),
    (&["java"], "Java", true),
    (&["rb"], "Ruby", false),
    (&["cs"], "C#", false),
    (&["php"], "PHP", false),
    (&["rs"], "Rust", false),
    (&["kt", "kts"], "Kotlin", false),
    (&["scala"], "Scala", false),
];

/// What is wrong with a document, drawn where it stands in its text.
#[must_use]
pub fn problem(name: &str, text: &str, unusable: &Unusable) -> Problem {
    let mut problem = Problem::new(name, unusable.message());
    if let Some(key) = unusable.key() {
        problem = problem.key(key);
    }
    if let Some(help) = unusable.help() {
        problem = problem.help(help);
    }
    match (unusable.span(), unusable.line()) {
        (Some(span), _) => problem.span(text, span),
        (None, Some(line)) => problem.line(line),
        (None, None) => problem,
    }
}
