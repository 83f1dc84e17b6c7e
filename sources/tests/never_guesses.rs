//! What is planted before the use of a known value makes it unknown, in four languages.

mod told;

use proptest::prelude::*;
use told::told;

/// A language: how a file begins and ends, and what can be planted between.
struct Planted {
    name: &'static str,
    /// The whole file but `{plant}`, `{early}` and `{use}`; the value is 60 seconds.
    file: &'static str,
    /// What changes the value of the variable `limit`.
    of_value: &'static [&'static str],
    /// What changes the field of the variable `options`.
    of_field: &'static [&'static str],
    /// What holds a plant inside, at `{}`.
    around: &'static [&'static str],
}

const PLANTED: [Planted; 4] = [
    Planted {
        name: "a.go",
        file: "package w\nimport (\"time\"; \"go.temporal.io/sdk/workflow\")\n\
               func f(ctx workflow.Context, cond bool, list []int) {\n\
               limit := 60 * time.Second\n{value}\n\
               options := workflow.ActivityOptions{StartToCloseTimeout: limit}\n{field}\n\
               _ = workflow.WithActivityOptions(ctx, options)\n}\n",
        of_value: &[
            "limit = 5 * time.Second",
            "limit += time.Second",
            "limit, other = 5 * time.Second, 1",
            "func() { limit = time.Hour }()",
            "defer func() { limit = time.Hour }()",
            "set(&limit)",
            "p := &limit; *p = time.Hour",
            "for limit = range times { }",
        ],
        of_field: &[
            "if cond { options.StartToCloseTimeout = time.Hour }",
            "for range list { options.StartToCloseTimeout = time.Hour }",
            "func() { options.StartToCloseTimeout = time.Hour }()",
            "defer func() { options.StartToCloseTimeout = time.Hour }()",
            "options = other",
            "set(&options)",
            "p := &options; p.StartToCloseTimeout = time.Hour",
            "options.StartToCloseTimeout = choose(cond)",
            "switch { case cond: options.StartToCloseTimeout = time.Hour }",
            "go func() { options.StartToCloseTimeout = time.Hour }()",
            "if cond { options.StartToCloseTimeout = time.Hour } else { _ = workflow.WithActivityOptions(ctx, options) }",
        ],
        around: &["{}", "if cond { {} }", "for i := 0; i < 3; i++ { {} }", "func() { {} }()"],
    },
    Planted {
        name: "a.ts",
        file: "import { proxyActivities } from '@temporalio/workflow';\n\
               export function f(cond: boolean, list: number[], over: object) {\n\
               let limit = '60s';\n{value}\n\
               const options = { startToCloseTimeout: limit };\n{field}\n\
               return proxyActivities<any>(options);\n}\n",
        of_value: &[
            "limit = '5s';",
            "limit += '0';",
            "[limit] = ['5s'];",
            "(() => { limit = '5s'; })();",
            "setTimeout(() => { limit = '5s'; }, 5);",
            "cond && (limit = '5s');",
            "({ limit } = over as any);",
        ],
        of_field: &[
            "if (cond) options.startToCloseTimeout = '5s';",
            "for (const x of list) options.startToCloseTimeout = '5s';",
            "(() => { options.startToCloseTimeout = '5s'; })();",
            "setTimeout(() => { options.startToCloseTimeout = '5s'; }, 5);",
            "const alias = options; alias.startToCloseTimeout = '5s';",
            "Object.assign(options, over);",
            "change(options);",
            "options.startToCloseTimeout = choose(cond);",
            "cond && (options.startToCloseTimeout = '5s');",
            "options[name] = '5s';",
            "delete options.startToCloseTimeout;",
            "[options].forEach((o) => { o.startToCloseTimeout = '5s'; });",
            "const held = { options }; change(held);",
            "const held = { inner: options }; held.inner.startToCloseTimeout = '5s';",
            "const held = { options }; const other = held.options; other.startToCloseTimeout = '5s';",
            "if (cond) { options.startToCloseTimeout = '5s'; } else { return proxyActivities<any>(options); }",
            "try { work(); options.startToCloseTimeout = '5s'; } catch { return proxyActivities<any>(options); }",
        ],
        around: &["{}", "if (cond) { {} }", "while (cond) { {} }", "(() => { {} })();"],
    },
    Planted {
        name: "a.py",
        file: "from datetime import timedelta\nfrom temporalio import workflow\n\
               async def f(cond, items, over):\n    limit = timedelta(seconds=60)\n{value}\n    \
               options = {\"start_to_close_timeout\": limit}\n{field}\n    \
               await workflow.execute_activity(\"a\", **options)\n",
        of_value: &[
            "limit = timedelta(seconds=5)",
            "limit += timedelta(seconds=5)",
            "limit, other = timedelta(seconds=5), 1",
            "(limit := timedelta(seconds=5))",
            "for limit in items: pass",
            "with over as limit: pass",
            "[(limit := x) for x in items]",
            "match over:\n        case limit: pass",
            "def change():\n        nonlocal limit\n        limit = timedelta(seconds=5)\n    change()",
            "if cond: limit = timedelta(seconds=5)",
            "if cond: pass\n    else: limit = timedelta(seconds=5)",
            "try:\n        change()\n        limit = timedelta(seconds=5)\n    except Exception: pass",
            "with suppress(ValueError):\n        limit = timedelta(seconds=5)",
            "if cond:\n        limit = timedelta(seconds=5)\n        if over: limit = timedelta(seconds=6)",
        ],
        of_field: &[
            "if cond: options[\"start_to_close_timeout\"] = timedelta(seconds=5)",
            "for x in items: options[\"start_to_close_timeout\"] = timedelta(seconds=5)",
            "alias = options; alias[\"start_to_close_timeout\"] = timedelta(seconds=5)",
            "change(options)",
            "options.update(over)",
            "options.pop(\"start_to_close_timeout\")",
            "options[key] = timedelta(seconds=5)",
            "options[\"start_to_close_timeout\"] = choose(cond)",
            "options |= over",
            "options = over",
            "[o.update(over) for o in [options]]",
            "later(lambda: options.update(over))",
            "held = {\"options\": options}; change(held)",
            "held = {\"a\": options}; held[\"a\"][\"start_to_close_timeout\"] = timedelta(seconds=5)",
            "held = {\"a\": options}; other = held[\"a\"]; other.update(over)",
            "if cond: options[\"start_to_close_timeout\"] = over\n    else: await workflow.execute_activity(\"b\", **options)",
            "try:\n        change()\n        options[\"start_to_close_timeout\"] = over\n    except E: await workflow.execute_activity(\"b\", **options)",
            "with suppress(E):\n        options[\"start_to_close_timeout\"] = over",
        ],
        around: &["{}"],
    },
    Planted {
        name: "A.java",
        file: "import io.temporal.activity.ActivityOptions; import java.time.Duration;\n\
               class Impl {\n  ActivityOptions f(boolean cond, Object[] list, Duration other) {\n\
               Duration limit = Duration.ofSeconds(60);\n{value}\n\
               ActivityOptions.Builder options = \
               ActivityOptions.newBuilder().setStartToCloseTimeout(limit);\n{field}\n\
               return options.build();\n  }\n}\n",
        of_value: &[
            "limit = Duration.ofSeconds(5);",
            "if (cond) limit = other;",
            "for (int i = 0; i < 3; i++) limit = limit.plus(limit);",
            "while (cond) { limit = other; }",
            "try { limit = other; } finally { }",
        ],
        of_field: &[
            "if (cond) options.setStartToCloseTimeout(other);",
            "for (Object x : list) options.setStartToCloseTimeout(Duration.ofSeconds(5));",
            "Runnable r = () -> options.setStartToCloseTimeout(Duration.ofSeconds(5)); r.run();",
            "ActivityOptions.Builder alias = options; \
             alias.setStartToCloseTimeout(Duration.ofSeconds(5));",
            "change(options);",
            "options.setStartToCloseTimeout(choose(cond));",
            "options = other();",
            "java.util.List.of(options).forEach(o -> o.setStartToCloseTimeout(other));",
            "switch (n) { case 1: options.setStartToCloseTimeout(other); }",
            "if (cond) options.setStartToCloseTimeout(other); else return options.build();",
            "try { work(); options.setStartToCloseTimeout(other); } catch (E e) { return options.build(); }",
        ],
        around: &["{}", "if (cond) { {} }", "while (cond) { {} }", "{ {} }"],
    },
];

fn file(planted: &Planted, value: &str, field: &str) -> String {
    let indented = |plant: &str| match planted.name {
        "a.py" => format!("    {plant}"),
        _ => plant.to_owned(),
    };
    planted.file.replace("{value}", &indented(value)).replace("{field}", &indented(field))
}

fn nothing(planted: &Planted) -> &'static str {
    if planted.name == "a.py" { "pass" } else { "" }
}

/// What is read of the start-to-close timeout at every site.
fn read(planted: &Planted, text: &str) -> Vec<String> {
    let sites = told(planted.name, text);
    let option = |site: &String| {
        let found = site.split("start_to_close_timeout").nth(1);
        found.map_or("absent", |rest| rest.split(' ').next().unwrap_or_default()).to_owned()
    };
    sites.iter().map(option).collect()
}

#[test]
fn without_a_plant_the_value_is_known() {
    for planted in &PLANTED {
        let text = file(planted, nothing(planted), nothing(planted));
        assert_eq!(read(planted, &text), ["=60s"], "{text}");
    }
}

#[test]
fn every_plant_alone_makes_the_value_unknown() {
    let mut guessed = Vec::new();
    for planted in &PLANTED {
        let plants = planted.of_value.iter().map(|it| file(planted, it, nothing(planted)));
        let fields = planted.of_field.iter().map(|it| file(planted, nothing(planted), it));
        for text in plants.chain(fields) {
            let sites = read(planted, &text);
            if sites.is_empty() || !sites.iter().all(|it| it.starts_with('?')) {
                guessed.push(format!("{sites:?} read in\n{text}"));
            }
        }
    }
    assert!(guessed.is_empty(), "{}", guessed.join("\n"));
}

fn a_plant() -> impl Strategy<Value = (usize, usize, Vec<usize>, bool)> {
    (
        0..PLANTED.len(),
        any::<prop::sample::Index>(),
        prop::collection::vec(0..4_usize, 0..4),
        any::<bool>(),
    )
        .prop_map(|(language, index, around, of_field)| {
            let planted = &PLANTED[language];
            let all = if of_field { planted.of_field } else { planted.of_value };
            (language, index.index(all.len()), around, of_field)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plant_makes_the_value_unknown_however_deep_it_stands((language, index, around, of_field) in a_plant()) {
        let planted = &PLANTED[language];
        let all = if of_field { planted.of_field } else { planted.of_value };
        let mut plant = all[index].to_owned();
        for layer in around {
            plant = planted.around[layer % planted.around.len()].replace("{}", &plant);
        }
        let text = if of_field {
            file(planted, nothing(planted), &plant)
        } else {
            file(planted, &plant, nothing(planted))
        };
        let sites = read(planted, &text);
        prop_assert!(!sites.is_empty(), "no site in\n{}", text);
        prop_assert!(sites.iter().all(|it| it.starts_with('?')), "{:?} read in\n{}", sites, text);
    }

    #[test]
    fn no_text_makes_it_panic(language in 0..PLANTED.len(), text in "\\PC{0,300}", cut in any::<prop::sample::Index>()) {
        let planted = &PLANTED[language];
        let whole = file(planted, planted.of_value[0], planted.of_field[0]);
        let mut at = cut.index(whole.len());
        while !whole.is_char_boundary(at) { at -= 1; }
        let _ = told(planted.name, &format!("{}{text}{}", &whole[..at], &whole[at..]));
        let _ = told(planted.name, &whole[..at]);
    }
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    for (name, open, close) in
        [("a.ts", "(", ")"), ("a.py", "(", ")"), ("a.go", "(", ")"), ("A.java", "(", ")")]
    {
        let planted = PLANTED.iter().find(|it| it.name == name).expect("each is there");
        let deep = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        let plant = match name {
            "a.ts" => format!("const deep = {deep};"),
            "a.py" => format!("deep = {deep}"),
            "a.go" => format!("deep := {deep}"),
            _ => format!("int deep = {deep};"),
        };
        let text = file(planted, &plant, nothing(planted));
        assert_eq!(read(planted, &text).len(), 1);
    }
}
