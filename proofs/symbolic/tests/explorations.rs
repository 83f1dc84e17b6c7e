//! What a report says: verdicts, budgets, failures and their examples, threads, misuse.

use std::panic::catch_unwind;
use std::time::Duration;
use symbolic::{
    Budget, CutOff, Decision, End, Explorer, Instance, Int, Job, Report, Verdict, assume,
    assume_le, assume_that, check, choose, flag, forms, fresh, hypotheses, literal, option, pick,
    prove, replay, within,
};

fn budget() -> Budget {
    Budget::default()
}

fn nothing() -> String {
    String::new()
}

#[test]
fn each_answer_that_is_possible_has_a_path() {
    let report = prove("order", budget(), || {
        let (x, y) = (fresh("x"), fresh("y"));
        if x < y {
            check(
                "transitive",
                x < y + literal(1) && y != x && y.max(x) == y,
                nothing,
            );
        }
    });
    assert_eq!(report.expect_proved().paths, 2);
}

#[test]
fn a_ruled_out_answer_is_counted_with_its_certificate() {
    let statistics = prove("ruled out", budget(), || {
        let (x, y, z) = (fresh("x"), fresh("y"), fresh("z"));
        assume_le(x, y, 0);
        assume_le(y, z, 0);
        check("transitive", x <= z, nothing);
    })
    .expect_proved();
    assert_eq!((statistics.paths, statistics.pruned), (1, 0));
    assert_eq!((statistics.refutations, statistics.certificates), (1, 1));
}

#[test]
fn a_failure_names_its_path_and_a_verified_example() {
    let report = prove("wrong", budget(), || {
        let (x, y) = (fresh("x"), fresh("y"));
        assume(x >= literal(3));
        let total = x + y * 2;
        if total == literal(7) {
            check("y is small", y < literal(1), || {
                format!("x {x}, y {y:?}, total {total}")
            });
        }
    });
    assert_eq!(report.verdict(), Verdict::Failed);
    let failure = report.failure("y is small").expect("it failed");
    assert_eq!(failure.words, "x x, y y, total x + 2*y");
    let example = failure.example.as_ref().expect("there are integers");
    assert!(failure.path.matches(&example.instance));
    assert_eq!(
        (example.instance.value("x"), example.instance.value("y")),
        (5, 1)
    );
    assert_eq!(example.words, "x 5, y 1, total 7");
    let [assumed, equal, at_least] = failure.path.decisions() else {
        panic!("three decisions")
    };
    for (decision, text) in [
        (assumed, "x >= 3"),
        (equal, "x + 2*y == 7"),
        (at_least, "y >= 1"),
    ] {
        let place = format!("{}:{}", decision.at().file(), decision.at().line());
        let line = failure
            .path
            .to_string()
            .lines()
            .find(|line| line.ends_with(text))
            .map(String::from);
        assert!(line.expect("the decision is shown").starts_with(&place));
        assert_eq!(decision.at().file(), file!());
    }
    let text = report.to_string();
    assert!(
        text.contains("x = 5, y = 1") && text.contains("total 7"),
        "{text}"
    );
}

#[test]
fn words_are_asked_for_only_when_a_failure_is_recorded() {
    let mut asked = 0;
    let count = std::cell::Cell::new(0);
    let report = prove("lazy", budget(), || {
        let x = fresh("x");
        let sign = x.cmp(&literal(0));
        check("never", sign.is_gt(), || {
            count.set(count.get() + 1);
            nothing()
        });
    });
    asked += count.get();
    assert_eq!(report.failures.len(), 1);
    assert_eq!(asked, 2, "once for the symbols, once for the numbers");
}

#[test]
fn every_failure_is_kept_on_request_and_the_first_of_a_name_otherwise() {
    let closure = || {
        let items = pick(&["a", "b", "c"]);
        check("never", items.is_empty(), nothing);
        check("b", items != "b", nothing);
    };
    assert_eq!(prove("first", budget(), closure).failures.len(), 2);
    assert_eq!(
        Explorer::new(budget())
            .every_failure()
            .prove("all", closure)
            .failures
            .len(),
        4
    );
}

#[test]
fn a_path_without_integers_fails_without_an_example_and_says_so() {
    // 3x - 5y = 1 with x in 0..=1 has a fraction as its only solution with a small y.
    let report = prove("gap", budget(), || {
        let (x, y) = (fresh("x"), fresh("y"));
        assume(x * 3 - y * 5 == literal(1) && literal(0) <= x && x <= literal(1));
        check("never", false, nothing);
    });
    let failure = report
        .failure("never")
        .expect("the refuter does not see it");
    assert!(failure.example.is_none());
    assert!(report.to_string().contains("no example"));
}

#[test]
fn a_panic_of_the_closure_is_a_failure() {
    let report = prove("panics", budget(), || {
        let x = fresh("x");
        assert!(x < literal(10), "too large");
    });
    let failure = report.failure("panic: too large").expect("it panicked");
    let example = failure.example.as_ref().expect("there are integers");
    assert_eq!(example.instance.value("x"), 10);
    assert_eq!(report.verdict(), Verdict::Failed);
}

#[test]
fn a_budget_that_does_not_suffice_is_never_a_success() {
    let endless = || {
        let (mut x, end) = (literal(0), fresh("end"));
        while x < end {
            x += literal(1);
        }
    };
    let cut = |budget: Budget| {
        let report = prove("endless", budget, endless);
        assert_eq!(report.verdict(), Verdict::Incomplete);
        assert!(report.to_string().contains("INCOMPLETE"));
        report.cut_off.expect("it was cut off")
    };
    let decisions = Budget {
        decisions: 50,
        ..budget()
    };
    assert_eq!(cut(decisions), CutOff::Decisions(50));
    let time = Budget {
        time: Duration::ZERO,
        ..budget()
    };
    assert_eq!(cut(time), CutOff::Time(Duration::ZERO));

    let eight = || (0..3).filter(|_| flag()).count();
    let paths = |paths| {
        prove("eight", Budget { paths, ..budget() }, || {
            assert!(eight() < 4)
        })
    };
    assert_eq!(paths(7).cut_off, Some(CutOff::Paths(7)));
    assert_eq!(paths(7).statistics.paths, 7);
    assert_eq!(paths(8).verdict(), Verdict::Proved);
    assert!(catch_unwind(|| paths(7).expect_proved()).is_err());
}

#[test]
fn pruned_paths_count_against_the_budget_in_both_forms() {
    for fast in [false, true] {
        let pruning = |limit| {
            prove(
                "pruning",
                Budget {
                    paths: limit,
                    ..budget()
                },
                || {
                    let x = fresh("x");
                    let none = || (0..9).any(|n| x == literal(n)) && x < literal(0);
                    if fast {
                        assume_that(none)
                    } else {
                        assume(none())
                    }
                },
            )
        };
        let all = pruning(1_000);
        assert_eq!(all.verdict(), Verdict::Vacuous);
        assert_eq!(all.cut_off, None);
        let pruned = all.statistics.pruned;
        assert_eq!(pruning(pruned).verdict(), Verdict::Vacuous);
        assert_eq!(pruning(pruned - 1).cut_off, Some(CutOff::Paths(pruned - 1)));
    }
}

#[test]
fn both_forms_of_an_assumption_leave_the_same_paths() {
    let explore = |fast: bool| {
        let report = Explorer::new(budget()).record_paths().prove("assume", || {
            let (x, y) = (option("x"), option("y"));
            let sound = || x.is_none_or(|x| x > literal(0) && y.is_some_and(|y| y != x));
            if fast {
                assume_that(sound)
            } else {
                assume(sound())
            }
            check("sound", x.is_none_or(|x| Some(x) != y), nothing);
        });
        let paths: Vec<String> = report.paths.iter().map(|path| path.to_string()).collect();
        (
            report.statistics.paths,
            report.statistics.pruned,
            report.failures.len(),
            paths,
        )
    };
    let (slow, fast) = (explore(false), explore(true));
    assert_eq!(slow, fast);
    assert_eq!((slow.0, slow.2), (4, 0));
}

#[test]
fn contradictory_hypotheses_prune_the_path_wherever_they_are_noticed() {
    let contradict = || {
        let (x, y) = (fresh("x"), fresh("y"));
        assume_le(x, y, -1);
        assume_le(y, x, 0);
        x
    };
    let at_the_end = prove("end", budget(), || {
        contradict();
    });
    let at_a_check = prove("check", budget(), || {
        contradict();
        check("never", false, nothing);
    });
    let at_a_fork = prove("fork", budget(), || assert!(contradict() < literal(0)));
    for report in [at_the_end, at_a_check, at_a_fork] {
        assert_eq!(report.verdict(), Verdict::Vacuous, "{report}");
        assert_eq!(report.statistics.pruned, 1);
    }
}

#[test]
fn arithmetic_that_may_leave_its_bounds_is_named_with_place_and_example() {
    let report = prove("bounds", budget(), || {
        let (now, delay, max) = (fresh("now"), fresh("delay"), fresh("max"));
        assume(literal(0) <= now && now <= max && literal(0) <= delay && delay <= max);
        within(literal(0), max, || {
            let _ = now - now;
            let _ = now + delay;
        });
        let _ = now + delay;
    });
    let [failure] = report.failures.as_slice() else {
        panic!("one failure: {report}")
    };
    assert_eq!(failure.at.map(|at| at.file()), Some(file!()));
    assert_eq!(failure.words, "now + delay > max");
    let example = &failure
        .example
        .as_ref()
        .expect("there are integers")
        .instance;
    let [now, delay, max] = ["now", "delay", "max"].map(|name| example.value(name));
    assert!(0 <= now && now <= max && delay <= max && now + delay > max);
    assert_eq!(report.statistics.checks, 2);
}

fn jobs() -> Vec<Job<'static>> {
    let job = |n: usize| {
        Job::new(format!("job {n}"), move || {
            let values: Vec<Int> = (0..=n % 4).map(|_| fresh("x")).collect();
            let sorted = values.is_sorted();
            check("sorted", sorted || n % 3 == 0, || format!("{values:?}"));
        })
    };
    (0..12).map(job).collect()
}

fn without_time(report: &Report) -> String {
    let mut report = report.clone();
    report.statistics.elapsed = Duration::ZERO;
    let paths: String = report
        .paths
        .iter()
        .map(|path| format!("{path}--\n"))
        .collect();
    format!("{report}{paths}")
}

#[test]
fn reports_do_not_depend_on_the_number_of_threads() {
    let run = |threads: usize| {
        let explorer = Explorer::new(budget()).record_paths().threads(threads);
        explorer
            .prove_all(jobs())
            .iter()
            .map(without_time)
            .collect::<Vec<_>>()
    };
    let sequential = run(1);
    assert_eq!(sequential.len(), 12);
    assert!(
        sequential
            .iter()
            .zip(0..)
            .all(|(text, n)| text.starts_with(&format!("job {n}:")))
    );
    assert_eq!(sequential, run(2));
    assert_eq!(sequential, run(5));
}

#[test]
fn a_split_exploration_is_the_one_that_begins_with_a_choice() {
    let body = |part: usize| {
        let (x, y) = (fresh("x"), fresh("y"));
        if part == 1 {
            check("never", x < y, || format!("{x} {y}"));
        }
        let _ = (part > 0).then(|| x.cmp(&y));
    };
    let split = Explorer::new(budget())
        .record_paths()
        .prove_split("split", 3, body);
    let whole = Explorer::new(budget())
        .record_paths()
        .prove("whole", || body(choose(3)));
    let lines = |report: &Report| -> Vec<String> {
        let decisions = |text: String| -> String {
            text.lines()
                .filter_map(|line| line.split_once("  "))
                .map(|(_, d)| d.trim())
                .collect()
        };
        report
            .paths
            .iter()
            .map(|path| decisions(path.to_string()))
            .collect()
    };
    assert_eq!(lines(&split), lines(&whole));
    assert_eq!(split.statistics.paths, whole.statistics.paths);
    assert_eq!(split.failures.len(), 1);
    assert_eq!(
        split.failures[0]
            .example
            .as_ref()
            .map(|e| e.instance.choices.clone()),
        Some(vec![1])
    );
}

#[test]
fn a_replay_takes_the_instance_and_prints_numbers() {
    let closure = || {
        let (x, again) = (fresh("x"), fresh("x"));
        let chosen = choose(3);
        assume(x <= again);
        check("apart", again - x > literal(4), || {
            format!("{x:?} {again} {chosen}")
        });
    };
    let values = [("x".to_owned(), 5), ("x#2".to_owned(), 8)].into();
    let replayed = replay(
        &Instance {
            values,
            choices: vec![7],
        },
        closure,
    );
    assert_eq!(replayed.path.end(), End::Finished);
    assert!(matches!(
        replayed.path.decisions()[0],
        Decision::Chosen {
            options: 3,
            taken: 2,
            ..
        }
    ));
    let example = replayed.failures[0]
        .example
        .as_ref()
        .expect("the instance itself");
    assert_eq!(example.words, "5 8 2");
    let outside = Instance {
        values: [("x".to_owned(), 1)].into(),
        choices: Vec::new(),
    };
    assert_eq!(replay(&outside, closure).path.end(), End::Pruned);
}

#[test]
fn forms_and_hypotheses_describe_the_current_path() {
    let mut seen = Vec::new();
    let report = prove("export", budget(), || {
        let (now, delay) = (fresh("now"), fresh("delay"));
        assume_le(literal(1), delay, 0);
        if now + delay <= literal(9) {
            seen.push((forms(&[now + delay, literal(4)]), hypotheses()));
        }
    });
    assert!(report.is_proved());
    let [(forms, hypotheses)] = seen.as_slice() else {
        panic!("one path")
    };
    let terms: Vec<(usize, i128)> = forms[0]
        .terms()
        .iter()
        .map(|(symbol, times)| (symbol.index(), *times))
        .collect();
    assert_eq!(terms, [(0, 1), (1, 1)]);
    assert_eq!(forms[1].as_literal(), Some(4));
    assert_eq!(hypotheses.len(), 2);
    let holds = |now, delay| {
        hypotheses
            .iter()
            .all(|h| h.holds(|s| [now, delay][s.index()]) == Some(true))
    };
    assert!(holds(8, 1) && !holds(9, 1) && !holds(5, 0));
}

#[test]
fn misuse_is_one_clear_sentence() {
    let message = |result: Result<(), Box<dyn std::any::Any + Send>>| {
        let payload = result.expect_err("it panics");
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned())
            .expect("a message")
    };
    let outside = message(catch_unwind(|| drop(fresh("x"))));
    assert_eq!(
        outside,
        "symbolic integers exist only inside `prove` and its like"
    );

    let nested = prove("outer", budget(), || drop(prove("inner", budget(), || {})));
    assert!(
        nested.failure("panic: explorations do not nest").is_some(),
        "{nested}"
    );

    let mut calls = 0;
    let fickle = prove("fickle", budget(), || {
        calls += 1;
        if calls == 1 {
            flag();
        }
    });
    let [failure] = fickle.failures.as_slice() else {
        panic!("one failure: {fickle}")
    };
    assert!(failure.name.contains("not deterministic"), "{fickle}");

    let name = prove("name", budget(), || drop(fresh("a|b")));
    assert_eq!(name.verdict(), Verdict::Failed);
}
