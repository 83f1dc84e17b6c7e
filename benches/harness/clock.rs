//! Processor time of this thread, so that the neighbours on a shared machine are not measured.

use std::time::Duration;

use cpu_time::ThreadTime;

/// How long `work` occupies the processor.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let start = ThreadTime::now();
    work();
    start.elapsed()
}
