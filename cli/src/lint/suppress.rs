//! Suppressions in comments: `activity-lint: allow(rule): reason`, on the line or above it.

use super::found::Found;
use super::read::Source;
use activity_analysis::rules::{self, Rule, Settings};
use activity_sources::{Bytes, Place};

/// A suppression.
#[derive(Debug)]
struct Suppression {
    /// Where it stands.
    place: Place,
    /// The line whose findings it suppresses.
    line: usize,
    /// The rules that it names, or what is wrong with it.
    rules: Result<Vec<String>, String>,
    /// Whether it says why.
    has_reason: bool,
}

/// What a suppression begins with.
const MARK: &str = "activity-lint:";

/// Takes away what is suppressed in a file, and adds what is wrong with its suppressions.
pub(super) fn apply(file: usize, source: &Source, settings: &Settings, found: &mut Vec<Found>) {
    for suppression in suppressions(&source.text) {
        let mut complaints: Vec<(&str, String)> = Vec::new();
        match &suppression.rules {
            Err(message) => complaints.push(("unused-suppression", message.clone())),
            Ok(rules) => {
                for rule in rules {
                    let before = found.len();
                    found.retain(|it| {
                        it.file != file || it.rule.id != rule || !it.is_on(suppression.line)
                    });
                    if found.len() == before {
                        complaints.extend(unused(rule, settings));
                    }
                }
            }
        }
        if suppression.rules.is_ok() && !suppression.has_reason {
            let message = "this suppression does not say why".to_owned();
            complaints.push(("suppression-without-reason", message));
        }
        for (rule, message) in complaints {
            found.extend(complaint(file, &suppression, rule, message, settings));
        }
    }
}

/// Why a rule that suppresses nothing is a mistake; of a rule that is off nothing is expected.
fn unused(rule: &str, settings: &Settings) -> Option<(&'static str, String)> {
    let message = match rules::rule(rule) {
        None => format!("there is no rule {rule:?} to suppress"),
        Some(known) if settings.severity(known).is_none() => return None,
        Some(_) => format!("nothing here is found by {rule} any more"),
    };
    Some(("unused-suppression", message))
}

fn complaint(
    file: usize,
    suppression: &Suppression,
    rule: &str,
    message: String,
    settings: &Settings,
) -> Option<Found> {
    let rule: &'static Rule = rules::rule(rule)?;
    let help = match rule.id {
        "unused-suppression" if suppression.rules.is_err() => {
            "write it so: activity-lint: allow(rule): reason"
        }
        "unused-suppression" => "remove it",
        _ => "write the reason after a colon: activity-lint: allow(rule): reason",
    };
    Some(Found {
        file,
        site: suppression.place.clone(),
        rule,
        severity: settings.severity(rule)?,
        message,
        condition: None,
        marks: Vec::new(),
        help: vec![help.to_owned()],
        fix: None,
    })
}

fn suppressions(text: &str) -> Vec<Suppression> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if let Some(at) = line.find(MARK)
            && let Some(comment) = comment_before(&line[..at])
        {
            let bytes = Bytes { start: start + at, end: start + line.trim_end().len() };
            let place = Place { line: index + 1, column: at + 1, bytes };
            let is_alone = line[..comment].trim().is_empty();
            let below = (index + 1..lines.len()).find(|it| !is_comment_or_blank(lines[*it]));
            let line_of = if is_alone { below.unwrap_or(index) } else { index };
            let (rules, has_reason) = parse(line[at + MARK.len()..].trim());
            found.push(Suppression { place, line: line_of + 1, rules, has_reason });
        }
        start += line.len();
    }
    found
}

/// Where the comment begins that this is the beginning of, if it is one.
fn comment_before(before: &str) -> Option<usize> {
    let marks = ["//", "#", "/*", "*", "--"].iter().filter_map(|mark| {
        let at = before.rfind(mark)?;
        before[at + mark.len()..]
            .trim()
            .trim_start_matches(['/', '*', '#'])
            .is_empty()
            .then_some(at)
    });
    marks.min()
}

fn is_comment_or_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || ["//", "#", "/*", "*"].iter().any(|mark| line.starts_with(mark))
}

/// The rules between brackets, and whether a reason follows.
fn parse(text: &str) -> (Result<Vec<String>, String>, bool) {
    let wrong = || "this suppression is not understood".to_owned();
    let Some(rest) = text.strip_prefix("allow") else { return (Err(wrong()), false) };
    let inside = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let Some((rules, reason)) = inside else { return (Err(wrong()), false) };
    let rules: Vec<String> = rules.split(',').map(|rule| rule.trim().to_owned()).collect();
    let reason = reason.trim().trim_start_matches([':', '-']).trim_end_matches("*/").trim();
    let is_empty = rules.iter().any(String::is_empty);
    (if is_empty { Err(wrong()) } else { Ok(rules) }, !reason.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppression_is_for_its_own_line_or_for_the_next_line_of_code() {
        let text = "\
a() // activity-lint: allow(no-heartbeat): short
# activity-lint: allow(never-retries, unbounded)
# more

b()
s = 'activity-lint: allow(no-heartbeat): in a text'
/* activity-lint: forbid(x) */
";
        let found = suppressions(text);
        let told = found.iter().map(|it| (it.line, it.rules.is_ok(), it.has_reason));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [(1, true, true), (5, true, false), (7, false, false)]
        );
    }
}
