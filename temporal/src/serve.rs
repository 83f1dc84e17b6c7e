//! The lines of the protocol: a request or a list of them each, answered in one line.
//! Calls about one activity are answered in their order, those about different ones side by side.

use crate::fault::Between;
use crate::system::Answered;
use activity_harness::protocol::Request;
use serde_json::{Value, json};
use std::io::{self, BufRead as _, Write as _};
use std::thread;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Answers lines until there are no more.
///
/// # Errors
/// If one of them is no request, or nobody reads the answers.
pub(crate) async fn serve(system: Between) -> Result<(), String> {
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        let line = line.map_err(|error| format!("standard input cannot be read: {error}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let (requests, is_list) = requests(&line)?;
        let answers = answers(&system, requests).await;
        let line = match (is_list, answers.as_slice()) {
            (false, [only]) => only.to_string(),
            _ => Value::Array(answers).to_string(),
        };
        let mut output = io::stdout().lock();
        let written = writeln!(output, "{line}").and_then(|()| output.flush());
        written.map_err(|error| format!("nobody reads the answers: {error}"))?;
    }
    Ok(())
}

/// The lines of standard input, as they come.
fn lines() -> mpsc::UnboundedReceiver<io::Result<String>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The requests of a line, and whether it is a list.
fn requests(line: &str) -> Result<(Vec<Request>, bool), String> {
    let is_list = line.trim_start().starts_with('[');
    let read = if is_list {
        serde_json::from_str(line)
    } else {
        serde_json::from_str(line).map(|request| vec![request])
    };
    let clipped: String = line.chars().take(120).collect();
    read.map(|requests| (requests, is_list))
        .map_err(|error| format!("this line is no request: {error}: {clipped}"))
}

/// The answers to requests, in whatever order.
async fn answers(system: &Between, requests: Vec<Request>) -> Vec<Value> {
    let mut working = JoinSet::new();
    for own in by_activity(requests) {
        let system = system.clone();
        working.spawn(async move {
            let mut answers = Vec::with_capacity(own.len());
            for Request { id, asked } in own {
                answers.push(answer(id, system.answer(asked).await));
            }
            answers
        });
    }
    working.join_all().await.into_iter().flatten().collect()
}

/// The requests about each activity, in their order.
fn by_activity(requests: Vec<Request>) -> Vec<Vec<Request>> {
    let mut groups: Vec<Vec<Request>> = Vec::new();
    for request in requests {
        let is_own = |group: &&mut Vec<Request>| {
            group.first().map(|it| it.asked.activity()) == Some(request.asked.activity())
        };
        // Calls about one activity come one after the other.
        match groups.iter_mut().rev().find(is_own) {
            Some(group) => group.push(request),
            None => groups.push(vec![request]),
        }
    }
    groups
}

fn answer(id: u64, answered: Answered) -> Value {
    match answered {
        Answered::Ok(ok) => json!({ "id": id, "ok": ok }),
        Answered::Refused(reason) => json!({ "id": id, "refused": reason }),
        Answered::Error(error) => json!({ "id": id, "error": error }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use activity_harness::protocol::Asked;

    #[test]
    fn requests_come_alone_or_in_lists() {
        let one = r#"{"id":7,"do":"Describe","activity":"a3","new":1}"#;
        let (requests, is_list) = requests(one).expect("it is one");
        assert_eq!((requests.len(), is_list, requests[0].id), (1, false, 7));
        let list = format!("[{one},{}]", r#"{"id":8,"do":"Hello","protocol":1,"now":0}"#);
        let (requests, is_list) = super::requests(&list).expect("they are two");
        assert_eq!((requests.len(), is_list), (2, true));
        for strange in ["7", "{}", "[7]", r#"{"id":7,"do":"Dance"}"#, "[", "\u{1f980}"] {
            let why = super::requests(strange).expect_err("it is none");
            assert!(why.starts_with("this line is no request"), "{why}");
        }
    }

    #[test]
    fn calls_about_one_activity_stay_in_their_order() {
        let describe = |id, activity: &str| Request {
            id,
            asked: Asked::Describe { activity: activity.to_owned() },
        };
        let requests = vec![describe(1, "a1"), describe(2, "a2"), describe(3, "a1")];
        let groups = by_activity(requests);
        let ids = |group: &Vec<Request>| group.iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(groups.iter().map(ids).collect::<Vec<_>>(), [vec![1, 3], vec![2]]);
    }

    #[test]
    fn heartbeat_details_that_are_null_are_there() {
        let failed = |details: &str| {
            let line = format!(r#"{{"id":1,"do":"RespondFailed","activity":"a1"{details}}}"#);
            match super::requests(&line).expect("it is one").0.remove(0).asked {
                Asked::RespondFailed { heartbeat_details, .. } => heartbeat_details,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(failed(""), None);
        assert_eq!(failed(r#","heartbeatDetails":null"#), Some(None));
        assert_eq!(
            failed(r#","heartbeatDetails":"payload 1""#),
            Some(Some("payload 1".to_owned()))
        );
    }
}
