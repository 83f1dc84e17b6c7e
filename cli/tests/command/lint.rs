//! `activity lint`: code in, findings at their places out.

use crate::support::{Folder, Ran, activity, activity_with_input, folder_with};
use serde_json::{Value, json};

const GO: &str = "\
package orders

import (
\t\"time\"

\t\"go.temporal.io/sdk/temporal\"
\t\"go.temporal.io/sdk/workflow\"
)

const attempt = 30 * time.Minute

func Charge(ctx workflow.Context) error {
\tctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
\t\tStartToCloseTimeout:    attempt,
\t\tScheduleToCloseTimeout: 30 * time.Minute,
\t\tHeartbeatTimeout:       time.Hour,
\t\tRetryPolicy:            &temporal.RetryPolicy{MaximumAttempts: 3},
\t})
\treturn workflow.ExecuteActivity(ctx, ChargeCard).Get(ctx, nil)
}
";

const PYTHON: &str = "\
from datetime import timedelta
from temporalio import workflow

async def run(options):
    await workflow.execute_activity(
        'é', start_to_close_timeout=timedelta(hours=2), **options
    )
    await workflow.execute_activity('b', start_to_close_timeout=60)
    await workflow.execute_activity('c', start_to_close_timeout=timedelta(hours=2))
";

fn folder() -> Folder {
    folder_with(&[("charge.go", GO), ("run.py", PYTHON), ("charge_test.go", GO)])
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.stderr, "");
    serde_json::from_str(&ran.stdout).unwrap()
}

/// File, line and rule of each finding.
fn told(value: &Value) -> Vec<String> {
    let findings = value["findings"].as_array().unwrap();
    let told = |it: &Value| {
        format!("{}:{} {}", it["file"].as_str().unwrap(), it["line"], it["rule"].as_str().unwrap())
    };
    findings.iter().map(told).collect()
}

#[test]
fn findings_are_shown_where_they_stand_with_what_mends_them() {
    let ran = folder().run(&["lint", "--notes"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    insta::assert_snapshot!("lint-human", ran.stdout);
}

#[test]
fn programs_get_findings_and_coverage() {
    let ran = folder().run(&["lint", "--format", "json", "charge.go", "run.py"]);
    assert_eq!(ran.code, 1);
    let value = json(&ran);
    insta::assert_snapshot!("lint-json", format!("{value:#}"));
    let coverage = &value["coverage"];
    for key in ["sites", "known", "partly", "unreadable", "skipped"] {
        assert!(coverage[key].is_u64(), "{key}");
    }
    assert_eq!(told(&value)[0], "charge.go:13 never-retries");
}

#[test]
fn scanners_get_sarif_with_all_rules() {
    let ran = folder().run(&["lint", "--format", "sarif"]);
    assert_eq!(ran.code, 1);
    let log = json(&ran);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), activity_analysis::rules::ALL.len());
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 3);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64() >= Some(1), "{result:#}");
        assert!(region["endLine"].as_u64() >= region["startLine"].as_u64(), "{result:#}");
    }
    insta::assert_snapshot!("lint-sarif", format!("{:#}", results[0]));
}

#[test]
fn the_exit_code_depends_on_severities_and_not_on_the_format() {
    let folder = folder();
    for format in ["human", "json", "sarif"] {
        for (fail_on, code) in [("warning", 1), ("error", 1), ("never", 0)] {
            let ran = folder.run(&["lint", "--format", format, "--fail-on", fail_on]);
            assert_eq!(ran.code, code, "{format} {fail_on}");
        }
        let only_errors =
            ["lint", "run.py", "--rule", "option-invalid=warning", "--format", format];
        assert_eq!(folder.run(&[&only_errors[..], &["--fail-on", "error"]].concat()).code, 0);
        let information = ["lint", "run.py", "--format", format];
        let information =
            [&information[..], &["--rule", "option-invalid=off"], &["--rule", "no-heartbeat=info"]];
        assert_eq!(folder.run(&information.concat()).code, 0, "never for information");
    }
}

#[test]
fn tests_are_skipped_and_counted_unless_asked_for_or_named() {
    let folder = folder();
    let value = json(&folder.run(&["lint", "--format", "json"]));
    assert_eq!(value["coverage"]["skippedFiles"]["tests"], 1);
    assert!(!told(&value).iter().any(|it| it.contains("_test")));
    for argument in ["--include-tests", "charge_test.go"] {
        let value = json(&folder.run(&["lint", "--format=json", argument]));
        assert!(told(&value).iter().any(|it| it.contains("_test")), "{argument}");
    }
    let hook = ["lint", "--format=json", "--force-exclude", "charge_test.go"];
    assert_eq!(json(&folder.run(&hook))["coverage"]["sites"], 0);
}

#[test]
fn a_large_file_is_named_and_skipped() {
    let ran = folder().run(&["lint", "--size-limit", "400", "charge.go", "run.py"]);
    assert!(ran.stdout.contains("charge.go: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("--size-limit allows for more"), "{}", ran.stdout);
}

#[test]
fn a_suppression_needs_a_reason_and_something_to_suppress() {
    let suppressed = GO.replace(
        "30 * time.Minute,\n",
        "30 * time.Minute, // activity-lint: allow(never-retries): cheap\n",
    );
    let above = GO.replace(
        "\tctx = workflow.With",
        "\t// activity-lint: allow(never-retries)\n\tctx = workflow.With",
    );
    let unused = GO.replace(
        "package orders\n",
        "package orders // activity-lint: allow(unbounded, no-such): why\n",
    );
    let folder = folder_with(&[("a.go", suppressed), ("b.go", above), ("c.go", unused)]);
    let value = json(&folder.run(&["lint", "--format=json"]));
    let told = told(&value);
    assert!(!told.iter().any(|it| it == "a.go:13 never-retries"), "{told:?}");
    assert!(!told.iter().any(|it| it == "b.go:14 never-retries"), "{told:?}");
    assert!(told.iter().any(|it| it == "b.go:13 suppression-without-reason"), "{told:?}");
    let unused = told.iter().filter(|it| *it == "c.go:1 unused-suppression").count();
    assert_eq!(unused, 2, "{told:?}");
}

#[test]
fn a_baseline_hides_what_was_there_and_nothing_more() {
    let folder = folder();
    let ran = folder.run(&["lint", "--write-baseline", "old.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(folder.read("old.json").contains("never-retries"));
    let ran = folder.run(&["lint", "--baseline", "old.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    // Another finding of the same rule in the same file: nobody can tell which one is new.
    let (_, rest) = GO.split_once("func").unwrap();
    folder.write("charge.go", &format!("{GO}\nfunc{}", rest.replace("Charge(", "Again(")));
    let value = json(&folder.run(&["lint", "--baseline", "old.json", "--format=json"]));
    let again = told(&value).iter().filter(|it| it.ends_with("never-retries")).count();
    assert_eq!(again, 2, "{:?}", told(&value));
    folder.write("charge.go", "package orders\n");
    let ran = folder.run(&["lint", "--baseline", "old.json"]);
    assert!(ran.stdout.contains("the baseline lists 2 that are gone"), "{}", ran.stdout);
    folder.write("old.json", "{}");
    let ran = folder.run(&["lint", "--baseline", "old.json"]);
    assert!(ran.refused().contains("not a baseline"), "{}", ran.stderr);
}

#[test]
fn settings_are_those_of_the_nearest_activity_toml() {
    let folder = folder();
    folder.write(
        "activity.toml",
        "[lint]\nexclude = [\"*.go\"]\n[lint.rules]\noption-invalid = \"off\"\n\
         [lint.thresholds]\nno-heartbeat = \"2h\"\n",
    );
    let ran = folder.run(&["lint"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    for (text, complaint) in [
        ("[lint.rules]\nno-hartbeat = \"off\"\n", "is it no-heartbeat?"),
        ("[lint.rules]\nno-heartbeat = \"loud\"\n", "a severity cannot be \"loud\""),
        ("[lint.thresholds]\nno-heartbeat = \"soon\"\n", "is not a duration"),
        ("[lint]\nfail-on = \"info\"\n", "`fail-on` cannot be"),
        ("[lint]\nincude-tests = true\n", "unknown field `incude-tests`"),
        ("[lint]\nexclude = [\"a[\"]\n", "`exclude`"),
    ] {
        folder.write("activity.toml", text);
        let ran = folder.run(&["lint"]);
        assert!(ran.refused().contains(complaint), "{text}: {}", ran.stderr);
    }
    // Options of an activity, not settings.
    folder.write("activity.toml", "start_to_close_timeout = \"1m\"\n");
    assert_eq!(folder.run(&["lint"]).code, 1);
}

#[test]
fn what_is_declared_of_the_code_is_held_against_it() {
    let folder = folder();
    folder.write("activity.toml", "[lint.declared]\nrun-timeout = \"1h\"\n");
    let value = json(&folder.run(&["lint", "--format=json", "run.py"]));
    assert!(told(&value).contains(&"run.py:9 run-timeout-cuts".to_owned()), "{:?}", told(&value));
}

#[test]
fn every_rule_is_explained() {
    let list = activity(&["lint", "--explain"]);
    for rule in &activity_analysis::rules::ALL {
        assert!(list.accepted().contains(rule.id), "{}", rule.id);
        let page = activity(&["lint", "--explain", rule.id]);
        assert!(page.accepted().starts_with(rule.id), "{}", page.stdout);
    }
    let ran = activity(&["lint", "--explain", "never-retry"]);
    assert!(ran.refused().contains("is it never-retries?"), "{}", ran.stderr);
    let page = activity(&["lint", "--explain", "never-retries"]);
    insta::assert_snapshot!("lint-explain", page.stdout);
}

#[test]
fn what_cannot_be_used_is_one_clear_error() {
    let ran = activity(&["lint", "no-such-folder"]);
    assert!(ran.refused().contains("there is no such file"), "{}", ran.stderr);
    let ran = activity(&["lint", "--rule", "no-heartbeat"]);
    assert!(ran.refused().contains("has no severity"), "{}", ran.stderr);
    let folder = folder_with(&[("a.go", b"package a\n\xff\xfe".as_slice())]);
    let value = json(&folder.run(&["lint", "--format=json"]));
    let expected = json!([{ "file": "a.go", "message": "not UTF-8: line 2" }]);
    assert_eq!(value["coverage"]["unreadableFiles"], expected);
}

#[test]
fn shells_complete_its_arguments() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = activity(&["completions", shell]);
        assert!(ran.accepted().contains("write-baseline"), "{shell}");
    }
}

#[test]
fn documents_are_judged_as_code_is() {
    let toml = "# charge\nstart_to_close_timeout = \"10m\"\nworkflow_run_timeout = \"15m\"\n\
                [retry_policy]\nmaximum_attempts = 3\n";
    let yaml = "ship:\n  startToCloseTimeout: 1h\n  scheduleToCloseTimeout: 1h\n\
                pay:\n  # activity-lint: allow(no-heartbeat): quick\n  startToCloseTimeout: 2h\n";
    let refused = "{\n  \"startToCloseTimeout\": \"1m\",\n  \"retryPolicy\": \
                   { \"maximumAttempts\": -1 }\n}\n";
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(toml.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let folder = folder_with(&[
        ("a.toml", toml.as_bytes()),
        ("b.yaml", yaml.as_bytes()),
        ("c.json", refused.as_bytes()),
        ("d.toml", utf16.as_slice()),
        ("package.json", b"{ \"name\": \"of something else\" }"),
        ("e.json", b"{ \"startToCloseTimeout\": \"soon\" }"),
    ]);
    let value = json(&folder.run(&["lint", "--format=json"]));
    let expected = [
        "a.toml:2 run-timeout-cuts",
        "b.yaml:2 never-retries",
        "b.yaml:2 no-heartbeat",
        "c.json:3 options-refused",
        "d.toml:2 run-timeout-cuts",
    ];
    let told = told(&value);
    let warnings: Vec<&String> = told.iter().filter(|it| !it.ends_with("unbounded")).collect();
    assert_eq!(warnings, expected);
    assert_eq!(value["findings"][0]["fix"]["option"], "workflow_run_timeout");
    assert_eq!(value["coverage"]["unreadableFiles"][0]["file"], "e.json");
    let ran = folder.run(&["lint", "e.json"]);
    assert!(ran.refused().contains("soon"), "{}", ran.stderr);
}

#[test]
fn what_a_server_filled_in_is_nobodys_mistake() {
    let event = r#"{
  "eventId": "5", "eventTime": "2026-08-28T18:39:53Z",
  "eventType": "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED",
  "activityTaskScheduledEventAttributes": {
    "activityId": "1", "activityType": { "name": "charge" },
    "scheduleToCloseTimeout": "0s", "scheduleToStartTimeout": "0s", "startToCloseTimeout": "60s",
    "heartbeatTimeout": "5s",
    "retryPolicy": { "initialInterval": "1s", "backoffCoefficient": 2,
      "maximumInterval": "100s", "maximumAttempts": 3 }
  }
}"#;
    let folder = folder_with(&[("history.json", format!("{{\"events\": [{event}]}}"))]);
    let value = json(&folder.run(&["lint", "--format=json"]));
    assert_eq!(
        (value["coverage"]["sites"].as_u64(), told(&value).len()),
        (Some(1), 0),
        "{value:#}"
    );
}

#[test]
fn standard_input_is_linted_under_the_name_that_it_is_given() {
    let lint = |arguments: &[&str], text: &str| {
        activity_with_input(&[&["lint", "--format=json"], arguments].concat(), text.as_bytes())
    };
    let ran = lint(&["-", "--stdin-filename", "charge.go"], GO);
    assert_eq!(told(&json(&ran))[0], "charge.go:13 never-retries");
    let named_as_a_test = lint(&["-", "--stdin-filename", "charge_test.go"], GO);
    assert_eq!(json(&named_as_a_test)["coverage"]["sites"], 1, "it is named");
    let document = lint(&["-"], "start_to_close_timeout = '2h'\n");
    assert_eq!(told(&json(&document))[0], "<stdin>:1 no-heartbeat");
    let code = activity_with_input(&["lint", "-"], GO.as_bytes());
    assert!(code.refused().contains("--stdin-filename"), "{}", code.stderr);
    let nobody = activity(&["lint", "--stdin-filename", "charge.go"]);
    assert!(nobody.refused().contains("nothing reads standard input"), "{}", nobody.stderr);
}

#[test]
fn where_nothing_could_be_judged_nothing_is_said_to_be_well() {
    let folder = folder_with(&[("a.json", "{ \"startToCloseTimeout\": \"soon\" }")]);
    let ran = folder.run(&["lint"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (3, ""), "{}", ran.stdout);
    assert!(ran.stdout.contains("nothing was judged: 1 file could not be read"), "{}", ran.stdout);
    assert!(ran.stdout.contains("not read: a.json: line 1: `startToCloseTimeout`"));
    folder.write("b.go", "package a\n");
    let ran = folder.run(&["lint"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("no findings; 1 file was not read"), "{}", ran.stdout);
    let skipped = folder.run(&["lint", "--size-limit", "3", "b.go"]);
    assert!(skipped.stdout.contains("every file was skipped"), "{}", skipped.stdout);
}

#[test]
fn a_rule_that_is_not_there_is_met_with_those_that_may_be_meant() {
    for (name, help) in [
        ("nosuch", "= help: activity lint --explain lists all rules"),
        ("heartbeat", "is it no-heartbeat, heartbeat-clipped or heartbeat-too-tight?"),
        ("never_retries", "is it never-retries?"),
        ("Cancel", "is it cancel-undeliverable?"),
    ] {
        let ran = activity(&["lint", "--explain", name]);
        assert!(ran.refused().contains(help), "{name}: {}", ran.stderr);
    }
}

#[test]
fn no_line_is_wider_than_a_hundred_columns() {
    let long = GO.replace("ChargeCard", &"c".repeat(200)).replace(
        "\tctx = workflow.With",
        "\t/* a comment that is long enough */ ctx = workflow.With",
    );
    let folder = folder_with(&[("charge.go", long.as_str()), ("run.py", PYTHON)]);
    folder.write("activity.toml", "[lint.rules]\nno-such-rule = \"error\"\n");
    let ran = folder.run(&["lint"]);
    let narrow = |text: &str| {
        assert_eq!(text.lines().find(|line| line.chars().count() > 100), None);
    };
    narrow(ran.refused());
    folder.write(
        "activity.toml",
        "[lint.declared]\nwaits-for-cancellation = true\nheartbeats-every = \"40m\"\n\
         run-timeout = \"1h\"\n",
    );
    let rules = ["--rule=task-loss-stuck=error", "--rule=overlap-possible=error"];
    let ran = folder.run(&[&["lint", "--notes"], &rules[..]].concat());
    assert!(ran.stdout.contains("cancel-undeliverable"), "{}", ran.stdout);
    narrow(&ran.stdout);
    for rule in &activity_analysis::rules::ALL {
        narrow(&activity(&["lint", "--explain", rule.id]).stdout);
    }
    narrow(&activity(&["lint", "--explain"]).stdout);
}

#[test]
fn a_baseline_writes_over_no_other_file_and_knows_only_what_was_looked_at() {
    let folder = folder();
    let ran = folder.run(&["lint", "--write-baseline", "charge.go"]);
    assert!(ran.refused().contains("is not written over"), "{}", ran.stderr);
    assert_eq!(folder.read("charge.go"), GO);
    assert_eq!(folder.run(&["lint", "--write-baseline", "old.json"]).code, 0);
    assert_eq!(folder.run(&["lint", "--write-baseline", "old.json"]).code, 0, "it is one");
    let one = folder.run(&["lint", "--baseline", "old.json", "run.py"]);
    assert!(!one.stdout.contains("gone"), "{}", one.stdout);
    for (text, complaint) in [
        ("", "not a baseline"),
        ("{\"version\": 1", "not a baseline"),
        ("{\"version\": 2, \"findings\": []}", "a baseline of version 2, not 1"),
        ("{\"version\": 1, \"findings\": [{\"file\": \"a\"}]}", "not a baseline"),
    ] {
        folder.write("bad.json", text);
        let ran = folder.run(&["lint", "--baseline", "bad.json"]);
        assert!(ran.refused().contains(complaint), "{text}: {}", ran.stderr);
    }
    let ran = folder.run(&["lint", "--baseline", "none.json"]);
    assert!(ran.refused().contains("write it first"), "{}", ran.stderr);
}

#[test]
fn settings_that_are_damaged_are_not_passed_over() {
    let folder = folder();
    for (text, complaint) in [
        ("[lint\n", "activity.toml:1"),
        ("[lint] # ours\nincude = 1\n", "unknown field `incude`"),
        ("lint.rules.no-such = 'off'\n", "there is no rule"),
        ("[lint.thresholds]\nno-heartbeat = \"10\"\n", "has no unit"),
        ("[lint.thresholds]\nno-heartbeat = \"-1m\"\n", "longer than no time"),
        ("[lint.declared]\nheartbeats-every = \"0s\"\n", "longer than no time"),
        ("[lint.rules]\nno-heartbeat = 3\n", "expected a string"),
        ("[lint]\nexclude = [\"[z-a]\"]\n", "`exclude`"),
        ("[lint]\nsize-limit = -1\n", "-1"),
    ] {
        folder.write("activity.toml", text);
        let ran = folder.run(&["lint", "charge.go"]);
        assert!(ran.refused().contains(complaint), "{text}: {}", ran.stderr);
        assert_eq!(ran.stderr.matches("error").count(), 1, "{}", ran.stderr);
    }
    folder.write("activity.toml", "[lint]\nexclude = [\"charge.go\"]\n");
    let hook = ["lint", "--format=json", "--force-exclude", "charge.go"];
    assert_eq!(json(&folder.run(&hook))["coverage"]["sites"], 0);
}

#[test]
fn a_constant_of_another_file_is_known_and_said_with_its_place() {
    let limits = "\nexport const ATTEMPTS = 1;\nexport const LIMIT = '10m';\n";
    let flow = "import { proxyActivities } from '@temporalio/workflow';\n\
         import { ATTEMPTS, LIMIT } from './limits';\n\
         export const acts = proxyActivities<any>({\n  startToCloseTimeout: '10m',\n  \
         scheduleToCloseTimeout: LIMIT,\n  retry: { maximumAttempts: ATTEMPTS + 2 },\n});\n";
    let folder = folder_with(&[("limits.ts", limits), ("flow.ts", flow)]);
    let value = json(&folder.run(&["lint", "--format", "json", "flow.ts"]));
    assert_eq!(value["coverage"]["known"], 1);
    let findings = value["findings"].as_array().unwrap();
    let never = findings.iter().find(|it| it["rule"] == "never-retries").unwrap();
    assert_eq!(never["certain"], true);
    let places = never["places"].as_array().unwrap();
    let place = places.iter().find(|it| it["option"] == "schedule_to_close_timeout").unwrap();
    assert_eq!(place["line"], 5, "{place:#}");
    let defined = serde_json::json!({ "file": "limits.ts", "line": 3 });
    assert_eq!(place["defined"], defined, "{place:#}");
    let sarif = json(&folder.run(&["lint", "--format", "sarif", "."]));
    let text = sarif.to_string();
    assert!(text.contains("\"uri\":\"limits.ts\""), "{text}");
    let human = folder.run(&["lint"]).stdout;
    assert!(human.contains("(limits.ts:3)"), "{human}");
}
