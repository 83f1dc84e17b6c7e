//! The activity that owns its options: random runs beside the bare machine, recovery from logs and
//! snapshots, stored forms, and what becomes of them when a byte is wrong.

mod apply;
mod bare;
mod corruption;
mod driver;
mod golden;
mod size;
mod stored;
