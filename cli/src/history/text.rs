//! The human-readable output of `activity history`. Judges nothing.

use super::picture::{at, is_drawn, picture};
use super::still::can_still;
use super::{Findings, Histories, Judged};
use crate::style::{Ink, counted, visible};
use activity_analysis::history::{
    Classes, Explained, Judgement, Tolerance, Verdict, Way, classes, still,
};
use activity_analysis::rules::Severity;
use activity_analysis::words::duration;
use activity_execution::history::{
    How, RecordedActivity, RecordedFailure, RecordedRun, RecordedTime,
};
use activity_execution::options::{ActivityOptions, Nanoseconds};
use activity_execution::{Content, FailureInfo};
use activity_models::story::wrap;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::iter;

/// Every file, and a summary where there are several.
pub(super) fn text(judged: &[Judged], all: bool) -> String {
    let mut text = String::new();
    let mut findings = Findings::default();
    for Judged { name, outcome, .. } in judged {
        match outcome {
            Ok(histories) => file(&mut text, name, histories, all, &mut findings),
            Err(problem) => {
                let _ = writeln!(text, "{}", problem.render());
            }
        }
    }
    if judged.len() > 1 {
        summary(&mut text, judged);
    }
    text
}

fn summary(text: &mut String, judged: &[Judged]) {
    let all =
        || judged.iter().filter_map(|it| it.outcome.as_ref().ok()).flat_map(|it| &it.judgements);
    let verdicts = [Verdict::Conforms, Verdict::Tolerated, Verdict::Undecided, Verdict::Violates];
    let counts = verdicts.into_iter().map(|verdict| {
        let count = all().filter(|it| it.verdict == verdict).count();
        (verdict, count)
    });
    let counts = counts.filter(|(_, count)| *count > 0);
    let mut counts: Vec<String> =
        counts.map(|(verdict, count)| format!("{count} {}", painted(verdict))).collect();
    let unusable = judged.iter().filter(|it| it.outcome.is_err()).count();
    if unusable > 0 {
        counts.push(Ink::Bad.paint(format!("{} unusable", counted(unusable, "file"))));
    }
    let activities = counted(all().count(), "activity");
    let activities = activities.replace("activitys", "activities");
    let _ = writeln!(
        text,
        "{}, {activities}: {}",
        counted(judged.len(), "file"),
        if counts.is_empty() { "nothing to judge".to_owned() } else { counts.join(", ") }
    );
}

fn file(text: &mut String, name: &str, histories: &Histories, all: bool, findings: &mut Findings) {
    let run = &histories.history.run;
    let _ = writeln!(text, "{}", Ink::Title.paint(visible(name)));
    for line in about(run).iter().flat_map(|line| wrap(line, WIDTH)) {
        let _ = writeln!(text, "  {line}");
    }
    for odd in &run.odd {
        for line in wrap(&visible(&format!("odd: event {}: {}", odd.event_id, odd.what)), WIDTH) {
            let _ = writeln!(text, "  {}", Ink::Caution.paint(line));
        }
    }
    let mut said = HashSet::new();
    let mut told = 0;
    for (activity, judgement, other) in histories.told(all) {
        told += 1;
        one(text, activity, (judgement, other), run, (findings, &mut said));
    }
    let ordinary = histories.judgements.len() - told;
    if ordinary > 0 {
        let other = if told > 0 { " other" } else { "" };
        let noun = if ordinary == 1 { "activity" } else { "activities" };
        let verb = if ordinary == 1 { "conforms" } else { "conform" };
        let _ = writeln!(
            text,
            "  {ordinary}{other} {noun} {}, closed by the first attempt (--all shows them)",
            Ink::Good.paint(verb)
        );
    }
    if histories.judgements.is_empty() {
        let _ = writeln!(text, "  no activities");
    }
    text.push('\n');
}

/// When the run began and ended, or ends at the latest.
fn about(run: &RecordedRun) -> Option<String> {
    let started = run.started?;
    let since = |time: RecordedTime| instant((time - started).div_euclid(1_000));
    let ends =
        run.ends.map(|ends| format!("it ends {} after its start at the latest", since(ends)));
    let kind = if run.is_of_cadence { "workflow run of Cadence" } else { "workflow run" };
    let told = match (&run.closed, run.last_time) {
        (Some(closed), _) => match closed.time {
            Some(at) => vec![format!("{} {} after its start", closed.how, since(at))],
            None => vec![closed.how.clone()],
        },
        (None, Some(last)) if !run.is_description => {
            vec![format!("open, its last event is {} after its start", since(last))]
        }
        (None, _) => vec!["open".to_owned()],
    };
    let ends = ends.filter(|_| run.closed.is_none());
    Some(format!("{kind}: {}", told.into_iter().chain(ends).collect::<Vec<_>>().join("; ")))
}

/// The name of an activity.
pub(super) fn title(activity: &RecordedActivity) -> String {
    let RecordedActivity { activity_id, activity_type, scheduled, .. } = activity;
    let event = match scheduled {
        Some(scheduled) if scheduled.event_id > 0 => format!(" (event {})", scheduled.event_id),
        Some(_) => String::new(),
        None => format!(" (event {}, not recorded)", activity.scheduled_event_id),
    };
    let name = [activity_type.as_str(), activity_id.as_str()];
    let name: Vec<&str> = name.into_iter().filter(|it| !it.is_empty()).collect();
    let name = if name.is_empty() { "activity".to_owned() } else { name.join(" ") };
    visible(&format!("{name}{event}"))
}

fn painted(verdict: Verdict) -> String {
    let ink = match verdict {
        Verdict::Conforms => Ink::Good,
        Verdict::Tolerated | Verdict::Undecided => Ink::Caution,
        Verdict::Violates => Ink::Bad,
    };
    ink.paint(verdict.name())
}

fn one(
    text: &mut String,
    activity: &RecordedActivity,
    (judgement, other): (&Judgement, Option<&Judgement>),
    run: &RecordedRun,
    (findings, said): (&mut Findings, &mut HashSet<String>),
) {
    let _ =
        writeln!(text, "  {}: {}", Ink::Title.paint(title(activity)), painted(judgement.verdict));
    for line in wrap(&visible(&judgement.why), WIDTH) {
        let _ = writeln!(text, "    {line}");
    }
    if let Some(other) = other {
        for line in wrap(&visible(&by_temporal(other)), WIDTH) {
            let _ = writeln!(text, "    {line}");
        }
    }
    for tolerance in judgement.tolerances.iter() {
        let _ = writeln!(text, "    tolerated: {tolerance} ({})", tolerance.sentence());
    }
    for broken in judgement.broken.iter().filter(|_| judgement.verdict == Verdict::Tolerated) {
        for line in wrap(&format!("{}: {}", broken.rule, visible(&broken.message)), WIDTH) {
            let _ = writeln!(text, "    {line}");
        }
    }
    if let Some(explained) = &judgement.explained {
        let told = came_about(activity, explained).into_iter().chain(unlisted(activity));
        for line in told.flat_map(|line| wrap(&visible(&line), WIDTH)) {
            let _ = writeln!(text, "    {line}");
        }
        if !explained.hidden.is_empty() || !activity.cancel_requests.is_empty() {
            explanations(text, explained);
        }
    }
    if is_drawn(activity, judgement)
        && let Some(picture) = picture(activity, judgement, run)
    {
        let _ = write!(text, "{picture}");
    }
    for finding in findings.of(activity).iter().filter(|it| it.severity >= Severity::Warning) {
        let finding = format!("options: {} ({})", visible(&finding.message), finding.rule.id);
        // What the same options of several activities have in common is said once.
        if said.insert(finding.clone()) {
            for line in wrap(&finding, WIDTH) {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    if let Some(still) = still(activity, run, judgement) {
        can_still(text, activity, &still);
    }
}

/// What would be said if Temporal had recorded it.
fn by_temporal(other: &Judgement) -> String {
    let verdict = match other.verdict {
        Verdict::Conforms => "it would conform".to_owned(),
        Verdict::Tolerated => {
            let names: Vec<&str> = other.tolerances.iter().map(Tolerance::name).collect();
            format!("it would be tolerated ({})", names.join(", "))
        }
        Verdict::Undecided => "it would be undecided, too".to_owned(),
        Verdict::Violates => "it would violate them".to_owned(),
    };
    format!("by the rules of Temporal {verdict}: {}", other.why)
}

/// Why there was a last attempt after others, and when.
fn came_about(activity: &RecordedActivity, explained: &Explained) -> Option<String> {
    let began = activity.scheduled.as_ref()?.time?;
    let last = explained.hidden.last()?;
    let pending = activity.pending.as_ref();
    let is_told = pending.is_none_or(|it| it.schedule_time.is_some());
    let started = activity.starts.first().and_then(|it| it.time).filter(|_| is_told)?;
    let options = activity.scheduled.as_ref()?.options.as_ref().ok()?;
    let why = activity.starts.first().and_then(|it| it.last_failure.as_ref()).and_then(reported);
    let ways = last.ways.iter().map(|way| match (way, &why) {
        (Way::Failed, Some((type_name, message))) => format!("failed ({type_name}: {message})"),
        _ => ended(*way, options),
    });
    let ways: Vec<String> = ways.collect();
    let wait = match last.wait {
        0 => String::new(),
        wait => format!("; {} had to pass", instant(wait)),
    };
    let attempt = explained.attempt;
    Some(format!(
        "why attempt {attempt}: attempt {} {}, {}{wait}; attempt {attempt} was started at {}",
        last.attempt,
        ways.join(" or "),
        at(last.end),
        instant((started - began).div_euclid(1_000))
    ))
}

/// The type and the message of a failure that a worker reported.
fn reported(failure: &RecordedFailure) -> Option<(&str, String)> {
    let Some(Content::Failure(failure)) = failure.failure.content() else { return None };
    let FailureInfo::Application { type_name, .. } = &failure.info else { return None };
    let message = failure.message.lines().next().unwrap_or_default();
    Some((type_name, message.chars().take(MESSAGE).collect()))
}

/// How an attempt ended, as a verb.
fn ended(way: Way, options: &ActivityOptions) -> String {
    match way {
        Way::Failed => "failed".to_owned(),
        Way::StartToClose => {
            let timeout = duration(options.start_to_close_timeout());
            format!("ran into its start-to-close timeout of {timeout}")
        }
        Way::Heartbeat => {
            let timeout = options.heartbeat_timeout().map_or(String::new(), duration);
            format!("was silent for its heartbeat timeout of {timeout}")
        }
    }
}

/// That the type of a failure is none of those that are not retried, although there are some.
fn unlisted(activity: &RecordedActivity) -> Option<String> {
    let options = activity.scheduled.as_ref()?.options.as_ref().ok()?;
    let listed = options.effective().retry_policy.non_retryable_error_types;
    let of_close = activity.closes.iter().filter_map(|it| match &it.how {
        How::Failed { failure, .. } => failure.as_ref(),
        How::Completed | How::TimedOut { .. } | How::Canceled { .. } => None,
    });
    let of_starts = activity.starts.iter().filter_map(|it| it.last_failure.as_ref());
    let pending = activity.pending.iter().filter_map(|it| it.last_failure.as_ref());
    let failure = of_starts.chain(pending).chain(of_close).next()?;
    let Some(Content::Failure(failure)) = failure.failure.content() else { return None };
    let FailureInfo::Application { type_name, non_retryable: false } = &failure.info else {
        return None;
    };
    let is_retried = !listed.is_empty() && !listed.contains(type_name);
    is_retried.then(|| {
        let listed = listed.join(", ");
        format!(
            "failures of type {type_name} are retried: non_retryable_error_types has {listed}, \
             and types are compared letter by letter"
        )
    })
}

/// The ways in which it can have come about, where there are several.
fn explanations(text: &mut String, explained: &Explained) {
    let Classes { told, more, is_cut_off } = classes(explained, TOLD);
    if told.len() > 1 {
        let _ = writeln!(text, "    explanations");
        for class in &told {
            let lines = wrap(&class.in_words(), WIDTH - 4);
            for (line, margin) in lines.iter().zip(iter::once("").chain(iter::repeat("  "))) {
                let _ = writeln!(text, "      {margin}{line}");
            }
        }
        if more > 0 {
            let least = if is_cut_off { "at least " } else { "" };
            let _ = writeln!(text, "      and {least}{more} more");
        }
    }
}

/// An instant after the scheduling, to the millisecond.
pub(super) fn instant(microseconds: i64) -> String {
    let milliseconds = i128::from(microseconds.div_euclid(1_000));
    Nanoseconds(milliseconds * 1_000_000).to_string()
}

/// How many explanations are told.
const TOLD: usize = 5;
/// So much is told of the message of a failure.
const MESSAGE: usize = 100;
const WIDTH: usize = 92;
