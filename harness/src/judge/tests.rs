//! What the judge allows where timers are late, replies get lost, or calls overtake one another.

use super::{Follower, Names, Next, Terms, Where};
use crate::alphabet::{Input, Passing, Power, Whom, describe};
use crate::seam::{Call, Task, Token, Told};
use crate::suite::graded;
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Attempt, Opaque as _, Outcome, RetryState, Span, TimeoutReason, TimeoutType,
};

/// One attempt, start-to-close after three seconds.
fn follower(power: Power, lateness: i64) -> Follower {
    let setting = graded()[1].setting(1_000);
    let names = Names::default();
    Follower::new(&Terms { setting, power, lateness: Span(lateness), tolerance: Span(0), names })
}

fn input(name: &str) -> Input {
    Input::of_name(name).expect("an input of this name exists")
}

fn call(follower: &mut Follower, name: &str) -> Call {
    match follower.next(input(name)) {
        Next::Call(call) => call,
        other => panic!("{name} comes to {other:?}"),
    }
}

fn task() -> Told {
    let token = Token("any text".into());
    Told::Task(Some(Task { token, attempt: 1, heartbeat_details: Payload::default() }))
}

fn not_found() -> Told {
    Told::Refused("NotFound".to_owned())
}

fn polled(power: Power, lateness: i64) -> Follower {
    let mut follower = follower(power, lateness);
    call(&mut follower, "poll");
    follower.told(&task()).expect("the task is there");
    follower
}

fn wait(follower: &mut Follower, steps: usize) {
    for _ in 0..steps {
        let Next::Wait(elapsed) = follower.next(Input::Time(Passing::Step)) else {
            panic!("time passes")
        };
        follower.pass(elapsed);
    }
}

#[test]
fn a_late_timer_leaves_two_states_until_an_answer_tells() {
    let mut late = polled(Power::Answers, 1_000);
    wait(&mut late, 3);
    assert!(late.candidates() > 1 && !late.was_single());
    call(&mut late, "complete");
    let mut other = late.clone();
    late.told(&Told::Done).expect("the timer may not have fired yet");
    assert_eq!(late.candidates(), 1);
    other.told(&not_found()).expect("and it may");
    let mut later = polled(Power::Answers, 1_000);
    wait(&mut later, 4);
    call(&mut later, "complete");
    let difference = later.told(&Told::Done).expect_err("so late no timer is");
    assert_eq!((difference.place, difference.observed.as_str()), (Where::Answer, "done"));
    assert_eq!(difference.allowed, ["refused: NotFound"]);
    let mut punctual = polled(Power::Answers, 0);
    wait(&mut punctual, 3);
    assert!(punctual.was_single());
    call(&mut punctual, "complete");
    punctual.told(&Told::Done).expect_err("a timer that is on time has fired");
}

#[test]
fn a_lost_reply_leaves_both_and_a_look_tells() {
    let mut lost = polled(Power::Describe, 0);
    call(&mut lost, "complete");
    let before = lost.observation();
    lost.lost();
    assert_eq!(lost.candidates(), 2);
    assert!(!lost.was_single(), "no theorem follows from a guess");
    let terms = *lost.options();
    lost.described(&describe(&terms, &before)).expect("it may not have been heard");
    assert_eq!(lost.candidates(), 1);
    call(&mut lost, "complete");
    lost.told(&Told::Done).expect("then it is heard now");
}

#[test]
fn of_two_calls_either_may_come_first() {
    let racing = || {
        let mut racing = polled(Power::Answers, 0);
        call(&mut racing, "complete");
        call(&mut racing, "terminate");
        racing
    };
    let closed = Told::Refused("AlreadyClosed".to_owned());
    racing().told_in_any_order([&Told::Done, &closed]).expect("completed first");
    racing().told_in_any_order([&not_found(), &Told::Done]).expect("terminated first");
    let both = racing().told_in_any_order([&Told::Done, &Told::Done]);
    both.expect_err("it closes once");
}

#[test]
fn a_stale_token_that_is_heard_breaks_a_promise_by_its_answer_alone() {
    let setting = graded()[0].setting(1_000);
    let (power, names) = (Power::Answers, Names::default());
    let terms = Terms { setting, power, lateness: Span(0), tolerance: Span(0), names };
    let mut follower = Follower::new(&terms);
    call(&mut follower, "poll");
    follower.told(&task()).expect("the task is there");
    call(&mut follower, "fail");
    follower.told(&Told::Done).expect("it is retried");
    wait(&mut follower, 1);
    call(&mut follower, "poll");
    let token = Token("another".into());
    let heartbeat_details = Payload::default();
    follower
        .told(&Told::Task(Some(Task { token, attempt: 2, heartbeat_details })))
        .expect("the second attempt");
    let stale = follower.next(Input::Complete(Whom::Previous));
    let Next::Call(Call::RespondCompleted { named, .. }) = stale else { panic!("{stale:?}") };
    assert_eq!(named, crate::seam::Named::Token(Token("any text".into())), "tokens are opaque");
    let difference = follower.told(&Told::Done).expect_err("nobody holds that attempt");
    let names: Vec<&str> = difference.broken.iter().map(|it| it.name).collect();
    assert!(names.contains(&"a_stale_token_changes_nothing"), "{names:?}");
    assert!(difference.rule.starts_with("S19: A call about an attempt"), "{}", difference.rule);
}

#[test]
fn a_refusal_by_its_code_is_taken_and_no_theorem_follows() {
    let mut follower = follower(Power::Answers, 0);
    call(&mut follower, "start another");
    let code = Told::Refused("AlreadyExists".to_owned());
    follower.told(&code).expect("it is the code of the reason");
    assert!(!follower.was_single(), "other reasons may have the same code");
}

/// A second attempt, seen through its outcome alone, at the instant at which it times out for good.
fn timed_out_twice() -> Follower {
    let setting = graded()[17].setting(1_000);
    let (power, names) = (Power::Outcome, Names::default());
    let terms = Terms { setting, power, lateness: Span(0), tolerance: Span(0), names };
    let mut follower = Follower::new(&terms);
    for (attempt, waits) in [(1, 3), (2, 2)] {
        call(&mut follower, "poll");
        let token = Token("any text".into());
        let heartbeat_details = Payload::default();
        let task = Task { token, attempt, heartbeat_details };
        follower.told(&Told::Task(Some(task))).expect("there is a task");
        wait(&mut follower, waits);
    }
    follower
}

#[test]
fn what_a_system_does_not_show_breaks_no_promise() {
    let mut follower = timed_out_twice();
    let terms = *follower.options();
    let mut shown = describe(&terms, &follower.observation());
    // What is shown beside the outcome is made up.
    (shown.attempt, shown.last_failure) = (Attempt(1), Payload::default());
    follower.clone().described(&shown).expect("the outcome is the right one");
    let reason = TimeoutReason::Elapsed;
    let none = Payload::default;
    let failure = Payload::timeout_failure(TimeoutType::StartToClose, reason, none(), none());
    let (timeout_type, retry_state) =
        (TimeoutType::StartToClose, RetryState::MaximumAttemptsReached);
    shown.outcome = Some(Outcome::TimedOut { timeout_type, failure, retry_state });
    let difference = follower.described(&shown).expect_err("the failure before it is lost");
    let names: Vec<&str> = difference.broken.iter().map(|it| it.name).collect();
    assert_eq!(names, ["a_terminal_timeout_carries_details_and_cause"]);
}

#[test]
fn an_execution_that_is_still_open_is_no_closed_one() {
    let mut follower = timed_out_twice();
    let terms = *follower.options();
    let mut shown = describe(&terms, &follower.observation());
    shown.outcome = None;
    let difference = follower.described(&shown).expect_err("its time is over");
    let names: Vec<&str> = difference.broken.iter().map(|it| it.name).collect();
    assert!(names.contains(&"a_timeout_ends_what_it_bounds"), "{names:?}");
}
