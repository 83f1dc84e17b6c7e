//! The core on a real clock: calls keep a quarter of a step away from every deadline, and what comes
//! too late is said to be too late.

use activity_execution::vocabulary::Span;
use activity_harness::block_on;
use activity_harness::run::{Conformed, PartVerdict, Plan, SuiteName, Unwatched, conform};
use activity_harness::seam::{
    ActivityId, ActivitySystem, Broken, Call, Command, CoreSystem, Manifest, SystemClock, Told,
};
use activity_harness::suite::graded;
use std::thread;
use std::time::{Duration, Instant};

/// The core, whose time passes by itself.
struct Real {
    core: CoreSystem,
    begun: Instant,
    passed: i64,
    step: Span,
    /// How long the answers to a round of calls take.
    slowness: Duration,
}

impl Real {
    fn new(step: Span, slowness: Duration) -> Self {
        #[expect(clippy::disallowed_methods, reason = "this clock is real")]
        let begun = Instant::now();
        Real { core: CoreSystem::new(), begun, passed: 0, step, slowness }
    }

    async fn catch_up(&mut self) -> Result<(), Broken> {
        let now = i64::try_from(self.begun.elapsed().as_millis()).expect("a test is short");
        let elapsed = Span(now - self.passed);
        self.passed = now;
        self.core.pass(elapsed).await
    }

    fn rest(time: Duration) {
        #[expect(clippy::disallowed_methods, reason = "this clock is real")]
        let ends = Instant::now() + time;
        #[expect(clippy::disallowed_methods, reason = "this clock is real")]
        while let Some(left) = ends.checked_duration_since(Instant::now()) {
            thread::park_timeout(left);
        }
    }
}

impl ActivitySystem for Real {
    fn manifest(&self) -> Manifest {
        let clock = SystemClock::Real { step: self.step, lateness: Span(0) };
        Manifest { clock, crashes: false, ..self.core.manifest() }
    }

    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
        self.catch_up().await?;
        self.core.call(activity, call).await
    }

    async fn calls(&mut self, commands: &[Command]) -> Result<Vec<Told>, Broken> {
        Real::rest(self.slowness);
        self.catch_up().await?;
        self.core.calls(commands).await
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        Real::rest(Duration::from_millis(u64::try_from(elapsed.0).expect("time goes on")));
        self.catch_up().await
    }
}

fn held(mut system: Real) -> Conformed {
    let plan = Plan {
        configurations: graded()[1..2].to_vec(),
        suites: vec![SuiteName::Edges, SuiteName::Complete],
        extra_states: Some(0),
        width: 2_000,
        ..Plan::default()
    };
    block_on(conform(&mut system, &plan, &[], &Unwatched)).expect("the core answers")
}

#[test]
fn the_core_differs_nowhere_and_a_theorem_is_claimed_where_nothing_was_late() {
    let conformed = held(Real::new(Span(400), Duration::ZERO));
    assert!(conformed.found.is_none() && conformed.assumption.is_none(), "{conformed:?}");
    for part in &conformed.parts {
        // Where the machine is busy some sequences are late, which is said.
        let on_time = part.played.sequences + part.played.late;
        assert_eq!(on_time, part.sequences, "{:?}", part.verdict);
        assert_eq!(part.verdict == PartVerdict::Agrees, part.played.late == 0);
    }
    let all_agree = conformed.parts.iter().all(|part| part.verdict == PartVerdict::Agrees);
    assert_eq!(conformed.sentence.is_some(), all_agree, "{:?}", conformed.parts);
}

#[test]
fn a_system_that_answers_too_late_is_not_judged() {
    let conformed = held(Real::new(Span(200), Duration::from_millis(120)));
    assert!(conformed.found.is_none(), "what is late is no disagreement");
    assert!(conformed.sentence.is_none(), "what is late proves nothing");
    for part in &conformed.parts {
        assert_eq!((part.played.sequences, part.played.late), (0, part.sequences));
        let PartVerdict::Unfinished(why) = &part.verdict else { panic!("{:?}", part.verdict) };
        assert!(why.contains("too late"), "{why}");
    }
}
