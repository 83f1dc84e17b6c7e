//! Holds a system to the specification: suite after suite, until one differs or all are played.

use super::conclusion::{conclude, verdict};
use super::known::Known;
use super::lane::{Fault, Finding, Job};
use super::plan::{Plan, SuiteName, terms};
use super::play::{Activities, Play, Played, Watch};
use super::replay::Replay;
use super::sample::{self, Assumption};
use super::{random, shrink};
use crate::alphabet::{Capabilities, Configuration, Input};
use crate::machine::{Explicit, Symbol};
use crate::seam::{ActivitySystem, Broken, Manifest, SystemClock};
use crate::suite::{Kind, Sentence, Suite, Walks};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What came of it.
#[derive(Clone, Debug)]
pub struct Conformed {
    /// What the system says of itself.
    pub manifest: Manifest,
    /// What was played, in order.
    pub parts: Vec<Part>,
    /// The shortest sequence that differs, if one does.
    pub found: Option<Found>,
    /// Others that are not alike, where the plan looks for more than one.
    pub further: Vec<Found>,
    /// What is kept and was not played, since the system says that it lacks what it needs.
    pub foreign: Vec<Foreign>,
    /// What is assumed and not so, if anything is.
    pub assumption: Option<Assumption>,
    /// What may be said now.
    pub sentence: Option<Sentence>,
    /// Why nothing more may be said, though nothing differs.
    pub because: Vec<String>,
}

/// A sequence that differs.
#[derive(Clone, Debug)]
pub struct Found {
    /// The shortest that still does.
    pub finding: Finding,
    /// The suite that found it.
    pub suite: String,
    /// Which sequence of the suite it was, counted from one.
    pub number: usize,
    /// How many steps it had.
    pub steps: usize,
}

/// A sequence that differed on another system, and cannot be played on this one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Foreign {
    /// Its inputs.
    pub inputs: Vec<String>,
    /// What it needs that this system lacks, by the names of the protocol.
    pub lacks: Vec<&'static str>,
}

/// A suite in a configuration, and what came of it.
#[derive(Clone, Debug)]
pub struct Part {
    /// Which suite.
    pub suite: String,
    /// In which configuration.
    pub configuration: String,
    /// How many states the minimal machine of the specification has there, where that matters.
    pub states: Option<usize>,
    /// What was played.
    pub played: Played,
    /// How many sequences there were.
    pub sequences: usize,
    /// What came of it.
    pub verdict: PartVerdict,
    /// How long it took.
    pub elapsed: Duration,
}

/// What came of a part.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PartVerdict {
    /// Nothing differs.
    Agrees,
    /// Something differs.
    Differs,
    /// Nothing differs, but not everything was looked at; for this reason.
    Unfinished(String),
}

/// Holds a system to the specification, after it has played what once differed.
///
/// # Errors
/// If the system breaks down.
pub async fn conform<S: ActivitySystem>(
    system: &mut S,
    plan: &Plan,
    kept: &[Replay],
    watch: &impl Watch,
) -> Result<Conformed, Broken> {
    let mut run = Run::new(system, plan, watch);
    run.kept(kept).await?;
    for suite in &plan.suites {
        if run.is_over() {
            break;
        }
        run.suite(*suite).await?;
    }
    conclude(&mut run.conformed, plan, watch.is_cut_off());
    Ok(run.conformed)
}

/// Plays one sequence, alone and as it is.
///
/// # Errors
/// If the system breaks down.
pub async fn replayed<S: ActivitySystem>(
    system: &mut S,
    replay: &Replay,
    watch: &impl Watch,
) -> Result<Conformed, Broken> {
    let plan = Plan { suites: Vec::new(), ..Plan::default() };
    let mut run = Run { shrinks: false, ..Run::new(system, &plan, watch) };
    run.kept(std::slice::from_ref(replay)).await?;
    let lacking = run.conformed.foreign.first().map(|it| it.lacks.join(", "));
    run.conformed.because.push(match lacking {
        None => "one sequence was played".to_owned(),
        Some(lacking) => format!("the sequence was not played: the system lacks {lacking}"),
    });
    Ok(run.conformed)
}

struct Run<'a, S, W> {
    system: &'a mut S,
    plan: &'a Plan,
    watch: &'a W,
    names: Activities,
    known: Known,
    /// Whether what differs is made as short as it can be.
    shrinks: bool,
    conformed: Conformed,
    durable: bool,
}

impl<'a, S: ActivitySystem, W: Watch> Run<'a, S, W> {
    fn new(system: &'a mut S, plan: &'a Plan, watch: &'a W) -> Self {
        let manifest = system.manifest();
        let conformed = Conformed {
            manifest,
            parts: Vec::new(),
            found: None,
            further: Vec::new(),
            foreign: Vec::new(),
            assumption: None,
            sentence: None,
            because: Vec::new(),
        };
        let (names, known) = (Activities::default(), Known::default());
        let (shrinks, durable) = (true, false);
        Run { system, plan, watch, names, known, shrinks, conformed, durable }
    }

    fn is_over(&self) -> bool {
        let it = &self.conformed;
        let found = usize::from(it.found.is_some()) + it.further.len();
        found >= self.plan.differences || it.assumption.is_some() || self.watch.is_cut_off()
    }

    /// The configurations that the system has what is needed for.
    fn configurations(&self) -> Vec<Configuration> {
        let can = self.conformed.manifest.can;
        let suits = self.plan.configurations.iter().filter(|it| it.suits(can));
        suits.take(self.plan.most_configurations).cloned().collect()
    }

    async fn kept(&mut self, kept: &[Replay]) -> Result<(), Broken> {
        for replay in kept {
            let lacks = replay.lacks(&self.conformed.manifest);
            if !lacks.is_empty() {
                self.conformed.foreign.push(Foreign { inputs: replay.inputs.clone(), lacks });
                continue;
            }
            let job = replay.job(&self.conformed.manifest);
            self.part("kept", None, vec![job], 1).await?;
            if self.is_over() {
                break;
            }
        }
        Ok(())
    }

    async fn suite(&mut self, suite: SuiteName) -> Result<(), Broken> {
        let configurations = self.configurations();
        match suite {
            SuiteName::Assumptions => {
                let beats = |it: &&Configuration| it.options.terms.heartbeat_timeout.is_some();
                let chosen = configurations.iter().find(beats).or(configurations.first());
                let Some(chosen) = chosen else { return Ok(()) };
                return self.assumptions(chosen).await;
            }
            SuiteName::Random => return self.random().await,
            SuiteName::Faults(Fault::Crash) if !self.conformed.manifest.crashes => return Ok(()),
            SuiteName::Faults(_) | SuiteName::Edges | SuiteName::Complete | SuiteName::Walks => {}
        }
        let most = if matches!(suite, SuiteName::Faults(_)) { FAULTY } else { usize::MAX };
        for configuration in configurations.iter().take(most) {
            loop {
                let (known, parts) = (self.known.count(), self.conformed.parts.len());
                self.of_machine(suite, configuration).await?;
                if self.is_over() {
                    return Ok(());
                }
                if self.known.count() == known {
                    break;
                }
                // From the beginning, past what is known by now.
                self.conformed.parts.truncate(parts);
            }
        }
        Ok(())
    }

    /// A suite that is derived from the machine of a configuration.
    async fn of_machine(
        &mut self,
        suite: SuiteName,
        configuration: &Configuration,
    ) -> Result<(), Broken> {
        let manifest = &self.conformed.manifest;
        let inputs = configuration.alphabet(manifest.can);
        let explicit = match Explicit::of(configuration, &inputs, manifest.observes) {
            Ok(explicit) => explicit,
            Err(too_large) => {
                self.unfinished(suite.name(), configuration, too_large.to_string());
                return Ok(());
            }
        };
        let (name, fault) = match suite {
            SuiteName::Faults(fault) => (fault.name().to_owned(), fault),
            SuiteName::Complete => {
                (Kind::Complete(self.plan.extra_states(manifest.clock)).to_string(), Fault::None)
            }
            SuiteName::Edges | SuiteName::Walks | SuiteName::Assumptions | SuiteName::Random => {
                (suite.name().to_owned(), Fault::None)
            }
        };
        let minimal = explicit.minimal();
        let states = Some(minimal.states());
        let can = manifest.can;
        let job =
            Maker { terms: terms(configuration, manifest), fault, configuration, inputs, can };
        if suite == SuiteName::Walks {
            let walks = Walks::new(minimal.mealy(), self.plan.walk_length, self.plan.seed);
            let jobs = walks.take(self.plan.walks).map(|word| job.of(&word, 0));
            return self.part(&name, states, jobs, self.plan.walks).await;
        }
        let kind = match suite {
            SuiteName::Complete => Kind::Complete(self.plan.extra_states(manifest.clock)),
            _ => Kind::Edges,
        };
        let Some(suite) = Suite::of(minimal, kind) else {
            self.unfinished(&name, configuration, format!("{kind} has too many sequences"));
            return Ok(());
        };
        let most = self.plan.most_sequences.unwrap_or(usize::MAX);
        let is_complete = matches!(kind, Kind::Complete(_));
        let is_first = !self.conformed.parts.iter().any(|it| it.suite == name);
        if is_complete && suite.sequences > most && !is_first {
            return Ok(());
        }
        // What was compared once need not be looked at again: on a virtual clock, where nothing is late,
        // and if no sequence is passed over before its end.
        let looks_once = fault == Fault::None
            && manifest.clock == SystemClock::Virtual
            && self.known.count() == 0;
        let jobs = suite.trie.sequences_with_seen();
        let jobs = jobs.map(|(word, seen)| job.of(&word, if looks_once { seen } else { 0 }));
        self.part(&name, states, jobs, suite.sequences).await
    }

    fn unfinished(&mut self, suite: &str, configuration: &Configuration, why: String) {
        self.conformed.parts.push(Part {
            suite: suite.to_owned(),
            configuration: configuration.name.clone(),
            states: None,
            played: Played::default(),
            sequences: 0,
            verdict: PartVerdict::Unfinished(why),
            elapsed: Duration::ZERO,
        });
    }

    /// Plays the sequences of a suite, and shrinks the first that differs.
    async fn part(
        &mut self,
        suite: &str,
        states: Option<usize>,
        jobs: impl IntoIterator<Item = Job>,
        sequences: usize,
    ) -> Result<(), Broken> {
        let mut jobs = jobs.into_iter().peekable();
        let Some(first) = jobs.peek() else { return Ok(()) };
        let (configuration, fault) = (first.configuration.to_string(), first.fault);
        self.begin(fault).await?;
        self.watch.begins(&format!("{suite}: {configuration}"), sequences);
        #[expect(clippy::disallowed_methods, reason = "how long it took is told")]
        let begun = Instant::now();
        let width = if fault == Fault::Crash { self.plan.width * 8 } else { self.plan.width };
        let play = Play { width, known: self.known.clone(), ..Play::default() };
        let played = play.all(self.system, &mut self.names, jobs, self.watch).await?;
        let verdict = verdict(&played, sequences, self.watch);
        self.ended(&played, &verdict);
        let found = played.findings.iter().min_by_key(|it| it.job.sequence.len()).cloned();
        self.conformed.parts.push(Part {
            suite: suite.to_owned(),
            configuration,
            states,
            sequences,
            verdict,
            elapsed: begun.elapsed(),
            played,
        });
        if let Some(finding) = found {
            self.found(suite, finding).await?;
        }
        Ok(())
    }

    fn ended(&self, played: &Played, verdict: &PartVerdict) {
        let (sequences, steps) = (played.sequences, played.steps);
        let verdict = match verdict {
            PartVerdict::Agrees => "no difference",
            PartVerdict::Differs if self.shrinks => "a difference, which is being shrunk",
            PartVerdict::Differs => "a difference",
            PartVerdict::Unfinished(why) => why,
        };
        self.watch.ends(&format!("{sequences} sequences, {steps} steps, {verdict}"));
    }

    /// Begins anew, so that what is crashed is durable; and with nothing that was there before.
    async fn begin(&mut self, fault: Fault) -> Result<(), Broken> {
        let durable = fault == Fault::Crash;
        if durable || self.durable {
            self.system.begin_anew(durable).await?;
            self.names.begin_anew();
            self.durable = durable;
        }
        Ok(())
    }

    async fn found(&mut self, suite: &str, finding: Finding) -> Result<(), Broken> {
        let (steps, played) = (finding.job.sequence.len(), self.played_before());
        let before = finding.clone();
        let shortest = match self.shrinks {
            false => Ok(finding),
            true => {
                let (known, width) = (&self.known, self.plan.width);
                shrink::shortest(self.system, &mut self.names, finding, known, width).await?
            }
        };
        match shortest {
            Ok(finding) => {
                let is_new = !self.known.has(&finding);
                self.known.add(&before);
                self.known.add(&finding);
                let found = Found { finding, suite: suite.to_owned(), number: played, steps };
                match &self.conformed.found {
                    None => self.conformed.found = Some(found),
                    Some(_) if is_new => self.conformed.further.push(found),
                    Some(_) => {}
                }
            }
            // What differs once and not again is no disagreement.
            Err(assumption) => self.conformed.assumption = Some(assumption),
        }
        Ok(())
    }

    fn played_before(&self) -> usize {
        self.conformed.parts.last().map_or(0, |part| part.played.sequences + 1)
    }

    async fn assumptions(&mut self, configuration: &Configuration) -> Result<(), Broken> {
        let manifest = self.conformed.manifest.clone();
        let inputs = configuration.alphabet(manifest.can);
        let Ok(explicit) = Explicit::of(configuration, &inputs, manifest.observes) else {
            return Ok(());
        };
        let walks = Walks::new(explicit.minimal().mealy(), self.plan.walk_length, self.plan.seed);
        let terms = terms(configuration, &manifest);
        let can = manifest.can;
        let job = Maker { terms, fault: Fault::None, configuration, inputs, can };
        let jobs: Vec<Job> = walks.take(SAMPLED).map(|word| job.of(&word, 0)).collect();
        self.begin(Fault::None).await?;
        self.watch.begins("assumptions", jobs.len());
        #[expect(clippy::disallowed_methods, reason = "how long it took is told")]
        let begun = Instant::now();
        let sampled =
            sample::all(self.system, &mut self.names, jobs, self.plan, self.watch).await?;
        let (played, assumption) = (sampled.played, sampled.broken);
        let verdict = match &assumption {
            Some(_) => PartVerdict::Differs,
            None => verdict(&played, played.sequences, self.watch),
        };
        self.ended(&played, &verdict);
        self.conformed.parts.push(Part {
            suite: "assumptions".to_owned(),
            configuration: configuration.name.clone(),
            states: None,
            sequences: played.sequences,
            verdict,
            elapsed: begun.elapsed(),
            played,
        });
        self.conformed.assumption = assumption;
        match sampled.finding {
            Some(finding) => self.found("assumptions", finding).await,
            None => Ok(()),
        }
    }

    async fn random(&mut self) -> Result<(), Broken> {
        let manifest = self.conformed.manifest.clone();
        if manifest.clock != SystemClock::Virtual {
            return Ok(());
        }
        self.begin(Fault::None).await?;
        #[expect(clippy::disallowed_methods, reason = "how long it took is told")]
        let begun = Instant::now();
        let (played, finding) =
            random::all(self.system, &mut self.names, self.plan, self.watch).await?;
        let sequences = played.sequences + usize::from(finding.is_some());
        let mut verdict = verdict(&played, sequences, self.watch);
        if finding.is_some() {
            verdict = PartVerdict::Differs;
        }
        self.ended(&played, &verdict);
        self.conformed.parts.push(Part {
            suite: "random".to_owned(),
            configuration: "drawn anew for each sequence, durations up to 30 years".to_owned(),
            states: None,
            sequences,
            verdict,
            elapsed: begun.elapsed(),
            played,
        });
        match finding {
            Some(finding) => self.found("random", finding).await,
            None => Ok(()),
        }
    }
}

/// Makes jobs of words.
struct Maker<'a> {
    terms: crate::judge::Terms,
    fault: Fault,
    configuration: &'a Configuration,
    inputs: Vec<Input>,
    can: Capabilities,
}

impl Maker<'_> {
    fn of(&self, word: &[Symbol], seen: usize) -> Job {
        Job {
            configuration: Arc::from(self.configuration.name.as_str()),
            terms: self.terms,
            sequence: word.iter().map(|symbol| self.inputs[usize::from(*symbol)]).collect(),
            fault: self.fault,
            can: self.can,
            seen,
        }
    }
}

/// In how many configurations things go wrong.
const FAULTY: usize = 2;

/// How many walks are played again and again, to see what is assumed.
const SAMPLED: usize = 40;
