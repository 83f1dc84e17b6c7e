//! The judge: follows one execution by the set of specification states that explain what was seen.
//!
//! Where timers are on time and every call is answered, the set has one state. Late timers, lost
//! replies and calls that overtook one another leave several, and each answer leaves those that
//! agree with it. If none does, the [`Difference`] says what would have been allowed.

mod agree;
mod candidates;
mod difference;
mod follower;
mod names;
mod promised;
mod reading;
mod rules;
mod spelling;
#[cfg(test)]
mod tests;

pub use agree::Part;
pub use difference::{Difference, Where};
pub use follower::{Follower, Next, Terms};
pub use names::Names;
pub use promised::{BrokenPromise, Needs, needs};
pub(crate) use reading::read;
pub use rules::rule;
pub(crate) use spelling::Spelling;
