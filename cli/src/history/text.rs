//! The human-readable output of `activity history`. Judges nothing.

use super::{Findings, Histories, Judged};
use crate::style::{Ink, counted, visible};
use activity_analysis::history::{
    Classes, Doing, Judgement, Line, Still, Verdict, classes, still, timeline,
};
use activity_analysis::rules::Severity;
use activity_execution::history::{RecordedActivity, RecordedRun};
use activity_execution::options::Nanoseconds;
use activity_execution::vocabulary::Span;
use activity_models::story::wrap;
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
    let few = histories.judgements.len() <= 1;
    let (mut ordinary, mut told) = (0, 0);
    let _ = writeln!(text, "{}", Ink::Title.paint(visible(name)));
    for (activity, judgement) in histories.each() {
        if !(all || few) && is_ordinary(activity, judgement) {
            ordinary += 1;
            continue;
        }
        told += 1;
        one(text, activity, judgement, &histories.history.run, findings);
    }
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

/// Whether there is nothing to say of an activity: it was completed on its first attempt.
fn is_ordinary(activity: &RecordedActivity, judgement: &Judgement) -> bool {
    judgement.verdict == Verdict::Conforms
        && !activity.closes.is_empty()
        && judgement.explained.as_ref().is_some_and(|it| it.at_most == 0)
        && matches!(activity.closes[0].how, activity_execution::history::How::Completed)
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
    findings: &mut Findings,
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
        let _ = writeln!(text, "    {}: {}", broken.rule, visible(&broken.message));
    }
    if let Some(explained) = &judgement.explained
        && (!explained.hidden.is_empty() || !activity.cancel_requests.is_empty())
    {
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
        let has_instants = activity.pending.as_ref().is_none_or(|it| it.schedule_time.is_some());
        if has_instants {
            drawn(text, &timeline(activity, explained));
        }
    }
    if let Some(still) = still(activity, run, judgement) {
        can_still(text, &still);
    }
    for finding in findings.of(activity).iter().filter(|it| it.severity >= Severity::Warning) {
        let finding = format!("options: {} ({})", visible(&finding.message), finding.rule.id);
        for line in wrap(&finding, WIDTH) {
            let _ = writeln!(text, "    {line}");
        }
    }
}

/// What can still happen, counted from the last instant that is known.
fn can_still(text: &mut String, still: &Still) {
    let span = |span: Span| Nanoseconds::from(span).to_string();
    let since = match still.doing {
        Doing::Runs(attempt) => format!("attempt {attempt} was last heard of"),
        Doing::Waits(attempt) => format!("attempt {attempt} could be dispatched"),
        Doing::Unknown => "something was recorded last".to_owned(),
    };
    let _ = writeln!(text, "    what can still happen, counted from when {since}");
    if let (Doing::Waits(attempt), Some(next)) = (still.doing, still.next_attempt) {
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
    for (how, (earliest, latest)) in &still.ends {
        let latest = latest.map_or("no limit".to_owned(), span);
        let _ = writeln!(text, "      {how:<44} {} to {latest}", span(*earliest));
    }
    if !still.is_complete {
        let _ = writeln!(text, "      not everything was explored");
    }
}

/// A timeline: when, as a range where it is not recorded, and what.
fn drawn(text: &mut String, lines: &[Line]) {
    let when = |line: &Line| match line.at {
        (one, other) if one == other => instant(one),
        (one, other) => format!("{} … {}", instant(one), instant(other)),
    };
    let width = lines.iter().map(|line| when(line).chars().count()).max().unwrap_or(0);
    let told = |text: &mut String, line: &Line| {
        let mark = if line.is_recorded { "●" } else { "○" };
        let _ = writeln!(text, "    {mark} {:<width$}  {}", when(line), line.what);
    };
    if lines.len() <= SHOWN {
        return lines.iter().for_each(|line| told(text, line));
    }
    let (head, rest) = lines.split_at(SHOWN / 2);
    let (middle, tail) = rest.split_at(rest.len() - SHOWN / 2);
    head.iter().for_each(|line| told(text, line));
    let _ = writeln!(text, "    … {} more", middle.len());
    tail.iter().for_each(|line| told(text, line));
}

/// An instant after the scheduling, to the millisecond.
fn instant(microseconds: i64) -> String {
    let milliseconds = i128::from(microseconds.div_euclid(1_000));
    Nanoseconds(milliseconds * 1_000_000).to_string()
}

/// How many explanations are told.
const TOLD: usize = 5;
/// How many lines of a timeline are shown.
const SHOWN: usize = 12;
const WIDTH: usize = 92;
