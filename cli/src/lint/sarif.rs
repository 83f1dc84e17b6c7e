//! The output for code scanners: SARIF 2.1.0, with all rules declared.

use super::Report;
use super::found::Found;
use super::json::column;
use super::read::{Defined, Source};
use activity_analysis::rules::{ALL, Rule, Settings, Severity};
use activity_sources::Place;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// One log with one run.
pub(super) fn sarif(report: &Report, settings: &Settings) -> Value {
    let results = report.found.iter().map(|found| result(&report.sources[found.file], found));
    let rules: Vec<Value> = ALL.iter().map(|it| rule(it, settings)).collect();
    let unreadable = report.coverage.unreadable_files.iter();
    let notifications = unreadable.map(|problem| {
        let uri = uri(problem.file());
        json!({
            "level": "warning",
            "message": { "text": problem.in_a_line() },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri } } }],
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "activity",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications.collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn rule(rule: &Rule, settings: &Settings) -> Value {
    let severity = settings.severity(rule);
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": rule.explanation },
        "defaultConfiguration": {
            "enabled": severity.is_some(),
            "level": level(severity.unwrap_or(Severity::Information)),
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Information => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn result(source: &Source, found: &Found) -> Value {
    let mut text = found.sentence();
    for help in super::human::help(found) {
        let _ = write!(text, "\n{help}");
    }
    let marked = found.marks.iter().map(|mark| {
        let text = format!("{}: {}", mark.option, mark.label);
        (location(source, &mark.place), text)
    });
    let defined = found.marks.iter().filter_map(|mark| {
        let Defined { file, line } = mark.defined.as_ref()?;
        let location = json!({
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": line },
        });
        Some((location, format!("{}: defined here", mark.option)))
    });
    let related = marked.chain(defined).enumerate().map(|(index, (location, text))| {
        json!({ "id": index, "physicalLocation": location, "message": { "text": text } })
    });
    let mut result = json!({
        "ruleId": found.rule.id,
        "ruleIndex": ALL.iter().position(|rule| rule.id == found.rule.id),
        "level": level(found.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location(source, &found.site) }],
        "relatedLocations": related.collect::<Vec<_>>(),
        "properties": { "certain": found.condition.is_none() },
    });
    if let Some((fix, _)) = &found.fix {
        let value = json!({ "option": fix.fixed.name(), "value": fix.value.to_string() });
        result["properties"]["fix"] = value;
    }
    result
}

fn location(source: &Source, place: &Place) -> Value {
    let end = place.bytes.end.min(source.text.len()).max(place.bytes.start);
    let inside = source.text.get(place.bytes.start..end).unwrap_or_default();
    let last = Place { bytes: activity_sources::Bytes { start: end, end }, ..place.clone() };
    json!({
        "artifactLocation": { "uri": uri(&source.name) },
        "region": {
            "startLine": place.line,
            "startColumn": column(&source.text, place),
            "endLine": place.line + inside.matches('\n').count(),
            "endColumn": column(&source.text, &last),
        },
    })
}

/// A path as a reference: what a URI does not allow is spelled in bytes.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
