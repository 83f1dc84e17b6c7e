//! What a step of an activity hands to its driver: the events to make durable, and the reply.
//! Holds them without heap; does not know what a store is.

use super::RequestIdText;
use crate::execution::Event;
use crate::payload::Payload;
use crate::vocabulary::Reply;
use core::array;
use core::iter::Flatten;

/// An event of an [`Activity`](super::Activity), as it is kept in a log: with the request id that
/// its caller sent.
pub type ActivityEvent = Event<i64, Payload, RequestIdText>;

/// What came of a call: durable first, then told.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "the events are to be made durable, also when the call is refused"]
pub struct Called {
    /// What happened, in order: what time alone had caused by then, and what the call caused.
    pub events: Events,
    /// What the caller is told once the events are durable.
    pub reply: Reply,
}

/// The events of one step, in their order: three at most, and usually one.
///
/// They may be appended to a log one by one: the activity can be recovered from any number of its
/// first events.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "events are to be made durable"]
pub struct Events {
    // INVARIANT: no event comes after a gap.
    events: [Option<ActivityEvent>; MOST],
}

impl Events {
    #[inline]
    pub(super) const fn new() -> Self {
        Events { events: [const { None }; MOST] }
    }

    #[inline]
    pub(super) fn push(&mut self, event: ActivityEvent) {
        let [first, second, third] = &mut self.events;
        // What time causes is a retry and then a close at most, and a call causes one event.
        let place = match (&first, &second) {
            (None, _) => first,
            (Some(_), None) => second,
            (Some(_), Some(_)) => third,
        };
        *place = Some(event);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether nothing happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events[0].is_none()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &ActivityEvent> {
        self.events.iter().flatten()
    }
}

impl IntoIterator for Events {
    type Item = ActivityEvent;
    type IntoIter = Flatten<array::IntoIter<Option<ActivityEvent>, MOST>>;

    fn into_iter(self) -> Self::IntoIter {
        self.events.into_iter().flatten()
    }
}

impl<'a> IntoIterator for &'a Events {
    type Item = &'a ActivityEvent;
    type IntoIter = Flatten<core::slice::Iter<'a, Option<ActivityEvent>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.events.iter().flatten()
    }
}

/// How many events a step can have.
const MOST: usize = 3;
