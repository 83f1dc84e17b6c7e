//! Files as sites with options, of which each is given, absent or unknown; and what was looked at.

use activity_analysis::rules::{Known, KnownOptions, Setting};
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::Dialect;
use activity_sources::code::{self, Extent, Kind, OptionName, Place, Site};
use activity_sources::files::{File, Files, Skipped, Walk};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::thread;

/// The ends of the names of files that are read.
pub(super) const EXTENSIONS: [&str; 11] =
    ["go", "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "py", "java"];

/// A file that was read.
#[derive(Debug)]
pub(super) struct Source {
    /// Its name, with slashes.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
    /// The sites in it that are judged.
    pub(super) sites: Vec<Judged>,
}

/// A site whose options are judged.
#[derive(Debug)]
pub(super) struct Judged {
    /// Where it stands.
    pub(super) place: Place,
    /// What is known of its options.
    pub(super) known: KnownOptions,
    /// Where their values stand.
    pub(super) places: BTreeMap<Field, Place>,
    /// Why those are unknown that are.
    pub(super) reasons: BTreeMap<Field, String>,
    /// Values that are none.
    pub(super) invalid: Vec<(Field, Place, String)>,
    /// Whose rules the activity follows.
    pub(super) dialect: Dialect,
}

/// What was looked at.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// How many files were read.
    pub(super) files: usize,
    /// How many sites there are, local activities included.
    pub(super) sites: usize,
    /// Those of which everything is known.
    pub(super) known: usize,
    /// Those of which something is.
    pub(super) partly: usize,
    /// Those of which nothing is that is given.
    pub(super) unreadable: usize,
    /// Those of local activities, which are not judged.
    pub(super) local: usize,
    /// Options that are set over others, which are not judged by themselves.
    pub(super) overrides: usize,
    /// The files that were skipped, and why.
    pub(super) skipped: Vec<(String, Skipped)>,
    /// The files that cannot be read, and why not.
    pub(super) unreadable_files: Vec<(String, String)>,
}

/// What came of one file.
enum Outcome {
    Read(String, Vec<Site>),
    Skipped(Skipped),
    Unreadable(String),
}

/// Reads files, as many at once as there are processors.
pub(super) fn read(walk: &Walk, files: Files) -> (Vec<Source>, Coverage) {
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut outcomes = Vec::new();
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(file) = files.found.get(index) else { return outcomes };
            outcomes.push((index, outcome(walk, file)));
        }
    };
    let mut outcomes: Vec<(usize, Outcome)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(thread::ScopedJoinHandle::join);
        joined.flat_map(|it| it.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    outcomes.sort_by_key(|(index, _)| *index);
    let mut coverage = Coverage::default();
    let skipped = files.skipped.iter().map(|(path, why)| (name(path), *why));
    coverage.skipped.extend(skipped);
    let unreadable = files.unreadable.iter().map(|(path, why)| (name(path), why.clone()));
    coverage.unreadable_files.extend(unreadable);
    let mut sources = Vec::new();
    for (index, outcome) in outcomes {
        let name = name(&files.found[index].path);
        match outcome {
            Outcome::Read(text, sites) => sources.push(source(name, text, &sites, &mut coverage)),
            Outcome::Skipped(why) => coverage.skipped.push((name, why)),
            Outcome::Unreadable(why) => coverage.unreadable_files.push((name, why)),
        }
    }
    (sources, coverage)
}

fn outcome(walk: &Walk, file: &File) -> Outcome {
    match walk.text(file) {
        Ok(Ok(text)) => {
            let sites = code::sites(&file.path, &text);
            Outcome::Read(text, sites)
        }
        Ok(Err(skipped)) => Outcome::Skipped(skipped),
        Err(why) => Outcome::Unreadable(why),
    }
}

/// A path as it is reported on every system.
fn name(path: &std::path::Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn source(name: String, text: String, sites: &[Site], coverage: &mut Coverage) -> Source {
    coverage.files += 1;
    let mut judged = Vec::new();
    for site in sites {
        if site.kind == Kind::Override {
            coverage.overrides += 1;
            continue;
        }
        coverage.sites += 1;
        match site.extent() {
            Extent::Known => coverage.known += 1,
            Extent::Partly => coverage.partly += 1,
            Extent::Unknown => coverage.unreadable += 1,
        }
        match site.kind {
            Kind::Local => coverage.local += 1,
            Kind::Standalone => judged.push(judge(site, Dialect::Standalone)),
            Kind::Workflow | Kind::Override => judged.push(judge(site, Dialect::Workflow)),
        }
    }
    Source { name, text, sites: judged }
}

fn judge(site: &Site, dialect: Dialect) -> Judged {
    let mut judged = Judged {
        place: site.place.clone(),
        known: KnownOptions::default(),
        places: BTreeMap::new(),
        reasons: BTreeMap::new(),
        invalid: Vec::new(),
        dialect,
    };
    for (option, known) in &site.options {
        let field = field(*option);
        let (known, place) = match known {
            code::Known::Absent => (Known::Absent, None),
            code::Known::Given { setting, place } => (given(setting), Some(place.clone())),
            code::Known::Unknown { reason, place } => {
                judged.reasons.insert(field, reason.to_string());
                (Known::Unknown, place.clone())
            }
            code::Known::Invalid { message, place } => {
                judged.invalid.push((field, place.clone(), message.clone()));
                (Known::Unknown, Some(place.clone()))
            }
        };
        judged.known.set(field, known);
        judged.places.extend(place.map(|place| (field, place)));
    }
    judged
}

fn given(setting: &code::Setting) -> Known {
    match setting {
        code::Setting::Duration(nanoseconds) => {
            Known::Given(Setting::Duration(Nanoseconds(*nanoseconds)))
        }
        code::Setting::Number(number) => Known::Given(Setting::Number(*number)),
        code::Setting::Names { names, complete: true } => {
            Known::Given(Setting::Names(names.clone()))
        }
        code::Setting::Names { complete: false, .. } => Known::Unknown,
    }
}

fn field(option: OptionName) -> Field {
    match option {
        OptionName::StartToCloseTimeout => Field::StartToCloseTimeout,
        OptionName::ScheduleToCloseTimeout => Field::ScheduleToCloseTimeout,
        OptionName::ScheduleToStartTimeout => Field::ScheduleToStartTimeout,
        OptionName::HeartbeatTimeout => Field::HeartbeatTimeout,
        OptionName::InitialInterval => Field::InitialInterval,
        OptionName::BackoffCoefficient => Field::BackoffCoefficient,
        OptionName::MaximumInterval => Field::MaximumInterval,
        OptionName::MaximumAttempts => Field::MaximumAttempts,
        OptionName::NonRetryableErrorTypes => Field::NonRetryableErrorTypes,
    }
}
