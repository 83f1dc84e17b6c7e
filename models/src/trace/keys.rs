//! Takes the keys of a JSON object one by one, and minds the ones that nobody took.
//! Knows paths and kinds of value; does not know what the keys mean.

use serde_json::{Map, Value};

/// What is wrong with a value, and where in its line it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Malformed {
    /// The path of the value, `steps[3].token` for one.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
}

/// The keys of an object that are still to be taken.
#[derive(Debug)]
pub(super) struct Keys {
    path: String,
    rest: Map<String, Value>,
}

impl Keys {
    /// The keys of an object.
    ///
    /// # Errors
    /// If the value is no object.
    pub(super) fn of(path: impl Into<String>, value: Value) -> Result<Self, Malformed> {
        let path = path.into();
        match value {
            Value::Object(rest) => Ok(Keys { path, rest }),
            other => Err(wrong_kind(path, "an object", &other)),
        }
    }

    /// The value of a key, whatever it is.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.rest.remove(key)
    }

    /// The value of a key that must be there.
    ///
    /// # Errors
    /// If it is not there.
    pub(super) fn demand(&mut self, key: &str) -> Result<Value, Malformed> {
        self.take(key).ok_or_else(|| self.malformed(key, "is missing"))
    }

    /// A string, if the key is there.
    ///
    /// # Errors
    /// If the value is no string.
    pub(super) fn string(&mut self, key: &str) -> Result<Option<String>, Malformed> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_kind(self.path_of(key), "a string", &other)),
        }
    }

    /// A string that must be there.
    ///
    /// # Errors
    /// If the key is not there or the value is no string.
    pub(super) fn demand_string(&mut self, key: &str) -> Result<String, Malformed> {
        self.string(key)?.ok_or_else(|| self.malformed(key, "is missing"))
    }

    /// A whole number, if the key is there.
    ///
    /// # Errors
    /// If the value is no whole number of 64 bits.
    pub(super) fn integer(&mut self, key: &str) -> Result<Option<i64>, Malformed> {
        match self.take(key) {
            None => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(wrong_kind(self.path_of(key), "a whole number", &value)),
            },
        }
    }

    /// A number, if the key is there.
    ///
    /// # Errors
    /// If the value is no number.
    pub(super) fn number(&mut self, key: &str) -> Result<Option<f64>, Malformed> {
        match self.take(key) {
            None => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) => Ok(Some(number)),
                None => Err(wrong_kind(self.path_of(key), "a number", &value)),
            },
        }
    }

    /// An instant, if the key is there.
    ///
    /// # Errors
    /// If the value is no number, or so far away that arithmetic with it could overflow.
    pub(super) fn instant(&mut self, key: &str) -> Result<Option<f64>, Malformed> {
        let instant = self.number(key)?;
        if instant.is_some_and(|instant| instant.abs() > FARTHEST) {
            return Err(self.malformed(key, "is further away than any recording lasts"));
        }
        Ok(instant)
    }

    /// An instant that must be there.
    ///
    /// # Errors
    /// If the key is not there or the value is no instant.
    pub(super) fn demand_instant(&mut self, key: &str) -> Result<f64, Malformed> {
        self.instant(key)?.ok_or_else(|| self.malformed(key, "is missing"))
    }

    /// All keys are taken.
    ///
    /// # Errors
    /// If one is left.
    pub(super) fn finish(self) -> Result<(), Malformed> {
        match self.rest.keys().next() {
            None => Ok(()),
            Some(key) => Err(self.malformed(key, "is not a key that belongs here")),
        }
    }

    /// A complaint about a key.
    pub(super) fn malformed(&self, key: &str, what: impl Into<String>) -> Malformed {
        Malformed { path: self.path_of(key), what: what.into() }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// A thousand years, in milliseconds.
const FARTHEST: f64 = 3.2e13;

fn wrong_kind(path: String, wanted: &str, value: &Value) -> Malformed {
    let found = match value {
        Value::Null => "null".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    };
    Malformed { path, what: format!("should be {wanted}, not {found}") }
}
