//! What a rule finds and why it matters, for people; or the list of all rules.

use super::config::known_rule;
use crate::command::Finished;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::style::{COLUMNS, Ink, wrapped};
use activity_analysis::rules::{ALL, Rule};
use activity_models::story::wrap;
use std::fmt::Write as _;

/// Explains this rule, or lists all if none is named.
pub(super) fn explain(id: &str) -> Result<Finished, Problem> {
    let text = match id {
        "" => list(),
        id => page(known_rule(id).map_err(|problem| problem.of_file("--explain"))?),
    };
    Ok(Finished { text, exit: Exit::Agreed })
}

fn severity(rule: &Rule) -> &'static str {
    rule.severity.map_or("off", |severity| severity.word())
}

fn list() -> String {
    let longest = ALL.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in &ALL {
        let id = Ink::Title.paint(format!("{:longest$}", rule.id));
        let before = longest + SEVERITY + 4;
        let more = format!("\n{:before$}", "");
        let summary = wrapped(rule.summary, before, COLUMNS).replace('\n', &more);
        let _ = writeln!(text, "{id}  {:SEVERITY$}  {summary}", severity(rule));
    }
    text
}

fn page(rule: &Rule) -> String {
    let summary = wrapped(rule.summary, rule.id.len() + ": ".len(), WIDTH);
    let mut text = format!("{}: {summary}\n\n", Ink::Title.paint(rule.id));
    for paragraph in rule.explanation.split("\n\n") {
        let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "{}\n", wrap(&paragraph, WIDTH).join("\n"));
    }
    let _ = writeln!(text, "Severity: {}; set it in activity.toml:\n", severity(rule));
    let _ = writeln!(text, "  [lint.rules]\n  {} = \"error\"", rule.id);
    text
}

/// How long the word for a severity is at most.
const SEVERITY: usize = "information".len();

/// How wide a paragraph is: as wide as any terminal.
const WIDTH: usize = 80;
