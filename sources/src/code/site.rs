//! A place where options of activities are made, and what is known of each.

use std::collections::BTreeMap;
use std::path::Path;
use tree_sitter::Node;

use super::elsewhere::{Definition, View};
use super::language::Language;
use super::value::{Object, Reason, Value};
use crate::names::{OptionName, RETRY_POLICY, canonical};
use crate::place::Place;

/// A place where options of activities are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// What kind of options.
    pub kind: Kind,
    /// Where they are made.
    pub place: Place,
    /// What is known of each option.
    pub options: BTreeMap<OptionName, Known>,
    /// Whether single options may be given that cannot be seen here.
    pub is_open: bool,
    /// Where the constants of other files are defined that options are told by.
    pub definitions: BTreeMap<OptionName, Definition>,
}

/// For what kind of activity options are.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// Activities of a workflow.
    Workflow,
    /// Local activities, which no server schedules: counted, not judged.
    Local,
    /// Standalone activities.
    Standalone,
    /// Some options only, over those that are in force already: no judgement of their own.
    Override,
}

/// What is known of one option.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// It is not given: the default holds.
    Absent,
    /// It is given.
    Given {
        /// What.
        setting: Setting,
        /// Where the value stands.
        place: Place,
    },
    /// It cannot be told from this file.
    Unknown {
        /// Why.
        reason: Reason,
        /// Where the value stands, if there is one.
        place: Option<Place>,
    },
    /// It is given, and cannot be what it is.
    Invalid {
        /// What is wrong with it.
        message: String,
        /// Where it stands.
        place: Place,
    },
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A length of time in nanoseconds; zero stands for none.
    Duration(i128),
    /// A number; zero attempts are unlimited.
    Number(f64),
    /// Names; those that cannot be told are missing, and `complete` says so.
    Names {
        /// The names.
        names: Vec<String>,
        /// Whether these are all.
        complete: bool,
    },
}

/// How much is known of a site.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Extent {
    /// Every option is given, absent or invalid.
    Known,
    /// Some are unknown.
    Partly,
    /// Nothing that is given is known.
    Unknown,
}

impl Site {
    /// What is known of the options that a value holds.
    pub(super) fn new(kind: Kind, node: Node<'_>, value: Value, language: &dyn Language) -> Self {
        let object = match value {
            Value::Object(object) => object,
            Value::Unknown(reason) => Object { open: Some(reason), ..Object::default() },
            Value::Nothing => Object::default(),
            Value::Duration(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                Object { open: Some(Reason::Expression), ..Object::default() }
            }
        };
        let policy = object.fields.get(RETRY_POLICY);
        let known = |option: OptionName| {
            let name = canonical(option.word());
            if !option.is_of_retry_policy() {
                return known(option, &object, &name, language);
            }
            match policy.map(|field| &field.value) {
                Some(Value::Object(policy)) => known(option, policy, &name, language),
                Some(Value::Nothing) => Known::Absent,
                Some(Value::Unknown(reason)) => {
                    let place = policy.map(|field| field.place.clone());
                    Known::Unknown { reason: *reason, place }
                }
                Some(_) => Known::Unknown { reason: Reason::Expression, place: None },
                None => object
                    .open
                    .map_or(Known::Absent, |reason| Known::Unknown { reason, place: None }),
            }
        };
        let options = OptionName::ALL.into_iter().map(|option| (option, known(option))).collect();
        let (is_open, definitions) = (object.open.is_some(), BTreeMap::new());
        Site { kind, place: Place::of(node), options, is_open, definitions }
    }

    /// Notes which options are told by constants of other files, where they stand.
    pub(super) fn find_definitions(&mut self, view: &View<'_>, path: &Path) {
        for (option, known) in &self.options {
            if let Known::Given { place, .. } = known
                && let Some(definition) = view.definition(place.bytes, path)
            {
                self.definitions.insert(*option, definition);
            }
        }
    }

    /// How much of it is known.
    #[must_use]
    pub fn extent(&self) -> Extent {
        let unknown = self.options.values().filter(|it| matches!(it, Known::Unknown { .. }));
        let given = self.options.values().filter(|it| matches!(it, Known::Given { .. }));
        match (unknown.count(), given.count()) {
            (0, _) => Extent::Known,
            (_, 0) => Extent::Unknown,
            _ => Extent::Partly,
        }
    }
}

fn known(option: OptionName, object: &Object, name: &str, language: &dyn Language) -> Known {
    let Some(field) = object.fields.get(name) else {
        return object.open.map_or(Known::Absent, |reason| Known::Unknown { reason, place: None });
    };
    let place = field.place.clone();
    let setting = match (&field.value, option) {
        (Value::Nothing, _) => return Known::Absent,
        (Value::Unknown(reason), _) => {
            return Known::Unknown { reason: *reason, place: Some(place) };
        }
        (value, option) if option.is_duration() => language.duration(value).map(Setting::Duration),
        (Value::Number(number), OptionName::MaximumAttempts) if number.is_infinite() => {
            Ok(Setting::Number(0.0))
        }
        (Value::Number(number), OptionName::MaximumAttempts | OptionName::BackoffCoefficient) => {
            Ok(Setting::Number(*number))
        }
        (Value::List(values), OptionName::NonRetryableErrorTypes) => Ok(names(values)),
        _ => Err("this is not what the option needs".to_owned()),
    };
    match setting {
        Ok(setting) => Known::Given { setting, place },
        Err(message) => Known::Invalid { message, place },
    }
}

fn names(values: &[Value]) -> Setting {
    let name = |value: &Value| match value {
        Value::Text(name) => Some(name.clone()),
        _ => None,
    };
    let names: Vec<String> = values.iter().filter_map(name).collect();
    let complete = names.len() == values.len();
    Setting::Names { names, complete }
}
