//! What may be said of a system that passed, and what it rests on.

use super::complete::Kind;
use crate::alphabet::Power;
use std::fmt;

/// The statement about a system that passed complete suites in a list of configurations.
///
/// It may be printed only if every expectation of the run was one state of the specification.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sentence {
    /// The configurations, with the number of states of the minimal machine of each.
    pub configurations: Vec<(String, usize)>,
    /// What was seen.
    pub power: Power,
    /// How many inputs there were: of standalone activities and of those of a workflow, as far as
    /// each was tested.
    pub inputs: Vec<usize>,
    /// A step of the clock, in words; or how else it was driven.
    pub step: String,
    /// For how many extra states the suites are complete.
    pub extra_states: u8,
}

/// What it rests on, one assumption after the other.
pub const ASSUMPTIONS: [&str; 8] = [
    "it is deterministic",
    "every fresh execution starts anew and is not affected by others",
    "every input is answered in every state",
    "payloads, identifiers and identities are only copied and compared (four ids stand for all)",
    "all stale tokens are treated alike",
    "a token that was never given out is refused",
    "nothing depends on time below the step or on its scale",
    "a look changes nothing",
];

impl Sentence {
    /// The suite that has to have been passed in each configuration.
    #[must_use]
    pub fn suite(&self) -> Kind {
        Kind::Complete(self.extra_states)
    }

    /// With how many states at least a system has to do it that is wrong all the same, in a
    /// configuration of so many states.
    #[must_use]
    pub fn at_least(&self, states: usize) -> usize {
        states + usize::from(self.extra_states) + 1
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.configurations.len();
        let which = match count {
            1 => "In this configuration".to_string(),
            _ => format!("In each of these {count} configurations"),
        };
        let inputs: Vec<String> = self.inputs.iter().map(ToString::to_string).collect();
        write!(
            f,
            "{which}, seen through \u{27e8}{}\u{27e9} and driven by these \u{27e8}{}\u{27e9} \
             inputs at a clock step of \u{27e8}{}\u{27e9}: it behaves as the specification, or its \
             minimal machine has at least n + {} states. Assuming: {}.",
            self.power.sees(),
            inputs.join(" or "),
            self.step,
            usize::from(self.extra_states) + 1,
            ASSUMPTIONS.join("; "),
        )?;
        for (name, states) in &self.configurations {
            write!(f, "\n  n = {states:>4}  {name}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_it_promises_and_what_it_rests_on() {
        let sentence = Sentence {
            configurations: vec![("one attempt".to_string(), 27), ("three".to_string(), 183)],
            power: Power::Describe,
            inputs: vec![28],
            step: "1 s".to_string(),
            extra_states: 1,
        };
        let text = sentence.to_string();
        assert!(text.starts_with("In each of these 2 configurations, seen through"), "{text}");
        assert!(text.contains("its minimal machine has at least n + 2 states"), "{text}");
        assert!(text.contains("four ids stand for all"), "{text}");
        assert!(text.ends_with("\n  n =   27  one attempt\n  n =  183  three"), "{text}");
        assert_eq!(sentence.at_least(183), 185);
    }
}
