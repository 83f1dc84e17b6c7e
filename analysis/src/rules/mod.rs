//! Rules about options: what is wrong with them, how certain that is, and what would mend it.
//!
//! A rule declares the options that it reads and sees no other. Where one of them is unknown, the
//! rule is asked about every alternative that may make a difference: what it says at each of them
//! is certain, what it says at some is said with its condition, and nothing else is said. What it
//! finds, normalisation, backoffs and zones tell: there is no second arithmetic here.

mod attempts;
mod case;
mod condition;
mod fix;
mod heartbeats;
mod known;
mod limits;
mod policy;
mod refused;
mod table;

pub use case::{Declared, Thresholds};
pub(crate) use fix::least;
pub use fix::{Fix, Fixed, Way};
pub use known::{Known, KnownOptions, Setting};
pub(crate) use policy::no_error_is_named;
pub use table::ALL;

use activity_execution::options::Field;
use activity_execution::vocabulary::Dialect;
use case::Judge;
use condition::Outcome;
use std::collections::BTreeMap;
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Worth knowing.
    Information,
    /// Most likely not what is meant.
    Warning,
    /// Never what is meant.
    Error,
}

/// A rule, under a name that stays.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// Why that matters, an example, and what to do about it.
    pub explanation: &'static str,
    /// How bad it is unless settings say something else; `None` if nobody is told unless asked for.
    pub severity: Option<Severity>,
    /// Who judges; nobody if options alone do not show it.
    judges: &'static [Judge],
    /// The rules that say the same and more.
    yields_to: &'static [&'static str],
}

/// What a rule has to say about some options.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Under which condition it is so; `None` if it is certain.
    pub condition: Option<String>,
    /// The options that make it so, each with a few words.
    pub marks: Vec<(Field, String)>,
    /// What to do about it.
    pub help: Vec<String>,
    /// The value that mends it.
    pub fix: Option<Fix>,
}

/// What rules go by.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Severities that differ from the rules' own; `None` turns a rule off.
    pub severities: BTreeMap<&'static str, Option<Severity>>,
    /// Where rules draw a line.
    pub thresholds: Thresholds,
}

impl Settings {
    /// How bad a finding of this rule is; `None` if nobody is told.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.severities.get(rule.id).copied().unwrap_or(rule.severity)
    }
}

/// The rule of this name.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id)
}

/// Everything that the rules have to say, the worst first.
#[must_use]
pub fn judge(
    known: &KnownOptions,
    dialect: Dialect,
    declared: &Declared,
    settings: &Settings,
) -> Vec<Finding> {
    let subject = Subject { known, dialect, declared, thresholds: &settings.thresholds };
    let is_on = |rule: &&Rule| settings.severity(rule).is_some();
    let mut found: Vec<Finding> = Vec::new();
    for rule in ALL.iter().filter(is_on) {
        let says_more = |it: &Finding| rule.yields_to.contains(&it.rule.id) || it.is_refusal();
        if !found.iter().any(says_more) {
            let severity = settings.severities.get(rule.id).copied().flatten();
            found.extend(rule.find(&subject, severity));
        }
    }
    found.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule.id));
    found
}

/// Options and what else is known of them.
#[derive(Clone, Copy, Debug)]
struct Subject<'a> {
    known: &'a KnownOptions,
    dialect: Dialect,
    declared: &'a Declared,
    thresholds: &'a Thresholds,
}

impl Rule {
    /// What this rule finds; `severity` is what settings say, if they say something.
    fn find(&'static self, subject: &Subject<'_>, severity: Option<Severity>) -> Option<Finding> {
        self.judges.iter().find_map(|judge| {
            let Outcome::Fires { verdict, condition } = judge.outcome(subject) else {
                return None;
            };
            let condition = condition.or(verdict.unless.map(ToOwned::to_owned));
            let fix = verdict.fix.filter(|_| condition.is_none());
            let fix = fix.and_then(|(fixed, way)| fix::found(judge, subject, fixed, way));
            let own = severity.or(verdict.severity).or(self.severity);
            let own = own.unwrap_or(Severity::Information);
            // What may be so is worth knowing, and no more.
            let severity = if condition.is_some() { Severity::Information } else { own };
            let (message, marks) = (verdict.message, verdict.marks);
            let help = verdict.help;
            Some(Finding { rule: self, severity, message, condition, marks, help, fix })
        })
    }
}

impl Finding {
    /// Whether a server refuses the options, so that nothing else can be said of them.
    fn is_refusal(&self) -> bool {
        self.rule.id == table::REFUSED && self.condition.is_none()
    }

    /// Whether it holds whatever is unknown.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.condition.is_none()
    }
}

impl Severity {
    /// In lower case, as people and programs read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Information => "information",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}
