//! `activity check --mutant`: explores a mutant up to the shortest run that breaks a promise.

use super::Arguments;
use crate::command::{CheckFormat, Finished};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::report::{Check, Kind, Story, StoryStep, Verdict, exit, junit, suite};
use crate::style::{Ink, count, seconds};
use activity_execution::Payload;
use activity_models::exploration::{
    CoreMachine, Environment, ExplorerPayload, Grid, Machine, ServiceModel, SpecificationMachine,
    Watch, shortest_violation,
};
use activity_models::mutants::{self, MisledAnywhere, Mutant, Rule, WheelRule};
use activity_models::story::Timeline;
use activity_models::system::{self, Bounds, Machines, QUICK};
use activity_models::wheel;
use serde_json::{Value, json};
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
    found: Option<Found>,
    check: Check,
    is_cut_off: bool,
    elapsed: Duration,
}

/// A shortest run in which it shows.
#[derive(Debug)]
struct Found {
    broken: Vec<&'static str>,
    story: Story,
    /// What the broken promises say, where the drawn run does not say it.
    promises: Vec<(&'static str, &'static str)>,
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
        Rule::Service(_) | Rule::Memory(_) | Rule::Explorer(_) => one,
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
            let rule = mutant.with_rule(rule);
            let machines = (rule.of(CoreMachine), rule.of(SpecificationMachine));
            let found = of_one(&mutant, machines, grid, threads, progress);
            (found, Some(grid.configurations().len()))
        }
        Rule::Memory(rule) if mutant.is_explorable() => {
            let rule = mutant.with_rule(rule);
            let machines = (rule.of(CoreMachine), rule.of(SpecificationMachine));
            (of_one(&mutant, machines, grid, threads, progress), Some(grid.configurations().len()))
        }
        Rule::Explorer(_) => {
            let core = MisledAnywhere::of(mutant.name, CoreMachine);
            let specification = MisledAnywhere::of(mutant.name, SpecificationMachine);
            let machines = core.zip(specification).expect("it is a row of this very table");
            (of_one(&mutant, machines, grid, threads, progress), Some(grid.configurations().len()))
        }
        Rule::System(machines) if mutant.is_explorable() => (of_system(&mutant, machines), None),
        Rule::Memory(_) | Rule::System(_) | Rule::Driver(_) => (None, None),
        Rule::Wheel(rule) => (of_wheel(rule), None),
    };
    progress.finish();
    let is_cut_off = progress.is_cut_off();
    let verdict = Verdict::of(found.is_some(), !is_cut_off);
    let mut check = Check::new(Kind::Mutant, mutant.name, mutant.sentence, verdict);
    check.evidence.configurations = configurations;
    check.evidence.because = because(&mutant);
    if let Some(found) = &found {
        check.evidence.breaks = found.broken.iter().map(|name| (*name).to_owned()).collect();
        check.evidence.complaint = Some(found.broken.join(", "));
        check.story = Some(found.story.clone());
    }
    Hunt { mutant, found, check, is_cut_off, elapsed: begun.elapsed() }
}

/// What it re-enacts, and why it is not found, where that is known.
fn because(mutant: &Mutant<Rule>) -> Option<String> {
    let reenacts = mutant.reenacts.map(|bug| format!("re-enacts {bug}"));
    let beyond = mutant.beyond_exploration.map(str::to_owned);
    reenacts.into_iter().chain(beyond).reduce(|one, other| format!("{one}. {other}"))
}

/// Explores the core with this wrong rule, in lockstep with the specification; if that shows
/// nothing, the specification with it, whose timers may be late.
fn of_one<C, S>(
    mutant: &Mutant<Rule>,
    (core, specification): (C, S),
    grid: &Grid,
    threads: usize,
    progress: &Progress,
) -> Option<Found>
where
    C: Machine<i16, ExplorerPayload> + Machine<i64, Payload> + Copy + Sync,
    S: Machine<i16, ExplorerPayload> + Machine<i64, Payload> + Copy + Sync,
{
    let all = grid.configurations().len();
    progress.phase(mutant.name, all);
    let product = ServiceModel::new(core, Environment::TimeFirst);
    let (violation, mut transcript) = shortest_violation(&product, grid, threads, progress)
        .map(|violation| {
            let transcript = violation.tell(&core, Environment::TimeFirst);
            (violation, transcript)
        })
        .or_else(|| {
            progress.phase(mutant.name, all);
            let alone = ServiceModel::new(specification, Environment::TimersMayBeLate);
            let violation = shortest_violation(&alone, grid, threads, progress)?;
            let transcript = violation.tell(&specification, Environment::TimersMayBeLate);
            Some((violation, transcript))
        })?;
    let story = Story::from(&transcript);
    transcript.script.comment = format!("{}\n{}", mutant.name, mutant.sentence);
    Some(Found {
        broken: violation.names(),
        story,
        promises: Vec::new(),
        svg: Some(transcript.timeline().svg()),
        shortest: format!(
            "no run over {} configurations is shorter than these {} steps, the passing of a \
             second included",
            count(all as u64),
            violation.moves.len(),
        ),
    })
}

/// Explores the system of these machines.
fn of_system(mutant: &Mutant<Rule>, machines: Machines) -> Option<Found> {
    let system = system::System { machines, bounds: Bounds { details: 2, ..QUICK } };
    let violation = system::shortest_violation(&system)?;
    let steps = system::replay(&system, violation.begin, &violation.moves);
    let promises: Vec<_> = violation.broken.iter().map(|it| (it.name, it.statement)).collect();
    let about = system::timeline(&steps).about(mutant.name, mutant.sentence);
    let add = |picture: Timeline, (name, said): &(&str, &str)| picture.finding(name, said);
    Some(Found {
        story: Story::from(&steps[..]),
        svg: Some(promises.iter().fold(about, add).svg()),
        broken: violation.names(),
        promises,
        shortest: format!("no run is shorter than these {} steps", steps.len()),
    })
}

/// Explores a small wheel.
fn of_wheel(rule: WheelRule) -> Option<Found> {
    let (script, found) = (rule.shortest_disagreement)(wheel::TALL)?;
    let told = |(step, number): (&wheel::Step, usize)| format!("{number:>2} {step:?}\n");
    let text: String = script.iter().zip(1..).map(told).collect();
    let steps = script.iter().map(|step| {
        let action = format!("{step:?}");
        let event = action.split(' ').next().unwrap_or_default().to_owned();
        StoryStep { at: None, event, action, said: Vec::new() }
    });
    Some(Found {
        broken: vec![found.promise],
        story: Story {
            steps: steps.collect(),
            text: text + &format!("   \u{2717} {}\n", found.what),
            script: None,
        },
        promises: Vec::new(),
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
        Finished { text, exit: exit([&self.check], !self.is_cut_off) }
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
            let verdict = self.check.verdict.word(self.check.kind);
            let _ = writeln!(text, "{} ({elapsed:.1} s)", Ink::Caution.paint(verdict));
            return text;
        };
        let _ = writeln!(text, "{}", found.story.text);
        for (name, statement) in &found.promises {
            let _ = writeln!(text, "{}\n  {statement}", Ink::Bad.paint(name));
        }
        let shortest = &found.shortest;
        let verdict = Ink::Bad.paint(self.check.verdict.word(self.check.kind));
        let _ = writeln!(text, "{verdict}; {shortest} ({elapsed:.1} s)");
        text
    }

    fn to_json(&self) -> Value {
        json!({
            "complete": self.found.is_none() && !self.is_cut_off,
            "seconds": seconds(self.elapsed),
            "mutants": [self.check],
        })
    }

    fn to_junit(&self) -> String {
        let mutants = suite("mutants", "activity.check", self.elapsed, [&self.check]);
        junit("activity check", self.elapsed, [mutants])
    }
}
