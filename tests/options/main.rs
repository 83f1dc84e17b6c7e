//! Options: read, normalised as a server does, and the waits that follow from them.

mod backoff;
mod ground_truth;
mod histories;
mod noise;
mod normalisation;
mod text;
