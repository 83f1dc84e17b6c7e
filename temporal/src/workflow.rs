//! Activities of a workflow: a workflow for each, whose tasks are answered here.
//!
//! The workflow schedules its activity first of all, and asks for its cancellation when it is sent
//! a signal; it keeps no memory of its own, since its history tells all that it has to know.

use crate::connection::{Connection, Failed};
use crate::translate::{Options, may_have_a_task, outcome_of};
use crate::wire::{
    Command, DescribeWorkflowExecution, GetWorkflowExecutionHistory, HistoryEvent, Name,
    PollWorkflowTaskQueue, PollWorkflowTaskQueueResponse, RequestCancelActivityTask,
    RespondWorkflowTaskCompleted, ScheduleActivityTask, SignalWorkflowExecution,
    StartWorkflowExecution, TaskQueue, TerminateWorkflowExecution, WorkflowExecution,
};
use crate::worker::{NOBODY, Place};
use activity_harness::protocol::{self, Description, Started};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// The workflows of a server, as far as they are ours.
#[derive(Clone, Debug)]
pub(crate) struct Workflows {
    connection: Connection,
    /// The queue of the tasks of all workflows.
    task_queue: String,
    open: Arc<Mutex<HashMap<String, Open>>>,
    limit: Duration,
}

/// A workflow that somebody may still ask about.
#[derive(Debug)]
struct Open {
    schedule: ScheduleActivityTask,
    seen: watch::Sender<Seen>,
}

/// What a workflow has seen of its history, in tasks that were answered.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Seen {
    is_scheduled: bool,
    signals: usize,
}

impl Workflows {
    /// The workflows of this session; a workflow task may take so long.
    pub(crate) fn new(connection: Connection, session: &str, limit: Duration) -> Self {
        let task_queue = format!("{session}-workflows");
        Workflows { connection, task_queue, open: Arc::default(), limit }
    }

    /// Where the activity of this name is found.
    pub(crate) fn place(name: String) -> Place {
        let (workflow_id, task_queue) = (name.clone(), name);
        Place { workflow_id, activity_id: ACTIVITY.to_owned(), task_queue }
    }

    /// Answers workflow tasks from now on.
    pub(crate) fn answer_tasks(&self) {
        for _ in 0..POLLERS {
            let own = self.clone();
            tokio::spawn(async move { own.answer_task_after_task().await });
        }
    }

    async fn answer_task_after_task(&self) {
        loop {
            let poll = PollWorkflowTaskQueue {
                namespace: self.connection.namespace(),
                task_queue: TaskQueue::of(&self.task_queue),
                identity: NOBODY.to_owned(),
            };
            match self.connection.wait(poll, A_MINUTE).await {
                Ok(Some(task)) if !task.task_token.is_empty() => self.decide(task).await,
                Ok(_) => {}
                // Whoever waits for this task says that it did not come.
                Err(_) => sleep(Duration::from_millis(100)).await,
            }
        }
    }

    async fn decide(&self, task: PollWorkflowTaskQueueResponse) {
        let workflow_id = task.workflow_execution.unwrap_or_default().workflow_id;
        let mut events = task.history.unwrap_or_default().events;
        if !task.next_page_token.is_empty() {
            let Ok(all) = self.history(&workflow_id).await else { return };
            events = all;
        }
        let Some(schedule) = self.schedule(&workflow_id) else { return };
        let commands = commands(&events, &schedule);
        let answer = RespondWorkflowTaskCompleted {
            task_token: task.task_token,
            commands,
            // A cancel request is of whoever sent the signal.
            identity: last_signal(&events).unwrap_or_else(|| NOBODY.to_owned()),
            namespace: self.connection.namespace(),
        };
        if self.connection.call(answer).await.is_ok() {
            let seen = Seen { is_scheduled: true, signals: signals(&events) };
            if let Ok(open) = self.open.lock()
                && let Some(open) = open.get(&workflow_id)
            {
                open.seen.send_replace(seen);
            }
        }
    }

    fn schedule(&self, workflow_id: &str) -> Option<ScheduleActivityTask> {
        let open = self.open.lock().ok()?;
        open.get(workflow_id).map(|open| open.schedule.clone())
    }

    /// Starts a workflow, and returns when its activity is scheduled.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn start(
        &self,
        place: &Place,
        request_id: String,
        options: &protocol::Options,
    ) -> Result<Started, Failed> {
        let (seen, answered) = watch::channel(Seen::default());
        let open = Open { schedule: schedule(place, options), seen };
        if let Ok(mut all) = self.open.lock() {
            all.insert(place.workflow_id.clone(), open);
        }
        let start = StartWorkflowExecution {
            namespace: self.connection.namespace(),
            workflow_id: place.workflow_id.clone(),
            workflow_type: Name::of("workflow"),
            task_queue: TaskQueue::of(&self.task_queue),
            identity: NOBODY.to_owned(),
            request_id,
        };
        self.connection.call(start).await?;
        self.until(answered, |seen| seen.is_scheduled).await?;
        Ok(Started { started: true })
    }

    /// Sends the signal that asks for cancellation, and returns when the workflow has decided. It
    /// asks once, and not for what is over: its history says so.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn request_cancel(
        &self,
        place: &Place,
        request_id: String,
        identity: String,
    ) -> Result<(), Failed> {
        let events = self.history(&place.workflow_id).await?;
        if outcome_of(&events).is_some() {
            return Err(Failed::Refused("AlreadyClosed"));
        }
        if events.iter().any(|event| event.cancel_requested.is_some()) {
            return Err(Failed::Refused("CancelAlreadyRequested"));
        }
        let answered = {
            let open = self.open.lock().ok();
            open.and_then(|open| Some(open.get(&place.workflow_id)?.seen.subscribe()))
        };
        let Some(answered) = answered else { return Err(Failed::Refused("NotFound")) };
        let before = signals(&events);
        let signal = SignalWorkflowExecution {
            namespace: self.connection.namespace(),
            workflow_execution: execution(place),
            signal_name: CANCEL.to_owned(),
            identity,
            request_id: format!("{}-{request_id}", place.workflow_id),
        };
        self.connection.call(signal).await?;
        self.until(answered, move |seen| seen.signals > before).await
    }

    async fn until(
        &self,
        mut answered: watch::Receiver<Seen>,
        is_so: impl FnMut(&Seen) -> bool,
    ) -> Result<(), Failed> {
        let limit = self.limit;
        match timeout(limit, answered.wait_for(is_so)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => {
                let limit = limit.as_secs_f64();
                let what = format!("no workflow task came, and was answered, within {limit} s");
                Err(Failed::Broken(what))
            }
        }
    }

    /// How the activity ended, if it has. While it is open, Temporal shows of it less than of a
    /// standalone one, so that nothing else is compared.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn describe(&self, place: &Place) -> Result<Description, Failed> {
        let events = self.history(&place.workflow_id).await?;
        Ok(Description { outcome: outcome_of(&events), ..Description::default() })
    }

    /// Whether a task of it should be there for whoever polls.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn may_have_a_task(&self, place: &Place) -> Result<bool, Failed> {
        let look = DescribeWorkflowExecution {
            namespace: self.connection.namespace(),
            execution: execution(place),
        };
        let shown = self.connection.call(look).await?;
        Ok(shown.pending_activities.first().is_some_and(|pending| {
            may_have_a_task(pending.state, pending.next_attempt_schedule_time, now())
        }))
    }

    /// The attempt that a worker holds, if one does.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn held(&self, place: &Place) -> Result<Option<i64>, Failed> {
        const STARTED: i32 = 2;
        const CANCEL_REQUESTED: i32 = 3;
        let look = DescribeWorkflowExecution {
            namespace: self.connection.namespace(),
            execution: execution(place),
        };
        let shown = self.connection.call(look).await?;
        let held = |state: i32| state == STARTED || state == CANCEL_REQUESTED;
        let pending = shown.pending_activities.first().filter(|it| held(it.state));
        Ok(pending.map(|it| i64::from(it.attempt)))
    }

    async fn history(&self, workflow_id: &str) -> Result<Vec<HistoryEvent>, Failed> {
        let (mut events, mut next_page_token) = (Vec::new(), Vec::new());
        loop {
            let workflow_id = workflow_id.to_owned();
            let page = GetWorkflowExecutionHistory {
                namespace: self.connection.namespace(),
                execution: Some(WorkflowExecution { workflow_id, run_id: String::new() }),
                next_page_token,
            };
            let page = self.connection.call(page).await?;
            events.extend(page.history.unwrap_or_default().events);
            next_page_token = page.next_page_token;
            if next_page_token.is_empty() {
                return Ok(events);
            }
        }
    }

    /// Ends a workflow that nobody will ask about again.
    pub(crate) async fn forget(&self, place: &Place) {
        let end = TerminateWorkflowExecution {
            namespace: self.connection.namespace(),
            workflow_execution: execution(place),
            reason: "nobody asks about it any more".to_owned(),
            identity: NOBODY.to_owned(),
        };
        // It may be closed, or the server gone: either way nobody asks about it any more.
        let _ = self.connection.call(end).await;
        if let Ok(mut open) = self.open.lock() {
            open.remove(&place.workflow_id);
        }
    }
}

/// What the workflow decides, as things stand.
fn commands(events: &[HistoryEvent], schedule: &ScheduleActivityTask) -> Vec<Command> {
    const SCHEDULE_ACTIVITY_TASK: i32 = 1;
    const REQUEST_CANCEL_ACTIVITY_TASK: i32 = 2;
    let Some(scheduled) = events.iter().find(|event| event.scheduled.is_some()) else {
        let (command_type, schedule) = (SCHEDULE_ACTIVITY_TASK, Some(schedule.clone()));
        return vec![Command { command_type, schedule, request_cancel: None }];
    };
    let is_requested = events.iter().any(|event| event.cancel_requested.is_some());
    if signals(events) == 0 || is_requested || outcome_of(events).is_some() {
        return Vec::new();
    }
    let request_cancel = RequestCancelActivityTask { scheduled_event_id: scheduled.event_id };
    vec![Command {
        command_type: REQUEST_CANCEL_ACTIVITY_TASK,
        schedule: None,
        request_cancel: Some(request_cancel),
    }]
}

/// How often it was sent the signal.
fn signals(events: &[HistoryEvent]) -> usize {
    let signaled = events.iter().filter_map(|event| event.signaled.as_ref());
    signaled.filter(|signal| signal.signal_name == CANCEL).count()
}

/// Who sent it last.
fn last_signal(events: &[HistoryEvent]) -> Option<String> {
    let mut signaled = events.iter().rev().filter_map(|event| event.signaled.as_ref());
    signaled.find(|signal| signal.signal_name == CANCEL).map(|signal| signal.identity.clone())
}

fn execution(place: &Place) -> Option<WorkflowExecution> {
    let workflow_id = place.workflow_id.clone();
    Some(WorkflowExecution { workflow_id, run_id: String::new() })
}

fn schedule(place: &Place, options: &protocol::Options) -> ScheduleActivityTask {
    let options = Options::from(options);
    ScheduleActivityTask {
        activity_id: place.activity_id.clone(),
        activity_type: Name::of("activity"),
        task_queue: TaskQueue::of(&place.task_queue),
        schedule_to_close_timeout: options.schedule_to_close,
        schedule_to_start_timeout: options.schedule_to_start,
        start_to_close_timeout: options.start_to_close,
        heartbeat_timeout: options.heartbeat,
        retry_policy: options.retry_policy,
    }
}

/// The present, in milliseconds since 1970.
fn now() -> Option<i64> {
    #[expect(clippy::disallowed_methods, reason = "the clock of the server is real")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

const ACTIVITY: &str = "activity";
const CANCEL: &str = "cancel";
const POLLERS: usize = 8;
const A_MINUTE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{ActivityCompleted, ActivityScheduled, CancelRequested, Signaled};

    fn event(event_id: i64) -> HistoryEvent {
        HistoryEvent { event_id, ..HistoryEvent::default() }
    }

    fn scheduled() -> HistoryEvent {
        let scheduled = ActivityScheduled { activity_id: ACTIVITY.to_owned() };
        HistoryEvent { scheduled: Some(scheduled), ..event(5) }
    }

    fn signaled(event_id: i64, identity: &str) -> HistoryEvent {
        let (signal_name, identity) = (CANCEL.to_owned(), identity.to_owned());
        HistoryEvent { signaled: Some(Signaled { signal_name, identity }), ..event(event_id) }
    }

    fn decided(events: &[HistoryEvent]) -> Vec<Command> {
        let activity_id = ACTIVITY.to_owned();
        commands(events, &ScheduleActivityTask { activity_id, ..Default::default() })
    }

    #[test]
    fn a_workflow_schedules_its_activity_first_and_once() {
        let first = decided(&[event(1), event(2)]);
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].command_type, 1);
        let schedule = first[0].schedule.as_ref().expect("it schedules");
        assert_eq!(schedule.activity_id, ACTIVITY);
        assert_eq!(decided(&[event(1), scheduled(), event(6)]), []);
    }

    #[test]
    fn a_signal_asks_for_cancellation_once() {
        let asked = decided(&[event(1), scheduled(), signaled(6, "payload 2")]);
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].command_type, 2);
        assert_eq!(asked[0].request_cancel.map(|it| it.scheduled_event_id), Some(5));
        let requested = CancelRequested { workflow_task_completed_event_id: 8 };
        let requested = HistoryEvent { cancel_requested: Some(requested), ..event(9) };
        assert_eq!(decided(&[scheduled(), signaled(6, "payload 2"), requested]), []);
    }

    #[test]
    fn nobody_asks_for_the_cancellation_of_what_is_over() {
        let completed =
            HistoryEvent { completed: Some(ActivityCompleted { result: None }), ..event(7) };
        assert_eq!(decided(&[scheduled(), completed, signaled(8, "payload 2")]), []);
    }

    #[test]
    fn a_decision_is_of_whoever_sent_the_last_signal() {
        let events = [scheduled(), signaled(6, "payload 2"), signaled(9, "payload 4"), event(10)];
        assert_eq!(last_signal(&events).as_deref(), Some("payload 4"));
        assert_eq!(signals(&events), 2);
        assert_eq!(last_signal(&events[..1]), None);
    }
}
