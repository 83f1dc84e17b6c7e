//! A hint to the processor, where there is one: the only `unsafe` of the wheel.
//! A hint moves no data that a program could see, so it cannot make a right program wrong.

/// Asks for all cache lines of `value`, without waiting for them.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[expect(unsafe_code, reason = "the instruction is reached through an intrinsic that is unsafe")]
pub(super) fn prefetch<T>(value: &T) {
    use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    for line in (0..size_of::<T>()).step_by(64) {
        let address = (&raw const *value).cast::<i8>().wrapping_add(line);
        // SAFETY: every x86-64 processor has the instruction; it never faults, and this address
        // lies within `value`.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address) };
    }
}

/// Elsewhere nothing is asked for.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn prefetch<T>(_: &T) {}
