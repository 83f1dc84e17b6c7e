//! The promises, judged at every step along random scripts with durations up to days.

use crate::alphabet::{
    Capabilities, Clock, Configuration, FailureKind, Id, Input, Passing, Setting, Tester, Unique,
    Whom, alphabet,
};
use crate::mark::Mark;
use crate::punctual::Punctual;
use crate::suite::{Dice, graded};
use activity_execution::promises::{self, ServicePromise};
use activity_execution::vocabulary::{
    Action, Dialect, ExecutionOptions, Observation, Reply, RequestId, Step, Timestamp,
};
use activity_models::exploration::Machine;
use std::cell::RefCell;

/// How many scripts are played, and how many inputs each has.
const SCRIPTS: (usize, usize) = (400, 40);

/// The name of a promise that a machine breaks in one of the scripts, if there is one.
pub(super) fn broken<M: Machine<i64, Mark>>(
    machine: &M,
    dialects: &[Dialect],
) -> Option<&'static str> {
    let mut dice = Dice::new(11);
    let all = graded();
    let of_dialect: Vec<&Configuration> =
        all.iter().filter(|it| dialects.contains(&it.dialect())).collect();
    (0..SCRIPTS.0).find_map(|_| {
        let configuration = of_dialect[dice.below(of_dialect.len())];
        played(machine, configuration, &mut dice)
    })
}

/// Plays a script, up to the first promise that is broken.
fn played<M: Machine<i64, Mark>>(
    machine: &M,
    configuration: &Configuration,
    dice: &mut Dice,
) -> Option<&'static str> {
    let setting = stretched(configuration, dice);
    let judging = Judging { machine, promises: every(), broken: RefCell::default() };
    let punctual = Punctual { machine: &judging, setting: &setting };
    let mut state = punctual.begin::<Mark>();
    let (mut tester, mut supply) = (Tester::new(RequestId(0)), Unique::default());
    let inputs = alphabet(configuration.dialect(), Clock::Jumps, Capabilities::all());
    for _ in 0..SCRIPTS.1 {
        for input in next(&inputs, dice) {
            let stands = punctual.observe(&state);
            if let Some(action) = tester.action(input, &setting, &stands, &mut supply) {
                let reply = punctual.take(&mut state, &action);
                tester.note(&action, &reply);
            }
            if let Some(name) = *judging.broken.borrow() {
                return Some(name);
            }
        }
    }
    None
}

/// A configuration in units of milliseconds up to a day, any of its durations a little longer.
fn stretched(configuration: &Configuration, dice: &mut Dice) -> Setting<i64> {
    let unit = [1, 7, 1_000, 60_000, 86_400_000][dice.below(5)];
    let mut setting = configuration.setting(unit);
    let mut longer = || i64::try_from(dice.below(3)).expect("it is small") * unit / 3;
    setting.backoff.0 += longer();
    setting.terms.start_to_close_timeout.0 += longer();
    if let Some(total) = &mut setting.terms.schedule_to_close_timeout {
        total.0 += unit;
    }
    setting
}

/// What comes next: an input, or a storm of attempts that fail at once.
fn next(inputs: &[Input], dice: &mut Dice) -> Vec<Input> {
    let storm = [
        Input::Time(Passing::ToNext),
        Input::Poll(Id::Other),
        Input::Fail(Whom::Current, FailureKind::Detailed),
    ];
    match dice.below(24) {
        0 => storm.repeat(dice.below(64)),
        1..6 => vec![Input::Poll(Id::Other)],
        6..10 => vec![Input::Time(Passing::ToNext)],
        _ => vec![inputs[dice.below(inputs.len())]],
    }
}

fn every() -> Vec<ServicePromise<i64, Mark>> {
    promises::all().into_iter().chain(promises::when_settled()).collect()
}

/// A machine that is judged at every step.
#[derive(Debug)]
struct Judging<'a, M> {
    machine: &'a M,
    promises: Vec<ServicePromise<i64, Mark>>,
    broken: RefCell<Option<&'static str>>,
}

impl<M: Machine<i64, Mark>> Machine<i64, Mark> for Judging<'_, M> {
    type State = M::State;

    fn begin(
        &self,
        terms: &ExecutionOptions,
        now: Timestamp,
        request_id: RequestId,
    ) -> Self::State {
        self.machine.begin(terms, now, request_id)
    }

    fn step(
        &self,
        terms: &ExecutionOptions,
        state: &mut Self::State,
        action: &Action<i64, Mark>,
    ) -> Reply<i64, Mark> {
        let before = self.machine.observe(terms, state);
        let reply = self.machine.step(terms, state, action);
        let after = self.machine.observe(terms, state);
        let step = Step { now: before.now, action: *action, reply };
        let falls =
            |promise: &&ServicePromise<_, _>| !(promise.holds)(terms, &before, &step, &after);
        if let Some(promise) = self.promises.iter().find(falls) {
            self.broken.borrow_mut().get_or_insert(promise.name);
        }
        reply
    }

    fn observe(&self, terms: &ExecutionOptions, state: &Self::State) -> Observation<i64, Mark> {
        self.machine.observe(terms, state)
    }

    fn restore(&self, observation: &Observation<i64, Mark>) -> Self::State {
        self.machine.restore(observation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use activity_models::exploration::{CoreMachine, SpecificationMachine};

    #[test]
    fn the_right_machines_break_nothing() {
        let dialects = [Dialect::Standalone, Dialect::Workflow];
        assert_eq!(broken(&CoreMachine, &dialects), None);
        assert_eq!(broken(&SpecificationMachine, &dialects), None);
    }
}
