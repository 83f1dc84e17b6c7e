//! Every wrong rule is caught, by exploration and by random walks, and by the right promise.

use activity_execution::promises::{self, ServicePromise};
use activity_execution::vocabulary::{
    Action, Attempt, Dialect, ExecutionOptions, IdConflictPolicy, Observation, Opaque, Phase,
    Request, RequestId, Retryability, Span, Step, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_execution::{Failure, FailureInfo, Payload};
use activity_models::exploration::{
    CoreMachine, Environment, ExplorerPayload, Grid, Machine, ServiceModel, SpecificationMachine,
    shortest_violation,
};
use activity_models::mutants::{Mutated, of_service};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

fn explored<M>(machine: M, environment: Environment, dialect: Dialect) -> Vec<&'static str>
where
    M: Machine<i16, ExplorerPayload> + Clone + Sync,
{
    let system = ServiceModel::new(machine, environment);
    let violation = shortest_violation(&system, &Grid::quick(dialect), 2, &());
    violation.map_or(Vec::new(), |found| found.broken.iter().map(|judge| judge.name).collect())
}

/// And nothing but those that it is said to see.
#[test]
fn exploration_catches_every_mutant_of_core_and_specification() {
    let mut complaints = Vec::new();
    for mutant in of_service() {
        let wrong: Vec<Dialect> = mutant.dialects().collect();
        for dialect in [Dialect::Standalone, Dialect::Workflow] {
            for broken in [
                explored(mutant.of(CoreMachine), Environment::TimeFirst, dialect),
                explored(mutant.of(SpecificationMachine), Environment::TimersMayBeLate, dialect),
            ] {
                let is_right = match wrong.contains(&dialect) && mutant.is_explorable() {
                    true => mutant.is_named_by(&broken),
                    false => broken.is_empty(),
                };
                if !is_right {
                    complaints.push(format!("{} {dialect:?}: {broken:?}", mutant.name));
                }
            }
        }
    }
    assert_eq!(complaints, [""; 0]);
}

/// Rows of dice; what they mean depends on how things stand.
type Dice = (u8, u8, u8);

proptest! {
    #![proptest_config(Config { cases: 400, ..Config::default() })]

    /// Without a wrong rule nothing is broken, so what is caught below is caught for a reason.
    #[test]
    fn a_random_walk_breaks_nothing(terms in terms(), walk in walk()) {
        prop_assert_eq!(walked(&CoreMachine, &terms, &walk), [""; 0]);
        prop_assert_eq!(walked(&SpecificationMachine, &terms, &walk), [""; 0]);
    }
}

#[test]
fn random_walks_catch_every_mutant() {
    let mut complaints = Vec::new();
    for mutant in of_service() {
        let broken = broken_by_random_walks(&mutant.of(CoreMachine));
        if !mutant.is_named_by(&broken) {
            complaints.push(format!("{}: {broken:?}", mutant.name));
        }
    }
    assert_eq!(complaints, [""; 0]);
}

/// What the shortest walk breaks that proptest comes to.
fn broken_by_random_walks(machine: &Mutated<CoreMachine>) -> Vec<&'static str> {
    let config = Config { cases: 40_000, failure_persistence: None, ..Config::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let caught = runner.run(&(terms(), walk()), |(terms, walk)| {
        let broken = walked(machine, &terms, &walk);
        if broken.is_empty() { Ok(()) } else { Err(TestCaseError::fail(broken.join(", "))) }
    });
    match caught {
        Err(TestError::Fail(_, (terms, walk))) => walked(machine, &terms, &walk),
        Err(TestError::Abort(reason)) => panic!("no walk was possible: {reason}"),
        Ok(()) => Vec::new(),
    }
}

prop_compose! {
    /// Options in milliseconds up to days, often equal, sometimes not set.
    fn terms()(
        maximum_attempts in prop_oneof![Just(None), (1_i64..5).prop_map(Some)],
        total in proptest::option::of(span()),
        wait in proptest::option::of(span()),
        start_to_close in span(),
        heartbeat in proptest::option::of(span()),
        start_delay in prop_oneof![Just(0), 0_i64..10_000],
        retries_start_to_close in proptest::bool::weighted(0.8),
        retries_heartbeat in proptest::bool::weighted(0.8),
        dialect in prop_oneof![Just(Dialect::Standalone), Just(Dialect::Workflow)],
    ) -> ExecutionOptions {
        let start_to_close = total.map_or(start_to_close, |total| start_to_close.min(total));
        let wait = match (wait, total) {
            (Some(wait), Some(total)) => Some(wait.min(total)),
            (wait, total) => wait.or(total),
        };
        ExecutionOptions {
            dialect,
            maximum_attempts: maximum_attempts.map(Attempt),
            schedule_to_close_timeout: total.map(Span),
            schedule_to_start_timeout: wait.map(Span),
            start_to_close_timeout: Span(start_to_close),
            heartbeat_timeout: heartbeat.map(|heartbeat| Span(heartbeat.min(start_to_close))),
            start_delay: Span(start_delay),
            retries_start_to_close,
            retries_heartbeat,
        }
    }
}

fn span() -> impl Strategy<Value = i64> {
    prop_oneof![Just(1_000_i64), Just(3_000), 1_i64..20_000, 1_i64..300_000_000]
}

fn walk() -> impl Strategy<Value = Vec<Dice>> {
    proptest::collection::vec(any::<Dice>(), 1..40)
}

/// Walks, and names what the first wrong step breaks.
fn walked<M: Machine<i64, Payload>>(
    machine: &M,
    terms: &ExecutionOptions,
    walk: &[Dice],
) -> Vec<&'static str> {
    let mut promises = promises::all();
    promises.extend(promises::when_settled());
    let state = machine.begin(terms, Timestamp(0), RequestId(0));
    let mut walker = Walker { machine, terms, state, promises, broken: Vec::new() };
    for dice in walk {
        walker.row(*dice);
        if !walker.broken.is_empty() {
            break;
        }
    }
    walker.broken
}

struct Walker<'a, M: Machine<i64, Payload>> {
    machine: &'a M,
    terms: &'a ExecutionOptions,
    state: M::State,
    promises: Vec<ServicePromise>,
    broken: Vec<&'static str>,
}

impl<M: Machine<i64, Payload>> Walker<'_, M> {
    fn stands(&self) -> Observation {
        self.machine.observe(self.terms, &self.state)
    }

    /// Time first: every timer is tried until none takes effect any more; then what the dice say.
    fn row(&mut self, (kind, one, other): Dice) {
        let backoff = Span([1_000, 1, 3_000, 86_400_000][usize::from(other % 4)]);
        while self.broken.is_empty() && self.timers(backoff) {}
        let stands = self.stands();
        let is_due = |instant: Timestamp| instant <= stands.now;
        if !self.broken.is_empty() || stands.deadlines.armed().any(|(_, it)| is_due(it)) {
            return;
        }
        match kind % 8 {
            0..3 => self.pass_time(&stands, one, other),
            3 => self.storm(one, backoff),
            _ => {
                let request = request(&stands, one, other, backoff);
                self.step(&Action::Call(request));
            }
        }
    }

    /// Tries every timer; whether one took effect.
    fn timers(&mut self, backoff: Span) -> bool {
        let before = self.state.clone();
        let timers = TimeoutType::ALL.map(|timeout_type| Action::Elapses { timeout_type, backoff });
        let mut effective = None;
        for timer in timers {
            if self.step(&timer) {
                effective = Some(timer.clone());
            }
            if !self.broken.is_empty() {
                return false;
            }
            self.state.clone_from(&before);
        }
        effective.is_some_and(|timer| self.step(&timer))
    }

    /// To what comes next, or a little before or after it.
    fn pass_time(&mut self, stands: &Observation, one: u8, other: u8) {
        let mut instants: Vec<Timestamp> = stands.deadlines.armed().map(|(_, it)| it).collect();
        if let Phase::Scheduled { dispatch_time, .. } = stands.phase {
            instants.push(dispatch_time);
        }
        instants.retain(|instant| *instant > stands.now);
        let near = [0, 0, 0, -1, 1, 2_000][usize::from(other % 6)];
        let elapsed = match instants.get(usize::from(one) % instants.len().max(1)) {
            Some(instant) => (*instant - stands.now).0 + near,
            None => 1 + i64::from(one) * 100,
        };
        self.step(&Action::Tick { elapsed: Span(elapsed.max(1)) });
    }

    /// Attempt after attempt is taken as soon as it can be and fails at once.
    fn storm(&mut self, attempts: u8, backoff: Span) {
        for _ in 0..attempts / 4 {
            let stands = self.stands();
            let Phase::Scheduled { dispatch_time, .. } = stands.phase else { return };
            if dispatch_time > stands.now {
                self.step(&Action::Tick { elapsed: dispatch_time - stands.now });
            }
            let stands = self.stands();
            let due = stands.deadlines.armed().any(|(_, deadline)| deadline <= stands.now);
            if due || !self.broken.is_empty() {
                return;
            }
            let token = TaskToken(stands.attempt);
            self.step(&Action::Call(poll(&stands, token, 0)));
            let target = Target::Token(token);
            self.step(&Action::Call(failed(target, 3, backoff)));
            if !self.broken.is_empty() {
                return;
            }
        }
    }

    /// Takes a step, judges it, and tells whether it was accepted.
    fn step(&mut self, action: &Action) -> bool {
        let before = self.stands();
        let reply = self.machine.step(self.terms, &mut self.state, action);
        let after = self.stands();
        let step = Step { now: before.now, action: action.clone(), reply };
        let broken = self
            .promises
            .iter()
            .filter(|promise| !(promise.holds)(self.terms, &before, &step, &after));
        self.broken.extend(broken.map(|promise| promise.name));
        step.reply.is_ok()
    }
}

/// The call that the dice stand for.
fn request(stands: &Observation, one: u8, other: u8, backoff: Span) -> Request {
    let Attempt(current) = stands.attempt;
    let token = |attempt| TaskToken(Attempt(attempt));
    let target = match one / 16 % 8 {
        0..4 => Target::Token(token(current)),
        4..6 => Target::ById,
        6 => Target::Token(token(current - 1)),
        _ => Target::Token(token(current + 1)),
    };
    let (identity, reason) = (Payload::data("client"), Payload::data("because"));
    match one % 16 {
        0..5 => poll(stands, token(current), other),
        5..8 => failed(target, other, backoff),
        8 | 9 => {
            let details =
                if other.is_multiple_of(4) { Payload::none() } else { Payload::data([other]) };
            Request::RecordActivityTaskHeartbeat { target, details }
        }
        10 => {
            let result = Payload::data("result");
            Request::RespondActivityTaskCompleted { target, result, identity }
        }
        11 => Request::RespondActivityTaskCanceled { target, details: Payload::data("gone") },
        12..14 => {
            let accepted = stands.cancel_request.as_ref().map(|request| request.request_id);
            let request_id = request_id(accepted, other);
            Request::RequestCancelActivityExecution { request_id, identity, reason }
        }
        14 => {
            let request_id = request_id(stands.terminate_request_id, other);
            Request::TerminateActivityExecution { request_id, identity, reason }
        }
        _ => {
            let policies = [IdConflictPolicy::Fail, IdConflictPolicy::UseExisting];
            Request::StartActivityExecution {
                request_id: request_id(Some(stands.start_request_id), other),
                id_conflict_policy: policies[usize::from(other / 2 % 2)],
            }
        }
    }
}

fn poll(stands: &Observation, token: TaskToken, die: u8) -> Request {
    let holder = match stands.phase {
        Phase::Started { request_id, .. } => Some(request_id),
        Phase::Scheduled { .. } | Phase::Closed { .. } => None,
    };
    let request_id = request_id(holder, die);
    let identity = Payload::data(format!("worker {die}"));
    Request::RecordActivityTaskStarted { request_id, dispatched: token, identity }
}

fn failed(target: Target, die: u8, backoff: Span) -> Request {
    let retryable = !die.is_multiple_of(8);
    let failure = Failure {
        message: String::new(),
        info: FailureInfo::Application { type_name: "Any".into(), non_retryable: !retryable },
        cause: Payload::none(),
    };
    Request::RespondActivityTaskFailed {
        target,
        failure: if die.is_multiple_of(3) { Payload::none() } else { Payload::failure(failure) },
        retry: if retryable { Retryability::After(backoff) } else { Retryability::NonRetryable },
        last_heartbeat_details: (die % 5 == 1).then(|| Payload::data([die])),
        identity: Payload::data("reporter"),
    }
}

/// The id that was used, or another.
fn request_id(used: Option<RequestId>, die: u8) -> RequestId {
    used.filter(|_| die.is_multiple_of(2)).unwrap_or(RequestId(1_000 + u32::from(die)))
}
