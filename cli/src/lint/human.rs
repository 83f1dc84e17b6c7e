//! The output for people: each finding in the manner of rustc, then what was looked at in a line.

use super::Report;
use super::found::{Found, Mark};
use super::read::{ScanCoverage, Source};
use crate::style::{COLUMNS, Ink, counted, visible, wrapped};
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
    for problem in &report.coverage.unreadable_files {
        let told = visible(&format!("{}: {}", problem.file(), problem.in_a_line()));
        let told = wrapped(&told, INDENT.len(), COLUMNS).replace('\n', INDENT_OF_MORE);
        let _ = writeln!(text, "{}: {told}", Ink::Caution.paint("not read"));
    }
    for (name, why) in &report.coverage.skipped {
        if let Skipped::TooLarge(bytes) = why {
            let (title, name) = (Ink::Caution.paint("skipped"), visible(name));
            let _ = writeln!(text, "{title}: {name}: {bytes} bytes; --size-limit allows for more");
        }
    }
    let _ = writeln!(text, "{}", wrapped(&coverage(&report.coverage), 0, COLUMNS));
    let _ = writeln!(text, "{}", summary(report, notes));
    text
}

/// Below what stands that could not be read.
const INDENT: &str = "not read: ";
const INDENT_OF_MORE: &str = "\n          ";

fn diagnostic(source: &Source, found: &Found) -> String {
    let level = match found.severity {
        Severity::Information => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    // Before the title stand the severity and the rule.
    let before = "error[]: ".len().max("warning[]: ".len()) + found.rule.id.len();
    let title = wrapped(&visible(&found.sentence()), before, COLUMNS);
    let title = level.primary_title(title).id(found.rule.id);
    let text = source.text.as_str();
    let site = beginning(text, &found.site);
    let is_marked = found.marks.iter().any(|mark| first_line(text, &mark.place) == site);
    let marks = found.marks.iter().map(|mark| {
        let span = first_line(text, &mark.place);
        let kind = if span == site { AnnotationKind::Primary } else { AnnotationKind::Context };
        let marked = kind.span(span.clone());
        if has_room(text, &span, mark) { marked.label(visible(&mark.label)) } else { marked }
    });
    let alone = (!is_marked).then(|| AnnotationKind::Primary.span(site.clone()));
    let snippet = Snippet::source(text).path(source.name.as_str());
    let mut group = title.element(snippet.annotations(alone.into_iter().chain(marks)));
    let apart = found.marks.iter().filter(|mark| {
        let span = first_line(text, &mark.place);
        !has_room(text, &span, mark)
    });
    let apart = apart.map(|mark| format!("{}: {}", mark.option, visible(&mark.label)));
    let apart: Vec<String> = apart.map(|it| wrapped(&it, INDENT_OF_NOTES, COLUMNS)).collect();
    for note in &apart {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let help = help(found).into_iter();
    let help: Vec<String> = help.map(|it| wrapped(&it, INDENT_OF_NOTES, COLUMNS)).collect();
    for help in &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let groups: [Group<'_>; 1] = [group];
    Renderer::styled().term_width(COLUMNS).render(&groups)
}

/// Whether the words beside a mark end within the columns of a terminal.
fn has_room(text: &str, span: &Range<usize>, mark: &Mark) -> bool {
    let line = text[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let columns = text[line..span.end].chars().map(|letter| if letter == '\t' { 4 } else { 1 });
    let before = mark.place.line.to_string().len() + " |  ".len();
    before + columns.sum::<usize>() + 1 + mark.label.chars().count() <= COLUMNS
}

/// How far from the left notes and marks begin, where lines have five digits.
const INDENT_OF_NOTES: usize = "      = help: ".len();

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
        (Skipped::Test, "test"),
        (Skipped::Generated, "generated"),
        (Skipped::Vendored, "vendored"),
    ];
    let count = |kind: Skipped| coverage.skipped.iter().filter(|it| it.1 == kind).count();
    let mut parts: Vec<String> = skipped
        .into_iter()
        .map(|(kind, name)| (count(kind), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| match name {
            "test" => counted(count, name),
            name => format!("{count} {name}"),
        })
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
    let (ink, head) = match (errors, warnings) {
        (0, 0) if report.coverage.is_blind() => (Ink::Caution, blind(report)),
        (0, 0) => (Ink::Good, "no findings".to_owned()),
        (0, _) => (Ink::Caution, counted(warnings, "warning")),
        (_, 0) => (Ink::Bad, counted(errors, "error")),
        _ => {
            let both = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
            (Ink::Bad, both)
        }
    };
    // Colours come last: they have no width.
    wrapped(&format!("{head}{}", besides(report, notes)), 0, COLUMNS).replacen(
        &head,
        &ink.paint(&head),
        1,
    )
}

/// What else is to be known of what was found.
fn besides(report: &Report, notes: bool) -> String {
    let mut text = String::new();
    let count = |severity| report.found.iter().filter(|it| it.severity == severity).count();
    let information = count(Severity::Information);
    if information > 0 {
        let shown = if notes { "" } else { " (--notes shows them)" };
        let _ = write!(text, "; {}{shown}", counted(information, "note"));
    }
    let not_read = report.coverage.unreadable_files.len();
    if not_read > 0 && !report.coverage.is_blind() {
        let was = if not_read == 1 { "was" } else { "were" };
        let _ = write!(text, "; {} {was} not read", counted(not_read, "file"));
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

/// Why nothing was found where nothing was looked at.
fn blind(report: &Report) -> String {
    let coverage = &report.coverage;
    let not_read = coverage.unreadable_files.len();
    if not_read > 0 {
        return format!("nothing was judged: {} could not be read", counted(not_read, "file"));
    }
    if !coverage.skipped.is_empty() {
        return "nothing was judged: every file was skipped".to_owned();
    }
    let kinds = if cfg!(feature = "code") {
        "Go, TypeScript, JavaScript, Python or Java, nor with options in TOML, JSON or YAML"
    } else {
        "options in TOML, JSON or YAML; this command was built without reading code"
    };
    format!("nothing was judged: there is no file with {kinds}")
}
