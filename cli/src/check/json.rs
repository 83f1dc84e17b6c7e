//! The JSON output of a check.

use super::checked::{Checked, CheckedSystem, dialect_word};
use super::system::CheckedWhole;
use crate::style::{rate, seconds};
use activity_models::exploration::StaysOpen;
use serde_json::{Value, json};

impl Checked {
    /// For a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let systems: Vec<Value> = self.systems.iter().map(CheckedSystem::to_json).collect();
        json!({
            "complete": self.complete,
            "threads": self.threads,
            "configurations": self.configurations,
            "unique_states": self.unique_states(),
            "transitions": self.transitions(),
            "seconds": seconds(self.elapsed),
            "uncovered": self.uncovered,
            "promises": self.promises,
            "systems": systems,
            "whole_system": self.whole.as_ref().map(CheckedWhole::to_json),
        })
    }
}

impl CheckedSystem {
    fn to_json(&self) -> Value {
        let total = &self.survey.total;
        let reached = self.survey.coverage.vocabulary().into_iter();
        let reached: Vec<Value> = reached
            .map(|(what, reached)| json!({ "what": what, "steps": reached.steps }))
            .collect();
        let stay_open: Vec<Value> = self
            .survey
            .stay_open
            .iter()
            .map(|(StaysOpen { waiting, retrying, stuck }, configurations)| {
                json!({
                    "waiting": waiting,
                    "retrying": retrying,
                    "stuck": stuck,
                    "configurations": configurations,
                })
            })
            .collect();
        json!({
            "name": self.name,
            "dialect": dialect_word(self.dialect),
            "explorers": [
                {
                    "name": "activity",
                    "complete": self.survey.complete,
                    "configurations": self.survey.configurations,
                    "unique_states": total.unique_states,
                    "transitions": total.transitions,
                    "seconds": seconds(self.elapsed),
                    "transitions_per_second": rate(total.transitions, self.elapsed),
                },
                {
                    "name": "stateright",
                    "complete": self.peer.complete,
                    "configurations": self.peer.begins,
                    "unique_states": self.peer.unique_states,
                    "transitions": self.peer.transitions,
                    "seconds": seconds(self.peer_elapsed),
                    "transitions_per_second": rate(self.peer.transitions, self.peer_elapsed),
                },
            ],
            "steps_without_effect": total.without_effect,
            "terminal_states": total.terminal_states,
            "largest_configuration": self.survey.largest,
            "edges": self.survey.coverage.edges().count(),
            "ties": self.survey.coverage.ties().count(),
            "can_stay_open": stay_open,
            "reached": reached,
        })
    }
}
