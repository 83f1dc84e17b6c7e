//! What may be said after a run, and what not.

use super::conform::{Conformed, Part, PartVerdict};
use super::plan::Plan;
use super::play::{Played, Watch};
use crate::alphabet::Configuration;
use crate::seam::{Manifest, SystemClock};
use crate::suite::{Kind, Sentence};
use activity_execution::vocabulary::Dialect;
use activity_models::story;

/// What may be said now, and what not.
pub(super) fn conclude(it: &mut Conformed, plan: &Plan, is_cut_off: bool) {
    if it.found.is_some() || it.assumption.is_some() {
        return;
    }
    let mut because = Vec::new();
    let extra = plan.extra_states(it.manifest.clock);
    let complete = Kind::Complete(extra).to_string();
    let of_sentence: Vec<&Part> = it.parts.iter().filter(|it| it.suite == complete).collect();
    if is_cut_off {
        because.push("the time was up".to_owned());
    }
    if of_sentence.is_empty() {
        because.push("no complete suite was played".to_owned());
    }
    let unfinished = it.parts.iter().filter_map(|part| match &part.verdict {
        PartVerdict::Unfinished(why) => Some(format!("{} {why}", part.suite)),
        PartVerdict::Agrees | PartVerdict::Differs => None,
    });
    because.extend(unfinished);
    if of_sentence.iter().any(|part| part.played.several) {
        because.push("some answers left several states of the specification".to_owned());
    }
    because.dedup();
    if because.is_empty() {
        it.sentence = Some(sentence(&of_sentence, &it.manifest, extra, plan));
    }
    it.because = because;
}

fn sentence(parts: &[&Part], manifest: &Manifest, extra_states: u8, plan: &Plan) -> Sentence {
    let of = |part: &&Part| (part.configuration.clone(), part.states.unwrap_or(0));
    let configurations: Vec<(String, usize)> = parts.iter().map(of).collect();
    let inputs = [Dialect::Standalone, Dialect::Workflow].into_iter().filter_map(|dialect| {
        let played = |it: &&Configuration| {
            it.dialect() == dialect && configurations.iter().any(|(name, _)| *name == it.name)
        };
        let configuration = plan.configurations.iter().find(played)?;
        Some(configuration.alphabet(manifest.can).len())
    });
    let inputs = inputs.collect();
    let power = manifest.observes;
    let step = match manifest.clock {
        SystemClock::Virtual => "1 s".to_owned(),
        SystemClock::Real { step, .. } => {
            format!("{} of real time, no timer so late that a call met it", story::span(step))
        }
    };
    Sentence { configurations, power, inputs, step, extra_states }
}

/// What came of a part.
pub(super) fn verdict(played: &Played, sequences: usize, watch: &impl Watch) -> PartVerdict {
    if !played.findings.is_empty() || played.known > 0 {
        PartVerdict::Differs
    } else if played.late > 0 {
        let late = played.late;
        PartVerdict::Unfinished(format!("was too late for {late} of {sequences} sequences"))
    } else if played.unsteady > 0 {
        let unsteady = played.unsteady;
        PartVerdict::Unfinished(format!(
            "differed in {unsteady} of {sequences} sequences, and not when they were played again: \
             either a timer was late, or the system is not deterministic"
        ))
    } else if played.sequences < sequences || watch.is_cut_off() {
        let most = played.sequences;
        PartVerdict::Unfinished(format!("was cut off after {most} of {sequences} sequences"))
    } else {
        PartVerdict::Agrees
    }
}
