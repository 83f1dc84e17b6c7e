//! What the random tests share: plans that become scripts.

pub(crate) mod plan;
