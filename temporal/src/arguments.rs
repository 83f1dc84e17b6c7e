//! The arguments of `activity-temporal`.

use crate::fault::{Fault, Kind};
use crate::system::Dialect;
use clap::Parser;
use std::time::Duration;

/// A live Temporal server, behind the protocol of `activity conform`
#[derive(Clone, Debug, Parser)]
#[command(name = "activity-temporal", version, max_term_width = 100, after_help = ABOUT)]
pub(crate) struct Arguments {
    /// Where the server answers gRPC: host:port
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "TEMPORAL_ADDRESS",
        default_value = "127.0.0.1:7233"
    )]
    pub(crate) address: String,

    /// In which namespace
    #[arg(long, value_name = "NAME", env = "TEMPORAL_NAMESPACE", default_value = "default")]
    pub(crate) namespace: String,

    /// Register the namespace if it is not there
    #[arg(long)]
    pub(crate) register: bool,

    /// Whose rules the activities follow
    #[arg(long, value_enum, default_value = "standalone", value_name = "DIALECT")]
    pub(crate) dialect: Dialect,

    /// What the harness takes for a unit of time: 600ms, 3s. A third of it, of many options a
    /// quarter, has to be longer than answers and timers of the server are ever late
    #[arg(long, value_parser = duration, default_value = "3s", value_name = "TIME")]
    pub(crate) step: Duration,

    /// How long the server may take to answer a call
    #[arg(long, value_parser = duration, default_value = "4s", value_name = "TIME")]
    pub(crate) limit: Duration,

    /// Let something go wrong on the way to the server, to see that it is found
    #[arg(long, value_enum, value_name = "FAULT")]
    fault: Option<Kind>,

    /// With one in so many calls of each activity
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,

    /// With which one first
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
}

impl Arguments {
    /// What goes wrong on the way.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault.map(|kind| Fault { kind, every: self.every, seed: self.seed })
    }
}

/// A duration: a number, and `ms` or `s`.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1.0),
        None => (text.strip_suffix('s').unwrap_or(text), 1_000.0),
    };
    let milliseconds = number.trim().parse::<f64>().map_or(f64::NAN, |number| number * unit);
    if !(SHORTEST..=LONGEST).contains(&milliseconds) {
        return Err("a time from 40ms to 3600s, as in 600ms or 3s".to_owned());
    }
    Ok(Duration::from_secs_f64(milliseconds / 1_000.0))
}

/// In milliseconds.
const SHORTEST: f64 = 40.0;
const LONGEST: f64 = 3_600_000.0;

const ABOUT: &str = "\
It is started by `activity conform --temporal ADDRESS`, which gives it whatever comes after `--`:

  activity conform --temporal 127.0.0.1:7233
  activity conform --temporal 127.0.0.1:7233 -- --dialect workflow --step 1s

It reads requests on standard input and answers on standard output, a JSON object or a list of them
a line; docs/harness.md tells what they mean. temporal/README.md says how a server is started.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(duration("600ms"), Ok(Duration::from_millis(600)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1_500)));
        assert_eq!(duration("3"), Ok(Duration::from_secs(3)));
        for strange in ["", "s", "ms", "-1s", "NaN", "inf", "1h", "39ms", "1e9s"] {
            assert!(duration(strange).is_err(), "{strange}");
        }
    }
}
