//! Each sequence that is kept still differs, and just so.

use activity_peers_common::replays::differ_as_they_are_kept;
use std::path::Path;

#[test]
fn what_is_known_to_differ_still_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("differences");
    differ_as_they_are_kept(env!("CARGO_BIN_EXE_activity-peers-apalis"), &folder);
}
