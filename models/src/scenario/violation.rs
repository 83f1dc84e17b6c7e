//! The violations that a step of a scenario can have, and their descriptions.

use super::show;
use activity_execution::vocabulary::{
    CancelRequest, Deadlines, Observation, Phase, Reply, Span, TimeoutType, Timestamp,
};
use activity_execution::{Deadline, Payload};
use std::fmt;

/// Whose step it was.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Side {
    /// The core, or what is played in its place.
    Core,
    /// The specification.
    Specification,
}

/// One thing that is wrong with a step.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Violation {
    /// A promise does not hold.
    Promise {
        /// Its name.
        name: &'static str,
        /// What it says.
        statement: &'static str,
        /// Who breaks it.
        side: Side,
    },
    /// Core and specification answer differently.
    Reply {
        /// What the core says.
        core: Reply,
        /// What the specification says.
        specification: Reply,
    },
    /// Core and specification stand differently after the step.
    Observation {
        /// In what.
        differences: Vec<Difference>,
    },
    /// A refused step changed something.
    Refusal {
        /// What.
        differences: Vec<Difference>,
    },
    /// Folding the events gives another execution.
    Recovery {
        /// In what: recovered first.
        differences: Vec<Difference>,
    },
    /// The core will not wake up when it has to.
    Deadline {
        /// What it says.
        core: Option<Deadline>,
        /// The earliest instant that is armed.
        expected: Option<Timestamp>,
    },
}

/// A part of an execution that differs, in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// Its name.
    pub part: &'static str,
    /// As the first one has it.
    pub first: String,
    /// As the second one has it.
    pub second: String,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Core => "core",
            Side::Specification => "specification",
        })
    }
}

impl Violation {
    /// The name of the promise, or of the comparison, that failed.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Violation::Promise { name, .. } => name,
            Violation::Reply { .. } => "core_and_specification_answer_alike",
            Violation::Observation { .. } => "core_and_specification_stand_alike",
            Violation::Refusal { .. } => "a_refusal_changes_nothing",
            Violation::Recovery { .. } => "folding_the_events_gives_the_execution",
            Violation::Deadline { .. } => "the_core_wakes_up_at_its_earliest_deadline",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name())?;
        let (first, second, differences) = match self {
            Violation::Promise { statement, side, .. } => {
                return write!(f, ", broken by the {side}\n  promised: {statement}");
            }
            Violation::Reply { core, specification } => {
                let (core, expected) = (show::answer(core), show::answer(specification));
                return write!(f, "\n  expected: {expected}\n  the core: {core}");
            }
            Violation::Deadline { core, expected } => {
                let at = |Timestamp(at): Timestamp| format!("at {at} ms");
                let expected = expected.map_or("never".to_owned(), at);
                let core = core.map_or("never".to_owned(), |Deadline { timeout_type, time }| {
                    format!("{}, for {timeout_type}", at(time))
                });
                return write!(f, "\n  expected: {expected}\n  the core: {core}");
            }
            Violation::Observation { differences } => ("the core", "expected", differences),
            Violation::Refusal { differences } => ("before", "after", differences),
            Violation::Recovery { differences } => ("recovered", "expected", differences),
        };
        for difference in differences {
            let Difference { part, first: one, second: other } = difference;
            write!(f, "\n  {part}: {second} {other}, {first} {one}")?;
        }
        Ok(())
    }
}

/// Where two executions differ; instants are told from the schedule time of the first.
#[must_use]
pub fn differences(first: &Observation, second: &Observation) -> Vec<Difference> {
    let origin = first.schedule_time;
    let (parts, others) = (parts(first, origin), parts(second, origin));
    let mut differences: Vec<Difference> = parts
        .into_iter()
        .zip(others)
        .filter(|(one, other)| one.1 != other.1)
        .map(|((part, first), (_, second))| Difference { part, first, second })
        .collect();
    // Words may hide what differs; a part that has no words yet must not.
    if differences.is_empty() && first != second {
        let [first, second] = [first, second].map(|it| format!("{it:?}"));
        differences.push(Difference { part: "all", first, second });
    }
    differences
}

/// An instant as scenarios tell it: how long after the schedule time.
pub(super) fn instant(time: Timestamp, origin: Timestamp) -> String {
    show::span(time - origin)
}

/// How an execution stands, in every part that there is and that its options do not say.
pub(super) fn description(observation: &Observation) -> String {
    let is_said = |(part, value): &(&str, String)| {
        !["now", "schedule_time", "start_request_id"].contains(part)
            && !["none", "0"].contains(&value.as_str())
    };
    let parts = parts(observation, observation.schedule_time).into_iter().filter(is_said);
    let say = |(part, value)| match part {
        "phase" | "deadlines" => value,
        _ => format!("{part} {value}"),
    };
    parts.map(say).collect::<Vec<_>>().join(", ")
}

fn parts(observation: &Observation, origin: Timestamp) -> [(&'static str, String); 15] {
    let it = observation;
    let optional = |time: &Option<Timestamp>| match time {
        None => "none".to_owned(),
        Some(time) => instant(*time, origin),
    };
    let terminated = it.terminate_request_id.map_or("none".into(), show::request_id);
    [
        ("now", instant(it.now, origin)),
        ("schedule_time", instant(it.schedule_time, origin)),
        ("start_request_id", show::request_id(it.start_request_id)),
        ("attempt", it.attempt.0.to_string()),
        ("phase", show_phase(&it.phase, origin)),
        ("deadlines", show_deadlines(&it.deadlines, origin)),
        ("last_started_time", optional(&it.last_started_time)),
        ("last_attempt_complete_time", optional(&it.last_attempt_complete_time)),
        ("last_heartbeat_time", optional(&it.last_heartbeat_time)),
        ("heartbeat_details", show::payload(&it.heartbeat_details)),
        ("total_heartbeat_count", it.total_heartbeat_count.to_string()),
        ("last_failure", show::payload(&it.last_failure)),
        ("last_worker_identity", show::identity(&it.last_worker_identity)),
        ("cancel_request", show_cancel_request(it.cancel_request.as_ref())),
        ("terminate_request_id", terminated),
    ]
}

fn show_phase(phase: &Phase, origin: Timestamp) -> String {
    match phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            let waits: String = retry_interval
                .map_or(String::new(), |interval: Span| format!(" after {}", show::span(interval)));
            format!("Scheduled for {}{waits}", instant(*dispatch_time, origin))
        }
        Phase::Started { request_id, dispatch_time } => format!(
            "Started by request {}, dispatched at {}",
            show::request_id(*request_id),
            instant(*dispatch_time, origin)
        ),
        Phase::Closed { outcome, close_time } => {
            format!("Closed at {}, {}", instant(*close_time, origin), show::outcome(outcome))
        }
    }
}

fn show_deadlines(deadlines: &Deadlines, origin: Timestamp) -> String {
    let armed: Vec<String> =
        deadlines.armed().map(|(timeout_type, at)| deadline(timeout_type, at, origin)).collect();
    if armed.is_empty() { "none".into() } else { armed.join(", ") }
}

/// A deadline: which, and when.
pub(super) fn deadline(timeout_type: TimeoutType, at: Timestamp, origin: Timestamp) -> String {
    format!("{} {}", timeout_type.name(), instant(at, origin))
}

fn show_cancel_request(request: Option<&CancelRequest<Payload>>) -> String {
    request.map_or("none".into(), |request| {
        format!(
            "{} {} by {}",
            show::request_id(request.request_id),
            show::payload(&request.reason),
            show::identity(&request.identity)
        )
    })
}
