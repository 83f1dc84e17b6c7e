//! An exploration as a question to an SMT solver: was every input explored?

use crate::hash::Map;
use crate::linear::{Comparison, Linear};
use crate::path::End;
use crate::step::Step;
use crate::tree::{Paths, Tree};
use std::collections::BTreeSet;
use std::fmt::Write;

impl Paths {
    /// An SMT-LIB 2 script; `unsat` says that every input that satisfies the assumptions takes one
    /// of these paths.
    ///
    /// The script says of each point at which paths part, from the last to the first, that an input
    /// that comes here takes none of them: `|#missed 0|` and so on; equal ones are defined once. What
    /// follows from earlier decisions is part of a path's condition, so that a branch that was ruled
    /// out wrongly makes the script `sat`.
    ///
    /// * A symbol is a constant of its name, the same on all paths: an input gives a value to each.
    /// * A choice is a constant as well, numbered along the path. Its last alternative stands for
    ///   all greater numbers and its first for all smaller ones, so that it needs no bounds, which
    ///   could differ from path to path.
    /// * Where a path ends, it is `|#explored|`, or `|#left out|` by an assumption: false, both.
    ///   An input for which a hypothesis does not hold that was assumed without a fork is left out.
    pub fn to_smtlib(&self) -> String {
        let mut script = Script::default();
        let beginnings: BTreeSet<String> =
            self.trees().map(|tree| script.beginning(tree)).collect();
        let mut text = String::from(
            "; unsat: every input that satisfies the assumptions takes an explored path.\n\
             (set-logic QF_LIA)\n",
        );
        for name in self.names() {
            text += &format!("(declare-const |{name}| Int)\n");
        }
        for number in 0..script.choices {
            text += &format!("(declare-const {} Int)\n", choice(number));
        }
        for end in [EXPLORED, LEFT_OUT] {
            text += &format!("(define-fun {end} () Bool false)\n");
        }
        text += &script.definitions;
        for missed in beginnings {
            text += &format!("(assert {missed})\n");
        }
        text + "(check-sat)\n"
    }
}

/// Definitions, each of which cites earlier ones.
#[derive(Debug, Default)]
struct Script {
    definitions: String,
    names: Map<String, String>,
    choices: usize,
}

/// A tree being written.
#[derive(Debug)]
struct Writer<'a> {
    tree: &'a Tree,
    following: Vec<Vec<u32>>,
    ends: Map<u32, End>,
    beginning: Vec<u32>,
}

impl Script {
    /// That an input takes none of the paths of a tree.
    fn beginning(&mut self, tree: &Tree) -> String {
        let nodes = tree.nodes();
        let mut writer = Writer {
            tree,
            following: vec![Vec::new(); nodes.len()],
            ends: Map::default(),
            beginning: Vec::new(),
        };
        for (&(before, _), index) in nodes.iter().zip(0..) {
            match before {
                Some(before) => writer.following[before as usize].push(index),
                None => writer.beginning.push(index),
            }
        }
        let mut whole = None;
        for &(last, end) in tree.leaves() {
            match last {
                Some(last) => drop(writer.ends.insert(last, end)),
                None => whole = Some(name_of(end).to_owned()),
            }
        }
        whole.unwrap_or_else(|| self.parting(&writer, &writer.beginning, 0))
    }

    /// That an input that has come here takes none of the ways on; the choice that is made next has
    /// this number.
    fn parting(&mut self, writer: &Writer<'_>, ways: &[u32], number: usize) -> String {
        // Paths that began with the same decisions at different times are together again.
        let mut conditions: Vec<(String, Vec<u32>)> = Vec::new();
        for &way in ways {
            let condition = writer.condition(way, number);
            match conditions.iter_mut().find(|(known, _)| *known == condition) {
                Some((_, together)) => together.push(way),
                None => conditions.push((condition, vec![way])),
            }
        }
        let mut definition = String::from("(and");
        for (condition, together) in conditions {
            let step = writer.step(together[0]);
            let number = number + usize::from(matches!(step, Step::Chosen { .. }));
            self.choices = self.choices.max(number);
            let ends = together.iter().filter_map(|way| writer.ends.get(way));
            let mut missed: Vec<String> = ends.map(|end| name_of(*end).to_owned()).collect();
            let following = together.iter().flat_map(|&way| writer.following[way as usize].iter());
            let following: Vec<u32> = following.copied().collect();
            if !following.is_empty() {
                missed.push(self.parting(writer, &following, number));
            }
            let connective = if matches!(step, Step::Assumed { .. }) { "and" } else { "=>" };
            for missed in missed {
                write!(definition, " ({connective} {condition} {missed})")
                    .expect("writing to a string succeeds");
            }
        }
        self.named(definition + " true)")
    }

    /// The name of a definition.
    fn named(&mut self, definition: String) -> String {
        if let Some(name) = self.names.get(&definition) {
            return name.clone();
        }
        let name = format!("|#missed {}|", self.names.len());
        writeln!(self.definitions, "(define-fun {name} () Bool {definition})")
            .expect("writing to a string succeeds");
        self.names.insert(definition, name.clone());
        name
    }
}

impl Writer<'_> {
    fn step(&self, index: u32) -> Step {
        self.tree.nodes()[index as usize].1
    }

    fn condition(&self, index: u32, number: usize) -> String {
        let form = |term| self.sum(self.tree.form(term));
        match self.step(index) {
            Step::Compared { left, comparison, right, .. } => {
                let sign = if comparison == Comparison::Equal { "=" } else { comparison.sign() };
                format!("({sign} {} {})", form(left), form(right))
            }
            Step::Assumed { left, right, bound, .. } => {
                format!("(<= (- {} {}) {})", form(left), form(right), integer(bound.into()))
            }
            Step::Chosen { options: 1, .. } => "true".to_owned(),
            Step::Chosen { taken: 0, .. } => format!("(<= {} 0)", choice(number)),
            Step::Chosen { options, taken, .. } => {
                let sign = if taken + 1 == options { ">=" } else { "=" };
                format!("({sign} {} {taken})", choice(number))
            }
        }
    }

    fn sum(&self, form: &Linear) -> String {
        let mut summands: Vec<String> = Vec::new();
        for &(symbol, times) in form.terms() {
            let name = self.tree.name(symbol);
            summands.push(match times {
                1 => format!("|{name}|"),
                _ => format!("(* {} |{name}|)", integer(times)),
            });
        }
        if form.constant() != 0 || summands.is_empty() {
            summands.push(integer(form.constant()));
        }
        if summands.len() == 1 { summands.remove(0) } else { format!("(+ {})", summands.join(" ")) }
    }
}

/// No symbol has this name: the names of symbols do not begin with `#`.
fn choice(number: usize) -> String {
    format!("|#choice {number}|")
}

fn name_of(end: End) -> &'static str {
    match end {
        End::Finished | End::Midway => EXPLORED,
        End::Pruned => LEFT_OUT,
    }
}

fn integer(value: i128) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}

const EXPLORED: &str = "|#explored|";
const LEFT_OUT: &str = "|#left out|";
