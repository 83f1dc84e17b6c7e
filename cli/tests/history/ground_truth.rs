//! Histories of which the calls are recorded too, with every hidden attempt: what is found is true.

use crate::support::story::{Sample, nothing_is_hollow};
use crate::{judged, not_run};
use activity_analysis::history::{
    HiddenAttempt, Judgement, Stories, Tolerance, Verdict, Way, classes,
};
use activity_execution::history::RecordedHistory;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// What really happened to an attempt that was retried.
#[derive(Clone, Copy, Debug)]
struct Truth {
    attempt: i64,
    way: Way,
    start: i64,
    end: i64,
}

/// The attempts of a trace that were retried, with instants in microseconds, and the attempt after them.
fn truth(trace: &Value) -> (Vec<Truth>, i64) {
    let mut hidden = Vec::new();
    let (mut attempt, mut start) = (1, None);
    for step in trace["steps"].as_array().expect("steps") {
        let at = (step["at"].as_f64().unwrap_or(0.0) * 1_000.0) as i64;
        let event = step["event"].as_str().expect("an event");
        if event == "Poll" && !step["answer"]["token"].is_null() {
            start = Some(at);
        }
        let now = step["after"]["attempt"].as_i64().unwrap_or(attempt);
        if now > attempt {
            let way = match event {
                "StartToCloseElapses" => Way::StartToClose,
                "HeartbeatElapses" => Way::Heartbeat,
                _ => Way::Failed,
            };
            let start = start.take().expect("it was started");
            hidden.push(Truth { attempt, way, start, end: at });
            attempt = now;
        }
    }
    (hidden, attempt)
}

fn uses_a_delay(trace: &Value) -> bool {
    let steps = trace["steps"].as_array().expect("steps");
    steps.iter().any(|step| !step["nextRetryDelay"].is_null())
}

#[test]
fn what_is_found_is_true() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ground-truth/workflow.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return not_run(&path);
    };
    let mut wrong = String::new();
    let (mut all, mut unique, mut retried, mut unique_retried) = (0, 0, 0, 0);
    let (mut tolerated, mut stories) = (0, 0);
    for line in text.lines() {
        let trace: Value = serde_json::from_str(line).expect("a trace a line");
        let name = trace["name"].as_str().expect("a name");
        let (history, judgements) = judged(&trace["history"], false);
        let [judgement] = &judgements[..] else { panic!("{name}: one activity") };
        let (hidden, _) = truth(&trace);
        all += 1;
        retried += usize::from(!hidden.is_empty());
        match judgement.verdict {
            Verdict::Conforms => {}
            Verdict::Tolerated
                if uses_a_delay(&trace)
                    && judgement.tolerances.iter().eq([Tolerance::WorkerDelay]) =>
            {
                tolerated += 1;
            }
            verdict => {
                let _ = writeln!(wrong, "{name}: {} ({})", verdict.name(), judgement.why);
                continue;
            }
        }
        let explained = judgement.explained.as_ref().expect("it is explained");
        let is_unique = classes(explained, 1).is_unique();
        unique += usize::from(is_unique);
        unique_retried += usize::from(is_unique && !hidden.is_empty());
        if let Some(complaint) = complaint(&history, judgement, &hidden, uses_a_delay(&trace)) {
            let _ = writeln!(wrong, "{name}: {complaint}\n  {hidden:?}\n  {explained:?}");
        }
        match nothing_is_hollow(&history, 0, judgement, Sample::ALL) {
            Ok(played) => stories += played,
            Err(why) => {
                let _ = writeln!(wrong, "{name}: hollow: {why}\n  {explained:?}");
            }
        }
    }
    println!(
        "{all} activities, {tolerated} tolerated for a delay, {unique} with a unique explanation; \
         {retried} with hidden attempts, {unique_retried} of them with a unique explanation; \
         {stories} stories played"
    );
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(all, 864);
}

/// The same of what the command writes: in JSON, the truth is among the explanations that are told, and
/// where workers chose no delay, among those that suppose none.
#[test]
fn what_is_told_in_json_has_the_truth() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ground-truth/workflow.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return not_run(&path);
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("what-is-told-in-json");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let traces: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a trace a line")).collect();
    let files = traces.iter().enumerate().map(|(index, trace)| {
        let file = folder.join(format!("{index}.json"));
        std::fs::write(&file, trace["history"].to_string()).expect("a file can be written");
        file
    });
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_activity"));
    let output = command.args(["history", "--format", "json"]).args(files).output();
    let output = output.expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    let told: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let (mut first, mut among, mut supposed) = (0, 0, 0);
    for (trace, file) in traces.iter().zip(told["files"].as_array().expect("files")) {
        let activity = &file["activities"][0];
        assert_eq!(activity["verdict"], "conforms", "{activity:#}");
        let (hidden, _) = truth(trace);
        let explanations = activity["explanations"].as_array().expect("explanations");
        assert!((1..=5).contains(&explanations.len()), "{activity:#}");
        assert_eq!(activity["hidden"], explanations[0]["hidden"]);
        let found = explanations.iter().position(|it| is_told(&it["hidden"], &hidden));
        let found = found.unwrap_or_else(|| panic!("{hidden:?} is not in {activity:#}"));
        first += usize::from(found == 0);
        among += usize::from(found > 0);
        if explanations[found]["tolerances"] != serde_json::json!([]) {
            assert!(uses_a_delay(trace), "{activity:#}");
            assert_eq!(explanations[found]["tolerances"], serde_json::json!(["worker-delay"]));
            supposed += 1;
        }
    }
    println!("{first} told first, {among} among others, {supposed} of them for a delay");
    assert_eq!(first + among, 864);
}

/// Whether these are the attempts that are told, in their ways and at their instants.
fn is_told(told: &Value, hidden: &[Truth]) -> bool {
    let told = told.as_array().expect("attempts");
    let near = |range: &Value, instant: i64| {
        let end = |key: &str| range[key].as_f64().expect("a number") * 1_000.0;
        let (instant, near) = (instant as f64, NEAR as f64);
        end("earliest_milliseconds") - near <= instant
            && instant <= end("latest_milliseconds") + near
    };
    let same = |told: &Value, it: &Truth| {
        let ways = told["ways"].as_array().expect("ways");
        told["attempt"] == it.attempt
            && ways.iter().any(|way| way == it.way.name())
            && near(&told["started"], it.start)
            && near(&told["ended"], it.end)
    };
    told.len() == hidden.len() && told.iter().zip(hidden).all(|(told, it)| same(told, it))
}

/// What of the truth is not among the explanations; with delays that left no trace, among those that
/// say so.
fn complaint(
    history: &RecordedHistory,
    judgement: &Judgement,
    truth: &[Truth],
    is_delayed: bool,
) -> Option<String> {
    let of = || Stories::of(&history.activities[0], &history.run, judgement);
    let plain = missed(&of()?, truth)?;
    if classes(judgement.explained.as_ref()?, 1).is_unique() {
        return Some(format!("the unique explanation is not the true one: {plain}"));
    }
    match of()?.delayed().filter(|_| is_delayed) {
        Some(delayed) => missed(&delayed, truth),
        None => Some(plain),
    }
}

fn missed(stories: &Stories<'_>, truth: &[Truth]) -> Option<String> {
    let many = i64::try_from(truth.len()).expect("few");
    if !stories.explained().counts.iter().any(|counted| counted.many == many) {
        return Some(format!("{many} hidden attempts are not among the explanations"));
    }
    let Some(hidden) = stories.hidden(many) else {
        return Some("no ranges".to_owned());
    };
    for (found, true_one) in hidden.iter().zip(truth) {
        let HiddenAttempt { attempt, ways, by_way, .. } = found;
        let way = ways.iter().position(|way| *way == true_one.way);
        let Some((start, end)) = way.filter(|_| *attempt == true_one.attempt).map(|it| by_way[it])
        else {
            return Some(format!("attempt {attempt} was {:?}", true_one.way));
        };
        for (range, instant) in [(start, true_one.start), (end, true_one.end)] {
            if instant < range.0 - NEAR || instant > range.1 + NEAR {
                return Some(format!("{instant} of attempt {attempt} is not in {range:?}"));
            }
        }
    }
    None
}

/// The recorder works out instants from several clocks: they agree within so many microseconds.
const NEAR: i64 = 3_000;
