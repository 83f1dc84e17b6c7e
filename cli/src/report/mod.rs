//! The report of a check, whatever was checked and however it is told: a name, what it states, its
//! kind, the verdict, what that rests on, and the shortest run that shows it.
//!
//! Every command that checks something says so with [`Check`]: promises, refinement, liveness,
//! witnesses and counts of an exploration, theorems, and wrong rules. There is one writer for each
//! format: a table and stories for people, JSON for programs, JUnit for build servers.
//!
//! # In JSON
//!
//! A check is one object, the same everywhere:
//!
//! ```json
//! {
//!   "name": "closed_is_final",
//!   "statement": "A closed execution never opens again.",
//!   "kind": "promise",
//!   "verdict": "holds",
//!   "evidence": { "witnesses": [{ "name": "a call on a closed execution", "steps": 3 }] },
//!   "story": null
//! }
//! ```
//!
//! * `kind`: `promise`, `refinement`, `liveness`, `witness`, `count`, `theorem`, `mutant` or
//!   `history`.
//! * `verdict`: `holds`, `broken` or `undecided`. A witness holds if it was seen, and is broken if
//!   it can never be; a theorem holds if it is proved; a mutant is broken if it breaks a promise.
//! * `evidence` has what there is of `witnesses` (each with the `steps` of the shortest run to it),
//!   `because` (what it rests on, in words), `states`, `configurations`, `proof`, `paths`,
//!   `certificates`, `breaks` (the promises that a mutant breaks) and `complaint`.
//! * `story` is the shortest run that shows it, where there is one: `steps`, each with `at` (time
//!   since the beginning, where there is a clock), `event` (a word), `action` (the same with all that
//!   it carries) and `said` (lines by who says them);
//!   `text`, the same drawn; and `script`, which can be played again, or null.

mod human;
mod junit;
mod story;

pub(crate) use human::{broken, table, trimmed};
pub(crate) use junit::{junit, suite};

use crate::exit::Exit;
use serde::{Serialize, Serializer};

/// The shape of a check in JSON, for the help of every command that writes it.
pub const JSON_OF_A_CHECK: &str = "\
In JSON each check is an object with
  name, statement
  kind      promise, refinement, liveness, witness, count, theorem, mutant or history
  verdict   holds, broken or undecided
  evidence  of witnesses (with steps), because, states, configurations, proof, paths, certificates,
            breaks and complaint those that there are
  story     the shortest run that shows it, or null: steps (at, event, action,
            said), text, script";

/// What was checked, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// What it states, as an identifier.
    pub name: String,
    /// What it states, in a sentence.
    pub statement: String,
    /// What sort of statement it is.
    pub kind: Kind,
    /// What came of it.
    pub verdict: Verdict,
    /// What the verdict rests on.
    pub evidence: Evidence,
    /// The shortest run that shows it.
    pub story: Option<Story>,
}

/// The sort of a statement.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It is so of every step.
    Promise,
    /// Two machines do the same.
    Refinement,
    /// It comes about, or does not, in the end.
    Liveness,
    /// It is so sometimes.
    Witness,
    /// An exploration counts as it should.
    Count,
    /// It is so of all parameters.
    Theorem,
    /// A wrong rule, which should break a promise.
    Mutant,
    /// What is recorded of an activity can have happened.
    History,
}

/// What came of a check; the worse, the greater.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything was looked at, and nothing speaks against it.
    Holds,
    /// Nothing speaks against it, but not everything was looked at.
    Undecided,
    /// Something speaks against it.
    Broken,
}

/// What a verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// What was seen of its kind, so that it does not hold for want of an occasion.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<Seen>,
    /// What it rests on, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// How many states it was judged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<u64>,
    /// How many configurations were explored for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configurations: Option<usize>,
    /// The proof that it shares with others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// How many paths that proof explored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<u64>,
    /// With how many certificates it left branches out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificates: Option<u64>,
    /// The promises that it breaks, if it is a wrong rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<String>,
    /// What is wrong, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaint: Option<String>,
}

/// Something that was seen, and so shows that a statement is about something.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Seen {
    /// What is seen.
    pub name: String,
    /// In how many steps at least, if it was seen and steps lead to it.
    pub steps: Option<usize>,
}

/// A run, from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Story {
    /// What happens, for programs.
    pub steps: Vec<StoryStep>,
    /// The same drawn, for people.
    pub text: String,
    /// A script that plays it again, if there is one.
    pub script: Option<String>,
}

/// Something that happens in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoryStep {
    /// When, since the beginning, if there is a clock.
    pub at: Option<String>,
    /// What, in a word.
    pub event: String,
    /// What, with everything that it carries.
    pub action: String,
    /// Who says what to it, line by line.
    #[serde(serialize_with = "as_object")]
    pub said: Vec<(String, Vec<String>)>,
}

fn as_object<S: Serializer>(said: &[(String, Vec<String>)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(said.iter().map(|(who, lines)| (who, lines)))
}

impl Kind {
    /// Its name as a title.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Promise => "promise",
            Kind::Refinement => "refinement",
            Kind::Liveness => "in the end",
            Kind::Witness => "sometimes",
            Kind::Count => "count",
            Kind::Theorem => "theorem",
            Kind::Mutant => "mutant",
            Kind::History => "history",
        }
    }
}

impl Verdict {
    /// The verdict on what was looked at so far.
    #[must_use]
    pub fn of(is_broken: bool, complete: bool) -> Self {
        match (is_broken, complete) {
            (true, _) => Verdict::Broken,
            (false, true) => Verdict::Holds,
            (false, false) => Verdict::Undecided,
        }
    }

    /// In a word that suits what is checked.
    #[must_use]
    pub fn word(self, kind: Kind) -> &'static str {
        let [holds, broken, undecided] = match kind {
            Kind::Promise | Kind::Refinement | Kind::Liveness | Kind::Count => {
                ["holds", "broken", "undecided"]
            }
            Kind::Witness => ["seen", "never seen", "not seen"],
            Kind::Theorem => ["proved", "refuted", "undecided"],
            Kind::Mutant => ["not found", "caught", "not found yet"],
            Kind::History => ["conforms", "violates", "undecided"],
        };
        match self {
            Verdict::Holds => holds,
            Verdict::Broken => broken,
            Verdict::Undecided => undecided,
        }
    }
}

impl From<symbolic::Verdict> for Verdict {
    fn from(verdict: symbolic::Verdict) -> Self {
        match verdict {
            symbolic::Verdict::Proved => Verdict::Holds,
            symbolic::Verdict::Failed => Verdict::Broken,
            symbolic::Verdict::Incomplete | symbolic::Verdict::Vacuous => Verdict::Undecided,
        }
    }
}

impl Check {
    /// A check of which nothing is known yet but what it states and what came of it.
    #[must_use]
    pub fn new(kind: Kind, name: &str, statement: &str, verdict: Verdict) -> Self {
        let (name, statement) = (name.to_owned(), statement.to_owned());
        Check { name, statement, kind, verdict, evidence: Evidence::default(), story: None }
    }

    /// Whether something speaks against it.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.verdict == Verdict::Broken
    }
}

/// The exit code that these checks deserve, if everything or not everything was looked at.
#[must_use]
pub fn exit<'a>(checks: impl IntoIterator<Item = &'a Check>, complete: bool) -> Exit {
    if checks.into_iter().any(Check::is_broken) {
        Exit::Disagreed
    } else if complete {
        Exit::Agreed
    } else {
        Exit::Inconclusive
    }
}

/// The checks that something speaks against.
pub(crate) fn all_broken(checks: &[Check]) -> impl Iterator<Item = &Check> {
    checks.iter().filter(|check| check.is_broken())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_check_is_one_object_with_the_evidence_that_there_is() {
        let mut check = Check::new(Kind::Promise, "closed_is_final", "It is.", Verdict::Broken);
        check.evidence.witnesses = vec![Seen { name: "a call".to_owned(), steps: Some(3) }];
        let said = vec![("service".to_owned(), vec!["refused".to_owned()])];
        let (event, action) = ("Poll".to_owned(), "Poll { id: 1 }".to_owned());
        let step = StoryStep { at: None, event, action, said };
        check.story = Some(Story { steps: vec![step], text: "drawn".to_owned(), script: None });
        assert_eq!(
            serde_json::to_value(&check).expect("a check is JSON"),
            json!({
                "name": "closed_is_final",
                "statement": "It is.",
                "kind": "promise",
                "verdict": "broken",
                "evidence": { "witnesses": [{ "name": "a call", "steps": 3 }] },
                "story": {
                    "steps": [{
                        "at": null,
                        "event": "Poll",
                        "action": "Poll { id: 1 }",
                        "said": { "service": ["refused"] },
                    }],
                    "text": "drawn",
                    "script": null,
                },
            })
        );
    }

    #[test]
    fn what_is_broken_counts_more_than_what_was_not_looked_at() {
        let checks = [Verdict::Undecided, Verdict::Broken, Verdict::Holds]
            .map(|verdict| Check::new(Kind::Witness, "name", "statement", verdict));
        assert_eq!(exit(&checks, false), Exit::Disagreed);
        assert_eq!(exit(&checks[..1], false), Exit::Inconclusive);
        assert_eq!(exit(&checks[2..], true), Exit::Agreed);
    }
}
