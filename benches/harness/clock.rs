//! Processor time of this thread, so that the neighbours on a shared machine are not measured.

use std::time::Duration;

use cpu_time::ThreadTime;

/// How long `work` occupies the processor.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let start = ThreadTime::now();
    work();
    start.elapsed()
}

/// A clock that is read once between one piece of work and the next.
#[derive(Debug)]
pub(crate) struct Laps(ThreadTime);

impl Laps {
    pub(crate) fn start() -> Self {
        Self(ThreadTime::now())
    }

    /// How long this thread has occupied the processor since the last lap.
    pub(crate) fn lap(&mut self) -> Duration {
        let now = ThreadTime::now();
        now.duration_since(std::mem::replace(&mut self.0, now))
    }
}
