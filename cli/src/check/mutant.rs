//! A mutant of whichever machine, explored up to the shortest run in which it shows.

use super::Arguments;
use super::junit;
use crate::command::{CheckFormat, Finished};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::style::{Ink, count, seconds};
use activity_models::exploration::{
    CoreMachine, Environment, Grid, SpecificationMachine, System, Watch, shortest_violation,
};
use activity_models::mutants::{self, Mutant, Rule, ServiceRule, WheelRule};
use activity_models::scenario::{Moment, show};
use activity_models::story::Timeline;
use activity_models::system::{self, Bounds, LANES, Machines, QUICK, Replayed};
use activity_models::wheel;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Explores a machine that is wrong, or lists what there is.
pub(super) fn run(arguments: &Arguments, name: &str) -> Result<Finished, Problem> {
    if name == "list" {
        let text = if std::io::stdout().is_terminal() { list() } else { names() };
        return Ok(Finished { text, exit: Exit::Agreed });
    }
    let mutant = named(name)?;
    let grid = arguments.grid(mutant.dialects())?;
    let progress = Progress::new(arguments.time_limit());
    let hunt = hunt(mutant, &grid, arguments.threads(), &progress);
    if let (Some(path), Some(found)) = (&arguments.svg, &hunt.found) {
        let svg = found.svg.as_ref().ok_or_else(|| {
            Problem::new("--svg", "a script of the timer wheel has no picture")
                .help("leave it out; the script is printed")
        })?;
        std::fs::write(path, svg).map_err(|error| {
            Problem::new("--svg", format!("{} cannot be written: {error}", path.display()))
        })?;
    }
    Ok(hunt.finished(arguments.format))
}

/// What exploring a mutant came to.
#[derive(Debug)]
struct Hunt {
    mutant: Mutant<Rule>,
    /// How many configurations there are, if that is a question.
    configurations: Option<usize>,
    found: Option<Found>,
    is_cut_off: bool,
    elapsed: Duration,
}

/// A shortest run in which it shows.
#[derive(Debug)]
struct Found {
    broken: Vec<&'static str>,
    /// The run, as it is drawn for the terminal.
    story: String,
    /// What the broken promises say, where the story does not say it.
    promises: Vec<(&'static str, &'static str)>,
    steps: Vec<Value>,
    script: Option<String>,
    svg: Option<String>,
    /// What is known of its length.
    shortest: String,
}

/// The mutant with this name.
fn named(name: &str) -> Result<Mutant<Rule>, Problem> {
    let all = mutants::all();
    all.iter().find(|mutant| mutant.name == name).copied().ok_or_else(|| {
        let likeness = |known: &str| strsim::normalized_damerau_levenshtein(name, known);
        let closest = all
            .iter()
            .map(|mutant| (likeness(mutant.name), mutant.name))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let message = format!("there is no mutant `{name}`");
        let help = match closest {
            Some((likeness, known)) if likeness > 0.5 => format!("did you mean {known}?"),
            _ => "`--mutant list` names them all".to_owned(),
        };
        Problem::new("--mutant", message).help(help)
    })
}

/// The names of all that exploration catches, one a line.
fn names() -> String {
    let all = mutants::all().into_iter().filter(Mutant::is_explorable);
    all.map(|mutant| format!("{}\n", mutant.name)).collect()
}

/// What can be wrong, each with a sentence.
fn list() -> String {
    let all = mutants::all();
    let width = all.iter().map(|mutant| mutant.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for title in TITLES {
        let separator = if text.is_empty() { "" } else { "\n" };
        text += &format!("{separator}{}\n", Ink::Title.paint(title));
        for mutant in all.iter().filter(|mutant| under(mutant) == title) {
            text += &format!("  {:<width$}  {}\n", mutant.name, mutant.sentence);
        }
    }
    text
}

const TITLES: [&str; 4] = [
    "mutants of one execution",
    "mutants of workers and callers, in the whole system",
    "mutants of the timer wheel",
    "beyond what exploration can see, and left to tests and proofs",
];

fn under(mutant: &Mutant<Rule>) -> &'static str {
    let [one, system, wheel, beyond] = TITLES;
    match mutant.rule {
        _ if !mutant.is_explorable() => beyond,
        Rule::Service(_) => one,
        Rule::System(_) => system,
        Rule::Wheel(_) => wheel,
        Rule::Driver(_) => beyond,
    }
}

fn hunt(mutant: Mutant<Rule>, grid: &Grid, threads: usize, progress: &Progress) -> Hunt {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let begun = Instant::now();
    let (found, configurations) = match mutant.rule {
        Rule::Service(rule) => {
            let found = of_service(&mutant.with_rule(rule), grid, threads, progress);
            (found, Some(grid.configurations().len()))
        }
        Rule::System(machines) if mutant.is_explorable() => (of_system(&mutant, machines), None),
        Rule::System(_) | Rule::Driver(_) => (None, None),
        Rule::Wheel(rule) => (of_wheel(rule), None),
    };
    progress.finish();
    Hunt {
        mutant,
        configurations,
        found,
        is_cut_off: progress.is_cut_off(),
        elapsed: begun.elapsed(),
    }
}

/// Explores the core with this wrong rule, in lockstep with the specification; if that shows
/// nothing, the specification with it, whose timers may be late.
fn of_service(
    mutant: &Mutant<ServiceRule>,
    grid: &Grid,
    threads: usize,
    progress: &Progress,
) -> Option<Found> {
    let all = grid.configurations().len();
    let (core, specification) = (mutant.of(CoreMachine), mutant.of(SpecificationMachine));
    progress.phase(mutant.name, all);
    let product = System::new(core, Environment::TimeFirst);
    let (violation, mut transcript) = shortest_violation(&product, grid, threads, progress)
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
        })?;
    let (story, script) = (transcript.timeline().to_string(), transcript.script.to_string());
    transcript.script.comment = format!("{}\n{}", mutant.name, mutant.sentence);
    Some(Found {
        broken: violation.broken.iter().map(|judge| judge.name).collect(),
        story,
        promises: Vec::new(),
        steps: transcript.moments.iter().map(moment).collect(),
        script: Some(script),
        svg: Some(transcript.timeline().svg()),
        shortest: format!(
            "no run over {} configurations is shorter than these {} steps, the passing of a \
             second included",
            count(all as u64),
            violation.actions.len(),
        ),
    })
}

fn moment(moment: &Moment) -> Value {
    let at = moment.after.now - moment.after.schedule_time;
    json!({
        "at": show::span(at),
        "event": moment.action.trace_word(),
        "action": format!("{:?}", moment.action),
        "answer": show::answer(&moment.reply),
    })
}

/// Explores the system of these machines.
fn of_system(mutant: &Mutant<Rule>, machines: Machines) -> Option<Found> {
    let system = system::System { machines, bounds: Bounds { details: 2, ..QUICK } };
    let violation = system::shortest_violation(&system)?;
    let steps = system::replay(&system, violation.terms, &violation.moves);
    let all = system::all();
    let statement =
        |name: &str| all.iter().find(|it| it.name == name).map_or("", |it| it.statement);
    let promises: Vec<_> = violation.broken.iter().map(|name| (*name, statement(name))).collect();
    let picture = system::timeline(&steps);
    let about = picture.clone().about(mutant.name, mutant.sentence);
    let add = |picture: Timeline, (name, said): &(&str, &str)| picture.finding(name, said);
    Some(Found {
        story: picture.to_string(),
        svg: Some(promises.iter().fold(about, add).svg()),
        broken: violation.broken,
        promises,
        shortest: format!("no run is shorter than these {} steps", steps.len()),
        steps: steps.iter().map(step).collect(),
        script: None,
    })
}

/// A step: the move, and what each party has to do with it.
fn step(step: &Replayed) -> Value {
    let parties = LANES.iter().zip(system::cells(step)).filter(|(_, cell)| !cell.is_empty());
    let parties: Map<String, Value> = parties
        .map(|(lane, cell)| ((*lane).to_owned(), cell.lines().collect::<Vec<_>>().into()))
        .collect();
    json!({ "event": format!("{:?}", step.happened.moved), "parties": parties })
}

/// Explores a small wheel.
fn of_wheel(rule: WheelRule) -> Option<Found> {
    let (script, found) = (rule.shortest_disagreement)(wheel::TALL)?;
    let lines = script.iter().zip(1..).map(|(step, number)| format!("{number:>2} {step:?}\n"));
    Some(Found {
        broken: vec![found.promise],
        story: lines.collect::<String>() + &format!("   \u{2717} {}\n", found.what),
        promises: Vec::new(),
        steps: script.iter().map(|step| json!({ "event": format!("{step:?}") })).collect(),
        script: None,
        svg: None,
        shortest: format!("no script is shorter than these {} calls", script.len()),
    })
}

impl Hunt {
    /// What the command says about it.
    fn finished(&self, format: CheckFormat) -> Finished {
        let text = match format {
            CheckFormat::Human => self.to_text(),
            CheckFormat::Json => format!("{:#}\n", self.to_json()),
            CheckFormat::Junit => self.to_junit(),
        };
        Finished { text, exit: self.exit() }
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

    fn to_text(&self) -> String {
        let mutant = &self.mutant;
        let mut text = format!("{}\n{}\n", Ink::Title.paint(mutant.name), mutant.sentence);
        if let Some(reenacts) = mutant.reenacts {
            let _ = writeln!(text, "Re-enacts {reenacts}.");
        }
        text.push('\n');
        let elapsed = self.elapsed.as_secs_f64();
        let Some(found) = &self.found else {
            if let Some(why) = mutant.beyond_exploration {
                let _ = writeln!(text, "No exploration of small configurations sees it. {why}");
            }
            let verdict = if self.is_cut_off { "not found yet" } else { "not found" };
            let _ = writeln!(text, "{} ({elapsed:.1} s)", Ink::Caution.paint(verdict));
            return text;
        };
        let _ = writeln!(text, "{}", found.story);
        for (name, statement) in &found.promises {
            let _ = writeln!(text, "{}\n  {statement}", Ink::Bad.paint(name));
        }
        let shortest = &found.shortest;
        let _ = writeln!(text, "{}; {shortest} ({elapsed:.1} s)", Ink::Bad.paint("caught"));
        text
    }

    fn to_json(&self) -> Value {
        let found = self.found.as_ref();
        json!({
            "mutant": self.mutant.name,
            "sentence": self.mutant.sentence,
            "reenacts": self.mutant.reenacts,
            "beyond_exploration": self.mutant.beyond_exploration,
            "complete": found.is_none() && !self.is_cut_off,
            "configurations": self.configurations,
            "seconds": seconds(self.elapsed),
            "broken": found.map_or(&[][..], |found| &found.broken),
            "counterexample": found.map_or(&[][..], |found| &found.steps),
            "script": found.and_then(|found| found.script.as_ref()),
        })
    }

    fn to_junit(&self) -> String {
        let caught = self.found.as_ref();
        let caught = caught.map(|found| (found.broken.join(", "), found.story.clone()));
        junit::of_hunt(self.mutant.name, self.elapsed, caught)
    }
}
