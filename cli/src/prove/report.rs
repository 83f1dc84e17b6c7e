//! The outputs of `activity prove`: human-readable, JSON and JUnit. Proves nothing.

use crate::exit::Exit;
use crate::report::{Check, Evidence, Kind, Story, all_broken, broken, exit, junit, suite, table};
use crate::report::{Verdict, trimmed};
use crate::style::{Ink, count, counted};
use activity_proofs::Proven;
use comfy_table::{Table, presets};
use serde_json::{Value, json};
use std::time::Duration;
use symbolic::{Failure, Statistics};

/// What came of all proofs.
#[derive(Debug, Default)]
pub struct Proved {
    /// The theorems, in the order of their proofs.
    pub theorems: Vec<Check>,
    /// The proofs: name, what was counted, time on the clock.
    pub proofs: Vec<(&'static str, Statistics, Duration)>,
}

impl Proved {
    /// Adds what came of a proof, as far as its theorems were asked for.
    pub(super) fn add(
        &mut self,
        proven: &Proven,
        expected: Option<u64>,
        elapsed: Duration,
        names: &[String],
    ) {
        let statistics = proven.statistics();
        self.proofs.push((proven.name, statistics, elapsed));
        let differ = expected.filter(|expected| *expected != statistics.paths).map(|expected| {
            format!("{} paths explored, not {}", count(statistics.paths), count(expected))
        });
        let is_named = |name: &str| names.iter().any(|asked| asked == name);
        let all = names.is_empty() || is_named(proven.name);
        for theorem in proven.theorems.iter().filter(|theorem| all || is_named(theorem.name)) {
            let refutation = proven.refutation(theorem.name);
            let verdict = match Verdict::from(proven.verdict(theorem.name)) {
                Verdict::Holds if differ.is_some() => Verdict::Undecided,
                verdict => verdict,
            };
            let refuted = refutation.map(|(case, _)| format!("Not so, for example ({case}):"));
            let evidence = Evidence {
                proof: Some(proven.name.to_owned()),
                paths: Some(statistics.paths),
                certificates: Some(statistics.certificates),
                complaint: refuted.or_else(|| differ.clone()),
                ..Evidence::default()
            };
            let story = refutation
                .map(|(_, failure)| Story { text: counterexample(failure), ..Story::default() });
            let check = Check::new(Kind::Theorem, theorem.name, theorem.statement, verdict);
            self.theorems.push(Check { evidence, story, ..check });
        }
    }

    /// The exit code that this result deserves.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let complete = self.theorems.iter().all(|it| it.verdict != Verdict::Undecided);
        exit(&self.theorems, complete)
    }

    fn total(&self) -> (Statistics, Duration) {
        let (mut sum, mut time) = (Statistics::default(), Duration::ZERO);
        for (_, statistics, elapsed) in &self.proofs {
            sum.add(*statistics);
            time += *elapsed;
        }
        (sum, time)
    }

    /// For a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let proofs = self.proofs.iter().map(|(name, statistics, elapsed)| {
            json!({
                "name": name,
                "paths": statistics.paths,
                "pruned": statistics.pruned,
                "refutations": statistics.refutations,
                "certificates": statistics.certificates,
                "seconds": elapsed.as_secs_f64(),
            })
        });
        json!({ "theorems": self.theorems, "proofs": proofs.collect::<Vec<_>>() })
    }

    /// For a build server: a suite for each proof.
    #[must_use]
    pub fn to_junit(&self) -> String {
        let suites = self.proofs.iter().map(|(name, _, elapsed)| {
            let is_its = |check: &&Check| check.evidence.proof.as_deref() == Some(*name);
            suite(name, "activity.prove", *elapsed, self.theorems.iter().filter(is_its))
        });
        junit("activity prove", self.total().1, suites)
    }

    /// For a person: the tables, the first counterexamples, the verdict.
    #[must_use]
    pub fn to_text(&self) -> String {
        let tables = format!("{}\n\n{}\n\n", table(&self.theorems), self.proofs_table());
        tables + &broken(&self.theorems, SHOWN) + &self.verdict()
    }

    fn proofs_table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["proof", "paths", "refutations", "certificates", "time"]);
        for (name, statistics, elapsed) in &self.proofs {
            table.add_row([
                (*name).to_owned(),
                count(statistics.paths),
                count(statistics.refutations),
                count(statistics.certificates),
                format!("{:.2} s", elapsed.as_secs_f64()),
            ]);
        }
        trimmed(table, 1)
    }

    fn verdict(&self) -> String {
        let (sum, time) = self.total();
        let all = counted(self.theorems.len(), "theorem");
        let refuted = all_broken(&self.theorems).count();
        let proved = self.theorems.iter().filter(|it| it.verdict == Verdict::Holds).count();
        let verdict = if refuted > 0 {
            Ink::Bad.paint(format!("{refuted} of {all} refuted"))
        } else if proved < self.theorems.len() {
            Ink::Caution.paint(format!("{proved} of {all} proved, the others not decided"))
        } else {
            Ink::Good.paint(format!("{all} proved for all parameters"))
        };
        let (paths, seconds) = (count(sum.paths), time.as_secs_f64());
        format!(
            "{verdict} ({paths} paths, {} refutations, {seconds:.2} s)\n",
            count(sum.refutations)
        )
    }
}

/// What happens, in numbers if some were found; else the path in symbols.
fn counterexample(failure: &Failure) -> String {
    match &failure.example {
        Some(example) if !example.words.is_empty() => example.words.clone(),
        Some(_) | None => format!("{}\n{}{}", failure.name, failure.path, failure.words),
    }
}

/// How many counterexamples a person is shown.
const SHOWN: usize = 2;
