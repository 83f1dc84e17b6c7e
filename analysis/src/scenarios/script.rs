//! Stories that a reader writes: what becomes of each attempt, one after the other.
//! Knows the verbs; the words of a line are cut by the frame of scripts.
//!
//! ```text
//! # twice an error, then silence
//! fail after 2s, fail after 2s, hang
//! cancel in backoff
//! ```

use super::circumstances::{Behaviour, CancelAt, Plan};
use activity_execution::vocabulary::Span;
use activity_models::story::{Cursor, Kind, ScriptError};

/// The plan that a text tells; later attempts go as the last that it names.
///
/// # Errors
/// What is wrong with it, with its line.
pub fn plan(text: &str) -> Result<Plan, ScriptError> {
    let mut first = Vec::new();
    let mut cancel = None;
    for (number, line) in (1..).zip(text.lines()) {
        let mut cursor = Cursor::of_line(number, line)?;
        while cursor.peek().is_some() {
            if cursor.accept_word("cancel") {
                if cancel.replace(cancel_at(&mut cursor)?).is_some() {
                    return Err(cursor.error("cancellation is requested twice", ""));
                }
            } else {
                first.push(behaviour(&mut cursor)?);
            }
            if cursor.peek().is_some() && !cursor.accept(&Kind::Comma) {
                return Err(cursor.error_ahead(
                    "a comma is missing here",
                    "attempts are apart by commas, or on lines of their own",
                ));
            }
        }
    }
    let Some(then) = first.pop() else {
        let line = Cursor::of_line(1, text.lines().next().unwrap_or(""))?;
        return Err(line.error_of_line("no attempt is told of", VERBS));
    };
    Ok(Plan { first, then, cancel })
}

fn behaviour(cursor: &mut Cursor<'_>) -> Result<Behaviour, ScriptError> {
    let verb = cursor.word("what becomes of an attempt")?;
    Ok(match verb.as_str() {
        "fail" => {
            let retryable = !cursor.accept_word("not-retryable");
            let after = after(cursor)?.unwrap_or(Span(0));
            let asks = cursor.accept_word("asking");
            let delay = if asks { Some(cursor.span("a delay")?) } else { None };
            Behaviour::Fails { after, retryable, delay }
        }
        "complete" => Behaviour::Completes { after: after(cursor)?.unwrap_or(Span(0)) },
        "die" => Behaviour::Dies { after: after(cursor)?.unwrap_or(Span(0)) },
        "hang" => Behaviour::Hangs,
        "run" => Behaviour::RunsOn,
        "lost" => Behaviour::IsLost,
        "unpolled" => Behaviour::IsNotPolled,
        "completed-by-id" => {
            Behaviour::IsCompletedById { after: after(cursor)?.unwrap_or(Span(0)) }
        }
        "shutdown" => Behaviour::ShutsDown { after: after(cursor)?.unwrap_or(Span(0)) },
        _ => return Err(cursor.error(format!("`{verb}` becomes of no attempt"), VERBS)),
    })
}

fn cancel_at(cursor: &mut Cursor<'_>) -> Result<CancelAt, ScriptError> {
    if cursor.accept_word("in") {
        if cursor.accept_word("backoff") {
            return Ok(CancelAt::Backoff);
        }
        return Err(cursor.error_ahead("in what?", "write `cancel in backoff`"));
    }
    let attempt = if cursor.accept_word("attempt") { cursor.number("an attempt")? } else { 1 };
    Ok(CancelAt::Running { attempt, after: after(cursor)?.unwrap_or(Span(0)) })
}

fn after(cursor: &mut Cursor<'_>) -> Result<Option<Span>, ScriptError> {
    if cursor.accept_word("after") { cursor.span("a duration").map(Some) } else { Ok(None) }
}

/// What a story can say.
const VERBS: &str = "an attempt can: fail [not-retryable] [after 2s] [asking 30s], complete [after 2s], \
                     hang, run, die [after 2s], lost, unpolled, completed-by-id [after 2s], \
                     shutdown [after 2s]; and somebody can: cancel [attempt 2] [after 2s], cancel in \
                     backoff";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_stand_on_lines_or_apart_by_commas() {
        let told = plan("# twice\nfail after 2s, fail after 2s asking 1m\n\nhang # at last");
        let fails = |delay| Behaviour::Fails { after: Span(2_000), retryable: true, delay };
        let first = vec![fails(None), fails(Some(Span(60_000)))];
        assert_eq!(told, Ok(Plan { first, then: Behaviour::Hangs, cancel: None }));
    }

    #[test]
    fn what_is_not_understood_is_shown_with_what_there_is() {
        for (text, place, problem) in [
            ("hang, explode", (1, 7), "`explode` becomes of no attempt"),
            ("fail after soon", (1, 12), "`soon` is not a duration"),
            ("fail hang", (1, 6), "a comma is missing here"),
            ("hang\ncancel, cancel in backoff", (2, 19), "cancellation is requested twice"),
            ("", (1, 1), "no attempt is told of"),
        ] {
            let error = plan(text).expect_err("no story");
            assert_eq!(((error.line, error.column), error.problem.as_str()), (place, problem));
        }
    }
}
