//! The JSON lines of `activity conform`, from the side of the service: reads requests, writes answers.
//! Knows the protocol of `docs/harness.md`; has never heard of any queue.

#[cfg(feature = "replays")]
pub mod replays;

use serde_json::{Value, json};
use std::io::{self, BufRead as _, Write as _};

/// What comes of a request.
pub type Answer = Result<Value, Refusal>;

/// Why a request has no `ok`.
#[derive(Debug)]
pub enum Refusal {
    /// The call is refused, for the reason of this name, and changed nothing.
    Refused(&'static str),
    /// The service cannot go on.
    Broken(String),
}

/// A service that answers one request after the other.
pub trait Service {
    /// Answers a request; `do` is among its keys.
    fn answer(&mut self, request: &Request<'_>) -> impl Future<Output = Answer>;
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a>(pub &'a Value);

impl<'a> Request<'a> {
    /// What is asked.
    #[must_use]
    pub fn word(&self) -> &'a str {
        self.text("do").unwrap_or_default()
    }

    /// The activity that it is about.
    #[must_use]
    pub fn activity(&self) -> &'a str {
        self.text("activity").unwrap_or_default()
    }

    /// A text, if it is there and not null.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.0[key].as_str()
    }

    /// A number; zero if it is not there.
    #[must_use]
    pub fn number(&self, key: &str) -> i64 {
        self.0[key].as_i64().unwrap_or_default()
    }

    /// A duration of the options, in milliseconds, if it is set.
    #[must_use]
    pub fn option(&self, key: &str) -> Option<i64> {
        self.0["options"][key].as_i64()
    }

    /// A number of the retry policy; zero if it is not set.
    #[must_use]
    pub fn policy(&self, key: &str) -> i64 {
        self.0["options"]["retryPolicy"][key].as_i64().unwrap_or_default()
    }
}

impl<E: std::error::Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Refusal::Broken(error.to_string())
    }
}

/// The word after a flag of the command line, or what holds without it.
#[must_use]
pub fn flag(name: &str, otherwise: &str) -> String {
    let mut arguments = std::env::args();
    arguments.find(|it| it == name).and_then(|_| arguments.next()).unwrap_or(otherwise.to_owned())
}

/// Answers the requests on standard input until it ends.
///
/// # Errors
/// If nobody reads or writes at the other end, or a line is no JSON.
pub async fn serve(service: &mut impl Service) -> io::Result<()> {
    let mut output = io::stdout();
    for line in io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let answers = match &line {
            Value::Array(requests) => {
                let mut answers = Vec::with_capacity(requests.len());
                for request in requests {
                    answers.push(answered(service, request).await);
                }
                Value::Array(answers)
            }
            request => answered(service, request).await,
        };
        writeln!(output, "{answers}")?;
        output.flush()?;
    }
    Ok(())
}

async fn answered(service: &mut impl Service, request: &Value) -> Value {
    let id = &request["id"];
    match service.answer(&Request(request)).await {
        Ok(ok) => json!({"id": id, "ok": ok}),
        Err(Refusal::Refused(reason)) => json!({"id": id, "refused": reason}),
        Err(Refusal::Broken(error)) => json!({"id": id, "error": error}),
    }
}
