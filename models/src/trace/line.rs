//! A recorded trace, read from one line of JSON: options, then steps with their answers.
//! Knows the format and nothing of what the steps do; what was recorded stays JSON.

use super::event::Event;
use super::keys::{Keys, Malformed};
use super::requested::requested;
use activity_execution::options::RequestedOptions;
use activity_execution::vocabulary::Dialect;
use serde_json::Value;

/// One recorded activity execution.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its name, which the activity id ends with, but for a number.
    pub name: String,
    /// What the caller asked for.
    pub options: RequestedOptions,
    /// Whose rules it follows.
    pub dialect: Dialect,
    /// What happened, in order; the first step is the start, or the command of a workflow.
    pub steps: Vec<RecordedStep>,
}

/// One step of a trace.
#[derive(Clone, Debug)]
pub struct RecordedStep {
    /// What happened.
    pub event: Event,
    /// When the server acted, in milliseconds since scheduling.
    pub at: f64,
    /// What a call was answered; nothing for a timer.
    pub answer: Option<Value>,
    /// What the server made of the options, if it was recorded; in an accepted first step only.
    pub effective: Option<Value>,
    /// What Describe showed afterwards; nothing where no execution exists, or nobody asked.
    pub described: Option<Described>,
}

/// What Describe showed, and when.
#[derive(Clone, Debug)]
pub struct Described {
    /// The instant of the answer.
    pub seen: f64,
    /// The answer.
    pub after: Value,
}

impl Trace {
    /// Reads one line.
    ///
    /// # Errors
    /// If the line is no trace: what is wrong with it, and at which path.
    pub fn from_json(line: Value) -> Result<Self, Malformed> {
        let mut keys = Keys::of("", line)?;
        let name = keys.demand_string("name")?;
        keys.string("server")?;
        keys.take("history");
        let options = requested(keys.demand("options")?)?;
        let Value::Array(steps) = keys.demand("steps")? else {
            return Err(keys.malformed("steps", "should be a list"));
        };
        if steps.is_empty() {
            return Err(keys.malformed("steps", "is empty; the first step is the start"));
        }
        let steps = steps
            .into_iter()
            .enumerate()
            .map(|(index, step)| RecordedStep::from_json(index, step))
            .collect::<Result<Vec<_>, _>>()?;
        keys.finish()?;
        let dialect = steps[0].event.dialect().unwrap_or_default();
        let foreign =
            |step: &RecordedStep| step.event.dialect().is_some_and(|other| other != dialect);
        match steps.iter().position(foreign) {
            None => Ok(Trace { name, options, dialect, steps }),
            Some(index) => Err(Malformed {
                path: format!("steps[{index}].event"),
                what: format!("does not happen after {}", steps[0].event.word()),
            }),
        }
    }

    /// The events of this trace that are not modelled yet, each once.
    #[must_use]
    pub fn not_modelled(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self
            .steps
            .iter()
            .filter_map(|step| match step.event {
                Event::NotModelled(name) => Some(name),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl RecordedStep {
    /// Whether it is a poll that found no task: its answer is the empty response.
    #[must_use]
    pub fn found_no_task(&self) -> bool {
        let is_empty = |answer: &Value| answer.as_object().is_some_and(serde_json::Map::is_empty);
        self.event == Event::Poll && self.answer.as_ref().is_some_and(is_empty)
    }

    fn from_json(index: usize, value: Value) -> Result<Self, Malformed> {
        let mut keys = Keys::of(format!("steps[{index}]"), value)?;
        let name = keys.demand_string("event")?;
        let at = keys.demand_instant("at")?;
        let event = Event::from_keys(&name, &mut keys)?;
        let not_modelled = matches!(event, Event::NotModelled(_));
        let begins = match event {
            Event::StartActivityExecution { .. } | Event::NotModelled(_) => true,
            Event::ScheduleActivityTask if index > 0 => {
                return Err(keys.malformed("event", "is only the first step"));
            }
            _ => matches!(event, Event::ScheduleActivityTask),
        };
        if index == 0 && !begins {
            let what = "should be StartActivityExecution or ScheduleActivityTask, the first step";
            return Err(keys.malformed("event", what));
        }
        let is_timer = matches!(
            event,
            Event::Elapses { .. } | Event::StartDelayElapses { .. } | Event::BackoffElapses { .. }
        );
        let answer = if is_timer { None } else { Some(keys.demand("answer")?) };
        let effective = if index == 0 { keys.take("effective") } else { None };
        let seen = keys.instant("seen")?;
        let described = match (keys.take("after"), seen) {
            (Some(after), Some(seen)) => Some(Described { seen, after }),
            (Some(_), None) => return Err(keys.malformed("seen", "is missing")),
            (None, _) => None,
        };
        if !not_modelled {
            keys.finish()?;
        }
        Ok(RecordedStep { event, at, answer, effective, described })
    }
}
