//! One sequence while it is played: what comes next, and what is made of the answers.
//! Knows one execution; does not know who else is on the way.

use crate::alphabet::{Capabilities, Capability, Input, Power};
use crate::judge::{Difference, Follower, Next, Terms};
use crate::seam::{ActivityId, Call, Command, Told};
use activity_execution::Description;
use activity_execution::vocabulary::Span;
use std::fmt;
use std::sync::Arc;

/// A sequence that is to be played.
#[derive(Clone, Debug)]
pub struct Job {
    /// The name of its configuration.
    pub configuration: Arc<str>,
    /// How the execution is followed.
    pub terms: Terms,
    /// What is done.
    pub sequence: Vec<Input>,
    /// What goes wrong meanwhile.
    pub fault: Fault,
    /// What the system can do; what may not be repeated is not delivered twice.
    pub can: Capabilities,
    /// How many looks at it were made in a sequence that begins alike, the one after the start among
    /// them; they are left out.
    pub seen: usize,
}

/// What goes wrong while a sequence is played.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The system is crashed after every answer.
    Crash,
    /// Each call is delivered twice.
    Duplicates,
    /// The answer to each call is lost, and the call made again.
    LostReplies,
    /// Of two calls the second is delivered first.
    Reordered,
}

/// A step that was played.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// The input; none for the start, or a look after a crash.
    pub input: Option<Input>,
    /// The calls that were made.
    pub calls: Vec<Call>,
    /// What each was told.
    pub told: Vec<Told>,
    /// What was shown afterwards.
    pub shown: Option<Description>,
}

/// A sequence that a system does not play as the specification does.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The sequence, up to the step that differs.
    pub job: Job,
    /// What happened.
    pub log: Vec<Logged>,
    /// What differs, in the last step.
    pub difference: Box<Difference>,
}

impl Job {
    /// Whether a call may be made again, as far as the system can tell that it is the same one.
    fn may_repeat(&self, input: Input) -> bool {
        match input {
            Input::Poll(_) => self.can.has(Capability::RepeatedPoll),
            Input::Start(..) | Input::RequestCancel(_) | Input::Terminate(_) => {
                self.can.has(Capability::RequestIds)
            }
            Input::Heartbeat { .. }
            | Input::Complete(_)
            | Input::Fail(..)
            | Input::Cancel(_)
            | Input::Time(_) => true,
        }
    }
}

impl Fault {
    /// All of them, but for none.
    pub const ALL: [Fault; 4] =
        [Fault::Crash, Fault::Duplicates, Fault::LostReplies, Fault::Reordered];

    /// Its name, as arguments and replay files have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Fault::None => "none",
            Fault::Crash => "crash",
            Fault::Duplicates => "duplicates",
            Fault::LostReplies => "lost-replies",
            Fault::Reordered => "reordered",
        }
    }

    /// What happens, in words; nothing where nothing does.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Fault::None => "",
            Fault::Crash => "crashed after every answer",
            Fault::Duplicates => "every call delivered twice",
            Fault::LostReplies => "every answer lost, and the call made again",
            Fault::Reordered => "of two calls the second delivered first",
        }
    }

    /// The fault of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Fault::None].into_iter().chain(Fault::ALL).find(|fault| fault.name() == name)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How far a sequence has come.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) job: Job,
    pub(super) number: usize,
    /// How often it came too late.
    pub(super) tries: u8,
    /// Whether it differed before, on a real clock.
    pub(super) differed: bool,
    pub(super) activity: ActivityId,
    follower: Follower,
    /// When it began, by the clock of the run.
    pub(super) begun: i64,
    /// How long it goes on already, by its own account.
    time: i64,
    at: usize,
    stage: Stage,
    log: Vec<Logged>,
    /// Whether the commands that it waits for end with a look.
    looks: bool,
    /// Whether it was answered since it was looked at.
    answered: bool,
    /// How many commands it is waiting for the answers to.
    pub(super) waits_for: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Begins,
    /// The next input is to be considered.
    Goes,
    /// So much time passes.
    Waits(Span),
    /// A look after a crash.
    Looks,
    /// So many inputs are played.
    Asked(usize),
    Ends,
}

/// What became of a lane.
#[derive(Debug)]
pub(super) enum Turn {
    Goes,
    Ends,
    Differs(Box<Difference>),
}

impl Lane {
    pub(super) fn new(job: Job, number: usize, activity: ActivityId, now: i64) -> Self {
        let follower = Follower::new(&job.terms);
        Lane {
            job,
            number,
            tries: 0,
            differed: false,
            activity,
            follower,
            begun: now,
            time: 0,
            at: 0,
            stage: Stage::Begins,
            log: Vec::new(),
            looks: false,
            answered: false,
            waits_for: 0,
        }
    }

    /// When it has something to do next, by the clock of the run.
    pub(super) fn wakes(&self) -> i64 {
        self.begun + self.time
    }

    pub(super) fn was_single(&self) -> bool {
        self.follower.was_single()
    }

    pub(super) fn into_log(self) -> Vec<Logged> {
        self.log
    }

    /// The sequence up to here, with what differs.
    pub(super) fn finding(mut self, difference: Box<Difference>) -> Finding {
        self.job.sequence.truncate(self.at);
        Finding { job: self.job, log: self.log, difference }
    }

    /// The step at which it is, for whoever reports that a system broke down.
    pub(super) fn place(&self) -> String {
        let input = match self.job.sequence.get(self.at) {
            Some(input) if self.stage != Stage::Begins => input.name(),
            Some(_) | None => "the start",
        };
        let step = self.at + usize::from(self.stage != Stage::Begins);
        format!(
            "step {step} ({input}) of {}, in the configuration {}",
            self.activity, self.job.configuration
        )
    }

    /// Adds the commands of its next step; none if it waits, or ends.
    pub(super) fn ask(&mut self, now: i64, commands: &mut Vec<Command>) {
        let first = commands.len();
        while commands.len() == first && self.stage != Stage::Ends && self.wakes() <= now {
            self.step(commands);
        }
        self.waits_for = commands.len() - first;
    }

    fn step(&mut self, commands: &mut Vec<Command>) {
        match self.stage {
            Stage::Begins => {
                commands.push(self.command(self.follower.start()));
                self.look(0, commands);
            }
            Stage::Looks => {
                self.look(self.at, commands);
            }
            Stage::Waits(elapsed) => {
                self.follower.pass(elapsed);
                self.at += 1;
                self.stage = Stage::Goes;
                let input = Some(self.job.sequence[self.at - 1]);
                self.log.push(Logged { input, calls: vec![], told: vec![], shown: None });
                if self.look(self.at, commands) {
                    self.stage = Stage::Asked(0);
                }
            }
            Stage::Goes => match self.job.sequence.get(self.at).copied() {
                None => self.stage = Stage::Ends,
                Some(input) => self.input(input, commands),
            },
            Stage::Asked(_) | Stage::Ends => {}
        }
    }

    fn input(&mut self, input: Input, commands: &mut Vec<Command>) {
        match self.follower.next(input) {
            Next::Nothing => self.at += 1,
            Next::Wait(elapsed) => {
                self.time += elapsed.0;
                self.stage = Stage::Waits(elapsed);
            }
            Next::Call(call) => {
                let mut calls = vec![call];
                let mut inputs = 1;
                match self.job.fault {
                    Fault::Duplicates | Fault::LostReplies if self.job.may_repeat(input) => {
                        self.follower.again();
                        calls.push(calls[0].clone());
                    }
                    Fault::Reordered => {
                        if let Some(call) = self.overtaking() {
                            calls.push(call);
                            inputs = 2;
                        }
                    }
                    Fault::None | Fault::Crash | Fault::Duplicates | Fault::LostReplies => {}
                }
                let ordered = calls.iter().cloned();
                let delivered: Vec<Call> =
                    if inputs == 2 { ordered.rev().collect() } else { ordered.collect() };
                commands.extend(delivered.into_iter().map(|call| self.command(call)));
                self.log.push(Logged { input: Some(input), calls, told: vec![], shown: None });
                self.stage = Stage::Asked(inputs);
                self.look(self.at + inputs, commands);
            }
        }
    }

    /// The call of the next input, if it makes one.
    fn overtaking(&mut self) -> Option<Call> {
        let input = self.job.sequence.get(self.at + 1).copied().filter(|it| !it.is_time())?;
        match self.follower.next(input) {
            Next::Call(call) => Some(call),
            Next::Wait(_) | Next::Nothing => None,
        }
    }

    fn command(&self, call: Call) -> Command {
        Command { activity: self.activity, call }
    }

    /// Looks at it after so many inputs, unless that was done before in a sequence that begins alike.
    fn look(&mut self, inputs: usize, commands: &mut Vec<Command>) -> bool {
        self.looks = self.job.terms.power > Power::Answers && inputs >= self.job.seen;
        if self.looks {
            commands.push(self.command(Call::Describe));
        }
        self.looks
    }

    /// Judges what it was told.
    pub(super) fn told(&mut self, mut told: Vec<Told>) -> Turn {
        let seen = if self.looks { told.pop() } else { None };
        self.answered = self.stage != Stage::Looks;
        let looked = self.stage == Stage::Looks || self.job.terms.power == Power::Answers;
        match self.stage {
            Stage::Begins => {
                let calls = vec![self.follower.start()];
                let step = Logged { input: None, calls, told: told.clone(), shown: None };
                self.log.push(step);
                self.stage = Stage::Goes;
                if let Err(difference) = self.follower.started(&told[0]) {
                    return Turn::Differs(difference);
                }
            }
            Stage::Asked(inputs) => {
                self.at += inputs;
                self.stage = Stage::Goes;
                if let Some(last) = self.log.last_mut() {
                    last.told.clone_from(&told);
                }
                if let Err(difference) = self.judge(&told) {
                    return Turn::Differs(difference);
                }
            }
            Stage::Looks => {
                self.stage = Stage::Goes;
                self.log.push(Logged { input: None, calls: vec![], told: vec![], shown: None });
            }
            Stage::Goes | Stage::Waits(_) | Stage::Ends => {}
        }
        match seen {
            None => {}
            Some(Told::Described(shown)) => {
                if let Some(last) = self.log.last_mut() {
                    last.shown = Some((*shown).clone());
                }
                if let Err(difference) = self.follower.described(&shown) {
                    return Turn::Differs(difference);
                }
            }
            Some(other) => return Turn::Differs(self.follower.unseen(&other)),
        }
        let is_done = self.stage == Stage::Goes && self.at >= self.job.sequence.len();
        // What was answered last has to survive a crash, too.
        if is_done && (looked || self.job.fault != Fault::Crash) {
            return Turn::Ends;
        }
        Turn::Goes
    }

    fn judge(&mut self, told: &[Told]) -> Result<(), Box<Difference>> {
        match (self.job.fault, told) {
            (_, []) => Ok(()),
            (Fault::Reordered, [second, first]) => self.follower.told_in_any_order([first, second]),
            (Fault::LostReplies, [_, again]) => {
                self.follower.lost();
                self.follower.told(again)
            }
            _ => told.iter().try_for_each(|told| self.follower.told(told)),
        }
    }

    /// Whether a crash now would come after an answer.
    pub(super) fn is_to_crash(&self) -> bool {
        self.answered && self.job.fault == Fault::Crash
    }

    /// The system came up again after a crash: what is there is looked at before anything else.
    pub(super) fn crashed(&mut self) {
        if self.answered && self.stage == Stage::Goes && self.job.terms.power > Power::Answers {
            self.stage = Stage::Looks;
        }
        self.answered = false;
    }

    /// Whether it has nothing more to do.
    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Ends
    }
}
