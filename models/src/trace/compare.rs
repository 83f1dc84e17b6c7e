//! Compares what was recorded with what we say, key by key at any depth, within the tolerances.
//! Knows which instants a recording may have read earlier; does not know why.

use serde_json::{Number, Value};

/// One value that is not what was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where, `after.outcome.retryState` for one.
    pub field: String,
    /// What was recorded; nothing where the recording lacks the key.
    pub expected: Option<Value>,
    /// What we say; nothing where we lack the key.
    pub found: Option<Value>,
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

    /// Whether a recorded number agrees with ours.
    #[must_use]
    pub fn admits(self, recorded: f64, ours: f64) -> bool {
        (ours - self.earlier..=ours + self.later).contains(&recorded)
    }
}

/// Adds to `differences` whatever in `found` is not as it is in `expected`.
///
/// A key that only one of the two has is a difference, and so is another kind of value.
pub(super) fn compare(
    field: &str,
    expected: Option<&Value>,
    found: Option<&Value>,
    differences: &mut Vec<Difference>,
) {
    match (expected, found) {
        (Some(Value::Object(expected)), Some(Value::Object(found))) => {
            for key in expected.keys() {
                let (expected, found) = (expected.get(key), found.get(key));
                compare(&format!("{field}.{key}"), expected, found, differences);
            }
            for (key, found) in found.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                compare(&format!("{field}.{key}"), None, Some(found), differences);
            }
        }
        (Some(Value::Array(expected)), Some(Value::Array(found))) => {
            for index in 0..expected.len().max(found.len()) {
                let (expected, found) = (expected.get(index), found.get(index));
                compare(&format!("{field}[{index}]"), expected, found, differences);
            }
        }
        (Some(Value::Number(expected)), Some(Value::Number(found)))
            if numbers_agree(field, expected, found) => {}
        (expected, found) => {
            if expected != found {
                differences.push(Difference {
                    field: field.to_owned(),
                    expected: expected.cloned(),
                    found: found.cloned(),
                });
            }
        }
    }
}

fn numbers_agree(field: &str, expected: &Number, found: &Number) -> bool {
    let key = field.rsplit('.').next().unwrap_or(field);
    match (expected.as_f64(), found.as_f64()) {
        (Some(expected), Some(found)) => Tolerance::of(key).admits(expected, found),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(expected: &Value, found: &Value) -> Vec<String> {
        let mut differences = vec![];
        compare("after", Some(expected), Some(found), &mut differences);
        differences.into_iter().map(|d| d.field).collect()
    }

    #[test]
    fn a_key_that_only_one_side_has_is_a_difference() {
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
