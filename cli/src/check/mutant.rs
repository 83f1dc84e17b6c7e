//! A wrong rule, explored up to the shortest run that betrays it.

use super::junit;
use crate::command::CheckFormat;
use crate::command::Finished;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::style::Ink;
use crate::style::count;
use crate::style::seconds;
use activity_models::exploration::{
    CoreMachine, Environment, Grid, SpecificationMachine, System, Violation, shortest_violation,
};
use activity_models::mutants::{BEYOND_EXPLORATION, MUTANTS, Mutant};
use activity_models::scenario::{Transcript, show};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What exploring a mutant found.
#[derive(Debug)]
pub struct Counterexample {
    mutant: &'static Mutant,
    grid: usize,
    found: Option<(Violation, Transcript)>,
    is_cut_off: bool,
    elapsed: Duration,
}

/// The mutant with this name.
pub(super) fn named(name: &str) -> Result<&'static Mutant, Problem> {
    Mutant::named(name).ok_or_else(|| {
        let known = MUTANTS.iter().chain(BEYOND_EXPLORATION).map(|mutant| mutant.name);
        let known = known.chain(super::bug::bugs().map(|(name, _)| name));
        let closest = known
            .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let message = format!("there is no mutant `{name}`");
        let help = match closest {
            Some((likeness, known)) if likeness > 0.5 => format!("did you mean {known}?"),
            _ => "`--mutant list` names them all".to_owned(),
        };
        Problem::new("--mutant", message).help(help)
    })
}

/// Explores the core with this wrong rule, in lockstep with the specification; if that shows
/// nothing, the specification with it, whose timers may be late.
pub fn hunt(
    mutant: &'static Mutant,
    grid: &Grid,
    threads: usize,
    progress: &Progress,
) -> Counterexample {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let begun = Instant::now();
    let all = grid.configurations().len();
    let (core, specification) = (mutant.of(CoreMachine), mutant.of(SpecificationMachine));
    progress.phase(mutant.name, all);
    let product = System::new(core, Environment::TimeFirst);
    let found = shortest_violation(&product, grid, threads, progress)
        .map(|violation| {
            let transcript = violation.tell(&core, Environment::TimeFirst);
            (violation, transcript)
        })
        .or_else(|| {
            progress.phase(mutant.name, all);
            let alone = System::new(specification, Environment::TimersMayBeLate);
            let violation = shortest_violation(&alone, grid, threads, progress)?;
            let transcript = violation.tell(&specification, Environment::TimersMayBeLate);
            Some((violation, transcript))
        });
    progress.finish();
    Counterexample {
        mutant,
        grid: all,
        found,
        is_cut_off: activity_models::exploration::Watch::is_cut_off(progress),
        elapsed: begun.elapsed(),
    }
}

impl Counterexample {
    /// The names of what is broken.
    #[must_use]
    pub fn broken(&self) -> Vec<&'static str> {
        let found = self.found.iter().flat_map(|(violation, _)| &violation.broken);
        found.map(|judge| judge.name).collect()
    }

    /// What the command says about it.
    #[must_use]
    pub fn finished(&self, format: CheckFormat) -> Finished {
        let text = match format {
            CheckFormat::Human => self.to_text(),
            CheckFormat::Json => format!("{:#}\n", self.to_json()),
            CheckFormat::Junit => self.to_junit(),
        };
        Finished { text, exit: self.exit() }
    }

    /// The run as a picture, if there is one.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let (_, mut transcript) = self.found.clone()?;
        transcript.script.comment = format!("{}\n{}", self.mutant.name, self.mutant.sentence);
        Some(transcript.timeline().svg())
    }

    fn exit(&self) -> Exit {
        if self.found.is_some() {
            Exit::Disagreed
        } else if self.is_cut_off {
            Exit::Inconclusive
        } else {
            Exit::Agreed
        }
    }

    /// The run, and what it breaks.
    fn to_text(&self) -> String {
        let mut text =
            format!("{}\n{}\n", Ink::Title.paint(self.mutant.name), self.mutant.sentence);
        if let Some(reenacts) = self.mutant.reenacts {
            let _ = writeln!(text, "Re-enacts {reenacts}.");
        }
        text.push('\n');
        let elapsed = self.elapsed.as_secs_f64();
        let Some((violation, transcript)) = &self.found else {
            if let Some(why) = self.mutant.beyond_exploration {
                let _ = writeln!(text, "No exploration of small configurations sees it. {why}");
            }
            let verdict = if self.is_cut_off { "not found yet" } else { "not found" };
            let _ = writeln!(text, "{} ({elapsed:.1} s)", Ink::Caution.paint(verdict));
            return text;
        };
        let _ = writeln!(text, "{}", transcript.timeline());
        let steps = violation.moves.len();
        let _ = writeln!(
            text,
            "{}; no run over {} configurations is shorter than these {steps} steps, the passing \
             of a second included ({elapsed:.1} s)",
            Ink::Bad.paint("caught"),
            count(self.grid as u64),
        );
        text
    }

    fn to_json(&self) -> Value {
        let steps = self.found.iter().flat_map(|(_, transcript)| &transcript.moments);
        let steps: Vec<Value> = steps
            .map(|moment| {
                let at = moment.after.now - moment.after.schedule_time;
                json!({
                    "at": show::span(at),
                    "event": moment.action.trace_word(),
                    "action": format!("{:?}", moment.action),
                    "answer": show::answer(&moment.reply),
                })
            })
            .collect();
        let broken = self.broken();
        json!({
            "mutant": self.mutant.name,
            "sentence": self.mutant.sentence,
            "reenacts": self.mutant.reenacts,
            "beyond_exploration": self.mutant.beyond_exploration,
            "complete": self.found.is_none() && !self.is_cut_off,
            "configurations": self.grid,
            "seconds": seconds(self.elapsed),
            "broken": broken,
            "counterexample": steps,
            "script": self.found.as_ref().map(|(_, transcript)| transcript.script.to_string()),
        })
    }

    fn to_junit(&self) -> String {
        let caught = self
            .found
            .as_ref()
            .map(|(_, transcript)| (self.broken().join(", "), transcript.timeline().to_string()));
        junit::of_hunt(self.mutant.name, self.elapsed, caught)
    }
}
