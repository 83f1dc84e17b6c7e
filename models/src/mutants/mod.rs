//! The mutants: wrong rules, one table for each machine, to show that the checks can fail.
//!
//! A mutant never looks inside: it is a machine around a machine. Every checker walks the table of
//! its machine, and each has to name a promise that the row says is broken. Worker and caller have
//! their mutants in the system too; [`of_system`] puts each among the others.

mod caller;
mod driver;
mod explorer;
mod memory;
mod played;
mod service;
mod slots;
mod system;
mod task;
mod task_unseen;
mod wheel;
mod world;

pub use caller::{CallerNext, CallerRule, of_caller};
pub use driver::{DriverRule, of_driver};
pub use explorer::{Alteration, ExplorerRule, Misled, MisledAnywhere, of_explorer};
pub use memory::{CallKind, InARow, MemoryRule, Remembered, Remembering, Wrong, of_memory};
pub use played::{MutatedCore, PlayedRule, of_played};
pub use service::{Mutated, ServiceRule, UnseenRule, of_service};
pub use slots::{SlotsNext, SlotsRule, of_slots};
pub use system::of_system;
pub use task::{TaskNext, TaskRule, YEAR, of_task};
pub use wheel::{WheelRule, of_wheel};

use crate::exploration::ExplorerPayload;
use crate::system::Machines;
use activity_execution::vocabulary::Dialect;

/// A wrong rule, and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Mutant<R> {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub sentence: &'static str,
    /// The bug of a real server or SDK that it re-enacts.
    pub reenacts: Option<&'static str>,
    /// The promises that it breaks first: one of them is named by each checker.
    pub breaks: &'static [&'static str],
    /// Where the rule is wrong; in either dialect, unless given.
    pub only_in: Option<Dialect>,
    /// A case of a proof in which it shows: how the machine stands, and what happens to it; of a
    /// wheel, the call; of the driver, whom no proof is about, nothing.
    pub shows_in: &'static str,
    /// Why the exploration that is asked for it by name cannot see it, where that is so: of one
    /// execution for the service, of the whole system for worker and caller.
    pub beyond_exploration: Option<&'static str>,
    /// What is wrong.
    pub rule: R,
}

impl<R> Mutant<R> {
    /// A row of what the exploration that is asked for it by name cannot see, and why.
    pub(crate) const fn unexplored(
        name: &'static str,
        sentence: &'static str,
        breaks: &'static [&'static str],
        why: &'static str,
        rule: R,
    ) -> Self {
        Mutant {
            name,
            sentence,
            reenacts: None,
            breaks,
            only_in: None,
            shows_in: "",
            beyond_exploration: Some(why),
            rule,
        }
    }

    /// The dialects in which the rule is wrong.
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        let all = [Dialect::Standalone, Dialect::Workflow].into_iter();
        all.filter(|dialect| self.only_in.is_none_or(|only| only == *dialect))
    }

    /// Whether the exploration that is asked for it by name has to catch it.
    #[must_use]
    pub fn is_explorable(&self) -> bool {
        self.beyond_exploration.is_none()
    }

    /// Whether one of these names is a promise that it breaks first.
    #[must_use]
    pub fn is_named_by(&self, broken: &[&str]) -> bool {
        self.breaks.iter().any(|name| broken.contains(name))
    }

    /// The same row with another rule: the same mistake on another machine.
    pub fn with_rule<Q>(self, rule: Q) -> Mutant<Q> {
        let Mutant {
            name, sentence, reenacts, breaks, only_in, shows_in, beyond_exploration, ..
        } = self;
        Mutant { name, sentence, reenacts, breaks, only_in, shows_in, beyond_exploration, rule }
    }
}

/// What is wrong, on whichever machine it can be shown.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// With one execution.
    Service(ServiceRule),
    /// With one execution that remembers what it does not show.
    Memory(MemoryRule),
    /// With a worker or a caller, in the whole system.
    System(Machines),
    /// With a timer wheel.
    Wheel(WheelRule),
    /// With the driver of a core.
    Driver(DriverRule),
    /// With what only who explores compares.
    Explorer(ExplorerRule<i16, ExplorerPayload>),
}

/// Every mutant that there is, table after table.
#[must_use]
pub fn all() -> Vec<Mutant<Rule>> {
    let mut all: Vec<_> =
        of_service().into_iter().map(|it| it.with_rule(Rule::Service(it.rule))).collect();
    all.extend(of_memory().into_iter().map(|it| it.with_rule(Rule::Memory(it.rule))));
    all.extend(system::of_parties().into_iter().map(|it| it.with_rule(Rule::System(it.rule))));
    all.extend(of_driver().iter().map(|it| it.with_rule(Rule::Driver(it.rule))));
    all.extend(of_wheel().into_iter().map(|it| it.with_rule(Rule::Wheel(it.rule))));
    all.extend(of_explorer().into_iter().map(|it| it.with_rule(Rule::Explorer(it.rule))));
    all
}

/// Defines the table of a machine that is small enough for each rule to be one function: what
/// becomes of a decision of the right machine. The doc comment is the sentence.
macro_rules! mutants {
    ($(#[$doc:meta])* $vis:vis $table:ident$(<$($number:ident: $bound:ident),+>)?() -> $rule:ty;
     $($(#[doc = $sentence:literal])+
       $name:ident $arguments:tt $body:block
       breaks [$($breaks:literal),+], shows_in $case:literal
       $(, reenacts $reenacts:literal)? $(, beyond_exploration $beyond:literal)?;)+) => {
        $(#[$doc])*
        #[must_use]
        $vis fn $table$(<$($number: $bound),+>)?() -> Vec<$crate::mutants::Mutant<$rule>> {
            vec![$($crate::mutants::Mutant {
                name: stringify!($name),
                sentence: concat!($($sentence),+).trim_ascii(),
                reenacts: $crate::mutants::given!($($reenacts)?),
                breaks: &[$($breaks),+],
                only_in: None,
                shows_in: $case,
                beyond_exploration: $crate::mutants::given!($($beyond)?),
                rule: $crate::mutants::rule!($arguments $body),
            }),+]
        }
    };
}

macro_rules! rule {
    (($($argument:pat),+) $body:block) => {
        |$($argument),+| $body
    };
}

macro_rules! given {
    () => {
        None
    };
    ($literal:literal) => {
        Some($literal)
    };
}

use {given, mutants, rule};
