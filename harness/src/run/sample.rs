//! What is assumed, as far as it can be checked: a sample is repeated, shuffled, played alone and
//! side by side; payloads and ids are renamed; waits are halved, all durations made longer, and looks
//! left out.

use super::lane::{Finding, Job, Logged};
use super::plan::Plan;
use super::play::{Activities, Play, Played, Watch};
use crate::alphabet::Setting;
use crate::judge::Names;
use crate::seam::{ActivitySystem, Broken, SystemClock, Task, Token, Told};
use crate::suite::Dice;
use activity_execution::Description;
use activity_execution::vocabulary::{Span, Timestamp};

/// Something that is assumed, and not so.
#[derive(Clone, Debug)]
pub struct Assumption {
    /// What is not so, in a sentence.
    pub holds_not: &'static str,
    /// A sequence that shows it.
    pub finding: Option<Finding>,
}

/// What came of a sample.
pub(super) struct Sampled {
    pub(super) played: Played,
    /// What is not so.
    pub(super) broken: Option<Assumption>,
    /// What differs from the specification already when nothing is changed.
    pub(super) finding: Option<Finding>,
}

/// Plays a sample again and again.
///
/// # Errors
/// If the system breaks down.
pub(super) async fn all<S: ActivitySystem>(
    system: &mut S,
    names: &mut Activities,
    jobs: Vec<Job>,
    plan: &Plan,
    watch: &impl Watch,
) -> Result<Sampled, Broken> {
    let play = Play { width: plan.width, keeps: true, ..Play::default() };
    let mut sampled = Sampled { played: Played::default(), broken: None, finding: None };
    let played = play.all(system, names, jobs.clone(), watch).await?;
    if let Some(finding) = played.findings.first() {
        sampled.finding = Some(finding.clone());
        sampled.played = played;
        return Ok(sampled);
    }
    let is_real = system.manifest().clock != SystemClock::Virtual;
    let first = logs(&played, is_real, |number| number);
    sampled.add(played);
    let order = shuffled(jobs.len(), plan.seed);
    let few = if is_real { FEW_IN_REAL_TIME } else { FEW };
    let orders: [(&'static str, Vec<usize>, usize); 3] = [
        (REPEATED, (0..jobs.len()).collect(), plan.width),
        (SHUFFLED, order.clone(), plan.width),
        (ALONE, order.into_iter().take(few).collect(), 1),
    ];
    for (holds_not, order, width) in orders {
        let again: Vec<Job> = order.iter().map(|place| jobs[*place].clone()).collect();
        let played = Play { width, ..play.clone() }.all(system, names, again, watch).await?;
        let finding = played.findings.first().cloned();
        let second = logs(&played, is_real, |number| order[number]);
        sampled.add(played);
        let differs = second.iter().any(|(place, log)| {
            first.iter().any(|(other, before)| other == place && before != log)
        });
        if differs || finding.is_some() {
            sampled.broken = Some(Assumption { holds_not, finding });
            return Ok(sampled);
        }
    }
    if !is_real {
        for (holds_not, changed, halves) in changed(&jobs) {
            let play = Play { halves, ..play.clone() };
            let played = play.all(system, names, changed, watch).await?;
            let finding = played.findings.first().cloned();
            sampled.add(played);
            if finding.is_some() {
                sampled.broken = Some(Assumption { holds_not, finding });
                return Ok(sampled);
            }
        }
    }
    Ok(sampled)
}

impl Sampled {
    fn add(&mut self, mut played: Played) {
        played.findings.clear();
        played.logs.clear();
        self.played.add(played);
    }
}

/// The sample with other names, on other scales, in halves, and looked at in the end alone.
fn changed(jobs: &[Job]) -> [(&'static str, Vec<Job>, bool); 4] {
    let renamed = |job: &Job| {
        let mut job = job.clone();
        job.terms.names = Names::renamed();
        job
    };
    let scaled = |job: &Job| {
        let mut job = job.clone();
        job.terms.setting = longer(job.terms.setting, SCALE);
        job
    };
    let unseen = |job: &Job| Job { seen: job.sequence.len(), ..job.clone() };
    [
        (RENAMED, jobs.iter().map(renamed).collect(), false),
        (HALVED, jobs.to_vec(), true),
        (SCALED, jobs.iter().map(scaled).collect(), false),
        (UNSEEN, jobs.iter().map(unseen).collect(), false),
    ]
}

/// The same setting on another scale.
fn longer(setting: Setting, times: i64) -> Setting {
    let long = |span: Span| Span(span.0 * times);
    let mut terms = setting.terms;
    terms.schedule_to_close_timeout = terms.schedule_to_close_timeout.map(long);
    terms.schedule_to_start_timeout = terms.schedule_to_start_timeout.map(long);
    terms.heartbeat_timeout = terms.heartbeat_timeout.map(long);
    terms.start_to_close_timeout = long(terms.start_to_close_timeout);
    terms.start_delay = long(terms.start_delay);
    Setting {
        terms,
        backoff: long(setting.backoff),
        next_retry_delay: long(setting.next_retry_delay),
        step: long(setting.step),
    }
}

/// What was told, without tokens, which are the system's own; of a real clock also without instants,
/// which are never twice the same.
pub(super) fn logs(
    played: &Played,
    is_real: bool,
    place: impl Fn(usize) -> usize,
) -> Vec<(usize, Vec<Logged>)> {
    let blank = |told: &Told| match told {
        Told::Task(Some(task)) => {
            Told::Task(Some(Task { token: Token("".into()), ..task.clone() }))
        }
        other => other.clone(),
    };
    let shown = |shown: &Description| if is_real { timeless(shown) } else { shown.clone() };
    let of = |(number, log): &(usize, Vec<Logged>)| {
        let blanked = log.iter().map(|step| Logged {
            input: step.input,
            calls: Vec::new(),
            told: step.told.iter().map(blank).collect(),
            shown: step.shown.as_ref().map(shown),
        });
        (place(*number), blanked.collect())
    };
    played.logs.iter().map(of).collect()
}

/// The same without instants and durations, but for whether there is something to wait for.
fn timeless(shown: &Description) -> Description {
    Description {
        current_retry_interval: None,
        next_attempt_schedule_time: shown.next_attempt_schedule_time.map(|_| Timestamp(0)),
        last_started_time: None,
        last_heartbeat_time: None,
        last_attempt_complete_time: None,
        close_time: None,
        expiration_time: None,
        ..shown.clone()
    }
}

/// The numbers below another one, in an order that the seed decides.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut dice = Dice::new(seed);
    let mut order: Vec<usize> = (0..count).collect();
    for place in (1..count).rev() {
        order.swap(place, dice.below(place + 1));
    }
    order
}

const REPEATED: &str = "a sequence is answered otherwise when it is repeated: the system is not \
     deterministic, or remembers executions that are over";
const SHUFFLED: &str = "a sequence is answered otherwise when others come before it in another \
     order: executions affect one another";
const ALONE: &str = "a sequence is answered otherwise alone than side by side with others: \
     executions affect one another";
const RENAMED: &str = "a sequence is answered otherwise when payloads and ids have other names: the \
     system looks into what it should only copy and compare";
const HALVED: &str = "a sequence is answered otherwise when time passes in smaller steps: something \
     happens between the steps, or depends on their length";
const SCALED: &str = "a sequence is answered otherwise when all durations are 3,600 times as long: \
     something depends on the scale of time";

pub(super) const UNSEEN: &str = "a sequence is answered otherwise when it is looked at in the end alone: a look \
     changes something, or something that is due waits for it";

/// How many sequences are played alone, and how many if that takes its time.
const FEW: usize = 12;
const FEW_IN_REAL_TIME: usize = 3;

/// How much longer all durations are on the other scale.
const SCALE: i64 = 3_600;
