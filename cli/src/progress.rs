//! How far a check has come: a bar on a terminal, a line for each phase otherwise.
//! Also the one place that knows when the time is up.

use crate::style::count;
use activity_models::exploration::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How far a check has come, on standard error.
#[derive(Debug)]
pub struct Progress {
    is_terminal: bool,
    ends: Option<Instant>,
    phase: Mutex<Phase>,
    unique_states: AtomicU64,
    transitions: AtomicU64,
}

#[derive(Debug)]
struct Phase {
    name: String,
    bar: ProgressBar,
}

impl Progress {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(time_limit: Option<Duration>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "whoever sets a limit means the wall clock")]
        let ends = time_limit.map(|limit| Instant::now() + limit);
        let bar = ProgressBar::hidden();
        Progress {
            is_terminal: io::stderr().is_terminal(),
            ends,
            phase: Mutex::new(Phase { name: String::new(), bar }),
            unique_states: AtomicU64::new(0),
            transitions: AtomicU64::new(0),
        }
    }

    /// Another phase begins, over so many configurations.
    pub(crate) fn phase(&self, name: &str, configurations: usize) {
        self.begin(name, configurations, "configurations");
    }

    /// Another phase begins, over so many of something.
    fn begin(&self, name: &str, count: usize, what: &str) {
        self.unique_states.store(0, Ordering::Relaxed);
        self.transitions.store(0, Ordering::Relaxed);
        let mut phase = self.lock();
        name.clone_into(&mut phase.name);
        phase.bar.finish_and_clear();
        if !self.is_terminal {
            return;
        }
        let template = if count == 0 {
            "{spinner} {prefix} {elapsed}".to_owned()
        } else {
            format!(
                "{{spinner}} {{prefix:28}} {{bar:12}} {{human_pos}}/{{human_len}} {what}, {{msg}}, \
                 {{eta}} left"
            )
        };
        let style = ProgressStyle::with_template(&template).expect("the template is well formed");
        phase.bar = ProgressBar::new(count as u64).with_style(style);
        phase.bar.set_prefix(name.to_owned());
        phase.bar.enable_steady_tick(Duration::from_millis(120));
    }

    /// The phase is over, with this result.
    pub(crate) fn phase_done(&self, result: &str) {
        let phase = self.lock();
        let line = format!("{}: {result}", phase.name);
        if self.is_terminal {
            phase.bar.suspend(|| log(&line));
        } else {
            log(&line);
        }
    }

    /// The check is over.
    pub(crate) fn finish(&self) {
        self.lock().bar.finish_and_clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Phase> {
        self.phase.lock().expect("nobody panics while the progress is shown")
    }
}

impl Watch for Progress {
    fn explored(&self, configurations: usize, unique_states: u64, transitions: u64) {
        let states = self.unique_states.fetch_add(unique_states, Ordering::Relaxed) + unique_states;
        let steps = self.transitions.fetch_add(transitions, Ordering::Relaxed) + transitions;
        if !self.is_terminal {
            return;
        }
        let phase = self.lock();
        phase.bar.inc(configurations as u64);
        let seconds = phase.bar.elapsed().as_secs().max(1);
        phase.bar.set_message(format!(
            "{} states, {} transitions/s",
            count(states),
            count(steps / seconds)
        ));
    }

    fn is_cut_off(&self) -> bool {
        #[expect(clippy::disallowed_methods, reason = "whoever sets a limit means the wall clock")]
        self.ends.is_some_and(|ends| Instant::now() >= ends)
    }
}

impl activity_harness::run::Watch for Progress {
    fn begins(&self, suite: &str, sequences: usize) {
        self.begin(suite, sequences, "sequences");
    }

    fn ends(&self, result: &str) {
        // On a terminal the table at the end says the same.
        if !self.is_terminal {
            self.phase_done(result);
        }
    }

    fn played(&self, sequences: usize, steps: u64) {
        let steps = self.transitions.fetch_add(steps, Ordering::Relaxed) + steps;
        if !self.is_terminal {
            return;
        }
        let phase = self.lock();
        phase.bar.inc(sequences as u64);
        let seconds = phase.bar.elapsed().as_secs().max(1);
        phase.bar.set_message(format!("{} steps/s", count(steps / seconds)));
    }

    fn is_cut_off(&self) -> bool {
        Watch::is_cut_off(self)
    }
}

fn log(line: &str) {
    // Nothing can be done if standard error is gone.
    let _ = writeln!(io::stderr(), "{line}");
}
