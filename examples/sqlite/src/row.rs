//! The table: a column for each field of a snapshot, instants and spans in milliseconds, payloads
//! as JSON. Knows SQL; does not know what may follow what.

use activity_execution::{
    ActivityOptions, Attempt, Payload, RequestIdText, Snapshot, Span, Timestamp,
};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::error::Error;

/// The columns, in the order in which they are written and read.
const COLUMNS: &str = "schedule_time, start_request_id, status, run_state, attempt, dispatch_time, \
    current_retry_interval, poll_request_id, last_started_time, last_heartbeat_time, \
    heartbeat_details, total_heartbeat_count, last_attempt_complete_time, last_failure, \
    last_worker_identity, cancel_request_id, cancel_identity, cancel_reason, \
    terminate_request_id, close_time, outcome, outcome_identity, retry_state, timeout_type";

/// Makes the tables where there are none; gives the options that the jobs were started with.
pub(crate) fn create(
    table: &Connection,
    options: &ActivityOptions,
) -> Result<ActivityOptions, Box<dyn Error>> {
    table.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS options (stored TEXT NOT NULL) STRICT;
         CREATE TABLE IF NOT EXISTS activity (key INTEGER PRIMARY KEY, {}) STRICT;",
        columns_with_types(),
    ))?;
    let mut select = table.prepare("SELECT stored FROM options")?;
    let stored: Option<String> = select.query_row([], |row| row.get(0)).optional()?;
    match stored {
        Some(stored) => Ok(serde_json::from_str(&stored)?),
        None => {
            table.execute("INSERT INTO options VALUES (?1)", [serde_json::to_string(options)?])?;
            Ok(options.clone())
        }
    }
}

fn columns_with_types() -> String {
    let is_number = |column: &str| {
        ["_time", "_count", "_interval"].iter().any(|end| column.ends_with(end))
            || column == "attempt"
    };
    let typed = COLUMNS.split(", ").map(|column| match is_number(column) {
        true => format!("{column} INTEGER"),
        false => format!("{column} TEXT"),
    });
    typed.collect::<Vec<_>>().join(", ")
}

pub(crate) fn save(table: &Connection, key: u32, row: &Snapshot) -> Result<(), Box<dyn Error>> {
    let places = (1..=25).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT OR REPLACE INTO activity (key, {COLUMNS}) VALUES ({places})");
    let time = |time: Option<Timestamp>| time.map(|time| time.0);
    let id = |id: &Option<RequestIdText>| id.as_ref().map(ToString::to_string);
    table.prepare_cached(&sql)?.execute(params![
        key,
        row.schedule_time.0,
        row.start_request_id.to_string(),
        word(&row.status)?,
        word(&row.run_state)?,
        row.attempt.0,
        time(row.dispatch_time),
        row.current_retry_interval.map(|span| span.0),
        id(&row.poll_request_id),
        time(row.last_started_time),
        time(row.last_heartbeat_time),
        payload(&row.heartbeat_details)?,
        row.total_heartbeat_count,
        time(row.last_attempt_complete_time),
        payload(&row.last_failure)?,
        payload(&row.last_worker_identity)?,
        id(&row.cancel_request_id),
        payload(&row.cancel_identity)?,
        payload(&row.cancel_reason)?,
        id(&row.terminate_request_id),
        time(row.close_time),
        payload(&row.outcome)?,
        payload(&row.outcome_identity)?,
        word(&row.retry_state)?,
        word(&row.timeout_type)?,
    ])?;
    Ok(())
}

/// Every row, in the order of their keys.
pub(crate) fn load(table: &Connection) -> Result<Vec<Snapshot>, Box<dyn Error>> {
    let mut select = table.prepare(&format!("SELECT {COLUMNS} FROM activity ORDER BY key"))?;
    let (mut rows, mut snapshots) = (select.query([])?, Vec::new());
    while let Some(row) = rows.next()? {
        snapshots.push(snapshot(row)?);
    }
    Ok(snapshots)
}

fn snapshot(row: &Row<'_>) -> Result<Snapshot, Box<dyn Error>> {
    let text = |column: &str| row.get::<_, String>(column);
    let time = |column: &str| Ok::<_, rusqlite::Error>(optional(row, column)?.map(Timestamp));
    let id = |column: &str| {
        Ok::<_, rusqlite::Error>(optional::<String>(row, column)?.map(RequestIdText::from))
    };
    let payload = |column: &str| -> Result<Payload, Box<dyn Error>> {
        Ok(serde_json::from_str(&text(column)?)?)
    };
    Ok(Snapshot {
        schedule_time: Timestamp(row.get("schedule_time")?),
        start_request_id: text("start_request_id")?.into(),
        status: serde_json::from_value(text("status")?.into())?,
        run_state: serde_json::from_value(optional::<String>(row, "run_state")?.into())?,
        attempt: Attempt(row.get("attempt")?),
        dispatch_time: time("dispatch_time")?,
        current_retry_interval: optional(row, "current_retry_interval")?.map(Span),
        poll_request_id: id("poll_request_id")?,
        last_started_time: time("last_started_time")?,
        last_heartbeat_time: time("last_heartbeat_time")?,
        heartbeat_details: payload("heartbeat_details")?,
        total_heartbeat_count: row.get("total_heartbeat_count")?,
        last_attempt_complete_time: time("last_attempt_complete_time")?,
        last_failure: payload("last_failure")?,
        last_worker_identity: payload("last_worker_identity")?,
        cancel_request_id: id("cancel_request_id")?,
        cancel_identity: payload("cancel_identity")?,
        cancel_reason: payload("cancel_reason")?,
        terminate_request_id: id("terminate_request_id")?,
        close_time: time("close_time")?,
        outcome: payload("outcome")?,
        outcome_identity: payload("outcome_identity")?,
        retry_state: serde_json::from_value(optional::<String>(row, "retry_state")?.into())?,
        timeout_type: serde_json::from_value(optional::<String>(row, "timeout_type")?.into())?,
    })
}

fn optional<T: FromSql>(row: &Row<'_>, column: &str) -> Result<Option<T>, rusqlite::Error> {
    row.get(column)
}

/// A word by its name, or nothing.
fn word(word: &impl serde::Serialize) -> Result<Option<String>, serde_json::Error> {
    Ok(serde_json::to_value(word)?.as_str().map(ToString::to_string))
}

fn payload(payload: &Payload) -> Result<String, serde_json::Error> {
    serde_json::to_string(payload)
}
