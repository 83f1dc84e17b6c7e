//! Wrong promises, each nearly right: the prover has to refute them, with a case that a person can
//! follow and that happens when it is played again.

use activity_execution::promises::ServicePromise;
use activity_execution::vocabulary::{
    Action, Attempt, Dialect, Observation, Outcome, Phase, Request, Retry, RetryState, Step,
    Target, Terms, TimeoutType,
};
use activity_models::exploration::{SpecificationMachine, class};
use activity_proofs::theorems::Class;
use activity_proofs::{Assumptions, Proof, Sym, Theorem, Value, theorems};
use symbolic::{Budget, Explorer, replay};

type Seen = Observation<Sym, Value>;
type Taken = Step<Sym, Value>;

activity_execution::promises! { [](Terms<Sym>, Seen, Taken)
    canaries; of_states: false;
    /// A timeout takes effect strictly after its deadline. (At the deadline as well.)
    a_timeout_takes_effect_after_its_deadline(_terms, before, step, _after) {
        match step.action {
            Action::Elapses { timeout_type, .. } if step.reply.is_ok() => {
                before.deadlines.of(timeout_type).is_some_and(|deadline| deadline < before.now)
            }
            _ => true,
        }
    }

    /// A retry may be dispatched at the very end. (It has to be dispatched before.)
    a_retry_may_be_dispatched_at_the_deadline(_terms, before, step, after) {
        let refused = match after.outcome() {
            Some(Outcome::Failed { retry_state, .. } | Outcome::TimedOut { retry_state, .. }) => {
                *retry_state == RetryState::Timeout
            }
            _ => false,
        };
        let backoff = match step.action {
            Action::Call(Request::RespondActivityTaskFailed {
                retry: Retry::After(backoff), ..
            }) => backoff,
            Action::Elapses { timeout_type: TimeoutType::StartToClose, backoff } => backoff,
            _ => return true,
        };
        let end = before.deadlines.schedule_to_close;
        !before.is_started()
            || !refused
            || end.is_some_and(|end| end < before.now + backoff)
    }

    /// At one instant schedule-to-start goes first. (Not of a retried attempt.)
    schedule_to_start_always_goes_first(_terms, before, step, _after) {
        let deadlines = &before.deadlines;
        match (&step.action, deadlines.schedule_to_start, deadlines.schedule_to_close) {
            (
                Action::Elapses { timeout_type: TimeoutType::ScheduleToClose, .. },
                Some(start),
                Some(close),
            ) => step.reply.is_err() || close < start,
            _ => true,
        }
    }

    /// A retry is dispatched at once. (After its backoff.)
    a_retry_is_dispatched_at_once(_terms, before, _step, after) {
        match after.phase {
            Phase::Scheduled { dispatch_time, .. } if before.is_started() => {
                dispatch_time <= after.now
            }
            _ => true,
        }
    }

    /// There is a second attempt at most. (As many as the policy allows.)
    nobody_tries_three_times(_terms, before, _step, after) {
        before.attempt == after.attempt || before.attempt == Attempt::first()
    }

    /// A heartbeat moves no deadline. (Its own.)
    a_heartbeat_moves_no_deadline(_terms, before, step, after) {
        match step.action {
            Action::Call(Request::RecordActivityTaskHeartbeat { .. }) => {
                before.deadlines.heartbeat == after.deadlines.heartbeat
            }
            _ => true,
        }
    }

    /// Details die with their attempt. (They survive it.)
    heartbeat_details_die_with_their_attempt(_terms, before, _step, after) {
        !before.is_started()
            || !matches!(after.phase, Phase::Scheduled { .. })
            || before.heartbeat_details != after.heartbeat_details
    }

    /// A cancel request closes the execution. (Not while a worker holds the task.)
    a_cancel_request_closes(_terms, _before, step, after) {
        match step.action {
            Action::Call(Request::RequestCancelActivityExecution { .. }) => after.is_closed(),
            _ => true,
        }
    }

    /// Only a task that a worker holds can be completed. (By id also one that waits.)
    only_a_started_task_can_be_completed(_terms, before, step, _after) {
        match step.action {
            Action::Call(Request::RespondActivityTaskCompleted { target: Target::ById, .. }) => {
                before.is_started() || step.reply.is_err()
            }
            _ => true,
        }
    }

    /// A call that comes after a deadline is refused. (The specification's timers may be late.)
    an_overdue_attempt_is_not_heard(_terms, before, step, _after) {
        let due = before.deadlines.start_to_close.is_some_and(|deadline| deadline <= before.now);
        match step.action {
            Action::Call(Request::RespondActivityTaskCompleted { .. }) => {
                !due || step.reply.is_err()
            }
            _ => true,
        }
    }

    /// A timeout that ends an attempt is always retried. (Within limits.)
    a_timed_out_attempt_is_retried(terms, before, step, after) {
        match step.action {
            Action::Elapses { timeout_type: TimeoutType::Heartbeat, .. } => {
                !before.is_started()
                    || !terms.retries_heartbeat
                    || before.cancel_request.is_some()
                    || terms.maximum_attempts.is_some()
                    || !after.is_closed()
            }
            _ => true,
        }
    }

    /// A closed execution never answers. (A repeated request is answered.)
    a_closed_execution_refuses_everything(_terms, before, step, _after) {
        match step.action {
            Action::Call(_) => !before.is_closed() || step.reply.is_err(),
            _ => true,
        }
    }
}

fn proof() -> Proof {
    let theorem = |it: &ServicePromise<_, _>| Theorem { name: it.name, statement: it.statement };
    let proof = Proof::of("canaries", canaries().iter().map(theorem).collect());
    theorems::promised(proof, SpecificationMachine, &Assumptions::all(), canaries())
}

#[test]
fn every_wrong_promise_is_refuted_by_a_case_that_happens_when_it_is_played_again() {
    let proof = proof();
    let proven = proof.run(&Explorer::new(Budget::default()));
    for promise in canaries() {
        let (case, failure) = proven.refutation(promise.name).expect(promise.name);
        let example = failure.example.as_ref().expect("there are such numbers");
        assert!(example.words.contains("before:"), "{failure}");
        let claim = proof.claim(case).expect("the case is one of the proof's");
        let played = replay(&example.instance, claim);
        let again = played.failures.iter().find(|it| it.name == promise.name);
        let again = again.expect(promise.name).example.as_ref().expect("it is the same");
        assert_eq!(again.words, example.words);
    }
}

#[test]
fn a_counterexample_is_a_case_that_a_person_can_follow() {
    let explorer = Explorer::new(Budget::default());
    let proven = proof().only("Started, RecordActivityTaskHeartbeat").run(&explorer);
    let (_, failure) = proven.refutation("a_heartbeat_moves_no_deadline").expect("it is wrong");
    let example = failure.example.as_ref().expect("there are such numbers");
    let words = "\
terms:
  dialect: Standalone
  start_to_close_timeout: 1
  heartbeat_timeout: 1
  start_delay: 0
  retries_start_to_close: false
  retries_heartbeat: false
before:
  now: 0
  phase: Started { request_id: RequestId(2), dispatch_time: -1 }
  attempt: 1
  start_to_close deadline: 0
  heartbeat deadline: 0
  schedule_time: -1
  last_started_time: -1
  heartbeat_details: details
  total_heartbeat_count: 0
  last_failure: last failure
  last_worker_identity: last worker
  start_request_id: RequestId(1)
action: Call(RecordActivityTaskHeartbeat { target: Token(TaskToken(1)), details: new details })
reply: Ok(Recorded { cancel_requested: false })
after:
  heartbeat deadline: 1
  last_heartbeat_time: 0
  heartbeat_details: new details
  total_heartbeat_count: 1
";
    assert_eq!(example.words, words);
}

/// A retry without a wait is in time exactly then, in a workflow.
#[test]
fn a_class_that_forgets_whether_schedule_to_close_is_due_just_now_is_not_exact() {
    let forgets: Class =
        |terms, execution| class(&Terms { dialect: Dialect::Standalone, ..*terms }, execution);
    let coarse = theorems::quotient_by(forgets, theorems::is_told_apart, &Assumptions::all());
    is_not_exact(coarse);
}

#[test]
fn a_negative_wait_after_schedule_to_close_tells_executions_of_one_class_apart() {
    is_not_exact(theorems::quotient_by(class, |_, _, _| true, &Assumptions::all()));
}

fn is_not_exact(quotient: Proof) {
    let explorer = Explorer::new(Budget::default());
    let case = "Started, RespondActivityTaskFailed";
    let proven = quotient.only(case).run(&explorer);
    let refutation = proven.refutation("successors_of_one_class_are_of_one_class");
    let example = refutation.and_then(|(_, failure)| failure.example.as_ref());
    let words = &example.expect("it is not exact, by an example").words;
    assert!(words.contains("dialect: Workflow"), "{words}");
}

#[test]
fn one_instant_beyond_the_limit_of_the_clock_overflows() {
    let explorer = Explorer::new(Budget::default());
    let beyond = theorems::overflow_within(&Assumptions::all(), theorems::CLOCK_LIMIT + 1);
    let proven = beyond.only("Started, RespondActivityTaskFailed").run(&explorer);
    let (_, failure) = proven.refutation("no_addition_overflows").expect("the limit is tight");
    assert!(failure.example.is_some(), "{failure}");
}
