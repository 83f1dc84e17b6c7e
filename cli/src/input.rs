//! Reading what people name on the command line, and saying in plain words why it cannot be read.

use crate::problem::Problem;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// Whether this path asks for standard input.
#[must_use]
pub fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// What a path is called in the output.
#[must_use]
pub fn name(path: &Path) -> String {
    if is_standard(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// All bytes of a file, or of standard input under the name `-`.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let bytes = if is_standard(path) {
        let mut bytes = vec![];
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| Problem::new(name(path), io_complaint(&error)))
}

/// Why something cannot be read.
#[must_use]
pub fn io_complaint(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "this is a directory, not a file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission to read it is denied".to_owned(),
        _ => format!("it cannot be read: {error}"),
    }
}

/// What is wrong with a JSON text, without the position that serde adds.
#[must_use]
pub fn json_complaint(error: &serde_json::Error) -> String {
    let complaint = error.to_string();
    match complaint.rsplit_once(" at line ") {
        Some((what, _)) if error.column() > 0 => format!("{what}, at column {}", error.column()),
        Some((what, _)) => what.to_owned(),
        None => complaint,
    }
}
