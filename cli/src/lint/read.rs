//! Files as sites with options, of which each is given, absent or unknown; and what was looked at.

use crate::problem::Problem;
use crate::{documents as files, input};
use activity_analysis::rules::{Known, KnownOptions, Setting};
use activity_execution::ActivityOptions;
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::Dialect;
use activity_sources::Place;
#[cfg(feature = "code")]
use activity_sources::code::Others;
use activity_sources::documents::{self, Activity, Document, Unusable};
use activity_sources::files::{File, Files, Skipped, Walk};
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

/// The ends of the names of files with code.
const CODE: [&str; 11] = ["go", "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "py", "java"];

/// The ends of the names of documents that may hold options.
const DOCUMENTS: [&str; 4] = ["toml", "json", "yaml", "yml"];

/// The ends of the names of files that are looked for in folders.
pub(super) fn extensions() -> Vec<&'static str> {
    let code = CODE.into_iter().filter(|_| cfg!(feature = "code"));
    code.chain(DOCUMENTS).collect()
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct Source {
    /// Its name, with slashes.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
    /// The sites in it that are judged.
    pub(super) sites: Vec<Judged>,
    /// Why a server refuses the options in it, if that is all that is known.
    pub(super) refused: Option<Unusable>,
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
    /// Where those are defined that are constants of other files.
    pub(super) definitions: BTreeMap<Field, Defined>,
    /// Why those are unknown that are.
    pub(super) reasons: BTreeMap<Field, String>,
    /// Values that are none.
    pub(super) invalid: Vec<(Field, Place, String)>,
    /// Whether it may run in a session.
    pub(super) may_run_in_session: bool,
    /// After how long the workflow around it is ended, if that stands beside the options.
    pub(super) run_timeout: Option<Nanoseconds>,
    /// Whose rules the activity follows.
    pub(super) dialect: Dialect,
}

/// Where a constant of another file is defined.
#[derive(Clone, Debug)]
pub(super) struct Defined {
    /// The name of the file, with slashes.
    pub(super) file: String,
    /// The line.
    pub(super) line: usize,
}

/// What was looked at.
#[derive(Debug, Default)]
pub(super) struct ScanCoverage {
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
    pub(super) unreadable_files: Vec<Problem>,
}

impl ScanCoverage {
    /// Whether nothing was looked at.
    pub(super) fn is_blind(&self) -> bool {
        self.files == 0
    }

    /// Adds the sites of a file.
    fn add(&mut self, file: &ScanCoverage) {
        self.files += 1;
        self.sites += file.sites;
        self.known += file.known;
        self.partly += file.partly;
        self.unreadable += file.unreadable;
        self.local += file.local;
        self.overrides += file.overrides;
    }
}

/// What came of one file.
#[cfg_attr(not(feature = "code"), expect(dead_code, reason = "no code is read"))]
enum Outcome {
    Code(String, Vec<Judged>, ScanCoverage),
    Document(String, Vec<Activity>),
    Refused(String, Unusable),
    Skipped(Skipped),
    Unreadable(Problem),
    /// A document that says nothing of activities.
    OfSomethingElse,
}

/// Text that stands for a file: what standard input said, and the name that it is to have.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// How files are read.
#[derive(Debug)]
pub(super) struct Reader<'w> {
    walk: &'w Walk,
    given: Option<&'w Given>,
    #[cfg(feature = "code")]
    others: Others,
}

impl<'w> Reader<'w> {
    /// Reads files under these paths, and those beside them that their names lead to.
    #[cfg_attr(not(feature = "code"), expect(unused_variables, reason = "no code is read"))]
    pub(super) fn new(walk: &'w Walk, paths: &[PathBuf], given: Option<&'w Given>) -> Self {
        #[cfg(feature = "code")]
        let others = {
            let named = given.map(|given| given.path.clone());
            let paths: Vec<PathBuf> = paths.iter().cloned().chain(named).collect();
            Others::beside(&paths, walk.largest)
        };
        Reader {
            walk,
            given,
            #[cfg(feature = "code")]
            others,
        }
    }
}

/// Reads files, as many at once as there are processors.
pub(super) fn read(reader: &Reader<'_>, files: Files) -> (Vec<Source>, ScanCoverage) {
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut outcomes = Vec::new();
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(file) = files.found.get(index) else { return outcomes };
            outcomes.push((index, outcome(reader, file)));
        }
    };
    let mut outcomes: Vec<(usize, Outcome)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(thread::ScopedJoinHandle::join);
        joined.flat_map(|it| it.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    outcomes.sort_by_key(|(index, _)| *index);
    let mut coverage = ScanCoverage::default();
    let skipped = files.skipped.iter().map(|(path, why)| (name(path), *why));
    coverage.skipped.extend(skipped);
    let unreadable = files.unreadable.iter().map(|(path, why)| Problem::new(name(path), why));
    coverage.unreadable_files.extend(unreadable);
    let mut sources = Vec::new();
    for (index, outcome) in outcomes {
        let name = name(&files.found[index].path);
        match outcome {
            Outcome::Code(text, sites, seen) => {
                coverage.add(&seen);
                sources.push(Source { name, text, sites, refused: None });
            }
            Outcome::Document(text, activities) => {
                sources.push(document(name, text, activities, &mut coverage));
            }
            Outcome::Refused(text, unusable) => {
                coverage.files += 1;
                coverage.sites += 1;
                coverage.known += 1;
                sources.push(Source { name, text, sites: Vec::new(), refused: Some(unusable) });
            }
            Outcome::OfSomethingElse => {}
            Outcome::Skipped(why) => coverage.skipped.push((name, why)),
            Outcome::Unreadable(problem) => coverage.unreadable_files.push(problem),
        }
    }
    (sources, coverage)
}

fn outcome(reader: &Reader<'_>, file: &File) -> Outcome {
    let bytes = match reader.given.filter(|given| given.path == file.path) {
        Some(given) => Ok(given.bytes.clone()),
        None => fs::read(&file.path),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(file, input::io_complaint(&error)),
    };
    let end = file.path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    if CODE.contains(&end) { of_code(reader, file, bytes) } else { parsed(file, &bytes) }
}

fn unreadable(file: &File, why: impl Into<String>) -> Outcome {
    Outcome::Unreadable(Problem::new(name_of(file), why))
}

/// A file with code.
#[cfg(feature = "code")]
fn of_code(reader: &Reader<'_>, file: &File, bytes: Vec<u8>) -> Outcome {
    match reader.walk.text(file, bytes) {
        Ok(Ok(text)) => {
            let (judged, seen) = super::code::sites(&file.path, &text, &reader.others);
            Outcome::Code(text, judged, seen)
        }
        Ok(Err(skipped)) => Outcome::Skipped(skipped),
        Err(why) => unreadable(file, why),
    }
}

/// A file with code, by a command that was built without a C compiler.
#[cfg(not(feature = "code"))]
fn of_code(_reader: &Reader<'_>, file: &File, _bytes: Vec<u8>) -> Outcome {
    let why = "this command was built without the feature `code`, which reads source code";
    unreadable(file, why)
}

/// A document: in folders only those that name a timeout which every activity has to have.
fn parsed(file: &File, bytes: &[u8]) -> Outcome {
    if !file.is_named && !names_a_close_timeout(bytes) {
        return Outcome::OfSomethingElse;
    }
    let text = || documents::text(bytes).unwrap_or_default().into_owned();
    let name = name_of(file);
    match Document::parse(bytes) {
        Ok(document) => {
            let activities = document.distinct().into_iter().map(|(activity, _)| activity);
            Outcome::Document(text(), activities.collect())
        }
        Err(unusable) if unusable.invalid_options().is_some() => Outcome::Refused(text(), unusable),
        Err(unusable) => Outcome::Unreadable(
            files::source_code(&name).unwrap_or_else(|| files::problem(&name, &text(), &unusable)),
        ),
    }
}

/// Whether `startToCloseTimeout` or its like stands there, in any spelling and in UTF-16 too.
fn names_a_close_timeout(bytes: &[u8]) -> bool {
    let letters: Vec<u8> = bytes
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .map(u8::to_ascii_lowercase)
        .collect();
    let is_there = |name: &str| letters.windows(name.len()).any(|it| it == name.as_bytes());
    is_there("starttoclosetimeout") || is_there("scheduletoclosetimeout")
}

/// A file as it is reported.
pub(super) fn name_of(file: &File) -> String {
    name(&file.path)
}

/// A path as it is reported on every system.
pub(super) fn name(path: &std::path::Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// The activities of a document, of which everything is known.
fn document(
    name: String,
    text: String,
    activities: Vec<Activity>,
    coverage: &mut ScanCoverage,
) -> Source {
    coverage.files += 1;
    coverage.sites += activities.len();
    coverage.known += activities.len();
    let sites = activities.iter().map(|activity| {
        let place = |field: Field| Some((field, activity.place_of(field)?.clone()));
        let places: BTreeMap<Field, Place> = Field::ALL.into_iter().filter_map(place).collect();
        let requested = activity.options.requested();
        let mut known = KnownOptions::from(requested);
        if activity.is_recorded {
            forget_defaults(&mut known, &activity.options);
        }
        Judged {
            place: site(activity, &text, &places),
            known,
            places,
            definitions: BTreeMap::new(),
            reasons: BTreeMap::new(),
            invalid: Vec::new(),
            may_run_in_session: false,
            run_timeout: requested.workflow_run_timeout,
            dialect: activity.options.dialect(),
        }
    });
    let sites = sites.collect();
    Source { name, text, sites, refused: None }
}

/// What a server records of options that were not given nobody asked for.
fn forget_defaults(known: &mut KnownOptions, options: &ActivityOptions) {
    let policy = options.retry_policy();
    let default = policy.initial_interval().0.checked_mul(100);
    if default == Some(policy.maximum_interval().0) {
        known.set(Field::MaximumInterval, Known::Absent);
    }
    for field in Field::ALL {
        let is_zero = match known.get(field) {
            Known::Given(Setting::Duration(duration)) => duration.0 == 0,
            Known::Given(Setting::Number(number)) => *number == 0.0,
            Known::Given(Setting::Names(_)) | Known::Absent | Known::Unknown => false,
        };
        if is_zero {
            known.set(field, Known::Absent);
        }
    }
}

/// Where the options of an activity begin: at their bracket, or at the first of them.
fn site(activity: &Activity, text: &str, places: &BTreeMap<Field, Place>) -> Place {
    let begins_with_a_bracket = |place: &&Place| {
        text.get(place.bytes.range()).is_some_and(|text| text.starts_with(['{', '[']))
    };
    let at_bracket = activity.place.as_ref().filter(begins_with_a_bracket);
    let place = at_bracket.or_else(|| places.values().min()).or(activity.place.as_ref());
    place.cloned().unwrap_or(Place { line: 1, column: 1, ..Place::default() })
}
