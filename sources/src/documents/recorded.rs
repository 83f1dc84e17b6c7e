//! From events to what is recorded of each activity. Takes one event at a time, in any order, and
//! keeps nothing of it that is not about an activity; ids may be numbers or strings.

use super::error::Fault;
use super::failure::{failure, retry_state, timeout_type};
use super::history::{Run, attributes, kind_of, recorded};
use super::instant::{instant, recorded_time};
use super::tree::Node;
use activity_execution::history::{
    CancelRequested, Closed, How, Odd, RecordedActivity, RecordedHistory, RecordedTime, RunClosed,
    Scheduled, Started,
};
use std::collections::HashMap;

/// A history that is being read.
#[derive(Debug, Default)]
pub(super) struct Collector {
    history: RecordedHistory,
    // The activities by the id of the event that scheduled them, and by their own.
    by_event: HashMap<i64, usize>,
    by_id: HashMap<String, usize>,
    event_ids: Vec<i64>,
    // Each start and end of a workflow task.
    tasks: Vec<(i64, Task)>,
    // The events that schedule workflow tasks, and those that name one as their scheduling.
    tasks_scheduled: Vec<i64>,
    names_a_task: Vec<(i64, i64)>,
    has_begun: bool,
    run: Run,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Task {
    Started,
    Completed,
    Ended,
}

impl Collector {
    /// # Errors
    /// If it is no event.
    pub(super) fn event(&mut self, event: &Node<'_>) -> Result<(), Fault> {
        let path = format!("events[{}]", self.event_ids.len());
        let Some(event_id) = event.number("eventId").filter(|event_id| *event_id > 0) else {
            let fault = match event.get("eventId") {
                None => Fault::new("an event has no eventId; this is no history"),
                Some(_) => Fault::new("the eventId is no number from 1 on; this is no history"),
            };
            return Err(Fault { span: event.place.clone(), ..fault }.within(&path));
        };
        self.event_ids.push(event_id);
        let time = time_of(event).map_err(|fault| fault.within(&path))?;
        self.history.run.last_time = self.history.run.last_time.max(time);
        let found = attributes(event);
        let kind = kind_of(event, found.map_or("", |(key, _)| key));
        if kind.starts_with("decisiontask") {
            self.history.run.is_of_cadence = true;
        }
        let nothing = Node::without_place(super::tree::Value::Table(Vec::new()));
        let attributes = found.map_or(&nothing, |(_, attributes)| attributes);
        if kind.starts_with("activitytask") && attributes.table().is_none_or(<[_]>::is_empty) {
            let fault = Fault::new("an event of an activity, without attributes");
            let fault = fault.help("they say which activity it is about: export it once more");
            return Err(Fault { span: event.place.clone(), ..fault }.within(&path));
        }
        self.of_kind(&kind, Event { event, event_id, time, attributes })
            .map_err(|fault| fault.within(&path))
    }

    fn of_kind(&mut self, kind: &str, event: Event<'_>) -> Result<(), Fault> {
        let Event { event_id, attributes, .. } = event;
        match kind {
            "workflowexecutionstarted" => self.run_started(event)?,
            kind if kind.starts_with("workflowtask") || kind.starts_with("decisiontask") => {
                self.workflow_task(kind, event);
            }
            "activitytaskscheduled" => self.scheduled(event),
            "activitytaskcancelrequested" => {
                let task = attributes.number("workflowTaskCompletedEventId");
                let request = CancelRequested {
                    event_id,
                    time: event.time,
                    workflow_task_completed_event_id: task,
                };
                self.activity(event).cancel_requests.push(request);
            }
            "activitytaskstarted" => {
                let request_id = attributes.word("requestId");
                let started = Started {
                    event_id,
                    time: event.time,
                    attempt: attempt(attributes)?.filter(|attempt| *attempt > 0),
                    last_failure: attributes.get("lastFailure").and_then(failure),
                    is_made_up: request_id.is_none_or(str::is_empty),
                };
                self.activity(event).starts.push(started);
            }
            "activitytaskcompleted" => self.closed(event, How::Completed),
            "activitytaskfailed" => {
                let failure = attributes.get("failure").and_then(failure);
                let retry_state = retry_state(attributes);
                self.closed(event, How::Failed { failure, retry_state });
            }
            "activitytasktimedout" => {
                let failure = attributes.get("failure").and_then(failure);
                let retry_state = retry_state(attributes);
                let timeout_type = timeout_type(attributes);
                self.closed(event, How::TimedOut { timeout_type, failure, retry_state });
            }
            "activitytaskcanceled" => {
                let latest = attributes.number("latestCancelRequestedEventId");
                let latest_cancel_requested_event_id = latest.filter(|id| *id > 0);
                self.closed(event, How::Canceled { latest_cancel_requested_event_id });
            }
            kind => {
                self.run_closed(kind, &event);
                if !KINDS.iter().any(|known| kind.starts_with(known)) && kind.parse::<u8>().is_err()
                {
                    let name = event.event.word("eventType").unwrap_or("no type");
                    self.odd(event_id, format!("it is of a kind that is not known here ({name})"));
                }
            }
        }
        Ok(())
    }

    fn run_started(&mut self, event: Event<'_>) -> Result<(), Fault> {
        if self.has_begun {
            let fault = Fault::new("a second run of a workflow begins here");
            return Err(fault.help("keep each run in a file of its own"));
        }
        self.has_begun = true;
        self.history.run.started = event.time;
        self.run = Run::of(event.event, event.attributes)?;
        Ok(())
    }

    fn workflow_task(&mut self, kind: &str, event: Event<'_>) {
        let Event { event_id, attributes, .. } = event;
        let kind = kind.trim_start_matches("workflowtask").trim_start_matches("decisiontask");
        let task = match kind {
            "scheduled" => return self.tasks_scheduled.push(event_id),
            "started" => Task::Started,
            "completed" => Task::Completed,
            _ => Task::Ended,
        };
        let cause = attributes.word("cause").unwrap_or_default().to_ascii_lowercase();
        self.history.run.is_reset |= cause.contains("reset") || cause == "20";
        // What Cadence writes while a task is under way is not judged.
        if task != Task::Started || !self.history.run.is_of_cadence {
            self.tasks.push((event_id, task));
        }
        let named = attributes.number("scheduledEventId").filter(|named| *named > 0);
        self.names_a_task.extend(named.map(|named| (event_id, named)));
    }

    fn odd(&mut self, event_id: i64, what: String) {
        if self.history.run.odd.len() < MOST_ODD {
            self.history.run.odd.push(Odd { event_id, what });
        }
    }

    /// Whether each event of a workflow task names the event that scheduled it; whoever takes events
    /// out of a history and counts the others anew forgets these.
    fn names_are_right(&mut self, is_gapless: bool) -> bool {
        self.tasks_scheduled.sort_unstable();
        let scheduled = &self.tasks_scheduled;
        let is_known = |named: &i64| !is_gapless || scheduled.binary_search(named).is_ok();
        let wrong = self
            .names_a_task
            .iter()
            .filter(|(event_id, named)| named >= event_id || !is_known(named));
        let wrong: Vec<(i64, i64)> = wrong.copied().collect();
        for (event_id, named) in &wrong {
            let what = format!(
                "it names event {named} as the scheduling of its workflow task, which is none \
                 before it: events were taken out, or numbered anew"
            );
            self.odd(*event_id, what);
        }
        wrong.is_empty()
    }

    /// That the run was closed, if the event says so.
    fn run_closed(&mut self, kind: &str, event: &Event<'_>) {
        let how = kind.strip_prefix("workflowexecution");
        let how = how.and_then(|rest| CLOSES.iter().find(|how| rest.eq_ignore_ascii_case(how)));
        if let Some(how) = how {
            let task = event.attributes.number("workflowTaskCompletedEventId");
            if let Some(task) = task.filter(|task| *task >= event.event_id) {
                let what = format!("it names the later event {task} as its workflow task");
                self.odd(event.event_id, what);
            }
            let (event_id, time, how) = (event.event_id, event.time, (*how).to_owned());
            self.history.run.closed = Some(RunClosed { event_id, time, how });
        }
    }

    fn scheduled(&mut self, event: Event<'_>) {
        let Event { event_id, attributes, time, .. } = event;
        let read = recorded(attributes, None, "");
        let policy = attributes.get("retryPolicy").is_some();
        let task = attributes.number("workflowTaskCompletedEventId");
        let name = attributes.get("activityType");
        let name = name.and_then(|it| it.plain().or_else(|| it.word("name"))).unwrap_or_default();
        let activity_id = attributes.word("activityId").unwrap_or_default().to_owned();
        let scheduled = Scheduled {
            event_id,
            time,
            options: read.map(|read| read.options).map_err(|fault| fault.unlocated().to_string()),
            workflow_task_completed_event_id: task,
            has_retry_policy: policy,
        };
        self.history.run.is_of_cadence |= attributes.get("decisionTaskCompletedEventId").is_some();
        let activity = self.of_event(event_id);
        activity.activity_type = name.to_owned();
        activity.activity_id.clone_from(&activity_id);
        // A second event under one id is a matter of the repeated id.
        activity.scheduled.get_or_insert(scheduled);
        let index = self.by_event[&event_id];
        self.by_id.insert(activity_id, index);
    }

    fn closed(&mut self, event: Event<'_>, how: How) {
        let started_event_id = event.attributes.number("startedEventId").filter(|id| *id > 0);
        let (event_id, time) = (event.event_id, event.time);
        if let Some(named) = event.attributes.number("startedEventId").filter(|id| *id < 0) {
            self.odd(event_id, format!("it names event {named} as the start of its activity"));
        }
        self.activity(event).closes.push(Closed { event_id, time, started_event_id, how });
    }

    /// The activity that an event names.
    fn activity(&mut self, event: Event<'_>) -> &mut RecordedActivity {
        let named = event.attributes.number("scheduledEventId").or_else(|| {
            let activity_id = event.attributes.word("activityId")?;
            let index = self.by_id.get(activity_id)?;
            Some(self.history.activities[*index].scheduled_event_id)
        });
        self.of_event(named.unwrap_or(0))
    }

    fn of_event(&mut self, scheduled_event_id: i64) -> &mut RecordedActivity {
        let activities = &mut self.history.activities;
        let index = *self.by_event.entry(scheduled_event_id).or_insert_with(|| {
            activities.push(RecordedActivity { scheduled_event_id, ..RecordedActivity::default() });
            activities.len() - 1
        });
        &mut activities[index]
    }

    /// How many events there were.
    pub(super) fn events(&self) -> usize {
        self.event_ids.len()
    }

    /// Everything together, in the order of event ids.
    pub(super) fn finish(mut self) -> RecordedHistory {
        self.event_ids.sort_unstable();
        let is_gapless = self.event_ids.windows(2).all(|pair| pair[1] - pair[0] <= 1)
            && self.event_ids.first() == Some(&1);
        let names_are_right = self.names_are_right(is_gapless);
        let Collector { mut history, event_ids, mut tasks, run, .. } = self;
        history.run.odd.sort_by_key(|odd| odd.event_id);
        let repeated = event_ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        history.run.repeated_event_ids = repeated.collect();
        let ends = event_ids.first().copied().zip(event_ids.last().copied());
        let gaps = event_ids.windows(2).filter(|pair| pair[1] - pair[0] > 1);
        history.run.gaps = gaps.map(|pair| (pair[0], pair[1])).collect();
        history.run.is_complete = is_gapless && names_are_right;
        history.run.event_ids = ends;
        history.run.ends = run.ends();
        tasks.sort_unstable();
        let completed = tasks.iter().filter(|(_, task)| *task == Task::Completed);
        history.run.workflow_tasks_completed = completed.map(|(id, _)| *id).collect();
        let pairs = tasks.windows(2).filter(|pair| pair[0].1 == Task::Started);
        let pairs = pairs.filter(|pair| pair[1].1 != Task::Started);
        history.run.workflow_tasks_under_way =
            pairs.map(|pair| (pair[0].0, pair[1].0)).filter(|(from, to)| to - from > 1).collect();
        for activity in &mut history.activities {
            activity.starts.sort_by_key(|started| started.event_id);
            activity.closes.sort_by_key(|closed| closed.event_id);
            activity.cancel_requests.sort_by_key(|request| request.event_id);
        }
        history.activities.sort_by_key(|it| (it.scheduled.is_none(), it.scheduled_event_id));
        history
    }
}

/// The number of an attempt, which servers keep in 32 bits.
///
/// # Errors
/// If it is none.
pub(super) fn attempt(attributes: &Node<'_>) -> Result<Option<i64>, Fault> {
    let Some(node) = attributes.get("attempt") else { return Ok(None) };
    let is_one = |attempt: &i64| (0..=i64::from(i32::MAX)).contains(attempt);
    match attributes.number("attempt").filter(is_one) {
        Some(attempt) => Ok(Some(attempt)),
        None => Err(Fault::new("this is no number of an attempt").at("attempt", &node.place)),
    }
}

/// The instant of an event, if it is recorded and near enough to count from.
///
/// # Errors
/// If it is none.
fn time_of(event: &Node<'_>) -> Result<Option<RecordedTime>, Fault> {
    let Some((key, node)) =
        ["eventTime", "timestamp"].into_iter().find_map(|key| Some((key, event.get(key)?)))
    else {
        return Ok(None);
    };
    match instant(node) {
        Some(_) => Ok(recorded_time(node)),
        None if node.plain() == Some("") => Ok(None),
        None => {
            let fault = Fault::new("this is no instant");
            Err(fault.help("2026-01-31T12:00:00Z is one").at(key, &node.place))
        }
    }
}

/// An event, taken apart.
#[derive(Clone, Copy, Debug)]
struct Event<'n> {
    event: &'n Node<'n>,
    event_id: i64,
    time: Option<RecordedTime>,
    attributes: &'n Node<'n>,
}

/// How the kinds of events begin that tell nothing of an activity.
const KINDS: [&str; 18] = [
    "workflowexecution",
    "workflowtask",
    "workflowproperties",
    "workflowupdate",
    "decisiontask",
    "activitytask",
    "activityproperties",
    "canceltimer",
    "timer",
    "marker",
    "startchildworkflow",
    "childworkflow",
    "signalexternal",
    "externalworkflow",
    "requestcancel",
    "upsertworkflow",
    "nexusoperation",
    "unspecified",
];
/// So many oddities are kept.
const MOST_ODD: usize = 16;
/// What closes a run, after `WorkflowExecution`.
const CLOSES: [&str; 6] =
    ["Completed", "Failed", "TimedOut", "Terminated", "Canceled", "ContinuedAsNew"];
