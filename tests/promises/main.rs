//! The checks of the promises themselves: each refuses a mutant, every answer follows from some, and
//! what each refuses of wrong steps is written down, so that none becomes weaker unnoticed.

mod caller;
mod refusals;
mod service;
mod slips;
mod slots;
mod system;
mod task;
