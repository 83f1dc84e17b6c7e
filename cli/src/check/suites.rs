//! `activity check --suites`: the core is held to the specification by the suites that are derived
//! from it.

use super::Arguments;
use crate::command::{CheckFormat, Finished};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::report::trimmed;
use crate::style::{Ink, seconds, thousands};
use activity_execution::vocabulary::Dialect;
use activity_harness::Lockstep;
use activity_harness::alphabet::{Capabilities, Clock, Configuration, Power};
use activity_harness::machine::Explicit;
use activity_harness::suite::{Kind, Sentence, Suite, durations, graded, of_two_extra_states};
use activity_models::exploration::CoreMachine;
use comfy_table::{Table, presets};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A suite that was played.
struct Played {
    configuration: Configuration,
    inputs: usize,
    states: usize,
    suite: Suite,
    /// What the core does otherwise, if anything.
    differs: Option<Vec<String>>,
    elapsed: Duration,
}

/// Plays them all.
pub(super) fn run(arguments: &Arguments) -> Result<Finished, Problem> {
    if arguments.format == CheckFormat::Junit {
        let help = "take --format json, or leave it out";
        return Err(Problem::new("--suites", "suites are not told to build servers").help(help));
    }
    let (progress, threads) = (Progress::new(None), arguments.threads());
    let one = graded().into_iter().map(|it| (it, Kind::Complete(1)));
    let two = of_two_extra_states().into_iter().map(|it| (it, Kind::Complete(2)));
    let jumps = durations().into_iter().map(|it| (it, Kind::Complete(0)));
    let mut all = Vec::new();
    for (configuration, kind) in one.chain(two).chain(jumps) {
        progress.phase(&configuration.name, 0);
        all.push(played(configuration, kind, threads));
    }
    progress.finish();
    let is_well = all.iter().all(|it| it.differs.is_none());
    let text = match arguments.format {
        CheckFormat::Json => format!("{:#}\n", to_json(&all)),
        CheckFormat::Human | CheckFormat::Junit => to_text(&all),
    };
    Ok(Finished { text, exit: if is_well { Exit::Agreed } else { Exit::Disagreed } })
}

fn played(configuration: Configuration, kind: Kind, threads: usize) -> Played {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let begun = Instant::now();
    let inputs = configuration.alphabet(Capabilities::all());
    let explicit = Explicit::of(&configuration, &inputs, Power::Describe);
    let explicit = explicit.expect("the configurations of the list are small enough");
    let suite = Suite::of(explicit.minimal(), kind).expect("and so are their suites");
    let lockstep = Lockstep::new(&CoreMachine, &configuration, &inputs, Power::Describe);
    let node = lockstep.shortest_difference(&suite.trie, threads);
    let differs = node.map(|node| {
        let sequence = explicit.spelled(&suite.trie.word(node));
        sequence.iter().map(ToString::to_string).collect()
    });
    let (states, elapsed) = (explicit.minimal().states(), begun.elapsed());
    Played { configuration, inputs: inputs.len(), states, suite, differs, elapsed }
}

/// What may be said once all have passed.
fn sentence(all: &[Played]) -> Option<Sentence> {
    if all.iter().any(|it| it.differs.is_some()) {
        return None;
    }
    let listed = all.iter().filter(|it| it.suite.kind == Kind::Complete(1));
    let of = |dialect: Dialect| {
        let mut of_dialect = listed.clone().filter(|it| it.configuration.dialect() == dialect);
        of_dialect.next().map(|it| it.inputs)
    };
    Some(Sentence {
        configurations: listed
            .clone()
            .map(|it| (it.configuration.name.clone(), it.states))
            .collect(),
        power: Power::Describe,
        inputs: [Dialect::Standalone, Dialect::Workflow].into_iter().filter_map(of).collect(),
        step: "1 unit".to_string(),
        extra_states: 1,
    })
}

fn to_text(all: &[Played]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["configuration", "suite", "core", "states", "sequences", "steps", "longest"]);
    for it in all {
        let clock = if it.configuration.clock == Clock::Jumps { ", by jumps" } else { "" };
        table.add_row([
            format!("{}{clock}", it.configuration.name),
            it.suite.kind.to_string(),
            match &it.differs {
                None => Ink::Good.paint("agrees"),
                Some(sequence) => Ink::Bad.paint(sequence.join(", ")),
            },
            thousands(it.states),
            thousands(it.suite.sequences),
            thousands(it.suite.steps),
            it.suite.longest.to_string(),
        ]);
    }
    let table = trimmed(table, 3);
    let said = sentence(all).map(|sentence| format!("{sentence}\n")).unwrap_or_default();
    let (steps, elapsed) = totals(all);
    format!("{table}\n\n{said}\n{} steps in {elapsed:.1} s\n", thousands(steps))
}

fn totals(all: &[Played]) -> (usize, f64) {
    let elapsed: Duration = all.iter().map(|it| it.elapsed).sum();
    (all.iter().map(|it| it.suite.steps).sum(), elapsed.as_secs_f64())
}

fn to_json(all: &[Played]) -> Value {
    let one = |it: &Played| {
        json!({
            "configuration": it.configuration.name,
            "suite": it.suite.kind.to_string(),
            "inputs": it.inputs,
            "states": it.states,
            "sequences": it.suite.sequences,
            "steps": it.suite.steps,
            "longest": it.suite.longest,
            "seconds": seconds(it.elapsed),
            "differs": it.differs,
        })
    };
    json!({
        "suites": all.iter().map(one).collect::<Vec<_>>(),
        "sentence": sentence(all).map(|sentence| sentence.to_string()),
    })
}
