//! A check for people: counts, promises with their witnesses, and what is broken, drawn.

use super::checked::{Checked, CheckedPromise, Verdict, dialect_word};
use crate::style::{Ink, thousands};
use crate::style::{count, rate};
use activity_models::exploration::{CoreMachine, Environment};
use comfy_table::{CellAlignment, Table, presets};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

impl Checked {
    /// For a person.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{}\n", self.promises_table());
        let _ = writeln!(text, "{}\n", self.reached_table());
        let _ = writeln!(text, "{}\n", self.counts_table());
        for promise in self.promises.iter().filter(|promise| promise.verdict == Verdict::Broken) {
            let _ = writeln!(text, "{}", promise.to_text());
        }
        for uncovered in self.uncovered.iter().flatten().take(SHOWN) {
            let _ = writeln!(text, "{} {uncovered}", Ink::Bad.paint("never reached:"));
        }
        if let Some(whole) = &self.whole {
            let _ = writeln!(text, "{}", whole.to_text());
        }
        text += &self.verdict();
        text
    }

    fn counts_table(&self) -> String {
        let mut table = plain([
            "system",
            "dialect",
            "explorer",
            "configurations",
            "unique states",
            "transitions",
            "complete",
            "seconds",
            "transitions/s",
        ]);
        for system in &self.systems {
            let (survey, peer) = (&system.survey, &system.peer);
            let total = &survey.total;
            let mut row = |explorer: &str,
                           configurations,
                           complete,
                           states,
                           transitions,
                           elapsed: Duration| {
                table.add_row([
                    system.name.to_owned(),
                    dialect_word(system.dialect).to_owned(),
                    explorer.to_owned(),
                    thousands(configurations),
                    count(states),
                    count(transitions),
                    if complete { "yes" } else { "no" }.to_owned(),
                    format!("{:.1}", elapsed.as_secs_f64()),
                    if elapsed < SHORT { String::new() } else { count(rate(transitions, elapsed)) },
                ]);
            };
            let (complete, states, transitions) =
                (survey.complete, total.unique_states, total.transitions);
            row("ours", survey.configurations, complete, states, transitions, system.elapsed);
            let (complete, states, transitions) =
                (peer.complete, peer.unique_states, peer.transitions);
            let elapsed = system.peer_elapsed;
            row("stateright", peer.begins, complete, states, transitions, elapsed);
        }
        let threads = self.threads;
        format!("{}\ntransitions/s are those of all {threads} threads", trimmed(table, 3))
    }

    fn promises_table(&self) -> String {
        let mut table = plain(["promise", "verdict", "not empty, because", "steps"]);
        for promise in &self.promises {
            let (mut name, mut verdict) = (promise.name, promise.verdict.painted());
            for witness in &promise.witnesses {
                let steps = witness.steps.map_or(String::new(), |steps| steps.to_string());
                table.add_row([name, &verdict, &witness.name, &steps]);
                (name, verdict) = ("", String::new());
            }
        }
        trimmed(table, 3)
    }

    fn reached_table(&self) -> String {
        let systems: Vec<_> = self
            .systems
            .iter()
            .map(|system| {
                let reached: BTreeMap<_, _> =
                    system.survey.coverage.vocabulary().into_iter().collect();
                (system.title(), reached)
            })
            .collect();
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        let titles = systems.iter().map(|(title, _)| title.replace(", ", "\n"));
        table.set_header(["reached, in how many steps".to_owned()].into_iter().chain(titles));
        let all: BTreeSet<&String> =
            systems.iter().flat_map(|(_, reached)| reached.keys()).collect();
        for what in all {
            let steps = systems.iter().map(|(_, reached)| {
                reached.get(what).map_or("never".to_owned(), |reached| reached.steps.to_string())
            });
            table.add_row([what.clone()].into_iter().chain(steps));
        }
        trimmed(table, 1)
    }

    fn verdict(&self) -> String {
        let mut text = String::new();
        let broken = self.promises.iter().filter(|it| it.verdict == Verdict::Broken).count();
        let seconds = self.elapsed.as_secs_f64();
        let all = self.promises.len();
        let verdict = if broken > 0 {
            Ink::Bad.paint(format!("{broken} of {all} promises are broken"))
        } else if self.complete {
            Ink::Good.paint(format!("all {all} promises hold"))
        } else {
            Ink::Caution.paint("incomplete: nothing is broken so far, and nothing is decided")
        };
        let _ = writeln!(
            text,
            "{verdict}; {} configuration{}, {} unique states, {} transitions ({seconds:.1} s)",
            thousands(self.configurations),
            if self.configurations == 1 { "" } else { "s" },
            count(self.unique_states()),
            count(self.transitions()),
        );
        text
    }
}

impl CheckedPromise {
    /// The shortest run that breaks it, drawn.
    pub(super) fn story(&self) -> Option<String> {
        let violation = self.violation.as_ref()?;
        let transcript = violation.tell(&CoreMachine, Environment::TimeFirst);
        Some(transcript.timeline().to_string())
    }

    fn to_text(&self) -> String {
        let mut text = format!("{} {}\n", Ink::Bad.paint(self.name), self.statement);
        if let Some(complaint) = &self.complaint {
            let _ = writeln!(text, "{complaint}");
        }
        text += &self.story().unwrap_or_default();
        text
    }
}

impl Verdict {
    fn painted(self) -> String {
        match self {
            Verdict::Holds => Ink::Good,
            Verdict::Broken => Ink::Bad,
            Verdict::Undecided => Ink::Caution,
        }
        .paint(self.word())
    }
}

fn plain<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}

/// The table as text, its numbers, from this column on, to the right.
fn trimmed(mut table: Table, numbers: usize) -> String {
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if index == 0 { 0 } else { 2 }, 0));
        if index >= numbers {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// Too short a time to tell a rate from.
const SHORT: Duration = Duration::from_millis(100);

/// How much of what is missing is shown.
const SHOWN: usize = 10;
