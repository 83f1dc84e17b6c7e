//! Any bytes are a document, a history, neither or both: every reader says which, and never panics.
//! Read as they are, and as the recipe of a document in the words that readers know.

#![no_main]

#[path = "../../sources/tests/documents/grown.rs"]
mod grown;
#[path = "../../sources/tests/documents/readers.rs"]
mod readers;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    readers::hold(bytes);
    readers::hold(&grown::grown(bytes));
});
