//! ExecutionOptions, executions and steps as text for whoever reads a counterexample: what is there, and of an
//! execution after a step what has changed.

use activity_execution::vocabulary::{
    Action, ExecutionOptions, Number, Observation, Opaque, Reply, Step,
};
use std::fmt::{self, Debug, Write};

/// ExecutionOptions and one execution.
pub(super) fn shown<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    execution: &Observation<N, P>,
) -> String {
    let mut text = String::new();
    state(&mut text, terms, execution).expect("writing to a string succeeds");
    text
}

/// The same, written.
pub(crate) fn state<N: Number, P: Opaque>(
    f: &mut impl Write,
    terms: &ExecutionOptions<N>,
    execution: &Observation<N, P>,
) -> fmt::Result {
    write(f, "terms", &terms_in_words(terms))?;
    write(f, "before", &execution_in_words(execution))
}

/// ExecutionOptions, the execution before, what happened, the reply, and what has changed.
pub(crate) fn step<N: Number, P: Opaque>(
    f: &mut impl Write,
    terms: &ExecutionOptions<N>,
    before: &Observation<N, P>,
    step: &Step<N, P>,
    after: &Observation<N, P>,
) -> fmt::Result {
    state(f, terms, before)?;
    writeln!(f, "action: {:?}", step.action)?;
    result(f, before, &step.reply, after)
}

/// The same of two machines that took the step.
pub(super) fn both<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    before: &Observation<N, P>,
    action: &Action<N, P>,
    results: [Taken<'_, N, P>; 2],
) -> String {
    let mut text = shown(terms, before);
    let mut write = || {
        writeln!(text, "action: {action:?}")?;
        results.into_iter().try_for_each(|(machine, reply, after)| {
            writeln!(text, "according to {machine}")?;
            result(&mut text, before, reply, after)
        })
    };
    write().expect("writing to a string succeeds");
    text
}

fn result<N: Number, P: Opaque>(
    f: &mut impl Write,
    before: &Observation<N, P>,
    reply: &Reply<N, P>,
    after: &Observation<N, P>,
) -> fmt::Result {
    writeln!(f, "reply: {reply:?}")?;
    let (earlier, later) = (execution_in_words(before), execution_in_words(after));
    let is_gone = |field: &&Field| !later.iter().any(|(name, _)| *name == field.0);
    let gone = earlier.iter().filter(is_gone).map(|(name, _)| (*name, "none any more".to_owned()));
    let changed = later.iter().filter(|field| !earlier.contains(field)).cloned();
    let changed: Vec<Field> = changed.chain(gone).collect();
    if changed.is_empty() {
        return writeln!(f, "after: the same");
    }
    write(f, "after", &changed)
}

/// What a machine of this name replied, and the execution after it.
type Taken<'a, N, P> = (&'a str, &'a Reply<N, P>, &'a Observation<N, P>);

type Field = (&'static str, String);

fn write(out: &mut impl Write, title: &str, fields: &[Field]) -> fmt::Result {
    writeln!(out, "{title}:")?;
    fields.iter().try_for_each(|(name, value)| writeln!(out, "  {name}: {value}"))
}

fn field(name: &'static str, value: impl Debug) -> Option<Field> {
    Some((name, format!("{value:?}")))
}

fn optional(name: &'static str, value: Option<impl Debug>) -> Option<Field> {
    value.and_then(|value| field(name, value))
}

fn terms_in_words<N: Number>(terms: &ExecutionOptions<N>) -> Vec<Field> {
    let fields = [
        field("dialect", terms.dialect),
        optional("maximum_attempts", terms.maximum_attempts),
        optional("schedule_to_close_timeout", terms.schedule_to_close_timeout),
        optional("schedule_to_start_timeout", terms.schedule_to_start_timeout),
        field("start_to_close_timeout", terms.start_to_close_timeout),
        optional("heartbeat_timeout", terms.heartbeat_timeout),
        field("start_delay", terms.start_delay),
        field("retries_start_to_close", terms.retries_start_to_close),
        field("retries_heartbeat", terms.retries_heartbeat),
    ];
    fields.into_iter().flatten().collect()
}

fn execution_in_words<N: Number, P: Opaque>(execution: &Observation<N, P>) -> Vec<Field> {
    let deadlines = &execution.deadlines;
    let fields = [
        field("now", execution.now),
        field("phase", &execution.phase),
        field("attempt", execution.attempt),
        optional("schedule_to_start deadline", deadlines.schedule_to_start),
        optional("schedule_to_close deadline", deadlines.schedule_to_close),
        optional("start_to_close deadline", deadlines.start_to_close),
        optional("heartbeat deadline", deadlines.heartbeat),
        field("schedule_time", execution.schedule_time),
        optional("last_started_time", execution.last_started_time),
        optional("last_attempt_complete_time", execution.last_attempt_complete_time),
        optional("last_heartbeat_time", execution.last_heartbeat_time),
        field("heartbeat_details", &execution.heartbeat_details),
        field("total_heartbeat_count", execution.total_heartbeat_count),
        field("last_failure", &execution.last_failure),
        field("last_worker_identity", &execution.last_worker_identity),
        field("start_request_id", execution.start_request_id),
        optional("cancel_request", execution.cancel_request.as_ref()),
        optional("terminate_request_id", execution.terminate_request_id),
    ];
    fields.into_iter().flatten().collect()
}
