//! What was learned, for people and for programs.

use super::Report;
use crate::report::trimmed;
use crate::style::{Ink, counted, thousands};
use activity_harness::alphabet::Shown;
use activity_harness::learn::{Contradiction, Ended};
use activity_harness::machine::{Differing, Mealy};
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How many of the steps that differ a person is shown, and how many parts of each.
const SHOWN: usize = 8;
const PARTS: usize = 3;

/// How many states that only one of the machines has are shown.
const STATES: usize = 5;

/// How wide a table is.
const WIDTH: u16 = 100;

impl Report {
    pub(super) fn to_text(&self) -> String {
        let (learned, chosen) = (&self.learned, &self.choice.chosen);
        let mut text = format!(
            "{}, seen through its {}\nin number {}: {}; {} inputs\n",
            Ink::Title.paint(&self.system),
            self.power,
            chosen.number,
            chosen.configuration.name,
            self.specification.inputs().len(),
        );
        self.tell_choice(&mut text);
        let _ = writeln!(
            text,
            "\nlearned {} (the specification has {}) from {} of {} steps, in {}",
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
        let verdict = match (learned.comparison.steps.is_empty(), learned.ended) {
            (false, _) => Ink::Bad.paint("differs from the specification"),
            (true, Ended::BudgetSpent) => Ink::Caution.paint("no difference is known so far"),
            (true, _) => Ink::Good.paint("is the specification"),
        };
        let _ = writeln!(text, "\n{verdict}");
        text
    }

    /// How the configuration was chosen.
    fn tell_choice(&self, text: &mut String) {
        let choice = &self.choice;
        let others = listed(&choice.without);
        match choice.shows {
            None => {}
            Some(true) if choice.without.is_empty() => {
                let _ = writeln!(text, "the first that was tried; a difference shows in it");
            }
            Some(true) => {
                let _ = writeln!(text, "the first in which a difference shows; none in {others}");
            }
            Some(false) => {
                let _ = writeln!(
                    text,
                    "no edge and no walk shows a difference in it, nor in {others}; it is the first"
                );
            }
        }
        if !choice.unsuited.is_empty() {
            let unsuited = listed(&choice.unsuited);
            let _ = writeln!(text, "left out, since it lacks what they need: {unsuited}");
        }
    }

    fn tell_differences(&self, text: &mut String) {
        let comparison = &self.learned.comparison;
        if comparison.steps.is_empty() {
            return;
        }
        let _ = writeln!(
            text,
            "\nIt differs in {}. The nearest:\n",
            counted(comparison.steps.len(), "step"),
        );
        let mut table = table(["after", "input", "the specification", "the system"]);
        let mut above = Vec::new();
        for differing in comparison.steps.iter().take(SHOWN) {
            let mut way = self.spelled(differing);
            let input = way.pop().unwrap_or_default();
            let after = match &way {
                way if *way == above => String::new(),
                way if way.is_empty() => "the start".to_owned(),
                way => way.join(", "),
            };
            above = way;
            let parts = self.parts(differing);
            let more = parts.len().saturating_sub(PARTS);
            let shown = if more <= 1 { parts.len() } else { PARTS };
            let mut cells = (after, input);
            for (part, specified, found) in &parts[..shown] {
                let (after, input) = std::mem::take(&mut cells);
                let specified = format!("{part}: {specified}");
                let found = Ink::Bad.paint(format!("{part}: {found}"));
                table.add_row([after, input, specified, found]);
            }
            if shown < parts.len() {
                let more = format!("and {more} parts more");
                table.add_row([String::new(), String::new(), more, String::new()]);
            }
        }
        let _ = writeln!(text, "{}", trimmed(table, 4));
        if let Some(more) = comparison.steps.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(text, "and {} more; --format json lists them", thousands(more));
        }
        self.tell_states(text);
    }

    /// The states that only one of the machines has.
    fn tell_states(&self, text: &mut String) {
        let comparison = &self.learned.comparison;
        let sides = [
            ("the system", &comparison.only_second, true),
            ("the specification", &comparison.only_first, false),
        ];
        for (whose, states, is_learned) in sides {
            let count = counted(states.len(), "state");
            let _ = writeln!(text, "\n{count} that only {whose} has");
            if states.is_empty() {
                continue;
            }
            let mut table = table(["state", "seen", "reached by", ""]);
            for state in states.iter().take(STATES) {
                let (seen, way) = if is_learned {
                    (self.seen_of_learned(*state), self.learned.machine.access(*state))
                } else {
                    (self.seen_of_specified(*state), self.specification.minimal().access(*state))
                };
                let way = self.names(way).join(", ");
                table.add_row([state.to_string(), seen, way, String::new()]);
            }
            let _ = writeln!(text, "{}", trimmed(table, 4));
            if let Some(more) = states.len().checked_sub(STATES).filter(|more| *more > 0) {
                let _ = writeln!(text, "and {} more", thousands(more));
            }
        }
    }

    /// The inputs that lead to a difference.
    fn spelled(&self, differing: &Differing) -> Vec<String> {
        self.names(&differing.word)
    }

    /// A word in words.
    pub(super) fn names(&self, word: &[u8]) -> Vec<String> {
        self.specification.spelled(word).iter().map(ToString::to_string).collect()
    }

    fn shown(&self, number: u32) -> &Shown {
        &self.learned.shown[number as usize]
    }

    /// What differs in a step: the part, what is specified and what was found.
    pub(super) fn parts(&self, differing: &Differing) -> Vec<(&'static str, String, String)> {
        self.shown(differing.first).parts_apart(self.shown(differing.second))
    }

    /// What is seen of a state that was learned.
    pub(super) fn seen_of_learned(&self, state: u32) -> String {
        let machine = &self.learned.machine;
        self.seen(machine.mealy(), machine.access(state))
    }

    /// What is seen of a state of the specification.
    pub(super) fn seen_of_specified(&self, state: u32) -> String {
        let minimal = self.specification.minimal();
        self.seen(minimal.mealy(), minimal.access(state))
    }

    /// What is seen at the end of a word.
    fn seen(&self, mealy: &Mealy, word: &[u8]) -> String {
        match mealy.run(0, word).last() {
            None => "new".to_owned(),
            Some(shown) => self.shown(*shown).situation(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let (learned, chosen) = (&self.learned, &self.choice.chosen);
        let differences = learned.comparison.steps.iter().map(|differing| {
            let parts = self.parts(differing).into_iter().map(
                |(part, specified, found)| json!({"part": part, "specified": specified, "found": found}),
            );
            let sequence = self.spelled(differing);
            json!({
                "input": sequence.last(),
                "sequence": sequence,
                "parts": parts.collect::<Vec<_>>(),
            })
        });
        json!({
            "system": self.system,
            "number": chosen.number,
            "configuration": chosen.configuration.name,
            "shows_a_difference": self.choice.shows,
            "without_a_difference": self.choice.without,
            "unsuited": self.choice.unsuited,
            "inputs": self.specification.inputs().iter().map(ToString::to_string).collect::<Vec<_>>(),
            "states": learned.machine.states(),
            "states_of_the_specification": self.specification.minimal().states(),
            "sequences": learned.queries,
            "steps": learned.steps,
            "hypotheses": learned.hypotheses,
            "ended": learned.ended.to_string(),
            "differences": differences.collect::<Vec<_>>(),
            "states_only_learned": learned.comparison.only_second,
            "states_only_specified": learned.comparison.only_first,
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

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(header.map(|name| Ink::Title.paint(name)));
    table
}

/// Numbers in words, `1, 2 and 5` for one.
fn listed(numbers: &[usize]) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match words.split_last() {
        None => "any other".to_owned(),
        Some((only, [])) => format!("number {only}"),
        Some((last, others)) => format!("numbers {} and {last}", others.join(", ")),
    }
}

/// A system that is no machine, for a person.
pub(super) fn contradiction(configuration: &str, contradiction: &Contradiction) -> String {
    let names: Vec<&str> = contradiction.sequence.iter().map(|input| input.name()).collect();
    let mut text = format!(
        "{}  the same sequence was answered in two ways, so that there is no machine to learn:\n\
         it is not deterministic, or executions affect one another\n\n\
         in {configuration}\nat the end of: {}\n",
        Ink::Bad.paint("not as assumed"),
        names.join(", "),
    );
    for (part, once, again) in contradiction.once.parts_apart(&contradiction.again) {
        let _ = writeln!(text, "  {part}: once {once}, then {again}");
    }
    text
}

/// The same for a program.
pub(super) fn contradiction_json(configuration: &str, contradiction: &Contradiction) -> Value {
    let names: Vec<&str> = contradiction.sequence.iter().map(|input| input.name()).collect();
    let parts = contradiction.once.parts_apart(&contradiction.again);
    let parts = parts
        .into_iter()
        .map(|(part, once, again)| json!({ "part": part, "once": once, "again": again }));
    json!({ "not_as_assumed": {
        "what": "the same sequence was answered in two ways",
        "configuration": configuration,
        "sequence": names,
        "parts": parts.collect::<Vec<_>>(),
    }})
}
