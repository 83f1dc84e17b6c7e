//! Plays the sequences that are known to differ, and compares what comes of them with what is kept.

use activity_harness::block_on;
use activity_harness::process::{Process, Program};
use activity_harness::run::{Replay, Unwatched, replayed};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Plays each file of a folder on a program, with the arguments that the folder names for it.
///
/// # Panics
/// If one does not differ just so, or a file and its arguments are not both there.
pub fn differ_as_they_are_kept(program: &str, folder: &Path) {
    let text = fs::read_to_string(folder.join("arguments.json")).expect("the folder has one");
    let arguments: BTreeMap<String, Vec<String>> =
        serde_json::from_str(&text).expect("it names arguments for each file");
    let files = fs::read_dir(folder).expect("there is a folder").count();
    assert_eq!(files, arguments.len() + 1, "each file has its arguments, and the other way round");
    for (name, arguments) in arguments {
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).expect("it is there");
        let kept = Replay::read(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        let arguments = arguments.into_iter().map(OsString::from);
        let command = [OsString::from(program)].into_iter().chain(arguments).collect();
        let program = Program { command, time_limit: Duration::from_secs(60) };
        let mut process = Process::start(program).unwrap_or_else(|it| panic!("{name}: {it:?}"));
        let played = block_on(replayed(&mut process, &kept, &Unwatched));
        let conformed = played.unwrap_or_else(|broken| panic!("{name}: {broken:?}"));
        let found = conformed.found.unwrap_or_else(|| panic!("{name} does not differ any more"));
        assert_eq!(Replay::of(&found, &conformed.manifest), kept, "{name}");
    }
}
