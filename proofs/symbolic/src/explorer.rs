//! Runs a closure once per path, one exploration after another or several at a time.

use crate::budget::{Budget, CutOff};
use crate::context::{Context, Stop, enter, leave, with};
use crate::path::{End, Instance, Path};
use crate::report::{Failure, Report};
use crate::step::{Place, Step};
use crate::tree::{Paths, Recorder};
use std::any::Any;
use std::fmt;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// How explorations are run. The defaults: a budget per exploration, as many threads as cores,
/// the first failure of each name, paths not recorded.
#[derive(Clone, Debug)]
pub struct Explorer {
    budget: Budget,
    threads: Option<usize>,
    every_failure: bool,
    record_paths: bool,
}

/// A named closure to be explored on any thread.
pub struct Job<'a> {
    name: String,
    closure: Box<dyn FnMut() + Send + 'a>,
}

/// What happened when a closure was executed on an instance.
#[derive(Clone, Debug)]
#[must_use = "a replay may have failed"]
pub struct Replay {
    /// The decisions taken.
    pub path: Path,
    /// The failed checks, in order.
    pub failures: Vec<Failure>,
}

/// Executes `closure` once per feasible path and reports what its checks found.
///
/// A panic of the closure is a failure as well; it ends the exploration.
///
/// # Panics
/// Inside of another exploration.
pub fn prove(name: &str, budget: Budget, closure: impl FnMut()) -> Report {
    Explorer::new(budget).prove(name, closure)
}

/// Executes `closure` once, on concrete integers: nothing forks, integers print as numbers.
///
/// # Panics
/// Inside of another exploration.
pub fn replay(instance: &Instance, closure: impl FnOnce()) -> Replay {
    let unlimited = Budget { paths: u64::MAX, decisions: usize::MAX, time: Duration::MAX };
    enter(Context::following(instance.clone(), unlimited));
    let end = execute(closure);
    let mut context = leave();
    let end = context.conclude(end).unwrap_or(End::Midway);
    let steps = context.nodes.iter().map(|node| node.step);
    Replay { path: Step::path(steps, &context.terms, end), failures: context.failures }
}

impl Explorer {
    /// An explorer with this budget for each exploration.
    pub fn new(budget: Budget) -> Self {
        Self { budget, threads: None, every_failure: false, record_paths: false }
    }

    /// With so many threads. The reports do not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Keeps every failure instead of the first of each name.
    #[must_use]
    pub fn every_failure(mut self) -> Self {
        self.every_failure = true;
        self
    }

    /// Keeps every path in the report.
    #[must_use]
    pub fn record_paths(mut self) -> Self {
        self.record_paths = true;
        self
    }

    /// As the function `prove`.
    ///
    /// # Panics
    /// Inside of another exploration.
    pub fn prove(&self, name: &str, closure: impl FnMut()) -> Report {
        self.explore(name, None, closure)
    }

    /// Explores all jobs, several at a time; the reports come in the order of the jobs.
    pub fn prove_all(&self, jobs: Vec<Job<'_>>) -> Vec<Report> {
        self.parallel(jobs, |mut job| self.explore(&job.name, None, &mut job.closure))
    }

    /// Explores `|| closure(choose(parts))` with the parts on several threads, as one report.
    /// Budget and distinct certificates are counted for each part.
    #[track_caller]
    pub fn prove_split(&self, name: &str, parts: usize, closure: impl Fn(usize) + Sync) -> Report {
        let at = Location::caller();
        let options = u32::try_from(parts).expect("a choice has fewer than 2^32 alternatives");
        let parts = self.parallel((0..options).collect(), |part| {
            self.explore(name, Some((options, part, at)), || closure(crate::choose(parts)))
        });
        Report::join(name, parts, self.every_failure)
    }

    fn explore(
        &self,
        name: &str,
        pinned: Option<(u32, u32, Place)>,
        mut closure: impl FnMut(),
    ) -> Report {
        let mut context = Context::new(self.budget);
        context.every_failure = self.every_failure;
        context.recorder = self.record_paths.then(Recorder::default);
        if let Some((options, taken, at)) = pinned {
            context.pin(options, taken, at);
        }
        enter(context);
        let cut_off = loop {
            let go_on = with(|context| {
                context.begin_path();
                context.another_path()
            });
            if let Err(stop) = go_on {
                break stop.cut_off();
            }
            let end = execute(&mut closure);
            match with(|context| context.conclude(end)) {
                Err(stop) => break stop.cut_off(),
                Ok(End::Midway) => break None,
                Ok(End::Finished | End::Pruned) => {}
            }
            if !with(|context| context.backtrack(context.floor)) {
                break None;
            }
        };
        leave().into_report(name, cut_off)
    }

    fn parallel<I: Send>(&self, items: Vec<I>, run: impl Fn(I) -> Report + Sync) -> Vec<Report> {
        let count = items.len();
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        let threads = self.threads.unwrap_or_else(cores).clamp(1, count.max(1));
        let queue = Mutex::new(items.into_iter().enumerate());
        let done = Mutex::new(Vec::with_capacity(count));
        let work = || {
            while let Some((index, item)) = next(&queue) {
                let report = run(item);
                done.lock().expect("no thread panics with the lock").push((index, report));
            }
        };
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        let mut reports = done.into_inner().expect("no thread panicked with the lock");
        reports.sort_by_key(|&(index, _)| index);
        reports.into_iter().map(|(_, report)| report).collect()
    }
}

fn next<T>(queue: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    queue.lock().expect("no thread panics with the lock").next()
}

fn execute(closure: impl FnOnce()) -> Result<(), Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(|| {
        closure();
        with(|context| context.must_repeat_decisions());
    }))
}

impl Context {
    /// Records how the execution of the closure ended: `Midway` is a panic.
    fn conclude(&mut self, end: Result<(), Box<dyn Any + Send>>) -> Result<End, Stop> {
        let end = match end {
            Ok(()) if self.settle() => End::Finished,
            Ok(()) => End::Pruned,
            Err(payload) => match payload.downcast_ref::<Stop>() {
                Some(Stop::Pruned) => End::Pruned,
                Some(Stop::DeadEnd) => return Ok(End::Pruned),
                Some(&stop @ Stop::CutOff(_)) => return Err(stop),
                None if !self.settle() => End::Pruned,
                None => {
                    let name = format!("panic: {}", message(&*payload));
                    self.end_words();
                    let failure = self.failure(&name, None, &[]);
                    self.failures.push(failure);
                    End::Midway
                }
            },
        };
        self.leaf(end);
        Ok(end)
    }

    fn into_report(mut self, name: &str, cut_off: Option<CutOff>) -> Report {
        self.statistics.elapsed = self.clock.elapsed();
        self.statistics.certificates = self.solver.certificates();
        let recorder = self.recorder.take();
        Report {
            name: name.to_owned(),
            statistics: self.statistics,
            failures: self.failures,
            cut_off,
            paths: recorder.map_or_else(Paths::default, |recorder| recorder.finish(&self.terms)),
        }
    }
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}

impl Stop {
    fn cut_off(self) -> Option<CutOff> {
        match self {
            Self::CutOff(limit) => Some(limit),
            Self::Pruned | Self::DeadEnd => None,
        }
    }
}

impl<'a> Job<'a> {
    /// A job of this name.
    pub fn new(name: impl Into<String>, closure: impl FnMut() + Send + 'a) -> Self {
        Self { name: name.into(), closure: Box::new(closure) }
    }
}

impl fmt::Debug for Job<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Job").field("name", &self.name).finish_non_exhaustive()
    }
}
