//! The human-readable output of a check.

use super::checked::{Checked, dialect_word};
use crate::report::{all_broken, broken, table, trimmed};
use crate::style::{Ink, thousands};
use crate::style::{count, rate};
use comfy_table::{Table, presets};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

impl Checked {
    /// For a person.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{}\n", table(&self.promises));
        let _ = writeln!(text, "{}\n", self.reached_table());
        let _ = writeln!(text, "{}\n", self.counts_table());
        text += &broken(&self.promises, usize::MAX);
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
        let broken = all_broken(&self.promises).count();
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

fn plain<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}

/// Too short a time to tell a rate from.
const SHORT: Duration = Duration::from_millis(100);

/// How much of what is missing is shown.
const SHOWN: usize = 10;
