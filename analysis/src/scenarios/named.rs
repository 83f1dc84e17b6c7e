//! The scenarios with a name: what everybody asks about an activity, each with what it assumes.
//! Says what workers and callers do; what follows is played.

use super::circumstances::{Behaviour, CancelAt, Circumstances, Plan};
use super::play::Stage;
use super::run::Run;
use crate::words::duration;
use activity_execution::vocabulary::Span;

/// A scenario that was played.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scenario {
    /// For programs, `every_attempt_fails` for one.
    pub id: &'static str,
    /// For people.
    pub title: String,
    /// What it assumes of workers and callers.
    pub assumes: Vec<String>,
    /// How many attempts the policy allows; zero is unlimited.
    pub maximum_attempts: i32,
    /// What came of it.
    pub run: Run,
}

impl Scenario {
    /// A plan, played.
    #[must_use]
    pub fn played(
        stage: &Stage<'_>,
        id: &'static str,
        title: impl Into<String>,
        plan: &Plan,
        assumes: impl IntoIterator<Item = String>,
    ) -> Self {
        let nobody = plan.then == Behaviour::IsNotPolled;
        let polls = (!nobody).then(|| polls(stage.circumstances()));
        let assumes = assumes.into_iter().chain(polls).collect();
        let maximum_attempts = stage.options().retry_policy().maximum_attempts();
        Scenario { id, title: title.into(), assumes, maximum_attempts, run: stage.play(plan) }
    }
}

/// Every scenario with a name, and the reader's own situation where it is known.
#[must_use]
pub fn named(stage: &Stage<'_>) -> Vec<Scenario> {
    let mut all = own(stage);
    all.extend(failures(stage));
    all.extend(deaths(stage));
    all.extend(cancels(stage));
    all.extend(others(stage));
    all
}

fn failures(stage: &Stage<'_>) -> Vec<Scenario> {
    let fails = Behaviour::fails_at_once(stage.circumstances());
    let hangs = Plan::all(Behaviour::Hangs);
    let not_retryable = Behaviour::Fails { after: Span(0), retryable: false, delay: None };
    vec![
        Scenario::played(
            stage,
            "every_attempt_fails",
            "every attempt fails at once",
            &Plan::all(fails),
            ["each failure may be retried".to_owned()].into_iter().chain(delay(stage)),
        ),
        Scenario::played(
            stage,
            "every_attempt_hangs",
            "every attempt hangs",
            &hangs,
            ["the function neither returns nor heartbeats".to_owned()],
        ),
        Scenario::played(
            stage,
            "not_retryable",
            "attempt 1 fails, not retryable",
            &Plan::all(not_retryable),
            ["attempt 1 fails at once, with such a failure".to_owned()],
        ),
        success_on_the_last(stage),
    ]
}

/// Every attempt fails at once, but the last that there can be.
fn success_on_the_last(stage: &Stage<'_>) -> Scenario {
    let fails = Behaviour::fails_at_once(stage.circumstances());
    let maximum = i64::from(stage.options().retry_policy().maximum_attempts());
    let all = stage.play(&Plan::all(fails));
    let last = all.total().map(|_| all.started()).filter(|last| *last <= MOST_PLANNED);
    let (last, title) = match last {
        Some(..=1) => (1, "success at once".to_owned()),
        Some(last) => (last, format!("success on the last attempt, {last}")),
        None if maximum == 0 => (3, "success on attempt 3".to_owned()),
        None => (MOST_PLANNED, format!("success on attempt {MOST_PLANNED}")),
    };
    let before = usize::try_from(last - 1).unwrap_or(0);
    let takes = takes(stage);
    let plan = Plan {
        first: vec![fails; before],
        then: Behaviour::Completes { after: takes },
        cancel: None,
    };
    let assumes = [format!("each attempt before it fails at once; it takes {}", duration(takes))];
    Scenario::played(stage, "success_on_the_last", title, &plan, assumes)
}

/// The function as the reader describes it.
fn own(stage: &Stage<'_>) -> Vec<Scenario> {
    let Circumstances { function_takes, worker_shutdown_grace, next_retry_delay, .. } =
        *stage.circumstances();
    let mut all = Vec::new();
    if let Some(after) = function_takes {
        let said = duration(after);
        all.push(Scenario::played(
            stage,
            "the_function_takes",
            format!("the function takes {said} each time"),
            &Plan::all(Behaviour::Completes { after }),
            [heartbeats(stage)],
        ));
        all.push(Scenario::played(
            stage,
            "the_function_fails_late",
            format!("every attempt fails after {said}"),
            &Plan::all(Behaviour::Fails { after, retryable: true, delay: next_retry_delay }),
            [heartbeats(stage)].into_iter().chain(delay(stage)),
        ));
    }
    all.extend(worker_shutdown_grace.map(|grace| shutdown(stage, grace)));
    all
}

/// The worker is replaced in the middle of the function.
fn shutdown(stage: &Stage<'_>, grace: Span) -> Scenario {
    let takes = stage.circumstances().function_takes;
    let after = takes.map_or(Span(0), |Span(takes)| Span(takes / 2));
    let (behaviour, title, gives_up) = match grace {
        Span(0) => (
            Behaviour::Dies { after },
            "the worker shuts down without grace",
            "nothing is reported: to the service it is dead".to_owned(),
        ),
        grace => (
            Behaviour::ShutsDown { after },
            "the worker shuts down",
            format!(
                "after {} of grace the function gives up with a failure that may be retried",
                duration(grace)
            ),
        ),
    };
    let stops = format!("{} after the start it stops polling; {gives_up}", duration(after));
    let plan = Plan::first_then(behaviour, completes(stage));
    Scenario::played(stage, "worker_shutdown", title, &plan, [stops, next_completes(stage)])
}

fn deaths(stage: &Stage<'_>) -> Vec<Scenario> {
    let after = stage.circumstances().function_takes.map_or(Span(0), |Span(it)| Span(it / 2));
    let dies = Behaviour::Dies { after };
    let stopped = "so does one that is stopped without grace";
    let when = match after {
        Span(0) => format!("it dies right after the start; {stopped}"),
        after => {
            format!("it dies {} after the start; {}; {stopped}", duration(after), heartbeats(stage))
        }
    };
    vec![
        Scenario::played(
            stage,
            "worker_dies",
            "the worker dies in attempt 1",
            &Plan::first_then(dies, completes(stage)),
            [when.clone(), next_completes(stage)],
        ),
        Scenario::played(
            stage,
            "worker_dies_no_other",
            "the worker dies, no other comes",
            &Plan::first_then(dies, Behaviour::IsNotPolled),
            [when, "nobody polls after that".to_owned()],
        ),
        Scenario::played(
            stage,
            "task_lost",
            "the task is lost on its way",
            &Plan::first_then(Behaviour::IsLost, completes(stage)),
            [
                "the service has recorded the start; the worker never hears of it".to_owned(),
                next_completes(stage),
            ],
        ),
        Scenario::played(
            stage,
            "nobody_polls",
            "nobody polls",
            &Plan::all(Behaviour::IsNotPolled),
            ["no worker takes the task, or it is lost before one does".to_owned()],
        ),
    ]
}

fn cancels(stage: &Stage<'_>) -> Vec<Scenario> {
    let running = CancelAt::Running { attempt: 1, after: Span(0) };
    let every = stage.circumstances().heartbeats_sent(stage.options().heartbeat_timeout());
    let mut all = Vec::new();
    if every.is_some() {
        let assumes = [
            format!(
                "{}; the request comes right after one; the function gives in as soon as it learns \
                 of it",
                heartbeats(stage)
            ),
            "the call itself takes no time".to_owned(),
        ];
        all.push(Scenario::played(
            stage,
            "cancel_heartbeating",
            "a cancel, while heartbeating",
            &Plan::all(Behaviour::RunsOn).cancelled(running),
            assumes,
        ));
    }
    let (silent, how) = match stage.circumstances().function_takes {
        Some(takes) if every.is_none() => {
            (Behaviour::Completes { after: takes }, "the function does not heartbeat".to_owned())
        }
        Some(_) | None => (
            Behaviour::Hangs,
            "the function neither heartbeats nor returns before its timeout".to_owned(),
        ),
    };
    all.push(Scenario::played(
        stage,
        "cancel_silent",
        "a cancel, while silent",
        &Plan::all(silent).cancelled(running),
        ["the request comes right after the start".to_owned(), how],
    ));
    let all_fail = Plan::all(Behaviour::fails_at_once(stage.circumstances()));
    let (title, assumes) = if stage.play(&all_fail).started() > 1 {
        (
            "a cancel in the first backoff",
            "attempt 1 fails at once; the request comes halfway through the wait",
        )
    } else {
        ("no backoff to cancel in", "attempt 1 fails at once, and nothing follows it")
    };
    let plan = all_fail.cancelled(CancelAt::Backoff);
    all.push(Scenario::played(stage, "cancel_in_backoff", title, &plan, [assumes.to_owned()]));
    all
}

fn others(stage: &Stage<'_>) -> Vec<Scenario> {
    let takes = stage.circumstances().function_takes;
    let half = Span((stage.options().start_to_close_timeout().0 / 2).max(1));
    let after = takes.unwrap_or(half);
    vec![Scenario::played(
        stage,
        "completed_by_id",
        "completed from elsewhere, by id",
        &Plan::all(Behaviour::IsCompletedById { after }),
        [
            "the function of each attempt hands over at once, and nobody heartbeats".to_owned(),
            format!("the completion comes {} after the start", duration(after)),
        ],
    )]
}

fn completes(stage: &Stage<'_>) -> Behaviour {
    Behaviour::Completes { after: takes(stage) }
}

fn takes(stage: &Stage<'_>) -> Span {
    stage.circumstances().function_takes.unwrap_or(Span(0))
}

fn next_completes(stage: &Stage<'_>) -> String {
    match stage.circumstances().function_takes {
        None => "the next attempt, if there is one, succeeds at once".to_owned(),
        Some(takes) => format!("the next attempt, if there is one, takes {}", duration(takes)),
    }
}

/// How the function heartbeats, in words.
fn heartbeats(stage: &Stage<'_>) -> String {
    let timeout = stage.options().heartbeat_timeout();
    let Circumstances { heartbeats_every, throttle, .. } = stage.circumstances();
    let Some(sent) = stage.circumstances().heartbeats_sent(timeout) else {
        return "the function does not heartbeat".to_owned();
    };
    let interval = throttle.interval(timeout);
    match heartbeats_every {
        Some(every) if *every >= interval => {
            format!("the function heartbeats every {}", duration(*every))
        }
        Some(every) => format!(
            "the function heartbeats every {}, of which the worker sends one every {}",
            duration(*every),
            duration(sent)
        ),
        None => format!(
            "the function heartbeats all the time, and the worker sends one every {}",
            duration(sent)
        ),
    }
}

fn polls(circumstances: &Circumstances) -> String {
    match circumstances.poll_latency {
        Span(0) => "workers poll at once".to_owned(),
        latency => format!("a worker polls {} after each dispatch", duration(latency)),
    }
}

fn delay(stage: &Stage<'_>) -> Option<String> {
    let delay = stage.circumstances().next_retry_delay?;
    Some(format!("each failure asks for the next attempt after {}", duration(delay)))
}

/// How many attempts are planned one by one.
const MOST_PLANNED: i64 = 10_000;
