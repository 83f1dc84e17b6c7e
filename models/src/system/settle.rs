//! Dropping of stale tasks and calls: what can only be refused is refused at once.
//!
//! An attempt that has gone never comes back, so that what is refused now is refused for ever, and
//! it makes no difference when. Each is tried on the service before it is dropped.

use super::payload::AbstractNumber;
use super::service;
use super::step::Step;
use super::world::{Call, Execution, Queue, Said, World};
use activity_execution::State;
use activity_execution::vocabulary::Rejection;

impl Step<'_> {
    /// Puts the task of an attempt that was dispatched into the queue, and takes out what is over.
    pub(super) fn settle_queue(&mut self, before: &World) {
        let Some(execution) = &self.world.service else { return };
        let task_before = before.service.as_ref().and_then(dispatched);
        let task = dispatched(execution);
        if task.is_some() && task != task_before {
            self.world.queue = Queue::Waiting;
        }
        let (is_over, poll) = match self.world.queue {
            Queue::Empty => return,
            Queue::Waiting => (task.is_none(), service::NEW_POLL),
            Queue::Unanswered => (started(execution).is_none(), service::ANSWERED_POLL),
        };
        if is_over {
            self.world.queue = Queue::Empty;
            if let Some(then) = &before.service {
                //= models/spec.md#X6
                //# No attempt starts after a cancel request, a close or a schedule timeout; a task
                //# that still waits in a queue then is refused.
                let refused = service::matters(execution, &service::poll(then, poll));
                self.happened.late_call_mattered |= refused != Err(Rejection::ObsoleteTask);
            }
        }
    }

    /// Drops what speaks of an attempt that is over, and repeats what was answered.
    pub(super) fn try_late_calls(&mut self, before: &World) {
        let Some(execution) = self.world.service else { return };
        let current = started(&execution);
        for room in &mut self.world.strays {
            if let Some(call) = *room
                && Some(call.attempt) != current
            {
                //= models/spec.md#X3
                //# A call with the token of another attempt is not found and changes nothing,
                //# whatever it is.
                *room = None;
                self.happened.late_call_mattered |= !is_lost(&execution, call);
            }
        }
        self.world.strays.sort_unstable_by(|one, other| other.cmp(one));
        if self.world.asynchronous && current.is_none() {
            self.world.asynchronous = false;
            let attempt = before.service.as_ref().and_then(started).unwrap_or(0);
            let call = Call { attempt, said: Said::Canceled, newest: 0 };
            self.happened.late_call_mattered |= !is_lost(&execution, call);
        }
        if self.world.caller.call.is_some() {
            return;
        }
        let again = service::matters(&execution, &service::repeated_start());
        self.happened.late_call_mattered |= again != Ok(false);
        if self.world.caller.requests > 0 {
            let again = service::matters(&execution, &service::cancel(1));
            self.happened.late_call_mattered |=
                !matches!(again, Ok(false) | Err(Rejection::AlreadyClosed));
        }
    }
}

/// The attempt whose task is dispatched and not started.
fn dispatched(execution: &Execution) -> Option<AbstractNumber> {
    match execution.state() {
        State::Scheduled { dispatch_time, .. } if dispatch_time.0 <= AbstractNumber(0) => {
            Some(execution.attempt().0)
        }
        State::Scheduled { .. } | State::Started { .. } | State::Closed { .. } => None,
    }
}

/// The attempt that is started.
fn started(execution: &Execution) -> Option<u8> {
    match execution.state() {
        State::Started { .. } => Some(execution.attempt().0.0.cast_unsigned()),
        State::Scheduled { .. } | State::Closed { .. } => None,
    }
}

/// Whether this call about an attempt that is over is refused as such, whatever it says.
fn is_lost(execution: &Execution, call: Call) -> bool {
    let canceled = Call { said: Said::Canceled, ..call };
    [call, canceled].into_iter().all(|call| {
        service::matters(execution, &service::request(call)) == Err(Rejection::NotFound)
    })
}
