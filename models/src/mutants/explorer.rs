//! Machines that are wrong where a judgement of the explorer has to see it, and not only a promise:
//! each part of an execution, each answer, what is kept and not shown, and how it begins.

use super::Mutant;
use crate::exploration::Machine;
use activity_execution::vocabulary::{
    Action, Answer, CancelRequest, ExecutionOptions, Number, Observation, Opaque, Phase, Rejection,
    Reply, Request, RequestId, Timestamp,
};

/// What is wrong with a machine that the explorer judges.
#[derive(Debug)]
pub enum ExplorerRule<N, P> {
    /// It begins otherwise.
    Begins(Alteration<N, P>),
    /// It begins with something that it does not show.
    BeginsWithASecret,
    /// A poll leads elsewhere.
    ComesTo(Alteration<N, P>),
    /// A poll is answered otherwise.
    Answers(fn(Reply<N, P>) -> Reply<N, P>),
    /// From the first poll on it keeps something that it does not show.
    KeepsASecret,
}

// Whatever numbers and payloads are like, functions of them can be copied.
impl<N, P> Clone for ExplorerRule<N, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N, P> Copy for ExplorerRule<N, P> {}

/// What becomes of an execution.
pub type Alteration<N, P> = fn(&mut Observation<N, P>);

/// A machine that is what it shows, but for a secret.
#[derive(Clone, Copy, Debug)]
pub struct Misled<M, N, P> {
    machine: M,
    rule: ExplorerRule<N, P>,
}

/// What such a machine keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept<N, P> {
    shown: Observation<N, P>,
    secret: bool,
}

impl<N, P> Mutant<ExplorerRule<N, P>> {
    /// A machine that follows the wrong rule.
    #[must_use]
    pub fn misleads<M>(&self, machine: M) -> Misled<M, N, P> {
        Misled { machine, rule: self.rule }
    }
}

impl<N: Number, P: Opaque, M: Machine<N, P>> Machine<N, P> for Misled<M, N, P> {
    type State = Kept<N, P>;

    fn begin(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self::State {
        let mut shown = self.machine.observe(terms, &self.machine.begin(terms, now, request_id));
        if let ExplorerRule::Begins(alter) = self.rule {
            alter(&mut shown);
        }
        Kept { shown, secret: matches!(self.rule, ExplorerRule::BeginsWithASecret) }
    }

    fn step(
        &self,
        terms: &ExecutionOptions<N>,
        state: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P> {
        let mut inner = self.machine.restore(&state.shown);
        let reply = self.machine.step(terms, &mut inner, action);
        state.shown = self.machine.observe(terms, &inner);
        let is_poll = matches!(action, Action::Call(Request::RecordActivityTaskStarted { .. }));
        match self.rule {
            ExplorerRule::ComesTo(alter) if is_poll && reply.is_ok() => alter(&mut state.shown),
            ExplorerRule::Answers(other) if is_poll => return other(reply),
            ExplorerRule::KeepsASecret if is_poll => state.secret = reply.is_ok(),
            ExplorerRule::ComesTo(_)
            | ExplorerRule::Answers(_)
            | ExplorerRule::KeepsASecret
            | ExplorerRule::Begins(_)
            | ExplorerRule::BeginsWithASecret => {}
        }
        reply
    }

    fn observe(&self, _terms: &ExecutionOptions<N>, state: &Self::State) -> Observation<N, P> {
        state.shown.clone()
    }

    fn restore(&self, observation: &Observation<N, P>) -> Self::State {
        Kept { shown: observation.clone(), secret: false }
    }
}

/// A machine that follows one of these wrong rules, in whatever numbers and payloads it is asked.
#[derive(Clone, Copy, Debug)]
pub struct MisledAnywhere<M> {
    machine: M,
    place: usize,
}

impl<M: Copy> MisledAnywhere<M> {
    /// The machine with the rule of this name; none if there is no such rule.
    #[must_use]
    pub fn of(name: &str, machine: M) -> Option<Self> {
        let rows = of_explorer::<i64, ()>();
        let place = rows.iter().position(|row| row.name == name)?;
        Some(MisledAnywhere { machine, place })
    }

    fn misled<N: Number, P: Opaque>(&self) -> Misled<M, N, P> {
        of_explorer().swap_remove(self.place).misleads(self.machine)
    }
}

impl<N: Number, P: Opaque, M: Machine<N, P> + Copy> Machine<N, P> for MisledAnywhere<M> {
    type State = Kept<N, P>;

    fn begin(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self::State {
        self.misled().begin(terms, now, request_id)
    }

    fn step(
        &self,
        terms: &ExecutionOptions<N>,
        state: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P> {
        self.misled().step(terms, state, action)
    }

    fn observe(&self, terms: &ExecutionOptions<N>, state: &Self::State) -> Observation<N, P> {
        self.misled().observe(terms, state)
    }

    fn restore(&self, observation: &Observation<N, P>) -> Self::State {
        self.misled().restore(observation)
    }
}

impl<N, P> ExplorerRule<N, P> {
    /// Whether what is wrong is never shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self, ExplorerRule::BeginsWithASecret | ExplorerRule::KeepsASecret)
    }
}

const ANSWERS: &[&str] = &["each_step_of_the_core_is_a_step_of_the_specification"];
const LOOKS: &[&str] = &["specification_and_core_look_alike"];
const HIDES: &[&str] = &["the_core_hides_nothing"];
const BEGINS: &str = "new";
const POLLS: &str = "Scheduled, RecordActivityTaskStarted";

/// The mutants that show what the explorer judges by itself; a row breaks what it has to be refused
/// by, whatever promise refuses it too.
#[must_use]
pub fn of_explorer<N: Number, P: Opaque>() -> Vec<Mutant<ExplorerRule<N, P>>> {
    let mut rows = of_answers_and_secrets();
    rows.extend(of_looks());
    rows
}

fn of_answers_and_secrets<N: Number, P: Opaque>() -> Vec<Mutant<ExplorerRule<N, P>>> {
    vec![
        row(
            "begins_for_another_request",
            "The execution says that another request has started it.",
            (LOOKS, BEGINS),
            ExplorerRule::Begins(|it| it.start_request_id = OTHER),
        ),
        row(
            "begins_without_a_deadline",
            "The execution begins, and schedule-to-start is not armed.",
            (&["deadlines_are_armed_exactly_in_their_phase"], BEGINS),
            ExplorerRule::Begins(|it| it.deadlines.schedule_to_start = None),
        ),
        row(
            "begins_with_a_secret",
            "The execution begins with something that nobody is shown.",
            (HIDES, BEGINS),
            ExplorerRule::BeginsWithASecret,
        ),
        row(
            "keeps_a_secret",
            "A poll leaves something behind that nobody is shown.",
            (HIDES, POLLS),
            ExplorerRule::KeepsASecret,
        ),
        row(
            "answers_a_poll_without_the_task",
            "A poll is told that it is done, without the task.",
            (ANSWERS, POLLS),
            ExplorerRule::Answers(|reply| reply.map(|_| Answer::Done)),
        ),
        row(
            "refuses_a_poll_for_another_reason",
            "A poll that is refused is told that the execution is closed.",
            (ANSWERS, POLLS),
            ExplorerRule::Answers(|reply| reply.map_err(|_| Rejection::AlreadyClosed)),
        ),
    ]
}

/// A row for each part of an execution that a poll may spoil.
fn of_looks<N: Number, P: Opaque>() -> Vec<Mutant<ExplorerRule<N, P>>> {
    let spoils: [(&str, &str, Alteration<N, P>); 15] = [
        ("spoils_the_present", "A poll spoils the present.", |it| {
            it.now = next(it.now);
        }),
        ("spoils_the_schedule_time", "A poll spoils the schedule time.", |it| {
            it.schedule_time = next(it.schedule_time);
        }),
        ("spoils_the_start_request_id", "A poll spoils the start request id.", |it| {
            it.start_request_id = OTHER;
        }),
        ("spoils_the_attempt", "A poll spoils the attempt.", |it| {
            it.attempt = it.attempt.next();
        }),
        ("spoils_the_deadlines", "A poll spoils the deadlines.", |it| {
            it.deadlines.start_to_close = it.deadlines.start_to_close.map(next);
        }),
        ("spoils_the_last_started_time", "A poll spoils the last started time.", |it| {
            it.last_started_time = it.last_started_time.map(next);
        }),
        (
            "spoils_the_last_attempt_complete_time",
            "A poll spoils the last attempt complete time.",
            |it| {
                it.last_attempt_complete_time = Some(it.now);
            },
        ),
        ("spoils_the_last_heartbeat_time", "A poll spoils the last heartbeat time.", |it| {
            it.last_heartbeat_time = Some(it.now);
        }),
        ("spoils_the_heartbeat_details", "A poll spoils the heartbeat details.", |it| {
            it.heartbeat_details = P::activity_id_not_started();
        }),
        ("spoils_the_total_heartbeat_count", "A poll spoils the total heartbeat count.", |it| {
            it.total_heartbeat_count = it.total_heartbeat_count + N::literal(1);
        }),
        ("spoils_the_last_failure", "A poll spoils the last failure.", |it| {
            it.last_failure = P::activity_id_not_started();
        }),
        ("spoils_the_last_worker_identity", "A poll spoils the last worker identity.", |it| {
            it.last_worker_identity = P::activity_id_not_started();
        }),
        ("spoils_the_terminate_request_id", "A poll spoils the terminate request id.", |it| {
            it.terminate_request_id = Some(OTHER);
        }),
        ("spoils_the_phase", "A poll is taken for another one.", |it| {
            if let Phase::Started { request_id, .. } = &mut it.phase {
                *request_id = OTHER;
            }
        }),
        ("spoils_the_cancel_request", "A poll requests cancellation.", |it| {
            let (identity, reason) = (P::none(), P::none());
            it.cancel_request = Some(CancelRequest { request_id: OTHER, identity, reason });
        }),
    ];
    let of_part =
        |(name, sentence, alter)| row(name, sentence, (LOOKS, POLLS), ExplorerRule::ComesTo(alter));
    spoils.into_iter().map(of_part).collect()
}

fn next<N: Number>(Timestamp(instant): Timestamp<N>) -> Timestamp<N> {
    Timestamp(instant + N::literal(1))
}

const fn row<N, P>(
    name: &'static str,
    sentence: &'static str,
    (breaks, shows_in): (&'static [&'static str], &'static str),
    rule: ExplorerRule<N, P>,
) -> Mutant<ExplorerRule<N, P>> {
    Mutant {
        name,
        sentence,
        reenacts: None,
        breaks,
        only_in: None,
        shows_in,
        beyond_exploration: None,
        rule,
    }
}

/// A request that nobody made.
const OTHER: RequestId = RequestId(77);
