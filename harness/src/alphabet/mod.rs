//! What can be done to a system under test, and what can be seen of it, without any payload.
//!
//! An [`Input`] is a row of a table: more rows are more inputs. A [`Tester`] makes an action of it,
//! with the ids and tokens that it was told; what is seen of the answer depends on the [`Power`] of
//! whoever looks.

mod capability;
mod describe;
mod input;
mod power;
mod setting;
mod shown;
mod tester;

pub use capability::{Capabilities, Capability};
pub use describe::describe;
pub use input::{Clock, FailureKind, INPUTS, Id, Input, Passing, Row, Whom, alphabet};
pub use power::Power;
pub use setting::{Configuration, Setting};
pub use shown::{Abstraction, Shown, Sight, Told, View};
pub use tester::{Abstract, Supply, Tester, Unique};
