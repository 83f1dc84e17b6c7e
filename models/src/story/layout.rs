//! Cutting text to a width.

/// Cuts `text` into lines of at most `width`, at blanks where there are some; a word that is too
/// long, before a capital letter where there is one.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let line = lines.last_mut().expect("there is always a last line");
        let length = line.chars().count();
        if length > 0 && length + 1 + word.len() <= width {
            line.push(' ');
            line.extend(word);
            continue;
        }
        if length > 0 {
            lines.push(String::new());
        }
        while word.len() > width {
            let capital = (1..=width).rev().find(|at| word[*at].is_uppercase());
            let rest = word.split_off(capital.unwrap_or(width));
            lines.last_mut().expect("there is always a last line").extend(word);
            lines.push(String::new());
            word = rest;
        }
        lines.last_mut().expect("there is always a last line").extend(word);
    }
    lines
}

/// At most `width` characters of `text`.
pub(crate) fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}
