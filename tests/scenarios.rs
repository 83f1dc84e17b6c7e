//! Every scenario of `tests/scenarios` is played on core and specification, and ends as written.
//! `UPDATE=1 cargo test --test scenarios` rewrites what stands below `----`.

use activity_models::scenario::{Core, Effort, Script, run_on, split};
use std::path::Path;
use std::{env, fs};

#[test]
fn every_scenario_ends_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let update = env::var_os("UPDATE").is_some();
    let (mut complaints, mut played) = (Vec::new(), 0);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("tests/scenarios can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a scenario is text");
        match check(&text) {
            Ok(played) if played == text => {}
            Ok(played) if update => fs::write(&path, played).expect("a scenario can be rewritten"),
            Ok(played) => complaints.push(format!("{name}: UPDATE=1 would write\n{played}")),
            Err(complaint) => complaints.push(format!("{name}: {complaint}")),
        }
        played += 1;
    }
    assert!(played > 0, "no scenario was found");
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

/// Plays a scenario and gives its text with the transcript that came of it.
fn check(text: &str) -> Result<String, String> {
    let script: Script = text.parse().map_err(|error| format!("{error}"))?;
    if script.comment.is_empty() {
        return Err("a scenario opens with a comment that says its point".into());
    }
    if text.lines().count() > 40 {
        return Err("a scenario has at most 40 lines: one behaviour".into());
    }
    let transcript = run_on(&script, Effort::Probes, Core::create);
    if !transcript.violations.is_empty() {
        return Err(transcript.report());
    }
    Ok(format!("{}\n----\n{transcript}", split(text).0.trim_end()))
}
