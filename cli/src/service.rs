//! A service in another process: its command as it was typed, what is wrong with it, and its end.

use crate::problem::Problem;
use activity_harness::process::kill_all;
use activity_harness::seam::Broken;
use std::ffi::OsString;

/// Whoever interrupts us means the service, too; if that cannot be heard, it ends with its input.
pub(crate) fn ends_with_us() {
    let _ = ctrlc::set_handler(|| {
        kill_all();
        std::process::exit(130);
    });
}

/// A command, as a person types it.
pub(crate) fn typed(command: &[OsString]) -> String {
    let words = command.iter().map(|word| word.to_string_lossy().into_owned());
    words.collect::<Vec<_>>().join(" ")
}

/// A complaint about the service of this name.
pub(crate) fn complaint(name: String, broken: &Broken) -> Problem {
    let message = match &broken.at {
        Some(at) => format!("{}, at {at}", broken.what),
        None => broken.what.clone(),
    };
    let mut problem = Problem::new(name, message);
    for line in &broken.stderr {
        problem = problem.note(&format!("standard error: {line}"));
    }
    match &broken.help {
        Some(help) => problem.help(help.clone()),
        None => problem,
    }
}

/// How long an answer may take, in seconds.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.001..=86_400.0).contains(&seconds) => Ok(seconds),
        Ok(_) | Err(_) => Err("a number of seconds, from 0.001 to 86400".to_owned()),
    }
}
