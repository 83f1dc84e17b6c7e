//! `activity check --matrix`: tries every wrong rule on every checker.

mod elsewhere;
mod markdown;
mod others;

pub use elsewhere::{ELSEWHERE, Place};
pub use markdown::markdown;

use super::Arguments;
use crate::command::{CheckFormat, Finished};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::refutation::{of_mutant, quietly};
use activity_harness::matrix::{
    Arena, Cell, Checker, Refutation, Row, alike, of_comparisons, of_drivers, of_one_execution,
};
use activity_harness::suite::graded;
use activity_models::mutants;
use serde_json::{Map, Value, json};
use symbolic::{Budget, Explorer};

/// The word for all bugs.
pub(super) const ALL: &str = "all";

/// Tries the bugs of these names, or all.
pub(super) fn run(arguments: &Arguments, names: &[String]) -> Result<Finished, Problem> {
    let known = mutants::all();
    let is_known = |name: &&String| *name == ALL || known.iter().any(|it| it.name == **name);
    if let Some(name) = names.iter().find(|name| !is_known(name)) {
        let message = format!("there is no mutant `{name}`");
        return Err(Problem::new("--matrix", message).help("`--mutant list` names them all"));
    }
    if arguments.format == CheckFormat::Junit {
        let help = "take --format json, or leave it out for a table in Markdown";
        return Err(Problem::new("--matrix", "a matrix is no list of tests").help(help));
    }
    let progress = Progress::new(None);
    let is_asked = |it: &str| names.iter().any(|name| name == ALL || name == it);
    let arena = Arena::new(&graded(), arguments.threads());
    let theorems = |name: &'static str| {
        progress.phase(name, 0);
        theorems(name)
    };
    let mut rows = of_one_execution(&arena, &is_asked, &theorems);
    progress.phase("drivers", 0);
    rows.extend(of_drivers(&arena, &is_asked));
    rows.extend(others::rows(&is_asked, &theorems));
    rows.extend(of_comparisons(&arena, &is_asked));
    progress.finish();
    let matrix = to_json(&rows);
    let text = match arguments.format {
        CheckFormat::Json => format!("{matrix:#}\n"),
        CheckFormat::Human | CheckFormat::Junit => markdown(&matrix),
    };
    let is_well = rows.iter().all(Row::is_killed) && alike(&rows).is_empty();
    Ok(Finished { text, exit: if is_well { Exit::Agreed } else { Exit::Disagreed } })
}

/// What the proofs say of a mutant.
fn theorems(name: &str) -> Refutation {
    let Some(proofs) = of_mutant(name) else {
        let cell = Cell::NotApplicable("No theorem is about its machine.");
        return Refutation { cell, shows: Vec::new() };
    };
    let all = mutants::all();
    let mutant = all.iter().find(|mutant| mutant.name == name);
    let case = mutant.expect("whatever is tried is in the tables").shows_in;
    let explorer = Explorer::new(Budget::default());
    let falls = |proof: activity_proofs::Proof| {
        let proof = proof.only(case);
        let proven = quietly(|| proof.run(&explorer));
        let refuted = proven.refuted();
        let first = refuted.first()?;
        let mut shows = vec![format!("case {case}: {}", refuted.join(", "))];
        if let Some((_, failure)) = proven.refutation(first) {
            let words = failure.example.as_ref().map_or("", |example| example.words.as_str());
            shows.extend(words.lines().map(|line| line.trim().to_owned()));
        }
        Some(shows)
    };
    let shows = proofs.into_iter().find_map(falls);
    Refutation { cell: Cell::of(shows.is_some()), shows: shows.unwrap_or_default() }
}

fn to_json(rows: &[Row]) -> Value {
    let alike: Vec<Value> = alike(rows).iter().map(|pair| json!(pair)).collect();
    let survive = rows.iter().filter(|row| !row.is_killed());
    json!({
        "bugs": rows.iter().map(bug).collect::<Vec<_>>(),
        "killed_by_nothing": survive.map(|row| row.name).collect::<Vec<_>>(),
        "alike": alike,
        "only_k1_or_walks": rows.iter().filter(|row| row.needs_memory()).map(|row| row.name).collect::<Vec<_>>(),
    })
}

fn bug(row: &Row) -> Value {
    let (mut killed, mut reasons) = (Map::new(), Map::new());
    for checker in Checker::ALL {
        let cell = row.cells.get(&checker).copied();
        let cell = cell.unwrap_or(Cell::NotApplicable("It was not asked."));
        killed.insert(checker.name().to_string(), json!(cell.killed()));
        if let Cell::NotApplicable(reason) = cell {
            reasons.insert(checker.name().to_string(), json!(reason));
        }
    }
    json!({
        "name": row.name,
        "statement": row.sentence,
        "source": row.source,
        "killed_by": killed,
        "not_applicable": reasons,
        "configuration": row.configuration,
        "sequence": row.sequence,
        "crashes": row.crashes,
        "shows": row.shows,
    })
}
