//! An exploration as a question to an SMT solver: was every input explored?

use crate::linear::{Comparison, Linear};
use crate::path::{Decision, End, Path};
use crate::tree::Paths;

impl Paths {
    /// An SMT-LIB 2 script; `unsat` says that every input that satisfies the assumptions takes one
    /// of these paths.
    ///
    /// The script asserts the assumptions and, path by path, that the input does not take it. What
    /// follows from earlier decisions is part of a path's condition, so that a branch that was
    /// ruled out wrongly makes the script `sat`.
    ///
    /// * A symbol is a constant of its name, the same on all paths: an input gives a value to each.
    /// * A choice is a constant as well, numbered along the path. Its last alternative stands for
    ///   all greater numbers and its first for all smaller ones, so that it needs no bounds, which
    ///   could differ from path to path.
    /// * An assumption is the part of the space that it left out: the condition of a pruned path,
    ///   and of the path up to a hypothesis that does not hold.
    pub fn to_smtlib(&self) -> String {
        let mut script = String::from(
            "; unsat: every input that satisfies the assumptions takes an explored path.\n\
             (set-logic QF_LIA)\n",
        );
        for name in self.names() {
            script += &format!("(declare-const |{name}| Int)\n");
        }
        let choices = self.iter().map(|path| choices(path.decisions())).max().unwrap_or(0);
        for number in 0..choices {
            script += &format!("(declare-const {} Int)\n", choice(number));
        }
        script += "; The assumptions: not what they left out.\n";
        for path in self.assumptions() {
            let (last, before) = path.decisions().split_last().expect("it ends in a hypothesis");
            let violated = format!("(not {})", condition(&path, 0, last));
            script += &format!("(assert (not {}))\n", all(&path, before, &violated));
        }
        for path in self.iter().filter(|path| path.end() == End::Pruned) {
            script += &format!("(assert (not {}))\n", all(&path, path.decisions(), "true"));
        }
        script += "; None of the explored paths.\n";
        for path in self.iter().filter(|path| path.end() != End::Pruned) {
            script += &format!("(assert (not {}))\n", all(&path, path.decisions(), "true"));
        }
        script + "(check-sat)\n"
    }
}

fn choices(decisions: &[Decision]) -> usize {
    decisions.iter().filter(|decision| matches!(decision, Decision::Chosen { .. })).count()
}

/// No symbol has this name: the names of symbols do not begin with `#`.
fn choice(number: usize) -> String {
    format!("|#choice {number}|")
}

/// That all `decisions` hold, and `last` as well.
fn all(path: &Path, decisions: &[Decision], last: &str) -> String {
    let mut conjunction = String::from("(and");
    for (index, decision) in decisions.iter().enumerate() {
        conjunction += " ";
        conjunction += &condition(path, choices(&decisions[..index]), decision);
    }
    conjunction + " " + last + ")"
}

fn condition(path: &Path, number: usize, decision: &Decision) -> String {
    let form = |form| sum(path, form);
    match decision {
        Decision::Compared { left, comparison, right, .. } => {
            let sign = if *comparison == Comparison::Equal { "=" } else { comparison.sign() };
            format!("({sign} {} {})", form(left), form(right))
        }
        Decision::Assumed { left, right, bound, .. } => {
            format!("(<= (- {} {}) {})", form(left), form(right), integer((*bound).into()))
        }
        Decision::Chosen { options: 1, .. } => "true".to_owned(),
        Decision::Chosen { taken: 0, .. } => format!("(<= {} 0)", choice(number)),
        Decision::Chosen { options, taken, .. } => {
            let sign = if taken + 1 == *options { ">=" } else { "=" };
            format!("({sign} {} {taken})", choice(number))
        }
    }
}

fn sum(path: &Path, form: &Linear) -> String {
    let mut summands: Vec<String> = Vec::new();
    for &(symbol, times) in form.terms() {
        let name = path.name(symbol);
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

fn integer(value: i128) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}
