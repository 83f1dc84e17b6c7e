//! What is read out of source code: tricky sites of four languages, each with its right reading.

mod told;

use told::told;

#[test]
fn constants_assignments_and_aliases_of_the_package_are_followed_in_go() {
    let read = told(
        "a.go",
        r#"
package w
import ("time"; wf "go.temporal.io/sdk/workflow"; "go.temporal.io/sdk/temporal")
const beat = 15 * time.Second
func A(ctx wf.Context) {
    o := wf.ActivityOptions{StartToCloseTimeout: 4 * beat, HeartbeatTimeout: beat}
    o.RetryPolicy = &temporal.RetryPolicy{MaximumAttempts: 3, NonRetryableErrorTypes: []string{"Bad"}}
    ctx = wf.WithActivityOptions(ctx, o)
}
"#,
    );
    let expected = "6 workflow start_to_close_timeout=60s heartbeat_timeout=15s maximum_attempts=3 \
                    non_retryable_error_types=[Bad]";
    assert_eq!(read, [expected]);
}

#[test]
fn a_field_that_is_assigned_under_a_condition_is_unknown_in_go() {
    let read = told(
        "a.go",
        r#"
package w
import ("time"; "go.temporal.io/sdk/workflow")
func B(ctx workflow.Context, slow bool, limit time.Duration) {
    o := workflow.ActivityOptions{StartToCloseTimeout: time.Minute, ScheduleToCloseTimeout: limit}
    if slow { o.StartToCloseTimeout = time.Hour }
    ctx = workflow.WithActivityOptions(ctx, o)
}
"#,
    );
    let expected = "5 workflow start_to_close_timeout?Conditional \
                    schedule_to_close_timeout?Parameter";
    assert_eq!(read, [expected]);
}

#[test]
fn structs_of_other_packages_are_no_sites() {
    let read = told(
        "a.go",
        r#"
package w
// go.temporal.io/sdk/ is only spoken of.
import ("time"; "go.uber.org/cadence/workflow"; pb "example.com/api")
func C() {
    _ = workflow.ActivityOptions{StartToCloseTimeout: time.Minute}
    _ = pb.ActivityOptions{StartToCloseTimeout: nil}
}
"#,
    );
    assert!(read.is_empty(), "{read:?}");
}

#[test]
fn a_copy_in_go_has_options_of_its_own_and_a_bare_number_counts_nanoseconds() {
    let read = told(
        "a.go",
        r#"
package w
import ("time"; "go.temporal.io/sdk/workflow")
func D(ctx workflow.Context) {
    base := workflow.ActivityOptions{StartToCloseTimeout: 30}
    long := base
    long.StartToCloseTimeout = 2 * time.Hour
    ctx = workflow.WithActivityOptions(ctx, long)
    ctx = workflow.WithHeartbeatTimeout(ctx, 20*time.Second)
}
"#,
    );
    assert_eq!(
        read,
        [
            "5 workflow start_to_close_timeout=30ns",
            "6 workflow start_to_close_timeout=7200s",
            "9 override start_to_close_timeout?Parameter schedule_to_close_timeout?Parameter \
             schedule_to_start_timeout?Parameter heartbeat_timeout=20s initial_interval?Parameter \
             backoff_coefficient?Parameter maximum_interval?Parameter maximum_attempts?Parameter \
             non_retryable_error_types?Parameter",
        ]
    );
}

#[test]
fn spreads_and_renamed_imports_are_followed_in_typescript() {
    let read = told(
        "a.ts",
        r#"
import { proxyActivities as pa, proxyLocalActivities } from '@temporalio/workflow';
const MINUTE = 60 * 1000;
const c = { startToCloseTimeout: 5 * MINUTE, retry: { maximumAttempts: 4 } } as const;
const a = pa<any>({ ...c, heartbeatTimeout: '45s' });
const b = proxyLocalActivities<any>({ ...c, startToCloseTimeout: `${2}m` });
"#,
    );
    assert_eq!(
        read,
        [
            "5 workflow start_to_close_timeout=300s heartbeat_timeout=45s maximum_attempts=4",
            "6 local start_to_close_timeout=120s maximum_attempts=4",
        ]
    );
}

#[test]
fn an_unknown_spread_hides_what_stands_before_it() {
    let read = told(
        "a.ts",
        r#"
import { proxyActivities } from '@temporalio/workflow';
export function make(over: object) {
  proxyActivities<any>({ startToCloseTimeout: '10m', ...over });
  proxyActivities<any>({ ...over, startToCloseTimeout: '10m', retry: { maximumAttempts: 2 } });
}
"#,
    );
    assert!(read[0].starts_with("4 workflow start_to_close_timeout?Spread "), "{read:?}");
    assert!(read[1].starts_with("5 workflow start_to_close_timeout=600s "), "{read:?}");
    assert!(read[1].ends_with(" maximum_attempts=2"), "{read:?}");
    assert!(read[1].contains(" heartbeat_timeout?Parameter"), "{read:?}");
}

#[test]
fn a_choice_is_unknown_a_text_of_iso_8601_is_none_of_the_package_ms_and_infinity_is_unlimited() {
    let read = told(
        "a.ts",
        r#"
import * as wf from '@temporalio/workflow';
const fast = process.env.CI === '1';
const p = wf.proxyActivities({
  startToCloseTimeout: fast ? '5s' : '5 minutes', scheduleToCloseTimeout: 'PT5M',
  scheduleToStartTimeout: fast ? '5s' : '5s', retry: { maximumAttempts: Infinity } });
"#,
    );
    let expected = "4 workflow start_to_close_timeout?Conditional \
                    schedule_to_close_timeout!`PT5M` is not a duration of the package ms \
                    schedule_to_start_timeout=5s maximum_attempts=0";
    assert_eq!(read, [expected]);
}

#[test]
fn keyword_arguments_dictionaries_and_class_constants_are_followed_in_python() {
    let read = told(
        "a.py",
        r#"
from datetime import timedelta as td
from temporalio import workflow
from temporalio.common import RetryPolicy
ONCE = RetryPolicy(maximum_attempts=1)
OPTS = {"start_to_close_timeout": td(minutes=2), "retry_policy": ONCE}
class W:
    LIMIT = td(hours=1, minutes=30)
    async def run(self):
        await workflow.execute_activity("a", 1, **OPTS)
        await workflow.execute_activity("b", schedule_to_close_timeout=self.LIMIT, **{**OPTS, "heartbeat_timeout": td(seconds=10)})
"#,
    );
    assert_eq!(
        read,
        [
            "10 workflow start_to_close_timeout=120s maximum_attempts=1",
            "11 workflow start_to_close_timeout=120s schedule_to_close_timeout=5400s \
             heartbeat_timeout=10s maximum_attempts=1",
        ]
    );
}

#[test]
fn a_number_is_no_duration_a_parameter_is_unknown_and_child_workflows_are_no_sites_in_python() {
    let read = told(
        "a.py",
        r#"
from datetime import timedelta
from temporalio import workflow
from .settings import cfg
async def run(policy, t=timedelta(minutes=5)):
    await workflow.execute_activity("a", start_to_close_timeout=60)
    await workflow.execute_activity("b", start_to_close_timeout=t, retry_policy=policy)
    await workflow.execute_activity("c", start_to_close_timeout=timedelta(seconds=cfg.s or 30))
    await workflow.execute_child_workflow("d", execution_timeout=timedelta(hours=1))
    # await workflow.execute_activity("e", start_to_close_timeout=timedelta(seconds=1))
"#,
    );
    assert_eq!(read.len(), 3, "{read:?}");
    assert_eq!(read[0], "6 workflow start_to_close_timeout!a number is no `timedelta`");
    assert!(read[1].starts_with("7 workflow start_to_close_timeout?Parameter "), "{read:?}");
    assert!(read[1].contains("maximum_attempts?Parameter"), "{read:?}");
    assert_eq!(read[2], "8 workflow start_to_close_timeout?Conditional");
}

#[test]
fn reassignment_entries_and_positional_arguments_are_told_apart_in_python() {
    let read = told(
        "a.py",
        r#"
from datetime import timedelta
from temporalio import workflow
from temporalio.common import RetryPolicy
RETRIES = {"fast": RetryPolicy(maximum_attempts=2), "slow": RetryPolicy(maximum_attempts=9)}
async def run():
    limit = timedelta(minutes=1)
    limit = limit * 3
    await workflow.execute_activity("a", start_to_close_timeout=limit, retry_policy=RETRIES["fast"])
    await workflow.execute_local_activity("b", start_to_close_timeout=timedelta(0, 90), retry_policy=RetryPolicy(timedelta(seconds=2), 2.0, None, 5))
"#,
    );
    assert_eq!(
        read,
        [
            "9 workflow start_to_close_timeout?Reassigned maximum_attempts=2",
            "10 local start_to_close_timeout=90s initial_interval=2s backoff_coefficient=2 \
             maximum_attempts=5",
        ]
    );
}

#[test]
fn builders_are_followed_through_constants_and_bases_in_java() {
    let read = told(
        "A.java",
        r#"
import io.temporal.activity.ActivityOptions; import io.temporal.common.RetryOptions; import java.time.Duration; import java.util.Map;
class Impl {
  private static final int TRIES = 2 + 1;
  private static final Duration STEP = Duration.ofMinutes(10);
  private final RetryOptions retry = RetryOptions.newBuilder().setMaximumAttempts(TRIES).setInitialInterval(Duration.ofMillis(500L)).build();
  private final ActivityOptions base = ActivityOptions.newBuilder().setStartToCloseTimeout(STEP.multipliedBy(3)).setRetryOptions(retry).build();
  private final A a = Workflow.newActivityStub(A.class, base, Map.of("Ship", ActivityOptions.newBuilder().setHeartbeatTimeout(Duration.ofSeconds(5)).build()));
  private final A c = Workflow.newActivityStub(A.class, ActivityOptions.newBuilder(base).setScheduleToCloseTimeout(Duration.parse("PT1H")).build());
}
"#,
    );
    assert_eq!(
        read,
        [
            "7 workflow start_to_close_timeout=1800s initial_interval=0.5s maximum_attempts=3",
            "8 override heartbeat_timeout=5s",
            "9 workflow start_to_close_timeout=1800s schedule_to_close_timeout=3600s \
             initial_interval=0.5s maximum_attempts=3",
        ]
    );
}

#[test]
fn a_condition_without_braces_is_a_condition_in_java() {
    let read = told(
        "A.java",
        r#"
import io.temporal.activity.*; import java.time.Duration;
class Impl {
  ActivityOptions make(Config cfg, boolean hb) {
    ActivityOptions.Builder b = ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(cfg.seconds()));
    b.setScheduleToCloseTimeout(Duration.ofHours(1));
    if (hb) b.setHeartbeatTimeout(Duration.ofSeconds(10));
    return b.build();
  }
  Object local() {
    return LocalActivityOptions.newBuilder().build().newBuilder().setStartToCloseTimeout(Duration.ofSeconds(1));
  }
}
"#,
    );
    assert_eq!(read.len(), 2, "{read:?}");
    assert!(read[0].starts_with("5 workflow start_to_close_timeout?"), "{read:?}");
    assert!(read[0].contains("schedule_to_close_timeout=3600s"), "{read:?}");
    assert!(read[0].contains("heartbeat_timeout?Conditional"), "{read:?}");
    assert_eq!(read[1], "11 local start_to_close_timeout=1s");
}

#[test]
fn literals_that_are_assigned_in_a_row_are_sites_of_their_own_in_go() {
    let read = told(
        "a.go",
        r#"
package w
import ("time"; "go.temporal.io/sdk/workflow"; "go.temporal.io/sdk/temporal")
var policy = &temporal.RetryPolicy{MaximumAttempts: 4}
func E(ctx workflow.Context, other workflow.ActivityOptions) {
    ao := workflow.ActivityOptions{StartToCloseTimeout: time.Second}
    one := workflow.WithActivityOptions(ctx, ao)
    ao = workflow.ActivityOptions{StartToCloseTimeout: time.Minute, RetryPolicy: policy}
    ao.HeartbeatTimeout = time.Second
    two := workflow.WithActivityOptions(ctx, ao)
    _, _ = one, two
}
func F(ctx workflow.Context, slow bool, other workflow.ActivityOptions) {
    ao := workflow.ActivityOptions{StartToCloseTimeout: time.Second}
    ctx = workflow.WithActivityOptions(ctx, ao)
    if slow { ao = workflow.ActivityOptions{StartToCloseTimeout: time.Hour} }
    ctx = workflow.WithActivityOptions(ctx, ao)
    bo := workflow.ActivityOptions{StartToCloseTimeout: time.Second}
    bo = other
    ctx = workflow.WithActivityOptions(ctx, bo)
}
"#,
    );
    assert_eq!(read[0], "6 workflow start_to_close_timeout=1s");
    let second = "8 workflow start_to_close_timeout=60s heartbeat_timeout=1s maximum_attempts=4";
    assert_eq!(read[1], second);
    for site in &read[2..] {
        assert!(site.contains("start_to_close_timeout?Reassigned"), "{read:?}");
    }
    assert_eq!(read.len(), 5, "{read:?}");
}

#[test]
fn a_policy_behind_a_pointer_is_known_unless_something_changes_it_in_go() {
    let file = |change: &str| {
        let text = r#"
package w
import ("time"; "go.temporal.io/sdk/workflow"; "go.temporal.io/sdk/temporal")
var policy = temporal.RetryPolicy{MaximumAttempts: 4}
func G(ctx workflow.Context, state *S) {
    state.Inner.Count = 3
    ao := workflow.ActivityOptions{StartToCloseTimeout: time.Second, RetryPolicy: &policy}
    {change}
    ctx = workflow.WithActivityOptions(ctx, ao)
}
"#;
        told("a.go", &text.replace("{change}", change))
    };
    assert_eq!(file(""), ["7 workflow start_to_close_timeout=1s maximum_attempts=4"]);
    for change in [
        "ao.RetryPolicy.MaximumAttempts = 9",
        "*ao.RetryPolicy = temporal.RetryPolicy{MaximumAttempts: 9}",
        "p := ao.RetryPolicy; p.MaximumAttempts = 9",
        "change(ao.RetryPolicy)",
        "p := &policy; p.MaximumAttempts = 9",
        "policy.MaximumAttempts = 9",
        "policy = temporal.RetryPolicy{MaximumAttempts: 9}",
        "other := workflow.ActivityOptions{RetryPolicy: &policy}; other.RetryPolicy.MaximumAttempts = 9",
    ] {
        let read = file(change);
        assert!(!read[0].contains("maximum_attempts=4"), "{change}: {read:?}");
    }
}

#[test]
fn standalone_activities_are_sites_in_java_and_python() {
    let read = told(
        "A.java",
        r#"
import io.temporal.client.StartActivityOptions; import java.time.Duration;
class Impl {
  StartActivityOptions o = StartActivityOptions.newBuilder().setId("a")
      .setStartToCloseTimeout(Duration.ofSeconds(10)).build();
}
"#,
    );
    assert_eq!(read, ["4 standalone start_to_close_timeout=10s"]);
    let read = told(
        "a.py",
        r#"
from datetime import timedelta
from temporalio.client import Client
async def main(other):
    client = await Client.connect("localhost:7233")
    await client.execute_activity("a", id="1", start_to_close_timeout=timedelta(seconds=10))
    await other.execute_activity("b", start_to_close_timeout=timedelta(seconds=10))
"#,
    );
    assert_eq!(read, ["6 standalone start_to_close_timeout=10s"]);
}
