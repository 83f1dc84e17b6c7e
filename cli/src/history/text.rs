//! The human-readable output of `activity history`. Judges nothing.

use super::picture::picture;
use super::{Findings, Histories, Judged};
use crate::style::{Ink, counted, visible};
use activity_analysis::history::{
    Classes, Doing, Explained, Judgement, Still, Verdict, classes, still,
};
use activity_analysis::rules::Severity;
use activity_execution::history::{RecordedActivity, RecordedRun, RecordedTime};
use activity_execution::options::Nanoseconds;
use activity_execution::vocabulary::Span;
use activity_models::story::wrap;
use std::collections::HashSet;
use std::fmt::Write as _;

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
    for (activity, judgement) in histories.told(all) {
        told += 1;
        one(text, activity, judgement, run, (findings, &mut said));
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
    judgement: &Judgement,
    run: &RecordedRun,
    (findings, said): (&mut Findings, &mut HashSet<String>),
) {
    let _ =
        writeln!(text, "  {}: {}", Ink::Title.paint(title(activity)), painted(judgement.verdict));
    for line in wrap(&visible(&judgement.why), WIDTH) {
        let _ = writeln!(text, "    {line}");
    }
    for tolerance in judgement.tolerances.iter() {
        let _ = writeln!(text, "    tolerated: {tolerance} ({})", tolerance.sentence());
    }
    for broken in judgement.broken.iter().filter(|_| judgement.verdict == Verdict::Tolerated) {
        for line in wrap(&format!("{}: {}", broken.rule, visible(&broken.message)), WIDTH) {
            let _ = writeln!(text, "    {line}");
        }
    }
    if let Some(explained) = &judgement.explained
        && (!explained.hidden.is_empty() || !activity.cancel_requests.is_empty())
    {
        explanations(text, explained);
        if let Some(picture) = picture(activity, judgement, run) {
            let _ = write!(text, "{picture}");
        }
    }
    if let Some(still) = still(activity, run, judgement) {
        can_still(text, activity, &still);
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
}

/// The ways in which it can have come about, where there are several.
fn explanations(text: &mut String, explained: &Explained) {
    let Classes { told, more, is_cut_off } = classes(explained, TOLD);
    if told.len() > 1 {
        let _ = writeln!(text, "    explanations");
        for class in &told {
            let _ = writeln!(text, "      {}", class.in_words());
        }
        if more > 0 {
            let least = if is_cut_off { "at least " } else { "" };
            let _ = writeln!(text, "      and {least}{more} more");
        }
    }
}

/// What can still happen, counted from the last instant that is known.
fn can_still(text: &mut String, activity: &RecordedActivity, still: &Still) {
    let span = |span: Span| Nanoseconds::from(span).to_string();
    let since = match still.doing {
        Doing::Runs(attempt) => format!("attempt {attempt} was last heard of"),
        Doing::Waits(attempt) => format!("attempt {attempt} could be dispatched"),
        Doing::Unknown => "it was scheduled".to_owned(),
    };
    let _ = writeln!(text, "    what can still happen, counted from when {since}");
    if activity.pending.as_ref().is_some_and(|it| it.is_paused) {
        let _ = writeln!(text, "      it is paused: no attempt starts until it is unpaused");
    } else if let (Doing::Waits(attempt), Some(next)) = (still.doing, still.next_attempt) {
        let _ = writeln!(
            text,
            "      attempt {attempt} starts as soon as a worker polls, from {} on",
            span(next)
        );
    }
    if let Some(unnoticed) = still.unnoticed {
        let _ =
            writeln!(text, "      if its worker is dead, that is noticed at {}", span(unnoticed));
    }
    if let Some(ends) = still.run_ends {
        let _ = writeln!(
            text,
            "      the run of the workflow ends at {}, and everything with it",
            span(ends)
        );
    }
    let width = still.ends.keys().map(|how| how.chars().count()).max().unwrap_or(0);
    for (how, (earliest, latest)) in &still.ends {
        let latest = latest.map_or("no limit".to_owned(), span);
        let _ = writeln!(text, "      {how:<width$}  {} to {latest}", span(*earliest));
    }
    if !still.is_complete {
        let _ = writeln!(text, "      not everything was explored");
    }
}

/// An instant after the scheduling, to the millisecond.
pub(super) fn instant(microseconds: i64) -> String {
    let milliseconds = i128::from(microseconds.div_euclid(1_000));
    Nanoseconds(milliseconds * 1_000_000).to_string()
}

/// How many explanations are told.
const TOLD: usize = 5;
const WIDTH: usize = 92;
