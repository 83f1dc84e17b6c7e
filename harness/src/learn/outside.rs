//! A system behind the seam that answers questions: each on an activity of its own, many side by
//! side.

use crate::Asked;
use crate::alphabet::{
    Abstraction, Configuration, Input, Passing, Power, Setting, Shown, Tester, describe,
};
use crate::judge::{Names, Spelling, read};
use crate::punctual::Punctual;
use crate::seam::{ActivityId, ActivitySystem, Broken, Call, Command, Token, Told};
use activity_execution::vocabulary::{
    Action, Answer, Attempt, IdConflictPolicy, Observation, Opaque as _, Outcome, Reply, RequestId,
    TaskToken, Timestamp,
};
use activity_execution::{Content, Description, Failure, FailureInfo, Payload};
use activity_models::exploration::SpecificationMachine;

/// A system that is asked in a configuration, in milliseconds of its virtual clock.
#[derive(Debug)]
pub struct Outside<S> {
    system: S,
    terms: Terms,
    activities: u64,
}

/// What all sequences are played with.
#[derive(Debug)]
struct Terms {
    setting: Setting,
    power: Power,
    /// How an execution stands that has just been started.
    fresh: Observation,
}

impl Terms {
    fn of(configuration: &Configuration, power: Power) -> Self {
        let setting = configuration.setting(1);
        let punctual = Punctual { machine: &SpecificationMachine, setting: &setting };
        let fresh = punctual.observe(&punctual.begin());
        Terms { setting, power, fresh }
    }

    /// Whether executions are looked at.
    fn looks(&self) -> bool {
        self.power > Power::Answers
    }
}

const START: RequestId = RequestId(0);

/// How many sequences are on the way at once.
const WIDTH: usize = 128;

/// How many inputs before a step are told.
const FEW: usize = 12;

impl<S: ActivitySystem> Outside<S> {
    /// A system that is asked in this configuration, and seen with this power.
    #[must_use]
    pub fn new(system: S, configuration: &Configuration, power: Power) -> Self {
        Outside { system, terms: Terms::of(configuration, power), activities: 0 }
    }

    /// The same system in another configuration.
    pub fn turn_to(&mut self, configuration: &Configuration, power: Power) {
        self.terms = Terms::of(configuration, power);
    }

    /// The system.
    pub fn system(&self) -> &S {
        &self.system
    }

    async fn played(&mut self, sequences: &[Vec<Input>]) -> Result<Vec<Vec<Shown>>, Broken> {
        let mut lanes: Vec<Lane<'_>> = sequences.iter().map(|it| self.lane(it)).collect();
        let mut commands = Vec::new();
        for lane in &mut lanes {
            lane.begin(&self.terms, &mut commands);
        }
        loop {
            self.answer(&mut lanes, &commands).await?;
            commands.clear();
            for lane in &mut lanes {
                lane.ask(&self.terms, &mut commands)?;
            }
            if !commands.is_empty() {
                continue;
            }
            let Some(first) = lanes.iter().find(|lane| lane.waits()) else { break };
            let place = first.place();
            self.system.pass(self.terms.setting.step).await.map_err(|it| it.during(place))?;
            for lane in &mut lanes {
                lane.passed(&self.terms, &mut commands);
            }
        }
        let over: Vec<ActivityId> = lanes.iter().map(|lane| lane.activity).collect();
        self.system.forget(&over).await?;
        Ok(lanes.into_iter().map(|lane| lane.shown).collect())
    }

    fn lane<'a>(&mut self, sequence: &'a [Input]) -> Lane<'a> {
        let activity = ActivityId(self.activities);
        self.activities += 1;
        Lane {
            activity,
            sequence,
            at: 0,
            tester: Tester::new(START),
            names: Names::default(),
            tokens: Vec::new(),
            now: Timestamp(0),
            stands: describe(&self.terms.setting.terms, &self.terms.fresh),
            shown: Vec::with_capacity(sequence.len()),
            open: Open::Nothing,
            waits_for: 0,
        }
    }

    /// Lets the system answer what was asked.
    async fn answer(&mut self, lanes: &mut [Lane<'_>], commands: &[Command]) -> Result<(), Broken> {
        if commands.is_empty() {
            return Ok(());
        }
        let told = self.system.calls(commands).await.map_err(|broken| {
            let asked = lanes.iter().find(|lane| lane.waits_for > 0);
            broken.during(asked.map_or_else(String::new, Lane::place))
        })?;
        if told.len() != commands.len() {
            return Err(Broken::new("it did not answer as many calls as were made"));
        }
        let mut told = told.into_iter();
        for lane in lanes.iter_mut().filter(|lane| lane.waits_for > 0) {
            let own = told.by_ref().take(lane.waits_for).collect();
            lane.waits_for = 0;
            let place = lane.place();
            lane.told(own, &self.terms).map_err(|broken| broken.at(place))?;
        }
        Ok(())
    }
}

impl<S: ActivitySystem> Asked for Outside<S> {
    type Error = Broken;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Broken> {
        let mut shown = self.ask_all(&[sequence.to_vec()])?;
        Ok(shown.pop().expect("each sequence is answered"))
    }

    fn ask_all(&mut self, sequences: &[Vec<Input>]) -> Result<Vec<Vec<Shown>>, Broken> {
        crate::block_on(self.played(sequences))
    }

    fn width(&self) -> usize {
        WIDTH
    }
}

/// A sequence that is on the way.
struct Lane<'a> {
    activity: ActivityId,
    sequence: &'a [Input],
    at: usize,
    tester: Tester,
    names: Names,
    tokens: Vec<(TaskToken, Token)>,
    now: Timestamp,
    stands: Description,
    shown: Vec<Shown>,
    open: Open,
    /// How many commands it is waiting for the answers to.
    waits_for: usize,
}

/// What a lane waits for.
enum Open {
    Nothing,
    /// The start, and the first look.
    Start,
    /// What a call is answered, and a look after it.
    Call(Box<Action>),
    /// That time passes.
    Time,
    /// A look after time has passed.
    Passed,
}

impl Lane<'_> {
    fn begin(&mut self, terms: &Terms, commands: &mut Vec<Command>) {
        let setting = &terms.setting;
        let spelling = Spelling { setting, names: &self.names, tokens: &[] };
        let start = Call::Start {
            request_id: spelling.request_name(START),
            id_conflict_policy: IdConflictPolicy::Fail,
            options: *setting,
        };
        self.open = Open::Start;
        self.command(start, terms, commands);
    }

    /// Adds a call, and a look after it where that is seen.
    fn command(&mut self, call: Call, terms: &Terms, commands: &mut Vec<Command>) {
        commands.push(Command { activity: self.activity, call });
        self.waits_for = 1;
        self.look(terms, commands);
    }

    fn look(&mut self, terms: &Terms, commands: &mut Vec<Command>) {
        if terms.looks() {
            commands.push(Command { activity: self.activity, call: Call::Describe });
            self.waits_for += 1;
        }
    }

    fn waits(&self) -> bool {
        matches!(self.open, Open::Time)
    }

    /// The step at which it is, for whoever reports that a system broke down.
    fn place(&self) -> String {
        let words: Vec<&str> = self.sequence.iter().map(|input| input.name()).collect();
        let (played, left) = words.split_at(self.at.min(words.len()));
        let (step, input) = (self.at + 1, left.first().copied().unwrap_or("the end"));
        let shown = &played[played.len().saturating_sub(FEW)..];
        let before = if shown.len() < played.len() { "\u{2026}, " } else { "" };
        match (&self.open, shown) {
            (Open::Start, _) => format!("the start of {}", self.activity),
            (_, []) => format!("step {step} ({input}) of {}", self.activity),
            (_, shown) => {
                let shown = shown.join(", ");
                format!("step {step} ({input}) of {}, after {before}{shown}", self.activity)
            }
        }
    }

    /// Adds the commands of its next step; none if it waits for time to pass, or has ended.
    fn ask(&mut self, terms: &Terms, commands: &mut Vec<Command>) -> Result<(), Broken> {
        let Terms { setting, fresh, .. } = terms;
        while matches!(self.open, Open::Nothing) {
            let Some(input) = self.sequence.get(self.at).copied() else { return Ok(()) };
            if matches!(input, Input::Time(Passing::JustBefore | Passing::ToNext)) {
                let broken = Broken::new("a system is learned by steps of its clock");
                return Err(broken.at(self.place()));
            }
            match self.tester.action(input, setting, fresh, &mut self.names) {
                None => self.step(terms, &Tester::unasked(input), self.stands.clone()),
                Some(Action::Tick { .. }) => self.open = Open::Time,
                Some(Action::Call(request)) => {
                    let (names, tokens) = (&self.names, self.tokens.as_slice());
                    let call = Spelling { setting, names, tokens }.call(request.clone(), input);
                    self.open = Open::Call(Box::new(Action::Call(request)));
                    self.command(call, terms, commands);
                }
                Some(Action::Elapses { .. }) => unreachable!("no input is a timer"),
            }
        }
        Ok(())
    }

    /// A step of time has passed, for everybody.
    fn passed(&mut self, terms: &Terms, commands: &mut Vec<Command>) {
        if !self.waits() {
            return;
        }
        self.now = self.now + terms.setting.step;
        self.open = Open::Passed;
        if terms.looks() {
            self.look(terms, commands);
        } else {
            self.step(terms, &Ok(Answer::Done), self.stands.clone());
        }
    }

    /// Makes of what it was told what is shown.
    fn told(&mut self, mut told: Vec<Told>, terms: &Terms) -> Result<(), Broken> {
        let after = if terms.looks() {
            match told.pop() {
                Some(Told::Described(shown)) => plain(*shown),
                other => return Err(Broken::new(format!("Describe is told {other:?}"))),
            }
        } else {
            self.stands.clone()
        };
        let reply = match (std::mem::replace(&mut self.open, Open::Nothing), told.pop()) {
            (Open::Start, Some(Told::Done | Told::Started(true))) => {
                self.stands = after;
                return Ok(());
            }
            (Open::Start, told) => {
                self.open = Open::Start;
                let what = format!("the first start of an activity is told {told:?}");
                return Err(Broken::new(what));
            }
            (Open::Call(action), Some(told)) => {
                if let Told::Task(Some(task)) = &told {
                    let token = TaskToken(Attempt(task.attempt));
                    self.tokens.retain(|(known, _)| *known != token);
                    self.tokens.push((token, task.token.clone()));
                }
                let reply = read(&told, &terms.fresh).map_err(|unreadable| {
                    let broken = Broken::new(unreadable.to_string());
                    broken.help("to be learned, a system has to name the reason of each refusal")
                })?;
                self.step_of(terms, Some(&action), &reply, after);
                return Ok(());
            }
            (_, _) => Ok(Answer::Done),
        };
        self.step(terms, &reply, after);
        Ok(())
    }

    fn step(&mut self, terms: &Terms, reply: &Reply, after: Description) {
        self.step_of(terms, None, reply, after);
    }

    /// A step is over: what is seen of it.
    fn step_of(
        &mut self,
        terms: &Terms,
        action: Option<&Action>,
        reply: &Reply,
        after: Description,
    ) {
        let newest = self.tester.newest();
        if let Some(action) = action {
            self.tester.note(action, reply);
        }
        let abstraction = Abstraction { newest, before: &self.stands, supply: &self.names };
        self.shown.push(abstraction.shown(terms.power, reply, self.now, &after));
        self.stands = after;
        self.at += 1;
        self.open = Open::Nothing;
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
