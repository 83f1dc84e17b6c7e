//! What other names, branches and types do to what is read out of source code.

mod told;

use told::told;

#[test]
fn what_a_part_of_it_is_known_as_elsewhere_is_unknown_and_the_rest_is_known() {
    let read = told(
        "a.ts",
        r#"
import { proxyActivities } from '@temporalio/workflow';
const R = { maximumAttempts: 3, nonRetryableErrorTypes: ['A'] };
const S = { maximumAttempts: 2, nonRetryableErrorTypes: R.nonRetryableErrorTypes };
const o = { startToCloseTimeout: '1m', retry: R };
state.items['x'].y = 5;
const a = proxyActivities<any>(o);
const b = proxyActivities<any>({ startToCloseTimeout: '2m', retry: S });
"#,
    );
    let expected = [
        "7 workflow start_to_close_timeout=60s maximum_attempts=3 non_retryable_error_types=[A]",
        "8 workflow start_to_close_timeout=120s maximum_attempts=2 non_retryable_error_types=[A]",
    ];
    assert_eq!(read, expected);
    for change in [
        "const p = o.retry; p.maximumAttempts = 1;",
        "const { retry } = o; retry.maximumAttempts = 1;",
        "change(o.retry);",
        "change(o);",
        "o.retry.maximumAttempts = 1;",
        "held.push(o);",
    ] {
        let text = format!(
            "import {{ proxyActivities }} from '@temporalio/workflow';\n\
             const R = {{ maximumAttempts: 3 }};\n\
             const o = {{ startToCloseTimeout: '1m', retry: R }};\n{change}\n\
             const a = proxyActivities<any>({{ startToCloseTimeout: '1m', retry: R }});\n"
        );
        let read = told("a.ts", &text);
        assert!(read[0].contains("maximum_attempts?"), "{change}: {read:?}");
    }
    for change in ["list.push('B');", "R.nonRetryableErrorTypes.push('B');", "change(list);"] {
        let text = format!(
            "import {{ proxyActivities }} from '@temporalio/workflow';\nconst list = ['A'];\n\
             const R = {{ nonRetryableErrorTypes: list }};\n{change}\n\
             const a = proxyActivities<any>({{ startToCloseTimeout: '1m', retry: R }});\n"
        );
        let read = told("a.ts", &text);
        assert!(read[0].contains("non_retryable_error_types?"), "{change}: {read:?}");
    }
}

#[test]
fn a_policy_in_python_is_known_until_something_may_change_it() {
    let file = |body: &str, helper: &str| {
        let text = format!(
            "from datetime import timedelta\nfrom temporalio import workflow\n\
             from temporalio.common import RetryPolicy\nclass W:\n    async def run(self, over):\n        \
             policy = RetryPolicy(maximum_attempts=3, non_retryable_error_types=[\"A\"])\n        \
             {body}\n        await workflow.execute_activity(\"a\", \
             start_to_close_timeout=timedelta(seconds=9), retry_policy=policy)\n    \
             async def helper(self, name, policy):\n        {helper}\n"
        );
        told("a.py", &text).swap_remove(0)
    };
    let kept =
        "await workflow.execute_activity(name, start_to_close_timeout=T, retry_policy=policy)";
    for body in ["pass", "await self.helper(\"b\", policy)", "await self.helper(1, policy=policy)"]
    {
        let read = file(body, kept);
        assert!(
            read.ends_with(" maximum_attempts=3 non_retryable_error_types=[A]"),
            "{body}: {read}"
        );
    }
    for (body, helper) in [
        ("await self.helper(1, policy)", "policy.maximum_attempts = 1"),
        ("await self.helper(1, policy)", "other(policy)"),
        ("await self.helper(1, policy)", "self.policy = policy"),
        ("await self.helper(1, policy)", "policy.non_retryable_error_types.append(1)"),
        ("await self.helper(*over, policy)", kept),
        ("await self.other(1, policy)", kept),
        ("policy.non_retryable_error_types.append(\"B\")", kept),
        ("held = {\"p\": policy}; change(held)", kept),
        ("held = {\"p\": policy}; q = held[\"p\"]; q.maximum_attempts = 1", kept),
        ("return {\"p\": policy}", kept),
    ] {
        let read = file(body, helper);
        assert!(read.contains("non_retryable_error_types?"), "{body} / {helper}: {read}");
    }
}

#[test]
fn what_is_assigned_in_the_branch_of_its_use_is_known_and_nowhere_else() {
    let read = told(
        "a.py",
        r#"
from datetime import timedelta
from temporalio import workflow
async def run(kind):
    limit = timedelta(minutes=5)
    if kind == "a":
        limit = timedelta(minutes=10)
        await workflow.execute_activity("a", start_to_close_timeout=limit)
    elif kind == "b":
        limit = timedelta(minutes=2)
        for x in kind:
            await workflow.execute_activity("b", start_to_close_timeout=limit)
    elif kind == "c":
        await workflow.execute_activity("c", start_to_close_timeout=limit)
    elif kind == "d":
        for x in kind:
            await workflow.execute_activity("d", start_to_close_timeout=limit)
            limit = timedelta(minutes=1)
    elif kind == "e":
        if x:
            limit = timedelta(minutes=3)
        await workflow.execute_activity("e", start_to_close_timeout=limit)
    elif kind == "f":
        limit = timedelta(minutes=7)
        later(lambda: workflow.execute_activity("f", start_to_close_timeout=limit))
    await workflow.execute_activity("g", start_to_close_timeout=limit)
"#,
    );
    let read: Vec<_> =
        read.iter().map(|it| it.split_once("timeout").expect("one each").1).collect();
    let unknown = "?Reassigned";
    assert_eq!(read, ["=600s", "=120s", unknown, unknown, unknown, unknown, unknown]);
}

#[test]
fn new_of_a_value_in_go_is_read_as_well() {
    let read = told(
        "a.go",
        r#"
package w
import ("fmt"; "time"; "go.temporal.io/sdk/workflow")
func A(ctx workflow.Context, renew func(string) string) {
    note := Note{Text: new("moved"), More: new(fmt.Sprintf("%s", renew("x"))), Count: new(int), All: new([]string)}
    ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
}
"#,
    );
    assert_eq!(read, ["6 workflow start_to_close_timeout=60s"]);
}

#[test]
fn parameters_of_types_hide_no_import() {
    let go = told(
        "a.go",
        r#"
package w
import ("time"; "go.temporal.io/sdk/workflow")
type Client interface { Start(workflow interface{}) error }
type Run func(workflow string)
var options = workflow.ActivityOptions{StartToCloseTimeout: time.Minute}
"#,
    );
    assert_eq!(go, ["6 workflow start_to_close_timeout=60s"]);
    let typescript = told(
        "a.ts",
        r#"
import { proxyActivities } from '@temporalio/workflow';
interface Client { start(proxyActivities: string): void; run: (proxyActivities: number) => void }
type Make = (proxyActivities: string) => void;
declare function make(proxyActivities: string): void;
const a = proxyActivities<any>({ startToCloseTimeout: '1m' });
"#,
    );
    assert_eq!(typescript, ["6 workflow start_to_close_timeout=60s"]);
}

#[test]
fn an_empty_structure_in_go_that_nobody_is_handed_is_no_site() {
    let read = told(
        "a.go",
        r#"
package w
import ("errors"; "go.temporal.io/sdk/workflow")
func f() (workflow.ActivityOptions, error) { return workflow.ActivityOptions{}, errors.New("none") }
func g() Flow { return Flow{Options: workflow.ActivityOptions{}} }
func h(ctx workflow.Context) { _ = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{}) }
"#,
    );
    assert_eq!(read, ["6 workflow"]);
}
