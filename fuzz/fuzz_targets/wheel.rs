//! Any bytes are a script: the wheel, and one of the narrowest nodes, against their oracle.

#![no_main]

use activity_models::wheel::{Kind, Move, Trial};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let moves = || bytes.chunks_exact(5).map(decode);
    assert_eq!(Trial::<2>::default().run(moves()), Ok(()));
    assert_eq!(Trial::<16>::default().run(moves()), Ok(()));
});

/// Five bytes: what, whose, how far (a mantissa and a shift, so that all magnitudes are as likely).
fn decode(bytes: &[u8]) -> Move {
    let [kind, key, high, low, shift] = bytes.try_into().expect("chunks are five bytes long");
    Move {
        kind: Kind::DEALT[usize::from(kind) % Kind::DEALT.len()],
        key: u32::from(key) * if kind < 128 { 1 } else { 7 },
        distance: u64::from(u16::from_be_bytes([high, low])) << (shift % 49),
    }
}
