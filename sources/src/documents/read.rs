//! From a tree to a request: which keys there are, and what each of them takes.
//! Knows names and types; whether the values make sense together is for normalisation.

use super::duration::{self, Unit};
use super::error::Fault;
use super::suggest::closest;
use super::tree::{Entry, Node, Place, Value};
use crate::names::{RETRY_POLICY, canonical, field};
use activity_execution::options::{
    Field, InvalidOptions, Nanoseconds, RequestedOptions, RequestedRetryPolicy,
};
use activity_execution::vocabulary::Dialect;

/// Who wrote the tree: decides on the spelling in messages, and on what an unknown key means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Toml,
    Json,
    Yaml,
    /// The attributes of a recorded event: much in it is no option.
    Recorded,
}

/// What was read, and where each part of it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub(super) requested: RequestedOptions,
    /// Whose rules the activity follows, if it is said.
    pub(super) kind: Option<Dialect>,
    pub(super) places: Places,
    /// What bears on the options and is not understood.
    pub(super) passed_over: Vec<(String, Place)>,
}

/// Where each option stands in the text, and how its key is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) fields: Vec<(Field, String, Place)>,
    error_types: Vec<(String, Place)>,
}

impl Places {
    /// The key and place of the option that a rule refuses, or of the part of it.
    pub(super) fn of(&self, invalid: &InvalidOptions) -> Option<(&str, Place)> {
        let refused = invalid.field()?;
        let (_, key, place) = self.fields.iter().find(|(known, ..)| *known == refused)?;
        if let InvalidOptions::UnknownTimeoutType { name } = invalid {
            let known = |entry: &str| entry.strip_prefix(TIMEOUT_PREFIX) == Some(name.as_str());
            let entry = self.error_types.iter().find(|(entry, _)| known(entry));
            return Some((key, entry.and_then(|(_, place)| place.clone())));
        }
        Some((key, place.clone()))
    }
}

impl Form {
    /// How an option is spelled here.
    fn name(self, field: Field) -> &'static str {
        match self {
            Form::Toml => field.name(),
            Form::Json | Form::Yaml | Form::Recorded => field.json_name(),
        }
    }

    fn retry_policy(self) -> &'static str {
        match self {
            Form::Toml => "retry_policy",
            Form::Json | Form::Yaml | Form::Recorded => "retryPolicy",
        }
    }

    /// The key of `field` from the root.
    pub(super) fn path(self, field: Field) -> String {
        let name = self.name(field);
        if field.is_of_retry_policy() {
            format!("{}.{name}", self.retry_policy())
        } else {
            name.to_owned()
        }
    }
}

/// Whether a table has an option in it, in whatever spelling.
pub(super) fn has_an_option(node: &Node<'_>) -> bool {
    node.table().is_some_and(|entries| entries.iter().any(|entry| is_option(&entry.key)))
}

pub(super) fn is_option(key: &str) -> bool {
    let name = canonical(key);
    name == RETRY_POLICY
        || field(&name).is_some()
        || Unit::at_the_end_of(&name).is_some_and(|(stem, _)| field(stem).is_some())
}

/// Whether a key says of which kind or run activities are.
pub(super) fn is_about_all(key: &str) -> bool {
    matches!(canonical(key).as_str(), "kind" | "workflowruntimeout" | "runtimeout")
}

/// # Errors
/// If a key is unknown or repeated, or a value is not what its key takes.
pub(super) fn read(root: &Node<'_>, form: Form) -> Result<Reading, Fault> {
    let Some(entries) = root.table() else {
        return Err(Fault {
            span: root.place.clone(),
            ..wrong_type("the options", &root.value).help(InvalidOptions::NoCloseTimeout.help())
        });
    };
    let mut reader = Reader { form, policy: None, reading: Reading::default() };
    reader.table(entries)?;
    Ok(reader.reading)
}

struct Reader<'a> {
    form: Form,
    /// How the key of the retry policy is written, while it is read.
    policy: Option<&'a str>,
    reading: Reading,
}

impl<'a> Reader<'a> {
    fn table(&mut self, entries: &'a [Entry<'_>]) -> Result<(), Fault> {
        for entry in entries {
            if self.entry(entry)? {
                continue;
            }
            if self.form != Form::Recorded {
                return Err(self.unknown_key(entry));
            }
            if self.bears_on_options(entry) {
                let key = self.written(&entry.key);
                self.reading.passed_over.push((key, entry.place.clone()));
            }
        }
        Ok(())
    }

    /// The path of a key as it is written.
    fn written(&self, key: &str) -> String {
        self.policy.map_or(key.to_owned(), |policy| format!("{policy}.{key}"))
    }

    /// Whether the key is known here; if so, its value is taken.
    fn entry(&mut self, entry: &'a Entry<'_>) -> Result<bool, Fault> {
        let name = canonical(&entry.key);
        if self.policy.is_none() {
            if name == RETRY_POLICY {
                self.retry_policy(entry)?;
                return Ok(true);
            }
            if self.about_the_workflow(&name, entry)? || OTHERS.contains(&name.as_str()) {
                return Ok(true);
            }
        }
        let (field, unit) = match field(&name) {
            Some(field) => (field, None),
            None => match Unit::at_the_end_of(&name) {
                Some((stem, unit)) => match field(stem).filter(|it| is_duration(*it)) {
                    Some(field) => (field, Some(unit)),
                    None => return Ok(false),
                },
                None => return Ok(false),
            },
        };
        if field.is_of_retry_policy() != self.policy.is_some() {
            return Ok(false);
        }
        let key = self.written(&entry.key);
        if self.reading.places.fields.iter().any(|(known, ..)| *known == field) {
            return Err(Fault::new("this option is given twice")
                .help("remove one of the two")
                .at(key, &entry.place));
        }
        self.reading.places.fields.push((field, key.clone(), entry.node.place.clone()));
        self.field(field, unit, &entry.node).map_err(|fault| Fault {
            key: Some(key),
            span: fault.span.clone().or_else(|| entry.node.place.clone()),
            ..fault
        })?;
        Ok(true)
    }

    /// What says that the activity belongs to a workflow, and how long its run may take.
    fn about_the_workflow(&mut self, name: &str, entry: &Entry<'_>) -> Result<bool, Fault> {
        if self.form == Form::Recorded {
            return Ok(false);
        }
        let fault = |fault: Fault| fault.at(entry.key.to_string(), &entry.node.place);
        match name {
            "kind" => {
                let word = entry.node.plain().map(str::to_ascii_lowercase);
                self.reading.kind = match word.as_deref() {
                    Some("workflow") => Some(Dialect::Workflow),
                    Some("standalone") => Some(Dialect::Standalone),
                    Some(_) | None => {
                        let help = "write \"workflow\" or \"standalone\"";
                        return Err(fault(Fault::new("there is no such kind").help(help)));
                    }
                };
            }
            "workflowruntimeout" | "runtimeout" => {
                let timeout = duration(&entry.node, self.form).map_err(fault)?;
                self.reading.requested.workflow_run_timeout = timeout;
                self.reading.kind = Some(Dialect::Workflow);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn retry_policy(&mut self, entry: &'a Entry<'_>) -> Result<(), Fault> {
        match &entry.node.value {
            Value::Null => Ok(()),
            Value::Table(entries) => {
                self.policy_requested();
                self.policy = Some(&entry.key);
                let read = self.table(entries);
                self.policy = None;
                read
            }
            Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Boolean(_)
            | Value::Other(_) => {
                let help = match self.form {
                    Form::Toml => "write [retry_policy] on a line, and its options below",
                    Form::Json | Form::Recorded => "write {\"maximumAttempts\": 3} for one",
                    Form::Yaml => "write its options below, each indented on a line of its own",
                };
                Err(wrong_type("a table", &entry.node.value)
                    .help(help)
                    .at(entry.key.to_string(), &entry.node.place))
            }
        }
    }

    fn field(&mut self, field: Field, unit: Option<Unit>, node: &Node<'_>) -> Result<(), Fault> {
        let form = self.form;
        let duration = || match (unit, node.plain()) {
            (Some(unit), Some(number)) => duration::of_unit(number, unit).map(Some),
            (_, _) => duration(node, form),
        };
        match field {
            Field::StartToCloseTimeout => {
                self.reading.requested.start_to_close_timeout = duration()?;
            }
            Field::ScheduleToCloseTimeout => {
                self.reading.requested.schedule_to_close_timeout = duration()?;
            }
            Field::ScheduleToStartTimeout => {
                self.reading.requested.schedule_to_start_timeout = duration()?;
            }
            Field::HeartbeatTimeout => self.reading.requested.heartbeat_timeout = duration()?,
            Field::StartDelay => self.reading.requested.start_delay = duration()?,
            Field::InitialInterval => self.policy_requested().initial_interval = duration()?,
            Field::MaximumInterval => self.policy_requested().maximum_interval = duration()?,
            Field::BackoffCoefficient => {
                self.policy_requested().backoff_coefficient = coefficient(node, form)?;
            }
            Field::MaximumAttempts => {
                self.policy_requested().maximum_attempts = attempts(node, form)?;
            }
            Field::NonRetryableErrorTypes => {
                self.reading.places.error_types = error_types(node)?;
                let types = self.reading.places.error_types.iter();
                let types = types.map(|(name, _)| name.clone()).collect();
                self.policy_requested().non_retryable_error_types = types;
            }
        }
        Ok(())
    }

    fn policy_requested(&mut self) -> &mut RequestedRetryPolicy {
        self.reading.requested.retry_policy.get_or_insert_default()
    }

    /// Whether a key of a recorded event that is not known may be about the options all the same.
    fn bears_on_options(&self, entry: &Entry<'_>) -> bool {
        let nothing = match &entry.node.value {
            Value::Null => true,
            Value::Number(text) | Value::Text(text) => matches!(&**text, "" | "0" | "0s"),
            Value::List(nodes) => nodes.is_empty(),
            Value::Table(entries) => entries.is_empty(),
            Value::Boolean(_) | Value::Other(_) => false,
        };
        let name = canonical(&entry.key);
        let words = ["timeout", "interval", "retry", "attempts", "delay", "expiration", "backoff"];
        !nothing && (self.policy.is_some() || words.iter().any(|word| name.contains(word)))
    }

    fn unknown_key(&self, entry: &Entry<'_>) -> Fault {
        let (form, in_policy) = (self.form, self.policy.is_some());
        let names = |of_policy: bool| {
            let fields = Field::ALL.into_iter();
            let fields = fields.filter(move |field| field.is_of_retry_policy() == of_policy);
            let policy = (!of_policy).then_some(form.retry_policy());
            fields.map(move |field| form.name(field)).chain(policy).collect::<Vec<_>>()
        };
        let (here, elsewhere) = (names(in_policy), names(!in_policy));
        let policy = form.retry_policy();
        let place = match (form, in_policy) {
            (_, true) => format!("outside {policy}"),
            (Form::Toml, false) => format!("below [{policy}]"),
            (Form::Json | Form::Yaml | Form::Recorded, false) => format!("in {policy}"),
        };
        let is_elsewhere = field(&canonical(&entry.key)).is_some();
        let help = if is_elsewhere {
            format!("it belongs {place}")
        } else if let Some(name) = closest(&entry.key, &here) {
            format!("did you mean {name}?")
        } else if let Some(name) = closest(&entry.key, &elsewhere) {
            format!("did you mean {name}? It belongs {place}")
        } else {
            format!("there are {}", here.join(", "))
        };
        Fault::new("there is no such option here")
            .help(help)
            .at(self.written(&entry.key), &entry.place)
    }
}

fn is_duration(field: Field) -> bool {
    !matches!(
        field,
        Field::BackoffCoefficient | Field::MaximumAttempts | Field::NonRetryableErrorTypes
    )
}

pub(super) fn duration(node: &Node<'_>, form: Form) -> Result<Option<Nanoseconds>, Fault> {
    match &node.value {
        Value::Null => Ok(None),
        // So exports for people show a timeout that is not set.
        Value::Text(text) if text.is_empty() && form == Form::Recorded => Ok(None),
        Value::Text(text) => duration::parse(text).map(Some),
        // Nothing of any unit is nothing.
        Value::Number(number) if form == Form::Recorded && &**number == "0" => Ok(None),
        Value::Number(number) => Err(duration::without_unit(number)),
        Value::Table(_) if let Some(message) = duration::of_message(node) => Ok(Some(message)),
        Value::List(_) | Value::Table(_) | Value::Boolean(_) | Value::Other(_) => {
            Err(wrong_type("a duration", &node.value).help(duration::HELP))
        }
    }
}

fn coefficient(node: &Node<'_>, form: Form) -> Result<Option<f64>, Fault> {
    let Some(written) = number(node, form)? else {
        return Ok(None);
    };
    let fault = match written.parse::<f64>() {
        Ok(value) if value.is_finite() => return Ok(Some(value)),
        // Written as such, and not merely with too many digits.
        Ok(_) if written.contains(['a', 'A', 'i', 'I']) => {
            return Err(Fault::refused(&NOT_FINITE));
        }
        Ok(_) => Fault::new(format!("{written} is too large for a number")),
        Err(_) => Fault::new(format!("{written:?} is not a number")),
    };
    Err(fault.help(NOT_FINITE.help()))
}

fn attempts(node: &Node<'_>, form: Form) -> Result<Option<i32>, Fault> {
    let Some(written) = number(node, form)? else {
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
fn number<'a>(node: &'a Node<'_>, form: Form) -> Result<Option<&'a str>, Fault> {
    match &node.value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(Some(number)),
        Value::Text(text) if form != Form::Toml => Ok(Some(text)),
        Value::Text(_) => Err(wrong_type("a number", &node.value).help("remove the quotes")),
        Value::List(_) | Value::Table(_) | Value::Boolean(_) | Value::Other(_) => {
            Err(wrong_type("a number", &node.value))
        }
    }
}

fn error_types(node: &Node<'_>) -> Result<Vec<(String, Place)>, Fault> {
    let example = "write a list of names: [\"CardDeclined\", \"TemporalTimeout:StartToClose\"]";
    let elements = match &node.value {
        Value::Null => return Ok(Vec::new()),
        Value::List(elements) => elements,
        Value::Number(_)
        | Value::Text(_)
        | Value::Table(_)
        | Value::Boolean(_)
        | Value::Other(_) => {
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

/// What an SDK takes beside the options that decide how an activity goes, by canonical name.
const OTHERS: [&str; 18] = [
    "name",
    "type",
    "description",
    "summary",
    "activityid",
    "activitytype",
    "taskqueue",
    "cancellationtype",
    "waitforcancellation",
    "versioningintent",
    "priority",
    "disableeagerexecution",
    "allowedeagerexecution",
    "requesteagerexecution",
    "originalscheduletaskqueue",
    "usecompatibleversion",
    "useworkflowbuildid",
    "nexusoperation",
];

const NOT_FINITE: InvalidOptions = InvalidOptions::BackoffCoefficientNotFinite;
const TIMEOUT_PREFIX: &str = "TemporalTimeout:";
