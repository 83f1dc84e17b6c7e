//! Descriptions: the pending activities of a workflow, and a standalone activity.

use super::activity::{Activity, Scheduled};
use super::error::Fault;
use super::failure::{failure, letters};
use super::history::{Run, recorded};
use super::instant::{instant, recorded_time};
use super::recorded::attempt;
use super::tree::{Node, Value};
use crate::place::Lines;
use activity_execution::PendingActivityState;
use activity_execution::history::{
    Pending, RecordedActivity, RecordedHistory, RecordedTime, Scheduled as ScheduledEvent,
};
use activity_execution::vocabulary::Dialect;

/// The activities of a description, as options.
///
/// # Errors
/// If options are missing or refused.
pub(super) fn activities(
    root: &Node<'_>,
    lines: Option<&Lines<'_>>,
) -> Result<Option<Vec<Activity>>, Fault> {
    let Some(described) = each(root)? else {
        return Ok(None);
    };
    let activities = described.into_iter().map(|Described { path, activity, options, dialect }| {
        let options = options.ok_or_else(|| without_options(activity, &path))?;
        let read = recorded(options, lines, "").map_err(|fault| fault.within(&path));
        read.map(|read| with_names_of(read, activity, dialect))
    });
    activities.collect::<Result<_, _>>().map(Some)
}

/// The activities of a description, as what is recorded of them.
///
/// # Errors
/// If it is damaged.
pub(super) fn history(root: &Node<'_>) -> Result<Option<RecordedHistory>, Fault> {
    let Some(described) = each(root)? else {
        return Ok(None);
    };
    let mut history = RecordedHistory::default();
    history.run.is_description = true;
    if let (Some(info), Some(config)) =
        (root.get("workflowExecutionInfo"), root.get("executionConfig"))
    {
        history.run.started = info.get("startTime").and_then(recorded_time);
        let started = info.get("startTime").and_then(instant);
        let ends = Run::of_instant(started, config)?.ends();
        history.run.ends = ends;
    }
    for Described { path, activity, options, dialect } in described {
        let options =
            options.ok_or_else(|| without_options(activity, &path).unlocated().to_string());
        let policy = options.as_ref().is_ok_and(|it| it.get("retryPolicy").is_some());
        let options = options.and_then(|options| {
            let read = recorded(options, None, "").map_err(|fault| fault.unlocated().to_string());
            read.map(|read| read.options.in_dialect(dialect))
        });
        let closed = closed(activity);
        let options = options.and_then(|options| match &closed {
            Some(closed) => Err(closed.clone()),
            None => Ok(options),
        });
        let pending = pending(activity)?;
        let (activity_id, activity_type) = names(activity);
        history.activities.push(RecordedActivity {
            activity_id,
            activity_type,
            scheduled: Some(ScheduledEvent {
                event_id: 0,
                time: pending.schedule_time,
                options,
                workflow_task_completed_event_id: None,
                has_retry_policy: policy,
            }),
            pending: closed.is_none().then_some(pending),
            ..RecordedActivity::default()
        });
    }
    Ok(Some(history))
}

/// An activity of a description, and where its options are.
struct Described<'n, 'a> {
    path: String,
    activity: &'n Node<'a>,
    options: Option<&'n Node<'a>>,
    dialect: Dialect,
}

/// Every activity that is described; `None` if the value is no description.
fn each<'n, 'a>(root: &'n Node<'a>) -> Result<Option<Vec<Described<'n, 'a>>>, Fault> {
    if let Some(info) = root.get("info").or(Some(root)).filter(|it| is_standalone(it)) {
        let (path, dialect) = ("info".to_owned(), Dialect::Standalone);
        return Ok(Some(vec![Described { path, activity: info, options: Some(info), dialect }]));
    }
    if root.get("pendingActivities").is_none() && root.get("workflowExecutionInfo").is_none() {
        return Ok(None);
    }
    let Some(pending) = root.get("pendingActivities") else {
        return Ok(Some(Vec::new()));
    };
    let Value::List(pending) = &pending.value else {
        let fault = Fault::new("expected a list of activities");
        return Err(fault.at("pendingActivities", &pending.place));
    };
    let described = pending.iter().enumerate().map(|(index, activity)| Described {
        path: format!("pendingActivities[{index}].activityOptions"),
        activity,
        options: activity.get("activityOptions"),
        dialect: Dialect::Workflow,
    });
    Ok(Some(described.collect()))
}

fn is_standalone(info: &Node<'_>) -> bool {
    info.get("activityId").is_some()
        && info.get("scheduledEventId").is_none()
        && (info.get("runState").is_some() || info.get("status").is_some())
}

fn without_options(activity: &Node<'_>, path: &str) -> Fault {
    Fault {
        span: activity.place.clone(),
        ..Fault::new("this server describes no options of a pending activity")
            .help("give the history: temporal workflow show --output json")
            .within(path)
    }
}

/// That a standalone activity is closed, as far as it is described.
fn closed(activity: &Node<'_>) -> Option<String> {
    let status = letters(activity.word("status")?, STATUS);
    let (_, how) = STATUSES.iter().find(|(known, _)| *known == status)?;
    let attempt = activity.word("attempt").map_or(String::new(), |it| format!(" in attempt {it}"));
    Some(format!(
        "it is closed, {how}{attempt}; a description does not tell how the attempts before it ended"
    ))
}

fn pending(activity: &Node<'_>) -> Result<Pending, Fault> {
    let time = |key: &str| -> Option<RecordedTime> {
        activity.get(key).and_then(recorded_time).filter(|time| *time > 0)
    };
    let state = activity.word("state").or_else(|| activity.word("runState"));
    let state = state.map(|state| letters(state, "pendingactivitystate")).unwrap_or_default();
    let is_paused = activity.is("paused")
        || matches!(&*state, "paused" | "4" | "pauserequested" | "5")
        || activity.word("status").is_some_and(|it| letters(it, STATUS) == "paused");
    let state = match &*state {
        "scheduled" | "1" | "paused" | "4" => Some(PendingActivityState::Scheduled),
        "started" | "2" | "pauserequested" | "5" => Some(PendingActivityState::Started),
        "cancelrequested" | "3" => Some(PendingActivityState::CancelRequested),
        _ => None,
    };
    Ok(Pending {
        state,
        is_paused,
        attempt: attempt(activity)?,
        scheduled_time: time("nextAttemptScheduleTime").or(time("scheduledTime")),
        last_started_time: time("lastStartedTime"),
        last_heartbeat_time: time("lastHeartbeatTime"),
        last_failure: activity.get("lastFailure").and_then(failure),
        expiration_time: time("expirationTime"),
        schedule_time: time("scheduleTime"),
    })
}

fn names(described: &Node<'_>) -> (String, String) {
    let name = described.get("activityType");
    let name = name.and_then(|it| it.plain().or_else(|| it.word("name")));
    let activity_id = described.word("activityId").unwrap_or_default();
    (activity_id.to_owned(), name.unwrap_or_default().to_owned())
}

fn with_names_of(mut read: Activity, described: &Node<'_>, dialect: Dialect) -> Activity {
    let (activity_id, activity_type) = names(described);
    read.scheduled = Some(Scheduled { activity_id, activity_type, event_id: String::new() });
    read.options = read.options.in_dialect(dialect);
    read
}

/// The statuses of an activity that is over, and what they say.
const STATUSES: [(&str, &str); 10] = [
    ("completed", "completed"),
    ("2", "completed"),
    ("failed", "failed"),
    ("3", "failed"),
    ("canceled", "canceled"),
    ("4", "canceled"),
    ("terminated", "terminated"),
    ("5", "terminated"),
    ("timedout", "timed out"),
    ("6", "timed out"),
];
const STATUS: &str = "activityexecutionstatus";
