//! A common scale of time, on which rows are drawn as points and ranges: what is known to the instant
//! and what is known to lie between two. Knows which marks are round; does not draw.

mod svg;
mod text;

pub(super) use svg::drawing;
pub(super) use text::told;

use super::timeline::Timeline;
use super::units::span;
use activity_execution::vocabulary::Span;

/// The time that a picture covers, from its beginning, in microseconds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Axis {
    /// How long it is.
    pub until: i64,
    /// How many columns stay blank at the left where it is told as text.
    pub margin: usize,
}

/// What lasts, or happens, as far as that is known: each end lies between two instants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stretch {
    /// What it is.
    pub kind: StretchKind,
    /// The earliest and the latest instant of its beginning.
    pub from: (i64, i64),
    /// The same of its end; nothing where it goes on.
    pub to: Option<(i64, i64)>,
}

/// What lasts, or happens.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum StretchKind {
    /// It waits for its backoff or for a worker.
    Waits,
    /// An attempt runs.
    Runs,
    /// Something is due.
    Due,
    /// Something happens at one instant.
    Happens,
}

impl Stretch {
    /// From when to when it may last.
    fn possible(&self, axis: &Axis) -> (i64, i64) {
        (self.from.0, self.to.map_or(axis.until, |to| to.1).max(self.from.1))
    }

    /// From when to when it lasts for certain.
    fn certain(&self, axis: &Axis) -> Option<(i64, i64)> {
        let certain = (self.from.1, self.to.map_or(axis.until, |to| to.0));
        (certain.0 <= certain.1).then_some(certain)
    }

    /// The instants of its ends that are known.
    fn points(&self) -> impl Iterator<Item = i64> {
        let ends = [Some(self.from), self.to];
        let is_shown = self.kind != StretchKind::Waits;
        let ends = ends.into_iter().flatten().filter(move |_| is_shown);
        ends.filter(|(earliest, latest)| earliest == latest).map(|(at, _)| at)
    }
}

impl Axis {
    /// Where an instant is, of so many places.
    fn place(&self, at: i64, places: usize) -> usize {
        let until = i128::from(self.until.max(1));
        let last = i128::try_from(places.saturating_sub(1)).unwrap_or(0);
        let place = i128::from(at.clamp(0, self.until.max(1))) * last / until;
        usize::try_from(place).unwrap_or(0)
    }

    /// Round instants, at most so many apart from the beginning, each with its name.
    fn ticks(&self, most: i64) -> Vec<(i64, String)> {
        let step = STEPS.into_iter().map(|step| step * MICROSECONDS);
        let step = step.into_iter().find(|step| self.until / step <= most);
        let step = step.unwrap_or_else(|| (self.until / most.max(1) / DAY + 1) * DAY);
        let ticks = (0..=most).map(|index| index * step).take_while(|at| *at <= self.until);
        ticks.map(|at| (at, span(Span(at / MICROSECONDS)))).collect()
    }
}

/// The kinds of stretches in a picture, and whether something in it is known as a range alone.
fn legend(timeline: &Timeline) -> Vec<StretchKind> {
    let stretches = timeline.rows.iter().flat_map(|row| &row.stretches);
    let mut kinds: Vec<StretchKind> = stretches.map(|stretch| stretch.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn has_ranges(timeline: &Timeline) -> bool {
    let mut stretches = timeline.rows.iter().flat_map(|row| &row.stretches);
    let is_range = |(earliest, latest): (i64, i64)| earliest < latest;
    stretches.any(|it| {
        it.kind == StretchKind::Runs && (is_range(it.from) || it.to.is_some_and(is_range))
    })
}

const MICROSECONDS: i64 = 1_000;
const DAY: i64 = 86_400_000 * MICROSECONDS;
/// How far round instants can be apart, in milliseconds.
const STEPS: [i64; 30] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
    2_592_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        let told = |until: i64, most| {
            let ticks = Axis { until, margin: 0 }.ticks(most);
            ticks.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(16_402_000, 5), "0s 5s 10s 15s");
        assert_eq!(told(188_000_000, 5), "0s 1m 2m 3m");
        assert_eq!(told(0, 5), "0s");
        assert_eq!(told(3_000, 5), "0s 1ms 2ms 3ms");
        assert_eq!(told(DAY * 10_000, 5).split(' ').count(), 5);
    }

    #[test]
    fn every_instant_has_a_place() {
        let axis = Axis { until: 10, margin: 0 };
        assert_eq!([-5, 0, 5, 10, i64::MAX].map(|at| axis.place(at, 11)), [0, 0, 5, 10, 10]);
        assert_eq!(Axis::default().place(0, 1), 0);
    }
}
