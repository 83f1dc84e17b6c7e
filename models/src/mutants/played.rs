//! Mutants of the service and of its driver as subjects of scenarios.

use super::driver::Driven;
use super::{DriverRule, Mutant, Mutated, ServiceRule, of_driver, of_service};
use crate::exploration::{CoreMachine, Machine};
use crate::scenario::Subject;
use activity_execution::vocabulary::{
    Action, ExecutionOptions, Observation, Reply, Request, RequestId, Span, TimeoutType, Timestamp,
};
use activity_execution::{ActivityExecution, Deadline, Payload};

/// What is wrong with a core or with its driver.
#[derive(Clone, Copy, Debug)]
pub enum PlayedRule {
    /// With the core.
    Service(ServiceRule),
    /// With the driver.
    Driver(DriverRule),
}

/// Every mutant that a script can be played on.
#[must_use]
pub fn of_played() -> Vec<Mutant<PlayedRule>> {
    let service = of_service().into_iter().map(|it| it.with_rule(PlayedRule::Service(it.rule)));
    let driver = of_driver().iter().map(|it| it.with_rule(PlayedRule::Driver(it.rule)));
    service.chain(driver).collect()
}

impl Mutant<PlayedRule> {
    /// A new execution that follows the wrong rule.
    pub fn create(
        &self,
        terms: &ExecutionOptions,
        now: Timestamp,
        request_id: RequestId,
    ) -> MutatedCore {
        MutatedCore(match self.rule {
            PlayedRule::Driver(rule) => Kept::Driver(Driven::create(rule, terms, now, request_id)),
            PlayedRule::Service(rule) => {
                let machine = self.with_rule(rule).of(CoreMachine);
                let state = machine.begin(terms, now, request_id);
                Kept::Service(machine, state)
            }
        })
    }
}

/// A core that is wrong, or that is driven by a driver that is.
#[derive(Clone, Debug)]
pub struct MutatedCore(Kept);

#[derive(Clone, Debug)]
enum Kept {
    Service(Mutated<CoreMachine>, <CoreMachine as Machine<i64, Payload>>::State),
    Driver(Driven),
}

impl MutatedCore {
    /// Takes a step at `now`, if it is the service that is wrong.
    fn step(&mut self, terms: &ExecutionOptions, now: Timestamp, action: &Action) -> Option<Reply> {
        let Kept::Service(machine, state) = &mut self.0 else { return None };
        let elapsed = now - machine.observe(terms, state).now;
        let ticked: Reply = machine.step(terms, state, &Action::Tick { elapsed });
        ticked.expect("nobody refuses that time passes");
        Some(machine.step(terms, state, action))
    }
}

impl Subject for MutatedCore {
    fn call(&mut self, terms: &ExecutionOptions, now: Timestamp, request: &Request) -> Reply {
        match &mut self.0 {
            Kept::Driver(driven) => driven.call(terms, now, request),
            Kept::Service(..) => {
                let reply = self.step(terms, now, &Action::Call(request.clone()));
                reply.expect("it is the service that is wrong")
            }
        }
    }

    fn expire(
        &mut self,
        terms: &ExecutionOptions,
        now: Timestamp,
        backoff: Span,
    ) -> Option<TimeoutType> {
        if let Kept::Driver(driven) = &mut self.0 {
            return driven.expire(terms, now, backoff);
        }
        TimeoutType::ALL.into_iter().find(|timeout_type| {
            let action = Action::Elapses { timeout_type: *timeout_type, backoff };
            self.step(terms, now, &action).is_some_and(|reply| reply.is_ok())
        })
    }

    fn deadline(&self, terms: &ExecutionOptions) -> Option<Deadline> {
        match &self.0 {
            Kept::Driver(driven) => driven.deadline(terms),
            Kept::Service(machine, state) => {
                let observation = machine.observe(terms, state);
                ActivityExecution::from_observation(&observation).deadline(terms)
            }
        }
    }

    fn observe(&self, terms: &ExecutionOptions, now: Timestamp) -> Observation {
        match &self.0 {
            Kept::Driver(driven) => driven.observe(terms, now),
            Kept::Service(machine, state) => Observation { now, ..machine.observe(terms, state) },
        }
    }

    fn recovered(&self) -> Self {
        match &self.0 {
            Kept::Driver(driven) => MutatedCore(Kept::Driver(driven.recovered())),
            Kept::Service(..) => self.clone(),
        }
    }
}
