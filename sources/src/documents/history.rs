//! The activities of a recorded workflow history, in the many forms that exporters write.
//! Knows events and old spellings; what the options mean is the library's to say.

use super::activity::{Activity, Scheduled};
use super::error::Fault;
use super::instant::{bounded, instant};
use super::read::{Form, duration};
use super::tree::{Node, Value};
use crate::place::Lines;
use activity_execution::history::RecordedTime;
use activity_execution::options::Nanoseconds;
use activity_execution::vocabulary::Span;

/// The events of a history, in the order of the text; `None` if the value is no history.
///
/// A history is a list of events, an object that holds one under `events` or `history`, or a list
/// of such objects, as archives write it; a single event is one too.
pub(super) fn events<'n, 'a>(node: &'n Node<'a>) -> Option<Vec<&'n Node<'a>>> {
    match &node.value {
        Value::Table(entries) => {
            let inner = entries.iter().find(|entry| {
                ["events", "history"].iter().any(|key| entry.key.eq_ignore_ascii_case(key))
            });
            match inner {
                Some(inner) if inner.node.value == Value::Null => Some(Vec::new()),
                Some(inner) => events(&inner.node),
                None => is_event(node).then(|| vec![node]),
            }
        }
        Value::List(elements) => {
            let is_one = |element: &Node<'_>| events(element).is_some() || !has_table(element);
            if !elements.iter().any(is_one) && !elements.is_empty() {
                return None;
            }
            let mut all = Vec::new();
            for element in elements {
                match events(element) {
                    Some(events) => all.extend(events),
                    None => all.push(element),
                }
            }
            Some(all)
        }
        Value::Null | Value::Number(_) | Value::Text(_) | Value::Boolean(_) | Value::Other(_) => {
            None
        }
    }
}

fn has_table(node: &Node<'_>) -> bool {
    node.table().is_some()
}

/// Whether an object is an event.
pub(super) fn is_event(node: &Node<'_>) -> bool {
    node.get("eventId").is_some() && (node.get("eventType").is_some() || attributes(node).is_some())
        || attributes(node).is_some_and(|(key, _)| key.ends_with("ttributes"))
}

/// The attributes of an event, with their path in it, whatever its kind.
pub(super) fn attributes<'n, 'a>(event: &'n Node<'a>) -> Option<(&'n str, &'n Node<'a>)> {
    let entries = event.table()?;
    let own = entries.iter().find(|entry| {
        let key = entry.key.as_ref();
        key.ends_with("EventAttributes") || key.ends_with("_event_attributes")
    });
    match own {
        Some(entry) => Some((&entry.key, &entry.node)),
        None => {
            let entry = entries.iter().find(|it| it.key.eq_ignore_ascii_case("attributes"))?;
            attributes(&entry.node).or(Some((&entry.key, &entry.node)))
        }
    }
}

/// The options of every activity that is scheduled in these events, in the order of their ids.
pub(super) fn activities(
    events: &[&Node<'_>],
    lines: Option<&Lines<'_>>,
) -> Result<Vec<Activity>, Fault> {
    let mut activities = Vec::new();
    let mut run = Run::default();
    for (index, event) in events.iter().enumerate() {
        let path = format!("events[{index}]");
        if event.table().is_none() {
            return Err(Fault {
                span: event.place.clone(),
                ..Fault::new("an event should be an object; this is no history").within(&path)
            });
        }
        let Some((key, attributes)) = attributes(event) else { continue };
        if kind_of(event, key) == "workflowexecutionstarted" {
            run = Run::of(event, attributes).map_err(|fault| fault.within(&path))?;
        }
        if kind_of(event, key) == "activitytaskscheduled" {
            let read = activity(event, attributes, lines);
            activities.push(read.map_err(|fault| fault.within(&format!("{path}.{key}")))?);
        }
    }
    for (activity, scheduled) in &mut activities {
        activity.run_left = run.left(*scheduled);
    }
    let mut activities: Vec<Activity> = activities.into_iter().map(|(it, _)| it).collect();
    activities
        .sort_by_key(|it| it.scheduled.as_ref().and_then(|it| it.event_id.parse::<i64>().ok()));
    Ok(activities)
}

/// The kind of an event in lower case without separators: `activitytaskscheduled`.
///
/// The attributes tell it where they are named after it; else the type does.
pub(super) fn kind_of(event: &Node<'_>, key: &str) -> String {
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let own = letters(key);
    if let Some(kind) = own.strip_suffix("eventattributes").filter(|kind| !kind.is_empty()) {
        return kind.to_owned();
    }
    let kind = letters(event.word("eventType").unwrap_or_default());
    let known = KINDS.iter().find(|(number, _)| kind.parse() == Ok(*number));
    let kind = known.map_or(kind.as_str(), |(_, name)| name);
    kind.strip_prefix("eventtype").unwrap_or(kind).to_owned()
}

/// The numbers of kinds whose attributes may be left out, in `temporal.api.enums.v1.EventType`.
const KINDS: [(u8, &str); 16] = [
    (1, "workflowexecutionstarted"),
    (2, "workflowexecutioncompleted"),
    (3, "workflowexecutionfailed"),
    (4, "workflowexecutiontimedout"),
    (5, "workflowtaskscheduled"),
    (6, "workflowtaskstarted"),
    (7, "workflowtaskcompleted"),
    (8, "workflowtasktimedout"),
    (9, "workflowtaskfailed"),
    (10, "activitytaskscheduled"),
    (11, "activitytaskstarted"),
    (15, "activitytaskcancelrequested"),
    (16, "activitytaskcanceled"),
    (21, "workflowexecutioncanceled"),
    (27, "workflowexecutionterminated"),
    (28, "workflowexecutioncontinuedasnew"),
];

fn activity(
    event: &Node<'_>,
    attributes: &Node<'_>,
    lines: Option<&Lines<'_>>,
) -> Result<(Activity, Option<i128>), Fault> {
    let activity = recorded(attributes, lines, event.word("eventId").unwrap_or_default())?;
    let time = event.get("eventTime").or_else(|| event.get("timestamp"));
    Ok((activity, time.and_then(instant)))
}

/// The activity of these attributes, and the id of their event.
///
/// # Errors
/// If the options are none, or are refused.
pub(super) fn recorded(
    attributes: &Node<'_>,
    lines: Option<&Lines<'_>>,
    event_id: &str,
) -> Result<Activity, Fault> {
    let mut activity = Activity::read(attributes, Form::Recorded, lines)?;
    let name = attributes.get("activityType");
    let name = name.and_then(|it| it.plain().or_else(|| it.word("name")));
    activity.scheduled = Some(Scheduled {
        activity_id: attributes.word("activityId").unwrap_or_default().to_owned(),
        activity_type: name.unwrap_or_default().to_owned(),
        event_id: event_id.to_owned(),
    });
    Ok(activity)
}

/// When the run of a workflow ends, as far as its first event tells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    ends: Option<i128>,
}

impl Run {
    /// # Errors
    /// If a timeout is none.
    pub(super) fn of(event: &Node<'_>, attributes: &Node<'_>) -> Result<Self, Fault> {
        let time = event.get("eventTime").or_else(|| event.get("timestamp"));
        Self::of_instant(time.and_then(instant), attributes)
    }

    /// The same for a run that started at this instant.
    ///
    /// # Errors
    /// If a timeout is none.
    pub(super) fn of_instant(started: Option<i128>, attributes: &Node<'_>) -> Result<Self, Fault> {
        let timeout = |keys: [&'static str; 2]| -> Result<Option<i128>, Fault> {
            for key in keys {
                let Some(node) = attributes.get(key) else { continue };
                let seconds = node.plain().filter(|_| key.ends_with("Seconds"));
                let timeout = match seconds {
                    Some(seconds) => {
                        let seconds = seconds.parse::<i64>().ok().map(i128::from);
                        seconds.map(|seconds| Nanoseconds(seconds * SECOND))
                    }
                    None => duration(node, Form::Recorded)
                        .map_err(|fault| fault.at(key, &node.place))?,
                };
                return Ok(timeout.map(|it| it.0).filter(|it| *it > 0));
            }
            Ok(None)
        };
        let run = timeout(["workflowRunTimeout", "executionStartToCloseTimeoutSeconds"])?;
        let all = timeout(["workflowExecutionTimeout", "workflowExecutionTimeoutSeconds"])?;
        let waits =
            timeout(["firstWorkflowTaskBackoff", "firstDecisionTaskBackoffSeconds"])?.unwrap_or(0);
        let expiration = attributes.get("workflowExecutionExpirationTime");
        // Go's zero time stands for none.
        let expiration = expiration.and_then(instant).filter(|it| *it > 0);
        let of_run = started.zip(run).map(|(started, run)| started + waits + run);
        let of_all = expiration.or(started.zip(all).map(|(started, all)| started + all));
        Ok(Run { ends: of_run.into_iter().chain(of_all).min() })
    }

    /// When, if that is not too far away to matter.
    pub(super) fn ends(self) -> Option<RecordedTime> {
        self.ends.and_then(bounded)
    }

    /// How long after this instant it ends.
    pub(super) fn left(self, scheduled: Option<i128>) -> Option<Span> {
        let left = self.ends? - scheduled?;
        (left > 0).then(|| Nanoseconds(left).whole_milliseconds())
    }
}

const SECOND: i128 = 1_000_000_000;
