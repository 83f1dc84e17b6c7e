//! A row of the matrix: a bug, and what each checker says of it.

use activity_models::mutants::Mutant;
use std::collections::BTreeMap;
use std::fmt;

/// Who may notice a bug.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Checker {
    /// The exploration of every execution of a grid of small configurations.
    Exploration,
    /// The theorems about all parameters.
    Theorems,
    /// The promises, judged along random scripts with durations up to days.
    Properties,
    /// The suite that takes every edge.
    Edges,
    /// The suite that is complete for systems without extra states.
    Complete0,
    /// The suite that is complete for systems with one extra state.
    Complete1,
    /// Long walks that prefer what is rare.
    Walks,
    /// Every edge, with a crash after every answer.
    Crash,
    /// What Temporal servers were recorded to do.
    Recorded,
}

impl Checker {
    /// All of them, in the order of the table.
    pub const ALL: [Checker; 9] = [
        Checker::Exploration,
        Checker::Theorems,
        Checker::Properties,
        Checker::Edges,
        Checker::Complete0,
        Checker::Complete1,
        Checker::Walks,
        Checker::Crash,
        Checker::Recorded,
    ];

    /// Its name, as JSON and tables have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Checker::Exploration => "exploration",
            Checker::Theorems => "theorems",
            Checker::Properties => "properties",
            Checker::Edges => "edges",
            Checker::Complete0 => "k0",
            Checker::Complete1 => "k1",
            Checker::Walks => "walks",
            Checker::Crash => "crash",
            Checker::Recorded => "recorded",
        }
    }
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a checker says of a bug.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Cell {
    /// It notices it.
    Killed,
    /// It does not, in its budget.
    Missed,
    /// It cannot be asked, for this reason.
    NotApplicable(&'static str),
}

impl Cell {
    /// The cell of a checker that was asked.
    #[must_use]
    pub fn of(kills: bool) -> Self {
        if kills { Cell::Killed } else { Cell::Missed }
    }

    /// As `true`, `false` or nothing.
    #[must_use]
    pub fn killed(self) -> Option<bool> {
        match self {
            Cell::Killed => Some(true),
            Cell::Missed => Some(false),
            Cell::NotApplicable(_) => None,
        }
    }
}

/// What the theorems say of a bug.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refutation {
    /// Whether one of them falls.
    pub cell: Cell,
    /// The case in which it falls, and how.
    pub shows: Vec<String>,
}

/// A bug, and what each checker says of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub sentence: &'static str,
    /// The bug of a real system that it re-enacts.
    pub source: Option<&'static str>,
    /// What each checker says.
    pub cells: BTreeMap<Checker, Cell>,
    /// Where the shortest sequence shows it.
    pub configuration: Option<String>,
    /// The shortest sequence that was found to show it.
    pub sequence: Vec<String>,
    /// Whether there has to be a crash after every answer.
    pub crashes: bool,
    /// How its end is not as it should be.
    pub shows: Vec<String>,
}

impl Row {
    /// The row of a bug that nobody has tried.
    #[must_use]
    pub fn of<R>(mutant: &Mutant<R>) -> Self {
        Row {
            name: mutant.name,
            sentence: mutant.sentence,
            source: mutant.reenacts,
            cells: BTreeMap::new(),
            configuration: None,
            sequence: Vec::new(),
            crashes: false,
            shows: Vec::new(),
        }
    }

    /// Adds what the theorems say; if nothing else showed it, they do.
    #[must_use]
    pub fn with_theorems(mut self, Refutation { cell, shows }: Refutation) -> Self {
        self.cells.insert(Checker::Theorems, cell);
        if self.sequence.is_empty() {
            self.shows = shows;
        }
        self
    }

    /// Whether one of these checkers kills it.
    #[must_use]
    pub fn is_killed_by(&self, checkers: &[Checker]) -> bool {
        checkers.iter().any(|checker| self.cells.get(checker) == Some(&Cell::Killed))
    }

    /// Whether anybody kills it.
    #[must_use]
    pub fn is_killed(&self) -> bool {
        self.is_killed_by(&Checker::ALL)
    }

    /// Whether only the suite for one extra state, or a walk, kills it.
    #[must_use]
    pub fn needs_memory(&self) -> bool {
        let others = Checker::ALL
            .into_iter()
            .filter(|it| ![Checker::Complete1, Checker::Walks].contains(it));
        self.is_killed() && !self.is_killed_by(&others.collect::<Vec<_>>())
    }
}

/// Bugs that look the same to every checker, and show the same in the same shortest sequence.
#[must_use]
pub fn alike(rows: &[Row]) -> Vec<(&'static str, &'static str)> {
    let mut seen: BTreeMap<_, &'static str> = BTreeMap::new();
    let pair = |row: &Row| {
        let killed: Vec<_> = row.cells.values().map(|cell| cell.killed()).collect();
        let shown = (row.configuration.clone(), row.sequence.clone(), row.shows.clone());
        let key = (killed, shown);
        let first = *seen.entry(key).or_insert(row.name);
        (first != row.name).then_some((first, row.name))
    };
    rows.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, killers: &[Checker], sequence: &[&str]) -> Row {
        let cell = |it: Checker| (it, Cell::of(killers.contains(&it)));
        Row {
            name,
            sentence: "It is wrong.",
            source: None,
            cells: Checker::ALL.into_iter().map(cell).collect(),
            configuration: None,
            sequence: sequence.iter().map(ToString::to_string).collect(),
            crashes: false,
            shows: Vec::new(),
        }
    }

    #[test]
    fn bugs_that_differ_in_nothing_are_found() {
        let rows = [
            row("a", &[Checker::Edges], &["poll"]),
            row("b", &[Checker::Edges], &["poll", "tick"]),
            row("c", &[Checker::Walks], &["poll"]),
            row("d", &[Checker::Edges], &["poll"]),
        ];
        assert_eq!(alike(&rows), [("a", "d")]);
        assert_eq!(rows.each_ref().map(Row::needs_memory), [false, false, true, false]);
        assert!(!row("e", &[], &[]).is_killed());
    }
}
