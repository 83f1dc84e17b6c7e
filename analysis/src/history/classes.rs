//! Classes of explanations: how many attempts are hidden, and how many of them ended in which way. What
//! an attempt takes at least pushes all that follow, whichever it is, so that the order decides
//! nothing.

use super::play::Way;
use super::search::{Counted, Explained};

/// Explanations that differ in the order of hidden attempts alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Class {
    /// How many attempts are hidden.
    pub many: i64,
    /// The attempts of which the way is known, or one of several in any combination.
    pub runs: Vec<(i64, Vec<Way>)>,
    /// Whether it is a single sequence of ways.
    pub is_single: bool,
}

/// The classes of an explanation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Classes {
    /// Those that are told.
    pub told: Vec<Class>,
    /// How many more there are.
    pub more: u64,
    /// Whether there may be still more than that.
    pub is_cut_off: bool,
}

impl Classes {
    /// Whether there is one explanation alone, and of that but one sequence.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        let [one] = &self.told[..] else { return false };
        self.more == 0 && !self.is_cut_off && one.is_single
    }
}

/// The classes of an explanation, of which at most so many are told.
#[must_use]
pub fn classes(explained: &Explained, most: usize) -> Classes {
    let is_cut_off = explained.is_cut_off;
    let mut classes = Classes { told: Vec::new(), more: 0, is_cut_off };
    for (index, counted) in explained.counts.iter().enumerate() {
        if index == MOST_COUNTED {
            classes.is_cut_off = true;
            break;
        }
        of_count(counted, &explained.takes, most, &mut classes);
    }
    classes
}

/// Adds the classes with so many hidden attempts.
fn of_count(counted: &Counted, takes: &[(Way, i64)], most: usize, classes: &mut Classes) {
    let Counted { many, last, slack, .. } = *counted;
    let free = if last.is_some() { many - 1 } else { many };
    let add = |classes: &mut Classes, runs: Vec<(i64, Vec<Way>)>| {
        if classes.told.len() == most {
            classes.more = classes.more.saturating_add(1);
            return;
        }
        let runs: Vec<_> = runs.into_iter().filter(|(count, _)| *count > 0).collect();
        let is_single = runs.len() <= 1 && runs.iter().all(|(_, ways)| ways.len() == 1);
        let runs = runs.into_iter().chain(last.map(|way| (1, vec![way]))).collect();
        classes.told.push(Class { many, runs, is_single });
    };
    // The slack of the earliest story is what longer ways may use up, all together.
    let least = takes.iter().map(|(_, takes)| *takes).min().unwrap_or(0);
    let longer = |(way, takes): &(Way, i64)| (*way, takes - least);
    let takes: Vec<(Way, i64)> = takes.iter().map(longer).filter(|it| it.1 <= slack).collect();
    let longest = takes.iter().map(|(_, takes)| *takes).max().unwrap_or(0);
    if free == 0 || longest.checked_mul(free).is_some_and(|all| all <= slack) {
        return add(classes, vec![(free, takes.iter().map(|(way, _)| *way).collect())]);
    }
    let short = takes.iter().filter(|(_, takes)| *takes == 0).map(|(way, _)| *way);
    let short: Vec<Way> = short.collect();
    let long: Vec<(Way, i64)> = takes.iter().copied().filter(|(_, takes)| *takes > 0).collect();
    let (one, other) = (long.first().copied(), long.get(1).copied());
    let most_of_one = one.map_or(0, |(_, takes)| (slack / takes).min(free));
    for of_one in 0..=most_of_one {
        let left = slack - one.map_or(0, |(_, takes)| takes * of_one);
        let most_of_other = other.map_or(0, |(_, takes)| (left / takes).min(free - of_one));
        for of_other in 0..=most_of_other {
            if classes.told.len() == most {
                let rest = u64::try_from(most_of_other - of_other + 1).unwrap_or(0);
                classes.more = classes.more.saturating_add(rest);
                break;
            }
            add(classes, vec![
                (free - of_one - of_other, short.clone()),
                (of_one, one.iter().map(|(way, _)| *way).collect()),
                (of_other, other.iter().map(|(way, _)| *way).collect()),
            ]);
        }
    }
}

impl Class {
    /// In words: "2 attempts that failed, then 1 that was silent until its heartbeat timeout".
    #[must_use]
    pub fn in_words(&self, is_last_known: bool) -> String {
        // Attempts that all ended alike are one run.
        if let [(one, ways), (other, same)] = &self.runs[..]
            && ways == same
            && ways.len() == 1
        {
            let whole = Class { runs: vec![(one + other, ways.clone())], ..self.clone() };
            return whole.in_words(false);
        }
        let last = self.runs.len().saturating_sub(usize::from(is_last_known));
        let (free, fixed) = self.runs.split_at(last);
        let told = |(count, ways): &(i64, Vec<Way>)| {
            let ways: Vec<&str> = ways.iter().map(|way| ended(*way)).collect();
            let noun = if *count == 1 { "attempt" } else { "attempts" };
            format!("{count} {noun} that {}", joined(&ways))
        };
        let mut text = free.iter().map(told).collect::<Vec<_>>().join(" and ");
        let many: i64 = free.iter().map(|(count, _)| *count).sum();
        if many > 1 && (free.len() > 1 || free.iter().any(|(_, ways)| ways.len() > 1)) {
            text += ", in any order";
        }
        for (_, ways) in fixed {
            let ways: Vec<&str> = ways.iter().map(|way| ended(*way)).collect();
            if text.is_empty() {
                text = format!("1 attempt that {}", joined(&ways));
            } else {
                text = format!("{text}, then 1 that {}", joined(&ways));
            }
        }
        text
    }
}

fn ended(way: Way) -> &'static str {
    match way {
        Way::Failed => "failed",
        Way::StartToClose => "ran into start-to-close",
        Way::Heartbeat => "was silent until its heartbeat timeout",
    }
}

fn joined(ways: &[&str]) -> String {
    match ways {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Of how many numbers of hidden attempts the classes are counted.
const MOST_COUNTED: usize = 1_000;
