//! What can be said of options of which some are unknown: certain, under a condition, or nothing.
//! Goes through alternatives; does not know what any option means.

use super::case::Verdict;
use super::known::{Known, KnownOptions, Setting};
use activity_execution::options::{Field, InvalidOptions};

/// What a judge says, whatever is unknown.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Nothing that is wrong.
    Silent,
    /// Something, and under which condition.
    Fires {
        /// What.
        verdict: Verdict,
        /// `None` if it is so in every case.
        condition: Option<String>,
    },
}

/// What was said of one combination of alternatives, in the order of the unknown fields.
struct Answer {
    choice: Vec<usize>,
    fires: bool,
}

/// Asks about every combination of what is unknown; those that a server refuses do not count.
pub(super) fn outcome(
    known: &KnownOptions,
    reads: &[Field],
    ask: impl Fn(KnownOptions) -> Result<Option<Verdict>, InvalidOptions>,
) -> Outcome {
    let unknown = known.unknown(reads);
    let alternatives: Vec<Vec<Known>> =
        unknown.iter().map(|field| known.alternatives(*field)).collect();
    let mut first = None;
    let mut answers = Vec::new();
    let mut choice = vec![0; unknown.len()];
    loop {
        let mut assumed = known.clone();
        for (index, field) in unknown.iter().enumerate() {
            assumed.set(*field, alternatives[index][choice[index]].clone());
        }
        if let Ok(verdict) = ask(assumed) {
            answers.push(Answer { choice: choice.clone(), fires: verdict.is_some() });
            first = first.or(verdict);
        }
        if !advance(&mut choice, &alternatives) {
            break;
        }
    }
    let Some(verdict) = first else { return Outcome::Silent };
    let is_certain = answers.iter().all(|answer| answer.fires);
    let condition = (!is_certain).then(|| condition(&unknown, &alternatives, &answers));
    Outcome::Fires { verdict, condition }
}

/// The next combination, if there is one.
fn advance(choice: &mut [usize], alternatives: &[Vec<Known>]) -> bool {
    for (index, chosen) in choice.iter_mut().enumerate() {
        *chosen += 1;
        if *chosen < alternatives[index].len() {
            return true;
        }
        *chosen = 0;
    }
    false
}

/// When it is so, in words: what has to hold of each unknown field that decides by itself.
fn condition(unknown: &[Field], alternatives: &[Vec<Known>], answers: &[Answer]) -> String {
    let mut parts = Vec::new();
    for (index, field) in unknown.iter().enumerate() {
        let is_asked = |it: usize| answers.iter().any(|answer| answer.choice[index] == it);
        let fires =
            |it: usize| answers.iter().any(|answer| answer.choice[index] == it && answer.fires);
        let asked = (0..alternatives[index].len()).filter(|it| is_asked(*it));
        let (with, without): (Vec<usize>, Vec<usize>) = asked.partition(|it| fires(*it));
        if !without.is_empty() {
            let of = |indices: Vec<usize>| -> Vec<&Known> {
                indices.into_iter().map(|it| &alternatives[index][it]).collect()
            };
            parts.push(format!("{field} {}", in_words(*field, &of(with), &of(without))));
        }
    }
    if parts.is_empty() {
        let names: Vec<_> = unknown.iter().map(ToString::to_string).collect();
        return format!("depending on {}", names.join(" and "));
    }
    format!("if {}", parts.join(" and "))
}

/// What holds of an unknown value if the rule speaks, told by the values at which it does and not.
fn in_words(field: Field, with: &[&Known], without: &[&Known]) -> &'static str {
    let one = |known: &&Known| **known == Known::Given(Setting::Number(1.0));
    let absent = |known: &&Known| **known == Known::Absent;
    match field {
        Field::MaximumAttempts if without.iter().all(one) => "is not 1",
        Field::NonRetryableErrorTypes if with.iter().all(&absent) => "names no timeout",
        _ if with.iter().all(&absent) => "is not given",
        _ if without.iter().all(&absent) => "is given",
        _ => match (bounds(with), bounds(without), with.iter().any(&absent)) {
            (Some((_, most)), Some((least, _)), false) if most < least => "is short enough",
            (Some((_, most)), Some((least, _)), true) if most < least => {
                "is not given or short enough"
            }
            (Some((least, _)), Some((_, most)), false) if most < least => "is long enough",
            (Some((least, _)), Some((_, most)), true) if most < least => {
                "is not given or long enough"
            }
            _ => "has certain values",
        },
    }
}

/// The shortest and the longest duration among values.
fn bounds(known: &[&Known]) -> Option<(i128, i128)> {
    let spans = known.iter().filter_map(|known| match known {
        Known::Given(Setting::Duration(span)) => Some(span.0),
        Known::Given(Setting::Number(_) | Setting::Names(_)) | Known::Absent | Known::Unknown => {
            None
        }
    });
    let spans: Vec<i128> = spans.collect();
    Some((*spans.iter().min()?, *spans.iter().max()?))
}
