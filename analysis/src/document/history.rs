//! The activities of a recorded workflow history, in the many forms that exporters write.
//! Knows events and old spellings; what the options mean is the library's to say.

use super::unusable::Unusable;
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::Dialect;
use serde_json::{Map, Value};

/// Options, and the activity that they belong to.
#[derive(Clone, Debug)]
pub struct Activity {
    /// The id and the type of the activity, and the event that scheduled it; of a file of options,
    /// nothing.
    pub scheduled: Option<Scheduled>,
    /// The options, in the dialect of a workflow where one recorded them.
    pub options: ActivityOptions,
    /// Whether the history says that there is no retry policy at all.
    pub without_retry_policy: bool,
}

/// Which activity of a history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scheduled {
    /// Its id, which the workflow chose.
    pub activity_id: String,
    /// The name of its type.
    pub activity_type: String,
    /// The id of the event.
    pub event_id: String,
}

impl Activity {
    /// The options of a file.
    pub(super) fn unnamed(options: ActivityOptions) -> Self {
        Activity { scheduled: None, options, without_retry_policy: false }
    }

    /// The name of its type, if a history tells it.
    #[must_use]
    pub fn activity_type(&self) -> Option<&str> {
        Some(self.scheduled.as_ref()?.activity_type.as_str())
    }
}

/// The events of a history, in order; `None` if the value is no history.
///
/// A history is a list of events, an object that holds one under `events` or `history`, or a list
/// of such objects, as archives write it.
pub(super) fn events(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Object(object) => {
            let inner = ["events", "history"].into_iter().find_map(|key| object.get(key))?;
            match inner {
                Value::Null => Some(vec![]),
                inner => events(inner),
            }
        }
        Value::Array(elements) => {
            let mut all = vec![];
            for element in elements {
                match events(element) {
                    Some(events) => all.extend(events),
                    None => all.push(element),
                }
            }
            Some(all)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The options of every activity that is scheduled in these events.
pub(super) fn activities(events: &[&Value]) -> Result<Vec<Activity>, Unusable> {
    let mut activities = vec![];
    for (index, event) in events.iter().enumerate() {
        let Some(event) = event.as_object() else {
            return Err(Unusable::NotAnEvent { path: format!("events[{index}]") });
        };
        let attributes = ATTRIBUTES.into_iter().find_map(|key| Some((key, event.get(key)?)));
        if let Some((key, attributes)) = attributes {
            let path = format!("events[{index}].{key}");
            activities.push(activity(&path, event, attributes)?);
        }
    }
    Ok(activities)
}

fn activity(
    path: &str,
    event: &Map<String, Value>,
    attributes: &Value,
) -> Result<Activity, Unusable> {
    let attributes = modern(attributes);
    let options = ActivityOptions::from_scheduled_attributes(&attributes)
        .map_err(|error| Unusable::Recorded { path: path.to_owned(), error })?
        .in_dialect(Dialect::Workflow);
    let name = attributes.get("activityType");
    let name = name.map(|name| name.get("name").unwrap_or(name));
    let event_id = ["eventId", "event_id"].into_iter().find_map(|key| event.get(key));
    Ok(Activity {
        scheduled: Some(Scheduled {
            activity_id: plain(attributes.get("activityId")),
            activity_type: plain(name),
            event_id: plain(event_id),
        }),
        without_retry_policy: options.requested().retry_policy.is_none(),
        options,
    })
}

/// The attributes as a present server spells them: camel case, durations with a unit.
fn modern(attributes: &Value) -> Value {
    let Value::Object(object) = attributes else {
        return attributes.clone();
    };
    let entries = object.iter().map(|(key, value)| {
        let key = camel_case(key);
        for suffix in ["TimeoutSeconds", "IntervalInSeconds"] {
            let stem = key.strip_suffix(suffix);
            if let (Some(stem), Some(seconds)) = (stem, value.as_number()) {
                let unit = suffix.trim_end_matches("InSeconds").trim_end_matches("Seconds");
                return (format!("{stem}{unit}"), Value::from(format!("{seconds}s")));
            }
        }
        let value = if key == "retryPolicy" { modern(value) } else { value.clone() };
        (key, value)
    });
    Value::Object(entries.collect())
}

fn camel_case(key: &str) -> String {
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut camel, word| {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
        camel
    })
}

/// A string or a number without its quotes.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

const ATTRIBUTES: [&str; 2] =
    ["activityTaskScheduledEventAttributes", "activity_task_scheduled_event_attributes"];
