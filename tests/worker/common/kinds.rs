//! What a step of a task shows, in words, and which of these words can occur.

use super::Note;
use activity_execution::worker::{
    ActivityTask, Cancel, Effect, LocalTimer, Report, TaskAction, TaskFailure, TaskRejection,
    TaskStep,
};
use std::collections::BTreeSet;

type Task = ActivityTask<i64, Note>;

/// One word for each kind of thing that a step shows.
pub(crate) fn kinds(before: &Task, step: &TaskStep<i64, Note>) -> Vec<String> {
    let phase = match before {
        Task::Absent => "in Absent",
        Task::Running(_) => "in Running",
        Task::Gone { .. } => "in Gone",
        Task::Flushing(_) => "in Flushing",
        Task::Reporting => "in Reporting",
        Task::Released => "in Released",
    };
    let mut kinds = vec![phase.to_string()];
    match &step.reply {
        Err(rejection) => kinds.push(format!("{rejection:?}")),
        Ok(effect) => {
            if let TaskAction::Elapses(timer) = step.action {
                kinds.push(format!("{phase}: {timer:?}"));
            }
            match effect {
                None => {}
                Some(Effect::RecordActivityTaskHeartbeat { .. }) => {
                    kinds.push(format!("{phase}: heartbeat"));
                }
                Some(Effect::Cancel(cancel)) => kinds.push(told(cancel)),
                Some(Effect::Respond(report)) => {
                    kinds.push(format!("{phase}: {}", reported(report)));
                }
                Some(Effect::ReleaseSlot) => kinds.push(format!("{phase}: slot released")),
            }
        }
    }
    kinds
}

fn told(cancel: &Cancel) -> String {
    let details = cancel.details;
    let flags = [
        (details.is_not_found, " not_found"),
        (details.is_cancelled, " cancelled"),
        (details.is_paused, " paused"),
        (details.is_timed_out, " timed_out"),
        (details.is_worker_shutdown, " worker_shutdown"),
        (details.is_reset, " reset"),
    ];
    let set = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, name)| *name);
    format!("told {:?}:{}", cancel.reason, set.collect::<String>())
}

fn reported(report: &Report<Note>) -> String {
    match report {
        Report::Completed { .. } => "completed".to_string(),
        Report::Canceled { .. } => "canceled".to_string(),
        Report::Failed { failure, last_heartbeat_details } => {
            let kind = match failure {
                TaskFailure::Function { .. } => "Function",
                TaskFailure::CancelNotRequested { .. } => {
                    failure.type_name().expect("a failure that stands for another has a type")
                }
            };
            let details = if last_heartbeat_details.is_some() { "with" } else { "without" };
            format!("failed {kind} {details} details")
        }
    }
}

/// Every kind that can occur.
pub(crate) fn expected() -> BTreeSet<String> {
    let mut expected: BTreeSet<String> = [
        "in Absent",
        "in Running",
        "in Gone",
        "in Flushing",
        "in Reporting",
        "in Released",
        "in Running: heartbeat",
        "in Flushing: heartbeat",
        "in Running: slot released",
        "in Gone: slot released",
        "in Flushing: slot released",
        "in Reporting: slot released",
        "in Flushing: HeartbeatCall",
        "told NotFound: not_found",
        "told Cancelled: cancelled",
        "told Cancelled: cancelled paused",
        "told Cancelled: cancelled reset",
        "told Cancelled: cancelled paused reset",
        "told TimedOut: not_found timed_out",
        "told WorkerShutdown: worker_shutdown",
        "told Paused: paused",
        "told Reset: reset",
        "told Reset: paused reset",
        "told HeartbeatDetailsConversionFailed:",
    ]
    .map(String::from)
    .into();
    expected.extend(TaskRejection::ALL.map(|rejection| format!("{rejection:?}")));
    expected.extend(LocalTimer::ALL.map(|timer| format!("in Running: {timer:?}")));
    for phase in ["in Running", "in Flushing"] {
        expected.extend(["completed", "canceled"].map(|kind| format!("{phase}: {kind}")));
        for kind in [
            "Function",
            "CancelNotRequested",
            "WorkerShutdown",
            "ActivityPause",
            "ActivityReset",
            "HeartbeatDetailsConversionFailed",
        ] {
            expected.insert(format!("{phase}: failed {kind} with details"));
            // Only a heartbeat brings a pause or a reset, and only a call in flight is waited for.
            let needs_heartbeat = kind == "ActivityPause" || kind == "ActivityReset";
            if phase == "in Running" && !needs_heartbeat {
                expected.insert(format!("{phase}: failed {kind} without details"));
            }
        }
    }
    expected
}
