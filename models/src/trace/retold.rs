//! A recorded trace as another machine would have left it, up to the first step that tells it apart.
//! So that what is said of a wrong trace can be checked against a machine that is known to be wrong.

use super::line::{Described, Trace};
use super::play::{Player, start};
use super::refusal::ActivityId;
use super::{event::Event, json};
use crate::exploration::Machine;
use activity_execution::vocabulary::{Dialect, Reply, RequestId, Timestamp};
use activity_execution::{ActivityExecution, Payload};
use serde_json::json as value;

/// The trace with its last step as `machine` takes it; nothing where the machine does what was
/// recorded, where it does not act at all as a timer should, or where the trace is of a workflow,
/// of whose activity less is shown.
#[must_use]
pub fn retold<M: Machine<i64, Payload>>(trace: &Trace, machine: &M) -> Option<Trace> {
    if trace.dialect == Dialect::Workflow {
        return None;
    }
    let mut activity_id = ActivityId::of(&trace.name);
    let mut mismatches = vec![];
    let mut player = start(trace, &mut activity_id, &mut mismatches)?;
    let terms = *player.machines.terms();
    let mut state = machine.begin(&terms, Timestamp(0), RequestId(0));
    for (index, step) in trace.steps.iter().enumerate().skip(1) {
        let told = player.machines.actions().len();
        player.step(step, &mut activity_id, &mut mismatches);
        if !mismatches.is_empty() {
            return None;
        }
        let replies: Vec<Reply> = player.machines.actions()[told..]
            .iter()
            .map(|action| machine.step(&terms, &mut state, action))
            .collect();
        let observed = machine.observe(&terms, &state);
        let shown = ActivityExecution::from_observation(&observed).describe(&terms, observed.now);
        let ours = player.machines.description(observed.now);
        let reply = player.taken.as_ref().and(replies.last());
        let is_alike = player.taken.as_ref().map(|(_, ours)| ours) == reply;
        if is_alike && shown == ours {
            continue;
        }
        let is_timer = step.answer.is_none();
        if is_timer && reply.is_some_and(Result::is_err) {
            return None;
        }
        let mut steps = trace.steps[..=index].to_vec();
        let last = steps.last_mut().expect("this step");
        if let (Some(reply), false) = (reply, is_timer) {
            last.answer = Some(told_of(&mut player, &step.event, reply));
        }
        last.described = Some(Described {
            #[expect(clippy::cast_precision_loss, reason = "a recorded instant is a small number")]
            seen: observed.now.0 as f64,
            after: json::description(&shown),
        });
        return Some(Trace { steps, ..trace.clone() });
    }
    None
}

/// An answer as it is recorded.
fn told_of(player: &mut Player, event: &Event, reply: &Reply) -> serde_json::Value {
    match reply {
        Ok(answer) => player.answer_again(answer),
        Err(_) if *event == Event::Poll => value!({}),
        Err(rejection) => value!({"error": rejection.code(), "message": rejection.to_string()}),
    }
}
