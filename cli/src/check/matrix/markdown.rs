//! The matrix as a document.

use super::elsewhere::{ELSEWHERE, Place};
use activity_harness::matrix::Checker;
use serde_json::Value;
use std::fmt::Write as _;

const ABOUT: &str = "\
# Which checker kills which bug

Written by `activity check --matrix`; a test holds it to the tables of wrong rules. Each bug is a
machine that follows a wrong rule, or remembers what it should not. `x` is killed, `.` is missed
within the checker's budget, `-` cannot be asked; below each bug stands the shortest sequence that
was found to show it, and how it does.

* **exploration**: every execution of a grid of small configurations, every step judged
* **theorems**: the proofs for all parameters
* **properties**: the promises along 400 random scripts with durations up to days
* **edges**, **k0**, **k1**: the suites of 40 configurations, seen through answers and Describe
* **walks**: 500 walks of 60 steps in each configuration, which prefer what is rare
* **crash**: every edge, with a crash after every answer
* **recorded**: what Temporal servers were recorded to do

No two bugs are alike: where row and sequence are the same, the end of the sequence is not. The
bugs of real systems are those of public issue trackers and of the recorded cases; those that have
no row of their own stand at the end, each with the row that shows the same, or with the reason.
";

/// The document of a matrix in JSON.
#[must_use]
pub fn markdown(matrix: &Value) -> String {
    let bugs = matrix["bugs"].as_array().map_or(&[][..], Vec::as_slice);
    let mut text = String::from(ABOUT);
    let _ = write!(text, "\n| bug | source |");
    for checker in Checker::ALL {
        let _ = write!(text, " {checker} |");
    }
    let columns = ":-:|".repeat(Checker::ALL.len());
    let _ = writeln!(text, "\n|---|---|{columns}");
    for bug in bugs {
        let _ = write!(text, "| {} | {} |", said(&bug["name"]), said(&bug["source"]));
        for checker in Checker::ALL {
            let sign = match bug["killed_by"][checker.name()].as_bool() {
                Some(true) => "x",
                Some(false) => ".",
                None => "-",
            };
            let _ = write!(text, " {sign} |");
        }
        text.push('\n');
    }
    totals(&mut text, bugs);
    text += "\n## The shortest sequences\n";
    for bug in bugs {
        let _ = writeln!(text, "\n**{}.** {}", said(&bug["name"]), said(&bug["statement"]));
        if let Some(configuration) = bug["configuration"].as_str() {
            let crashes = match bug["crashes"].as_bool() {
                Some(true) => ", with a crash after every answer",
                Some(false) | None => "",
            };
            let _ = writeln!(text, "In *{configuration}*{crashes}:");
        }
        text += "\n```text\n";
        for line in lines(&bug["sequence"]) {
            let _ = writeln!(text, "{line}");
        }
        for line in lines(&bug["shows"]) {
            let _ = writeln!(text, "  {line}");
        }
        text += "```\n";
    }
    elsewhere(&mut text);
    text
}

/// The historical bugs that have no row of their own.
fn elsewhere(text: &mut String) {
    *text += "\n## Historical bugs without a row of their own\n\n| source | bug | where |\n|---|---|---|\n";
    for (source, bug, place) in ELSEWHERE {
        let place = match place {
            Place::As(row) => format!("as `{row}`"),
            Place::Nowhere(reason) => format!("nowhere: {reason}"),
        };
        let _ = writeln!(text, "| {source} | {bug} | {place} |");
    }
}

fn totals(text: &mut String, bugs: &[Value]) {
    let _ = write!(text, "| **{} bugs** | |", bugs.len());
    for checker in Checker::ALL {
        let killed = |bug: &&Value| bug["killed_by"][checker.name()] == Value::Bool(true);
        let _ = write!(text, " {} |", bugs.iter().filter(killed).count());
    }
    text.push('\n');
}

fn said(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn lines(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(said)
}
