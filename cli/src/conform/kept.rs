//! Sequences that once differed: read before anything is played, written when one is found.

use super::Arguments;
use crate::input;
use crate::problem::Problem;
use activity_harness::run::Replay;
use std::fs;
use std::path::{Path, PathBuf};

/// What is to be played first, and what is to be said of what cannot be.
pub(super) fn read(arguments: &Arguments) -> Result<(Vec<Replay>, Vec<String>), Vec<Problem>> {
    if let Some(path) = &arguments.replay {
        return Ok((vec![replay(path).map_err(|problem| vec![problem])?], Vec::new()));
    }
    let Ok(folder) = fs::read_dir(&arguments.keep) else { return Ok((Vec::new(), Vec::new())) };
    let mut files: Vec<PathBuf> =
        folder.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == "json"));
    files.sort();
    let kept: Result<Vec<Replay>, Problem> = files.iter().map(|path| replay(path)).collect();
    kept.map(|kept| (kept, Vec::new()))
        .map_err(|problem| vec![problem.help("remove it, or name another folder with --keep")])
}

fn replay(path: &Path) -> Result<Replay, Problem> {
    let bytes = input::read(path)?;
    let name = input::name(path);
    let text =
        String::from_utf8(bytes).map_err(|_| Problem::new(&name, "this file is not UTF-8"))?;
    Replay::read(&text)
        .map_err(|why| Problem::new(&name, format!("this is no sequence to be played: {why}")))
}

/// Keeps a sequence, and says where; or why not.
pub(super) fn write(arguments: &Arguments, replay: &Replay) -> Result<PathBuf, String> {
    let off = std::env::var_os("PROPTEST_DISABLE_FAILURE_PERSISTENCE").is_some();
    if off {
        return Err("not kept, as PROPTEST_DISABLE_FAILURE_PERSISTENCE asks".to_owned());
    }
    let file = arguments.keep.join(replay.file_name());
    let text = serde_json::to_string_pretty(replay).expect("a replay is JSON") + "\n";
    let written = fs::create_dir_all(&arguments.keep).and_then(|()| fs::write(&file, text));
    match written {
        Ok(()) => Ok(file),
        Err(error) => Err(format!("{} cannot be written: {error}", file.display())),
    }
}
