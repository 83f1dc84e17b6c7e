//! Compares what was recorded with what we say, key by key at any depth, within the tolerances.
//! Knows which instants a recording may have read earlier; does not know why.

use serde_json::{Number, Value};
use std::fmt;

/// One value that is not what the specification allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// Where, `after.outcome.retryState` for one.
    pub field: String,
    /// Whose value it is.
    pub held: Held,
    /// The value; nothing where the key is absent.
    pub value: Option<Value>,
    /// What the specification allows in its place; nothing where it allows no such key.
    pub allowed: Option<Value>,
}

/// What is held against the specification.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Held {
    /// What the trace recorded.
    Trace,
    /// What the core of this project does; that it differs is a defect of the project.
    Core,
}

/// How far a recorded number may be from ours, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// How much earlier than ours.
    pub earlier: f64,
    /// How much later than ours.
    pub later: f64,
}

/// Not at all.
const EXACT: Tolerance = Tolerance { earlier: 0.0, later: 0.0 };

/// How far two readings of one instant may be apart.
pub(super) const CLOSE: Tolerance = Tolerance { earlier: 3.0, later: 3.0 };

/// A transaction may read the clock long before the transition that it makes.
const READ_EARLY: Tolerance = Tolerance { earlier: 300.0, later: 3.0 };

impl Tolerance {
    /// The tolerance for the values of a key.
    #[must_use]
    pub fn of(key: &str) -> Self {
        match key {
            "lastAttemptCompleteTime" | "lastStartedTime" => READ_EARLY,
            "lastHeartbeatTime"
            | "closeTime"
            | "expirationTime"
            | "nextAttemptScheduleTime"
            | "currentRetryInterval"
            | "startedTime"
            | "currentAttemptScheduledTime" => CLOSE,
            _ => EXACT,
        }
    }

    /// The tolerance for a field, `after.closeTime` for one, or the instant of a step.
    #[must_use]
    pub fn of_field(field: &str) -> Self {
        match field {
            "at" | "due" => CLOSE,
            _ => Tolerance::of(field.rsplit('.').next().unwrap_or(field)),
        }
    }

    /// Whether a recorded number has to be ours.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self == EXACT
    }

    /// Whether a recorded number agrees with ours.
    #[must_use]
    pub fn admits(self, recorded: f64, ours: f64) -> bool {
        (ours - self.earlier..=ours + self.later).contains(&recorded)
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tolerance { earlier, later } = self;
        if self.is_exact() {
            f.write_str("exactly")
        } else if earlier == later {
            write!(f, "within {later} ms")
        } else {
            write!(f, "up to {earlier} ms earlier or {later} ms later")
        }
    }
}

/// Adds to `mismatches` whatever the trace recorded otherwise than it is allowed.
///
/// A key that only one of the two has is a mismatch, and so is another kind of value.
pub(super) fn compare(
    field: &str,
    recorded: Option<&Value>,
    allowed: Option<&Value>,
    mismatches: &mut Vec<Mismatch>,
) {
    match (recorded, allowed) {
        (Some(Value::Object(recorded)), Some(Value::Object(allowed))) => {
            for key in recorded.keys() {
                let (recorded, allowed) = (recorded.get(key), allowed.get(key));
                compare(&format!("{field}.{key}"), recorded, allowed, mismatches);
            }
            for (key, allowed) in allowed.iter().filter(|(key, _)| !recorded.contains_key(*key)) {
                compare(&format!("{field}.{key}"), None, Some(allowed), mismatches);
            }
        }
        (Some(Value::Array(recorded)), Some(Value::Array(allowed))) => {
            for index in 0..recorded.len().max(allowed.len()) {
                let (recorded, allowed) = (recorded.get(index), allowed.get(index));
                compare(&format!("{field}[{index}]"), recorded, allowed, mismatches);
            }
        }
        (Some(Value::Number(recorded)), Some(Value::Number(allowed)))
            if numbers_agree(field, recorded, allowed) => {}
        (recorded, allowed) => {
            if recorded != allowed {
                mismatches.push(Mismatch {
                    field: field.to_owned(),
                    held: Held::Trace,
                    value: recorded.cloned(),
                    allowed: allowed.cloned(),
                });
            }
        }
    }
}

fn numbers_agree(field: &str, recorded: &Number, allowed: &Number) -> bool {
    match (recorded.as_f64(), allowed.as_f64()) {
        (Some(recorded), Some(allowed)) => Tolerance::of_field(field).admits(recorded, allowed),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(recorded: &Value, allowed: &Value) -> Vec<String> {
        let mut mismatches = vec![];
        compare("after", Some(recorded), Some(allowed), &mut mismatches);
        mismatches.into_iter().map(|it| it.field).collect()
    }

    #[test]
    fn a_key_that_only_one_side_has_is_a_mismatch() {
        let (some, none) = (json!({"cause": null}), json!({}));
        assert_eq!(fields(&some, &none), ["after.cause"]);
        assert_eq!(fields(&none, &some), ["after.cause"]);
        assert!(fields(&some, &some).is_empty());
    }

    #[test]
    fn an_instant_that_a_transaction_reads_early_may_be_earlier_but_not_later() {
        let ours = json!({"lastStartedTime": 1000});
        for (recorded, agrees) in [(700, true), (699, false), (1003, true), (1004, false)] {
            let recorded = json!({ "lastStartedTime": recorded });
            assert_eq!(fields(&recorded, &ours).is_empty(), agrees, "{recorded}");
        }
    }

    #[test]
    fn other_instants_agree_within_three_milliseconds_and_counts_exactly() {
        assert!(fields(&json!({"closeTime": 10.9}), &json!({"closeTime": 8})).is_empty());
        assert_eq!(
            fields(&json!({"closeTime": 11.5}), &json!({"closeTime": 8})),
            ["after.closeTime"]
        );
        assert_eq!(fields(&json!({"attempt": 2}), &json!({"attempt": 1})), ["after.attempt"]);
        assert!(fields(&json!({"attempt": 2}), &json!({"attempt": 2.0})).is_empty());
    }

    #[test]
    fn lists_are_compared_entry_by_entry() {
        assert_eq!(
            fields(&json!({"l": [1, 2]}), &json!({"l": [1, 3, 4]})),
            ["after.l[1]", "after.l[2]"]
        );
    }
}
