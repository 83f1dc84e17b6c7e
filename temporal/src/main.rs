//! A live Temporal server as a system under test: reads the protocol of `activity conform` on
//! standard input, and makes of each call one of Temporal's over gRPC.

mod arguments;
mod connection;
mod fault;
mod serve;
mod standalone;
mod system;
mod translate;
mod wire;
mod worker;
mod workflow;

use arguments::Arguments;
use clap::Parser as _;
use connection::Connection;
use fault::Between;
use std::hash::{BuildHasher as _, RandomState};
use std::process::ExitCode;
use system::{Dialect, System};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("no threads can be started: {error}")),
    };
    let served = runtime.block_on(run(&arguments));
    // Nobody waits for polls that are open, nor for a line that may never come.
    runtime.shutdown_background();
    served.map_or_else(|why| complain(&why), |()| ExitCode::SUCCESS)
}

async fn run(arguments: &Arguments) -> Result<(), String> {
    let (namespace, limit) = (&arguments.namespace, arguments.limit);
    let connection = Connection::open(&arguments.address, namespace, limit).await?;
    let version = connection.version().await?;
    connection.enter(arguments.register).await?;
    if arguments.dialect == Dialect::Standalone {
        connection.has_standalone_activities(&version).await?;
    }
    let session = format!("conform-{:012x}", RandomState::new().hash_one(0) >> 16);
    let (dialect, step) = (arguments.dialect, arguments.step);
    let system = System::new(connection, dialect, session, version, step, limit);
    serve::serve(Between::new(system, arguments.fault())).await
}

fn complain(why: &str) -> ExitCode {
    eprintln!("activity-temporal: {why}");
    ExitCode::FAILURE
}
