//! Options: read, normalised as a server does, and the waits that follow from them.

mod backoff;
mod edges;
mod ground_truth;
mod normalisation;

/// Says aloud, past the harness that keeps what a test prints, that data is absent.
fn not_run(what: &std::path::Path) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "NOT RUN: {} is absent", what.display());
}
