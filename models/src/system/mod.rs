//! The system: one caller, the service, its queue, two workers, and calls that get lost.

pub mod bounds;
mod class;
mod happened;
mod machines;
mod moves;
mod note;
mod promise;
mod promises_caller;
mod promises_end;
mod promises_worker;
mod service;
mod settle;
mod step;
mod words;
mod world;

pub use bounds::{BOUNDS, Bounds, CALLERS};
pub use happened::{Answered, Happened, Refused, Started};
pub use machines::{CallerDecision, Machines, SlotsDecision, TaskDecision};
pub use moves::{Move, Returned};
pub use note::{Moment, Note};
pub use promise::{Broken, Promise, all};
pub use step::System;
pub use world::{Call, Caller, CallerCall, Execution, Process, Queue, Said, Slots, Task, World};
mod explorer;
pub use explorer::{Explored, Nobody, Violation, Watch, explore};
mod mutants;
mod witnesses;
pub use mutants::{MUTANTS, Mutant};
pub use witnesses::{WITNESSES, Witness, Witnessed, Witnesses};
mod replay;
mod timeline;
pub use replay::{Replayed, replay};
pub use timeline::{LANES, cells, timeline};
mod peer;
pub use peer::{Peer, PeerCounts, PeerMove, PeerState};
