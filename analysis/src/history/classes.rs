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
    /// Whether it is known how the last of them ended: the last of the runs, then.
    pub is_last_known: bool,
    /// Whether it is a single sequence of ways.
    pub is_single: bool,
    /// Whether its attempts can have ended in any order; else in the order in which they are told.
    pub is_in_any_order: bool,
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
    let is_cut_off = explained.is_cut_off || explained.counts.len() > MOST_COUNTED;
    let mut classes = Classes { told: Vec::new(), more: 0, is_cut_off };
    for counted in explained.counts.iter().take(MOST_COUNTED) {
        of_count(explained, counted, most, &mut classes);
    }
    classes
}

/// Adds the classes with so many hidden attempts.
fn of_count(explained: &Explained, counted: &Counted, most: usize, classes: &mut Classes) {
    let Counted { many, last, slack, .. } = *counted;
    let free = if last.is_some() { many - 1 } else { many };
    let delays = explained.delays.as_ref();
    let add = |classes: &mut Classes, runs: Vec<(i64, Vec<Way>)>, is_in_any_order: bool| {
        if classes.told.len() == most {
            classes.more = classes.more.saturating_add(1);
            return;
        }
        let runs: Vec<_> = runs.into_iter().filter(|(count, _)| *count > 0).collect();
        let is_single = runs.len() <= 1 && runs.iter().all(|(_, ways)| ways.len() == 1);
        let runs = runs.into_iter().chain(last.map(|way| (1, vec![way]))).collect();
        let is_last_known = last.is_some();
        classes.told.push(Class { many, runs, is_last_known, is_single, is_in_any_order });
    };
    // The slack of the earliest story is what longer ways may use up, all together.
    let least = explained.takes.iter().map(|(_, takes)| *takes).min().unwrap_or(0);
    let longer = |(way, takes): &(Way, i64)| (*way, takes - least);
    // Where failures choose their delay, so many timeouts wait by the policy besides, the first least.
    let fits = |of_timeouts: i64, takes: Option<i64>| {
        let waits = delays.map_or(0, |delays| delays.of_first(of_timeouts));
        let total = takes.and_then(|takes| takes.checked_add(waits));
        let limit = delays.and_then(|delays| delays.limit).filter(|_| of_timeouts > 0);
        total.is_some_and(|total| total <= slack && limit.is_none_or(|limit| total <= limit))
    };
    let takes = explained.takes.iter().map(longer);
    let takes: Vec<_> = takes.filter(|it| it.1 == 0 || fits(1, Some(it.1))).collect();
    let longest = takes.iter().map(|(_, takes)| *takes).max().unwrap_or(0);
    if free == 0 || longest == 0 || fits(free, longest.checked_mul(free)) {
        return add(classes, vec![(free, takes.iter().map(|(way, _)| *way).collect())], true);
    }
    let short = takes.iter().filter(|(_, takes)| *takes == 0).map(|(way, _)| *way);
    let short: Vec<Way> = short.collect();
    let long: Vec<(Way, i64)> = takes.iter().copied().filter(|(_, takes)| *takes > 0).collect();
    let (one, other) = (long.first().copied(), long.get(1).copied());
    let used = |of_one: i64, of_other: i64| {
        let one = one.map_or(0, |(_, takes)| takes);
        let other = other.map_or(0, |(_, takes)| takes);
        one.checked_mul(of_one)?.checked_add(other.checked_mul(of_other)?)
    };
    let most_of = |least: i64, fits: &dyn Fn(i64) -> bool| {
        (least..=free).take_while(|count| fits(*count)).last().unwrap_or(least)
    };
    let most_of_one = most_of(0, &|of_one| fits(of_one, used(of_one, 0)));
    for of_one in 0..=most_of_one {
        let most_of_other = match other {
            Some(_) => most_of(0, &|it| it + of_one <= free && fits(of_one + it, used(of_one, it))),
            None => 0,
        };
        for of_other in 0..=most_of_other {
            if classes.told.len() == most {
                let rest = u64::try_from(most_of_other - of_other + 1).unwrap_or(0);
                classes.more = classes.more.saturating_add(rest);
                break;
            }
            let short = (free - of_one - of_other, short.clone());
            let long = [
                (of_one, one.iter().map(|(way, _)| *way).collect()),
                (of_other, other.iter().map(|(way, _)| *way).collect()),
            ];
            let runs: Vec<_> = match delays {
                // What waits by the policy comes first, where it waits least.
                Some(_) => long.into_iter().chain([short]).collect(),
                None => [short].into_iter().chain(long).collect(),
            };
            let is_in_any_order = delays.is_none() || of_one + of_other == 0;
            add(classes, runs, is_in_any_order);
        }
    }
}

impl Class {
    /// In words: "2 attempts that failed, then 1 that was silent until its heartbeat timeout".
    #[must_use]
    pub fn in_words(&self) -> String {
        // Attempts that all ended alike are one run.
        if let [(one, ways), (other, same)] = &self.runs[..]
            && ways == same
            && ways.len() == 1
        {
            let runs = vec![(one + other, ways.clone())];
            return Class { runs, is_last_known: false, ..self.clone() }.in_words();
        }
        let last = self.runs.len().saturating_sub(usize::from(self.is_last_known));
        let (free, fixed) = self.runs.split_at(last);
        let told = |(count, ways): &(i64, Vec<Way>)| {
            let ways: Vec<&str> = ways.iter().map(|way| ended(*way, *count)).collect();
            let noun = if *count == 1 { "attempt" } else { "attempts" };
            format!("{count} {noun} that {}", joined(&ways))
        };
        let mut text = free.iter().map(told).collect::<Vec<_>>().join(" and ");
        let many: i64 = free.iter().map(|(count, _)| *count).sum();
        if many > 1 && (free.len() > 1 || free.iter().any(|(_, ways)| ways.len() > 1)) {
            text += if self.is_in_any_order { ", in any order" } else { ", in this order" };
        }
        for (_, ways) in fixed {
            let ways: Vec<&str> = ways.iter().map(|way| ended(*way, 1)).collect();
            if text.is_empty() {
                text = format!("1 attempt that {}", joined(&ways));
            } else {
                text = format!("{text}, then 1 that {}", joined(&ways));
            }
        }
        if self.many == 0 {
            text = "no attempt".to_owned();
        }
        text
    }
}

fn ended(way: Way, many: i64) -> &'static str {
    match (way, many) {
        (Way::Failed, _) => "failed",
        (Way::StartToClose, _) => "ran into start-to-close",
        (Way::Heartbeat, 1) => "was silent until its heartbeat timeout",
        (Way::Heartbeat, _) => "fell silent until their heartbeat timeout",
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
