//! Reads a foreign answer in the words of the specification.

use crate::seam::Told;
use activity_execution::vocabulary::{
    Answer, Attempt, Observation, Phase, Rejection, Reply, TaskToken,
};
use std::fmt;

/// Why an answer to a call says nothing in the words of the specification.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unreadable<'a> {
    /// It is a look at the execution.
    Described,
    /// It is a refusal for a reason that there is not.
    NoReason(&'a str),
    /// It is a refusal with a code that several reasons have, of which this is one.
    SeveralReasons(&'a str, Rejection),
}

/// An answer in the words of the specification; instants, which outsiders are not told, are as the
/// execution stood before.
///
/// # Errors
/// If it says nothing that a call is answered with.
pub(crate) fn read<'a>(told: &'a Told, before: &Observation) -> Result<Reply, Unreadable<'a>> {
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
            started_time: before.last_started_time.unwrap_or(before.now),
            current_attempt_scheduled_time: match before.phase {
                Phase::Scheduled { dispatch_time, .. } | Phase::Started { dispatch_time, .. } => {
                    dispatch_time
                }
                Phase::Closed { .. } => before.now,
            },
            heartbeat_details: task.heartbeat_details.clone(),
        }),
        Told::Refused(name) => Err(reason(name)?),
        Told::Described(_) => return Err(Unreadable::Described),
    })
}

/// The reason of a refusal, told by its name or by a code that only one has.
fn reason(name: &str) -> Result<Rejection, Unreadable<'_>> {
    let mut meant = Rejection::ALL.into_iter().filter(|it| it.name() == name || it.code() == name);
    match (meant.next(), meant.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Unreadable::NoReason(name)),
        (Some(first), Some(_)) => Err(Unreadable::SeveralReasons(name, first)),
    }
}

impl Unreadable<'_> {
    /// What comes nearest, for whoever only tells it on.
    pub(crate) fn nearest(self) -> Reply {
        match self {
            Unreadable::Described => Ok(Answer::Done),
            Unreadable::NoReason(_) => Err(Rejection::NotDue),
            Unreadable::SeveralReasons(_, first) => Err(first),
        }
    }
}

impl fmt::Display for Unreadable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Described => f.write_str("a call is answered with a description"),
            Unreadable::NoReason(name) => {
                write!(f, "a call is refused as {name}, which is no reason")
            }
            Unreadable::SeveralReasons(name, _) => {
                write!(f, "a call is refused as {name}, which says too little")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::Setting;
    use crate::punctual::Punctual;
    use activity_models::exploration::{Machine as _, SpecificationMachine};

    fn fresh() -> Observation {
        let setting: Setting = crate::suite::graded()[0].setting(1);
        let punctual = Punctual { machine: &SpecificationMachine, setting: &setting };
        let begun = punctual.begin();
        SpecificationMachine.observe(&setting.terms, &begun)
    }

    #[test]
    fn a_refusal_is_read_by_its_name_or_by_a_code_that_only_one_has() {
        let before = fresh();
        for rejection in Rejection::ALL {
            let told = Told::Refused(rejection.name().to_owned());
            assert_eq!(read(&told, &before), Ok(Err(rejection)));
        }
        let rough = Told::Refused("FailedPrecondition".to_owned());
        let unreadable = read(&rough, &before).expect_err("several have it");
        assert!(matches!(unreadable, Unreadable::SeveralReasons("FailedPrecondition", _)));
        assert!(unreadable.nearest().is_err());
        let unknown = Told::Refused("Tired".to_owned());
        assert_eq!(read(&unknown, &before), Err(Unreadable::NoReason("Tired")));
    }

    #[test]
    fn a_start_says_whether_it_created_anything() {
        let before = fresh();
        assert_eq!(read(&Told::Started(true), &before), Ok(Ok(Answer::Done)));
        assert_eq!(read(&Told::Started(false), &before), Ok(Ok(Answer::Existing)));
    }
}
