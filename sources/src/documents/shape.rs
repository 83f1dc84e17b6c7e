//! What a document is, told by its content: its notation by how it begins, its kind by its keys.

use super::activity::Activity;
use super::error::Fault;
use super::read::{Form, has_an_option, is_about_all, is_option, read};
use super::tree::{Entry, Node, Value};
use super::{Document, Notation};
use super::{described, history};
use crate::place::Lines;

/// The notation of a text.
///
/// JSON begins with a brace, or a list of what is none of TOML's names. TOML's first line has an
/// equals sign, or a name in brackets; YAML's a colon, or a dash.
pub(super) fn form(text: &str) -> Form {
    let begins = text.trim_start();
    let list = begins.strip_prefix('[').map(str::trim_start);
    let nested = list.and_then(|rest| rest.strip_prefix('[')).map(str::trim_start);
    let is_list = |rest: &str| rest.starts_with(['{', ']']) && !rest.starts_with("]]");
    if begins.starts_with('{')
        || list.is_some_and(is_list)
        // TOML has a name after two brackets.
        || nested.is_some_and(|rest| is_list(rest) || rest.starts_with('['))
        || is_scalar(begins.trim_end())
    {
        return Form::Json;
    }
    let mut lines = begins.lines().map(str::trim).filter(|it| !it.is_empty());
    let Some(first) = lines.find(|line| !line.starts_with('#')) else {
        return Form::Toml;
    };
    let colon = first.find(": ").or_else(|| first.ends_with(':').then(|| first.len() - 1));
    let before_equals = match (colon, first.find('=')) {
        (Some(colon), Some(equals)) => colon < equals,
        (colon, None) => colon.is_some(),
        (None, Some(_)) => false,
    };
    let is_code = looks_like_code(text).is_some();
    let is_yaml = first == "---" || first.starts_with("- ") || first.starts_with("%YAML");
    if (is_yaml || before_equals && !first.starts_with('[')) && !is_code {
        Form::Yaml
    } else {
        Form::Toml
    }
}

/// Whether a text is one value of JSON that is no list and no object.
fn is_scalar(text: &str) -> bool {
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    matches!(text, "null" | "true" | "false")
        || text.parse::<f64>().is_ok_and(f64::is_finite)
        || inside.is_some_and(|inside| !inside.contains(['"', '\n']))
}

/// In which language a text seems to be source code.
fn looks_like_code(text: &str) -> Option<&'static str> {
    [
        ("ActivityOptions{", "Go"),
        ("proxyActivities", "TypeScript"),
        ("execute_activity(", "Python"),
        ("start_activity(", "Python"),
        ("ActivityOptions.newBuilder", "Java"),
        ("timedelta(", "Python"),
    ]
    .into_iter()
    .find_map(|(sign, language)| text.contains(sign).then_some(language))
}

/// What is in a tree.
///
/// # Errors
/// If it is nothing of what a document can be, or the options in it are refused.
pub(super) fn document(
    root: &Node<'_>,
    form: Form,
    lines: Option<&Lines<'_>>,
) -> Result<Document, Fault> {
    if let Some(events) = history::events(root) {
        let activities = history::activities(&events, lines)?;
        return Ok(Document { notation: Notation::History, activities });
    }
    if let Some(activities) = described::activities(root, lines)? {
        return Ok(Document { notation: Notation::Description, activities });
    }
    if is_attributes(root) {
        let activities = vec![history::recorded(root, lines, "")?];
        return Ok(Document { notation: Notation::History, activities });
    }
    let notation = match form {
        Form::Toml => Notation::Toml,
        Form::Yaml => Notation::Yaml,
        Form::Json | Form::Recorded => Notation::Json,
    };
    Ok(Document { notation, activities: options(root, form, lines)? })
}

/// Whether a table is the attributes of an event that scheduled an activity.
pub(super) fn is_attributes(root: &Node<'_>) -> bool {
    let tasks = ["workflowTaskCompletedEventId", "decisionTaskCompletedEventId"];
    tasks.iter().any(|key| root.get(key).is_some())
        || root.get("activityType").and_then(|it| it.get("name")).is_some()
}

/// The options of a file: of one activity, or of several by name.
fn options(root: &Node<'_>, form: Form, lines: Option<&Lines<'_>>) -> Result<Vec<Activity>, Fault> {
    let Some(named) = named(root) else {
        let read = Activity::read(root, form, lines);
        return read.map(|activity| vec![activity]);
    };
    let about_all: Vec<Entry<'_>> = root.table().into_iter().flatten().cloned().collect();
    let about_all = about_all.into_iter().filter(|entry| is_about_all(&entry.key)).collect();
    let of_all = read(&Node { value: Value::Table(about_all), place: None }, form)?;
    let activities = named.into_iter().map(|(name, node)| {
        let read = Activity::read_among(node, form, lines, &of_all.requested, of_all.kind);
        let mut activity = read.map_err(|fault| Fault {
            span: fault.span.clone().or_else(|| node.place.clone()),
            ..fault.within(&name)
        })?;
        activity.name = Some(name);
        Ok(activity)
    });
    activities.collect()
}

/// The tables that hold the options of one activity each, by name; `None` if the root holds options
/// itself.
fn named<'n, 'a>(root: &'n Node<'a>) -> Option<Vec<(String, &'n Node<'a>)>> {
    if let Value::List(nodes) = &root.value {
        let of_list = nodes.iter().enumerate().map(|(index, node)| {
            let name = ["name", "activity", "activityType", "activityId"];
            let name = name.iter().find_map(|key| node.word(key)).map(str::to_owned);
            (name.unwrap_or_else(|| format!("[{index}]")), node)
        });
        let of_list: Vec<_> = of_list.collect();
        let tables = of_list.iter().all(|(_, node)| node.table().is_some());
        let some = of_list.iter().any(|(_, node)| has_an_option(node));
        return (tables && some).then_some(of_list);
    }
    let entries: Vec<_> = root.table()?.iter().filter(|it| !is_about_all(&it.key)).collect();
    if let [only] = entries[..]
        && ["activities", "activityOptions", "activity_options"].contains(&&*only.key)
        && let Some(named) = named(&only.node)
    {
        return Some(named);
    }
    let is_table = |entry: &&Entry<'_>| entry.node.table().is_some() && !is_option(&entry.key);
    let some = entries.iter().any(|entry| has_an_option(&entry.node));
    let tables = !entries.is_empty() && entries.iter().all(is_table);
    (tables && some)
        .then(|| entries.iter().map(|entry| (entry.key.to_string(), &entry.node)).collect())
}

/// What is wrong with a text that is in no notation: if it is source code, that it is.
pub(super) fn hint(text: &str, fault: Fault) -> Fault {
    match looks_like_code(text) {
        Some(language) => Fault::new(format!(
            "this looks like source code in {language}, not like a document with options"
        ))
        .help(format!(
            "`activity lint` reads options from code, in a file that is named as {language} files \
             are, or as --stdin-filename says"
        )),
        None => fault,
    }
}
