//! The program that asks a live Temporal server: where it is, and how to get it where it is not.

use crate::problem::Problem;
use std::env::{consts::EXE_SUFFIX, current_exe, split_paths, var_os};
use std::path::PathBuf;

/// The program: beside this one, or else on the PATH.
///
/// # Errors
/// If it is in neither place.
pub(super) fn program() -> Result<PathBuf, Problem> {
    let file = format!("{NAME}{EXE_SUFFIX}");
    let beside = current_exe().ok().and_then(|own| Some(own.parent()?.to_owned()));
    let on_path: Vec<PathBuf> =
        var_os("PATH").map(|path| split_paths(&path).collect()).unwrap_or_default();
    let found = beside.iter().chain(&on_path).map(|folder| folder.join(&file));
    found.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let places = match &beside {
            Some(folder) => format!("neither in {} nor on the PATH", folder.display()),
            None => "not on the PATH".to_owned(),
        };
        Problem::new(NAME, format!("this program asks a Temporal server, and is {places}"))
            .help(format!("cargo build --release --package {NAME} builds it beside this command"))
    })
}

/// How it begins a complaint.
pub(super) const SAYS: &str = "activity-temporal: ";

const NAME: &str = "activity-temporal";
