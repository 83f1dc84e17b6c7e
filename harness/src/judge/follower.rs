//! Follows one execution: makes calls of inputs, and judges what is told by what it may be.

use super::agree;
use super::candidates::{Candidate, Candidates, observed};
use super::difference::{Difference, Where};
use super::names::Names;
use super::promised::{self, Claim};
use super::reading::{Unreadable, read};
use super::rules::rule;
use super::spelling::Spelling;
use crate::alphabet::{Input, Power, Setting, Tester, describe};
use crate::seam::{Call, Token, Told};
use activity_execution::vocabulary::{
    Action, Answer, ExecutionOptions, IdConflictPolicy, Observation, Rejection, Reply, Request,
    RequestId, Span, TaskToken, TimeoutType,
};
use activity_execution::{Content, Description, FailureInfo, Payload};

/// What follows an input.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// A call; what it is told is to be judged.
    Call(Call),
    /// So much time passes.
    Wait(Span),
    /// Nothing: a tester has nothing to say it with.
    Nothing,
}

/// Who follows an execution.
#[derive(Clone, Debug)]
pub struct Follower {
    candidates: Candidates,
    power: Power,
    tolerance: Span,
    tester: Tester,
    names: Names,
    tokens: Vec<(TaskToken, Token)>,
    /// Calls that are not yet answered, the oldest first.
    open: Vec<Request>,
    last: Option<Last>,
    /// Whether there was one candidate all the time.
    single: bool,
    /// Whether a refusal was told so roughly that it may have had another reason.
    rough: bool,
}

/// The step that Describe shows the end of.
#[derive(Clone, Debug)]
struct Last {
    before: Candidate,
    action: Action,
}

/// How an execution is followed.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Options and backoffs, in milliseconds.
    pub setting: Setting,
    /// What is seen.
    pub power: Power,
    /// How late a timer may be.
    pub lateness: Span,
    /// How far an instant that is shown may be from the one that is expected.
    pub tolerance: Span,
    /// What payloads and ids are called.
    pub names: Names,
}

impl Follower {
    /// Follows an execution from its start.
    #[must_use]
    pub fn new(terms: &Terms) -> Self {
        let Terms { setting, power, lateness, tolerance, names } = *terms;
        Follower {
            candidates: Candidates::new(setting, lateness, START),
            power,
            tolerance,
            tester: Tester::new(START),
            names,
            tokens: Vec::new(),
            open: Vec::new(),
            last: None,
            single: true,
            rough: false,
        }
    }

    /// The call that starts it.
    #[must_use]
    pub fn start(&self) -> Call {
        Call::Start {
            request_id: self.spelling().request_name(START),
            id_conflict_policy: IdConflictPolicy::Fail,
            options: self.candidates.setting,
        }
    }

    /// Judges what the start was told.
    ///
    /// # Errors
    /// If it was not accepted.
    pub fn started(&mut self, told: &Told) -> Result<(), Box<Difference>> {
        if matches!(told, Told::Done | Told::Started(true)) {
            return Ok(());
        }
        Err(Box::new(Difference {
            place: Where::Answer,
            allowed: vec!["started".to_owned()],
            observed: agree::told(told),
            parts: Vec::new(),
            rule: rule(&self.observation(), &Action::Call(further_start()), &Ok(Answer::Existing)),
            broken: Vec::new(),
        }))
    }

    /// What an input comes to, as things stand. A call that it makes waits for what is told.
    pub fn next(&mut self, input: Input) -> Next {
        let specified = observed(self.candidates.first());
        let setting = self.candidates.setting;
        match self.tester.action(input, &setting, &specified, &mut self.names) {
            None => Next::Nothing,
            Some(Action::Tick { elapsed }) => Next::Wait(elapsed),
            Some(Action::Call(request)) => {
                let call = self.spelling().call(request.clone(), input);
                self.open.push(request);
                Next::Call(call)
            }
            Some(Action::Elapses { .. }) => unreachable!("no input is a timer"),
        }
    }

    /// The call that was made last waits for another answer, since it is made again.
    pub fn again(&mut self) {
        self.open.extend(self.open.last().cloned());
    }

    /// Judges what the oldest call that waits was told.
    ///
    /// # Errors
    /// If no state of the specification answers so.
    ///
    /// # Panics
    /// If no call waits.
    pub fn told(&mut self, told: &Told) -> Result<(), Box<Difference>> {
        let request = self.open.remove(0);
        let before = self.candidates.first().clone();
        let (mut replies, mut agreeing, mut reply) = (Vec::new(), Vec::new(), None);
        for state in self.candidates.all() {
            let (said, after) = self.candidates.called(state, &request);
            let is_late = matches!(request, Request::RecordActivityTaskStarted { .. })
                && said.is_ok()
                && self.candidates.may_be_undispatched(state)
                && agree::answers(&Err(Rejection::ObsoleteTask), told);
            if agree::answers(&said, told) {
                reply.get_or_insert_with(|| said.clone());
                agreeing.extend(after);
            } else if is_late {
                reply.get_or_insert(Err(Rejection::ObsoleteTask));
                agreeing.push(state.clone());
            } else if !replies.contains(&said) {
                replies.push(said);
            }
        }
        let action = Action::Call(request);
        if let Some(reply) = reply {
            self.note(&action, &reply, told);
            self.candidates.replace(agreeing);
            self.single &= self.candidates.all().len() == 1;
            self.last = Some(Last { before, action });
            return Ok(());
        }
        let claim = Claim { told: Some(told), shown: None };
        Err(Box::new(self.differs(&before, &action, &replies, claim)))
    }

    /// Takes note that nobody knows whether the oldest call that waits was heard.
    ///
    /// # Panics
    /// If no call waits.
    pub fn lost(&mut self) {
        let request = self.open.remove(0);
        let heard = |state: &Candidate| self.candidates.called(state, &request).1;
        let heard: Vec<Candidate> = self.candidates.all().iter().flat_map(heard).collect();
        let before = self.candidates.first().clone();
        self.candidates.join(heard);
        self.single = false;
        self.last = Some(Last { before, action: Action::Call(request) });
    }

    /// Judges what the two calls that wait were told, of which either may have come first.
    ///
    /// # Errors
    /// If no state of the specification answers so, in either order.
    ///
    /// # Panics
    /// If fewer calls wait.
    pub fn told_in_any_order(&mut self, told: [&Told; 2]) -> Result<(), Box<Difference>> {
        self.single = false;
        let mut swapped = self.clone();
        swapped.open.swap(0, 1);
        let in_order = self.told(told[0]).and_then(|()| self.told(told[1]));
        let in_turn = swapped.told(told[1]).and_then(|()| swapped.told(told[0]));
        match (in_order, in_turn) {
            (Ok(()), Ok(())) => self.candidates.join(swapped.candidates.all().to_vec()),
            (Ok(()), Err(_)) => {}
            (Err(_), Ok(())) => *self = swapped,
            (Err(difference), Err(other)) => {
                let mut difference = difference;
                for allowed in other.allowed {
                    if !difference.allowed.contains(&allowed) {
                        difference.allowed.push(allowed);
                    }
                }
                return Err(difference);
            }
        }
        Ok(())
    }

    /// Lets time pass.
    pub fn pass(&mut self, elapsed: Span) {
        let before = self.candidates.first().clone();
        self.candidates.pass(elapsed);
        self.single &= self.candidates.all().len() == 1;
        self.last = Some(Last { before, action: Action::Tick { elapsed } });
    }

    /// Judges what is shown.
    ///
    /// # Errors
    /// If no state of the specification shows that.
    pub fn described(&mut self, shown: &Description) -> Result<(), Box<Difference>> {
        let mut fewest: Option<Vec<agree::Part>> = None;
        let (mut agreeing, terms) = (Vec::new(), self.candidates.setting.terms);
        for state in self.candidates.all() {
            let expected = describe(&terms, &observed(state));
            let parts = agree::descriptions(self.power, self.tolerance, &expected, shown);
            if parts.is_empty() {
                agreeing.push(state.clone());
            } else if fewest.as_ref().is_none_or(|fewest| parts.len() < fewest.len()) {
                fewest = Some(parts);
            }
        }
        if self.candidates.replace(agreeing) {
            return Ok(());
        }
        let Last { before, action } = self.last.clone().unwrap_or_else(|| Last {
            before: self.candidates.first().clone(),
            action: Action::Call(further_start()),
        });
        let claim = Claim { told: None, shown: Some(shown) };
        let mut difference = self.differs(&before, &action, &[], claim);
        let parts = fewest.unwrap_or_default();
        let said = |value: fn(&agree::Part) -> &String| {
            parts.iter().map(|it| format!("{} {}", it.name, value(it))).collect::<Vec<_>>()
        };
        difference.allowed = vec![said(|it| &it.expected).join(", ")];
        difference.observed = said(|it| &it.seen).join(", ");
        difference.parts = parts;
        Err(Box::new(difference))
    }

    /// What is wrong if a look at the execution is told something else than how it stands.
    #[must_use]
    pub fn unseen(&self, told: &Told) -> Box<Difference> {
        let observation = self.observation();
        let action = Action::Call(further_start());
        Box::new(Difference {
            place: Where::Description,
            allowed: vec!["how the execution stands".to_owned()],
            observed: agree::told(told),
            parts: Vec::new(),
            rule: rule(&observation, &action, &Ok(Answer::Existing)),
            broken: Vec::new(),
        })
    }

    /// How the likeliest state stands.
    #[must_use]
    pub fn observation(&self) -> Observation {
        observed(self.candidates.first())
    }

    /// How many states may be the one.
    #[must_use]
    pub fn candidates(&self) -> usize {
        self.candidates.all().len()
    }

    /// Whether each expectation so far was one state, told so exactly that it could be no other.
    #[must_use]
    pub fn was_single(&self) -> bool {
        self.single && !self.rough
    }

    /// The numbers of the options.
    #[must_use]
    pub fn options(&self) -> &ExecutionOptions {
        &self.candidates.setting.terms
    }

    /// The oldest call that waits for an answer.
    #[must_use]
    pub fn open_action(&self) -> Option<Action> {
        self.open.first().cloned().map(Action::Call)
    }

    /// The token that was given out last, and what payloads are called: for whoever tells what is
    /// seen without payloads.
    #[must_use]
    pub fn tester(&self) -> (&Tester, &Names) {
        (&self.tester, &self.names)
    }

    /// The action that was judged last.
    #[must_use]
    pub fn last_action(&self) -> Option<&Action> {
        self.last.as_ref().map(|last| &last.action)
    }

    /// What an answer says in the vocabulary of the specification.
    ///
    /// # Errors
    /// If it says that the call is refused.
    pub fn claimed(&self, told: &Told) -> Reply {
        read(told, &self.observation()).unwrap_or_else(Unreadable::nearest)
    }

    fn note(&mut self, action: &Action, reply: &Reply, told: &Told) {
        self.tester.note(action, reply);
        if let Told::Refused(name) = told
            && reply.as_ref().is_err_and(|rejection| rejection.name() != name)
        {
            self.rough = true;
        }
        if let (Ok(Answer::Task { token, .. }), Told::Task(Some(task))) = (reply, told) {
            self.tokens.retain(|(known, _)| known != token);
            self.tokens.push((*token, task.token.clone()));
        }
    }

    fn differs(
        &self,
        before: &Candidate,
        action: &Action,
        replies: &[Reply],
        claim: Claim<'_>,
    ) -> Difference {
        let steps = promised::steps(&self.candidates, before, action);
        let reply = replies.first().cloned().unwrap_or(Ok(Answer::Done));
        let decisive = steps.last().map_or(action, |(_, action)| action);
        Difference {
            place: if claim.told.is_some() { Where::Answer } else { Where::Description },
            allowed: replies.iter().map(agree::reply).collect(),
            observed: claim.told.map(agree::told).unwrap_or_default(),
            parts: Vec::new(),
            rule: rule(&observed(before), decisive, &reply),
            broken: promised::broken(&self.candidates, &steps, claim, self.power),
        }
    }

    fn spelling(&self) -> Spelling<'_> {
        let setting = &self.candidates.setting;
        Spelling { setting, names: &self.names, tokens: &self.tokens }
    }
}

fn further_start() -> Request {
    Request::StartActivityExecution {
        request_id: START,
        id_conflict_policy: IdConflictPolicy::Fail,
    }
}

/// Whether a payload is the failure of a timeout of this type.
pub(super) fn is_timeout(payload: &Payload, timeout_type: TimeoutType) -> bool {
    match payload.content() {
        Some(Content::Failure(failure)) => {
            matches!(failure.info, FailureInfo::Timeout { timeout_type: it, .. } if it == timeout_type)
        }
        Some(Content::Data(_)) | None => false,
    }
}

/// The request of the start.
const START: RequestId = RequestId(0);
