//! A child process with its group: its lines, and its end, which nobody in the group survives.

use super::Program;
use super::lines::{Lines, Received, Tail};
use crate::protocol;
use crate::seam::Broken;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// A process, its standard input, and what it says.
#[derive(Debug)]
pub(super) struct Child {
    process: process::Child,
    group: Pid,
    input: Option<Sender<String>>,
    output: Lines,
    errors: Tail,
}

/// The groups that are still to be ended.
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Ends every process that was started here, for whoever is about to end itself.
pub fn kill_all() {
    for group in GROUPS.lock().map(|groups| groups.clone()).unwrap_or_default() {
        // It may have ended by itself.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

impl Child {
    /// Starts a program in a group of its own.
    ///
    /// # Errors
    /// If there is no such program.
    pub(super) fn start(program: &Program, state: Option<&Path>) -> Result<Self, Broken> {
        let [name, arguments @ ..] = program.command.as_slice() else {
            return Err(Broken::new("no program was named"));
        };
        let mut command = Command::new(name);
        command.args(arguments).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        match state {
            Some(folder) => command.env(protocol::STATE, folder),
            None => command.env_remove(protocol::STATE),
        };
        let mut process = command.spawn().map_err(|error| {
            Broken::new(format!("{} cannot be started: {error}", name.display()))
                .help("after -- comes the command of the service, as a shell would be given it")
        })?;
        let group = Pid::from_child(&process);
        if let Ok(mut groups) = GROUPS.lock() {
            groups.push(group);
        }
        let input = process.stdin.take().expect("standard input is piped");
        let output = Lines::of(process.stdout.take().expect("standard output is piped"));
        let errors = Tail::of(process.stderr.take().expect("standard error is piped"));
        Ok(Child { process, group, input: Some(writer(input)), output, errors })
    }

    /// Writes a text, and waits for so many lines.
    ///
    /// # Errors
    /// If they do not come in time.
    pub(super) fn exchange(
        &mut self,
        text: &str,
        lines: usize,
        limit: Duration,
    ) -> Result<Vec<String>, Broken> {
        if let Some(input) = &self.input {
            // Where nobody reads any more, the end of the output says so.
            let _ = input.send(text.to_owned());
        }
        let mut received = Vec::with_capacity(lines);
        while received.len() < lines {
            match self.next(limit) {
                Received::Line(line) => received.push(line),
                Received::NotUtf8 => {
                    return Err(self.stop("it wrote a line that is not UTF-8"));
                }
                Received::TooLong => {
                    return Err(self.stop("it wrote a line of more than 16 MB"));
                }
                Received::Late => {
                    let seconds = limit.as_secs_f64();
                    let answer = if lines == 1 { "answer" } else { "answers" };
                    let what = format!("it gave no {answer} within {seconds} s");
                    return Err(self.stop(what).help("--call-limit gives it longer"));
                }
                Received::End => return Err(self.ended()),
            }
        }
        Ok(received)
    }

    /// The next line, if it comes in time; one that has ended says no more, whoever of its group
    /// still holds its output.
    fn next(&mut self, limit: Duration) -> Received {
        let (mut left, mut had_ended) = (limit, false);
        loop {
            let part = left.min(PATIENCE);
            match self.output.next(part) {
                Received::Late if had_ended => return Received::End,
                Received::Late if left > part => left -= part,
                other => return other,
            }
            had_ended = matches!(self.process.try_wait(), Ok(Some(_)));
        }
    }

    /// Lets so much time pass, in which it is not asked and has nothing to say.
    ///
    /// # Errors
    /// If it ends, or says something.
    pub(super) fn rest(&mut self, time: Duration) -> Result<(), Broken> {
        match self.output.next(time) {
            Received::Late => Ok(()),
            Received::End => Err(self.ended()),
            Received::Line(_) | Received::NotUtf8 | Received::TooLong => {
                Err(self.stop("it wrote a line though nothing was asked"))
            }
        }
    }

    /// It closed its output, and most likely ended.
    fn ended(&mut self) -> Broken {
        let ended = self.wait(Duration::from_secs(2));
        self.kill();
        self.broken(match ended {
            Some(status) => format!("it ended by itself, {}", told(status)),
            None => "it closed its standard output".to_owned(),
        })
    }

    /// A complaint, with what it said on standard error.
    pub(super) fn broken(&self, what: impl Into<String>) -> Broken {
        Broken { stderr: self.errors.lines(), ..Broken::new(what) }
    }

    fn stop(&mut self, what: impl Into<String>) -> Broken {
        self.kill();
        self.broken(what)
    }

    /// Ends it: its input ends, and if it does not go by itself, it is killed.
    pub(super) fn end(&mut self) {
        self.input = None;
        self.wait(Duration::from_millis(500));
        self.kill();
    }

    /// Kills it, and everything in its group.
    pub(super) fn kill(&mut self) {
        self.input = None;
        // It may have ended by itself; others of its group are ended all the same.
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.process.wait();
        if let Ok(mut groups) = GROUPS.lock() {
            groups.retain(|group| *group != self.group);
        }
    }

    fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        #[expect(clippy::disallowed_methods, reason = "another process is waited for")]
        let ends = Instant::now() + limit;
        loop {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Some(status);
            }
            #[expect(clippy::disallowed_methods, reason = "another process is waited for")]
            if Instant::now() >= ends {
                return None;
            }
            thread::park_timeout(Duration::from_millis(5));
        }
    }
}

/// How long a silent process is left alone before it is looked at.
const PATIENCE: Duration = Duration::from_millis(250);

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Writes what it is sent, so that a process that does not read holds nobody up.
fn writer(mut input: process::ChildStdin) -> Sender<String> {
    let (sender, receiver) = mpsc::channel::<String>();
    thread::spawn(move || {
        for text in receiver {
            if input.write_all(text.as_bytes()).and_then(|()| input.flush()).is_err() {
                return;
            }
        }
    });
    sender
}

fn told(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("with exit code {code}"),
        None => format!("{status}"),
    }
}

/// An empty folder for what has to survive a crash.
///
/// # Errors
/// If none can be made.
pub(super) fn folder() -> Result<PathBuf, Broken> {
    static FOLDERS: AtomicU32 = AtomicU32::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("activity-{}-{number}", process::id()));
    std::fs::create_dir_all(&folder)
        .map_err(|error| Broken::new(format!("{} cannot be made: {error}", folder.display())))?;
    Ok(folder)
}
