//! Executions, steps and ties, told coarsely: what a reader names, without numbers.
//! Everything here has a small index, so that reaching it can be noted at every step.

use super::alphabet::Tried;
use super::system::Observed;
use activity_execution::vocabulary::Request;
use activity_execution::vocabulary::{
    Action, Answer, Outcome, Phase, Rejection, Reply, RetryState, Target, TimeoutType,
};
use std::fmt;

/// How an execution stands.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Situation {
    /// Its first attempt waits.
    Scheduled,
    /// A later attempt waits.
    ScheduledAgain,
    /// A worker holds the task.
    Started,
    /// A worker holds the task, and cancellation was requested.
    CancelRequested,
    /// Closed with a result.
    Completed,
    /// Closed by a failure.
    Failed(RetryState),
    /// Closed by cancellation.
    Canceled,
    /// Closed by force.
    Terminated,
    /// Closed by a timeout.
    TimedOut(TimeoutType, RetryState),
}

/// What happens, without its arguments.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Word(u8);

/// How it is answered, without what is in the answer.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Told {
    /// [`Answer::Done`].
    Done,
    /// [`Answer::Existing`].
    Existing,
    /// [`Answer::Task`].
    Task,
    /// [`Answer::Recorded`]; whether cancellation was requested.
    Recorded(bool),
    /// A refusal.
    Refused(Rejection),
}

/// A step, told coarsely.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Edge {
    /// How the execution stood.
    pub before: Situation,
    /// What happened.
    pub word: Word,
    /// How it was answered.
    pub told: Told,
    /// How the execution stood then.
    pub after: Situation,
}

/// Two deadlines at one instant, of which the first was settled and the second was not.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tie {
    /// How the execution stood.
    pub before: Situation,
    /// Which took effect.
    pub first: TimeoutType,
    /// Which did not.
    pub second: TimeoutType,
}

const WORDS: [&str; 17] = [
    "Tick",
    "StartActivityExecution",
    "Poll",
    "Heartbeat",
    "HeartbeatById",
    "RespondCompleted",
    "RespondCompletedById",
    "RespondFailed",
    "RespondFailedById",
    "RespondCanceled",
    "RespondCanceledById",
    "RequestCancel",
    "Terminate",
    "ScheduleToStartElapses",
    "ScheduleToCloseElapses",
    "StartToCloseElapses",
    "HeartbeatElapses",
];

impl Situation {
    const COUNT: usize = 7 + 4 + 16;

    /// How an execution stands.
    #[must_use]
    pub fn of(observed: &Observed) -> Self {
        match &observed.phase {
            Phase::Scheduled { retry_interval: None, .. } => Situation::Scheduled,
            Phase::Scheduled { .. } => Situation::ScheduledAgain,
            Phase::Started { .. } if observed.cancel_request.is_some() => {
                Situation::CancelRequested
            }
            Phase::Started { .. } => Situation::Started,
            Phase::Closed { outcome, .. } => match outcome {
                Outcome::Completed { .. } => Situation::Completed,
                Outcome::Failed { retry_state, .. } => Situation::Failed(*retry_state),
                Outcome::Canceled { .. } => Situation::Canceled,
                Outcome::Terminated { .. } => Situation::Terminated,
                Outcome::TimedOut { timeout_type, retry_state, .. } => {
                    Situation::TimedOut(*timeout_type, *retry_state)
                }
            },
        }
    }

    /// All of them, those included that no execution can be in.
    #[must_use]
    pub fn all() -> Vec<Situation> {
        let mut all = vec![
            Situation::Scheduled,
            Situation::ScheduledAgain,
            Situation::Started,
            Situation::CancelRequested,
            Situation::Completed,
            Situation::Canceled,
            Situation::Terminated,
        ];
        all.extend(RetryState::ALL.map(Situation::Failed));
        for timeout_type in TimeoutType::ALL {
            all.extend(RetryState::ALL.map(|state| Situation::TimedOut(timeout_type, state)));
        }
        all
    }

    /// Why no attempt followed, where that is part of the outcome.
    #[must_use]
    pub fn retry_state(self) -> Option<RetryState> {
        match self {
            Situation::Failed(state) | Situation::TimedOut(_, state) => Some(state),
            Situation::Scheduled
            | Situation::ScheduledAgain
            | Situation::Started
            | Situation::CancelRequested
            | Situation::Completed
            | Situation::Canceled
            | Situation::Terminated => None,
        }
    }

    /// Whether it is an end.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self.index() > Situation::CancelRequested.index()
    }

    fn index(self) -> usize {
        match self {
            Situation::Scheduled => 0,
            Situation::ScheduledAgain => 1,
            Situation::Started => 2,
            Situation::CancelRequested => 3,
            Situation::Completed => 4,
            Situation::Canceled => 5,
            Situation::Terminated => 6,
            Situation::Failed(state) => 7 + state as usize,
            Situation::TimedOut(timeout_type, state) => {
                11 + 4 * timeout_type as usize + state as usize
            }
        }
    }
}

impl Word {
    const COUNT: usize = WORDS.len();

    /// What happens.
    #[must_use]
    pub fn of(action: &Tried) -> Self {
        let by_id =
            |request: &Request<i16, _>| u8::from(matches!(request.target(), Some(Target::ById)));
        Word(match action {
            Action::Tick { .. } => 0,
            Action::Call(request) => match request {
                Request::StartActivityExecution { .. } => 1,
                Request::RecordActivityTaskStarted { .. } => 2,
                Request::RecordActivityTaskHeartbeat { .. } => 3 + by_id(request),
                Request::RespondActivityTaskCompleted { .. } => 5 + by_id(request),
                Request::RespondActivityTaskFailed { .. } => 7 + by_id(request),
                Request::RespondActivityTaskCanceled { .. } => 9 + by_id(request),
                Request::RequestCancelActivityExecution { .. } => 11,
                Request::TerminateActivityExecution { .. } => 12,
            },
            Action::Elapses { timeout_type, .. } => 13 + *timeout_type as u8,
        })
    }

    /// The word in Temporal's own traces.
    #[must_use]
    pub fn name(self) -> &'static str {
        WORDS[usize::from(self.0)]
    }

    /// The timeout that elapses, if one does.
    #[must_use]
    pub fn timeout_type(self) -> Option<TimeoutType> {
        TimeoutType::ALL.get(usize::from(self.0.checked_sub(13)?)).copied()
    }
}

impl Told {
    const COUNT: usize = 5 + Rejection::ALL.len();

    /// How it is answered.
    #[must_use]
    pub fn of<N, P>(reply: &Reply<N, P>) -> Self {
        match reply {
            Ok(Answer::Done) => Told::Done,
            Ok(Answer::Existing) => Told::Existing,
            Ok(Answer::Task { .. }) => Told::Task,
            Ok(Answer::Recorded { cancel_requested }) => Told::Recorded(*cancel_requested),
            Err(rejection) => Told::Refused(*rejection),
        }
    }

    fn all() -> impl Iterator<Item = Told> {
        [Told::Done, Told::Existing, Told::Task, Told::Recorded(false), Told::Recorded(true)]
            .into_iter()
            .chain(Rejection::ALL.map(Told::Refused))
    }

    fn index(self) -> usize {
        match self {
            Told::Done => 0,
            Told::Existing => 1,
            Told::Task => 2,
            Told::Recorded(requested) => 3 + usize::from(requested),
            Told::Refused(rejection) => 5 + rejection as usize,
        }
    }
}

impl Edge {
    /// How many there are, impossible ones included.
    pub const COUNT: usize = Situation::COUNT * Word::COUNT * Told::COUNT * Situation::COUNT;

    /// Its place among all.
    #[must_use]
    pub fn index(&self) -> usize {
        let step = self.before.index() * Word::COUNT + usize::from(self.word.0);
        (step * Told::COUNT + self.told.index()) * Situation::COUNT + self.after.index()
    }

    /// The one at this place.
    #[must_use]
    pub fn at(index: usize) -> Self {
        let situation = |index: usize| {
            let found = Situation::all().into_iter().find(|it| it.index() == index);
            found.expect("every index below the count is that of a situation")
        };
        let (rest, after) = (index / Situation::COUNT, index % Situation::COUNT);
        let (rest, told) = (rest / Told::COUNT, rest % Told::COUNT);
        let (before, word) = (rest / Word::COUNT, rest % Word::COUNT);
        let told = Told::all().nth(told).expect("every index below the count is that of an answer");
        let word = Word(u8::try_from(word).expect("there are few words"));
        Edge { before: situation(before), word, told, after: situation(after) }
    }
}

impl Tie {
    /// How many there are, impossible ones included.
    pub const COUNT: usize = 4 * 4 * 4;

    /// Its place among all, if its execution is open.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        let before = self.before.index();
        (before < 4).then_some(before * 16 + self.first as usize * 4 + self.second as usize)
    }

    /// The one at this place.
    #[must_use]
    pub fn at(index: usize) -> Self {
        Tie {
            before: Situation::all()[index / 16],
            first: TimeoutType::ALL[index / 4 % 4],
            second: TimeoutType::ALL[index % 4],
        }
    }

    /// The ties that this step decided.
    pub fn decided(
        before: &Observed,
        action: &Tried,
        reply_is_ok: bool,
    ) -> impl Iterator<Item = Tie> {
        let decided = match action {
            Action::Elapses { timeout_type, .. } if reply_is_ok => Some(*timeout_type),
            Action::Elapses { .. } | Action::Tick { .. } | Action::Call(_) => None,
        };
        let deadlines = before.deadlines;
        let situation = Situation::of(before);
        decided.into_iter().flat_map(move |first| {
            let others = TimeoutType::ALL.into_iter().filter(move |second| {
                *second != first && deadlines.of(*second) == deadlines.of(first)
            });
            others.map(move |second| Tie { before: situation, first, second })
        })
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Situation::Scheduled => f.write_str("Scheduled"),
            Situation::ScheduledAgain => f.write_str("Scheduled for a retry"),
            Situation::Started => f.write_str("Started"),
            Situation::CancelRequested => f.write_str("Started, cancel requested"),
            Situation::Completed => f.write_str("Completed"),
            Situation::Failed(state) => write!(f, "Failed ({state:?})"),
            Situation::Canceled => f.write_str("Canceled"),
            Situation::Terminated => f.write_str("Terminated"),
            Situation::TimedOut(timeout_type, state) => {
                write!(f, "TimedOut {} ({state:?})", timeout_type.name())
            }
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Recorded(false) => f.write_str("Recorded"),
            Told::Recorded(true) => f.write_str("Recorded, cancel requested"),
            Told::Refused(rejection) => write!(f, "{rejection:?}"),
            told @ (Told::Done | Told::Existing | Told::Task) => write!(f, "{told:?}"),
        }
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Edge { before, word, told, after } = self;
        write!(f, "{before} --{} : {told}--> {after}", word.name())
    }
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = (self.first.name(), self.second.name());
        write!(f, "{}: {first} before {second} at one instant", self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_ties_are_what_is_at_their_place() {
        for index in 0..Edge::COUNT {
            assert_eq!(Edge::at(index).index(), index);
        }
        for index in 0..Tie::COUNT {
            assert_eq!(Tie::at(index).index(), Some(index));
        }
    }
}
