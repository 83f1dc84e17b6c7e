//! A system behind the seam that answers questions: each on an activity of its own.

use crate::Asked;
use crate::alphabet::{
    Abstraction, Configuration, Input, Passing, Power, Setting, Shown, Tester, describe,
};
use crate::judge::{Names, Spelling};
use crate::punctual::Punctual;
use crate::seam::{ActivityId, ActivitySystem, Broken, Call, Told};
use activity_execution::vocabulary::{
    Action, Answer, Attempt, IdConflictPolicy, Observation, Opaque as _, Outcome, Rejection, Reply,
    RequestId, TaskToken, Timestamp,
};
use activity_execution::{Content, Description, Failure, FailureInfo, Payload};
use activity_models::exploration::SpecificationMachine;

/// A system that is asked in a configuration, in milliseconds of its virtual clock.
#[derive(Debug)]
pub struct Outside<S> {
    system: S,
    setting: Setting,
    power: Power,
    activities: u64,
}

const START: RequestId = RequestId(0);

impl<S: ActivitySystem> Outside<S> {
    /// A system that is asked in this configuration, and seen with this power.
    #[must_use]
    pub fn new(system: S, configuration: &Configuration, power: Power) -> Self {
        Outside { system, setting: configuration.setting(1), power, activities: 0 }
    }

    async fn played(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Broken> {
        let setting = self.setting;
        let activity = ActivityId(self.activities);
        self.activities += 1;
        // What a tester sees of an execution that it has just started.
        let fresh = Punctual { machine: &SpecificationMachine, setting: &setting };
        let specified: Observation = fresh.observe(&fresh.begin());
        let (mut names, mut tokens) = (Names::default(), Vec::new());
        let (mut tester, mut now) = (Tester::new(START), Timestamp(0));
        let spelling = Spelling { setting: &setting, names: &names, tokens: &[] };
        let start = Call::Start {
            request_id: spelling.request_name(START),
            id_conflict_policy: IdConflictPolicy::Fail,
            options: setting,
        };
        let told = self.system.call(activity, &start).await?;
        if !matches!(told, Told::Done | Told::Started(true)) {
            return Err(Broken::new(format!("the first start of an activity is told {told:?}")));
        }
        let mut stands = self.look(activity, &describe(&setting.terms, &specified)).await?;
        let mut shown = Vec::with_capacity(sequence.len());
        for input in sequence {
            let at = |broken: Broken| broken.at(input.name());
            if matches!(input, Input::Time(Passing::JustBefore | Passing::ToNext)) {
                return Err(at(Broken::new("a system is learned by steps of its clock")));
            }
            let newest = tester.newest();
            let action = tester.action(*input, &setting, &specified, &mut names);
            let reply = match &action {
                None => Tester::unasked(*input),
                Some(Action::Tick { elapsed }) => {
                    self.system.pass(*elapsed).await.map_err(at)?;
                    now = now + *elapsed;
                    Ok(Answer::Done)
                }
                Some(Action::Call(request)) => {
                    let spelling = Spelling { setting: &setting, names: &names, tokens: &tokens };
                    let call = spelling.call(request.clone(), *input);
                    let told = self.system.call(activity, &call).await.map_err(at)?;
                    if let Told::Task(Some(task)) = &told {
                        let token = TaskToken(Attempt(task.attempt));
                        tokens.retain(|(known, _)| *known != token);
                        tokens.push((token, task.token.clone()));
                    }
                    understood(&told).map_err(at)?
                }
                Some(Action::Elapses { .. }) => unreachable!("no input is a timer"),
            };
            if let Some(action) = &action {
                tester.note(action, &reply);
            }
            let after = self.look(activity, &stands).await.map_err(at)?;
            let abstraction = Abstraction { newest, before: &stands, supply: &names };
            shown.push(abstraction.shown(self.power, &reply, now, &after));
            stands = after;
        }
        self.system.forget(&[activity]).await?;
        Ok(shown)
    }

    /// How an activity stands; as it is thought to, where only answers are seen.
    async fn look(
        &mut self,
        activity: ActivityId,
        thought: &Description,
    ) -> Result<Description, Broken> {
        if self.power == Power::Answers {
            return Ok(thought.clone());
        }
        match self.system.call(activity, &Call::Describe).await? {
            Told::Described(shown) => Ok(plain(*shown)),
            other => Err(Broken::new(format!("Describe is told {other:?}"))),
        }
    }
}

impl<S: ActivitySystem> Asked for Outside<S> {
    type Error = Broken;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Broken> {
        crate::block_on(self.played(sequence))
    }
}

/// An answer in the words of the specification.
fn understood(told: &Told) -> Result<Reply, Broken> {
    Ok(match told {
        Told::Done | Told::Started(true) => Ok(Answer::Done),
        Told::Started(false) => Ok(Answer::Existing),
        Told::Recorded { cancel_requested } => {
            Ok(Answer::Recorded { cancel_requested: *cancel_requested })
        }
        Told::Task(None) => Err(Rejection::ObsoleteTask),
        Told::Task(Some(task)) => Ok(Answer::Task {
            token: TaskToken(Attempt(task.attempt)),
            attempt: Attempt(task.attempt),
            started_time: Timestamp(0),
            current_attempt_scheduled_time: Timestamp(0),
            heartbeat_details: task.heartbeat_details.clone(),
        }),
        Told::Refused(name) => Err(reason(name)?),
        Told::Described(_) => {
            return Err(Broken::new("a call is answered with a description"));
        }
    })
}

/// The reason of a refusal, told by its name or by a code that only one has.
fn reason(name: &str) -> Result<Rejection, Broken> {
    let mut meant = Rejection::ALL.into_iter().filter(|it| it.name() == name || it.code() == name);
    match (meant.next(), meant.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Broken::new(format!("a call is refused as {name}, which is no reason"))),
        (Some(_), Some(_)) => {
            let broken = Broken::new(format!("a call is refused as {name}, which says too little"));
            Err(broken
                .help("to be learned, a system has to name the reason, AlreadyClosed for one"))
        }
    }
}

/// A description in which failures that were made up, for want of one, are all the same.
fn plain(mut shown: Description) -> Description {
    shown.last_failure = plain_failure(&shown.last_failure);
    if let Some(Outcome::Failed { failure, .. } | Outcome::TimedOut { failure, .. }) =
        &mut shown.outcome
    {
        *failure = plain_failure(failure);
    }
    shown
}

fn plain_failure(payload: &Payload) -> Payload {
    let Some(Content::Failure(failure)) = payload.content() else { return payload.clone() };
    let Failure { message, info, cause } = failure;
    if let FailureInfo::Timeout { .. } = info {
        let (message, info, cause) = (message.clone(), info.clone(), plain_failure(cause));
        return Payload::failure(Failure { message, info, cause });
    }
    let is_numbered = message.rsplit(' ').next().is_some_and(|word| word.parse::<u32>().is_ok());
    if is_numbered { payload.clone() } else { Payload::none().or_missing_failure() }
}
