//! A caller built on the caller machine: what cancelling an activity means to a workflow, in each
//! of the three ways there are.
//!
//! Dependencies: `activity-execution`. The workflow's history is a list of events, the service an
//! `Activity` of the workflow dialect, and the worker gives in as soon as it is told. Time is
//! simulated.

use activity_execution::caller::{
    ActivityCancellationType, CallerAction, CallerOptions, CloseEvent, Command, HistoryEvent,
    Resolution, WorkflowActivity,
};
use activity_execution::{
    Activity, ActivityOptions, Answer, Call, Dialect, Span, TaskToken, Timestamp,
};
use std::error::Error;
use std::time::Duration;

/// A workflow with one activity: the machine, the service behind it, and what it was told.
struct Workflow {
    now: Timestamp,
    options: CallerOptions,
    machine: WorkflowActivity,
    service: Option<Activity>,
    token: Option<TaskToken>,
    resolution: Option<(Timestamp, Resolution)>,
}

impl Workflow {
    fn new(cancellation_type: ActivityCancellationType) -> Self {
        Workflow {
            now: Timestamp(0),
            options: CallerOptions { cancellation_type, is_detached: false },
            machine: WorkflowActivity::default(),
            service: None,
            token: None,
            resolution: None,
        }
    }

    /// One thing happens at the caller: the machine says which command goes out, and whether the
    /// workflow is told what came of its activity.
    fn happens(&mut self, action: CallerAction) -> Result<(), Box<dyn Error>> {
        let (machine, effects) = self.machine.decide(&self.options, &action)?;
        self.machine = machine;
        if let Some(resolution) = effects.resolution {
            println!("  {} the workflow is told: {}", self.now, told(&resolution));
            assert!(self.resolution.is_none(), "it is told once");
            self.resolution = Some((self.now, resolution));
        }
        match effects.command {
            None => Ok(()),
            Some(Command::ScheduleActivityTask) => {
                let options = ActivityOptions::builder()
                    .start_to_close_timeout(Duration::from_secs(60))
                    .build()?
                    .in_dialect(Dialect::Workflow);
                let (service, _durable) = Activity::start(options, self.now, "schedule");
                self.service = Some(service);
                self.happens(CallerAction::Event(HistoryEvent::ActivityTaskScheduled))
            }
            Some(Command::RequestCancelActivityTask) => {
                println!("  {} the service is asked to cancel", self.now);
                self.call(Call::request_cancel("cancel", "workflow", "cancelled"))?;
                self.happens(CallerAction::Event(HistoryEvent::ActivityTaskCancelRequested))
            }
            Some(Command::WithdrawScheduleActivityTask) => {
                self.service = None;
                Ok(())
            }
        }
    }

    fn call(&mut self, call: Call) -> Result<Answer, Box<dyn Error>> {
        let service = self.service.as_mut().ok_or("the activity was never scheduled")?;
        Ok(service.call(self.now, call).reply?)
    }

    fn worker_polls(&mut self) -> Result<(), Box<dyn Error>> {
        let service = self.service.as_ref().ok_or("the activity was never scheduled")?;
        let token = service.dispatchable(self.now).ok_or("nothing is dispatched")?;
        self.call(Call::poll("poll", token, "worker"))?;
        self.token = Some(token);
        Ok(())
    }

    /// The worker heartbeats; when it is told to stop it cleans up and gives in, otherwise it goes
    /// on to the end.
    fn worker_goes_on(&mut self) -> Result<(), Box<dyn Error>> {
        let token = self.token.ok_or("the worker holds nothing")?;
        self.now = self.now + Span(10_000);
        let heartbeat = self.call(Call::heartbeat(token, "half"))?;
        self.now = self.now + Span(10_000);
        let report = match heartbeat {
            Answer::Recorded { cancel_requested: true } => Call::respond_canceled(token, "clean"),
            _ => Call::respond_completed(token, "all done", "worker"),
        };
        self.call(report)?;
        // History writes the start together with the close.
        self.happens(CallerAction::Event(HistoryEvent::ActivityTaskStarted))?;
        let outcome = self.service.as_ref().and_then(Activity::outcome).ok_or("it is closed")?;
        println!("  {} the service closes it: {outcome}", self.now);
        let close = CloseEvent::of(outcome).ok_or("no workflow terminates an activity")?;
        self.happens(CallerAction::Event(HistoryEvent::Closed(close)))
    }
}

fn told(resolution: &Resolution) -> String {
    match resolution {
        Resolution::Completed { result } => format!("completed with {result}"),
        Resolution::Failed(failure) | Resolution::Cancelled(failure) => {
            format!("{} ({})", failure.message(), failure.retry_state)
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut told_at = Vec::new();
    for cancellation_type in ActivityCancellationType::ALL {
        println!("{cancellation_type:?}");
        let mut workflow = Workflow::new(cancellation_type);
        workflow.happens(CallerAction::Schedule)?;
        workflow.worker_polls()?;
        workflow.now = Timestamp(1_000);
        workflow.happens(CallerAction::Cancel)?;
        workflow.worker_goes_on()?;
        told_at.push(workflow.resolution.ok_or("every workflow is told")?.0);
    }
    // Who waits is told at the close; the others went on at once.
    assert_eq!(told_at, [Timestamp(1_000), Timestamp(21_000), Timestamp(1_000)]);

    println!("cancelled before the schedule was sent");
    let mut workflow = Workflow::new(ActivityCancellationType::WaitCancellationCompleted);
    workflow.happens(CallerAction::Cancel)?;
    assert_eq!(workflow.machine, WorkflowActivity::Withdrawn);
    assert!(workflow.service.is_none(), "the service never hears of it");
    Ok(())
}
