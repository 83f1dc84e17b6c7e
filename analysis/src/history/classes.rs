//! Classes of explanations: how many of the hidden attempts ended in which way, in any order. What
//! an attempt takes at least pushes all that follow, whichever it is, so that the order decides nothing.

use super::chain::Way;
use super::search::Explained;

/// Explanations that differ in the order of hidden attempts alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Class {
    /// The attempts of which the way is known, or one of several in any combination.
    pub runs: Vec<(i64, Vec<Way>)>,
    /// Whether it is a single sequence of ways.
    pub is_single: bool,
}

/// The classes of an explanation, up to this many, and how many more there are.
#[must_use]
pub fn classes(explained: &Explained, most: usize) -> (Vec<Class>, u64) {
    let Some((last, before)) = explained.hidden.split_last() else {
        return (vec![Class { runs: Vec::new(), is_single: true }], 0);
    };
    let is_fixed = last.ways.len() == 1;
    let (free, fixed) = if is_fixed {
        (before, vec![(1, last.ways.clone())])
    } else {
        (&explained.hidden[..], Vec::new())
    };
    let many = i64::try_from(free.len()).unwrap_or(i64::MAX);
    let Some(first) = free.first() else {
        return (vec![Class { runs: fixed, is_single: true }], 0);
    };
    // The slack of the earliest play is what longer ways may use up, all together.
    let slack = free.last().map_or(0, |last| last.end.1 - last.end.0);
    let takes: Vec<(Way, i64)> = first.ways.iter().copied().zip(first.takes.clone()).collect();
    let longer: Vec<(Way, i64)> = takes.iter().copied().filter(|(_, takes)| *takes > 0).collect();
    let longest = longer.iter().map(|(_, takes)| *takes).max().unwrap_or(0);
    if longest.checked_mul(many).is_some_and(|all| all <= slack) {
        let ways: Vec<Way> = takes.iter().map(|(way, _)| *way).collect();
        let is_single = ways.len() == 1;
        let runs = [(many, ways)].into_iter().chain(fixed).collect();
        return (vec![Class { runs, is_single }], 0);
    }
    let mut told = Vec::new();
    let mut more = 0_u64;
    let (one, other) = (longer.first().copied(), longer.get(1).copied());
    let most_of_one = one.map_or(0, |(_, takes)| (slack / takes).min(many));
    for of_one in 0..=most_of_one {
        let left = slack - one.map_or(0, |(_, takes)| takes * of_one);
        let most_of_other = other.map_or(0, |(_, takes)| (left / takes).min(many - of_one));
        for of_other in 0..=most_of_other {
            if told.len() == most {
                more += u64::try_from(most_of_other - of_other + 1).unwrap_or(0);
                break;
            }
            let counts = [
                (many - of_one - of_other, Some(Way::Failed)),
                (of_one, one.map(|(way, _)| way)),
                (of_other, other.map(|(way, _)| way)),
            ];
            let runs: Vec<(i64, Vec<Way>)> = counts
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .filter_map(|(count, way)| Some((count, vec![way?])))
                .collect();
            let is_single = runs.len() <= 1;
            told.push(Class { runs: runs.into_iter().chain(fixed.clone()).collect(), is_single });
        }
    }
    (told, more)
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
