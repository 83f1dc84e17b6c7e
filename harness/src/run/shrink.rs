//! The shortest sequence that still differs: one input after the other is left out, as long as what
//! is left differs; all candidates of a round are played side by side.

use super::known::Known;
use super::lane::{Fault, Finding, Job};
use super::play::{Activities, Play, Unwatched};
use super::sample::{Assumption, UNSEEN};
use crate::seam::{ActivitySystem, Broken};

/// The shortest sequence that differs, of those that are left when inputs are left out of one.
///
/// # Errors
/// If the system breaks down; and, in place of a sequence, what is assumed and not so, if this one
/// does not differ every time.
pub(super) async fn shortest<S: ActivitySystem>(
    system: &mut S,
    names: &mut Activities,
    finding: Finding,
    known: &Known,
    width: usize,
) -> Result<Result<Finding, Assumption>, Broken> {
    let first = finding.job.clone();
    let mut best = finding;
    // It is told with all that can be seen of it.
    best.job.seen = 0;
    let mut cut = best.job.sequence.len() / 2;
    for _ in 0..ROUNDS {
        let candidates = without(&best.job, cut.max(1));
        match differing(system, names, candidates, known, width).await? {
            Some(shorter) => best = shorter,
            None if cut <= 1 => break,
            None => cut /= 2,
        }
    }
    // What is kept has to differ when it is played alone, and each time.
    for _ in 0..AGAIN {
        system.begin_anew(best.job.fault == Fault::Crash).await?;
        names.begin_anew();
        match differing(system, names, vec![best.job.clone()], known, 1).await? {
            Some(again) if again.job.sequence == best.job.sequence => best = again,
            Some(_) | None => {
                let differs = first.seen > 0 && each_time(system, names, &first, known).await?;
                let holds_not = if differs { UNSEEN } else { ALONE };
                return Ok(Err(Assumption { holds_not, finding: Some(best) }));
            }
        }
    }
    Ok(Ok(best))
}

/// Whether a sequence differs each time that it is played alone.
async fn each_time<S: ActivitySystem>(
    system: &mut S,
    names: &mut Activities,
    job: &Job,
    known: &Known,
) -> Result<bool, Broken> {
    for _ in 0..AGAIN {
        if differing(system, names, vec![job.clone()], known, 1).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How often inputs are left out.
const ROUNDS: usize = 200;

/// How often the shortest sequence is played again, alone.
const AGAIN: usize = 3;

const ALONE: &str = "a sequence that differed does not differ every time it is played alone: either \
     the system is not deterministic, or executions affect one another";

/// The sequences in which so many inputs that follow one another are missing; the last input, which
/// differs, stays.
fn without(job: &Job, cut: usize) -> Vec<Job> {
    let inputs = &job.sequence;
    let Some(last) = inputs.len().checked_sub(1) else { return Vec::new() };
    let starts = (0..last).step_by(cut);
    let shorter = starts.map(|start| {
        let end = (start + cut).min(last);
        let sequence = [&inputs[..start], &inputs[end..]].concat();
        Job { sequence, seen: 0, ..job.clone() }
    });
    shorter.collect()
}

/// The shortest of these that differs, if one does.
async fn differing<S: ActivitySystem>(
    system: &mut S,
    names: &mut Activities,
    jobs: Vec<Job>,
    known: &Known,
    width: usize,
) -> Result<Option<Finding>, Broken> {
    if jobs.iter().any(|job| job.fault == Fault::Crash) {
        system.begin_anew(true).await?;
        names.begin_anew();
    }
    let play = Play { width, known: known.clone(), ..Play::default() };
    let played = play.all(system, names, jobs, &Unwatched).await?;
    Ok(played.findings.into_iter().min_by_key(|finding| finding.job.sequence.len()))
}
