//! What an exploration found out, as data and as text for people.

use crate::budget::CutOff;
use crate::path::{Instance, Path, place};
use crate::tree::Paths;
use std::fmt;
use std::panic::Location;
use std::time::Duration;

/// The result of an exploration.
#[derive(Clone, Debug)]
#[must_use = "a report may say that the proof failed"]
pub struct Report {
    /// The name of the exploration.
    pub name: String,
    /// What was counted.
    pub statistics: Statistics,
    /// The failed checks, in the order of exploration.
    pub failures: Vec<Failure>,
    /// The limit that stopped the exploration, if one did.
    pub cut_off: Option<CutOff>,
    /// Every path, if the explorer records them; else none.
    pub paths: Paths,
}

/// What a report amounts to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Every path was explored, there is at least one, and no check failed.
    Proved,
    /// A check failed on some path.
    Failed,
    /// The budget did not suffice: some paths were not explored.
    Incomplete,
    /// No path satisfies the assumptions: nothing was said about anything.
    Vacuous,
}

/// What an exploration counted. All but `elapsed` are the same in each run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Statistics {
    /// Paths on which the closure returned.
    pub paths: u64,
    /// Paths that ended because an assumption did not hold.
    pub pruned: u64,
    /// Alternatives that were ruled out.
    pub refutations: u64,
    /// Different certificates behind the refutations, each accepted by the kernel.
    pub certificates: u64,
    /// Checks and arithmetic obligations, each once per path on which it matters.
    pub checks: u64,
    /// Time on the wall, summed over the parts of a split exploration.
    pub elapsed: Duration,
}

/// A check that failed, and the path on which it did.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was checked.
    pub name: String,
    /// Where; unknown if the closure panicked.
    pub at: Option<&'static Location<'static>>,
    /// The caller's words about it, with integers as forms over symbols.
    pub words: String,
    /// The decisions that lead there.
    pub path: Path,
    /// One case, unless the bounded search for integers found none: then the path may be
    /// impossible for a reason that the refuter does not see.
    pub example: Option<Example>,
}

/// Integers that lead along the path of a failure.
#[derive(Clone, Debug)]
pub struct Example {
    /// The integers and choices; every decision of the path was evaluated on them.
    pub instance: Instance,
    /// The caller's words, with these integers.
    pub words: String,
}

impl Report {
    /// What the report amounts to.
    pub fn verdict(&self) -> Verdict {
        if !self.failures.is_empty() {
            Verdict::Failed
        } else if self.cut_off.is_some() {
            Verdict::Incomplete
        } else if self.statistics.paths == 0 {
            Verdict::Vacuous
        } else {
            Verdict::Proved
        }
    }

    /// Whether the verdict is `Proved`.
    pub fn is_proved(&self) -> bool {
        self.verdict() == Verdict::Proved
    }

    /// The statistics of a proof.
    ///
    /// # Panics
    /// If the verdict is not `Proved`: with the report as the message.
    #[track_caller]
    pub fn expect_proved(self) -> Statistics {
        assert!(self.is_proved(), "{self}");
        self.statistics
    }

    /// The first failure of this name.
    pub fn failure(&self, name: &str) -> Option<&Failure> {
        self.failures.iter().find(|failure| failure.name == name)
    }

    /// One report about the parts of an exploration; of each name the first failure is kept,
    /// or every one.
    pub(crate) fn join(name: &str, parts: Vec<Self>, every_failure: bool) -> Self {
        let mut whole = Self {
            name: name.to_owned(),
            statistics: Statistics::default(),
            failures: Vec::new(),
            cut_off: None,
            paths: Paths::default(),
        };
        for part in parts {
            whole.statistics.add(part.statistics);
            whole.cut_off = whole.cut_off.or(part.cut_off);
            whole.paths.append(part.paths);
            for failure in part.failures {
                if every_failure || whole.failure(&failure.name).is_none() {
                    whole.failures.push(failure);
                }
            }
        }
        whole
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.name)?;
        match self.verdict() {
            Verdict::Proved => write!(out, "proved")?,
            Verdict::Failed => write!(out, "FAILED")?,
            Verdict::Incomplete => write!(out, "INCOMPLETE")?,
            Verdict::Vacuous => write!(out, "VACUOUS, no path satisfies the assumptions")?,
        }
        if let Some(limit) = self.cut_off {
            write!(out, ", cut off: {limit}")?;
        }
        writeln!(out, "\n  {}", self.statistics)?;
        self.failures.iter().try_for_each(|failure| write!(out, "{failure}"))
    }
}

impl Statistics {
    /// Adds what another exploration counted.
    pub fn add(&mut self, other: Self) {
        self.paths += other.paths;
        self.pruned += other.pruned;
        self.refutations += other.refutations;
        self.certificates += other.certificates;
        self.checks += other.checks;
        self.elapsed += other.elapsed;
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} paths, {} pruned, {} checks, {} refutations by {} certificates, {:.2?}",
            self.paths, self.pruned, self.checks, self.refutations, self.certificates, self.elapsed,
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "  fails: {}", self.name)?;
        if let Some(at) = self.at {
            write!(out, " ({})", place(at))?;
        }
        writeln!(out)?;
        indent(out, "on the path", &self.path.to_string())?;
        indent(out, "in symbols", &self.words)?;
        match &self.example {
            Some(example) => {
                indent(out, "for example", &example.instance.to_string())?;
                indent(out, "in numbers", &example.words)
            }
            None => writeln!(out, "    no example: the bounded search found no such integers"),
        }
    }
}

fn indent(out: &mut fmt::Formatter<'_>, title: &str, text: &str) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "    {title}")?;
    text.lines().try_for_each(|line| writeln!(out, "      {line}"))
}
