//! What may go wrong between the protocol and the server: calls that are lost, made twice, or
//! overtaken, at places that depend on nothing but how many calls an activity has seen.

use crate::system::{Answered, System};
use activity_harness::protocol::{Asked, Polled, Recorded, Started};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// A call is answered, and never made
    Drop,
    /// A call is made twice
    Repeat,
    /// A call is answered, and made after the next one
    Reorder,
}

/// What goes wrong, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// What.
    pub(crate) kind: Kind,
    /// With one in so many calls of each activity.
    pub(crate) every: u64,
    /// With which one first.
    pub(crate) seed: u64,
}

/// A system, and whatever is between.
#[derive(Clone, Debug)]
pub(crate) struct Between {
    system: System,
    fault: Option<Fault>,
    activities: Arc<Mutex<HashMap<String, Passed>>>,
}

/// What has passed of one activity.
#[derive(Clone, Debug, Default)]
struct Passed {
    calls: u64,
    /// A call that was answered, and is not yet made.
    held: Option<Asked>,
}

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq)]
enum Way {
    /// It is made.
    Through,
    /// It is made, and this one after it.
    Then(Box<Asked>),
    /// It is made twice.
    Twice,
    /// It is not made, or not yet.
    Nowhere,
}

impl Between {
    /// What goes wrong on the way to this system, if anything does.
    pub(crate) fn new(system: System, fault: Option<Fault>) -> Self {
        Between { system, fault, activities: Arc::default() }
    }

    /// Answers what is asked.
    pub(crate) async fn answer(&self, asked: Asked) -> Answered {
        match self.way(&asked) {
            Way::Through => self.system.answer(asked).await,
            Way::Nowhere => Answered::Ok(accepted(&asked)),
            Way::Twice => {
                self.system.answer(asked.clone()).await;
                self.system.answer(asked).await
            }
            Way::Then(held) => {
                let answer = self.system.answer(asked).await;
                self.system.answer(*held).await;
                answer
            }
        }
    }

    fn way(&self, asked: &Asked) -> Way {
        let (Some(fault), Some(activity)) = (self.fault, asked.activity()) else {
            return Way::Through;
        };
        let Ok(mut activities) = self.activities.lock() else { return Way::Through };
        match asked {
            Asked::Describe { .. } => Way::Through,
            Asked::Forget { .. } => {
                activities.remove(activity);
                Way::Through
            }
            _ => activities.entry(activity.to_owned()).or_default().way(fault, asked),
        }
    }
}

impl Passed {
    /// What becomes of the next call. The first is the start, without which there is nothing.
    fn way(&mut self, fault: Fault, asked: &Asked) -> Way {
        let number = self.calls;
        self.calls += 1;
        let is_hit = number > 0 && (number + fault.seed).is_multiple_of(fault.every);
        if let Some(held) = self.held.take() {
            return Way::Then(Box::new(held));
        }
        match (is_hit, fault.kind) {
            (false, _) => Way::Through,
            (true, Kind::Drop) => Way::Nowhere,
            (true, Kind::Repeat) => Way::Twice,
            (true, Kind::Reorder) => {
                self.held = Some(asked.clone());
                Way::Nowhere
            }
        }
    }
}

/// What whoever makes a call is told that is not made: as if all were well.
fn accepted(asked: &Asked) -> Value {
    match asked {
        Asked::StartActivityExecution { .. } => json!(Started { started: false }),
        Asked::Poll { .. } => json!(Polled { task: None }),
        Asked::Heartbeat { .. } => json!(Recorded { cancel_requested: false }),
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polls(kind: Kind, every: u64, seed: u64, count: u64) -> Vec<Way> {
        let mut passed = Passed::default();
        let asked = (0..count).map(poll);
        asked.map(|asked| passed.way(Fault { kind, every, seed }, &asked)).collect()
    }

    fn poll(number: u64) -> Asked {
        let (activity, request_id) = ("a1".to_owned(), format!("r{number}"));
        Asked::Poll { activity, request_id, identity: None }
    }

    #[test]
    fn one_in_so_many_calls_is_hit_and_never_the_start() {
        use Way::{Nowhere, Through, Twice};
        assert_eq!(polls(Kind::Drop, 2, 0, 5), [Through, Through, Nowhere, Through, Nowhere]);
        assert_eq!(polls(Kind::Drop, 2, 1, 4), [Through, Nowhere, Through, Nowhere]);
        assert_eq!(polls(Kind::Repeat, 3, 0, 4), [Through, Through, Through, Twice]);
        assert_eq!(polls(Kind::Drop, 1, 0, 3), [Through, Nowhere, Nowhere]);
    }

    #[test]
    fn what_is_overtaken_is_made_after_the_next_call() {
        let ways = polls(Kind::Reorder, 2, 1, 5);
        let then = |number| Way::Then(Box::new(poll(number)));
        let expected = [Way::Through, Way::Nowhere, then(1), Way::Nowhere, then(3)];
        assert_eq!(ways, expected);
    }
}
