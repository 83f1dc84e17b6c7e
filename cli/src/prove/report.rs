//! What was proved, for people and for programs. Proves nothing.

use crate::style::{Ink, count, counted};
use activity_proofs::{Proven, Theorem};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;
use symbolic::{Failure, Statistics, Verdict};

/// What came of all proofs.
#[derive(Debug, Default)]
pub struct Proved {
    /// The theorems, in the order of their proofs.
    pub theorems: Vec<Established>,
    /// The proofs: name, what was counted, time on the clock.
    pub proofs: Vec<(&'static str, Statistics, Duration)>,
}

/// What came of one theorem.
#[derive(Debug)]
pub struct Established {
    /// The theorem.
    pub theorem: Theorem,
    /// The name of the proof that it shares with others.
    pub proof: &'static str,
    /// What it amounts to.
    pub verdict: Verdict,
    /// What is said if the paths were fewer or more than they used to be.
    pub paths: Option<String>,
    /// The case in which it is refuted, and how.
    pub refutation: Option<(String, Failure)>,
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
        let paths = expected.filter(|expected| *expected != statistics.paths).map(|expected| {
            format!("{} explored, not {}", count(statistics.paths), count(expected))
        });
        let is_named = |name: &str| names.iter().any(|asked| asked == name);
        let all = names.is_empty() || is_named(proven.name);
        for theorem in proven.theorems.iter().filter(|theorem| all || is_named(theorem.name)) {
            let refutation = proven.refutation(theorem.name);
            let verdict = match proven.verdict(theorem.name) {
                Verdict::Proved if paths.is_some() => Verdict::Incomplete,
                verdict => verdict,
            };
            self.theorems.push(Established {
                theorem: *theorem,
                proof: proven.name,
                verdict,
                paths: paths.clone(),
                refutation: refutation.map(|(case, failure)| (case.to_owned(), failure.clone())),
            });
        }
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
        let theorems = self.theorems.iter().map(|it| {
            let proof = self.proofs.iter().find(|(name, ..)| *name == it.proof);
            let (_, statistics, elapsed) = proof.expect("every theorem has its proof");
            let mut theorem = json!({
                "name": it.theorem.name,
                "statement": it.theorem.statement,
                "proof": it.proof,
                "verdict": word(it.verdict),
                "paths": statistics.paths,
                "certificates": statistics.certificates,
                "seconds": elapsed.as_secs_f64(),
            });
            if let Some((case, failure)) = &it.refutation {
                theorem["case"] = json!(case);
                theorem["counterexample"] = json!(counterexample(failure));
            }
            if let Some(paths) = &it.paths {
                theorem["complaint"] = json!(paths);
            }
            theorem
        });
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
        json!({ "theorems": theorems.collect::<Vec<_>>(), "proofs": proofs.collect::<Vec<_>>() })
    }

    /// For a person: the table, the first counterexamples, the verdict.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n\n", self.table());
        let refuted: Vec<_> =
            self.theorems.iter().filter(|it| it.verdict == Verdict::Failed).collect();
        for established in refuted.iter().take(SHOWN) {
            let Some((case, failure)) = &established.refutation else {
                continue;
            };
            let name = Ink::Bad.paint(established.theorem.name);
            let _ = writeln!(text, "{name}: {}", established.theorem.statement);
            let _ = writeln!(text, "Not so, for example ({case}):");
            for line in counterexample(failure).lines() {
                let _ = writeln!(text, "  {line}");
            }
            text.push('\n');
        }
        if refuted.len() > SHOWN {
            let more = counted(refuted.len() - SHOWN, "more theorem");
            let _ = writeln!(text, "{more} refuted; --format json lists all of them\n");
        }
        text + &self.verdict(refuted.len())
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["theorem", "paths", "refutations", "certificates", "time", "verdict"]);
        for (name, statistics, elapsed) in &self.proofs {
            table.add_row([
                Ink::Title.paint(name),
                count(statistics.paths),
                count(statistics.refutations),
                count(statistics.certificates),
                format!("{:.2} s", elapsed.as_secs_f64()),
                String::new(),
            ]);
            for established in self.theorems.iter().filter(|it| it.proof == *name) {
                let ink = match established.verdict {
                    Verdict::Proved => Ink::Good,
                    Verdict::Failed => Ink::Bad,
                    Verdict::Incomplete | Verdict::Vacuous => Ink::Caution,
                };
                let verdict = ink.paint(word(established.verdict));
                let paths = established.paths.clone().unwrap_or_default();
                let name = format!("  {}", established.theorem.name);
                table.add_row([name, paths, String::new(), String::new(), String::new(), verdict]);
            }
        }
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding((if index == 0 { 0 } else { 2 }, 0));
            if (1..5).contains(&index) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.trim_fmt()
    }

    fn verdict(&self, refuted: usize) -> String {
        let (sum, time) = self.total();
        let all = counted(self.theorems.len(), "theorem");
        let proved = self.theorems.iter().filter(|it| it.verdict == Verdict::Proved).count();
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

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "proved",
        Verdict::Failed => "refuted",
        Verdict::Incomplete | Verdict::Vacuous => "undecided",
    }
}

/// How many counterexamples a person is shown.
const SHOWN: usize = 2;
