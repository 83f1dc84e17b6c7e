//! Findings at their places: what the rules say of each site, equal options asked about once.

use super::config::Config;
use super::read::{Defined, Judged, Source};
use activity_analysis::rules::{self, Finding, Fix, Rule, Severity};
use activity_execution::vocabulary::Dialect;
use activity_sources::{Bytes, Place};
use std::collections::HashMap;
use std::rc::Rc;

/// A finding at its place.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Which of the files.
    pub(super) file: usize,
    /// Where the options are made.
    pub(super) site: Place,
    /// The rule.
    pub(super) rule: &'static Rule,
    /// How bad it is.
    pub(super) severity: Severity,
    /// What is wrong.
    pub(super) message: String,
    /// Under which condition; `None` if it is certain.
    pub(super) condition: Option<String>,
    /// The values that make it so, by option, each with a few words.
    pub(super) marks: Vec<Mark>,
    /// What to do about it.
    pub(super) help: Vec<String>,
    /// The value that mends it, with the place of the one that is there.
    pub(super) fix: Option<(Fix, Option<Place>)>,
}

/// A place that a finding is about.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// The option whose value stands there.
    pub(super) option: &'static str,
    /// Where.
    pub(super) place: Place,
    /// What is to be said of it.
    pub(super) label: String,
    /// Where the value is defined, if that is in another file.
    pub(super) defined: Option<Defined>,
}

impl Found {
    /// In which order findings are reported.
    pub(super) fn order(&self) -> impl Ord {
        (self.file, self.site.bytes, std::cmp::Reverse(self.severity), self.rule.id)
    }

    /// Whether it is about this line.
    pub(super) fn is_on(&self, line: usize) -> bool {
        self.site.line == line || self.marks.iter().any(|mark| mark.place.line == line)
    }

    /// The message, after the condition if there is one.
    pub(super) fn sentence(&self) -> String {
        match &self.condition {
            Some(condition) => format!("{condition}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// What the rules say of all sites.
pub(super) fn judge(sources: &[Source], config: &Config) -> Vec<Found> {
    let mut answers: HashMap<(Dialect, String), Rc<[Finding]>> = HashMap::new();
    let mut found = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        found.extend(refused(file, source, config));
        for site in &source.sites {
            found.extend(invalid(file, site, config));
            let mut declared = config.declared;
            declared.may_run_in_session = site.may_run_in_session;
            declared.run_timeout = site.run_timeout.or(declared.run_timeout);
            // Equal options have equal names.
            let key = (site.dialect, format!("{:?} {declared:?}", site.known));
            let findings = answers.entry(key).or_insert_with(|| {
                rules::judge(&site.known, site.dialect, &declared, &config.settings).into()
            });
            found.extend(findings.iter().map(|finding| placed(file, site, finding)));
        }
    }
    found
}

/// A document with options that a server refuses.
fn refused(file: usize, source: &Source, config: &Config) -> Option<Found> {
    let unusable = source.refused.as_ref()?;
    let rule = rules::rule("options-refused")?;
    let (line, column) = (unusable.line().unwrap_or(1), unusable.column().unwrap_or(1));
    let bytes =
        unusable.span().map_or(Bytes::default(), |it| Bytes { start: it.start, end: it.end });
    Some(Found {
        file,
        site: Place { line, column, bytes },
        rule,
        severity: config.settings.severity(rule)?,
        message: format!("a server refuses these options: {}", unusable.message()),
        condition: None,
        marks: Vec::new(),
        help: unusable.help().map(ToOwned::to_owned).into_iter().collect(),
        fix: None,
    })
}

/// Values that are none.
fn invalid(file: usize, site: &Judged, config: &Config) -> Vec<Found> {
    let Some(rule) = rules::rule("option-invalid") else { return Vec::new() };
    let Some(severity) = config.settings.severity(rule) else { return Vec::new() };
    let found = site.invalid.iter().map(|(field, place, message)| Found {
        file,
        site: site.place.clone(),
        rule,
        severity,
        message: format!("{field}: {message}"),
        condition: None,
        marks: vec![Mark {
            option: field.name(),
            place: place.clone(),
            label: message.clone(),
            defined: None,
        }],
        help: Vec::new(),
        fix: None,
    });
    found.collect()
}

fn placed(file: usize, site: &Judged, finding: &Finding) -> Found {
    let marks = finding.marks.iter().filter_map(|(field, label)| {
        let place = site.places.get(field)?.clone();
        let defined = site.definitions.get(field).cloned();
        let label = match &defined {
            Some(Defined { file, line }) => format!("{label} ({file}:{line})"),
            None => label.clone(),
        };
        Some(Mark { option: field.name(), place, label, defined })
    });
    let mut marks: Vec<Mark> = marks.collect();
    if finding.condition.is_some() {
        for (field, reason) in &site.reasons {
            if let Some(place) = site.places.get(field)
                && finding.condition.as_ref().is_some_and(|it| it.contains(field.name()))
            {
                let label = format!("unknown: {reason}");
                let (option, place) = (field.name(), place.clone());
                marks.push(Mark { option, place, label, defined: None });
            }
        }
    }
    let place = |fix: &Fix| fix.fixed.field().and_then(|field| site.places.get(&field)).cloned();
    Found {
        file,
        site: site.place.clone(),
        rule: finding.rule,
        severity: finding.severity,
        message: finding.message.clone(),
        condition: finding.condition.clone(),
        marks,
        help: finding.help.clone(),
        fix: finding.fix.map(|fix| (fix, place(&fix))),
    }
}
