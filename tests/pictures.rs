//! Pictures of timelines, as text and as SVG: one of an execution, one of the system.
//! `cargo insta review` shows what has changed.

use activity_models::scenario::{Script, run};
use activity_models::story::Timeline;
use activity_models::system::{play, timeline};
use insta::assert_snapshot;

/// With every mark, every kind of bar, a refusal and more than fits.
const EXECUTION: &str = r#"
# An attempt times out, the next one is asked to stop & fails <again>.
options: schedule_to_close 1m, start_to_close 20s, heartbeat 10s, start_delay 5s, backoff 2s
5s   Poll worker-a
9s   Heartbeat 1 "10 %"
21s  Poll worker-b
22s  RespondCompleted 1 "this is too late, and it is more than fits between two lanes"
23s  RequestCancel a "no longer needed" by client
24s  Describe
25s  RespondFailed 2 Transient("connection reset by peer") by worker-b
"#;

const SYSTEM: &str = r"
# A worker dies with a result in its hands; the next one is told to stop.
options: cancellation_type WaitCancellationCompleted
caller   Schedule
caller   SendStart
service  TakeCall caller
worker-a Poll
worker-a Heartbeat
worker-a Crash may_arrive
service  StartToCloseElapses
service  BackoffElapses
worker-b Poll
caller   Cancel
service  TakeCall caller
worker-b Heartbeat
service  TakeCall worker-b
worker-b Return Cancelled
service  TakeCall worker-b
service  TellCaller
";

fn of_execution() -> Timeline {
    let script: Script = EXECUTION.parse().expect("the scenario can be read");
    run(&script).timeline()
}

fn of_system() -> Timeline {
    let steps = play(SYSTEM).unwrap_or_else(|error| panic!("{error}"));
    timeline(&steps)
        .about("A crash", "S10: the service does not notice that a worker died.")
        .finding("nothing_is_wrong", "This is only how a broken promise looks.")
}

#[test]
fn the_timeline_of_an_execution_is_drawn() {
    assert_snapshot!("execution", of_execution());
    assert_snapshot!("execution_svg", of_execution().svg());
}

#[test]
fn the_timeline_of_the_system_is_drawn() {
    assert_snapshot!("system", of_system());
    assert_snapshot!("system_svg", of_system().svg());
}

#[test]
fn every_picture_is_well_formed() {
    for picture in [of_execution(), of_system()] {
        let svg = picture.svg();
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}"));
        let texts = document.descendants().filter(|node| node.has_tag_name("text")).count();
        assert!(texts > picture.rows.len(), "{svg}");
    }
}
