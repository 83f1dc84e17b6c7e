//! Random numbers that are the same everywhere.

/// A linear congruential generator, of whose state the upper half is used.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// A number from `least` to `most`.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let range = u64::try_from(most - least + 1).expect("least is least");
        least + i64::try_from((self.0 >> 33) % range).expect("it is small")
    }

    /// Whether something is so that is so in one of so many cases.
    pub(crate) fn one_in(&mut self, many: i64) -> bool {
        self.between(1, many) == 1
    }

    pub(crate) fn of<T: Copy>(&mut self, values: &[T]) -> T {
        let last = i64::try_from(values.len() - 1).expect("few");
        values[usize::try_from(self.between(0, last)).expect("within")]
    }
}
