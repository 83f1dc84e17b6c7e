//! A system behind the seam, asked what it answers to a sequence, whether or not that is right.
//! Follows what is told and not what should be; judges nothing.

use super::play::Activities;
use crate::Asked;
use crate::alphabet::{Abstraction, Input, Power, Shown, Tester, describe};
use crate::judge::{Follower, Next, Terms};
use crate::seam::{ActivitySystem, Broken, Call, Command, Told};
use activity_execution::vocabulary::{Answer, Opaque as _, Outcome, Span, Timestamp};
use activity_execution::{Content, Description, Failure, FailureInfo, Payload};

/// A system that is asked, one sequence after the other.
#[derive(Debug)]
pub struct Questioned<S> {
    system: S,
    terms: Terms,
    names: Activities,
}

impl<S: ActivitySystem> Questioned<S> {
    /// Asks a system whose executions are followed so.
    pub fn new(system: S, terms: Terms) -> Self {
        Questioned { system, terms, names: Activities::default() }
    }

    async fn answers(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Broken> {
        let activity = self.names.fresh();
        let mut asking = Asking {
            system: &mut self.system,
            terms: &self.terms,
            follower: Follower::new(&self.terms),
            time: 0,
        };
        let command = |call| Command { activity, call };
        let start = command(asking.follower.start());
        let (_, mut before) = asking.ask(vec![start], activity).await?;
        let mut all = Vec::with_capacity(sequence.len());
        for input in sequence {
            let newest = asking.follower.tester().0.newest();
            let next = asking.follower.next(*input);
            let (reply, after) = match next {
                Next::Nothing => (Tester::unasked(*input), before.clone()),
                Next::Wait(elapsed) => {
                    asking.system.pass(elapsed).await?;
                    asking.follower.pass(elapsed);
                    asking.time += elapsed.0;
                    (Ok(Answer::Done), asking.ask(Vec::new(), activity).await?.1)
                }
                Next::Call(call) => {
                    let (told, after) = asking.ask(vec![command(call)], activity).await?;
                    (told.map_or(Ok(Answer::Done), |told| asking.follower.hear(&told)), after)
                }
            };
            let supply = asking.follower.tester().1;
            let abstraction = Abstraction { newest, before: &before, supply };
            let (power, step) = (self.terms.power, self.terms.setting.step);
            all.push(scaled(
                abstraction.shown(power, &reply, Timestamp(asking.time), &after),
                step,
            ));
            before = after;
        }
        self.system.forget(&[activity]).await?;
        Ok(all)
    }
}

impl<S: ActivitySystem> Asked for Questioned<S> {
    type Error = Broken;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Broken> {
        pollster::block_on(self.answers(sequence))
    }
}

struct Asking<'a, S> {
    system: &'a mut S,
    terms: &'a Terms,
    follower: Follower,
    /// How much time passed since the start.
    time: i64,
}

impl<S: ActivitySystem> Asking<'_, S> {
    /// What calls are told, and how the execution stands then, as far as it is seen.
    async fn ask(
        &mut self,
        mut commands: Vec<Command>,
        activity: crate::seam::ActivityId,
    ) -> Result<(Option<Told>, Description), Broken> {
        if self.terms.power > Power::Answers {
            commands.push(Command { activity, call: Call::Describe });
        }
        let mut told = self.system.calls(&commands).await?;
        let shown = match told.pop() {
            Some(Told::Described(shown)) => known(*shown),
            other => {
                told.extend(other);
                describe(&self.terms.setting.terms, &self.follower.observation())
            }
        };
        Ok((told.pop(), shown))
    }
}

/// What is shown, where a failure that the system made up is the one that says so.
fn known(mut shown: Description) -> Description {
    shown.last_failure = failure(shown.last_failure);
    if let Some(Outcome::Failed { failure: it, .. } | Outcome::TimedOut { failure: it, .. }) =
        &mut shown.outcome
    {
        *it = failure(it.clone());
    }
    shown
}

fn failure(payload: Payload) -> Payload {
    let Some(Content::Failure(failure)) = payload.content() else { return payload };
    if let FailureInfo::Timeout { .. } = failure.info {
        let cause = self::failure(failure.cause.clone());
        return Payload::failure(Failure { cause, ..failure.clone() });
    }
    let is_ours = failure.message.rsplit(' ').next().is_some_and(|it| it.parse::<u32>().is_ok());
    if is_ours { payload } else { Payload::none().or_missing_failure() }
}

/// What is shown, in steps of the clock.
fn scaled(mut shown: Shown, Span(step): Span) -> Shown {
    if let crate::alphabet::View::Described(sight) = &mut shown.view {
        sight.waits = sight.waits.map(|waits| waits / step);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::Capabilities;
    use crate::machine::Explicit;
    use crate::run::terms;
    use crate::seam::CoreSystem;
    use crate::suite::{Kind, Suite, graded};

    #[test]
    fn the_core_answers_what_the_machine_of_the_specification_shows() {
        for power in Power::ALL {
            let configuration = &graded()[2];
            let inputs = configuration.alphabet(Capabilities::all());
            let explicit = Explicit::of(configuration, &inputs, power).expect("it is small");
            let system = CoreSystem::new();
            let terms = Terms { power, ..terms(configuration, &system.manifest()) };
            let mut asked = Questioned::new(system, terms);
            let suite = Suite::of(explicit.minimal(), Kind::Edges).expect("it is small");
            for word in suite.trie.sequences() {
                let shown = asked.ask(&explicit.spelled(&word)).expect("the core answers");
                let outputs = explicit.minimal().mealy().run(0, &word);
                let expected = outputs.iter().map(|output| explicit.shown()[*output as usize]);
                let spelled = explicit.spelled(&word);
                assert_eq!(shown, expected.collect::<Vec<_>>(), "{spelled:?}");
            }
        }
    }
}
