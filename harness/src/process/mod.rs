//! A system in another process, spoken to in JSON lines; it ends with whoever started it.
//!
//! Knows lines, time limits and process groups; what an answer means is the protocol's affair.

mod child;
mod lines;

pub use child::kill_all;

use crate::protocol::{self, Answer, Asked, Hello, Request};
use crate::seam::{ActivityId, ActivitySystem, Broken, Call, Command, Manifest, SystemClock, Told};
use activity_execution::vocabulary::Span;
use child::Child;
use serde_json::value::RawValue;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// How a process is started, and how long it may take.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program and its arguments.
    pub command: Vec<OsString>,
    /// How long an answer may take.
    pub time_limit: Duration,
}

/// A system that is a process.
#[derive(Debug)]
pub struct Process {
    program: Program,
    child: Child,
    manifest: Manifest,
    batches: bool,
    /// The present of a virtual clock, in milliseconds.
    now: i64,
    requests: u64,
    state: Option<PathBuf>,
}

impl Process {
    /// Starts the program and shakes hands with it.
    ///
    /// # Errors
    /// If it cannot be started, or does not speak the protocol.
    pub fn start(program: Program) -> Result<Self, Broken> {
        let child = Child::start(&program, None)?;
        let mut process = Process {
            manifest: Manifest::of(""),
            program,
            child,
            batches: false,
            now: 0,
            requests: 0,
            state: None,
        };
        process.shake_hands()?;
        Ok(process)
    }

    /// How many requests it has answered.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests
    }

    fn shake_hands(&mut self) -> Result<(), Broken> {
        let hello = Asked::Hello { protocol: protocol::VERSION, now: self.now };
        let limit = self.program.time_limit.max(HANDSHAKE);
        let hello = encode(&[self.request(hello)], false);
        let line = self.child.exchange(&hello, 1, limit).map_err(|broken| {
            broken.at("the handshake").help("a service answers `Hello` first of all")
        })?;
        let manifest = self.read(&line[0], "Hello", |answer| {
            let ok = answer.ok.ok_or("it has no `ok`")?;
            let hello: Hello = protocol::parse(ok)?;
            Ok((hello.read()?, hello.batches))
        });
        (self.manifest, self.batches) = manifest.map_err(|broken| broken.at("the handshake"))?;
        Ok(())
    }

    fn request(&mut self, asked: Asked) -> Request {
        self.requests += 1;
        Request { id: self.requests, asked }
    }

    /// Reads the answer with this id, of the line that it is on.
    fn read<T>(
        &self,
        line: &str,
        word: &str,
        read: impl FnOnce(&Answer<'_>) -> Result<T, String>,
    ) -> Result<T, Broken> {
        let clipped = || clip(line);
        let answer: Answer<'_> = serde_json::from_str(line).map_err(|error| {
            self.child.broken(format!("its line is no answer: {error}: {}", clipped())).help(LOGS)
        })?;
        if let Some(error) = &answer.error {
            return Err(self.child.broken(format!("it cannot go on: {error}")));
        }
        read(&answer).map_err(|why| {
            self.child.broken(format!("its answer to {word} cannot be read: {why}: {}", clipped()))
        })
    }

    /// Sends requests and returns the line of each answer, in the order of the requests.
    fn exchange(&mut self, asked: Vec<Asked>) -> Result<Vec<String>, Broken> {
        let first = self.requests + 1;
        let requests: Vec<Request> = asked.into_iter().map(|asked| self.request(asked)).collect();
        let text = encode(&requests, self.batches);
        let lines = if self.batches { 1 } else { requests.len() };
        let mut lines = self.child.exchange(&text, lines, self.program.time_limit)?;
        if self.batches {
            let line = lines.pop().unwrap_or_default();
            let list: Vec<&RawValue> = serde_json::from_str(&line).map_err(|error| {
                let what = format!("its line is no list of answers: {error}: {}", clip(&line));
                self.child.broken(what).help(LOGS)
            })?;
            lines = list.iter().map(|it| it.get().to_owned()).collect();
        }
        self.in_order(first, requests.len(), lines)
    }

    /// The answers in the order of their requests; each is there, once.
    fn in_order(
        &self,
        first: u64,
        count: usize,
        lines: Vec<String>,
    ) -> Result<Vec<String>, Broken> {
        let mut sorted: Vec<Option<String>> = vec![None; count];
        for line in lines {
            let id = serde_json::from_str::<Id>(&line).map(|Id { id }| id).map_err(|error| {
                let what = format!("its line is no answer: {error}: {}", clip(&line));
                self.child.broken(what).help(LOGS)
            })?;
            let place = id.checked_sub(first).and_then(|place| usize::try_from(place).ok());
            match place.and_then(|place| sorted.get_mut(place)) {
                Some(empty @ None) => *empty = Some(line),
                Some(Some(_)) => {
                    return Err(self.child.broken(format!("it answered request {id} twice")));
                }
                None => {
                    let what = format!("it answered request {id}, which was not asked");
                    return Err(self.child.broken(what));
                }
            }
        }
        let missing = || self.child.broken("its list has fewer answers than were asked");
        sorted.into_iter().map(|line| line.ok_or_else(missing)).collect()
    }
}

impl ActivitySystem for Process {
    fn manifest(&self) -> Manifest {
        self.manifest.clone()
    }

    async fn call(&mut self, activity: ActivityId, call: &Call) -> Result<Told, Broken> {
        let commands = [Command { activity, call: call.clone() }];
        let mut told = self.calls(&commands).await?;
        Ok(told.pop().expect("each command is answered"))
    }

    async fn calls(&mut self, commands: &[Command]) -> Result<Vec<Told>, Broken> {
        let mut all = Vec::with_capacity(commands.len());
        for part in commands.chunks(BATCH) {
            let asked = part.iter().map(|it| Asked::of(it.activity, &it.call)).collect();
            let lines = self.exchange(asked).map_err(|broken| broken.at(told_of(part)))?;
            for (Command { call, activity }, line) in part.iter().zip(&lines) {
                let told = self.read(line, call.word(), |answer| answer.read(call));
                all.push(
                    told.map_err(|broken| broken.at(format!("{} of {activity}", call.word())))?,
                );
            }
        }
        Ok(all)
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        match self.manifest.clock {
            SystemClock::Virtual => {
                self.now += elapsed.0;
                let lines = self.exchange(vec![Asked::Advance { by: elapsed.0 }]);
                let lines = lines.map_err(|broken| broken.at("Advance"))?;
                self.read(&lines[0], "Advance", |answer| {
                    answer.ok.map(|_| ()).ok_or_else(|| "it has no `ok`".to_owned())
                })
            }
            SystemClock::Real { .. } => {
                let milliseconds = u64::try_from(elapsed.0).unwrap_or(0);
                self.child.rest(Duration::from_millis(milliseconds))
            }
        }
    }

    async fn crash(&mut self) -> Result<(), Broken> {
        self.child.kill();
        self.child = Child::start(&self.program, self.state.as_deref())?;
        self.shake_hands().map_err(|broken| broken.at("the start after a crash"))
    }

    async fn begin_anew(&mut self, durable: bool) -> Result<(), Broken> {
        self.child.kill();
        self.forget_state();
        self.now = 0;
        if durable {
            self.state = Some(child::folder()?);
        }
        self.child = Child::start(&self.program, self.state.as_deref())?;
        self.shake_hands()
    }

    async fn forget(&mut self, activities: &[ActivityId]) -> Result<(), Broken> {
        for part in activities.chunks(BATCH) {
            let forget = |it: &ActivityId| Asked::Forget { activity: it.to_string() };
            self.exchange(part.iter().map(forget).collect())
                .map_err(|broken| broken.at("Forget"))?;
        }
        Ok(())
    }
}

impl Process {
    fn forget_state(&mut self) {
        if let Some(folder) = self.state.take() {
            // A folder that stays behind is below the system's folder for temporary files.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.end();
        self.forget_state();
    }
}

#[derive(serde::Deserialize)]
struct Id {
    id: u64,
}

/// The lines of requests: one each, or one list.
fn encode(requests: &[Request], batched: bool) -> String {
    let json = |request: &Request| serde_json::to_string(request).expect("a request is JSON");
    let lines: Vec<String> = requests.iter().map(json).collect();
    if batched { format!("[{}]\n", lines.join(",")) } else { lines.join("\n") + "\n" }
}

/// What was asked, of many the first.
fn told_of(commands: &[Command]) -> String {
    match commands {
        [] => "nothing".to_owned(),
        [one] => format!("{} of {}", one.call.word(), one.activity),
        [first, rest @ ..] => {
            let (word, activity) = (first.call.word(), first.activity);
            format!("{word} of {activity} or one of {} requests after it", rest.len())
        }
    }
}

/// The beginning of a line, as an error may show it.
fn clip(line: &str) -> String {
    let visible: String = line.chars().flat_map(char::escape_debug).take(120).collect();
    if line.len() > visible.len() { format!("`{visible}…`") } else { format!("`{visible}`") }
}

const LOGS: &str = "standard output is for answers, one a line; logs belong on standard error";

/// How many requests are on their way at once.
const BATCH: usize = 512;

/// The least time that a program is given to come up.
const HANDSHAKE: Duration = Duration::from_secs(10);
