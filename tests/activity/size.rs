//! What an open activity takes, without what its callers gave it.

use crate::driver::options_of;
use activity_execution::{Activity, Call, Timestamp};

/// Options are shared, and request ids are UUIDs: what is left is the activity itself.
#[test]
fn an_open_activity_takes_less_than_300_bytes() {
    let options = options_of(1);
    let start = "6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e57";
    let (mut activity, scheduled) = Activity::start(options, Timestamp(0), start);
    let token = activity.dispatchable(Timestamp(0)).expect("there is no delay");
    let poll = "0b8f4a8e-2b63-4a41-9f43-3f1f4f6c0a11";
    let started = activity.call(Timestamp(1), Call::poll(poll, token, "worker"));
    assert!(started.reply.is_ok());
    let ids = [scheduled.request_id(), started.events.iter().next().and_then(|it| it.request_id())];
    let heap: usize = ids.into_iter().flatten().map(|id| id.heap_bytes()).sum();
    let bytes = size_of::<Activity>() + heap;
    println!("an open activity takes {bytes} bytes, of which the heap {heap}");
    assert!(bytes < 300, "{bytes} bytes");
}
