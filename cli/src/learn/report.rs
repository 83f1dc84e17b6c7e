//! What was learned, for people and for programs.

use super::Report;
use crate::report::trimmed;
use crate::style::{COLUMNS, Ink, counted, thousands};
use activity_harness::alphabet::Shown;
use activity_harness::learn::{Contradiction, Ended};
use activity_harness::machine::{Differing, Mealy};
use activity_models::story::wrap;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How many of the steps that differ a person is shown, and how many parts of each.
const SHOWN: usize = 8;
const PARTS: usize = 3;

/// How many states that only one of the machines has are shown.
const STATES: usize = 5;

impl Report {
    pub(super) fn to_text(&self) -> String {
        let (learned, chosen) = (&self.learned, &self.choice.chosen);
        let mut text =
            format!("{}, seen through its {}\n", Ink::Title.paint(&self.system), self.power);
        let (name, inputs) = (&chosen.configuration.name, self.specification.inputs().len());
        let place = format!("in number {}: {name}; {inputs} inputs", chosen.number);
        for line in wrap(&place, COLUMNS) {
            let _ = writeln!(text, "{line}");
        }
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
        for line in wrap(&learned.ended.to_string(), COLUMNS) {
            let _ = writeln!(text, "{line}");
        }
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
        let chosen = match choice.shows {
            None => String::new(),
            Some(true) if choice.without.is_empty() => {
                "the first that was tried; a difference shows in it".to_owned()
            }
            Some(true) => format!("the first in which a difference shows; none in {others}"),
            Some(false) => format!(
                "no edge and no walk shows a difference in it, nor in {others}; it is the first"
            ),
        };
        let unsuited = match choice.unsuited.as_slice() {
            [] => String::new(),
            unsuited => format!("left out, since it lacks what they need: {}", listed(unsuited)),
        };
        for said in [chosen, unsuited].iter().filter(|said| !said.is_empty()) {
            for line in wrap(said, COLUMNS) {
                let _ = writeln!(text, "{line}");
            }
        }
    }

    fn tell_differences(&self, text: &mut String) {
        let steps = self.learned.comparison.steps.len();
        if steps == 0 {
            return;
        }
        let kinds = self.kinds();
        let count = counted(steps, "step");
        let _ = writeln!(text, "\nIt differs in {count}. The nearest of each kind:\n");
        let mut table = table(["after", "input", "the specification", "the system"]);
        let mut above = None;
        for Kind { differing, .. } in kinds.iter().take(SHOWN) {
            let mut way = self.spelled(differing);
            let input = way.pop().unwrap_or_default();
            let after = match &way {
                way if above.as_ref() == Some(way) => String::new(),
                way if way.is_empty() => "the start".to_owned(),
                way => way.join(", "),
            };
            above = Some(way);
            let parts = self.parts(differing);
            let mut cells = (after, input);
            for (part, specified, found) in &parts[..few(&parts)] {
                let (after, input) = std::mem::take(&mut cells);
                let specified = format!("{part}: {specified}");
                let found = Ink::Bad.paint(format!("{part}: {found}"));
                table.add_row([after, input, specified, found]);
            }
            if few(&parts) < parts.len() {
                let more = format!("and {} parts more", parts.len() - few(&parts));
                table.add_row([String::new(), String::new(), more, String::new()]);
            }
        }
        let _ = writeln!(text, "{}", trimmed(table, 4));
        if let Some(more) = steps.checked_sub(kinds.len().min(SHOWN)).filter(|more| *more > 0) {
            let _ = writeln!(
                text,
                "\n{} more differ likewise, or farther from the start; --format json lists them",
                thousands(more)
            );
        }
        self.tell_states(text);
    }

    /// The states that only one of the machines has.
    fn tell_states(&self, text: &mut String) {
        let comparison = &self.learned.comparison;
        if self.learned.ended == Ended::BudgetSpent {
            let _ = writeln!(
                text,
                "\nThese steps were played; states are compared as far as they are known."
            );
        }
        let sides = [
            ("the system", &comparison.only_second, true),
            ("the specification", &comparison.only_first, false),
        ];
        for (whose, states, is_learned) in sides {
            if states.is_empty() {
                let _ = writeln!(text, "\nNo state is one that only {whose} has.");
                continue;
            }
            let count = counted(states.len(), "state");
            let _ = writeln!(text, "\n{count} that only {whose} has:\n");
            let mut table = table(["state", "seen", "reached by"]);
            for state in states.iter().take(STATES) {
                let (seen, way) = if is_learned {
                    (self.seen_of_learned(*state), self.learned.machine.access(*state))
                } else {
                    (self.seen_of_specified(*state), self.specification.minimal().access(*state))
                };
                let way = self.names(way).join(", ");
                table.add_row([state.to_string(), seen, way]);
            }
            let _ = writeln!(text, "{}", trimmed(table, 3));
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
    pub(super) fn parts(&self, differing: &Differing) -> Vec<Part> {
        self.shown(differing.first).parts_apart(self.shown(differing.second))
    }

    /// Of steps in which the same input differs in the same way the nearest.
    pub(super) fn kinds(&self) -> Vec<Kind<'_>> {
        let mut seen = BTreeSet::new();
        let kinds = self.learned.comparison.steps.iter().filter_map(|differing| {
            let (specified, found) = self.shows(differing);
            let key = (differing.word.last(), specified.clone(), found.clone());
            seen.insert(key).then_some(Kind { differing, specified, found })
        });
        kinds.collect()
    }

    /// What either machine shows of a step that differs: the answer, or else what is seen after it.
    fn shows(&self, differing: &Differing) -> (String, String) {
        let parts = self.parts(differing);
        if let Some((_, specified, found)) = parts.iter().find(|(part, ..)| *part == "answer") {
            return (specified.clone(), found.clone());
        }
        let told = |which: fn(&Part) -> &String| {
            let shown = parts[..few(&parts)].iter();
            let mut lines: Vec<String> =
                shown.map(|part| format!("{}: {}", part.0, which(part))).collect();
            if few(&parts) < parts.len() {
                lines.push(format!("and {} parts more", parts.len() - few(&parts)));
            }
            lines.join("\n")
        };
        (told(|it| &it.1), told(|it| &it.2))
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
            "observes": self.power.to_string(),
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

/// A step that differs, and what either machine shows of it.
pub(super) struct Kind<'a> {
    pub(super) differing: &'a Differing,
    pub(super) specified: String,
    pub(super) found: String,
}

/// A part of a step: its name, what is specified and what was found.
type Part = (&'static str, String, String);

/// How many parts are told before the rest is counted; one more is told as well.
fn few(parts: &[Part]) -> usize {
    if parts.len() <= PARTS + 1 { parts.len() } else { PARTS }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(COLUMNS as u16);
    table.set_header(header.map(|name| Ink::Title.paint(name)));
    table
}

/// Numbers in words, `1, 2 and 5` for one.
fn listed(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let words = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first} to {last}")],
        few => few.iter().map(ToString::to_string).collect(),
    });
    let words: Vec<String> = words.collect();
    match words.split_last() {
        None => "any other".to_owned(),
        Some((only, [])) if numbers.len() == 1 => format!("number {only}"),
        Some((only, [])) => format!("numbers {only}"),
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
