//! What was learned, for people and for programs.

use super::Report;
use crate::style::{Ink, counted, thousands};
use activity_harness::alphabet::Shown;
use activity_harness::learn::Ended;
use activity_harness::machine::{Differing, Mealy};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How many of the steps that differ a person is shown.
const SHOWN: usize = 8;

impl Report {
    pub(super) fn to_text(&self) -> String {
        let (learned, inputs) = (&self.learned, self.specification.inputs().len());
        let mut text = format!(
            "{}\n{}, {inputs} inputs\n\n",
            Ink::Title.paint(&self.system),
            self.configuration.name,
        );
        let _ = writeln!(
            text,
            "learned {} (the specification has {}) from {} of {} steps, in {}",
            counted(learned.machine.states(), "state"),
            self.specification.minimal().states(),
            counted(learned.queries, "sequence"),
            thousands(learned.steps),
            match learned.hypotheses {
                1 => "1 hypothesis".to_owned(),
                hypotheses => format!("{} hypotheses", thousands(hypotheses)),
            },
        );
        let _ = writeln!(text, "{}", learned.ended);
        self.tell_differences(&mut text);
        let verdict = match (self.comparison.steps.is_empty(), learned.ended) {
            (false, _) => Ink::Bad.paint("differs from the specification"),
            (true, Ended::BudgetSpent) => Ink::Caution.paint("no difference is known so far"),
            (true, _) => Ink::Good.paint("is the specification"),
        };
        let _ = writeln!(text, "\n{verdict}");
        text
    }

    fn tell_differences(&self, text: &mut String) {
        let comparison = &self.comparison;
        if comparison.steps.is_empty() {
            return;
        }
        let _ = writeln!(
            text,
            "\nIt differs in {}, after {} that no common way leads to; the specification has {} \
             of its own. The nearest:",
            counted(comparison.steps.len(), "step"),
            counted(comparison.only_second.len(), "state"),
            comparison.only_first.len(),
        );
        for differing in comparison.steps.iter().take(SHOWN) {
            let _ = writeln!(text, "\n  {}", self.spelled(differing).join(", "));
            for (part, expected, found) in self.parts(differing) {
                let _ = writeln!(text, "    {part}: {} {expected}", Ink::Good.paint("specified"));
                let _ = writeln!(
                    text,
                    "    {:width$}  {} {found}",
                    "",
                    Ink::Bad.paint("found    "),
                    width = part.len()
                );
            }
        }
        if let Some(more) = comparison.steps.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(text, "\n  and {} more", thousands(more));
        }
    }

    /// The inputs that lead to a difference.
    pub(super) fn spelled(&self, differing: &Differing) -> Vec<String> {
        let inputs = self.specification.spelled(&differing.word);
        inputs.iter().map(ToString::to_string).collect()
    }

    fn shown(&self, number: u32) -> &Shown {
        &self.learned.shown[number as usize]
    }

    /// What differs in a step: the part, what is specified and what was found.
    pub(super) fn parts(&self, differing: &Differing) -> Vec<(&'static str, String, String)> {
        self.shown(differing.first).parts_apart(self.shown(differing.second))
    }

    pub(super) fn to_json(&self) -> Value {
        let differences = self.comparison.steps.iter().map(|differing| {
            let parts = self.parts(differing).into_iter().map(
                |(part, specified, found)| json!({"part": part, "specified": specified, "found": found}),
            );
            json!({
                "sequence": self.spelled(differing),
                "parts": parts.collect::<Vec<_>>(),
            })
        });
        let learned = &self.learned;
        json!({
            "system": self.system,
            "configuration": self.configuration.name,
            "inputs": self.specification.inputs().iter().map(ToString::to_string).collect::<Vec<_>>(),
            "states": learned.machine.states(),
            "states_of_the_specification": self.specification.minimal().states(),
            "sequences": learned.queries,
            "steps": learned.steps,
            "hypotheses": learned.hypotheses,
            "ended": learned.ended.to_string(),
            "differences": differences.collect::<Vec<_>>(),
            "states_only_learned": self.comparison.only_second,
            "states_only_specified": self.comparison.only_first,
            "machine": self.table(learned.machine.mealy()),
        })
    }

    /// The machine, state by state: where each input leads, and what is shown.
    fn table(&self, mealy: &Mealy) -> Value {
        let shown: Vec<Value> = self
            .learned
            .shown
            .iter()
            .map(|shown| {
                let parts = shown.parts().into_iter();
                Value::Object(parts.map(|(part, said)| (part.to_owned(), json!(said))).collect())
            })
            .collect();
        let states = mealy
            .all()
            .map(|state| json!({ "next": mealy.nexts(state), "shows": mealy.outputs(state) }));
        json!({ "shown": shown, "states": states.collect::<Vec<_>>() })
    }
}
