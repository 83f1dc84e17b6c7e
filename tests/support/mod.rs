//! What the random tests share: plans that become scripts, and bugs to be found.

pub(crate) mod bugs;
pub(crate) mod plan;
