//! The colours of the output, and numbers as people read them.

use activity_models::story::wrap;
use anstyle::{AnsiColor, Style};
use std::env;
use std::fmt::Display;
use std::time::Duration;

/// What a part of the output is, which decides on its colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ink {
    /// All is well.
    Good,
    /// Something is wrong.
    Bad,
    /// Something was left out.
    Caution,
    /// What stands out.
    Title,
}

impl Ink {
    /// The text in this colour.
    pub(crate) fn paint(self, text: impl Display) -> String {
        let style = match self {
            Ink::Good => AnsiColor::Green.on_default().bold(),
            Ink::Bad => AnsiColor::Red.on_default().bold(),
            Ink::Caution => AnsiColor::Yellow.on_default(),
            Ink::Title => Style::new().bold(),
        };
        format!("{style}{text}{style:#}")
    }
}

/// A count with its thousands apart, `12,438` for one.
pub(crate) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count for people.
pub(crate) fn count(count: u64) -> String {
    thousands(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Transitions in a second, of all threads together.
pub(crate) fn rate(transitions: u64, elapsed: Duration) -> u64 {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    transitions.saturating_mul(1_000) / milliseconds.max(1)
}

/// Seconds, to the millisecond.
pub(crate) fn seconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1_000.0).round() / 1_000.0
}

/// A count and what is counted, `1 trace` or `2,735 traces`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(count))
}

/// A text from a file as it may be shown: control characters, which could drive the terminal, are
/// spelled out.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_debug());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// A text in lines of so many columns at most, the first of which begins after others.
pub(crate) fn wrapped(text: &str, before: usize, columns: usize) -> String {
    wrap(text, columns.saturating_sub(before).max(1)).join("\n")
}

/// How wide the output is.
pub(crate) const COLUMNS: usize = 100;

/// Whether the terminal is asked, or known, to have no other signs than those of ASCII: the locale
/// says so.
pub(crate) fn is_ascii(asked: bool) -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names.into_iter().filter_map(env::var_os).find(|value| !value.is_empty());
    asked
        || locale.is_some_and(|locale| {
            let locale = locale.to_string_lossy().to_lowercase();
            !locale.contains("utf-8") && !locale.contains("utf8")
        })
}

/// The same text with no other signs than those of ASCII.
pub(crate) fn ascii(text: &str) -> String {
    let sign = |letter: char| match letter {
        '·' | '─' | '╌' | '╴' | '╶' | '═' => '-',
        '│' | '┃' | '║' | '┆' | '┊' | '╎' | '▏' | '▎' => '|',
        '×' => 'x',
        '→' | '▶' | '►' | '▷' => '>',
        '←' | '◀' | '◄' => '<',
        '✗' => '!',
        '▓' | '▒' => '*',
        '◆' | '■' | '█' => '#',
        '●' => '@',
        '○' | '◇' | '□' | '░' => 'o',
        '…' => '.',
        letter if letter.is_ascii() => letter,
        '\u{2500}'..='\u{257f}' => '+',
        _ => '?',
    };
    text.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_a_file_cannot_drive_the_terminal() {
        assert_eq!(visible("\u{1b}[31m é\n"), "\\u{1b}[31m é\\n");
    }

    #[test]
    fn a_terminal_without_other_signs_gets_none() {
        assert_eq!(ascii("3 × 1s → │ … ├─┤ é"), "3 x 1s > | . +-+ ?");
    }

    #[test]
    fn thousands_are_set_apart() {
        let written = [0, 999, 1_000, 12_438, 1_234_567].map(thousands);
        assert_eq!(written, ["0", "999", "1,000", "12,438", "1,234,567"]);
    }
}
