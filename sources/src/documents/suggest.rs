//! Suggestions for misspelled keys.

/// The one of `known` that is most like `key`, if one is.
pub(super) fn closest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let key = letters(key);
    let scored = known.iter().map(|name| {
        let name_letters = letters(name);
        let longest = key.len().max(name_letters.len()).max(1);
        (distance(&key, &name_letters) * 100 / longest, *name)
    });
    let (percent, name) = scored.min_by_key(|(percent, _)| *percent)?;
    (percent <= 40).then_some(name)
}

/// The letters alone: case and separators are the commonest difference.
fn letters(key: &str) -> Vec<char> {
    let letters: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.to_lowercase().chars().take(LONGEST_KEY).collect()
}

/// How many insertions, removals and replacements lead from `a` to `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Longer keys are not looked at to the end.
const LONGEST_KEY: usize = 64;
