//! What came of a service, for people, programs and build servers.

use super::Arguments;
use crate::exit::Exit;
use crate::report::{Check, Kind, Story, Verdict, junit, suite, table};
use crate::style::{COLUMNS, Ink, count, counted, rate, seconds, visible, wrapped};
use activity_execution::promises;
use activity_execution::promises::ServicePromise;
use activity_harness::judge::needs;
use activity_harness::report::{reproduction, story, timeline};
use activity_harness::run::{Conformed, Fault, Found, Job, Part, PartVerdict, Plan, Replay};
use activity_harness::seam::{Manifest, SystemClock};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// What is told.
pub(super) struct Told<'a> {
    pub(super) arguments: &'a Arguments,
    pub(super) plan: &'a Plan,
    pub(super) conformed: &'a Conformed,
    pub(super) requests: u64,
    pub(super) elapsed: Duration,
    /// Where what was found is kept, in the order in which it was found.
    pub(super) files: Vec<PathBuf>,
    pub(super) notes: Vec<String>,
}

impl Told<'_> {
    pub(super) fn exit(&self) -> Exit {
        let it = self.conformed;
        if it.found.is_some() || it.assumption.is_some() {
            Exit::Disagreed
        } else if it.parts.is_empty() || it.parts.iter().any(is_unfinished) {
            Exit::Inconclusive
        } else {
            Exit::Agreed
        }
    }

    /// A check for each suite and configuration.
    fn checks(&self) -> Vec<Check> {
        self.conformed.parts.iter().map(|part| self.check(part)).collect()
    }

    /// A check for each suite, and one for each of its parts that is not finished.
    fn suites(&self) -> Vec<Check> {
        let mut suites: Vec<Check> = Vec::new();
        let parts = &self.conformed.parts;
        for part in parts.iter().filter(|part| !is_unfinished(part)) {
            if suites.iter().any(|suite| suite.name == part.suite) {
                continue;
            }
            let alike = || parts.iter().filter(|it| it.suite == part.suite && !is_unfinished(it));
            let sequences: usize = alike().map(|it| it.played.sequences).sum();
            let steps: u64 = alike().map(|it| it.played.steps).sum();
            let mut check = self.check(part);
            check.name.clone_from(&part.suite);
            check.evidence.because = Some(format!(
                "{}, {}, {} steps",
                counted(alike().count(), "configuration"),
                counted(sequences, "sequence"),
                count(steps)
            ));
            suites.push(check);
        }
        suites.extend(parts.iter().filter(|part| is_unfinished(part)).map(|it| self.check(it)));
        suites
    }

    fn check(&self, part: &Part) -> Check {
        let verdict = match part.verdict {
            PartVerdict::Agrees => Verdict::Holds,
            PartVerdict::Differs => Verdict::Broken,
            PartVerdict::Unfinished(_) => Verdict::Undecided,
        };
        let name = format!("{}: {}", part.suite, part.configuration);
        let statement = "The service does what the specification does.";
        let mut check = Check::new(Kind::Refinement, &name, statement, verdict);
        let played = count(part.played.sequences as u64);
        let steps = count(part.played.steps);
        check.evidence.because = Some(format!("{played} sequences, {steps} steps"));
        check.evidence.states = part.states.map(|states| states as u64);
        if let PartVerdict::Unfinished(why) = &part.verdict {
            check.evidence.complaint = Some(why.clone());
        }
        if let (PartVerdict::Differs, Some(found)) = (&part.verdict, &self.conformed.found) {
            let difference = &found.finding.difference;
            let allowed = difference.allowed.join(", or ");
            let observed = &difference.observed;
            check.evidence.complaint = Some(format!("allowed: {allowed}; observed: {observed}"));
            check.evidence.breaks =
                difference.broken.iter().map(|promise| promise.name.to_owned()).collect();
            let transcript = story(&found.finding);
            let mut told = Story::from(&transcript);
            told.text = timeline(&found.finding).to_string();
            check.story = Some(told);
        }
        check
    }

    pub(super) fn text(&self) -> String {
        let mut text = match (&self.conformed.found, &self.conformed.assumption) {
            (Some(found), _) => self.difference(found) + &self.further(),
            (None, Some(assumption)) => {
                let mut text =
                    format!("{}  {}\n", Ink::Bad.paint("not as assumed"), assumption.holds_not);
                if let Some(finding) = &assumption.finding {
                    let _ = writeln!(text, "\n{}", timeline(finding).to_string().trim_end());
                }
                text
            }
            (None, None) => self.agreement(),
        };
        for note in &self.notes {
            let _ = writeln!(text, "{}  {}", Ink::Caution.paint("note"), visible(note));
        }
        text
    }

    fn agreement(&self) -> String {
        let Conformed { manifest, parts, sentence, because, .. } = self.conformed;
        let mut text = format!("{}\n\n", self.title());
        text += &table(&self.suites());
        let sequences: usize = parts.iter().map(|part| part.played.sequences).sum();
        let steps: u64 = parts.iter().map(|part| part.played.steps).sum();
        let _ = writeln!(
            text,
            "\n\nno difference found in {}, {} steps; seed {}\n{} requests in {} s, {} a second",
            counted(sequences, "sequence"),
            count(steps),
            self.plan.seed,
            count(self.requests),
            seconds(self.elapsed),
            count(rate(self.requests, self.elapsed)),
        );
        let (judged, unseen) = self.promises();
        let _ = writeln!(
            text,
            "{} judged and kept; {} about what is not seen through {}",
            counted(judged.len(), "promise"),
            counted(unseen.len(), "promise"),
            manifest.observes.sees()
        );
        for line in self.left_out() {
            let _ = writeln!(text, "{line}");
        }
        match sentence {
            Some(sentence) => {
                let _ = write!(text, "\n{}\n", sentence_wrapped(&sentence.to_string()));
            }
            None => {
                let _ = writeln!(text, "\nnothing more may be said: {}", because.join("; "));
            }
        }
        text
    }

    /// The service, and how it is seen.
    fn title(&self) -> String {
        let manifest = &self.conformed.manifest;
        let clock = match manifest.clock {
            SystemClock::Virtual => "a virtual clock".to_owned(),
            SystemClock::Real { step, .. } => {
                let step = activity_models::story::span(step);
                format!("a real clock in steps of {step}")
            }
        };
        let name = Ink::Title.paint(visible(&manifest.title()));
        format!("{name}: {clock}, seen through {}", manifest.observes.sees())
    }

    /// What was not tried, since the service cannot do it, or nobody knows what it can.
    fn left_out(&self) -> Vec<String> {
        let manifest = &self.conformed.manifest;
        let mut lines = Vec::new();
        let all = self.plan.configurations.len();
        let suits = self.plan.configurations.iter().filter(|it| it.suits(manifest.can)).count();
        if suits < self.plan.most_configurations.min(all) && self.arguments.replay.is_none() {
            let what = counted(all - suits, "configuration");
            lines.push(format!(
                "{what} of {all} left out: the service says that it lacks what they need"
            ));
        }
        let foreign = &self.conformed.foreign;
        if !foreign.is_empty() {
            let lacks: BTreeSet<&str> = foreign.iter().flat_map(|it| it.lacks.clone()).collect();
            let (count, lacks) =
                (counted(foreign.len(), "kept sequence"), Vec::from_iter(lacks).join(", "));
            let line = format!("{count} not played: the service lacks {lacks}");
            lines.push(wrapped(&line, 0, COLUMNS));
        }
        if !manifest.crashes {
            lines.push("not crashed: the service does not say that it can be".to_owned());
        }
        if !manifest.unknown.is_empty() {
            let names = visible(&manifest.unknown.join(", "));
            lines.push(format!("capabilities that this version knows nothing of: {names}"));
        }
        lines
    }

    /// The promises that could be judged, and those that could not.
    fn promises(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let mut all: Vec<ServicePromise> = promises::all();
        all.extend(promises::when_settled());
        let power = self.conformed.manifest.observes;
        let names = all.into_iter().map(|promise| promise.name);
        names.partition(|name| needs(name).is_some_and(|needs| needs.are_met_by(power)))
    }

    fn difference(&self, found: &Found) -> String {
        let finding = &found.finding;
        let difference = &finding.difference;
        let name = Ink::Bad.paint(format!("{} differs", self.conformed.manifest.title()));
        let input = finding.job.sequence.last().map_or("the start", |input| input.name());
        let mut text = format!("{name} in {}, at {input:?}\n", difference.place);
        text += &lines("  in        ", &finding.job.configuration);
        if finding.job.fault != Fault::None {
            text += &lines("  while     ", finding.job.fault.words());
        }
        let inputs: Vec<&str> = finding.job.sequence.iter().map(|input| input.name()).collect();
        text += &lines("  sequence  ", &inputs.join(" · "));
        let mut drawn = story(finding).timeline();
        drawn.title.clear();
        drawn.about.clear();
        let _ = writeln!(text, "\n{}", drawn.to_string().trim_matches('\n'));
        text.push('\n');
        text += &lines("  allowed   ", &difference.allowed.join(", or "));
        text += &Ink::Bad.paint(lines("  observed  ", &visible(&difference.observed)).trim_end());
        text.push('\n');
        for promise in difference.broken.iter().take(MOST_PROMISES) {
            text += &lines("  broken    ", &format!("{}: {}", promise.name, promise.statement));
        }
        if difference.broken.len() > MOST_PROMISES {
            let more = difference.broken.len() - MOST_PROMISES;
            text += &lines("            ", &format!("and {more} more; --format json has them"));
        }
        text += &lines("  rule      ", &difference.rule);
        let (suite, number, steps) = (&found.suite, count(found.number as u64), found.steps);
        let shrunk = if steps > finding.job.sequence.len() {
            format!(", shrunk from {steps} steps")
        } else {
            String::new()
        };
        let took = seconds(self.elapsed);
        let _ = writeln!(text, "\n  found by  {suite}, sequence {number}{shrunk}, after {took} s");
        if let Some(file) = self.files.first() {
            let (file, command) = (file.display(), visible(&self.arguments.typed()));
            let _ = writeln!(text, "  again     activity conform --replay {file} {command}");
            let test = format!("activity_harness::replays(my_system(), include_str!(\"{file}\"));");
            let _ = writeln!(text, "  in Rust   {test}");
        }
        text
    }

    /// The differences of other kinds, in a few lines each.
    fn further(&self) -> String {
        let mut text = String::new();
        for (place, found) in self.conformed.further.iter().enumerate() {
            let Job { configuration, sequence, fault, .. } = &found.finding.job;
            let difference = &found.finding.difference;
            let inputs: Vec<&str> = sequence.iter().map(|input| input.name()).collect();
            text.push('\n');
            text += &lines("  also      ", &inputs.join(" · "));
            text += &lines("  in        ", configuration);
            if *fault != Fault::None {
                text += &lines("  while     ", fault.words());
            }
            text += &lines("  allowed   ", &difference.allowed.join(", or "));
            text += &lines("  observed  ", &visible(&difference.observed));
            let names: Vec<&str> = difference.broken.iter().map(|it| it.name).collect();
            if !names.is_empty() {
                text += &lines("  broken    ", &names.join(", "));
            }
            text += &lines("  rule      ", &difference.rule);
            if let Some(file) = self.files.get(place + 1) {
                text += &lines("  kept in   ", &file.display().to_string());
            }
        }
        if self.conformed.further.is_empty() {
            return text;
        }
        let all = self.conformed.further.len() + 1;
        let _ =
            writeln!(text, "\n  {all} differences that are not alike, in the order of the suites");
        text
    }

    /// A difference, for programs.
    fn found(&self, place: usize, found: &Found) -> Value {
        let replay = Replay::of(found, &self.conformed.manifest);
        json!({
            "test": reproduction(&replay),
            "replay": replay,
            "file": self.files.get(place).map(|file| file.display().to_string()),
            "parts": found.finding.difference.parts.iter().map(|part| json!({
                "name": part.name, "allowed": part.expected, "observed": part.seen,
            })).collect::<Vec<_>>(),
        })
    }

    pub(super) fn json(&self) -> Value {
        let Conformed { manifest, found, further, foreign, assumption, sentence, because, .. } =
            self.conformed;
        let (judged, unseen) = self.promises();
        let all: Vec<&Found> = found.iter().chain(further).collect();
        let broken: Vec<&str> =
            all.iter().flat_map(|it| &it.finding.difference.broken).map(|it| it.name).collect();
        let verdict = |name: &str| if broken.contains(&name) { "broken" } else { "kept" };
        let judged = judged.iter().map(|name| json!({ "name": name, "verdict": verdict(name) }));
        let unseen = unseen.iter().map(|name| json!({ "name": name, "verdict": "not_seen" }));
        json!({
            "system": system(manifest),
            "seed": self.plan.seed,
            "requests": self.requests,
            "seconds": seconds(self.elapsed),
            "checks": self.checks(),
            "promises": judged.chain(unseen).collect::<Vec<_>>(),
            "sentence": sentence.as_ref().map(ToString::to_string),
            "because": because,
            "foreign": foreign.iter().map(|it| json!({ "inputs": it.inputs, "lacks": it.lacks }))
                .collect::<Vec<_>>(),
            "not_as_assumed": assumption.as_ref().map(|assumption| assumption.holds_not),
            "found": found.as_ref().map(|it| self.found(0, it)),
            "further": further.iter().enumerate().map(|(place, it)| self.found(place + 1, it))
                .collect::<Vec<_>>(),
        })
    }

    pub(super) fn junit(&self) -> String {
        let mut checks = self.checks();
        if let Some(assumption) = &self.conformed.assumption {
            let name = "assumptions: what every suite assumes";
            let mut check =
                Check::new(Kind::Refinement, name, assumption.holds_not, Verdict::Broken);
            check.evidence.complaint = Some(assumption.holds_not.to_owned());
            checks.push(check);
        }
        let class = self.conformed.manifest.name.clone();
        let suites = [suite("conform", &class, self.elapsed, &checks)];
        junit("activity conform", self.elapsed, suites)
    }
}

fn system(manifest: &Manifest) -> Value {
    json!({
        "name": manifest.name,
        "version": manifest.version,
        "clock": match manifest.clock {
            SystemClock::Virtual => json!("virtual"),
            SystemClock::Real { step, .. } => json!({ "real": { "step": step.0 } }),
        },
        "observes": manifest.observes.name(),
        "can": manifest.can.each().map(|it| it.name()).collect::<Vec<_>>(),
        "crashes": manifest.crashes,
        "unknown": manifest.unknown,
    })
}

fn is_unfinished(part: &Part) -> bool {
    matches!(part.verdict, PartVerdict::Unfinished(_))
}

/// A text behind a margin, at most a hundred columns wide.
fn lines(margin: &str, text: &str) -> String {
    let mut out = String::new();
    let mut margin = margin.to_owned();
    for line in activity_models::story::wrap(text, COLUMNS - margin.chars().count()) {
        let _ = writeln!(out, "{}", format!("{margin}{line}").trim_end());
        margin = " ".repeat(margin.chars().count());
    }
    out
}

/// The sentence; its configurations, which are indented, stay as they are.
fn sentence_wrapped(text: &str) -> String {
    let wrap = |line: &str| match line.starts_with(' ') {
        true => line.to_owned(),
        false => wrapped(line, 0, COLUMNS),
    };
    text.lines().map(wrap).collect::<Vec<_>>().join("\n")
}

/// How many broken promises are shown.
const MOST_PROMISES: usize = 2;
