//! A timeline as a value: lanes, rows with what is said and called in them, bars and tracks.
//! Knows what is worth drawing; does not know how anything is drawn.

use super::axis::{Axis, Stretch};

/// A picture of one run, to be drawn as text ([`Display`](std::fmt::Display)) or as
/// [`svg`](Timeline::svg).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Timeline {
    /// What it is about; each is a line.
    pub title: Vec<String>,
    /// Under which circumstances.
    pub about: String,
    /// The parties, from left to right.
    pub lanes: Vec<Lane>,
    /// The names of the deadlines that run beside the lanes.
    pub tracks: Vec<String>,
    /// What happens, from top to bottom.
    pub rows: Vec<Row>,
    /// What is wrong in the end: the first line of each is its name.
    pub findings: Vec<String>,
    /// The time from left to right on which the rows are drawn to scale, in place of lanes.
    pub axis: Option<Axis>,
}

/// One party.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// What kind of party it is.
    pub tone: Tone,
    /// How many characters wide the column is in which its words stand; without one they stand
    /// beside the row.
    pub column: Option<usize>,
}

/// What kind of party a lane is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// One that calls.
    Party,
    /// The one that is called.
    Service,
    /// Nobody, who loses what is sent.
    Network,
}

/// What happens at one instant.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Row {
    /// When, or the how manieth it is; what it is about, where there is an axis.
    pub at: String,
    /// What sets it off, where words say it.
    pub event: Option<Event>,
    /// Who calls whom, where the words stand in the lanes.
    pub arrow: Option<(usize, usize)>,
    /// What the parties say of it.
    pub cells: Vec<Cell>,
    /// What the parties are doing after it.
    pub bars: Vec<Bar>,
    /// What happens to each track, in the order of the tracks.
    pub marks: Vec<Mark>,
    /// What of it is drawn on the axis, where there is one.
    pub stretches: Vec<Stretch>,
}

/// What sets a row off.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// Who.
    pub kind: EventKind,
    /// In words.
    pub label: String,
    /// What is said to it.
    pub answer: Option<String>,
    /// Whether the answer is a refusal.
    pub refused: bool,
}

/// Who sets a row off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventKind {
    /// One lane calls another.
    Call {
        /// The lane that calls.
        from: usize,
        /// The lane that is called.
        to: usize,
    },
    /// Time, in this lane.
    Timer(usize),
    /// Nobody: so things stand in this lane.
    Stands(usize),
}

/// What a party says of a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cell {
    /// Its lane.
    pub lane: usize,
    /// Line by line; a line that begins with ✗ is wrong.
    pub lines: Vec<String>,
}

/// What a party is doing from a row to the next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bar {
    /// Its lane.
    pub lane: usize,
    /// What it is doing.
    pub kind: BarKind,
    /// On what: the number of the attempt.
    pub label: String,
}

/// What a party is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BarKind {
    /// Waiting for its dispatch time.
    Delayed,
    /// Waiting for a worker.
    Waiting,
    /// An attempt is on.
    Started,
    /// An attempt is on, and was asked to stop.
    CancelRequested,
    /// All is over.
    Closed,
}

/// What happens to a track, and when it is due where it runs on.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Mark {
    /// It does not run.
    #[default]
    Nothing,
    /// It runs on.
    Armed(String),
    /// It begins.
    Arms(String),
    /// It is put off.
    Moves(String),
    /// It ends.
    Disarms,
    /// It is due.
    Fires,
}

impl Timeline {
    /// The same picture about something.
    #[must_use]
    pub fn about(mut self, title: &str, about: &str) -> Self {
        self.title = vec![title.into()];
        self.about = about.into();
        self
    }

    /// Adds something that is wrong.
    #[must_use]
    pub fn finding(mut self, name: &str, statement: &str) -> Self {
        self.findings.push(format!("{name}\n{statement}"));
        self
    }
}

impl Bar {
    /// Whether a row continues it.
    pub(super) fn continues(&self, above: Option<&Row>) -> bool {
        above.is_some_and(|above| above.bars.contains(self))
    }
}

impl Mark {
    /// When it is due, where it runs on to the next row.
    pub(super) fn runs_on(&self) -> Option<&str> {
        match self {
            Mark::Nothing | Mark::Disarms | Mark::Fires => None,
            Mark::Armed(due) | Mark::Arms(due) | Mark::Moves(due) => Some(due),
        }
    }
}
