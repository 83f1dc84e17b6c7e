//! What machines were told in a recorded trace, and whether another machine goes through it alike.

use super::{SELECTION, play, read};
use crate::exploration::{CoreMachine, Machine};
use activity_execution::vocabulary::{Action, ExecutionOptions, RequestId, Timestamp};
use activity_execution::{ActivityExecution, Description, Payload};

/// What the machines were told in a recorded trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The numbers of the options.
    pub terms: ExecutionOptions,
    /// What happened, in order.
    pub actions: Vec<Action>,
}

impl Told {
    /// What was told in the traces that the project keeps.
    ///
    /// # Panics
    /// If these cannot be read.
    #[must_use]
    pub fn of_the_selection() -> Vec<Self> {
        let mut told = Vec::new();
        for (_, text) in SELECTION {
            read(text.as_bytes(), &mut |trace| {
                if trace.not_modelled().is_empty() {
                    told.extend(play(&trace).told);
                }
            })
            .expect("the selection can be read");
        }
        told
    }

    /// Whether `machine` answers or shows something that the core, and so the server, did not.
    pub fn contradicts<M: Machine<i64, Payload>>(&self, machine: &M) -> bool {
        let Told { terms, actions } = self;
        let (start, request_id) = (Timestamp(0), RequestId(0));
        let mut wrong = machine.begin(terms, start, request_id);
        let mut right = CoreMachine.begin(terms, start, request_id);
        actions.iter().any(|action| {
            let reply = machine.step(terms, &mut wrong, action);
            reply != CoreMachine.step(terms, &mut right, action)
                || shown(machine, terms, &wrong) != shown(&CoreMachine, terms, &right)
        })
    }
}

/// What Describe would show of a machine.
fn shown<M: Machine<i64, Payload>>(
    machine: &M,
    terms: &ExecutionOptions,
    state: &M::State,
) -> Description {
    let observation = machine.observe(terms, state);
    ActivityExecution::from_observation(&observation).describe(terms, observation.now)
}
