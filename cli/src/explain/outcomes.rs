//! Every outcome for people, with its instants and how it comes about. Explores nothing.

use super::Explained;
use crate::report::{Kind, Verdict, broken};
use crate::style::{Ink, counted};
use activity_analysis::zones::{Attempts, End, Happening, StaysOpen};
use activity_execution::options::Nanoseconds;
use activity_execution::vocabulary::Span;
use std::fmt::Write as _;

/// How an activity can end, and what holds.
pub(super) fn text(text: &mut String, explained: &Explained) {
    let examination = &explained.explanation.examination;
    let explored = &examination.explored;
    let mut line = |title: &str, item: String| {
        let _ = writeln!(text, "  {title:<20}{item}");
    };
    line("attempts", attempts(explained));
    line("stays open", stays_open(explained));
    let cut_off = examination.left_of_the_usual() > 0;
    let in_vain = examination.timeouts_in_vain();
    for timeout_type in in_vain.into_iter().filter(|_| !cut_off) {
        line("never takes effect", timeout_type.name().to_owned());
    }
    line("promises", promises(explained));
    text.push_str(&broken(&explained.promises, usize::MAX));
    let ends = &examination.ends.ends;
    let headline = "at the earliest";
    let earliest = ends.values().map(|end| duration(end.earliest).len());
    let width = earliest.chain([headline.len()]).max().unwrap_or(0) + 2;
    let can_end = if cut_off { "can end as, of what was explored" } else { "can end as" };
    let title = format!("{can_end:<48}{headline:<width$}at the latest");
    let _ = writeln!(text, "\n  {}", Ink::Title.paint(title));
    for (how, end) in ends {
        outcome(text, how, end, width);
    }
    for how in examination.ends_of_any_reports().into_iter().filter(|_| !cut_off) {
        let _ = writeln!(text, "  {how:<48}only if the worker asks for it: {ASKS}");
    }
    for how in examination.ends_of_late_timers().into_iter().filter(|_| !cut_off) {
        let _ = writeln!(text, "  {how:<48}only if a timer is late");
    }
    let found = match (examination.is_complete(), examination.unexplored()) {
        (true, _) => Ink::Good.paint("everything was explored"),
        (false, 0) => Ink::Caution.paint("not every promise was decided"),
        (false, left) => Ink::Caution
            .paint(format!("not everything was explored, {} are left", counted(left, "zone"))),
    };
    let _ = writeln!(
        text,
        "\n  {found}: {}, {}, {} ({:.2} s)",
        counted(explored.control_states.len(), "control state"),
        counted(explored.control_states.values().sum(), "zone"),
        counted(explored.transitions, "step"),
        explained.elapsed.as_secs_f64(),
    );
}

fn attempts(explained: &Explained) -> String {
    let explored = &explained.explanation.examination.explored;
    if explained.explanation.examination.left_of_the_usual() > 0 {
        return Ink::Caution.paint("not counted: not everything was explored");
    }
    let most_of_all = match explored.attempts {
        Attempts::AtMost(most) => format!("{} can start", counted_at_most(most)),
        Attempts::AsManyAsTimeAllows => "as many as happen before schedule-to-close".to_owned(),
        Attempts::WithoutEnd => "without end".to_owned(),
    };
    match (explored.alike_from, explored.attempts) {
        (Some(alike), Attempts::AtMost(most)) if most <= alike => most_of_all,
        (Some(alike), _) => {
            format!(
                "{most_of_all}; from {alike} on all are alike but the last, and explored as one"
            )
        }
        (None, _) => most_of_all,
    }
}

fn counted_at_most(most: i64) -> String {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if most == 1 {
        "only one".to_owned()
    } else {
        format!("{} at most", crate::style::thousands(most))
    }
}

fn stays_open(explained: &Explained) -> String {
    let how = explained.explanation.examination.explored.stays_open.iter().map(|how| match how {
        StaysOpen::Waiting => "while no worker polls",
        StaysOpen::Retrying => "while its attempts fail or time out, since each is retried",
    });
    let how: Vec<_> = how.collect();
    if !how.is_empty() {
        return Ink::Caution.paint(format!("for ever, {}", how.join(", or ")));
    }
    if explained.explanation.examination.left_of_the_usual() > 0 {
        return Ink::Caution.paint("not known: not everything was explored");
    }
    match explained.explanation.examination.longest() {
        Some(latest) => format!("for {} at most", duration(latest)),
        None => "not for ever".to_owned(),
    }
}

fn promises(explained: &Explained) -> String {
    let promises = &explained.promises;
    let of = |verdict| promises.iter().filter(|promise| promise.verdict == verdict).count();
    let verdict = [Verdict::Broken, Verdict::Undecided].into_iter().find(|it| of(*it) > 0);
    match verdict {
        None => Ink::Good.paint(format!("all {} hold", promises.len())),
        Some(verdict) => {
            let (count, word) = (of(verdict), verdict.word(Kind::Promise));
            Ink::Bad.paint(format!("{count} of {} {word}", promises.len()))
        }
    }
}

fn outcome(text: &mut String, how: &str, end: &End, width: usize) {
    let latest = end.latest.map_or("no limit".to_owned(), duration);
    let _ = writeln!(text, "  {how:<48}{:<width$}{latest}", duration(end.earliest));
    for story in [&end.story, &end.latest_story].into_iter().flatten() {
        for line in wrapped(&told(story)) {
            let _ = writeln!(text, "      {line}");
        }
    }
}

/// The happenings of a story, the middle of a long one left out.
fn told(story: &[Happening]) -> Vec<String> {
    let tell = |it: &Happening| match it.after {
        Span(0) => it.what.to_string(),
        after => format!("{} later {}", duration(after), it.what),
    };
    if story.len() <= HEAD + TAIL + 1 {
        return story.iter().map(tell).collect();
    }
    let (head, rest) = story.split_at(HEAD);
    let (middle, tail) = rest.split_at(rest.len() - TAIL);
    let left_out = format!("… {} more …", middle.len());
    head.iter().map(tell).chain([left_out]).chain(tail.iter().map(tell)).collect()
}

/// The items of a list, as many on a line as fit.
fn wrapped(items: &[String]) -> Vec<String> {
    let mut lines = vec![];
    let mut line = String::new();
    for (index, item) in items.iter().enumerate() {
        let separator = if index + 1 < items.len() { ", " } else { "" };
        if !line.is_empty() && line.chars().count() + item.chars().count() > WIDTH {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        let _ = write!(line, "{item}{separator}");
    }
    lines.push(line);
    lines
}

fn duration(span: Span) -> String {
    Nanoseconds::from(span).to_string()
}

/// How many happenings of a long story are told at its beginning, and at its end.
const HEAD: usize = 5;
const TAIL: usize = 4;

/// How long a line of a story is at most.
const WIDTH: usize = 92;

/// What a worker can ask for.
const ASKS: &str = "next_retry_delay, or a schedule timeout";
