//! Services in other languages: the honest ones pass, what is planted in them is found, and those
//! that misbehave get one clear error and leave no process behind.

mod honest;
mod learned;
mod misbehaving;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use activity_harness::process::Program;

/// A program and its arguments.
fn program(command: &[&str]) -> Program {
    let command = command.iter().map(OsString::from).collect();
    Program { command, time_limit: Duration::from_secs(20) }
}

/// Whether a tool is there; that it is not is said aloud.
fn is_there(tool: &str, argument: &str) -> bool {
    let tried =
        Command::new(tool).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = tried.is_ok_and(|status| status.success());
    if !is_there {
        println!("LEFT OUT: {tool} is not there, and what is tested with it is not tested");
    }
    is_there
}

/// A file of the services that come with the harness.
fn service(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("services").join(name)
}
