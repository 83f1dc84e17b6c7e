//! A lease that expires, is renewed and cools down: ordinary code, generic over its numbers.

use std::ops::{Add, Sub};

pub(crate) trait Number:
    Copy + Ord + Add<Output = Self> + Sub<Output = Self> + From<i64>
{
}
impl<N: Copy + Ord + Add<Output = N> + Sub<Output = N> + From<i64>> Number for N {}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Options<N> {
    pub(crate) duration: N,
    pub(crate) total: Option<N>,
    pub(crate) cool_down: N,
    pub(crate) maximum_renewals: Option<N>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Phase<N> {
    Free { last_end: Option<N> },
    Held { start: N, deadline: N, end: Option<N>, renewals: N },
    Cooling { until: N, end: N },
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Lease<N> {
    pub(crate) now: N,
    pub(crate) generation: N,
    pub(crate) phase: Phase<N>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<N> {
    Tick(N),
    Acquire,
    Renew { generation: N },
    Release { generation: N },
    Expire,
    Thaw,
}

impl<N: Number> Options<N> {
    pub(crate) fn are_sound(&self) -> bool {
        let zero = N::from(0);
        self.duration > zero
            && self.cool_down >= zero
            && self.total.is_none_or(|total| total >= self.duration)
            && self.maximum_renewals.is_none_or(|maximum| maximum >= zero)
    }
}

impl<N: Number> Lease<N> {
    pub(crate) fn is_sound(&self, options: &Options<N>) -> bool {
        let past = |instant: N| instant <= self.now;
        self.generation >= N::from(0)
            && match self.phase {
                Phase::Free { last_end } => last_end.is_none_or(past),
                Phase::Held { start, deadline, end, renewals } => {
                    past(start)
                        && start < deadline
                        && deadline <= self.now + options.duration
                        && self.generation >= N::from(1)
                        && renewals >= N::from(0)
                        && options.maximum_renewals.is_none_or(|maximum| renewals <= maximum)
                        && end == options.total.map(|total| start + total)
                        && end.is_none_or(|end| deadline <= end)
                }
                Phase::Cooling { until, end } => past(end) && until == end + options.cool_down,
            }
    }

    /// What `event` makes of the lease; `None` if it is refused. `careful`: without the fault.
    pub(crate) fn step(
        mut self,
        options: &Options<N>,
        event: Event<N>,
        careful: bool,
    ) -> Option<Self> {
        let now = self.now;
        self.phase = match (event, self.phase) {
            (Event::Tick(duration), phase) if duration > N::from(0) => {
                self.now = now + duration;
                phase
            }
            (Event::Acquire, Phase::Free { .. }) => {
                self.generation = self.generation + N::from(1);
                let end = options.total.map(|total| now + total);
                let deadline = now + options.duration;
                Phase::Held { start: now, deadline, end, renewals: N::from(0) }
            }
            (Event::Renew { generation }, Phase::Held { start, deadline, end, renewals })
                if generation == self.generation
                    && now < deadline
                    && options.maximum_renewals.is_none_or(|maximum| renewals < maximum) =>
            {
                let extended = now + options.duration;
                let deadline = end.filter(|_| careful).map_or(extended, |end| extended.min(end));
                Phase::Held { start, deadline, end, renewals: renewals + N::from(1) }
            }
            (Event::Release { generation }, Phase::Held { .. })
                if generation == self.generation =>
            {
                Phase::Cooling { until: now + options.cool_down, end: now }
            }
            (Event::Expire, Phase::Held { deadline, .. }) if deadline <= now => {
                Phase::Cooling { until: now + options.cool_down, end: now }
            }
            (Event::Thaw, Phase::Cooling { until, end }) if until <= now => {
                Phase::Free { last_end: Some(end) }
            }
            _ => return None,
        };
        Some(self)
    }
}
