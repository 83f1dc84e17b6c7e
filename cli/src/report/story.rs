//! Runs of one execution and of the whole system as stories.

use super::{Story, StoryStep};
use activity_models::scenario::{Transcript, show};
use activity_models::system::{LANES, Replayed, cells, timeline};

impl From<&Transcript> for Story {
    fn from(transcript: &Transcript) -> Self {
        let steps = transcript.moments.iter().map(|moment| StoryStep {
            at: Some(show::span(moment.after.now - moment.after.schedule_time)),
            event: moment.action.trace_word().to_owned(),
            action: format!("{:?}", moment.action),
            said: vec![("service".to_owned(), vec![show::answer(&moment.reply)])],
        });
        Story {
            steps: steps.collect(),
            text: transcript.timeline().to_string(),
            script: Some(transcript.script.to_string()),
        }
    }
}

impl From<&[Replayed]> for Story {
    fn from(run: &[Replayed]) -> Self {
        let steps = run.iter().map(|step| {
            let action = format!("{:?}", step.happened.moved);
            let word = action.split(|letter: char| !letter.is_alphanumeric()).next();
            let cells = LANES.iter().zip(cells(step)).filter(|(_, cell)| !cell.is_empty());
            let said = cells.map(|(lane, cell)| {
                ((*lane).to_owned(), cell.lines().map(str::to_owned).collect())
            });
            let event = word.unwrap_or_default().to_owned();
            StoryStep { at: None, event, said: said.collect(), action }
        });
        Story { steps: steps.collect(), text: timeline(run).to_string(), script: None }
    }
}
