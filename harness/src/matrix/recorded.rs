//! What Temporal servers were recorded to do, against a machine.

use crate::alphabet::describe;
use activity_execution::Payload;
use activity_execution::vocabulary::{Action, Dialect, ExecutionOptions, RequestId, Timestamp};
use activity_models::exploration::{CoreMachine, Machine};
use activity_models::trace::{SELECTION, play, read};

/// What the machines were told in a recorded trace.
#[derive(Clone, Debug)]
pub(super) struct Told {
    terms: ExecutionOptions,
    actions: Vec<Action>,
}

/// The traces that the project keeps.
pub(super) fn traces() -> Vec<Told> {
    let mut told = Vec::new();
    for (_, text) in SELECTION {
        read(text.as_bytes(), &mut |trace| {
            if trace.not_modelled().is_empty() {
                told.extend(play(&trace).told);
            }
        })
        .expect("the selection can be read");
    }
    told.into_iter().map(|(terms, actions)| Told { terms, actions }).collect()
}

/// Whether a machine answers or shows in one of the traces what the core, and so the server, did
/// not.
pub(super) fn contradicted<M: Machine<i64, Payload>>(
    machine: &M,
    traces: &[Told],
    dialects: &[Dialect],
) -> bool {
    let of_dialect = traces.iter().filter(|told| dialects.contains(&told.terms.dialect));
    of_dialect.into_iter().any(|told| !agrees(machine, told))
}

fn agrees<M: Machine<i64, Payload>>(machine: &M, Told { terms, actions }: &Told) -> bool {
    let (start, request_id) = (Timestamp(0), RequestId(0));
    let mut wrong = machine.begin(terms, start, request_id);
    let mut right = CoreMachine.begin(terms, start, request_id);
    actions.iter().all(|action| {
        let replies =
            (machine.step(terms, &mut wrong, action), CoreMachine.step(terms, &mut right, action));
        let shown = (machine.observe(terms, &wrong), CoreMachine.observe(terms, &right));
        replies.0 == replies.1 && describe(terms, &shown.0) == describe(terms, &shown.1)
    })
}
