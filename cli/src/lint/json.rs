//! The output for programs.

use super::Report;
use super::found::Found;
use super::read::{Defined, ScanCoverage, Source};
use activity_analysis::rules::Way;
use activity_sources::Place;
use activity_sources::files::Skipped;
use serde_json::{Value, json};

/// One object: the findings, and what was looked at.
pub(super) fn json(report: &Report) -> Value {
    let findings = report.found.iter().map(|found| finding(&report.sources[found.file], found));
    json!({
        "findings": findings.collect::<Vec<_>>(),
        "coverage": coverage(&report.coverage),
        "baseline": { "hidden": report.in_baseline, "outdated": report.outdated },
    })
}

fn finding(source: &Source, found: &Found) -> Value {
    let fix = found.fix.as_ref().map(|(fix, place)| {
        let milliseconds = i64::try_from(fix.value.0 / 1_000_000).unwrap_or(i64::MAX);
        json!({
            "option": fix.fixed.name(),
            "way": match fix.way { Way::Raise => "raise", Way::Lower => "lower" },
            "value": fix.value.to_string(),
            "milliseconds": milliseconds,
            "line": place.as_ref().map(|place| place.line),
            "column": place.as_ref().map(|place| column(&source.text, place)),
        })
    });
    let places = found.marks.iter().map(|mark| {
        let mut place = json!({
            "option": mark.option,
            "line": mark.place.line,
            "column": column(&source.text, &mark.place),
            "message": mark.label,
        });
        if let Some(Defined { file, line }) = &mark.defined {
            place["defined"] = json!({ "file": file, "line": line });
        }
        place
    });
    json!({
        "file": source.name,
        "line": found.site.line,
        "column": column(&source.text, &found.site),
        "rule": found.rule.id,
        "severity": found.severity.word(),
        "message": found.sentence(),
        "certain": found.condition.is_none(),
        "condition": found.condition,
        "places": places.collect::<Vec<_>>(),
        "help": found.help,
        "fix": fix,
    })
}

fn coverage(coverage: &ScanCoverage) -> Value {
    let count = |is: fn(&Skipped) -> bool| coverage.skipped.iter().filter(|it| is(&it.1)).count();
    let too_large = coverage.skipped.iter().filter_map(|(name, why)| match why {
        Skipped::TooLarge(bytes) => Some(json!({ "file": name, "bytes": bytes })),
        Skipped::Test | Skipped::Generated | Skipped::Vendored => None,
    });
    let unreadable = coverage.unreadable_files.iter();
    let unreadable = unreadable.map(|it| json!({ "file": it.file(), "message": it.in_a_line() }));
    json!({
        "files": coverage.files,
        "sites": coverage.sites,
        "known": coverage.known,
        "partly": coverage.partly,
        "unreadable": coverage.unreadable,
        "local": coverage.local,
        "overrides": coverage.overrides,
        "skipped": coverage.skipped.len(),
        "skippedFiles": {
            "tests": count(|why| *why == Skipped::Test),
            "generated": count(|why| *why == Skipped::Generated),
            "vendored": count(|why| *why == Skipped::Vendored),
            "tooLarge": too_large.collect::<Vec<_>>(),
        },
        "unreadableFiles": unreadable.collect::<Vec<_>>(),
    })
}

/// The column of a place in letters, from one.
pub(super) fn column(text: &str, place: &Place) -> usize {
    let start = place.bytes.start.min(text.len());
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    text[line..start].chars().count() + 1
}
