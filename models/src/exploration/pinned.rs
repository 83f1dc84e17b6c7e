//! The pinned counts of states and transitions of each grid. Knows counts; does not explore.

use super::bounds::Grid;
use super::service_model::Environment;
use super::survey::Survey;
use activity_execution::vocabulary::Dialect;

/// A grid whose counts are pinned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// What every `cargo test` explores.
    Quick,
    /// Everything.
    Whole,
}

/// What an exploration comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Counts {
    /// How many configurations there are.
    pub configurations: usize,
    /// How many classes of executions can be reached.
    pub unique_states: u64,
    /// How many steps lead from one class to another.
    pub transitions: u64,
    /// How many steps leave an execution in its class.
    pub without_effect: u64,
    /// How many classes no step leads out of.
    pub terminal_states: u64,
}

impl Part {
    /// The grid, in this dialect.
    #[must_use]
    pub fn grid(self, dialect: Dialect) -> Grid {
        match self {
            Part::Quick => Grid::quick(dialect),
            Part::Whole => Grid::whole(dialect),
        }
    }

    /// What its exploration has to come to.
    #[must_use]
    pub fn counts(self, dialect: Dialect, environment: Environment) -> Counts {
        use Dialect::{Standalone, Workflow};
        use Environment::{TimeFirst, TimersMayBeLate};
        let [configurations, unique_states, transitions, without_effect, terminal_states] =
            match (self, dialect, environment) {
                (Part::Quick, Standalone, TimersMayBeLate) => {
                    [468, 68_026, 1_090_185, 1_834_933, 11_208]
                }
                (Part::Quick, Standalone, TimeFirst) => [468, 46_940, 333_644, 1_035_850, 10_554],
                (Part::Quick, Workflow, TimersMayBeLate) => {
                    [426, 103_368, 2_497_652, 3_071_164, 12_940]
                }
                (Part::Quick, Workflow, TimeFirst) => [426, 61_038, 569_960, 1_441_580, 11_264],
                (Part::Whole, Standalone, TimersMayBeLate) => {
                    [5_267, 1_298_041, 22_247_475, 33_568_288, 147_103]
                }
                (Part::Whole, Standalone, TimeFirst) => {
                    [5_267, 915_211, 7_533_150, 18_322_449, 136_617]
                }
                (Part::Whole, Workflow, TimersMayBeLate) => {
                    [1_967, 787_920, 20_226_990, 22_236_874, 66_174]
                }
                (Part::Whole, Workflow, TimeFirst) => {
                    [1_967, 479_194, 5_217_268, 10_212_702, 57_701]
                }
            };
        let configurations = usize::try_from(configurations).expect("a grid is small");
        Counts { configurations, unique_states, transitions, without_effect, terminal_states }
    }
}

impl Survey {
    /// What it came to.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            configurations: self.configurations,
            unique_states: self.total.unique_states,
            transitions: self.total.transitions,
            without_effect: self.total.without_effect,
            terminal_states: self.total.terminal_states,
        }
    }
}
