//! The protocol of systems in other languages: JSON lines, one request or a list of them a line.
//!
//! The types here are the protocol: what is written is serialised from them, what is read is parsed
//! into them, and the JSON Schema in `harness/protocol.schema.json` is generated from them.
//! `docs/harness.md` tells authors of services what they mean.

mod answers;
mod failure;
mod outcome;
mod requests;
mod schema;

pub(crate) use answers::parse;
pub use answers::{Answer, Clock, Description, Hello, Polled, Recorded, Started, Task};
pub use failure::Failure;
pub use outcome::Outcome;
pub use requests::{Asked, Options, Request, RetryPolicy};
pub use schema::schema;

/// The version of the protocol that this harness speaks.
pub const VERSION: u32 = 1;

/// The environment variable that names the folder in which a system keeps what has to survive.
pub const STATE: &str = "ACTIVITY_STATE";
