//! How far apart heartbeats are sent: computed once for a task, outside of its machine.

use crate::vocabulary::Span;

/// The worker's options for the spacing of heartbeats.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct HeartbeatThrottle {
    /// For tasks without a heartbeat timeout.
    pub default_heartbeat_throttle_interval: Span,
    /// For all tasks.
    pub max_heartbeat_throttle_interval: Span,
}

impl HeartbeatThrottle {
    /// Four fifths of the heartbeat timeout, or the default where there is none; never more than
    /// the maximum.
    #[must_use]
    pub fn interval(&self, heartbeat_timeout: Option<Span>) -> Span {
        let wanted = heartbeat_timeout.map_or(
            self.default_heartbeat_throttle_interval,
            // In two parts, so that no timeout is too long to be multiplied.
            |Span(timeout)| Span(timeout / 5 * 4 + timeout % 5 * 4 / 5),
        );
        wanted.min(self.max_heartbeat_throttle_interval)
    }
}

impl Default for HeartbeatThrottle {
    fn default() -> Self {
        HeartbeatThrottle {
            default_heartbeat_throttle_interval: Span(30_000),
            max_heartbeat_throttle_interval: Span(60_000),
        }
    }
}
