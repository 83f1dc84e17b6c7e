//! A run that goes on after a difference: it tells each kind once, the shortest of each, and ends.

use activity_execution::vocabulary::Span;
use activity_harness::block_on;
use activity_harness::run::{Conformed, PartVerdict, Plan, SuiteName, Unwatched, conform};
use activity_harness::seam::{
    ActivityId, ActivitySystem, Broken, Call, CoreSystem, Manifest, Named, Told,
};
use activity_harness::suite::graded;

/// The core, but for two things: a heartbeat always hears of a cancel request, and nobody terminates.
struct Wrong(CoreSystem);

impl ActivitySystem for Wrong {
    fn manifest(&self) -> Manifest {
        self.0.manifest()
    }

    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
        if matches!(call, Call::Terminate { .. }) {
            return Ok(Told::Refused("NotFound".to_owned()));
        }
        let is_by_token = matches!(call, Call::Heartbeat { named: Named::Token(_), .. });
        Ok(match self.0.call(activity, call).await? {
            Told::Recorded { .. } if is_by_token => Told::Recorded { cancel_requested: true },
            told => told,
        })
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        self.0.pass(elapsed).await
    }
}

fn held(differences: usize) -> Conformed {
    let plan = Plan {
        configurations: graded()[..3].to_vec(),
        suites: vec![SuiteName::Edges],
        differences,
        ..Plan::default()
    };
    let mut wrong = Wrong(CoreSystem::new());
    block_on(conform(&mut wrong, &plan, &[], &Unwatched)).expect("it answers")
}

#[test]
fn each_kind_of_difference_is_told_once_and_as_short_as_it_can_be() {
    let conformed = held(usize::MAX);
    let all = conformed.found.iter().chain(&conformed.further);
    let mut sequences: Vec<Vec<&str>> =
        all.map(|it| it.finding.job.sequence.iter().map(|input| input.name()).collect()).collect();
    sequences.sort();
    let told: &[&[&str]] = &[
        &["complete by id", "terminate"],
        &["complete by id", "terminate again"],
        &["poll", "heartbeat"],
        &["poll", "heartbeat without details"],
        &["terminate"],
        &["terminate again"],
    ];
    let found: Vec<&[&str]> = sequences.iter().map(Vec::as_slice).collect();
    assert_eq!(found, told);
    assert!(conformed.sentence.is_none(), "what differs is no theorem");
    for part in &conformed.parts {
        assert_eq!(part.verdict, PartVerdict::Differs, "{}", part.configuration);
        assert!(part.played.known > 0 && part.played.findings.is_empty());
        assert_eq!(part.played.sequences + part.played.known, part.sequences);
    }
}

#[test]
fn a_run_ends_at_as_many_differences_as_were_asked_for() {
    for asked in 1..=2 {
        let conformed = held(asked);
        assert_eq!(usize::from(conformed.found.is_some()) + conformed.further.len(), asked);
    }
}
