//! What a task does while its function runs, and until the last heartbeat call is over.
//! Decides what is sent and what the function is told; does not know what the service decides.

use super::task::{
    ActivityTask, Flushing, HeartbeatCall, HeartbeatDetails, Next, Running, is_due, out_of_place,
};
use super::words::{
    ActivityExecutionResult, Effect, HeartbeatReply, LocalTimer, Report, TaskAction, TaskFailure,
    TaskOptions, TaskRejection,
};
use super::{ActivityCancelReason, Cancel};
use crate::vocabulary::{Number, Opaque, Timestamp};

impl<N: Number, P: Opaque> Running<N, P> {
    pub(super) fn delivered(now: Timestamp<N>, grace_period_elapsed: bool) -> Next<N, P> {
        let running = Running {
            delivered_time: now,
            recorded_time: now,
            heartbeat_details: HeartbeatDetails::None,
            call: HeartbeatCall::NotSent,
            cancel: None,
        };
        if grace_period_elapsed {
            //= models/spec.md#W8
            //# A shutdown tells a function only after the grace period, and then every one that
            //# runs or is still to start, unless it was told something before.
            running.told(Cancel::worker_shutdown())
        } else {
            (ActivityTask::Running(running), None)
        }
    }

    pub(super) fn decide(
        &self,
        terms: &TaskOptions<N>,
        now: Timestamp<N>,
        action: &TaskAction<P>,
    ) -> Result<Next<N, P>, TaskRejection> {
        Ok(match action {
            TaskAction::Heartbeat { details } => self.heartbeat(terms, now, details),
            //= models/spec.md#S22
            //# Heartbeat details that cannot be encoded never reach the service: the function is
            //# told to stop, and has failed if it gives in.
            TaskAction::HeartbeatDetailsConversionFails => {
                self.told(Cancel::heartbeat_details_conversion_failed())
            }
            TaskAction::HeartbeatReply(reply) => self.replied(now, *reply)?,
            TaskAction::Elapses(timer) => {
                is_due(self.due(terms, *timer), now)?;
                self.elapsed(now, *timer)?
            }
            //= models/spec.md#S17
            //# A service may also push a cancel request to a worker, without a heartbeat.
            TaskAction::CancelActivityCommand => self.told(Cancel::cancelled()),
            TaskAction::GracePeriodElapses => self.told(Cancel::worker_shutdown()),
            TaskAction::Return(result) => self.finish(now, result),
            TaskAction::Deliver { .. } | TaskAction::ResultReply(_) => {
                return Err(out_of_place(action));
            }
        })
    }

    /// Tells the function, unless it has been told before: the first reason to arrive stays.
    fn told(&self, cancel: Cancel) -> Next<N, P> {
        //= models/spec.md#S31
        //# A function is told at most once for each task, whatever the reasons: the first to arrive
        //# stays.
        if self.cancel.is_some() {
            return (ActivityTask::Running(self.clone()), None);
        }
        let running = Running { cancel: Some(cancel), ..self.clone() };
        //= models/spec.md#S15
        //# A function runs until it returns, whatever it is told.
        //= models/spec.md#S28
        //# The worker tells the function and no part of it.
        (ActivityTask::Running(running), Some(Effect::Cancel(cancel)))
    }

    /// The attempt is lost; the function is told, unless it has been told something before.
    ///
    /// Released SDKs forget what they learn here if another reason came first, and go on to send
    /// what can only be refused.
    //= models/spec.md#W5
    //# Once a worker knows that an attempt is gone, it makes no further call for it.
    fn lost(&self, cancel: Cancel) -> Next<N, P> {
        let effect = self.cancel.is_none().then_some(Effect::Cancel(cancel));
        (ActivityTask::Gone { cancel: self.cancel.unwrap_or(cancel) }, effect)
    }

    fn heartbeat(&self, terms: &TaskOptions<N>, now: Timestamp<N>, details: &P) -> Next<N, P> {
        //= models/spec.md#W11
        //# Heartbeats of a task start a throttle interval apart, at most one of them is in flight,
        //# and each sends the newest details there are.
        let may_send = match self.call {
            HeartbeatCall::NotSent => true,
            HeartbeatCall::InFlight { .. } => false,
            HeartbeatCall::Returned { sent_time } => {
                now >= sent_time + terms.heartbeat_throttle_interval
            }
        };
        if may_send {
            return self.send(now, details);
        }
        let heartbeat_details = HeartbeatDetails::Buffered(details.clone());
        (ActivityTask::Running(Running { heartbeat_details, ..self.clone() }), None)
    }

    fn send(&self, now: Timestamp<N>, details: &P) -> Next<N, P> {
        let running = Running {
            heartbeat_details: HeartbeatDetails::Sent(details.clone()),
            call: HeartbeatCall::InFlight { sent_time: now },
            ..self.clone()
        };
        let details = details.clone();
        (ActivityTask::Running(running), Some(Effect::RecordActivityTaskHeartbeat { details }))
    }

    fn replied(
        &self,
        now: Timestamp<N>,
        reply: HeartbeatReply,
    ) -> Result<Next<N, P>, TaskRejection> {
        let HeartbeatCall::InFlight { sent_time } = self.call else {
            return Err(TaskRejection::NoCallInFlight);
        };
        let call = HeartbeatCall::Returned { sent_time };
        let recorded_time = match reply {
            HeartbeatReply::Recorded { .. } => now,
            //= models/spec.md#S19
            //# The function is told that its attempt is not found.
            HeartbeatReply::NotFound => return Ok(self.lost(Cancel::not_found())),
            // Only a success counts as a sign of life: a worker that is cut off from the service
            // must come to its heartbeat timeout, however eagerly its function records. The details
            // are not sent again, for a heartbeat sent later would be a sign of life made earlier.
            HeartbeatReply::Failed => self.recorded_time,
        };
        let running = Running { call, recorded_time, ..self.clone() };
        //= models/spec.md#S17
        //# The worker tells the function at once what the answer asks for.
        Ok(match Cancel::told_by(reply) {
            Some(cancel) => running.told(cancel),
            None => (ActivityTask::Running(running), None),
        })
    }

    fn elapsed(&self, now: Timestamp<N>, timer: LocalTimer) -> Result<Next<N, P>, TaskRejection> {
        match (timer, &self.call, &self.heartbeat_details) {
            (LocalTimer::HeartbeatThrottle, _, HeartbeatDetails::Buffered(details)) => {
                Ok(self.send(now, details))
            }
            // A call that hangs is given up here, so that it cannot hold back all later heartbeats.
            //= models/spec.md#W7
            //# A function that goes on to heartbeat learns of a cancel request after one throttle
            //# interval and one call, unless it was told something else before.
            (LocalTimer::HeartbeatCall, HeartbeatCall::InFlight { .. }, _) => {
                self.replied(now, HeartbeatReply::Failed)
            }
            //= models/spec.md#S23 type=implication
            //# The timers that a worker runs for itself change nothing at the service.
            (LocalTimer::Heartbeat | LocalTimer::StartToClose, _, _) => {
                Ok(self.lost(Cancel::timed_out()))
            }
            (LocalTimer::HeartbeatThrottle | LocalTimer::HeartbeatCall, _, _) => {
                Err(TaskRejection::NotDue)
            }
        }
    }

    /// Two local timers, each with its own base: a heartbeat moves the one and not the other.
    pub(super) fn due(&self, terms: &TaskOptions<N>, timer: LocalTimer) -> Option<Timestamp<N>> {
        //= models/spec.md#S23
        //# A local timeout runs for the timeout and a buffer, and the result that comes after it is
        //# suppressed.
        let buffer = terms.local_timeout_buffer;
        //= models/spec.md#S16
        //# Once a function has been told, no timer of its worker hurries it.
        // Whoever has been told to stop is not told again.
        let heard_nothing = self.cancel.is_none();
        match (timer, self.call, &self.heartbeat_details) {
            (
                LocalTimer::HeartbeatThrottle,
                HeartbeatCall::Returned { sent_time },
                HeartbeatDetails::Buffered(_),
            ) => Some(sent_time + terms.heartbeat_throttle_interval),
            (LocalTimer::HeartbeatCall, HeartbeatCall::InFlight { sent_time }, _) => {
                Some(sent_time + terms.heartbeat_call_timeout)
            }
            (LocalTimer::Heartbeat, _, _) if heard_nothing => {
                Some(self.recorded_time + terms.heartbeat_timeout? + buffer)
            }
            (LocalTimer::StartToClose, _, _) if heard_nothing => {
                Some(self.delivered_time + terms.start_to_close_timeout? + buffer)
            }
            (
                LocalTimer::HeartbeatThrottle
                | LocalTimer::HeartbeatCall
                | LocalTimer::Heartbeat
                | LocalTimer::StartToClose,
                _,
                _,
            ) => None,
        }
    }

    fn finish(&self, now: Timestamp<N>, result: &ActivityExecutionResult<P>) -> Next<N, P> {
        let (report, buffered) = self.owed(result);
        match self.call {
            HeartbeatCall::InFlight { sent_time } => {
                (ActivityTask::Flushing(Flushing { sent_time, buffered, report }), None)
            }
            HeartbeatCall::NotSent | HeartbeatCall::Returned { .. } => {
                flush_or_report(now, buffered, report)
            }
        }
    }

    /// What the service is to be told about a result, and which details before that.
    fn owed(&self, result: &ActivityExecutionResult<P>) -> (Option<Report<P>>, Option<P>) {
        let (newest, buffered) = match &self.heartbeat_details {
            HeartbeatDetails::None => (None, None),
            HeartbeatDetails::Sent(details) => (Some(details.clone()), None),
            HeartbeatDetails::Buffered(details) => (Some(details.clone()), Some(details.clone())),
        };
        //= models/spec.md#W12
        //# A failure report carries the newest details of its attempt.
        let failed = |failure| Report::Failed { failure, last_heartbeat_details: newest };
        let requested = self.cancel.is_some_and(|c| c.reason == ActivityCancelReason::Cancelled);
        match result.clone() {
            //= models/spec.md#S25
            //# A worker may accept cancellation or ignore it.
            ActivityExecutionResult::Completed { result } => {
                (Some(Report::Completed { result }), None)
            }
            ActivityExecutionResult::Failed { failure } => {
                (Some(failed(TaskFailure::Function { failure })), None)
            }
            //= models/spec.md#S26
            //# A function that gives in is reported as canceled only if it was told of a cancel
            //# request; otherwise it has failed.
            ActivityExecutionResult::Cancelled { details } if requested => {
                (Some(Report::Canceled { details }), buffered)
            }
            //= models/spec.md#S21
            //# A function that gives in to a shutdown has failed, and may be retried elsewhere.
            // The service refuses a canceled report without a cancel request, and the attempt would
            // hang until it times out: pause, reset, shutdown and whims are retryable failures.
            ActivityExecutionResult::Cancelled { details } => {
                let cancel = self.cancel;
                (Some(failed(TaskFailure::CancelNotRequested { cancel, details })), None)
            }
            // Details handed in before the function returned are sent before the task is forgotten.
            ActivityExecutionResult::WillCompleteAsync => (None, buffered),
        }
    }
}

impl<N: Number, P: Opaque> Flushing<N, P> {
    /// The heartbeat call in flight is over.
    pub(super) fn returned(&self, now: Timestamp<N>, reply: HeartbeatReply) -> Next<N, P> {
        match reply {
            HeartbeatReply::NotFound => (ActivityTask::Released, Some(Effect::ReleaseSlot)),
            HeartbeatReply::Recorded { .. } | HeartbeatReply::Failed => {
                flush_or_report(now, self.buffered.clone(), self.report.clone())
            }
        }
    }
}

/// No heartbeat call is in flight: only now may the next call be made, and the result is the last,
/// so that neither a flush nor a result ever overtakes a heartbeat.
//= models/spec.md#W2
//# The result of a task is the last call about it: it is sent when no heartbeat call is in flight,
//# and none follows.
fn flush_or_report<N: Number, P: Opaque>(
    now: Timestamp<N>,
    buffered: Option<P>,
    report: Option<Report<P>>,
) -> Next<N, P> {
    match (buffered, report) {
        (Some(details), report) => {
            let flushing = Flushing { sent_time: now, buffered: None, report };
            (
                ActivityTask::Flushing(flushing),
                Some(Effect::RecordActivityTaskHeartbeat { details }),
            )
        }
        (None, Some(report)) => (ActivityTask::Reporting, Some(Effect::Respond(report))),
        (None, None) => (ActivityTask::Released, Some(Effect::ReleaseSlot)),
    }
}
