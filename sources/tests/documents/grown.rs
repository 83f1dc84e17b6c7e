//! Documents grown from any bytes: nearly valid texts and messages, in the words that readers know.
//! The fuzzer feeds it what it finds, the tests what looks random.

/// Grows a document: the first byte says of which kind, the others what is in it.
pub(crate) fn grown(bytes: &[u8]) -> Vec<u8> {
    let Some((kind, rest)) = bytes.split_first() else { return Vec::new() };
    match kind % 8 {
        0 => message(rest, 0),
        1 => utf16(&json(rest), u16::to_le_bytes),
        2 => utf16(&json(rest), u16::to_be_bytes),
        3 => [b"\xef\xbb\xbf", json(rest).as_bytes()].concat(),
        4 => format!("---\n{}", json(rest)).into_bytes(),
        5 => toml(rest).into_bytes(),
        6 => events(rest).into_bytes(),
        _ => json(rest).into_bytes(),
    }
}

/// A history of events with ids, each with the attributes of some kind, of which anything is told.
fn events(bytes: &[u8]) -> String {
    let mut events = Vec::new();
    for (index, chunk) in bytes.chunks(24).enumerate() {
        let byte = |at: usize| usize::from(chunk.get(at).copied().unwrap_or_default());
        let id = if byte(0) % 16 == 0 { byte(1) % 4 } else { index + 1 };
        let kind = KINDS[byte(2) % KINDS.len()];
        let members = chunk.get(4..).unwrap_or_default().chunks(2).map(|pair| {
            let other = usize::from(pair.get(1).copied().unwrap_or_default());
            let (key, value) = OF_ACTIVITIES[usize::from(pair[0]) % OF_ACTIVITIES.len()];
            let value = if other % 4 == 0 { VALUES[other / 4 % VALUES.len()] } else { value };
            (key, value)
        });
        // A key that stands twice is refused.
        let mut members: Vec<(&str, &str)> = members.collect();
        members.sort_unstable();
        members.dedup_by_key(|(key, _)| *key);
        let members = members.iter().map(|(key, value)| format!("\"{key}\":{value}"));
        let members = members.collect::<Vec<_>>().join(",");
        let seconds = byte(3) % 60;
        events.push(format!(
            "{{\"eventId\":{id},\"eventTime\":\"2026-01-01T00:00:{seconds:02}Z\",\
             \"{kind}EventAttributes\":{{{members}}}}}"
        ));
    }
    format!("{{\"events\":[{}]}}", events.join(","))
}

/// The same text in UTF-16, with a mark.
pub(crate) fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(order).collect()
}

/// JSON that is nearly always valid: what is open is closed in the end.
fn json(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut open: Vec<char> = Vec::new();
    let mut bytes = bytes.iter().copied();
    let mut is_first = true;
    while let Some(byte) = bytes.next() {
        let choice = usize::from(bytes.next().unwrap_or_default());
        if byte % 16 == 0
            && let Some(close) = open.pop()
        {
            text.push(close);
            is_first = false;
            continue;
        }
        if !is_first {
            text.push(',');
        }
        is_first = false;
        if open.last() == Some(&'}') {
            text += &format!("\"{}\":", KEYS[choice % KEYS.len()]);
        }
        match byte % 16 {
            1..=5 => {
                text.push('{');
                open.push('}');
                is_first = true;
            }
            6 | 7 => {
                text.push('[');
                open.push(']');
                is_first = true;
            }
            8 => text.push(char::from(byte)),
            _ => {
                let value = usize::from(bytes.next().unwrap_or_default());
                text += VALUES[value % VALUES.len()];
            }
        }
    }
    text.extend(open.into_iter().rev());
    text
}

fn toml(bytes: &[u8]) -> String {
    let mut text = String::new();
    for pair in bytes.chunks(2) {
        let (byte, other) = (pair[0], pair.get(1).copied().unwrap_or_default());
        let key = KEYS[usize::from(byte) % KEYS.len()];
        let value = VALUES[usize::from(other) % VALUES.len()];
        text += &match other % 5 {
            0 => format!("[{key}]\n"),
            1 => format!("[[{key}]]\n"),
            _ => format!("{key} = {value}\n"),
        };
    }
    text
}

/// A message of protobuf, of fields that events and their attributes have.
fn message(bytes: &[u8], depth: usize) -> Vec<u8> {
    let mut message = Vec::new();
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        let field = if depth == 0 { 1 } else { byte >> 2 & 0x1f };
        match byte & 3 {
            0 if depth > 0 => {
                let (value, after) = after.split_at(after.len().min(8));
                message.push(field << 3);
                message.extend(value.iter().map(|it| it | 0x80));
                message.push(1);
                rest = after;
            }
            1 if depth > 0 => {
                let (text, after) = after.split_at(after.len().min(usize::from(byte >> 5)));
                message.extend([field << 3 | 2, u8::try_from(text.len()).unwrap_or_default()]);
                message.extend(text);
                rest = after;
            }
            _ => {
                let length = after.first().map_or(0, |it| usize::from(*it) % 64);
                let (inner, after) = after.split_at(after.len().min(length + 1));
                let inner = if depth < 120 { self::message(inner, depth + 1) } else { Vec::new() };
                let mut length = inner.len();
                // An event begins with its id.
                let id: &[u8] = if depth == 0 { &[0x08, 0x05] } else { &[] };
                length += id.len();
                message.push(field << 3 | 2);
                while length >= 0x80 {
                    message.push(u8::try_from(length & 0x7f).unwrap_or_default() | 0x80);
                    length >>= 7;
                }
                message.push(u8::try_from(length).unwrap_or_default());
                message.extend(id);
                message.extend(inner);
                rest = after;
            }
        }
    }
    message
}

/// The kinds of events that are read.
const KINDS: [&str; 9] = [
    "activityTaskScheduled",
    "activityTaskStarted",
    "activityTaskCompleted",
    "activityTaskFailed",
    "activityTaskTimedOut",
    "activityTaskCancelRequested",
    "activityTaskCanceled",
    "workflowTaskCompleted",
    "workflowExecutionStarted",
];

/// What attributes tell, mostly as it should be.
const OF_ACTIVITIES: [(&str, &str); 14] = [
    ("activityId", "\"a\""),
    ("activityType", "{\"name\":\"Work\"}"),
    ("startToCloseTimeout", "\"10s\""),
    ("scheduleToCloseTimeout", "\"60s\""),
    ("heartbeatTimeout", "\"5s\""),
    ("retryPolicy", "{\"initialInterval\":\"1s\",\"backoffCoefficient\":2}"),
    ("scheduledEventId", "\"1\""),
    ("startedEventId", "\"2\""),
    ("attempt", "2"),
    ("requestId", "\"r\""),
    ("lastFailure", "{\"message\":\"boom\",\"applicationFailureInfo\":{\"type\":\"T\"}}"),
    ("failure", "{\"timeoutFailureInfo\":{\"timeoutType\":\"TIMEOUT_TYPE_HEARTBEAT\"}}"),
    ("retryState", "\"RETRY_STATE_TIMEOUT\""),
    ("workflowTaskCompletedEventId", "\"4\""),
];

/// What keys there are, and some that are none.
#[rustfmt::skip]
pub(crate) const KEYS: [&str; 77] = [
    "events", "history", "eventId", "event_id", "eventTime", "timestamp", "eventType", "attributes",
    "workflowExecutionStartedEventAttributes", "workflowExecutionCompletedEventAttributes",
    "workflowTaskStartedEventAttributes", "workflowTaskCompletedEventAttributes",
    "workflowTaskFailedEventAttributes", "decisionTaskCompletedEventAttributes",
    "activityTaskScheduledEventAttributes", "activity_task_scheduled_event_attributes",
    "activityTaskStartedEventAttributes", "activityTaskCompletedEventAttributes",
    "activityTaskFailedEventAttributes", "activityTaskTimedOutEventAttributes",
    "activityTaskCancelRequestedEventAttributes", "activityTaskCanceledEventAttributes",
    "scheduledEventId", "startedEventId", "workflowTaskCompletedEventId",
    "decisionTaskCompletedEventId", "latestCancelRequestedEventId", "requestId", "attempt",
    "lastFailure", "failure", "cause", "message", "applicationFailureInfo", "timeoutFailureInfo",
    "timeoutType", "type", "nonRetryable", "nextRetryDelay", "retryState", "activityId",
    "activityType", "name", "startToCloseTimeout", "start_to_close_timeout",
    "scheduleToCloseTimeout", "scheduleToStartTimeout", "heartbeatTimeout",
    "startToCloseTimeoutSeconds", "retryPolicy", "retry_policy", "initialInterval",
    "backoffCoefficient", "maximumInterval", "maximumAttempts", "nonRetryableErrorTypes",
    "workflowRunTimeout", "workflowExecutionTimeout", "executionStartToCloseTimeoutSeconds",
    "workflowExecutionExpirationTime", "firstWorkflowTaskBackoff", "executionConfig",
    "workflowExecutionInfo", "startTime", "pendingActivities", "activityOptions", "state", "info",
    "runState", "status", "scheduledTime", "lastStartedTime", "seconds", "nanos", "input",
    "result", "hearbeatTimeout",
];

/// What values there are, and some that are none.
#[rustfmt::skip]
pub(crate) const VALUES: [&str; 54] = [
    "0", "1", "2", "5", "-1", "2147483647", "2147483648", "9223372036854775807",
    "-9223372036854775808", "99999999999999999999999999999999999999", "1e400", "0.5", "2.0", "NaN",
    "null", "true", "false", "\"\"", "\"1\"", "\"5\"", "\"1s\"", "\"10s\"", "\"0s\"", "\"-1s\"",
    "\"1.500000001s\"", "\"PT5M\"", "\"1h 30m\"", "\"00:00:05\"", "\"300000000000\"",
    "\"315576000000s\"", "\"2026-01-01T00:00:00Z\"", "\"2026-01-01T00:00:03.25Z\"",
    "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "1767225600000000000",
    "\"1767225600000000000\"", "\"EVENT_TYPE_ACTIVITY_TASK_SCHEDULED\"", "\"ActivityTaskStarted\"",
    "\"EVENT_TYPE_WORKFLOW_EXECUTION_STARTED\"", "\"WorkflowExecutionTimedOut\"", "10", "11", "12",
    "\"TIMEOUT_TYPE_HEARTBEAT\"", "\"StartToClose\"", "\"RETRY_STATE_TIMEOUT\"",
    "\"MaximumAttemptsReached\"", "\"PENDING_ACTIVITY_STATE_STARTED\"",
    "\"ACTIVITY_EXECUTION_STATUS_FAILED\"", "\"activity Heartbeat timeout\"", "\"\\ud800\"",
    "\"\\ud83d\\ude00\"", "\"µ\"", "{\"seconds\":5,\"nanos\":1}",
];
