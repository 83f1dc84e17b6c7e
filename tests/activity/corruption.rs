//! Wrong bytes in a store: every truncation and every change of a single byte of a log, of options
//! and of a snapshot is refused with an error, or gives an activity that keeps every promise of
//! states and can be used. Never a panic.

use crate::bare::states_are_kept;
use crate::driver::{Run, runs};
use activity_execution::{Activity, ActivityEvent, ActivityOptions, Call, Snapshot, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What became of wrong texts, and how often.
#[derive(Debug, Default)]
struct Tally {
    unreadable: usize,
    refused: usize,
    taken: usize,
    reasons: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, read: Result<Result<Activity, String>, String>) {
        match read {
            Err(_unreadable) => self.unreadable += 1,
            Ok(Err(reason)) => {
                self.refused += 1;
                *self.reasons.entry(reason).or_default() += 1;
            }
            Ok(Ok(activity)) => {
                self.taken += 1;
                use_it(activity);
            }
        }
    }

    fn all(&self) -> usize {
        self.unreadable + self.refused + self.taken
    }
}

/// Whatever came of a wrong text: it keeps the promises, as it stands and as it goes on.
fn use_it(mut activity: Activity) {
    let now = activity.observe(Timestamp(i64::MIN)).now;
    states_are_kept(&activity, now).expect("what is taken keeps the promises");
    let again = Activity::from_snapshot(activity.options().clone(), &activity.snapshot());
    assert_eq!(again.as_ref(), Ok(&activity));
    for _ in 0..3 {
        let at = activity.dispatch_time().unwrap_or(now);
        if let Some(token) = activity.dispatchable(at) {
            let _durable = activity.call(at, Call::poll("after", token, "worker"));
        }
        let Some(wakeup) = activity.next_wakeup() else { break };
        let _durable = activity.advance(wakeup);
        states_are_kept(&activity, wakeup).expect("what goes on keeps the promises");
    }
}

fn lines(log: &[ActivityEvent]) -> String {
    let line = |event| format!("{}\n", serde_json::to_string(event).expect("it is written"));
    log.iter().map(line).collect()
}

fn read_log(
    options: &Arc<ActivityOptions>,
    text: &[u8],
) -> Result<Result<Activity, String>, String> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let events = lines.map(serde_json::from_slice::<ActivityEvent>);
    let events = events.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    Ok(Activity::recover(options.clone(), events)
        .map_err(|error| format!("{:?}", error.corruption)))
}

fn read_snapshot(
    options: &Arc<ActivityOptions>,
    text: &[u8],
) -> Result<Result<Activity, String>, String> {
    let snapshot: Snapshot = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    Ok(Activity::from_snapshot(options.clone(), &snapshot).map_err(|error| format!("{error:?}")))
}

/// Options that were read wrongly, under which a sound log is recovered.
fn read_options(log: &[ActivityEvent], text: &[u8]) -> Result<Result<Activity, String>, String> {
    let options: ActivityOptions =
        serde_json::from_slice(text).map_err(|error| error.to_string())?;
    Ok(Activity::recover(options, log).map_err(|error| format!("{:?}", error.corruption)))
}

/// Every truncation, and every change of a single byte to one of `others`.
fn wrong(text: &[u8], others: &[u8], mut read: impl FnMut(&[u8])) {
    (0..text.len()).for_each(|length| read(&text[..length]));
    let mut changed = text.to_vec();
    for place in 0..text.len() {
        for &flips in others {
            changed[place] = text[place] ^ flips;
            read(&changed);
        }
        changed[place] = text[place];
    }
}

/// The longest and richest of some runs, each of another kind.
fn rich(number: usize) -> Vec<Run> {
    let mut runs = runs(300);
    runs.retain(|run| run.log.len() < 12);
    runs.sort_by_key(|run| {
        let mut kinds: Vec<_> = run.log.iter().map(|event| event.name()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        std::cmp::Reverse((kinds.len(), run.log.len()))
    });
    runs.truncate(number);
    runs
}

/// Each of the 255 other values of every byte.
#[test]
fn every_truncation_and_every_other_byte_is_refused_or_gives_an_activity_that_keeps_its_promises() {
    let every: Vec<u8> = (1..=255).collect();
    let run = &rich(1)[0];
    let options = run.activity.options();
    let mut tally = Tally::default();
    wrong(lines(&run.log).as_bytes(), &every, |text| tally.count(read_log(options, text)));
    let snapshot = serde_json::to_vec(&run.activity.snapshot()).expect("it is written");
    wrong(&snapshot, &every, |text| tally.count(read_snapshot(options, text)));
    let stored = serde_json::to_vec(&**options).expect("they are written");
    wrong(&stored, &every, |text| tally.count(read_options(&run.log, text)));
    println!("{} wrong texts: {tally:#?}", tally.all());
    assert!(tally.all() > 100_000 && tally.refused > 100 && tally.taken > 100);
}

/// Single bits of many stores, of every kind of run.
#[test]
fn every_single_bit_of_many_stores_may_be_wrong() {
    let bits: Vec<u8> = (0..8).map(|bit| 1 << bit).collect();
    let mut tally = Tally::default();
    for run in rich(6) {
        let options = run.activity.options();
        wrong(lines(&run.log).as_bytes(), &bits, |text| tally.count(read_log(options, text)));
        let snapshot = serde_json::to_vec(&run.activity.snapshot()).expect("it is written");
        wrong(&snapshot, &bits, |text| tally.count(read_snapshot(options, text)));
    }
    println!("{} wrong texts: {tally:#?}", tally.all());
    assert!(tally.all() > 100_000 && tally.refused > 100 && tally.taken > 100);
}

/// Events that are doubled, left out, put in another order, or those of another activity.
#[test]
fn a_log_with_events_out_of_place_is_refused_or_gives_an_activity_that_keeps_its_promises() {
    let (runs, mut tally) = (runs(60), Tally::default());
    let mut recover = |run: &Run, log: Vec<ActivityEvent>| {
        let recovered = Activity::recover(run.activity.options().clone(), log);
        tally.count(Ok(recovered.map_err(|error| format!("{:?}", error.corruption))));
    };
    for (run, other) in runs.iter().zip(runs.iter().skip(1)) {
        for place in 0..run.log.len() {
            let mut log = run.log.clone();
            log.remove(place);
            recover(run, log);
            let mut log = run.log.clone();
            log.insert(place, run.log[place].clone());
            recover(run, log);
            let mut log = run.log.clone();
            log.swap(place, (place + 1) % run.log.len());
            recover(run, log);
            let mut log = run.log[..place].to_vec();
            log.extend(other.log.iter().skip(place).cloned());
            recover(run, log);
        }
    }
    println!("{} wrong logs: {tally:#?}", tally.all());
    assert!(tally.refused > 100 && tally.taken > 10);
}
