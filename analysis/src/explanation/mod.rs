//! What options mean for people: the effective options, what can and can never happen, and the
//! scenarios with their totals, in plain words.
//!
//! ```
//! use activity_analysis::Explanation;
//! use activity_execution::ActivityOptions;
//! use std::time::Duration;
//!
//! let options = ActivityOptions::builder()
//!     .start_to_close_timeout(Duration::from_secs(600))
//!     .schedule_to_close_timeout(Duration::from_secs(3_600))
//!     .heartbeat_timeout(Duration::from_secs(10))
//!     .build()?;
//! let explained = Explanation::of(&options);
//!
//! explained.a_crash_is_retried()?;
//! explained.a_cancel_is_noticed_within(Duration::from_secs(10))?;
//! explained.is_over_within(Duration::from_secs(3_600))?;
//!
//! let otherwise = explained.is_over_within(Duration::from_secs(2_820)).unwrap_err();
//! assert!(otherwise.to_string().starts_with("it can take 1h, not 47m at most"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims;
mod effective;
mod possible;
mod told;

pub use claims::Otherwise;
pub use possible::{Fact, Tone};

use crate::Examination;
use crate::scenarios::{Circumstances, Plan, Scenario, Stage, named};
use activity_execution::ActivityOptions;
use activity_models::story::wrap;
use std::fmt;

/// Options, explained.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What they say, and what can happen with them.
    pub examination: Examination,
    /// What is known beyond them.
    pub circumstances: Circumstances,
    /// What happens in situations with a name.
    pub scenarios: Vec<Scenario>,
}

/// A part of an explanation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Section {
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Its lines, of a hundred columns at most.
    pub lines: Vec<String>,
}

impl Explanation {
    /// Explains options of which nothing else is known.
    #[must_use]
    pub fn of(options: &ActivityOptions) -> Self {
        Explanation::in_circumstances(options, Circumstances::of(options))
    }

    /// Explains options in these circumstances.
    #[must_use]
    pub fn in_circumstances(options: &ActivityOptions, circumstances: Circumstances) -> Self {
        let examination = Examination::of(options, &circumstances, &|| false);
        Explanation::from_examination(examination, circumstances)
    }

    /// Explains options that were examined in these circumstances.
    #[must_use]
    pub fn from_examination(examination: Examination, circumstances: Circumstances) -> Self {
        let scenarios = named(&Stage::new(&examination.options, circumstances));
        Explanation { examination, circumstances, scenarios }
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &ActivityOptions {
        &self.examination.options
    }

    /// The same with a scenario of one's own, first of all.
    #[must_use]
    pub fn with_story(mut self, title: &str, plan: &Plan) -> Self {
        let stage = Stage::new(&self.examination.options, self.circumstances);
        let assumes =
            ["what becomes of the last attempt that it tells of becomes of every later one"];
        let assumes = assumes.map(str::to_owned);
        let own = Scenario::played(&stage, "story", title, plan, assumes);
        self.scenarios.insert(0, own);
        self
    }

    /// The scenario with this id.
    #[must_use]
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|it| it.id == id)
    }

    /// What can and what can never happen, in sentences.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        possible::facts(self)
    }

    /// The options that are in force, and what was changed and why.
    #[must_use]
    pub fn effective(&self) -> Section {
        Section { title: None, lines: effective::lines(self) }
    }

    /// What can and what can never happen.
    #[must_use]
    pub fn possible(&self) -> Section {
        let title = Some("whatever happens".to_owned());
        let facts = self.facts();
        let lines = facts.iter().flat_map(Fact::lines).collect();
        Section { title, lines }
    }

    /// Every scenario on a line.
    #[must_use]
    pub fn overview(&self) -> Section {
        let (title, lines) = told::table(&self.scenarios);
        Section { title: Some(title), lines }
    }

    /// A scenario in detail, with what it assumes.
    #[must_use]
    pub fn detail(&self, scenario: &Scenario) -> Section {
        told::detail(scenario)
    }
}

/// The effective options, what can happen, and every scenario on a line; `{:#}` also tells each
/// scenario in detail.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sections = vec![self.effective(), self.possible(), self.overview()];
        if f.alternate() {
            sections.extend(self.scenarios.iter().map(|it| self.detail(it)));
        }
        for (index, section) in sections.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            section.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.title.iter().chain(&self.lines) {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

/// A text of some lines, of which all but the first begin below its first word.
fn hanging(first: &str, text: &str) -> Vec<String> {
    let margin = first.chars().count() + 2;
    // What belongs together is kept together by a blank that is none.
    let lines = wrap(text, WIDTH - margin).into_iter().enumerate();
    let lines = lines.map(|(index, line)| (index, line.trim_end().replace('\u{a0}', " ")));
    let lines = lines.map(|(index, line)| match index {
        0 => format!("  {first}{line}"),
        _ => format!("{:margin$}{line}", ""),
    });
    lines.collect()
}

/// Words that are not cut apart at the end of a line.
fn kept(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// How wide the output is.
const WIDTH: usize = 100;
