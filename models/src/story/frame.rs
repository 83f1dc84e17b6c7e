//! The frame of a script: comment, options, lines, and the rule above the transcript.
//! Knows which line is which; what options and lines mean, the machine's language says.

use super::error::ScriptError;
use super::lexer::{Cursor, Kind};

type Result<T> = core::result::Result<T, ScriptError>;

/// What separates a script from its transcript.
const RULE: &str = "----";

/// What the words of a machine's scripts mean.
pub trait Language {
    /// What to write where options are missing.
    const OPTIONS_HELP: &'static str;

    /// One option: its key is taken, its value is not.
    ///
    /// # Errors
    /// What is wrong with it.
    fn option(&mut self, key: &str, cursor: &mut Cursor<'_>) -> Result<()>;

    /// All options are read; `line` is the last that had some.
    ///
    /// # Errors
    /// Why they do not go together.
    fn opened(&mut self, line: &Cursor<'_>) -> Result<()>;

    /// One line of what happens.
    ///
    /// # Errors
    /// What is wrong with it.
    fn line(&mut self, cursor: &mut Cursor<'_>) -> Result<()>;
}

/// Cuts a scenario into the script and the transcript below `----`.
#[must_use]
pub fn split(text: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == RULE {
            return (&text[..at], Some(&text[at + line.len()..]));
        }
        at += line.len();
    }
    (text, None)
}

/// A script with its transcript.
pub(super) fn join(script: &str, transcript: &str) -> String {
    format!("{}\n{RULE}\n{transcript}", script.trim_end())
}

/// Reads the part of `text` above `----` in a machine's language, and gives the opening comment.
///
/// # Errors
/// What is wrong with the text, with its line.
pub fn read<L: Language>(text: &str, language: &mut L) -> Result<String> {
    let mut comment: Vec<&str> = Vec::new();
    let (mut options, mut lines) = (None, 0);
    for (number, line) in (1..).zip(split(text).0.lines()) {
        let words = line.trim();
        if let Some(said) = words.strip_prefix('#') {
            if options.is_none() {
                comment.push(said.strip_prefix(' ').unwrap_or(said));
            }
            continue;
        }
        if words.is_empty() {
            continue;
        }
        if words.starts_with(OPTIONS) {
            let begin = line.chars().take_while(|c| c.is_whitespace()).count();
            let mut cursor = Cursor::new(number, line, begin + OPTIONS.len())?;
            if lines > 0 {
                let problem = "options come before everything that happens";
                return Err(cursor.error_of_line(problem, ""));
            }
            read_options(&mut cursor, language)?;
            options = Some(cursor);
            continue;
        }
        let mut cursor = Cursor::new(number, line, 0)?;
        let Some(options) = &options else {
            let problem = "the first line after the comment says with which options";
            return Err(cursor.error_of_line(problem, L::OPTIONS_HELP));
        };
        if lines == 0 {
            language.opened(options)?;
        }
        lines += 1;
        language.line(&mut cursor)?;
    }
    let Some(options) = options else {
        let first = Cursor::new(1, text.lines().next().unwrap_or(""), usize::MAX)?;
        return Err(first.error_of_line("this scenario has no options", L::OPTIONS_HELP));
    };
    if lines == 0 {
        language.opened(&options)?;
    }
    Ok(comment.join("\n"))
}

fn read_options<L: Language>(cursor: &mut Cursor<'_>, language: &mut L) -> Result<()> {
    while cursor.peek().is_some() {
        let key = cursor.word("an option")?;
        language.option(&key, cursor)?;
        if cursor.peek().is_some() && !cursor.accept(&Kind::Comma) {
            let problem = "a comma is missing here";
            return Err(cursor.error_ahead(problem, "options are apart by commas"));
        }
    }
    Ok(())
}

const OPTIONS: &str = "options:";
