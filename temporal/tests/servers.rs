//! The program against servers that are not there, hang or hang up; and against a live one, where
//! `TEMPORAL_ADDRESS` says where one is.

use activity_harness::alphabet::Configuration;
use activity_harness::block_on;
use activity_harness::process::{Process, Program};
use activity_harness::run::{Conformed, Plan, SuiteName, Unwatched, conform};
use activity_harness::seam::ActivitySystem as _;
use activity_harness::suite::graded;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_activity-temporal");

/// What the program says before it ends by itself, asked nothing.
fn complaint(arguments: &[&str]) -> String {
    let ran = Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{told}");
    assert!(ran.stdout.is_empty(), "{:?}", String::from_utf8_lossy(&ran.stdout));
    assert_eq!(told.lines().count(), 1, "{told}");
    told
}

#[test]
fn where_no_server_is_one_line_says_so() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let told = complaint(&["--address", &free]);
    assert!(told.contains(&format!("no server answers at {free}: Connection refused")), "{told}");
    assert!(told.contains("temporal/README.md says how to start one"), "{told}");
    let told = complaint(&["--address", "not an address"]);
    assert!(told.contains("not an address is no address"), "{told}");
}

#[test]
fn a_server_that_never_answers_is_waited_for_no_longer_than_the_limit() {
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = hangs.local_addr().unwrap().to_string();
    let told = complaint(&["--address", &address, "--limit", "300ms"]);
    assert!(told.contains(&address) && told.contains("was not answered within 0.3 s"), "{told}");
}

#[test]
fn a_server_that_hangs_up_is_one_line() {
    let hangs_up = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = hangs_up.local_addr().unwrap().to_string();
    thread::spawn(move || hangs_up.incoming().for_each(drop));
    let told = complaint(&["--address", &address, "--limit", "2s"]);
    assert!(told.starts_with("activity-temporal: ") && told.contains(&address), "{told}");
}

/// Where a live server is; that none is said aloud, past what collects the output of tests.
fn live() -> Option<String> {
    let address = std::env::var("TEMPORAL_ADDRESS").ok();
    if address.is_none() {
        let what = "LEFT OUT: TEMPORAL_ADDRESS is not set, and no live Temporal server is tested\n";
        io::stderr().write_all(what.as_bytes()).unwrap();
    }
    address
}

/// Plays a few walks on a live server, in steps of two seconds.
fn walked(address: &str, configuration: Configuration, arguments: &[&str]) -> Conformed {
    let own = ["--address", address, "--register", "--step", "2s"];
    let words = [PROGRAM].into_iter().chain(own).chain(arguments.iter().copied());
    let command = words.map(Into::into).collect();
    let program = Program { command, time_limit: Duration::from_secs(20) };
    let mut process = Process::start(program).unwrap();
    let can = process.manifest().can;
    assert!(configuration.suits(can), "{}", configuration.name);
    let plan = Plan {
        configurations: vec![configuration],
        suites: vec![SuiteName::Walks],
        walks: 6,
        walk_length: 16,
        width: 6,
        ..Plan::default()
    };
    block_on(conform(&mut process, &plan, &[], &Unwatched)).unwrap()
}

#[test]
fn a_live_server_does_what_the_specification_does() {
    let Some(address) = live() else { return };
    for (place, dialect) in [(0, "standalone"), (30, "workflow")] {
        let conformed = walked(&address, graded().remove(place), &["--dialect", dialect]);
        assert!(conformed.found.is_none(), "{:#?}", conformed.found);
        assert!(conformed.parts[0].played.sequences > 0, "everything was too late");
    }
}

#[test]
fn what_goes_wrong_on_the_way_to_a_live_server_is_found() {
    let Some(address) = live() else { return };
    for fault in ["drop", "repeat", "reorder"] {
        let conformed = walked(&address, graded().remove(0), &["--fault", fault]);
        assert!(conformed.found.is_some(), "{fault}: {:#?}", conformed.because);
    }
}
