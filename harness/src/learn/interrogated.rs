//! A machine of this process that answers questions, as an outsider sees it.

use crate::Asked;
use crate::alphabet::{
    Abstraction, Configuration, Input, Power, Setting, Shown, Tester, Unique, describe,
};
use crate::mark::Mark;
use crate::punctual::Punctual;
use activity_execution::vocabulary::{Observation, RequestId};
use activity_models::exploration::Machine;
use std::convert::Infallible;

/// A machine in a configuration, seen with a power.
#[derive(Debug)]
pub struct Interrogated<M> {
    machine: M,
    setting: Setting<i64>,
    power: Power,
}

impl<M: Machine<i64, Mark>> Interrogated<M> {
    /// A machine that is asked in this configuration.
    #[must_use]
    pub fn new(machine: M, configuration: &Configuration, power: Power) -> Self {
        Interrogated { machine, setting: configuration.setting(1), power }
    }
}

impl<M: Machine<i64, Mark>> Asked for Interrogated<M> {
    type Error = Infallible;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Infallible> {
        let (setting, terms) = (&self.setting, &self.setting.terms);
        let punctual = Punctual { machine: &self.machine, setting };
        let mut state = punctual.begin::<Mark>();
        let (mut tester, mut supply) = (Tester::new(RequestId(0)), Unique::default());
        let mut stands: Observation<i64, Mark> = punctual.observe(&state);
        let step = |input: &Input| {
            let (newest, before) = (tester.newest(), describe(terms, &stands));
            let action = tester.action(*input, setting, &stands, &mut supply);
            let reply = match action {
                Some(action) => {
                    let reply = punctual.take(&mut state, &action);
                    tester.note(&action, &reply);
                    reply
                }
                None => Tester::unasked(*input),
            };
            stands = punctual.observe(&state);
            let abstraction = Abstraction { newest, before: &before, supply: &supply };
            abstraction.shown(self.power, &reply, stands.now, &describe(terms, &stands))
        };
        Ok(sequence.iter().map(step).collect())
    }
}
