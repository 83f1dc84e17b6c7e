//! A sequence that differed, as readable JSON that can be played again.

use super::conform::Found;
use super::lane::{Fault, Job};
use crate::alphabet::{Input, Setting};
use crate::judge::{Names, Terms, Where};
use crate::protocol::Options;
use crate::seam::{Manifest, SystemClock};
use activity_execution::vocabulary::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A sequence that differed: what was done, and, for whoever reads it, what came of it then.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replay {
    /// The version of this format: 1.
    pub version: u32,
    /// The system on which it differed.
    #[serde(default)]
    pub system: String,
    /// The name of the configuration.
    pub configuration: String,
    /// The options of the start, in milliseconds.
    pub options: Options,
    /// The delay that failures ask for that ask for one.
    pub next_retry_delay: i64,
    /// A step of the clock.
    pub step: i64,
    /// On a real clock, how far calls keep away from every deadline: a quarter of a step if it is
    /// not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<i64>,
    /// What went wrong meanwhile: `none`, `crash`, `duplicates`, `lost-replies` or `reordered`.
    pub fault: String,
    /// What was done, by the names of the inputs.
    pub inputs: Vec<String>,
    /// Where it differed in the last step: `the answer`, or `what Describe shows`.
    #[serde(default)]
    pub differed_in: String,
    /// What the specification allows there.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// What was seen instead.
    #[serde(default)]
    pub observed: String,
    /// The promises that it broke.
    #[serde(default)]
    pub broken: Vec<String>,
    /// The statement of the specification that decides the step.
    #[serde(default)]
    pub rule: String,
}

impl Replay {
    /// The sequence that was found on this system.
    #[must_use]
    pub fn of(found: &Found, manifest: &Manifest) -> Self {
        let Job { configuration, terms, sequence, fault, .. } = &found.finding.job;
        let difference = &found.finding.difference;
        Replay {
            version: 1,
            system: manifest.title(),
            configuration: configuration.to_string(),
            options: Options::of(&terms.setting),
            next_retry_delay: terms.setting.next_retry_delay.0,
            step: terms.setting.step.0,
            margin: (terms.tolerance > Span(0)).then_some(terms.tolerance.0),
            fault: fault.name().to_owned(),
            inputs: sequence.iter().map(ToString::to_string).collect(),
            differed_in: match difference.place {
                Where::Answer | Where::Description => difference.place.to_string(),
            },
            allowed: difference.allowed.clone(),
            observed: difference.observed.clone(),
            broken: difference.broken.iter().map(|it| it.name.to_owned()).collect(),
            rule: difference.rule.clone(),
        }
    }

    /// The sequence that a text tells.
    ///
    /// # Errors
    /// If it is none: what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let replay: Replay = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if replay.version != 1 {
            return Err(format!("`version` should be 1, not {}", replay.version));
        }
        replay.setting()?;
        replay.sequence()?;
        replay.fault()?;
        Ok(replay)
    }

    /// The file name that it deserves: what it breaks, or where it differs, and its inputs in short.
    #[must_use]
    pub fn file_name(&self) -> String {
        let what = self.broken.first().map_or("differs", String::as_str);
        let text = self.inputs.join(",") + &self.configuration + &self.fault;
        // FNV: two sequences that break the same are two files.
        let fold = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
        format!("{what}-{:08x}.json", text.bytes().fold(2_166_136_261, fold))
    }

    /// What is to be played on this system.
    ///
    /// # Panics
    /// If it was not [`read`](Self::read).
    #[must_use]
    pub fn job(&self, manifest: &Manifest) -> Job {
        let readable = "what is read was looked at";
        let setting = self.setting().expect(readable);
        let (lateness, tolerance) = match manifest.clock {
            SystemClock::Virtual => (Span(0), Span(0)),
            SystemClock::Real { lateness, .. } => {
                (lateness, Span(self.margin.unwrap_or(self.step / 4)))
            }
        };
        let (power, names) = (manifest.observes, Names::default());
        Job {
            configuration: Arc::from(self.configuration.as_str()),
            terms: Terms { setting, power, lateness, tolerance, names },
            sequence: self.sequence().expect(readable),
            fault: self.fault().expect(readable),
            can: manifest.can,
            seen: 0,
        }
    }

    /// What it needs that the system does not say it has, by the names of the protocol.
    ///
    /// What differed on one system need not be sayable to another: it may have inputs, options or
    /// a fault that are outside the other's alphabet.
    ///
    /// # Panics
    /// If it was not [`read`](Self::read).
    #[must_use]
    pub fn lacks(&self, manifest: &Manifest) -> Vec<&'static str> {
        let Job { terms, sequence, fault, .. } = self.job(manifest);
        let inputs = sequence.iter().flat_map(|input| input.needs().iter().copied());
        let mut needs: Vec<_> = terms.setting.needs().each().chain(inputs).collect();
        needs.sort_unstable();
        needs.dedup();
        needs.retain(|it| !manifest.can.has(*it));
        let crash = (fault == Fault::Crash && !manifest.crashes).then_some(fault.name());
        needs.into_iter().map(|it| it.name()).chain(crash).collect()
    }

    fn setting(&self) -> Result<Setting, String> {
        if self.step < 1 {
            return Err("`step` should be positive".to_owned());
        }
        self.options.setting(Span(self.next_retry_delay), Span(self.step))
    }

    fn sequence(&self) -> Result<Vec<Input>, String> {
        let input = |(place, name): (usize, &String)| {
            Input::of_name(name).ok_or_else(|| format!("`inputs[{place}]` is unknown: {name}"))
        };
        self.inputs.iter().enumerate().map(input).collect()
    }

    fn fault(&self) -> Result<Fault, String> {
        Fault::of_name(&self.fault).ok_or_else(|| format!("`fault` is unknown: {}", self.fault))
    }
}
