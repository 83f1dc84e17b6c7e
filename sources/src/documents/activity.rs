//! One activity of a document: its options, where they stand, and what else is known of it.

use super::error::Fault;
use super::read::{Form, Reading, read};
use super::tree::Node;
use crate::place::{Lines, Place};
use activity_execution::ActivityOptions;
use activity_execution::options::{Field, RequestedOptions};
use activity_execution::vocabulary::{Dialect, Span};
use std::ops::Range;

/// Options, and the activity that they belong to.
#[derive(Clone, Debug)]
pub struct Activity {
    /// What it is called, where a file of options has several.
    pub name: Option<String>,
    /// The id and the type of the activity, and the event that scheduled it; of a file of options,
    /// nothing.
    pub scheduled: Option<Scheduled>,
    /// The options, in the dialect of a workflow where one recorded them or a file says so.
    pub options: ActivityOptions,
    /// Whether a server recorded them, which had normalised them before.
    pub is_recorded: bool,
    /// Whether a record says that there is no retry policy at all: the options are those of a
    /// single attempt then.
    pub without_retry_policy: bool,
    /// How long after the scheduling the run of the workflow ends, where a history tells it: no
    /// timer exists beyond that.
    pub run_left: Option<Span>,
    /// Keys that bear on the options and are not understood, with their places.
    pub passed_over: Vec<(String, Option<Place>)>,
    /// Where the options stand as a whole.
    pub place: Option<Place>,
    places: Vec<(Field, Place)>,
}

/// Which activity of a history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scheduled {
    /// Its id, which the workflow chose.
    pub activity_id: String,
    /// The name of its type.
    pub activity_type: String,
    /// The id of the event; nothing in a description.
    pub event_id: String,
}

impl Activity {
    /// The name of its type, if a history tells it.
    #[must_use]
    pub fn activity_type(&self) -> Option<&str> {
        Some(self.scheduled.as_ref()?.activity_type.as_str())
    }

    /// Where the value of an option stands, if it is given and there is a text.
    #[must_use]
    pub fn place_of(&self, field: Field) -> Option<&Place> {
        self.places.iter().find(|(known, _)| *known == field).map(|(_, place)| place)
    }

    /// Whether nothing but its own identity makes it differ from another.
    #[must_use]
    pub fn is_like(&self, other: &Activity) -> bool {
        self.activity_type() == other.activity_type()
            && self.name == other.name
            && self.options == other.options
            && self.run_left == other.run_left
            && self.without_retry_policy == other.without_retry_policy
            && self
                .passed_over
                .iter()
                .map(|(key, _)| key)
                .eq(other.passed_over.iter().map(|(key, _)| key))
    }

    /// # Errors
    /// If the options are none, or are refused.
    pub(super) fn read(
        node: &Node<'_>,
        form: Form,
        lines: Option<&Lines<'_>>,
    ) -> Result<Self, Fault> {
        Self::read_among(node, form, lines, &RequestedOptions::default(), None)
    }

    /// The same with what a file says of all its activities.
    ///
    /// # Errors
    /// If the options are none, or are refused.
    pub(super) fn read_among(
        node: &Node<'_>,
        form: Form,
        lines: Option<&Lines<'_>>,
        of_all: &RequestedOptions,
        kind: Option<Dialect>,
    ) -> Result<Self, Fault> {
        let Reading { mut requested, kind: own, places, passed_over } = read(node, form)?;
        let is_recorded = form == Form::Recorded;
        let without_retry_policy = is_recorded && requested.retry_policy.is_none();
        if without_retry_policy {
            requested.retry_policy.get_or_insert_default().maximum_attempts = Some(1);
        }
        requested.workflow_run_timeout =
            requested.workflow_run_timeout.or(of_all.workflow_run_timeout);
        let options = requested.build().map_err(|invalid| {
            let at = places.of(&invalid);
            Fault {
                key: at
                    .as_ref()
                    .map(|(key, _)| (*key).to_owned())
                    .or_else(|| invalid.field().map(|field| form.path(field))),
                span: at.and_then(|(_, place)| place),
                ..Fault::refused(&invalid)
            }
        })?;
        let dialect = if is_recorded { Some(Dialect::Workflow) } else { own.or(kind) };
        let options = match dialect {
            Some(dialect) => options.in_dialect(dialect),
            None => options,
        };
        let place = |range: &Option<Range<usize>>| {
            range.as_ref().zip(lines).map(|(range, lines)| lines.place(range))
        };
        let fields = places.fields.iter();
        Ok(Activity {
            name: None,
            scheduled: None,
            options,
            is_recorded,
            without_retry_policy,
            run_left: None,
            passed_over: passed_over.iter().map(|(key, at)| (key.clone(), place(at))).collect(),
            place: place(&node.place),
            places: fields.filter_map(|(field, _, at)| Some((*field, place(at)?))).collect(),
        })
    }
}
