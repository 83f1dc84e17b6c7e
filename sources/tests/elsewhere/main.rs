//! Constants of other files: what is known by them, and what is planted there that makes it unknown.

mod folder;
mod variables;

use activity_sources::code::{Known, OptionName, Others, sites_among};
use folder::{Folder, told};
use std::fs;
use std::path::Path;

const GO: (&str, &str) = (
    "w/flow.go",
    "package w\nimport (\"time\"; \"go.temporal.io/sdk/workflow\")\n\
     func f(ctx workflow.Context) {\n{before}\n\
     _ = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: {use}})\n}\n\
     var _ = time.Second\n",
);
const TYPESCRIPT: (&str, &str) = (
    "w/flow.ts",
    "import { proxyActivities } from '@temporalio/workflow';\n{import}\n\
     export function f(over: any) {\n{before}\n\
     return proxyActivities<any>({ startToCloseTimeout: {use} });\n}\n",
);
const PYTHON: (&str, &str) = (
    "app/w/flow.py",
    "from datetime import timedelta\nfrom temporalio import workflow\n{import}\n\
     async def f(over):\n    {before}\n    \
     await workflow.execute_activity(\"a\", start_to_close_timeout={use})\n",
);

/// A file with what is imported, what stands before the use, and the use.
fn file(of: (&str, &str), import: &str, before: &str, used: &str) -> String {
    let before = if before.is_empty() && of.0 == PYTHON.0 { "pass" } else { before };
    of.1.replace("{import}", import).replace("{before}", before).replace("{use}", used)
}

fn read(of: (&str, &str), flow: &str, files: &[(&str, &str)]) -> String {
    let folder = Folder::with(files);
    folder.write(of.0, flow);
    told(&folder.site(of.0, 1_000_000))
}

/// What is imported, what stands before the use, the use, the other files, and what is read.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

/// Every case is read as it should be; all that are not are said at once.
fn all(of: (&str, &str), cases: &[Case<'_>]) {
    let mut wrong = Vec::new();
    for (import, before, used, files, expected) in cases {
        let found = read(of, &file(of, import, before, used), files);
        if found != *expected {
            wrong.push(format!("{found}, not {expected}: {import} {before} {used} {files:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const LIMIT: &str = "package w\nimport \"time\"\nconst Limit = 60 * time.Second\n";

#[test]
fn a_constant_of_the_package_is_known_if_nothing_else_defines_it() {
    all(
        GO,
        &[
            ("", "", "Limit", &[("w/a.go", LIMIT)], "60s"),
            ("", "", "Limit + time.Second", &[("w/a.go", LIMIT), ("w/b.go", "package w\n")], "61s"),
            ("", "", "N * time.Second", &[("w/a.go", "package w\nconst N = 1.5\n")], "1.5s"),
            (
                "",
                "",
                "time.Duration(N) * time.Second",
                &[("w/a.go", "package w\nconst N int32 = 3\n")],
                "3s",
            ),
            (
                "",
                "",
                "N",
                &[(
                    "w/a.go",
                    "package w\nimport t \"time\"\n\
                              const N t.Duration = 5_000_000_000\n",
                )],
                "5s",
            ),
            (
                "",
                "",
                "M",
                &[("w/a.go", "package w\nconst M = 2 * Limit\n"), ("w/b.go", LIMIT)],
                "120s",
            ),
            (
                "",
                "",
                "Limit",
                &[
                    ("w/a.go", LIMIT),
                    ("w/a_test.go", "package w\nconst Limit = 1\n"),
                    ("w/b_test.go", "package w_test\nconst Limit = 1\n"),
                    ("w/other.go", "package main\nconst Limit = 1\n"),
                ],
                "60s",
            ),
            (
                "",
                "",
                "Limit",
                &[(
                    "w/a.go",
                    "/* package x */ // package y\npackage w\nimport \"time\"\n\
                              const (\n A = 1\n Limit, B = time.Minute, 2\n)\n",
                )],
                "60s",
            ),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_may_be_another_constant_of_the_package_is_unknown() {
    let linux = format!("//go:build linux\n\n{LIMIT}");
    let other = "//go:build !linux\n\npackage w\nimport \"time\"\nconst Limit = time.Hour\n";
    let many: String = (0..40).map(|n| format!("const C{n} = C{} + C{}\n", n + 1, n + 1)).collect();
    let many = format!("package w\n{many}const C40 = X\n");
    all(
        GO,
        &[
            ("", "", "Limit", &[("w/a.go", &linux), ("w/b.go", other)], "unknown"),
            ("", "", "Limit", &[("w/a.go", LIMIT), ("w/b.go", LIMIT)], "unknown"),
            (
                "",
                "",
                "Limit",
                &[("w/a.go", LIMIT), ("w/b.go", "package w\nvar Limit = 1\n")],
                "unknown",
            ),
            (
                "",
                "",
                "Limit",
                &[("w/a.go", LIMIT), ("w/b.go", "package w\nfunc Limit() {}\n")],
                "unknown",
            ),
            (
                "",
                "",
                "Limit",
                &[("w/a.go", LIMIT), ("w/b.go", "package w\ntype Limit int\n")],
                "unknown",
            ),
            ("", "", "Limit", &[("w/a.go", "package w\nvar Limit = 60000000000\n")], "unknown"),
            (
                "",
                "",
                "Limit",
                &[
                    ("w/a.go", "package w\nvar (\n Limit = 60000000000\n)\n"),
                    ("w/b.go", "package w\nfunc init() { Limit = 1 }\n"),
                ],
                "unknown",
            ),
            ("", "", "Limit", &[("w/a_test.go", LIMIT)], "unknown"),
            ("", "", "Limit", &[("w/a.go", &LIMIT.replace("package w", "package x"))], "unknown"),
            ("", "", "Limit", &[("v/a.go", LIMIT)], "unknown"),
            ("", "", "Limit", &[("w/a.go", &format!("{LIMIT}const Broken = = 1\n"))], "unknown"),
            (
                "",
                "",
                "Limit",
                &[("w/a.go", LIMIT), ("w/b.go", "package w\nfunc ( { // Limit\n")],
                "unknown",
            ),
            ("", "", "B", &[("w/a.go", "package w\nconst (\n A = iota\n B\n)\n")], "unknown"),
            ("", "", "A", &[("w/a.go", "package w\nconst A = iota * 5\n")], "unknown"),
            ("", "", "B", &[("w/a.go", "package w\nconst (\n A = 5\n B\n)\n")], "unknown"),
            (
                "",
                "",
                "A",
                &[("w/a.go", "package w\nconst A = B\n"), ("w/b.go", "package w\nconst B = A\n")],
                "unknown",
            ),
            ("", "", "A", &[("w/a.go", "package w\nconst A = A\n")], "unknown"),
            (
                "",
                "",
                "C0",
                &[("w/a.go", &many), ("w/b.go", "package w\nconst X = C0\n")],
                "unknown",
            ),
            ("", "", "limits.Limit", &[("w/a.go", LIMIT)], "unknown"),
            ("", "Limit := over()", "Limit", &[("w/a.go", LIMIT)], "unknown"),
            ("", "for Limit := range over() {", "Limit})\n}\n//", &[("w/a.go", LIMIT)], "unknown"),
            (
                "",
                "switch Limit := over().(type) {\ncase time.Duration:",
                "Limit})\n}\n//",
                &[("w/a.go", LIMIT)],
                "unknown",
            ),
            (
                "",
                "select {\ncase Limit := <-over():",
                "Limit})\n}\n//",
                &[("w/a.go", LIMIT)],
                "unknown",
            ),
        ],
    );
}

#[test]
fn a_test_sees_the_constants_of_tests_of_its_own_package() {
    let flow = file(GO, "", "", "Limit");
    let folder = Folder::with(&[
        ("w/flow_test.go", &flow),
        ("w/a_test.go", LIMIT),
        ("w/b_test.go", "package w_test\nconst Limit = 1\n"),
    ]);
    assert_eq!(told(&folder.site("w/flow_test.go", 1_000_000)), "60s");
    folder.write("w/flow_test.go", &flow.replace("package w", "package w_test"));
    assert_eq!(told(&folder.site("w/flow_test.go", 1_000_000)), "0.000000001s");
}

#[test]
fn an_exported_constant_of_a_module_is_known() {
    let c = "import { LIMIT } from './c';";
    let minute: (&str, &str) = ("w/c.ts", "export const LIMIT = '60s' as const;\n");
    all(
        TYPESCRIPT,
        &[
            (c, "", "LIMIT", &[minute], "60s"),
            (c, "", "LIMIT", &[("w/c/index.ts", minute.1)], "60s"),
            (c, "", "LIMIT", &[("w/c.mjs", "export const LIMIT = 60_000;\n")], "60s"),
            ("import { LIMIT } from './c.js';", "", "LIMIT", &[minute], "60s"),
            ("import { LIMIT as L } from '../w/c';", "", "L", &[minute], "60s"),
            (
                "import { L } from './c';",
                "",
                "L",
                &[("w/c.ts", "const LIMIT = 60 * 1000;\nexport { LIMIT as L };\n")],
                "60s",
            ),
            (
                "import { L } from './d';",
                "",
                "L",
                &[minute, ("w/d.ts", "export { LIMIT as L } from './c';\n")],
                "60s",
            ),
            (
                "import { L } from './d';",
                "",
                "L",
                &[minute, ("w/d.ts", "import { LIMIT } from './c';\nexport { LIMIT as L };\n")],
                "60s",
            ),
            (
                "import { L } from './d';",
                "",
                "L * 2",
                &[
                    ("w/c.ts", "export const S = 1000;\n"),
                    ("w/d.ts", "import { S } from './c';\nexport const L = 30 * S;\n"),
                ],
                "60s",
            ),
            ("const { LIMIT } = require('./c');", "", "LIMIT", &[minute], "60s"),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_may_be_another_value_of_a_module_is_unknown() {
    let c = "import { LIMIT } from './c';";
    let minute: (&str, &str) = ("w/c.ts", "export const LIMIT = '60s';\n");
    let of = |text: &'static str| [("w/c.ts", text)];
    all(
        TYPESCRIPT,
        &[
            (c, "", "LIMIT", &of("export let LIMIT = '60s';\n"), "unknown"),
            (c, "", "LIMIT", &of("export var LIMIT = '60s';\n"), "unknown"),
            (c, "", "LIMIT", &of("let LIMIT = '60s';\nexport { LIMIT };\n"), "unknown"),
            (c, "", "LIMIT", &of("export const LIMIT = process.env.LIMIT ?? '60s';\n"), "unknown"),
            (c, "", "LIMIT", &of("let x = 5;\nx = 6;\nexport const LIMIT = x;\n"), "unknown"),
            (c, "", "LIMIT", &of("export const LIMIT = '60s';\nexport const = 5;\n"), "unknown"),
            (c, "", "LIMIT", &of("const LIMIT = '60s';\nexport const X = LIMIT;\n"), "unknown"),
            (c, "", "LIMIT", &of("namespace a { export const LIMIT = '60s'; }\n"), "unknown"),
            (
                c,
                "",
                "LIMIT",
                &of("export const LIMIT = '60s';\nexport { X as LIMIT };\n"),
                "unknown",
            ),
            (c, "", "LIMIT", &of("export * from './d';\n"), "unknown"),
            (c, "", "LIMIT", &of("export function LIMIT() {}\n"), "unknown"),
            (c, "", "LIMIT", &of("module.exports = { LIMIT: '60s' };\n"), "unknown"),
            (c, "", "LIMIT.a", &of("export const LIMIT = { a: '60s' };\n"), "unknown"),
            (c, "", "LIMIT", &[minute, ("w/c.js", "export const LIMIT = '5s';\n")], "unknown"),
            (c, "", "LIMIT", &[minute, ("w/c/index.ts", minute.1)], "unknown"),
            ("import { LIMIT } from 'c';", "", "LIMIT", &[minute], "unknown"),
            ("import LIMIT from './c';", "", "LIMIT", &[minute], "unknown"),
            (
                "import { LIMIT } from '../../../../../../../../../etc/c';",
                "",
                "LIMIT",
                &[minute],
                "unknown",
            ),
            (c, "const LIMIT = over;", "LIMIT", &[minute], "unknown"),
            (c, "const { LIMIT } = over;", "LIMIT", &[minute], "unknown"),
            (c, "function LIMIT() {}", "LIMIT", &[minute], "unknown"),
            (c, "for (const LIMIT of over)", "LIMIT", &[minute], "unknown"),
            (c, "return over.map((LIMIT: any) => ", "LIMIT }));\n//", &[minute], "unknown"),
            (
                "import { LIMIT } from './c';\nimport { LIMIT } from './d';",
                "",
                "LIMIT",
                &[minute],
                "unknown",
            ),
            (
                c,
                "",
                "LIMIT",
                &[
                    ("w/c.ts", "import { A } from './d';\nexport const LIMIT = A;\n"),
                    ("w/d.ts", "import { LIMIT } from './c';\nexport const A = LIMIT;\n"),
                ],
                "unknown",
            ),
            (
                c,
                "",
                "LIMIT",
                &[
                    ("w/c.ts", "export { LIMIT } from './d';\n"),
                    ("w/d.ts", "export { LIMIT } from './c';\n"),
                ],
                "unknown",
            ),
        ],
    );
}

#[test]
fn a_name_that_a_module_assigns_once_is_known() {
    let minute = "from datetime import timedelta\nLIMIT: timedelta = timedelta(seconds=60)\n";
    let c: (&str, &str) = ("app/w/c.py", minute);
    let inside = "with workflow.unsafe.imports_passed_through():\n    from .c import LIMIT";
    let there = [("app/d.py", "LIMIT = 60\n"), ("app/__init__.py", "")];
    let package = [c, ("app/w/__init__.py", "from .c import LIMIT as L\n")];
    all(
        PYTHON,
        &[
            ("from .c import LIMIT", "", "LIMIT", &[c], "60s"),
            (inside, "", "LIMIT", &[c], "60s"),
            ("from c import LIMIT as L", "", "L * 2", &[c], "120s"),
            ("from app.w.c import LIMIT", "", "LIMIT", &[c], "60s"),
            ("from ..d import LIMIT", "", "timedelta(seconds=LIMIT)", &there, "60s"),
            ("from . import L", "", "L", &package, "60s"),
            ("from app.w import L", "", "L", &package, "60s"),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_a_module_may_assign_again_is_unknown() {
    let c = "from .c import LIMIT";
    let minute = "from datetime import timedelta\nLIMIT = timedelta(seconds=60)\n";
    let plants = [
        "LIMIT = 5\n",
        "LIMIT += LIMIT\n",
        "if over: LIMIT = 5\n",
        "def f():\n    global LIMIT\n    LIMIT = 5\n",
        "from .d import *\n",
        "from .d import LIMIT\n",
        "import LIMIT\n",
        "def LIMIT(): pass\n",
        "class LIMIT: pass\n",
        "for LIMIT in []: pass\n",
        "del LIMIT\n",
        "[(LIMIT := x) for x in []]\n",
        "try: pass\nexcept E as LIMIT: pass\n",
        "def broken(:\n",
    ];
    for plant in plants {
        let text = format!("{minute}{plant}");
        let found = read(PYTHON, &file(PYTHON, c, "", "LIMIT"), &[("app/w/c.py", &text)]);
        assert_eq!(found, "unknown", "{text}");
    }
    let there: (&str, &str) = ("app/w/c.py", minute);
    let or_else = "try:\n    from .c import LIMIT\nexcept ImportError:\n    from .d import LIMIT";
    let fallback = "try:\n    from .c import LIMIT\nexcept ImportError:\n    LIMIT = None";
    let of_module = "from datetime import timedelta\nif True:\n    LIMIT = timedelta(seconds=60)\n";
    let config = "from temporalio.common import RetryPolicy\nLIMIT = RetryPolicy()\n";
    all(
        PYTHON,
        &[
            (c, "LIMIT = over", "LIMIT", &[there], "unknown"),
            (
                "from .c import LIMIT\nLIMIT = timedelta(seconds=5)",
                "",
                "LIMIT",
                &[there],
                "unknown",
            ),
            ("LIMIT = timedelta(seconds=5)", "from .c import LIMIT", "LIMIT", &[there], "unknown"),
            ("from .c import LIMIT\nLIMIT += LIMIT", "", "LIMIT", &[there], "unknown"),
            ("from .c import LIMIT\nfrom .d import *", "", "LIMIT", &[there], "unknown"),
            ("from .d import *", "", "LIMIT", &[there, ("app/w/d.py", minute)], "unknown"),
            (or_else, "", "LIMIT", &[there], "unknown"),
            (fallback, "", "LIMIT", &[there], "unknown"),
            (c, "class LIMIT: pass", "LIMIT", &[there], "unknown"),
            (c, "def LIMIT(): pass", "LIMIT", &[there], "unknown"),
            (c, "for LIMIT in over: pass", "LIMIT", &[there], "unknown"),
            (c, "", "LIMIT", &[("app/w/c.py", of_module)], "unknown"),
            (c, "", "LIMIT", &[("app/w/c.py", config)], "unknown"),
            ("from c import LIMIT", "", "LIMIT", &[there, ("c.py", minute)], "unknown"),
            ("from ....c import LIMIT", "", "LIMIT", &[there], "unknown"),
            (
                c,
                "",
                "LIMIT",
                &[
                    ("app/w/c.py", "from .d import LIMIT\n"),
                    ("app/w/d.py", "from .c import LIMIT\n"),
                ],
                "unknown",
            ),
            (
                c,
                "",
                "LIMIT",
                &[("app/w/c.py", "from os import environ\nLIMIT = environ['L']\n")],
                "unknown",
            ),
        ],
    );
}

#[test]
fn nothing_is_read_that_is_too_large_or_leads_out_of_the_repository() {
    let flow = file(TYPESCRIPT, "import { LIMIT } from '../c';", "", "LIMIT");
    let minute = "export const LIMIT = '60s';\n";
    let folder = Folder::with(&[("r/w/flow.ts", &flow), ("r/c.ts", minute), ("c.ts", minute)]);
    assert_eq!(told(&folder.site("r/w/flow.ts", 1_000_000)), "60s");
    assert_eq!(told(&folder.site("r/w/flow.ts", 5)), "unknown");
    let alone = |path: &str| {
        let path = folder.0.join(path);
        let others = Others::beside(std::slice::from_ref(&path), 1_000_000);
        told(&sites_among(&path, &fs::read_to_string(&path).unwrap(), &others)[0])
    };
    assert_eq!(alone("r/w/flow.ts"), "unknown", "a file alone is looked at with its folder");
    fs::create_dir(folder.0.join("r/.git")).unwrap();
    assert_eq!(alone("r/w/flow.ts"), "60s", "and with its repository");
    folder.write("r/flow.ts", &flow);
    assert_eq!(alone("r/flow.ts"), "unknown", "and with nothing above it");
    #[cfg(unix)]
    {
        fs::remove_file(folder.0.join("r/c.ts")).unwrap();
        std::os::unix::fs::symlink(folder.0.join("c.ts"), folder.0.join("r/c.ts")).unwrap();
        assert_eq!(alone("r/w/flow.ts"), "unknown", "nor through a link");
    }
}

#[test]
fn a_value_says_where_it_is_defined_and_stands_where_it_is_used() {
    let flow = file(TYPESCRIPT, "import { L } from './d';", "", "L * 2");
    let folder = Folder::with(&[
        ("w/flow.ts", &flow),
        ("w/c.ts", "\nexport const L = '60s', M = 30_000;\n"),
        ("w/d.ts", "export { M as L } from './c';\n"),
    ]);
    let site = folder.site("w/flow.ts", 1_000_000);
    assert_eq!(told(&site), "60s");
    let definition = &site.definitions[&OptionName::StartToCloseTimeout];
    assert_eq!(definition.file, folder.0.join("w/c.ts"));
    assert_eq!(definition.line, 2);
    let Known::Given { place, .. } = &site.options[&OptionName::StartToCloseTimeout] else {
        panic!("it is known")
    };
    assert_eq!(&flow[place.bytes.range()], "L * 2");
}

#[test]
fn a_text_without_a_place_is_read_alone() {
    let folder = Folder::with(&[("w/a.go", LIMIT)]);
    let others = Others::beside(std::slice::from_ref(&folder.0), 1_000_000);
    let flow = file(GO, "", "", "Limit");
    for path in ["w/flow.go", "flow.go", ""] {
        let sites = sites_among(Path::new(path), &flow, &others);
        assert!(sites.iter().all(|site| told(site) == "unknown"), "{path}");
    }
}
