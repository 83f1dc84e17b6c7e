//! A retry that may start at the very instant of the deadline: found, and shown in numbers.

use std::ops::Add;
use symbolic::{Budget, Int, assume, check, fresh, prove};

/// Work that must start before its deadline, and waits between attempts.
#[derive(Clone, Copy, Debug)]
enum Work<N> {
    Running { attempt: N },
    Waiting { attempt: N, start_time: N },
    Failed,
}

#[derive(Clone, Copy, Debug)]
struct Policy<N> {
    maximum_attempts: N,
    deadline: N,
}

impl<N: Copy + Ord + Add<Output = N> + From<i64>> Work<N> {
    fn fail(self, policy: Policy<N>, now: N, backoff: N) -> Self {
        let Self::Running { attempt } = self else {
            return self;
        };
        let start_time = now + backoff;
        // The bug: an attempt that starts at the deadline is too late.
        if attempt < policy.maximum_attempts && start_time <= policy.deadline {
            Self::Waiting { attempt: attempt + N::from(1), start_time }
        } else {
            Self::Failed
        }
    }
}

fn main() {
    let report = prove("a retry starts before the deadline", Budget::default(), || {
        let policy: Policy<Int> =
            Policy { maximum_attempts: fresh("maximum_attempts"), deadline: fresh("deadline") };
        let before = Work::Running { attempt: fresh("attempt") };
        let (now, backoff) = (fresh("now"), fresh("backoff"));
        assume(now < policy.deadline);
        assume(backoff >= Int::from(0));
        let after = before.fail(policy, now, backoff);
        if let Work::Waiting { attempt, start_time } = after {
            let words = || format!("before {before:?}\n{policy:?}, now {now}\nafter  {after:?}");
            check("a retry starts before the deadline", start_time < policy.deadline, words);
            check("attempts stay within the maximum", attempt <= policy.maximum_attempts, words);
        }
    });
    print!("{report}");
}
