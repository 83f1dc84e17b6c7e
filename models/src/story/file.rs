//! Scenario files: played, compared with the transcript that stands in them, rewritten on demand.
//! Knows folders and files; how a scenario is played, the machine says.

use super::frame::{join, split};
use std::fs;
use std::path::{Path, PathBuf};

/// What to do where a scenario ends otherwise than written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Complain.
    Compare,
    /// Write what came of it into the file.
    Update,
}

/// Plays every scenario of a folder and gives what is wrong with them, and how many there are.
///
/// # Errors
/// If the folder or one of its files cannot be read or written.
pub fn check(
    folder: &Path,
    mode: Mode,
    play: impl Fn(&str) -> Result<String, String>,
) -> std::io::Result<(usize, Vec<String>)> {
    let entries: Result<Vec<PathBuf>, _> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = entries?;
    paths.sort();
    let mut complaints = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(path)?;
        match transcribe(&text, &play) {
            Ok(played) if played == text => {}
            Ok(played) if mode == Mode::Update => fs::write(path, played)?,
            Ok(played) => complaints.push(format!(
                "{}: {}\nUPDATE=1 would write\n{played}",
                path.display(),
                difference(&text, &played),
            )),
            Err(complaint) => complaints.push(format!("{}: {complaint}", path.display())),
        }
    }
    Ok((paths.len(), complaints))
}

/// Plays a scenario, and gives its text with the transcript that came of it.
///
/// # Errors
/// What is wrong with the scenario, or what went wrong when it was played.
pub fn transcribe(
    text: &str,
    play: impl Fn(&str) -> Result<String, String>,
) -> Result<String, String> {
    if !text.starts_with('#') {
        return Err("a scenario opens with a comment that says its point".into());
    }
    let (script, _) = split(text);
    if script.lines().count() > MOST_LINES {
        return Err(format!("a scenario has at most {MOST_LINES} lines: one behaviour"));
    }
    Ok(join(script, &play(text)?))
}

/// Where two texts part.
fn difference(written: &str, played: &str) -> String {
    let mut lines = (1_usize..).zip(written.lines().zip(played.lines()));
    match lines.find(|(_, (written, played))| written != played) {
        Some((line, (written, played))) => {
            format!("line {line} ends otherwise\n  written: {written}\n  played:  {played}")
        }
        None => "one text is longer than the other".into(),
    }
}

/// How long a script may be.
const MOST_LINES: usize = 20;
