//! The lines that a process writes, read by threads: answers with a time limit, complaints the last
//! few. Knows how long a line may be; does not know what is on it.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The lines of standard output.
#[derive(Debug)]
pub(super) struct Lines(Receiver<Received>);

/// What came.
#[derive(Debug)]
pub(super) enum Received {
    /// A line, without its end.
    Line(String),
    /// A line that is no text.
    NotUtf8,
    /// A line without an end in sight.
    TooLong,
    /// Nothing, in the time that it had.
    Late,
    /// Nothing, nor will anything come.
    End,
}

impl Lines {
    /// The lines of a reader.
    pub(super) fn of(output: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        thread::spawn(move || read(output, &sender));
        Lines(receiver)
    }

    /// The next line, if it comes in time.
    pub(super) fn next(&self, limit: Duration) -> Received {
        match self.0.recv_timeout(limit) {
            Ok(received) => received,
            Err(RecvTimeoutError::Timeout) => Received::Late,
            Err(RecvTimeoutError::Disconnected) => Received::End,
        }
    }
}

/// Reads until the end, or until nobody listens.
fn read(output: impl Read, sender: &SyncSender<Received>) {
    let mut output = BufReader::with_capacity(1 << 16, output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut output).take(LONGEST).read_until(b'\n', &mut line);
        let received = match read {
            Ok(0) | Err(_) => return,
            Ok(_) if line.len() as u64 == LONGEST => Received::TooLong,
            Ok(_) => match String::from_utf8(line.trim_ascii_end().to_vec()) {
                Ok(text) if text.is_empty() => continue,
                Ok(text) => Received::Line(text),
                Err(_) => Received::NotUtf8,
            },
        };
        if sender.send(received).is_err() {
            return;
        }
    }
}

/// How many lines may wait to be looked at; whoever writes more is held up.
const WAITING: usize = 2_048;

/// How long a line may be.
const LONGEST: u64 = 16_000_000;

/// The last lines of standard error.
#[derive(Debug)]
pub(super) struct Tail(Arc<Mutex<Vec<String>>>);

impl Tail {
    /// The last lines of a reader.
    pub(super) fn of(errors: impl Read + Send + 'static) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&kept);
        thread::spawn(move || {
            let mut errors = BufReader::new(errors);
            let mut line = Vec::new();
            while let Ok(1..) = (&mut errors).take(WIDEST).read_until(b'\n', &mut line) {
                let text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
                line.clear();
                let Ok(mut lines) = lines.lock() else { return };
                lines.push(text);
                if lines.len() > KEPT {
                    lines.remove(0);
                }
            }
        });
        Tail(kept)
    }

    /// What is there now, oldest first, without control characters.
    pub(super) fn lines(&self) -> Vec<String> {
        // Whoever ended has often just said why.
        thread::park_timeout(Duration::from_millis(50));
        let lines = self.0.lock().map(|lines| lines.clone()).unwrap_or_default();
        let visible = |line: String| line.replace(char::is_control, " ");
        lines.into_iter().map(visible).collect()
    }
}

/// How many lines of standard error are kept.
const KEPT: usize = 12;

/// How long such a line may be before it is taken for two.
const WIDEST: u64 = 400;
