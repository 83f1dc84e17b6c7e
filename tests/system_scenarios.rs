//! Every scenario of `tests/system_scenarios` is played on the machines, and ends as written.
//! `UPDATE=1 cargo test --test system_scenarios` rewrites what stands below `----`.

use activity_models::system::{play, transcribe};
use std::path::Path;
use std::{env, fs};

#[test]
fn every_scenario_of_the_system_ends_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/system_scenarios");
    let update = env::var_os("UPDATE").is_some();
    let (mut complaints, mut played) = (Vec::new(), 0);
    let entries = fs::read_dir(folder).expect("tests/system_scenarios can be read");
    let mut paths: Vec<_> =
        entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a scenario is text");
        match transcribe(&text) {
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

#[test]
fn a_scenario_that_cannot_be_says_what_can() {
    let complaint = play("# Too early.\ncaller: TryCancel\nworker A heartbeats").unwrap_err();
    assert_eq!(
        complaint,
        "line 3: not now: worker A heartbeats\nwhat can happen:\n  the caller closes\n  \
         the caller is cancelled\n  the caller schedules the activity\n  worker A shuts down\n  \
         worker B shuts down"
    );
    let nobody = play("# Whose?\ncaller: Nobody").unwrap_err();
    assert!(nobody.starts_with("line 2: `caller:` and one of TryCancel,"), "{nobody}");
    assert!(play("caller: TryCancel").unwrap_err().contains("opens with a comment"));
    assert!(play("# Nobody's.").unwrap_err().contains("whose activity"));
}
