//! The steps of any execution of a zone: what happens to it, after which time, executed
//! symbolically. Knows one step; what becomes of what it finds is the search's.

use super::attempts::Rounds;
use super::bounds::Bounds;
use super::control::{self, Control, Stage};
use super::event::{Event, stepped};
use super::exploration::{Exploration, Found, is_kept_alive};
use super::{Clock, RUN_ENDED, Reports};
use activity_execution::options::RetryPolicy;
use activity_execution::vocabulary::{ExecutionOptions, Number, Observation, Span, Timestamp};
use activity_proofs::Sym;
use std::cell::RefCell;
use symbolic::{assume_le, fresh, literal};

impl Exploration<'_> {
    /// Any execution of the zone takes a step.
    pub(super) fn step(
        &self,
        terms: &ExecutionOptions<Sym>,
        control: &Control,
        zone: &Bounds,
        event: Event,
        found: &RefCell<Vec<Found>>,
    ) {
        let mut before = control.any(self.armed(control), zone, self.remembers);
        let backoff = self.wait(event, control.attempt);
        if let Event::Heartbeat = event {
            let Some(later) = self.heartbeats(terms, before) else {
                return;
            };
            before = later;
        }
        let elapsed = match event {
            Event::Tick => self.elapsed(&before, 1),
            Event::RunEnds => return self.run_ends(&before, found),
            _ => Span::zero(),
        };
        if let Some(after) = stepped(terms, &before, &event.action(&before, backoff, elapsed)) {
            self.reach(terms, control.attempt, after, found);
        }
    }

    /// Any time from the least on, which on time goes beyond no deadline, and never beyond the run
    /// of the workflow.
    fn elapsed(&self, before: &Observation<Sym, ()>, least: i64) -> Span<Sym> {
        let elapsed = fresh("elapsed");
        assume_le(literal(0), elapsed, -least);
        if self.clock == Clock::OnTime {
            for (_, deadline) in before.deadlines.armed() {
                assume_le(elapsed, (deadline - before.now).0.0, 0);
            }
        }
        if let Some(Span(ends)) = self.configuration.run_ends {
            assume_le(elapsed, (before.schedule_time - before.now).0.0, ends - 1);
        }
        Span(Sym(elapsed))
    }

    /// The run of the workflow ends before anything else is due: an execution is gone then.
    fn run_ends(&self, before: &Observation<Sym, ()>, found: &RefCell<Vec<Found>>) {
        let Some(Span(ends)) = self.configuration.run_ends else { return };
        let now = fresh("end of the run");
        assume_le(now, before.schedule_time.0.0, ends);
        assume_le(before.schedule_time.0.0, now, -ends);
        assume_le(before.now.0.0, now, -1);
        if self.clock == Clock::OnTime {
            for (_, deadline) in before.deadlines.armed() {
                assume_le(now, deadline.0.0, 0);
            }
        }
        let control = Control {
            attempt: control::attempt(before),
            stage: Stage::Closed(RUN_ENDED.to_owned()),
        };
        if let Some(zone) = control::zone(Timestamp(Sym(now)), &[before.schedule_time]) {
            let (settled, rounds) = (Vec::new(), Rounds::NONE);
            found.borrow_mut().push(Found { control, zone, settled, rounds });
        }
    }

    /// How long the attempt after this one waits, if the current one ends like this.
    fn wait(&self, event: Event, attempt: i64) -> Span<Sym> {
        let Span(longest) = RetryPolicy::LONGEST_WAIT;
        let asked = |least: i64, most: i64| {
            let delay = fresh("next_retry_delay");
            assume_le(literal(0), delay, -least);
            assume_le(delay, literal(0), most);
            Span(Sym(delay))
        };
        match (event, self.configuration.reports) {
            (Event::FailAsking { back: false }, _) => asked(1, longest),
            (Event::FailAsking { back: true }, _) => asked(-longest, -1),
            (Event::Fail { retryable: true }, Reports::Asking(Span(delay))) => {
                Span(Sym::literal(delay))
            }
            _ => self.backoff(attempt),
        }
    }

    /// The execution after a time in which its worker heartbeats often enough, until just before its
    /// last heartbeat.
    ///
    /// A heartbeat can follow another after any time below the timeout, so with a timeout of two
    /// milliseconds or more it can keep the attempt alive for any time: as if no heartbeat timeout
    /// were armed, as long as nothing else is due. One heartbeat at a time would take as many steps
    /// as there are heartbeats in the other timeouts.
    fn heartbeats(
        &self,
        terms: &ExecutionOptions<Sym>,
        before: Observation<Sym, ()>,
    ) -> Option<Observation<Sym, ()>> {
        before.deadlines.start_to_close?;
        if !is_kept_alive(terms) {
            return Some(before);
        }
        let mut deadlines = before.deadlines;
        deadlines.heartbeat = None;
        let silent = Observation { deadlines, ..before };
        let elapsed = self.elapsed(&silent, 0);
        let action = Event::Tick.action(&silent, Span::zero(), elapsed);
        let later = stepped(terms, &silent, &action).expect("time passes");
        let mut others = later.deadlines.armed();
        others.all(|(_, deadline)| later.now < deadline).then_some(later)
    }
}
