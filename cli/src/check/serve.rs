//! Stateright's Explorer on one configuration, with a picture of the way to each state.

use crate::problem::Problem;
use activity_models::exploration::{Grid, drawn};
use stateright::Model as _;
use std::io::{self, Write as _};
use std::net::ToSocketAddrs as _;

/// Serves the states of the product until somebody ends it; returns only if that cannot be.
pub(super) fn serve(grid: &Grid, address: &str, threads: usize) -> Problem {
    let resolved = match address.to_socket_addrs() {
        Ok(addresses) => addresses.collect::<Vec<_>>(),
        Err(error) => {
            return Problem::new("--serve", format!("`{address}` is no address: {error}"))
                .help("an address looks like localhost:3000");
        }
    };
    // The Explorer does not say what it could not bind, so that is tried first.
    if let Err(error) = std::net::TcpListener::bind(&*resolved) {
        return Problem::new("--serve", format!("nobody can listen on {address}: {error}"));
    }
    // Nothing can be done if standard error is gone.
    let _ = writeln!(io::stderr(), "exploring on http://{address}/ until interrupted");
    drop(drawn(grid.clone()).checker().threads(threads).serve(&*resolved));
    Problem::new("--serve", "the Explorer has ended")
}
