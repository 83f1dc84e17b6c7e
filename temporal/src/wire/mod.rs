//! Temporal's messages, as far as they are used here: numbers of fields and names of calls are
//! facts, the text is our own.

mod activity;
mod common;
mod failure;
mod history;
mod worker;
mod workflow;

pub(crate) use activity::*;
pub(crate) use common::*;
pub(crate) use failure::*;
pub(crate) use history::*;
pub(crate) use worker::*;
pub(crate) use workflow::*;

use prost::Message;

/// A request of the workflow service: its name there, and what answers it.
pub(crate) trait Rpc: Message + Clone + 'static {
    /// Its path.
    const PATH: &'static str;
    /// Its name.
    const NAME: &'static str;
    /// What answers it.
    type Response: Message + Default + 'static;
}

macro_rules! rpcs {
    ($($request:ident -> $response:ty;)*) => {$(
        impl crate::wire::Rpc for $request {
            const PATH: &'static str = concat!(
                "/temporal.api.workflowservice.v1.WorkflowService/",
                stringify!($request)
            );
            const NAME: &'static str = stringify!($request);
            type Response = $response;
        }
    )*};
}
use rpcs;
