//! A worker built on the worker machine: heartbeats are throttled, the function is told to stop at
//! most once, and a shutdown gives it a grace period.
//!
//! Dependencies: `activity-execution`. The function copies a block a second; the service is an
//! `Activity` in the same process, called without a network. Time is simulated.

use activity_execution::vocabulary::Opaque;
use activity_execution::worker::{
    ActivityExecutionResult, ActivityTask, Cancel, Effect, HeartbeatReply, HeartbeatThrottle,
    ResultReply, SlotsAction, SlotsEffect, TaskAction, TaskOptions, WorkerOptions, WorkerSlots,
};
use activity_execution::{
    Activity, ActivityOptions, Answer, Call, Payload, Span, TaskToken, Timestamp,
};
use std::error::Error;
use std::time::Duration;

const WORKER: &str = "worker 1";

/// A worker with one slot, and the service that it works for.
struct Worker {
    service: Activity,
    slots: WorkerSlots,
    slots_options: WorkerOptions,
    task: ActivityTask,
    task_options: TaskOptions,
    token: Option<TaskToken>,
    /// What the function was told, and how far it is: state of the function, not of the worker.
    told: Option<Cancel>,
    blocks: u32,
}

impl Worker {
    fn new(service: Activity) -> Self {
        let options = service.options();
        let task_options = TaskOptions {
            start_to_close_timeout: Some(options.start_to_close_timeout()),
            heartbeat_timeout: options.heartbeat_timeout(),
            local_timeout_buffer: Span(5_000),
            heartbeat_throttle_interval: HeartbeatThrottle::default()
                .interval(options.heartbeat_timeout()),
            heartbeat_call_timeout: Span(5_000),
        };
        let slots_options =
            WorkerOptions { max_concurrent_activities: 1, graceful_shutdown_period: Span(3_000) };
        let (slots, task) = (WorkerSlots::new(), ActivityTask::default());
        let (token, told, blocks) = (None, None, 0);
        Worker { service, slots, slots_options, task, task_options, token, told, blocks }
    }

    /// Takes a slot, then a task.
    fn poll(&mut self, now: Timestamp) -> Result<(), Box<dyn Error>> {
        self.slots(now, SlotsAction::Poll)?;
        let token = self.service.dispatchable(now).ok_or("nothing is dispatched")?;
        let called = self.service.call(now, Call::poll("poll", token, WORKER));
        let Answer::Task { token, heartbeat_details, .. } = called.reply? else {
            return Err("a poll is answered with a task".into());
        };
        self.token = Some(token);
        // The next attempt goes on where the last one told that it was.
        self.blocks = heartbeat_details.to_string().parse().unwrap_or(0);
        let grace_period_elapsed = self.slots.grace_period_elapsed();
        self.slots(now, SlotsAction::Deliver)?;
        println!("{now} starts at block {}", self.blocks);
        self.happens(now, TaskAction::Deliver { grace_period_elapsed })
    }

    /// One thing happens to the task: the machine says what is to be done about it.
    fn happens(&mut self, now: Timestamp, action: TaskAction) -> Result<(), Box<dyn Error>> {
        let (task, effect) = self.task.decide(&self.task_options, now, &action)?;
        self.task = task;
        match effect {
            None => Ok(()),
            Some(Effect::Cancel(cancel)) => {
                println!("{now} the function is told to stop: {:?}", cancel.reason);
                self.told = Some(cancel);
                Ok(())
            }
            Some(Effect::RecordActivityTaskHeartbeat { details }) => {
                println!("{now} heartbeat: {details} blocks");
                let reply = self.call(now, |token| Call::heartbeat(token, details))?;
                self.happens(now, TaskAction::HeartbeatReply(HeartbeatReply::from(&reply)))
            }
            Some(Effect::Respond(report)) => {
                let reply = self.call(now, |token| Call::respond(token, report, WORKER))?;
                self.happens(now, TaskAction::ResultReply(ResultReply::from(&reply)))
            }
            Some(Effect::ReleaseSlot) => self.slots(now, SlotsAction::ReleaseSlot),
        }
    }

    fn call(
        &mut self,
        now: Timestamp,
        call: impl FnOnce(TaskToken) -> Call,
    ) -> Result<activity_execution::Reply, Box<dyn Error>> {
        let call = call(self.token.ok_or("no task is held")?);
        let name = call.name();
        let called = self.service.call(now, call);
        if let Err(rejection) = called.reply {
            println!("{now} {name} is refused: {rejection}");
        }
        Ok(called.reply)
    }

    fn slots(&mut self, now: Timestamp, action: SlotsAction) -> Result<(), Box<dyn Error>> {
        let (slots, effect) = self.slots.decide(&self.slots_options, now, action)?;
        self.slots = slots;
        match effect {
            Some(SlotsEffect::CancelOutstanding) if self.task.is_outstanding() => {
                self.happens(now, TaskAction::GracePeriodElapses)?;
            }
            Some(SlotsEffect::FinishShutdown) => println!("{now} the worker is shut down"),
            Some(SlotsEffect::CancelOutstanding) | None => {}
        }
        Ok(())
    }

    /// A second: alarms go off, then the function copies a block, heartbeats, and may return.
    fn second(&mut self, now: Timestamp) -> Result<(), Box<dyn Error>> {
        if self.slots.grace_deadline(&self.slots_options).is_some_and(|deadline| deadline <= now) {
            self.slots(now, SlotsAction::GracePeriodElapses)?;
        }
        while let Some((due, timer)) = self.task.deadline(&self.task_options)
            && due <= now
        {
            self.happens(now, TaskAction::Elapses(timer))?;
        }
        if !self.task.is_outstanding() {
            return Ok(());
        }
        let result = match self.told {
            Some(_) => ActivityExecutionResult::Cancelled { details: "cleaned up".into() },
            None if self.blocks == 100 => {
                ActivityExecutionResult::Completed { result: Payload::none() }
            }
            None => {
                self.blocks += 1;
                let details = Payload::from(self.blocks.to_string());
                return self.happens(now, TaskAction::Heartbeat { details });
            }
        };
        self.slots(now, SlotsAction::Return)?;
        self.happens(now, TaskAction::Return(result))
    }

    /// So many seconds, or until the function has returned and its result is reported.
    fn work(&mut self, from: Timestamp, seconds: i64) -> Result<Timestamp, Box<dyn Error>> {
        let mut now = from;
        while self.task != ActivityTask::Released && now < from + Span(seconds * 1_000) {
            now = now + Span(1_000);
            self.second(now)?;
        }
        Ok(now)
    }
}

fn activity() -> Result<Activity, Box<dyn Error>> {
    let options = ActivityOptions::builder()
        .start_to_close_timeout(Duration::from_secs(600))
        .heartbeat_timeout(Duration::from_secs(10));
    let (activity, _durable) = Activity::start(options.build()?, START, "start");
    Ok(activity)
}

const START: Timestamp = Timestamp(1_795_850_940_000);

fn main() -> Result<(), Box<dyn Error>> {
    println!("-- left alone: a hundred blocks, a heartbeat every eight seconds");
    let mut worker = Worker::new(activity()?);
    worker.poll(START)?;
    worker.work(START, 200)?;
    println!("it is {}", worker.service.status());
    assert_eq!(worker.service.status().to_string(), "Completed");

    println!("-- cancelled after two seconds: the answer to the next heartbeat tells it, once");
    let mut worker = Worker::new(activity()?);
    worker.poll(START)?;
    let now = worker.work(START, 2)?;
    let cancel = Call::request_cancel("cancel", "client", "no longer needed");
    worker.service.call(now, cancel).reply?;
    worker.work(now, 200)?;
    println!("it is {}", worker.service.status());
    assert_eq!(worker.service.status().to_string(), "Canceled");

    println!(
        "-- shut down after ten seconds: after the grace period it fails, and is retried elsewhere"
    );
    let mut worker = Worker::new(activity()?);
    worker.poll(START)?;
    let now = worker.work(START, 10)?;
    worker.slots(now, SlotsAction::InitiateShutdown)?;
    worker.work(now, 200)?;
    let dispatch_time = worker.service.dispatch_time().ok_or("it waits for its retry")?;
    let mut elsewhere = Worker::new(worker.service);
    elsewhere.poll(dispatch_time)?;
    assert_eq!(elsewhere.blocks, 12, "it goes on where the last attempt was");
    Ok(())
}
