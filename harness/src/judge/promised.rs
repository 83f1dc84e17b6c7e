//! Promises judged on what was observed: of what was not, everything that it may be is tried, and a
//! promise is broken only if it is in every case.

use super::candidates::{Candidate, Candidates, observed};
use super::follower::is_timeout;
use super::reading::{Unreadable, read};
use crate::alphabet::Power;
use crate::seam::Told;
use activity_execution::promises::{self, ServicePromise};
use activity_execution::vocabulary::{
    Action, CancelRequest, Deadlines, Observation, Phase, Request, RequestId, Span, Step, Target,
    TimeoutType,
};
use activity_execution::{Description, Payload, PendingActivityState};

/// A promise that is broken, whatever could not be seen is like.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BrokenPromise {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub statement: &'static str,
}

/// What has to be seen for a promise to be judged.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Needs {
    /// The answer to a call.
    Answers,
    /// How it ended.
    Outcome,
    /// What Describe shows.
    Describe,
    /// What nobody is shown: deadlines, and the instants that they are made of.
    Inside,
}

impl Needs {
    /// Whether this power is enough.
    #[must_use]
    pub fn are_met_by(self, power: Power) -> bool {
        match self {
            Needs::Answers => true,
            Needs::Outcome => power >= Power::Outcome,
            Needs::Describe => power >= Power::Describe,
            Needs::Inside => false,
        }
    }
}

/// What has to be seen for the promise of this name to be judged; none if there is no such promise.
#[must_use]
pub fn needs(promise: &str) -> Option<Needs> {
    let is_it = |(_, names): &&(Needs, &[&str])| names.contains(&promise);
    NEEDS.iter().find(is_it).map(|(needs, _)| *needs)
}

const NEEDS: [(Needs, &[&str]); 4] = [
    (
        Needs::Answers,
        &[
            "a_stale_token_changes_nothing",
            "the_current_attempt_is_heard",
            "nobody_speaks_for_an_attempt_that_is_not_held",
            "a_poll_from_the_dispatch_time_on_is_given_the_task",
            "a_repeated_poll_starts_nothing_new",
            "a_task_tells_what_a_worker_needs",
            "a_further_start_changes_nothing",
            "a_repeated_cancel_request_has_no_effect",
            "cancel_reaches_only_a_heartbeating_worker",
            "a_heartbeat_learns_of_cancellation",
            "a_canceled_attempt_answers_a_request",
            "termination_is_immediate_and_final",
        ],
    ),
    (
        Needs::Outcome,
        &[
            "a_refused_call_changes_nothing",
            "a_reported_result_is_the_outcome",
            "closed_is_final",
            "canceled_only_after_a_request",
            "terminated_means_closed_by_force",
            "a_close_after_a_cancel_request_says_so",
            "a_timed_out_execution_tells_which_timeout_and_why",
            "a_terminal_timeout_carries_details_and_cause",
            "maximum_attempts_reached_means_reached",
            "a_timeout_ends_what_it_bounds",
            "no_timeout_before_its_deadline",
            "a_non_retryable_failure_closes",
            "only_a_tick_makes_time_pass",
        ],
    ),
    (
        Needs::Describe,
        &[
            "attempts_stay_within_the_maximum",
            "the_first_attempt_has_no_predecessor",
            "attempts_follow_one_by_one",
            "at_most_one_attempt_is_current",
            "only_time_finds_a_lost_task",
            "the_retry_decision_is_made_in_order",
            "a_retry_waits_its_backoff",
            "the_reported_failure_is_kept",
            "the_last_failure_is_kept",
            "a_retried_timeout_keeps_a_short_failure",
            "the_worker_identity_follows_who_polls_and_who_closes",
            "only_a_dispatched_attempt_starts",
            "a_cancel_request_waits_only_for_a_worker",
            "a_cancel_request_stops_retries",
            "a_cancel_request_is_recorded_or_closes",
            "a_cancel_request_is_kept",
            "a_heartbeat_changes_only_heartbeat_data",
            "heartbeat_details_survive_attempts",
        ],
    ),
    (
        Needs::Inside,
        &[
            "a_started_attempt_has_a_start_time",
            "a_retry_follows_an_attempt_that_ended",
            "an_outcome_of_an_attempt_has_started_and_completed",
            "deadlines_are_armed_exactly_in_their_phase",
            "schedule_to_close_bounds_the_chain",
            "schedule_to_start_runs_from_the_dispatch",
            "start_to_close_runs_from_the_start",
            "the_heartbeat_timeout_runs_from_the_last_sign_of_life",
            "a_waiting_attempt_is_dispatched_in_time",
            "recorded_instants_are_in_order",
            "a_close_by_an_attempt_completes_it",
            "due_deadlines_are_settled_in_order",
            "schedule_to_close_is_never_moved",
            "a_call_finds_time_settled",
            "no_attempt_starts_after_schedule_to_close",
            "a_started_task_is_reported_or_times_out",
        ],
    ),
];

/// What was told or shown, in place of what the specification says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub(super) told: Option<&'a Told>,
    pub(super) shown: Option<&'a Description>,
}

/// The steps that an action comes to, one after the other: time is cut at each deadline.
pub(super) fn steps(
    candidates: &Candidates,
    before: &Candidate,
    action: &Action,
) -> Vec<(Candidate, Action)> {
    let Action::Tick { elapsed } = action else { return vec![(before.clone(), action.clone())] };
    let (setting, end) = (candidates.setting, before.now + *elapsed);
    let (mut state, mut steps) = (before.clone(), Vec::new());
    while let Some(due) = state.armed.armed().map(|(_, due)| due).min().filter(|due| *due <= end) {
        if due > state.now {
            let tick = Action::Tick { elapsed: due - state.now };
            let _ = state.step(&setting.terms, &tick);
        }
        let from = state.clone();
        let elapses = TimeoutType::ALL
            .map(|timeout_type| Action::Elapses { timeout_type, backoff: setting.backoff });
        let taken = elapses.into_iter().find(|it| state.step(&setting.terms, it).is_ok());
        let Some(taken) = taken else { break };
        steps.push((from, taken));
    }
    if steps.is_empty() {
        steps.push((before.clone(), action.clone()));
    }
    steps
}

/// The promises that are broken by what was told or shown, in every case.
pub(super) fn broken(
    candidates: &Candidates,
    steps: &[(Candidate, Action)],
    claim: Claim<'_>,
    power: Power,
) -> Vec<BrokenPromise> {
    let Some((before, action)) = steps.last() else { return Vec::new() };
    let (before, terms) = (observed(before), &candidates.setting.terms);
    let cases = cases(candidates, &before, action, claim, power);
    let mut promises: Vec<ServicePromise> = promises::all();
    promises.extend(promises::when_settled());
    let breaks = |promise: &ServicePromise| {
        cases.iter().all(|(step, after)| !(promise.holds)(terms, &before, step, after))
    };
    let seen =
        |promise: &ServicePromise| needs(promise.name).is_some_and(|needs| needs.are_met_by(power));
    promises
        .into_iter()
        .filter(|promise| seen(promise) && breaks(promise))
        .map(|promise| BrokenPromise { name: promise.name, statement: promise.statement })
        .collect()
}

/// What the step may have been and have led to, as far as it was seen.
fn cases(
    candidates: &Candidates,
    before: &Observation,
    action: &Action,
    claim: Claim<'_>,
    power: Power,
) -> Vec<(Step, Observation)> {
    let (setting, now) = (candidates.setting, before.now);
    let mut specified = Candidate::from_observation(before.clone());
    let said = specified.step(&setting.terms, action);
    let specified = specified.observe();
    let Some(shown) = claim.shown else {
        let Some(told) = claim.told else { return Vec::new() };
        let reply = read(told, before).unwrap_or_else(Unreadable::nearest);
        let step = Step { now, action: action.clone(), reply };
        let mut cases = vec![(step.clone(), before.clone())];
        match &step.reply {
            Ok(_) => cases.extend(heard(candidates, before, action).map(|after| (step, after))),
            Err(_) => cases.push((step, specified)),
        }
        return cases;
    };
    let reply = said;
    let mut bases = vec![&specified, before];
    if power < Power::Describe && shown.outcome.is_none() && bases.iter().any(|it| !it.is_closed())
    {
        // Of an open execution nothing is seen but that it is open.
        bases.retain(|base| !base.is_closed());
    }
    let mut actions = vec![action.clone()];
    if matches!(action, Action::Tick { .. }) {
        actions = timers(before, &completed(shown, before, power), setting.backoff);
    }
    let case = |action: &Action| {
        let step = Step { now, action: action.clone(), reply: reply.clone() };
        let after = |base: &&Observation| overlaid(base, before, &completed(shown, base, power));
        bases.iter().map(|base| (step.clone(), after(base))).collect::<Vec<_>>()
    };
    actions.iter().flat_map(case).collect()
}

/// What is shown, where all that this power does not see is as it is in an observation.
fn completed(shown: &Description, base: &Observation, power: Power) -> Description {
    if power >= Power::Describe {
        return shown.clone();
    }
    let cancel_requested = base.cancel_request.is_some();
    Description {
        run_state: match base.phase {
            _ if shown.outcome.is_some() => None,
            // One that was closed is open again: somehow.
            Phase::Scheduled { .. } | Phase::Closed { .. } => Some(PendingActivityState::Scheduled),
            Phase::Started { .. } if cancel_requested => {
                Some(PendingActivityState::CancelRequested)
            }
            Phase::Started { .. } => Some(PendingActivityState::Started),
        },
        attempt: base.attempt,
        next_attempt_schedule_time: None,
        heartbeat_details: base.heartbeat_details.clone(),
        total_heartbeat_count: base.total_heartbeat_count,
        last_failure: base.last_failure.clone(),
        last_worker_identity: base.last_worker_identity.clone(),
        canceled_reason: base.cancel_request.as_ref().map(|it| it.reason.clone()),
        ..shown.clone()
    }
}

/// The timers that time has to have set off, if it changed what is shown.
fn timers(before: &Observation, shown: &Description, backoff: Span) -> Vec<Action> {
    let elapses = |timeout_type| Action::Elapses { timeout_type, backoff };
    let failure = match &shown.outcome {
        Some(outcome) => match outcome {
            activity_execution::vocabulary::Outcome::TimedOut { failure, .. } => failure.clone(),
            _ => Payload::default(),
        },
        None => shown.last_failure.clone(),
    };
    let named = TimeoutType::ALL.into_iter().filter(|it| is_timeout(&failure, *it));
    let changed = shown.attempt != before.attempt || shown.outcome.is_some() != before.is_closed();
    let named: Vec<Action> = named.filter(|_| changed).map(elapses).collect();
    match (named.is_empty(), changed) {
        (false, _) => named,
        (true, true) => TimeoutType::ALL.map(elapses).into(),
        (true, false) => vec![Action::Tick { elapsed: Span(0) }],
    }
}

/// Where a call leads that is heard though it is about another attempt, or comes in vain.
fn heard(candidates: &Candidates, before: &Observation, action: &Action) -> Option<Observation> {
    let Action::Call(request) = action else { return None };
    let mut request = request.clone();
    if let Some(target) = request.target_mut() {
        *target = Target::ById;
    }
    let mut state = Candidate::from_observation(before.clone());
    let accepted = state.step(&candidates.setting.terms, &Action::Call(request.clone())).is_ok();
    match (accepted, request) {
        (true, _) => Some(state.observe()),
        // A task that is given to somebody, whoever else holds it.
        (false, Request::RecordActivityTaskStarted { request_id, identity, .. }) => {
            let mut after = before.clone();
            after.phase = Phase::Started { request_id, dispatch_time: before.now };
            after.last_started_time = Some(before.now);
            after.last_worker_identity = identity;
            Some(after)
        }
        (false, _) => None,
    }
}

/// An observation in which everything is as it was shown, and the rest as it is in another one.
fn overlaid(base: &Observation, before: &Observation, shown: &Description) -> Observation {
    let mut after = base.clone();
    after.attempt = shown.attempt;
    after.heartbeat_details = shown.heartbeat_details.clone();
    after.total_heartbeat_count = shown.total_heartbeat_count;
    after.last_failure = shown.last_failure.clone();
    after.last_worker_identity = shown.last_worker_identity.clone();
    let cancels = shown.canceled_reason.is_some()
        || shown.run_state == Some(PendingActivityState::CancelRequested);
    let known = base.cancel_request.clone().or_else(|| before.cancel_request.clone());
    after.cancel_request = match (cancels, known) {
        (false, _) => None,
        (true, Some(request)) => Some(request),
        (true, None) => Some(CancelRequest {
            request_id: RequestId(u32::MAX),
            identity: Payload::default(),
            reason: shown.canceled_reason.clone().unwrap_or_default(),
        }),
    };
    after.phase = phase(base, before, shown);
    let of_same_kind = |it: &Observation| {
        std::mem::discriminant(&it.phase) == std::mem::discriminant(&after.phase)
    };
    let alike = [base, before].into_iter().find(|it| of_same_kind(it));
    after.deadlines = alike.map_or_else(Deadlines::default, |it| it.deadlines);
    after
}

fn phase(base: &Observation, before: &Observation, shown: &Description) -> Phase {
    use PendingActivityState::{CancelRequested, Scheduled, Started};
    let now = base.now;
    match (&shown.outcome, shown.run_state) {
        (Some(outcome), _) => {
            let close_time = match base.phase {
                Phase::Closed { close_time, .. } => close_time,
                Phase::Scheduled { .. } | Phase::Started { .. } => now,
            };
            Phase::Closed { outcome: outcome.clone(), close_time }
        }
        (None, Some(Scheduled)) => {
            let (waits, interval) = match base.phase {
                Phase::Scheduled { dispatch_time, retry_interval } => {
                    (dispatch_time, retry_interval)
                }
                Phase::Started { .. } | Phase::Closed { .. } => (now, Some(Span(0))),
            };
            let dispatch_time = shown.next_attempt_schedule_time.unwrap_or(waits);
            Phase::Scheduled { dispatch_time, retry_interval: interval }
        }
        (None, Some(Started | CancelRequested)) => {
            let held = [base, before].into_iter().find_map(|it| match it.phase {
                Phase::Started { request_id, dispatch_time } => Some((request_id, dispatch_time)),
                Phase::Scheduled { .. } | Phase::Closed { .. } => None,
            });
            let (request_id, dispatch_time) = held.unwrap_or((RequestId(u32::MAX), now));
            Phase::Started { request_id, dispatch_time }
        }
        (None, None) => base.phase.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_promise_says_what_has_to_be_seen_for_it() {
        let mut all: Vec<ServicePromise> = promises::all();
        all.extend(promises::when_settled());
        for promise in &all {
            let rows = NEEDS.iter().filter(|(_, names)| names.contains(&promise.name)).count();
            assert_eq!(rows, 1, "{} has no row, or several", promise.name);
        }
        let rows: usize = NEEDS.iter().map(|(_, names)| names.len()).sum();
        assert_eq!(rows, all.len(), "a row is about a promise that there is not");
    }
}
