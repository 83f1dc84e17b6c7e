//! Theorems, the explorations that decide them, and what comes of it.
//! Knows names, cases and verdicts; has never heard of an activity.

use std::fmt;
use symbolic::{Explorer, Failure, Job, Report, Statistics, Verdict};

/// One exploration, in cases, and the theorems that it decides.
pub struct Proof {
    /// Its name.
    pub name: &'static str,
    /// What it decides; each theorem is a check of this name on every path.
    pub theorems: Vec<Theorem>,
    cases: Vec<Case>,
}

/// A statement, and its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Theorem {
    /// The statement as an identifier.
    pub name: &'static str,
    /// The statement in a sentence or two.
    pub statement: &'static str,
}

/// What came of a proof.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The name of the proof.
    pub name: &'static str,
    /// What it was to decide.
    pub theorems: Vec<Theorem>,
    /// What each case found, in order.
    pub reports: Vec<Report>,
}

struct Case {
    name: String,
    claim: Box<dyn Fn() + Send + Sync>,
}

impl Proof {
    /// A proof of these theorems, without cases yet.
    #[must_use]
    pub fn of(name: &'static str, theorems: Vec<Theorem>) -> Self {
        Proof { name, theorems, cases: Vec::new() }
    }

    /// The same cases as a proof of these theorems.
    #[must_use]
    pub fn deciding(self, theorems: Vec<Theorem>) -> Self {
        Proof { theorems, ..self }
    }

    /// Adds a case; all cases together have to cover what the theorems quantify over.
    #[must_use]
    pub fn case(mut self, name: String, claim: impl Fn() + Send + Sync + 'static) -> Self {
        self.cases.push(Case { name, claim: Box::new(claim) });
        self
    }

    /// The names of the cases.
    pub fn cases(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().map(|case| case.name.as_str())
    }

    /// A part of it: the case of this name alone, which proves less and refutes as well.
    ///
    /// # Panics
    /// If there is no such case.
    #[must_use]
    pub fn only(mut self, case: &str) -> Self {
        self.cases.retain(|it| it.name == case);
        assert!(!self.cases.is_empty(), "{} has no case {case}", self.name);
        self
    }

    /// The claim of the case of this name, to be executed where a path engine is at work.
    #[must_use]
    pub fn claim(&self, case: &str) -> Option<&(dyn Fn() + Send + Sync)> {
        self.cases.iter().find(|it| it.name == case).map(|it| &*it.claim)
    }

    /// Explores every case.
    pub fn run(&self, explorer: &Explorer) -> Proven {
        let jobs = self.cases.iter().map(|case| Job::new(case.name.clone(), &case.claim));
        Proven {
            name: self.name,
            theorems: self.theorems.clone(),
            reports: explorer.prove_all(jobs.collect()),
        }
    }
}

impl Proven {
    /// What was counted, over all cases.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let mut sum = Statistics::default();
        self.reports.iter().for_each(|report| sum.add(report.statistics));
        sum
    }

    /// What refutes this theorem: the case, and how it fails there.
    ///
    /// A failure that bears no theorem's name (a panic, a sum out of bounds) refutes them all.
    #[must_use]
    pub fn refutation(&self, theorem: &str) -> Option<(&str, &Failure)> {
        let failures = self.reports.iter().flat_map(|report| {
            report.failures.iter().map(|failure| (report.name.as_str(), failure))
        });
        let mut failures = failures.filter(|(_, failure)| {
            failure.name == theorem || self.theorems.iter().all(|known| known.name != failure.name)
        });
        failures.next()
    }

    /// What this theorem amounts to.
    #[must_use]
    pub fn verdict(&self, theorem: &str) -> Verdict {
        if self.refutation(theorem).is_some() {
            Verdict::Failed
        } else if self.reports.iter().any(|report| report.cut_off.is_some()) {
            Verdict::Incomplete
        } else if self.reports.iter().any(|report| report.statistics.paths == 0) {
            Verdict::Vacuous
        } else {
            Verdict::Proved
        }
    }

    /// The names of the theorems that fail.
    #[must_use]
    pub fn refuted(&self) -> Vec<&'static str> {
        let names = self.theorems.iter().map(|theorem| theorem.name);
        names.filter(|name| self.refutation(name).is_some()).collect()
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cases = self.cases.len();
        write!(f, "Proof({}, {} theorems, {cases} cases)", self.name, self.theorems.len())
    }
}
