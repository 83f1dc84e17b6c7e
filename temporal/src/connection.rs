//! The connection to a server: one call at a time limit, and what went wrong in words.
//! Knows gRPC; does not know what a call means.

use crate::translate::refusal;
use crate::wire::{
    DescribeActivityExecution, DescribeWorkflowExecution, GetSystemInfo, RegisterNamespace, Rpc,
    Time, WorkflowExecution,
};
use std::error::Error;
use std::iter;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

/// Why a call has no answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Failed {
    /// It is refused, for the reason that has this name.
    Refused(&'static str),
    /// The server does not answer as a server can.
    Broken(String),
}

/// A server, and a namespace of it.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    grpc: Grpc<Channel>,
    address: String,
    namespace: String,
    limit: Duration,
}

impl Connection {
    /// Connects to the server at an address; a call may take so long.
    ///
    /// # Errors
    /// If none answers there.
    pub(crate) async fn open(
        address: &str,
        namespace: &str,
        limit: Duration,
    ) -> Result<Self, String> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"))
            .map_err(|error| format!("{address} is no address: {error}; it is host:port"))?;
        let endpoint = endpoint.connect_timeout(limit).tcp_nodelay(true);
        let nobody = |why: &str| {
            format!(
                "no server answers at {address}: {why}; temporal/README.md says how to start one"
            )
        };
        let channel = match timeout(limit, endpoint.connect()).await {
            Ok(Ok(channel)) => channel,
            Ok(Err(error)) => return Err(nobody(&innermost(&error))),
            Err(_) => return Err(nobody("it does not accept connections in time")),
        };
        let (address, namespace) = (address.to_owned(), namespace.to_owned());
        Ok(Connection { grpc: Grpc::new(channel), address, namespace, limit })
    }

    /// The namespace of every call.
    pub(crate) fn namespace(&self) -> String {
        self.namespace.clone()
    }

    /// Calls the server.
    ///
    /// # Errors
    /// If it refuses, or does not answer.
    pub(crate) async fn call<R: Rpc>(&self, request: R) -> Result<R::Response, Failed> {
        let mut tries = 0;
        loop {
            let status = match timeout(self.limit, self.unary(request.clone())).await {
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(status)) => status,
                Err(_) => return Err(self.silent::<R>()),
            };
            // A server that is busy says so before it does anything.
            if status.code() == Code::ResourceExhausted && tries < TRIES {
                tries += 1;
                sleep(PAUSE).await;
                continue;
            }
            return Err(self.failed::<R>(&status));
        }
    }

    /// Waits for a task so long and no longer; a wait that is over is taken back.
    ///
    /// # Errors
    /// If the server refuses, or is not there any more.
    pub(crate) async fn wait<R: Rpc>(
        &self,
        request: R,
        patience: Duration,
    ) -> Result<Option<R::Response>, Failed> {
        match timeout(patience, self.unary(request)).await {
            Ok(Ok(response)) => Ok(Some(response)),
            Ok(Err(status)) => Err(self.failed::<R>(&status)),
            Err(_) => Ok(None),
        }
    }

    /// Makes a call; one that never left is made again. A server ends each connection after some
    /// minutes, and what is handed to it in that moment has to go by the next one.
    async fn unary<R: Rpc>(&self, request: R) -> Result<R::Response, Status> {
        let mut tries = 0;
        loop {
            match self.once(request.clone()).await {
                Err(status) if never_left(&status) && tries < TRIES => tries += 1,
                made => return made,
            }
        }
    }

    async fn once<R: Rpc>(&self, request: R) -> Result<R::Response, Status> {
        let mut grpc = self.grpc.clone();
        let mut request = Request::new(request);
        request.set_timeout(LONGEST);
        let unready = |error: tonic::transport::Error| Status::unavailable(innermost(&error));
        grpc.ready().await.map_err(unready)?;
        let codec = ProstCodec::<R, R::Response>::default();
        let answer = grpc.unary(request, PathAndQuery::from_static(R::PATH), codec).await?;
        Ok(answer.into_inner())
    }

    fn failed<R: Rpc>(&self, status: &Status) -> Failed {
        let (code, message) = (status.code(), status.message());
        let nowhere = code == Code::NotFound && message.starts_with("Namespace");
        match refusal(code, message).filter(|_| !nowhere) {
            Some(reason) => Failed::Refused(reason),
            None => {
                let local = status.source().map(innermost);
                let why = local.unwrap_or_else(|| message.to_owned());
                let (name, address) = (R::NAME, &self.address);
                Failed::Broken(format!("{name} at {address} failed: {code:?}: {why}"))
            }
        }
    }

    fn silent<R: Rpc>(&self) -> Failed {
        let (name, address, limit) = (R::NAME, &self.address, self.limit.as_secs_f64());
        Failed::Broken(format!("{name} at {address} was not answered within {limit} s"))
    }

    /// Looks whether the namespace is there; one that is not is registered, if that is wanted.
    ///
    /// # Errors
    /// If it is not, or nothing answers.
    pub(crate) async fn enter(&self, register: bool) -> Result<(), String> {
        let mut is_registered = !register;
        let missing = format!("the namespace {} is not there", self.namespace);
        for _ in 0..ENTERED {
            let execution = WorkflowExecution { workflow_id: "nobody".to_owned(), ..NONE };
            let look = DescribeWorkflowExecution {
                namespace: self.namespace(),
                execution: Some(execution),
            };
            match self.call(look).await {
                Ok(_) | Err(Failed::Refused("NotFound")) => return Ok(()),
                Err(Failed::Broken(why)) if why.contains("Namespace") => {
                    if is_registered && !register {
                        return Err(format!("{missing}; --register makes it: {why}"));
                    }
                    if !is_registered {
                        self.register().await?;
                        is_registered = true;
                    }
                    // The server looks for new namespaces every now and then.
                    sleep(Duration::from_millis(250)).await;
                }
                Err(Failed::Broken(why)) => return Err(why),
                Err(Failed::Refused(reason)) => return Err(format!("it refuses: {reason}")),
            }
        }
        Err(format!("{missing}, though it was registered"))
    }

    /// The version of the server.
    ///
    /// # Errors
    /// If it does not say.
    pub(crate) async fn version(&self) -> Result<String, String> {
        match self.call(GetSystemInfo {}).await {
            Ok(info) => Ok(info.server_version),
            Err(Failed::Broken(why)) => Err(why),
            Err(Failed::Refused(reason)) => Err(format!("it does not say what it is: {reason}")),
        }
    }

    /// Looks whether the server has standalone activities.
    ///
    /// # Errors
    /// If it has none.
    pub(crate) async fn has_standalone_activities(&self, version: &str) -> Result<(), String> {
        let look = DescribeActivityExecution {
            namespace: self.namespace(),
            activity_id: "nobody".to_owned(),
            ..DescribeActivityExecution::default()
        };
        match self.call(look).await {
            Err(Failed::Broken(why)) => Err(format!(
                "server {version} has no standalone activities, or has them switched off; with \
                 --dialect workflow those of workflows are tested: {why}"
            )),
            Ok(_) | Err(Failed::Refused(_)) => Ok(()),
        }
    }

    async fn register(&self) -> Result<(), String> {
        let day = Time { seconds: 86_400, nanos: 0 };
        let new = RegisterNamespace {
            namespace: self.namespace(),
            workflow_execution_retention_period: Some(day),
        };
        match self.call(new).await {
            Ok(_) | Err(Failed::Refused("AlreadyStarted")) => Ok(()),
            Err(Failed::Refused(reason)) => Err(format!("it registers no namespace: {reason}")),
            Err(Failed::Broken(why)) => Err(why),
        }
    }
}

const NONE: WorkflowExecution =
    WorkflowExecution { workflow_id: String::new(), run_id: String::new() };

/// What is said to be the longest that anybody waits: a server refuses to hear of less than two
/// seconds, and answers a second before it is over.
const LONGEST: Duration = Duration::from_secs(60);

/// How often a call that was not heard is made again, and after what pause if the server is busy.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(20);

/// How often it is asked for a namespace that was just registered.
const ENTERED: u32 = 36;

/// An error, and what caused it, to the cause that has no other.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| error.source())
}

/// The cause that has no other.
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// Whether a connection ended before a call went by it: before it was sent, or so that the server says
/// that it did not look at it.
fn never_left(status: &Status) -> bool {
    causes(status).any(|cause| {
        let is_unsent = cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled);
        let is_late = cause.downcast_ref::<h2::Error>().is_some_and(|it| {
            it.is_go_away() && it.is_remote() && it.reason() == Some(h2::Reason::NO_ERROR)
        });
        is_unsent || is_late
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::{TcpListener, TcpStream};
    use tonic::codegen::Bytes;
    use tonic::codegen::http::{HeaderMap, HeaderValue, Response};

    /// Answers three calls, and asks whoever calls to come by another connection.
    async fn three_calls(socket: TcpStream) {
        let socket = socket.into_std().unwrap();
        let held = socket.try_clone().unwrap();
        let socket = TcpStream::from_std(socket).unwrap();
        let mut connection = h2::server::handshake(socket).await.unwrap();
        let mut left = 3;
        while let Some(Ok((_, mut respond))) = connection.accept().await {
            let head = Response::builder().header("content-type", "application/grpc");
            let mut body = respond.send_response(head.body(()).unwrap(), false).unwrap();
            body.send_data(Bytes::from_static(&[0; 5]), false).unwrap();
            let fine = ("grpc-status".parse().unwrap(), HeaderValue::from_static("0"));
            body.send_trailers(HeaderMap::from_iter([fine])).unwrap();
            left -= 1;
            if left == 0 {
                connection.graceful_shutdown();
            }
        }
        // Like a server that is polite it still takes in what was on its way, unheard.
        sleep(Duration::from_secs(1)).await;
        drop(held);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_call_that_meets_the_end_of_its_connection_goes_by_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(three_calls(socket));
            }
        });
        let limit = Duration::from_secs(20);
        let connection = Connection::open(&address, "default", limit).await.unwrap();
        let callers = (0..16).map(|_| {
            let connection = connection.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    connection.call(GetSystemInfo {}).await.unwrap();
                }
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.unwrap();
        }
    }
}
