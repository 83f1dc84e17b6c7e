//! A work queue: numbered jobs shared among threads, with results in the order of the jobs. Whoever
//! is quicker does more of them; what came of each does not depend on that.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Lets so many threads do the jobs below `jobs`, each with a workshop of its own, until one says
/// that it is enough; gives the workshops.
///
/// # Panics
/// If a job does.
pub fn share<W: Send>(
    threads: usize,
    jobs: usize,
    open: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, usize) -> ControlFlow<()> + Sync,
) -> Vec<W> {
    let (next, workshops) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut workshop = open();
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    if job >= jobs || work(&mut workshop, job).is_break() {
                        break;
                    }
                }
                workshops.lock().expect("nobody panics while holding it").push(workshop);
            });
        }
    });
    workshops.into_inner().expect("all threads have ended")
}
