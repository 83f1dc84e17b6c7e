//! The configurations that systems are tested in, in both dialects, and those of real durations.

use crate::alphabet::Configuration;
use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span};
use activity_models::exploration;

/// How many of the list were chosen first.
pub const PROTOTYPED: usize = 11;

/// A row: options in steps of the clock, where zero means that it is not set.
struct Row {
    dialect: Dialect,
    attempts: i16,
    /// Schedule-to-close, schedule-to-start, start-to-close, heartbeat.
    timeouts: [i16; 4],
    delay: i16,
    backoff: i16,
    /// Whether attempts that time out are retried: by start-to-close, by heartbeat.
    retries: (bool, bool),
}

const fn row(dialect: Dialect, attempts: i16, timeouts: [i16; 4]) -> Row {
    Row { dialect, attempts, timeouts, delay: 0, backoff: 1, retries: (true, true) }
}

const fn of(attempts: i16, timeouts: [i16; 4]) -> Row {
    row(Dialect::Standalone, attempts, timeouts)
}

const fn workflow(attempts: i16, timeouts: [i16; 4]) -> Row {
    row(Dialect::Workflow, attempts, timeouts)
}

impl Row {
    const fn delay(self, delay: i16) -> Row {
        Row { delay, ..self }
    }

    const fn backoff(self, backoff: i16) -> Row {
        Row { backoff, ..self }
    }

    const fn retries(self, start_to_close: bool, heartbeat: bool) -> Row {
        Row { retries: (start_to_close, heartbeat), ..self }
    }

    fn configuration(&self) -> Configuration {
        let timeout = |steps: i16| (steps > 0).then_some(Span(steps));
        let [total, wait, attempt, heartbeat] = self.timeouts;
        let terms = ExecutionOptions {
            dialect: self.dialect,
            maximum_attempts: (self.attempts > 0).then_some(Attempt(self.attempts)),
            schedule_to_close_timeout: timeout(total),
            schedule_to_start_timeout: timeout(wait),
            start_to_close_timeout: Span(attempt),
            heartbeat_timeout: timeout(heartbeat),
            start_delay: Span(self.delay),
            retries_start_to_close: self.retries.0,
            retries_heartbeat: self.retries.1,
        };
        let options = exploration::Configuration {
            terms,
            backoff: Span(self.backoff),
            next_retry_delay: Span(exploration::bounds::NEXT_RETRY_DELAY),
        };
        Configuration::new(self.name(), options)
    }

    /// What is set, in words.
    fn name(&self) -> String {
        let [total, wait, attempt, heartbeat] = self.timeouts;
        let mut said = vec![match self.dialect {
            Dialect::Standalone => "standalone".to_string(),
            Dialect::Workflow => "workflow".to_string(),
        }];
        for (name, steps) in [
            ("schedule-to-close", total),
            ("schedule-to-start", wait),
            ("start-to-close", attempt),
            ("heartbeat", heartbeat),
            ("delay", self.delay),
            ("backoff", self.backoff),
        ] {
            if steps > 0 {
                said.push(format!("{name} {steps}"));
            }
        }
        said.push(match self.attempts {
            0 => "unlimited".to_string(),
            1 => "one attempt".to_string(),
            attempts => format!("{attempts} attempts"),
        });
        match self.retries {
            (true, true) => {}
            (false, false) => said.push("timeouts not retried".to_string()),
            (false, true) => said.push("start-to-close not retried".to_string()),
            (true, false) => said.push("heartbeat not retried".to_string()),
        }
        said.join(", ")
    }
}

/// The configurations of the complete suites. The first eleven were chosen first, the others so that
/// each option appears alone and with each other one.
const ROWS: [Row; 40] = [
    of(0, [0, 0, 2, 0]),
    of(1, [0, 0, 3, 0]),
    of(3, [0, 0, 3, 2]),
    of(0, [0, 0, 3, 2]),
    of(3, [8, 3, 3, 2]),
    of(0, [4, 2, 3, 2]),
    of(2, [0, 2, 2, 0]).delay(2),
    of(2, [0, 0, 3, 2]).retries(false, false),
    workflow(3, [0, 0, 3, 2]),
    workflow(2, [4, 2, 2, 1]),
    of(3, [0, 0, 4, 3]).backoff(3),
    of(1, [0, 0, 1, 0]),
    of(0, [0, 0, 1, 0]),
    of(1, [0, 0, 2, 1]),
    of(1, [0, 2, 2, 0]),
    of(1, [3, 3, 3, 0]),
    of(1, [0, 0, 2, 0]).delay(3),
    of(2, [0, 0, 2, 0]),
    of(2, [0, 0, 2, 0]).backoff(3),
    of(0, [0, 0, 2, 1]),
    of(2, [0, 0, 2, 1]).retries(true, false),
    of(2, [0, 0, 3, 2]).retries(false, true),
    of(0, [5, 5, 2, 0]),
    of(0, [5, 5, 2, 0]).backoff(2),
    of(2, [6, 2, 3, 0]),
    of(2, [5, 3, 3, 2]).delay(1),
    of(3, [6, 2, 2, 1]),
    of(0, [6, 3, 3, 2]),
    of(4, [0, 0, 2, 1]),
    of(3, [0, 2, 3, 2]),
    workflow(1, [0, 0, 2, 0]),
    workflow(0, [0, 0, 2, 0]),
    workflow(0, [0, 0, 3, 2]),
    workflow(2, [0, 2, 2, 0]),
    workflow(2, [0, 0, 3, 2]).retries(false, false),
    workflow(2, [3, 3, 2, 0]),
    workflow(0, [4, 2, 3, 2]),
    workflow(3, [6, 2, 2, 1]),
    workflow(2, [5, 3, 3, 2]).backoff(2),
    workflow(4, [0, 0, 2, 1]).backoff(2),
];

/// The configurations of the sentence, in the order in which they are played.
#[must_use]
pub fn graded() -> Vec<Configuration> {
    ROWS.iter().map(Row::configuration).collect()
}

/// The two configurations that are small enough for suites of two extra states.
#[must_use]
pub fn of_two_extra_states() -> Vec<Configuration> {
    ROWS[..2].iter().map(Row::configuration).collect()
}

/// Configurations of real durations in seconds, driven by jumps.
#[must_use]
pub fn durations() -> Vec<Configuration> {
    let rows = [
        of(3, [0, 0, 10, 3]),
        of(0, [0, 0, 30, 10]).backoff(2),
        of(3, [60, 20, 30, 10]).backoff(5),
        workflow(2, [120, 60, 60, 0]).backoff(10),
    ];
    rows.iter().map(|row| row.configuration().with_jumps()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn forty_configurations_that_servers_would_leave_as_they_are() {
        let all: Vec<Configuration> = graded().into_iter().chain(durations()).collect();
        assert_eq!((graded().len(), all.len()), (40, 44));
        let distinct: HashSet<_> =
            all.iter().map(|it| (it.options.effective(), it.dialect())).collect();
        assert_eq!(distinct.len(), all.len());
        for configuration in &all {
            assert!(configuration.options.terms.are_normal(), "{}", configuration.name);
        }
        let names: HashSet<_> = all.iter().map(|it| &it.name).collect();
        assert_eq!(names.len(), all.len());
    }
}
