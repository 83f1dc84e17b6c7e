//! From a tree to a request: which keys there are, and what each of them takes.
//! Knows names and types; whether the values make sense together is for normalisation.

use super::duration;
use super::error::Fault;
use super::suggest::closest;
use super::tree::{Entry, Node, Place, Value};
use crate::options::retry_policy::TIMEOUT_PREFIX;
use crate::options::{Field, InvalidOptions, Nanoseconds, RequestedOptions, RequestedRetryPolicy};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Who wrote the tree: decides on the spelling of keys, and on what an unknown one means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Dialect {
    Toml,
    Json,
    /// The attributes of a recorded event: JSON with much in it that is no option.
    Recorded,
}

/// Where each option stands in the text.
#[derive(Debug, Default)]
pub(super) struct Places {
    fields: Vec<(Field, Place)>,
    error_types: Vec<(String, Place)>,
}

impl Places {
    /// Where the option stands that a rule refuses, or the part of it.
    pub(super) fn of(&self, invalid: &InvalidOptions) -> Place {
        if let InvalidOptions::UnknownTimeoutType { name } = invalid {
            let entry = format!("{TIMEOUT_PREFIX}{name}");
            let found = self.error_types.iter().find(|(known, _)| *known == entry);
            return found.and_then(|(_, place)| place.clone());
        }
        let field = invalid.field()?;
        let found = self.fields.iter().find(|(known, _)| *known == field);
        found.and_then(|(_, place)| place.clone())
    }
}

impl Dialect {
    fn name(self, field: Field) -> &'static str {
        match self {
            Dialect::Toml => field.name(),
            Dialect::Json | Dialect::Recorded => field.json_name(),
        }
    }

    fn retry_policy(self) -> &'static str {
        match self {
            Dialect::Toml => "retry_policy",
            Dialect::Json | Dialect::Recorded => "retryPolicy",
        }
    }

    /// The key of `field` from the root.
    pub(super) fn path(self, field: Field) -> String {
        self.prefixed(self.name(field), field.is_of_retry_policy())
    }

    fn prefixed(self, key: &str, in_policy: bool) -> String {
        if in_policy { format!("{}.{key}", self.retry_policy()) } else { key.to_string() }
    }

    fn find(self, key: &str) -> Option<Field> {
        let mut fields = Field::ALL.into_iter();
        fields.find(|field| self.name(*field) == key)
    }
}

/// # Errors
/// If a key is unknown or repeated, or a value is not what its key takes.
pub(super) fn read(root: &Node<'_>, dialect: Dialect) -> Result<(RequestedOptions, Places), Fault> {
    let Value::Table(entries) = &root.value else {
        return Err(Fault {
            span: root.place.clone(),
            ..wrong_type("the options", &root.value).help(InvalidOptions::NoCloseTimeout.help())
        });
    };
    if dialect == Dialect::Recorded {
        refuse_old_format(entries)?;
    }
    let mut reader =
        Reader { dialect, requested: RequestedOptions::default(), places: Places::default() };
    reader.table(entries, false)?;
    Ok((reader.requested, reader.places))
}

struct Reader {
    dialect: Dialect,
    requested: RequestedOptions,
    places: Places,
}

impl Reader {
    fn table(&mut self, entries: &[Entry<'_>], in_policy: bool) -> Result<(), Fault> {
        for (index, entry) in entries.iter().enumerate() {
            let known = self.entry(entry, in_policy)?;
            if known && entries[..index].iter().any(|other| other.key == entry.key) {
                let key = self.dialect.prefixed(&entry.key, in_policy);
                return Err(Fault::new("this key is given twice")
                    .help("remove one of the two")
                    .at(key, &entry.place));
            }
            if !known && self.dialect != Dialect::Recorded {
                return Err(self.unknown_key(entry, in_policy));
            }
        }
        Ok(())
    }

    /// Whether the key is known here; if so, its value is taken.
    fn entry(&mut self, entry: &Entry<'_>, in_policy: bool) -> Result<bool, Fault> {
        if !in_policy && entry.key == self.dialect.retry_policy() {
            self.policy(&entry.node)?;
            return Ok(true);
        }
        let Some(field) = self.dialect.find(&entry.key) else {
            return Ok(false);
        };
        if field.is_of_retry_policy() != in_policy {
            return Ok(false);
        }
        self.places.fields.push((field, entry.node.place.clone()));
        self.field(field, &entry.node).map_err(|fault| Fault {
            key: Some(self.dialect.path(field)),
            span: fault.span.or_else(|| entry.node.place.clone()),
            ..fault
        })?;
        Ok(true)
    }

    fn policy(&mut self, node: &Node<'_>) -> Result<(), Fault> {
        match &node.value {
            Value::Null => Ok(()),
            Value::Table(entries) => {
                self.requested.retry_policy.get_or_insert_default();
                self.table(entries, true)
            }
            Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Other(_) => {
                let help = match self.dialect {
                    Dialect::Toml => "write [retry_policy] on a line, and its options below",
                    Dialect::Json | Dialect::Recorded => "write {\"maximumAttempts\": 3} for one",
                };
                Err(wrong_type("a table", &node.value)
                    .help(help)
                    .at(self.dialect.retry_policy(), &node.place))
            }
        }
    }

    fn field(&mut self, field: Field, node: &Node<'_>) -> Result<(), Fault> {
        let dialect = self.dialect;
        let duration = || duration(node, dialect);
        match field {
            Field::StartToCloseTimeout => self.requested.start_to_close_timeout = duration()?,
            Field::ScheduleToCloseTimeout => {
                self.requested.schedule_to_close_timeout = duration()?;
            }
            Field::ScheduleToStartTimeout => {
                self.requested.schedule_to_start_timeout = duration()?;
            }
            Field::HeartbeatTimeout => self.requested.heartbeat_timeout = duration()?,
            Field::StartDelay => self.requested.start_delay = duration()?,
            Field::InitialInterval => self.retry_policy().initial_interval = duration()?,
            Field::MaximumInterval => self.retry_policy().maximum_interval = duration()?,
            Field::BackoffCoefficient => {
                self.retry_policy().backoff_coefficient = coefficient(node, dialect)?;
            }
            Field::MaximumAttempts => {
                self.retry_policy().maximum_attempts = attempts(node, dialect)?;
            }
            Field::NonRetryableErrorTypes => {
                self.places.error_types = error_types(node)?;
                let types = self.places.error_types.iter();
                let types = types.map(|(name, _)| name.clone()).collect();
                self.retry_policy().non_retryable_error_types = types;
            }
        }
        Ok(())
    }

    fn retry_policy(&mut self) -> &mut RequestedRetryPolicy {
        self.requested.retry_policy.get_or_insert_default()
    }

    fn unknown_key(&self, entry: &Entry<'_>, in_policy: bool) -> Fault {
        let dialect = self.dialect;
        let names = |of_policy: bool| {
            let fields = Field::ALL.into_iter();
            let fields = fields.filter(move |field| field.is_of_retry_policy() == of_policy);
            let policy = (!of_policy).then(|| dialect.retry_policy());
            let names: Vec<_> = fields.map(|field| dialect.name(field)).collect();
            names.into_iter().chain(policy).collect::<Vec<_>>()
        };
        let policy = dialect.retry_policy();
        let (here, elsewhere) = (names(in_policy), names(!in_policy));
        let place = match (dialect, in_policy) {
            (_, true) => format!("outside {policy}"),
            (Dialect::Toml, false) => format!("below [{policy}]"),
            (Dialect::Json | Dialect::Recorded, false) => format!("in {policy}"),
        };
        let help = if let Some(name) = closest(&entry.key, &here) {
            format!("did you mean {name}?")
        } else if elsewhere.contains(&&*entry.key) {
            format!("it belongs {place}")
        } else if let Some(name) = closest(&entry.key, &elsewhere) {
            format!("did you mean {name}? It belongs {place}")
        } else {
            format!("there are {}", here.join(", "))
        };
        Fault::new("there is no such option here")
            .help(help)
            .at(dialect.prefixed(&entry.key, in_policy), &entry.place)
    }
}

fn duration(node: &Node<'_>, dialect: Dialect) -> Result<Option<Nanoseconds>, Fault> {
    match &node.value {
        Value::Null => Ok(None),
        // So exports for people show a timeout that is not set.
        Value::Text(text) if text.is_empty() && dialect == Dialect::Recorded => Ok(None),
        Value::Text(text) => duration::parse(text).map(Some),
        Value::Number(number) => Err(duration::without_unit(number)),
        Value::List(_) | Value::Table(_) | Value::Other(_) => {
            Err(wrong_type("a duration", &node.value).help(duration::HELP))
        }
    }
}

fn coefficient(node: &Node<'_>, dialect: Dialect) -> Result<Option<f64>, Fault> {
    let Some(written) = number(node, dialect)? else {
        return Ok(None);
    };
    let fault = match written.parse::<f64>() {
        Ok(value) if value.is_finite() || written.contains(['i', 'I', 'n', 'N']) => {
            return Ok(Some(value));
        }
        Ok(_) => Fault::new(format!("{written} is too large for a number")),
        Err(_) => Fault::new(format!("{written:?} is not a number")),
    };
    Err(fault.help(InvalidOptions::BackoffCoefficientNotFinite.help()))
}

fn attempts(node: &Node<'_>, dialect: Dialect) -> Result<Option<i32>, Fault> {
    let Some(written) = number(node, dialect)? else {
        return Ok(None);
    };
    if let Ok(value) = written.parse::<i32>() {
        return Ok(Some(value));
    }
    let fault = match written.parse::<f64>() {
        Ok(value) if value > f64::from(i32::MAX) => {
            Fault::new(format!("{written} attempts are more than a policy can count"))
        }
        Ok(_) => Fault::new(format!("{written} is not a number of attempts")),
        Err(_) => Fault::new(format!("{written:?} is not a number")),
    };
    Err(fault.help("give a whole number up to 2147483647; 0 is unlimited"))
}

/// The digits of a number; in JSON the protocol allows a string around them.
fn number<'a>(node: &'a Node<'_>, dialect: Dialect) -> Result<Option<&'a str>, Fault> {
    match &node.value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(Some(number)),
        Value::Text(text) if dialect != Dialect::Toml => Ok(Some(text)),
        Value::Text(_) => Err(wrong_type("a number", &node.value).help("remove the quotes")),
        Value::List(_) | Value::Table(_) | Value::Other(_) => {
            Err(wrong_type("a number", &node.value))
        }
    }
}

fn error_types(node: &Node<'_>) -> Result<Vec<(String, Place)>, Fault> {
    let example = "write a list of names: [\"CardDeclined\", \"TemporalTimeout:StartToClose\"]";
    let elements = match &node.value {
        Value::Null => return Ok(Vec::new()),
        Value::List(elements) => elements,
        Value::Number(_) | Value::Text(_) | Value::Table(_) | Value::Other(_) => {
            return Err(wrong_type("a list of names", &node.value).help(example));
        }
    };
    let names = elements.iter().map(|element| match &element.value {
        Value::Text(name) => Ok((name.to_string(), element.place.clone())),
        other => {
            Err(Fault { span: element.place.clone(), ..wrong_type("a name", other).help(example) })
        }
    });
    names.collect()
}

fn wrong_type(expected: &str, found: &Value<'_>) -> Fault {
    Fault::new(format!("expected {expected}, found {}", found.kind()))
}

/// Before Temporal 1.0 timeouts were recorded as numbers of seconds under other keys.
fn refuse_old_format(entries: &[Entry<'_>]) -> Result<(), Fault> {
    let old = |entry: &&Entry<'_>| entry.key.ends_with("TimeoutSeconds");
    match entries.iter().find(old) {
        None => Ok(()),
        Some(entry) => Err(Fault::new("this event is in a format older than Temporal 1.0")
            .help("record it anew, or with timeouts such as startToCloseTimeout: \"10s\"")
            .at(entry.key.to_string(), &entry.place)),
    }
}
