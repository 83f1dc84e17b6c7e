//! What a report says: verdicts, budgets, assumptions, misuse.

use std::panic::catch_unwind;
use std::time::Duration;
use symbolic::{
    Budget, CutOff, Explorer, Int, Verdict, assume, assume_le, assume_that, check, flag, forms,
    fresh, hypotheses, literal, option, prove, such_that,
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
            check("transitive", x < y + literal(1) && y != x && y.max(x) == y, nothing);
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
fn a_contradiction_is_certified_once_whatever_else_is_known() {
    let statistics = prove("known twice", budget(), || {
        let (x, y, z) = (fresh("x"), fresh("y"), fresh("z"));
        if flag() {
            assume_le(z, x, 7);
        }
        assume_le(x, y, 0);
        check("known", x < y + literal(1), nothing);
        let _ = y < z;
    })
    .expect_proved();
    assert_eq!((statistics.paths, statistics.refutations, statistics.certificates), (4, 2, 1));
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
    let decisions = Budget { decisions: 50, ..budget() };
    assert_eq!(cut(decisions), CutOff::Decisions(50));
    let time = Budget { time: Duration::ZERO, ..budget() };
    assert_eq!(cut(time), CutOff::Time(Duration::ZERO));

    let eight = || (0..3).filter(|_| flag()).count();
    let paths = |paths| prove("eight", Budget { paths, ..budget() }, || assert!(eight() < 4));
    assert_eq!(paths(7).cut_off, Some(CutOff::Paths(7)));
    assert_eq!(paths(7).statistics.paths, 7);
    assert_eq!(paths(8).verdict(), Verdict::Proved);
    assert!(catch_unwind(|| paths(7).expect_proved()).is_err());
}

#[test]
fn pruned_paths_count_against_the_budget_in_both_forms() {
    for fast in [false, true] {
        let pruning = |limit| {
            prove("pruning", Budget { paths: limit, ..budget() }, || {
                let x = fresh("x");
                let none = || (0..9).any(|n| x == literal(n)) && x < literal(0);
                if fast { assume_that(none) } else { assume(none()) }
            })
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
fn the_three_forms_of_an_assumption_leave_the_same_paths() {
    type Pair = (Option<Int>, Option<Int>);
    let generate = || -> Pair { (option("x"), option("y")) };
    let sound = |(x, y): Pair| {
        x.is_none_or(|x| x > literal(0) && y.is_some_and(|y| y != x)).then_some((x, y))
    };
    let simple = || {
        let pair = generate();
        assume(sound(pair).is_some());
        pair
    };
    let fast = || {
        let pair = generate();
        assume_that(|| sound(pair).is_some());
        pair
    };
    let generating = || such_that(|| sound(generate()));
    let explore = |form: &dyn Fn() -> Pair| {
        let report = Explorer::new(budget()).record_paths().prove("assume", || {
            let (x, y) = form();
            check("sound", x.is_none_or(|x| Some(x) != y), nothing);
            let _ = fresh("x") < literal(0);
        });
        let lines = |text: String| {
            text.lines()
                .map(|line| line.rsplit("  ").next())
                .fold(String::new(), |lines, line| lines + line.unwrap_or_default().trim() + "\n")
        };
        let mut paths: Vec<String> =
            report.paths.iter().map(|path| lines(path.to_string())).collect();
        paths.sort();
        (report.statistics.pruned, paths, report.expect_proved().paths)
    };
    let [simple, fast, generating] =
        [&simple as &dyn Fn() -> Pair, &fast, &generating].map(explore);
    assert_eq!(simple, fast);
    assert_eq!(simple, generating);
    assert_eq!((simple.0, simple.2), (4, 8));
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
    let [(forms, hypotheses)] = seen.as_slice() else { panic!("one path") };
    let terms: Vec<(usize, i128)> =
        forms[0].terms().iter().map(|(symbol, times)| (symbol.index(), *times)).collect();
    assert_eq!(terms, [(0, 1), (1, 1)]);
    assert_eq!(forms[1].as_literal(), Some(4));
    assert_eq!(hypotheses.len(), 2);
    let holds =
        |now, delay| hypotheses.iter().all(|h| h.holds(|s| [now, delay][s.index()]) == Some(true));
    assert!(holds(8, 1) && !holds(9, 1) && !holds(5, 0));
}

#[test]
fn misuse_is_one_clear_sentence() {
    let message = |result: Result<(), Box<dyn std::any::Any + Send>>| {
        let payload = result.expect_err("it panics");
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).expect("a message")
    };
    let outside = message(catch_unwind(|| assert!(format!("{}", fresh("x")).is_empty())));
    assert_eq!(outside, "symbolic integers exist only inside `prove` and its like");

    let nested = prove("outer", budget(), || drop(prove("inner", budget(), || {})));
    assert!(nested.failure("panic: explorations do not nest").is_some(), "{nested}");

    let mut calls = 0;
    let fickle = prove("fickle", budget(), || {
        calls += 1;
        if calls == 1 {
            flag();
        }
    });
    let [failure] = fickle.failures.as_slice() else { panic!("one failure: {fickle}") };
    assert!(failure.name.contains("not deterministic"), "{fickle}");

    let name = prove("name", budget(), || assert_ne!(fresh("a|b"), literal(0)));
    assert_eq!(name.verdict(), Verdict::Failed);
}
