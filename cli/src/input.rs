//! Reading what people name on the command line, and saying in plain words why it cannot be read.

use crate::problem::Problem;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// The name under which standard input is asked for.
pub const STANDARD_INPUT: &str = "-";

/// All bytes of a file, or of standard input under the name `-`.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let bytes = if path == Path::new(STANDARD_INPUT) {
        let mut bytes = vec![];
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| Problem::new(path.display().to_string(), io_complaint(&error)))
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
        Some((what, _)) => format!("{what}, at column {}", error.column()),
        None => complaint,
    }
}
