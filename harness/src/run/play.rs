//! Plays many sequences side by side: at each instant everybody who is awake makes a call, all of
//! them at once; then time passes to the next instant at which somebody wakes up.

use super::known::Known;
use super::lane::{Finding, Job, Lane, Logged, Turn};
use crate::judge::Difference;
use crate::seam::{ActivityId, ActivitySystem, Broken, Manifest, SystemClock, Told};
use activity_execution::vocabulary::Span;
use std::time::Instant;

/// How sequences are played.
#[derive(Clone, Debug)]
pub struct Play {
    /// How many are on the way at once.
    pub width: usize,
    /// Whether each wait is cut into two halves.
    pub halves: bool,
    /// Whether what happened is kept, of all sequences.
    pub keeps: bool,
    /// The differences that are passed over, since they were told.
    pub known: Known,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// How many sequences were played to their end.
    pub sequences: usize,
    /// How many of their inputs.
    pub steps: u64,
    /// How many calls the system answered.
    pub calls: u64,
    /// How many sequences came too late somewhere, as often as they were played, and were not
    /// judged any further.
    pub late: usize,
    /// How often a sequence came too late, and was played again.
    pub again: usize,
    /// How many sequences differed on a real clock, and not when they were played again.
    pub unsteady: usize,
    /// Whether some expectation was more than one state.
    pub several: bool,
    /// How many sequences differed in a way that was told before.
    pub known: usize,
    /// What differs; the first few.
    pub findings: Vec<Finding>,
    /// What happened, by the number of the sequence, where that is kept.
    pub logs: Vec<(usize, Vec<Logged>)>,
}

/// Who is told how far it has come, and may end it.
pub trait Watch {
    /// Another suite begins, of so many sequences.
    fn begins(&self, suite: &str, sequences: usize);

    /// It is over, with this result.
    fn ends(&self, result: &str);

    /// So many sequences more were played, of so many steps.
    fn played(&self, sequences: usize, steps: u64);

    /// Whether the time is up.
    fn is_cut_off(&self) -> bool;
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn begins(&self, _: &str, _: usize) {}
    fn ends(&self, _: &str) {}
    fn played(&self, _: usize, _: u64) {}
    fn is_cut_off(&self) -> bool {
        false
    }
}

impl Default for Play {
    fn default() -> Self {
        Play { width: 256, halves: false, keeps: false, known: Known::default() }
    }
}

impl Played {
    /// Adds what came of others.
    pub fn add(&mut self, other: Played) {
        self.sequences += other.sequences;
        self.steps += other.steps;
        self.calls += other.calls;
        self.late += other.late;
        self.again += other.again;
        self.unsteady += other.unsteady;
        self.known += other.known;
        self.several |= other.several;
        self.findings.extend(other.findings);
        self.logs.extend(other.logs);
    }
}

impl Play {
    /// Plays sequences, in their order, until one differs or all are played.
    ///
    /// All of them meet the same fault; one that crashes the system begins with a durable one.
    ///
    /// # Errors
    /// If the system breaks down.
    pub async fn all<S: ActivitySystem>(
        &self,
        system: &mut S,
        names: &mut Activities,
        jobs: impl IntoIterator<Item = Job>,
        watch: &impl Watch,
    ) -> Result<Played, Broken> {
        let manifest = system.manifest();
        let mut round = Round {
            play: self.clone(),
            clock: Clock::of(&manifest, names),
            gap: gap(&manifest, self.width),
            lanes: Vec::new(),
            late: Vec::new(),
            played: Played::default(),
            begun: 0,
            ended: Vec::new(),
            told: (0, 0),
        };
        let mut jobs = jobs.into_iter();
        loop {
            let goes_on = round.played.findings.is_empty() && !watch.is_cut_off();
            while goes_on && round.lanes.len() < self.width {
                if let Some(job) = jobs.next() {
                    round.begin(job, names);
                } else if !round.begin_again(names) {
                    break;
                }
            }
            if round.lanes.is_empty() || !goes_on {
                break;
            }
            round.play(system, watch).await?;
        }
        let left: Vec<ActivityId> = round.lanes.iter().map(|lane| lane.activity).collect();
        system.forget(&left).await?;
        names.now = round.clock.now();
        Ok(round.played)
    }
}

/// The names of activities, of which none is used twice, and the present of a virtual clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Activities {
    next: u64,
    now: i64,
}

impl Activities {
    /// A name that was never used.
    pub(super) fn fresh(&mut self) -> ActivityId {
        let fresh = ActivityId(self.next);
        self.next += 1;
        fresh
    }

    /// The system began anew: so does its clock.
    pub fn begin_anew(&mut self) {
        self.now = 0;
    }
}

/// The clock of a run, in milliseconds.
#[derive(Debug)]
enum Clock {
    Virtual(i64),
    Real(Instant),
}

impl Clock {
    fn of(manifest: &Manifest, names: &Activities) -> Self {
        match manifest.clock {
            SystemClock::Virtual => Clock::Virtual(names.now),
            #[expect(clippy::disallowed_methods, reason = "the clock of the system is real")]
            SystemClock::Real { .. } => Clock::Real(Instant::now()),
        }
    }

    fn now(&self) -> i64 {
        match self {
            Clock::Virtual(now) => *now,
            Clock::Real(begun) => i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX),
        }
    }
}

/// How long after one sequence the next one begins, of so many that are on the way at once.
fn gap(manifest: &Manifest, width: usize) -> i64 {
    match manifest.clock {
        SystemClock::Virtual => 0,
        SystemClock::Real { step, .. } => i64::try_from(width).map_or(0, |width| step.0 / width),
    }
}

/// How often a sequence is played at most that comes too late.
const TRIES: u8 = 3;

/// The sequences that are on the way.
struct Round {
    play: Play,
    clock: Clock,
    /// How long after one sequence the next one begins.
    gap: i64,
    lanes: Vec<Lane>,
    /// Those that are to be played again, from the start.
    late: Vec<Lane>,
    played: Played,
    begun: usize,
    /// The activities that nobody will ask about again.
    ended: Vec<ActivityId>,
    /// How much the watch was told of.
    told: (usize, u64),
}

impl Round {
    fn begin(&mut self, job: Job, names: &mut Activities) {
        let lane = Lane::new(job, self.begun, names.fresh(), self.beginning());
        self.lanes.push(lane);
        self.begun += 1;
    }

    /// When the next sequence begins: on a real clock not together with others, so that their calls
    /// are not made together either.
    fn beginning(&self) -> i64 {
        let last = self.lanes.iter().map(|lane| lane.begun).max();
        let now = self.clock.now();
        last.map_or(now, |last| now.max(last + self.gap))
    }

    /// Begins one again, if there is one.
    fn begin_again(&mut self, names: &mut Activities) -> bool {
        let Some(Lane { job, number, tries, differed, .. }) = self.late.pop() else { return false };
        let mut lane = Lane::new(job, number, names.fresh(), self.beginning());
        (lane.tries, lane.differed) = (tries, differed);
        self.lanes.push(lane);
        true
    }

    /// Lets a sequence go that came too late.
    fn too_late(&mut self, mut lane: Lane) {
        self.ended.push(lane.activity);
        lane.tries += 1;
        if lane.tries < TRIES {
            self.played.again += 1;
            self.late.push(lane);
        } else {
            self.played.late += 1;
        }
    }

    /// Lets a sequence go that differs. On a real clock it may be that a timer was late, which
    /// nobody sees: it has to differ twice.
    fn differs(&mut self, mut lane: Lane, difference: Box<Difference>) {
        self.ended.push(lane.activity);
        if matches!(self.clock, Clock::Real(_)) && !lane.differed {
            lane.differed = true;
            self.late.push(lane);
            return;
        }
        self.played.several |= !lane.was_single();
        let finding = lane.finding(difference);
        if self.play.known.has(&finding) {
            self.played.known += 1;
        } else {
            self.played.findings.push(finding);
        }
    }

    /// Lets everybody who is awake make a call, or time pass.
    async fn play<S: ActivitySystem>(
        &mut self,
        system: &mut S,
        watch: &impl Watch,
    ) -> Result<(), Broken> {
        let (now, mut commands) = (self.clock.now(), Vec::new());
        for lane in &mut self.lanes {
            lane.ask(now, &mut commands);
        }
        if commands.is_empty() {
            self.end(system, watch).await?;
            return self.pass(system, now).await;
        }
        self.played.calls += commands.len() as u64;
        let told = system.calls(&commands).await.map_err(|broken| {
            let asked = self.lanes.iter().find(|lane| lane.waits_for > 0);
            broken.during(asked.map_or_else(String::new, Lane::place))
        })?;
        if told.len() != commands.len() {
            return Err(Broken::new("it did not answer as many calls as were made"));
        }
        self.judge(told);
        if self.lanes.iter().any(Lane::is_to_crash) && self.played.findings.is_empty() {
            system.crash().await?;
            self.lanes.iter_mut().for_each(Lane::crashed);
        }
        self.end(system, watch).await
    }

    fn judge(&mut self, told: Vec<Told>) {
        let (mut told, now) = (told.into_iter(), self.clock.now());
        let is_real = matches!(self.clock, Clock::Real(_));
        let mut kept = Vec::with_capacity(self.lanes.len());
        for mut lane in std::mem::take(&mut self.lanes) {
            if lane.waits_for == 0 {
                kept.push(lane);
                continue;
            }
            let own: Vec<Told> = told.by_ref().take(lane.waits_for).collect();
            lane.waits_for = 0;
            if is_real && now - lane.wakes() > lane.job.terms.tolerance.0 {
                self.too_late(lane);
                continue;
            }
            match lane.told(own) {
                Turn::Goes => kept.push(lane),
                Turn::Ends => self.done(lane),
                Turn::Differs(difference) => self.differs(lane, difference),
            }
        }
        self.lanes = kept;
    }

    fn done(&mut self, lane: Lane) {
        self.played.sequences += 1;
        self.played.unsteady += usize::from(lane.differed);
        self.played.steps += lane.job.sequence.len() as u64;
        self.played.several |= !lane.was_single();
        self.ended.push(lane.activity);
        if self.play.keeps {
            self.played.logs.push((lane.number, lane.into_log()));
        }
    }
}

impl Round {
    /// Lets those go that have nothing more to do.
    async fn end<S: ActivitySystem>(
        &mut self,
        system: &mut S,
        watch: &impl Watch,
    ) -> Result<(), Broken> {
        let lanes = std::mem::take(&mut self.lanes);
        let (over, on): (Vec<Lane>, Vec<Lane>) = lanes.into_iter().partition(Lane::is_over);
        self.lanes = on;
        over.into_iter().for_each(|lane| self.done(lane));
        if !self.ended.is_empty() {
            system.forget(&self.ended).await?;
            self.ended.clear();
            let (sequences, steps) = (self.played.sequences, self.played.steps);
            watch.played(sequences - self.told.0, steps - self.told.1);
            self.told = (sequences, steps);
        }
        Ok(())
    }

    /// Lets time pass until somebody wakes up.
    async fn pass<S: ActivitySystem>(&mut self, system: &mut S, now: i64) -> Result<(), Broken> {
        let Some(wakes) = self.lanes.iter().map(Lane::wakes).min() else { return Ok(()) };
        let elapsed = wakes - now;
        let half = if self.play.halves { elapsed / 2 } else { 0 };
        for part in [half, elapsed - half].into_iter().filter(|part| *part > 0) {
            let passed = system.pass(Span(part)).await;
            passed.map_err(|broken| {
                match self.lanes.iter().find(|lane| lane.wakes() == wakes) {
                    Some(lane) => broken.during(lane.place()),
                    None => broken,
                }
            })?;
        }
        if let Clock::Virtual(now) = &mut self.clock {
            *now = wakes;
        }
        Ok(())
    }
}
