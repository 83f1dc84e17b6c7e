//! Classes of explanations: how many attempts are hidden, and how many of them ended in which way. What
//! an attempt takes at least pushes all that follow, whichever it is, so that the order decides
//! nothing.

use super::play::Way;
use super::search::{Counted, Explained};
use crate::rules::least;

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
    let free = if counted.last.is_some() { counted.many - 1 } else { counted.many };
    let fits = |of_timeouts: i64, takes: Option<i64>| {
        takes.is_some_and(|takes| counted.fits(explained, of_timeouts, takes))
    };
    // The slack of the earliest story is what longer ways may use up, all together.
    let least = explained.takes.iter().map(|(_, takes)| *takes).min().unwrap_or(0);
    let takes = explained.takes.iter().map(|(way, takes)| (*way, takes - least));
    let takes: Vec<_> = takes.filter(|it| it.1 == 0 || fits(1, Some(it.1))).collect();
    let longest = takes.iter().map(|(_, takes)| *takes).max().unwrap_or(0);
    if free == 0 || longest == 0 || fits(free, longest.checked_mul(free)) {
        let ways = takes.iter().map(|(way, _)| *way).collect();
        return classes.add(counted, most, (vec![(free, ways)], true));
    }
    let (short, long): (Vec<_>, Vec<_>) = takes.into_iter().partition(|(_, takes)| *takes == 0);
    let ways = |of: &[(Way, i64)]| of.iter().map(|(way, _)| *way).collect::<Vec<Way>>();
    let used = |of_one: i64, of_other: i64| {
        let takes = |place: usize| long.get(place).map_or(0, |(_, takes)| *takes);
        takes(0).checked_mul(of_one)?.checked_add(takes(1).checked_mul(of_other)?)
    };
    let most_of_one = last_of(free, &|of_one| fits(of_one, used(of_one, 0)));
    for of_one in 0..=most_of_one {
        let can_be = |it| long.len() > 1 && fits(of_one + it, used(of_one, it));
        let most_of_other = last_of(free - of_one, &can_be);
        for of_other in 0..=most_of_other {
            if classes.told.len() == most {
                let rest = u64::try_from(most_of_other - of_other + 1).unwrap_or(0);
                classes.more = classes.more.saturating_add(rest);
                break;
            }
            let short = (free - of_one - of_other, ways(&short));
            let long = [(of_one, ways(&long[..1])), (of_other, ways(&long[long.len().min(1)..]))];
            let runs: Vec<_> = match explained.delays {
                // What waits by the policy comes first, where it waits least.
                Some(_) => long.into_iter().chain([short]).collect(),
                None => [short].into_iter().chain(long).collect(),
            };
            let is_in_any_order = explained.delays.is_none() || of_one + of_other == 0;
            classes.add(counted, most, (runs, is_in_any_order));
        }
    }
}

/// The greatest number up to a limit of which something is so that is so of all below it.
fn last_of(limit: i64, is_so: &dyn Fn(i64) -> bool) -> i64 {
    let whole = |it: i128| i64::try_from(it).unwrap_or(i64::MAX);
    let first = least(0, i128::from(limit), |it| !is_so(whole(it)));
    first.map_or(limit, |first| whole(first) - 1)
}

impl Counted {
    /// Whether so many timeouts have room that take so much longer than the shortest ways.
    fn fits(&self, explained: &Explained, of_timeouts: i64, takes: i64) -> bool {
        // Where failures choose their delay, timeouts wait by the policy besides, the first least.
        let delays = explained.delays.as_ref();
        let waits = delays.map_or(0, |delays| delays.of_first(of_timeouts));
        let limit = delays.and_then(|delays| delays.limit).filter(|_| of_timeouts > 0);
        let total = takes.checked_add(waits);
        total.is_some_and(|total| total <= self.slack && limit.is_none_or(|limit| total <= limit))
    }
}

impl Classes {
    fn add(&mut self, counted: &Counted, most: usize, (runs, is_in_any_order): (Runs, bool)) {
        if self.told.len() == most {
            self.more = self.more.saturating_add(1);
            return;
        }
        let Counted { many, last, .. } = *counted;
        let runs: Vec<_> = runs.into_iter().filter(|(count, _)| *count > 0).collect();
        let is_single = runs.len() <= 1 && runs.iter().all(|(_, ways)| ways.len() == 1);
        let runs = runs.into_iter().chain(last.map(|way| (1, vec![way]))).collect();
        let is_last_known = last.is_some();
        self.told.push(Class { many, runs, is_last_known, is_single, is_in_any_order });
    }
}

/// So many attempts that ended in one of these ways, each.
type Runs = Vec<(i64, Vec<Way>)>;

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
