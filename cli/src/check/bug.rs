//! A bug of the whole system, explored up to the shortest run in which it shows.

use super::junit;
use crate::command::CheckFormat;
use crate::command::Finished;
use crate::exit::Exit;
use crate::style::Ink;
use crate::style::seconds;
use activity_models::story::Timeline;
use activity_models::system::{
    Bounds, LANES, MUTANTS, Mutant, QUICK, Replayed, System, all, catch, cells, replay, timeline,
};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What exploring a system with a bug found.
#[derive(Debug)]
pub(super) struct Bug {
    mutant: &'static Mutant,
    found: Option<Found>,
    elapsed: Duration,
}

#[derive(Debug)]
struct Found {
    broken: Vec<&'static str>,
    steps: Vec<Replayed>,
}

/// The names of the bugs of the whole system, each with its story.
pub(super) fn bugs() -> impl Iterator<Item = (&'static str, &'static str)> {
    MUTANTS.iter().map(|mutant| (mutant.name, mutant.story))
}

/// The bug of the whole system with this name.
pub(super) fn named(name: &str) -> Option<&'static Mutant> {
    MUTANTS.iter().find(|mutant| mutant.name == name)
}

/// Explores until the bug shows.
pub(super) fn find(mutant: &'static Mutant) -> Bug {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let begun = Instant::now();
    let bounds = Bounds { details: 2, ..QUICK };
    let system = System { machines: mutant.machines, bounds };
    let found = catch(mutant, &bounds).map(|violation| Found {
        steps: replay(&system, violation.terms, &violation.moves),
        broken: violation.broken,
    });
    Bug { mutant, found, elapsed: begun.elapsed() }
}

impl Bug {
    /// What the command says about it.
    pub(super) fn finished(&self, format: CheckFormat) -> Finished {
        let text = match format {
            CheckFormat::Human => self.to_text(),
            CheckFormat::Json => format!("{:#}\n", self.to_json()),
            CheckFormat::Junit => self.to_junit(),
        };
        let exit = if self.found.is_some() { Exit::Disagreed } else { Exit::Agreed };
        Finished { text, exit }
    }

    /// The run as a picture, if the bug was found.
    pub(super) fn svg(&self) -> Option<String> {
        let found = self.found.as_ref()?;
        let picture = timeline(&found.steps).about(self.mutant.name, self.mutant.story);
        let add = |picture: Timeline, (name, said)| picture.finding(name, said);
        Some(found.promises().fold(picture, add).svg())
    }

    fn to_text(&self) -> String {
        let mut text = format!("{}\n{}\n\n", Ink::Title.paint(self.mutant.name), self.mutant.story);
        let elapsed = self.elapsed.as_secs_f64();
        let Some(found) = &self.found else {
            let _ = writeln!(text, "{} ({elapsed:.1} s)", Ink::Caution.paint("not found"));
            return text;
        };
        let _ = writeln!(text, "{}", timeline(&found.steps));
        for (name, statement) in found.promises() {
            let _ = writeln!(text, "{}\n  {statement}", Ink::Bad.paint(name));
        }
        let steps = found.steps.len();
        let _ = writeln!(
            text,
            "{}; no run is shorter than these {steps} steps ({elapsed:.1} s)",
            Ink::Bad.paint("caught")
        );
        text
    }

    fn to_json(&self) -> Value {
        let steps: Vec<Value> = self.found.iter().flat_map(|it| &it.steps).map(step).collect();
        json!({
            "mutant": self.mutant.name,
            "sentence": self.mutant.story,
            "complete": self.found.is_none(),
            "seconds": seconds(self.elapsed),
            "broken": self.found.as_ref().map_or(&[][..], |found| &found.broken),
            "counterexample": steps,
        })
    }

    fn to_junit(&self) -> String {
        let caught = self.found.as_ref();
        let caught =
            caught.map(|found| (found.broken.join(", "), timeline(&found.steps).to_string()));
        junit::of_hunt(self.mutant.name, self.elapsed, caught)
    }
}

impl Found {
    /// What is broken, and what that says.
    fn promises(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.broken.iter().map(|name| {
            let promise = all().into_iter().find(|promise| promise.name == *name);
            (*name, promise.map_or("", |promise| promise.statement))
        })
    }
}

/// A step: the move, and what each party has to do with it.
fn step(step: &Replayed) -> Value {
    let parties = LANES.iter().zip(cells(step)).filter(|(_, cell)| !cell.is_empty());
    let parties: Map<String, Value> = parties
        .map(|(lane, cell)| ((*lane).to_owned(), cell.lines().collect::<Vec<_>>().into()))
        .collect();
    json!({ "event": format!("{:?}", step.happened.moved), "parties": parties })
}
