//! The effective options in a few lines, each change with its rule. Knows words; changes nothing.

use super::{Explanation, hanging, kept};
use crate::rules::no_error_is_named;
use crate::scenarios::{Behaviour, Circumstances, Ending, Plan, Run, Stage};
use crate::words::{duration, instant};
use activity_execution::ActivityOptions;
use activity_execution::options::{Change, Value};
use activity_execution::vocabulary::{OutcomeKind, RetryState, Span};

/// The options that are in force, and what was changed and why.
pub(super) fn lines(explanation: &Explanation) -> Vec<String> {
    let options = explanation.options();
    let mut lines = hanging("", &timeouts(options).join("   "));
    lines.extend(hanging("", &attempts(explanation)));
    lines.extend(never_retried(options).iter().flat_map(|it| hanging("", it)));
    let changes = changes(options.changes());
    if !changes.is_empty() {
        lines.extend(hanging("changes: ", &changes.join("; ")));
    }
    lines
}

/// The timeouts with their values.
fn timeouts(options: &ActivityOptions) -> Vec<String> {
    let or = |timeout: Option<Span>, unset: &str| timeout.map_or(unset.to_owned(), duration);
    let item = |name: &str, value: String| kept(&format!("{name} {value}"));
    let mut all = vec![
        item("start_to_close", duration(options.start_to_close_timeout())),
        item("schedule_to_close", or(options.schedule_to_close_timeout(), "unlimited")),
        item("schedule_to_start", or(options.schedule_to_start_timeout(), "unlimited")),
        item("heartbeat", or(options.heartbeat_timeout(), "off")),
    ];
    if options.start_delay() > Span(0) {
        all.push(item("start_delay", duration(options.start_delay())));
    }
    let run = options.workflow_run_timeout().map(duration);
    all.extend(run.map(|run| item("workflow_run", run)));
    all
}

/// How many attempts there may be, and how they wait.
fn attempts(explanation: &Explanation) -> String {
    let policy = explanation.options().retry_policy();
    let maximum = policy.maximum_attempts();
    if maximum == 1 {
        return "1 attempt, no retry (maximum_attempts counts the first attempt)".to_owned();
    }
    let many = match maximum {
        0 => "attempts without limit (maximum_attempts 0)".to_owned(),
        many => format!("{many} attempts at most, so {} retries", many - 1)
            .replace("so 1 retries", "so 1 retry"),
    };
    // The policy's waits are between attempts that workers take at once.
    let at_once = Circumstances { poll_latency: Span(0), ..explanation.circumstances };
    let fails = Plan::all(Behaviour::fails_at_once(&at_once));
    let run = Stage::new(explanation.options(), at_once).play(&fails);
    let waits = waits(&run, policy.maximum_interval());
    let asked = explanation.circumstances.next_retry_delay.map(duration).map(|asked| {
        format!(" (a failure asks for {}; a timeout waits by the policy)", kept(&asked))
    });
    format!("{many}; waits {}{}", waits, asked.unwrap_or_default())
}

/// The waits between attempts that fail at once.
fn waits(run: &Run, maximum_interval: Span) -> String {
    let retries: Vec<_> = run.attempts.iter().filter(|it| it.attempt > 1).collect();
    let mut waits: Vec<(Span, i64)> = vec![];
    for retry in &retries {
        match waits.last_mut() {
            Some((wait, count)) if *wait == retry.waited => *count += retry.count,
            Some(_) | None => waits.push((retry.waited, retry.count)),
        }
    }
    let goes_on = matches!(run.ending, Ending::GoesOn { .. } | Ending::CutOff);
    let last = waits.len().saturating_sub(1);
    let said = |(index, (wait, count)): (usize, &(Span, i64))| match count {
        _ if goes_on && last == 0 => format!("{} each", kept(&duration(*wait))),
        _ if goes_on && index == last => format!("then {} each", kept(&duration(*wait))),
        1 => kept(&duration(*wait)),
        count => kept(&format!("{count} × {}", duration(*wait))),
    };
    let mut items: Vec<String> = waits.iter().enumerate().map(said).collect();
    if items.len() > SHOWN {
        items.splice(SHOWN - 2..items.len() - 1, ["…".to_owned()]);
    }
    let mut text = if items.is_empty() { "none".to_owned() } else { items.join(", ") };
    let total: i128 =
        waits.iter().map(|(wait, count)| i128::from(wait.0) * i128::from(*count)).sum();
    if waits.iter().map(|(_, count)| count).sum::<i64>() > 1 && !goes_on {
        text += &format!(" ({} in all)", instant(total));
    }
    let longest = waits.iter().map(|(wait, _)| *wait).max().unwrap_or(Span(0));
    match run.ending {
        Ending::Closed(OutcomeKind::Failed(RetryState::Timeout)) => {
            text += "; the next would not end before schedule-to-close";
        }
        _ if longest < maximum_interval && !goes_on => {
            text += &format!("; maximum_interval {} is never reached", duration(maximum_interval));
        }
        _ => {}
    }
    text
}

/// The failures that are never retried, as the policy names them.
fn never_retried(options: &ActivityOptions) -> Option<String> {
    let types = options.retry_policy().non_retryable_error_types();
    let wrong = types.iter().find(|name| no_error_is_named(name));
    let types: Vec<String> = types.iter().map(|name| name.escape_debug().to_string()).collect();
    let wrong = wrong.map(|name| match name.trim() {
        "" => "; an empty name matches nothing".to_owned(),
        name => format!(
            "; {name} matches no timeout, which is TemporalTimeout:StartToClose or \
             TemporalTimeout:Heartbeat"
        ),
    });
    (!types.is_empty()).then(|| {
        format!(
            "never retried: {} (compared letter for letter with a failure's type{})",
            types.join(", "),
            wrong.unwrap_or_default()
        )
    })
}

/// What was changed, those together that one rule changed alike.
fn changes(changes: &[Change]) -> Vec<String> {
    let mut all: Vec<(Vec<&'static str>, &Change)> = vec![];
    for change in changes {
        let same = |it: &Change| (it.rule, it.from, it.to) == (change.rule, change.from, change.to);
        match all.iter_mut().find(|(_, known)| same(known)) {
            Some((names, _)) => names.push(change.field.name()),
            None => all.push((vec![change.field.name()], change)),
        }
    }
    let said = all.iter().map(|(names, change)| {
        let Change { from, to, rule, .. } = change;
        let names = names.join(", ");
        match from {
            Value::Unset => format!("{names} = {to} ({})", rule.sentence()),
            Value::Duration(_) | Value::Number(_) => {
                format!("{names} {from} → {to} ({})", rule.sentence())
            }
        }
    });
    said.collect()
}

/// How many waits are shown.
const SHOWN: usize = 11;
