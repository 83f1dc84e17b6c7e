//! JSON in which no key of an object stands twice: a reader that would take the last one of two
//! takes none. Knows paths and nothing of traces.

use super::keys::Malformed;
use super::read::Fault;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The value that a text is.
///
/// # Errors
/// If the text is not JSON, or has a key twice: the first such, with its path.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    let mut way = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Unique(&mut way).deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    let value = value.map_err(Fault::NotJson)?;
    match way {
        None => Ok(value),
        Some(mut steps) => {
            steps.reverse();
            let path = steps.concat().trim_start_matches('.').to_owned();
            Err(Fault::NotATrace(Malformed { path, what: "stands twice".into() }))
        }
    }
}

/// Reads one value, and notes the way to the first key that stands twice, its last step first.
struct Unique<'a>(&'a mut Option<Vec<String>>);

impl Unique<'_> {
    /// Adds a step to the way, if what was read behind that step found the key.
    fn note(&mut self, was_found: bool, step: impl FnOnce() -> String) {
        if let (false, Some(steps)) = (was_found, self.0.as_mut()) {
            steps.push(step());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        let number = Number::from_f64(number);
        number.map(Value::Number).ok_or_else(|| E::custom("a number is out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let was_found = self.0.is_some();
            let Some(value) = list.next_element_seed(Unique(self.0))? else { break };
            self.note(was_found, || format!("[{}]", values.len()));
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let was_found = self.0.is_some();
            let value = map.next_value_seed(Unique(self.0))?;
            self.note(was_found, || format!(".{key}"));
            if self.0.is_none() && object.contains_key(&key) {
                *self.0 = Some(vec![format!(".{key}")]);
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a text that is JSON.
    fn said(text: &str) -> Option<String> {
        let is_json = serde_json::from_str::<Value>(text);
        match parse(text) {
            Ok(value) => {
                assert_eq!(value, is_json.expect("both take it"));
                None
            }
            Err(fault) => Some(fault.to_string()),
        }
    }

    #[test]
    fn json_is_read_as_ever() {
        for text in [
            "null",
            "[1, -2, 3.5, true, \"\\u00e4\", [], {}]",
            r#"{"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 1}]}"#,
        ] {
            assert_eq!(said(text), None);
        }
        for text in ["", "{", "{\"a\": 1} 2", "[1,]", "1e999", "nul"] {
            assert!(serde_json::from_str::<Value>(text).is_err());
            let fault = parse(text).expect_err("it is not JSON").to_string();
            assert!(fault.starts_with("not JSON: "), "{fault}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_named_with_its_path_wherever_it_is() {
        for (text, path) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"{"a": 1, "b": {"c": [0, {"d": 1, "d": 2}]}}"#, "b.c[1].d"),
            (r#"[[{"x": {}, "x": {}}]]"#, "[0][0].x"),
            (r#"{"a": {"b": 1, "b": 2}, "a": {"b": 1}}"#, "a.b"),
            (r#"{"k": 1, "\u006b": 1}"#, "k"),
        ] {
            let expected = format!("not a trace: `{path}` stands twice");
            assert_eq!(said(text), Some(expected));
        }
    }
}
