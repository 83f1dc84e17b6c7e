//! Variables of a Go package: known until another file of the package may change them.

use super::{GO, file, read};

#[test]
fn a_variable_of_the_package_is_unknown_once_another_file_may_change_it() {
    let declared = |what: &str| file(GO, "", "", "limit") + what;
    let (variable, constant) =
        (declared("var limit = time.Minute\n"), declared("const limit = time.Minute\n"));
    let told = |flow: &str, other: &str| read(GO, flow, &[("w/a.go", other)]);
    let changing = [
        "package w\nfunc init() { limit = 1 }\n",
        "package w\nfunc set(n int) { limit++ }\n",
        "package w\nfunc set() { f(&limit) }\n",
        "package w\nfunc set() { p := &limit; *p = 1 }\n",
        "package w\nfunc broken( { limit",
    ];
    for other in changing {
        assert_eq!(told(&variable, other), "unknown", "{other}");
    }
    let harmless = [
        "package w\nfunc get() int { return limit }\n",
        "package w\nfunc own() { limit := 1; limit = 2; f(&limit) }\n",
        "package w\nfunc own(limit int) { limit = 2 }\n",
        "package other\nfunc init() { limit = 1 }\n",
    ];
    for other in harmless {
        assert_eq!(told(&variable, other), "60s", "{other}");
    }
    let large = format!("package w\n// {}\nfunc init() {{ limit = 1 }}\n", "x".repeat(1_000_000));
    assert_eq!(told(&variable, &large), "unknown", "what is too large may say anything");
    // Nothing assigns a constant, whatever stands there.
    assert_eq!(told(&constant, changing[0]), "60s");
    let test = read(GO, &variable, &[("w/a_test.go", changing[0])]);
    assert_eq!(test, "60s", "what only tests change holds in production");
}

#[test]
fn options_of_the_package_are_unknown_where_another_file_sets_a_field() {
    let flow = "package w\nimport (\"time\"; \"go.temporal.io/sdk/workflow\")\n\
                var opts = workflow.ActivityOptions{StartToCloseTimeout: time.Minute}\n\
                func f(ctx workflow.Context) { _ = workflow.WithActivityOptions(ctx, opts) }\n";
    let told = |other: &str| read(GO, flow, &[("w/a.go", other)]);
    assert_eq!(told("package w\nfunc f() { use(opts) }\n"), "60s");
    assert_eq!(told("package w\nfunc f() { opts.StartToCloseTimeout = 1 }\n"), "unknown");
    assert_eq!(told("package w\nfunc f() { opts = g() }\n"), "unknown");
}
