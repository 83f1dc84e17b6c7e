//! The output for people: each finding in the manner of rustc, then what was looked at in a line.

use super::Report;
use super::found::Found;
use super::read::{ScanCoverage, Source};
use crate::style::{Ink, counted, visible};
use activity_analysis::rules::{Severity, Way};
use activity_sources::Place;
use activity_sources::files::Skipped;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::ops::Range;

/// Everything, with information or without.
pub(super) fn text(report: &Report, notes: bool) -> String {
    let mut text = String::new();
    for found in &report.found {
        if notes || found.severity > Severity::Information {
            text += &diagnostic(&report.sources[found.file], found);
            text += "\n\n";
        }
    }
    for (name, why) in &report.coverage.unreadable_files {
        let _ = writeln!(text, "{}: {}: {why}", Ink::Caution.paint("not read"), visible(name));
    }
    for (name, why) in &report.coverage.skipped {
        if let Skipped::TooLarge(bytes) = why {
            let (title, name) = (Ink::Caution.paint("skipped"), visible(name));
            let _ = writeln!(text, "{title}: {name}: {bytes} bytes; --size-limit allows for more");
        }
    }
    let _ = writeln!(text, "{}", coverage(&report.coverage));
    let _ = writeln!(text, "{}", summary(report, notes));
    text
}

fn diagnostic(source: &Source, found: &Found) -> String {
    let level = match found.severity {
        Severity::Information => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(visible(&found.sentence())).id(found.rule.id);
    let text = source.text.as_str();
    let site = beginning(text, &found.site);
    let is_marked = found.marks.iter().any(|mark| first_line(text, &mark.place) == site);
    let marks = found.marks.iter().map(|mark| {
        let span = first_line(text, &mark.place);
        let kind = if span == site { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(span).label(visible(&mark.label))
    });
    let alone = (!is_marked).then(|| AnnotationKind::Primary.span(site.clone()));
    let snippet = Snippet::source(text).path(source.name.as_str());
    let mut group = title.element(snippet.annotations(alone.into_iter().chain(marks)));
    let help = help(found);
    for help in &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let groups: [Group<'_>; 1] = [group];
    Renderer::styled().render(&groups)
}

/// What to do about a finding, the value that mends it first.
pub(super) fn help(found: &Found) -> Vec<String> {
    let fix = found.fix.as_ref().map(|(fix, _)| {
        let way = match fix.way {
            Way::Raise => "least",
            Way::Lower => "most",
        };
        format!("set {} to at {way} {}", fix.fixed.name(), fix.value)
    });
    fix.into_iter().chain(found.help.iter().cloned()).collect()
}

/// What a site begins with: its name up to the first bracket, so that marks stand beside it.
fn beginning(text: &str, site: &Place) -> Range<usize> {
    let line = first_line(text, site);
    let bracket = text[line.clone()].find(['{', '(', '[']);
    line.start..bracket.map_or(line.end, |at| line.start + at.max(1))
}

/// The part of a place that is on its first line.
fn first_line(text: &str, place: &Place) -> Range<usize> {
    let start = place.bytes.start.min(text.len());
    let end = place.bytes.end.clamp(start, text.len());
    let line = text[start..end].find('\n').map_or(end, |end| start + end);
    start..line
}

/// What was looked at.
fn coverage(coverage: &ScanCoverage) -> String {
    let ScanCoverage { files, sites, known, partly, unreadable, local, .. } = coverage;
    let mut text = format!("{} in {}", counted(*sites, "site"), counted(*files, "file"));
    if *sites > 0 {
        let _ = write!(text, ": {known} known, {partly} partly, {unreadable} unreadable");
    }
    if *local > 0 {
        let _ = write!(text, "; {local} of local activities, not judged");
    }
    let skipped = [
        (Skipped::Test, "tests"),
        (Skipped::Generated, "generated"),
        (Skipped::Vendored, "vendored"),
    ];
    let count = |kind: Skipped| coverage.skipped.iter().filter(|it| it.1 == kind).count();
    let mut parts: Vec<String> = skipped
        .into_iter()
        .map(|(kind, name)| (count(kind), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let large = coverage.skipped.iter().filter(|it| matches!(it.1, Skipped::TooLarge(_))).count();
    parts.extend((large > 0).then(|| format!("{large} too large")));
    if !parts.is_empty() {
        let count = counted(coverage.skipped.len(), "file");
        let _ = write!(text, "; skipped {count} ({})", parts.join(", "));
    }
    text
}

/// What was found.
fn summary(report: &Report, notes: bool) -> String {
    let count = |severity| report.found.iter().filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let mut text = match (errors, warnings) {
        (0, 0) => Ink::Good.paint("no findings"),
        (0, _) => Ink::Caution.paint(counted(warnings, "warning")),
        (_, 0) => Ink::Bad.paint(counted(errors, "error")),
        _ => Ink::Bad.paint(format!(
            "{}, {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        )),
    };
    let information = count(Severity::Information);
    if information > 0 {
        let shown = if notes { "" } else { " (--notes shows them)" };
        let _ = write!(text, "; {}{shown}", counted(information, "note"));
    }
    if report.in_baseline > 0 {
        let _ = write!(text, "; {} in the baseline", report.in_baseline);
    }
    if report.outdated > 0 {
        let _ = write!(
            text,
            "; the baseline lists {} that {} gone: write it anew",
            report.outdated,
            if report.outdated == 1 { "is" } else { "are" }
        );
    }
    text
}
