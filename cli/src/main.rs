//! The command `activity`.

fn main() {}
