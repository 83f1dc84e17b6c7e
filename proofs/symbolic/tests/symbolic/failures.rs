//! What is recorded when a check fails: the path, an example, the caller's words.

use symbolic::{
    Budget, Decision, End, Explorer, Instance, Verdict, assume, check, choose, fresh, literal,
    pick, prove, replay, within,
};

fn nothing() -> String {
    String::new()
}

fn budget() -> Budget {
    Budget::default()
}

#[test]
fn a_failure_names_its_path_and_a_verified_example() {
    let report = prove("wrong", budget(), || {
        let (x, y) = (fresh("x"), fresh("y"));
        assume(x >= literal(3));
        let total = x + y * 2;
        if total == literal(7) {
            check("y is small", y < literal(1), || format!("x {x}, y {y:?}, total {total}"));
        }
    });
    assert_eq!(report.verdict(), Verdict::Failed);
    let failure = report.failure("y is small").expect("it failed");
    assert_eq!(failure.words, "x x, y y, total x + 2*y");
    let example = failure.example.as_ref().expect("there are integers");
    assert!(failure.path.matches(&example.instance));
    assert_eq!((example.instance.value("x"), example.instance.value("y")), (5, 1));
    assert_eq!(example.words, "x 5, y 1, total 7");
    let [assumed, equal, at_least] = failure.path.decisions() else { panic!("three decisions") };
    for (decision, text) in [(assumed, "x >= 3"), (equal, "x + 2*y == 7"), (at_least, "y >= 1")] {
        let place = format!("{}:{}", decision.at().file(), decision.at().line());
        let line =
            failure.path.to_string().lines().find(|line| line.ends_with(text)).map(String::from);
        assert!(line.expect("the decision is shown").starts_with(&place));
        assert_eq!(decision.at().file(), file!());
    }
    let text = report.to_string();
    assert!(text.contains("x = 5, y = 1") && text.contains("total 7"), "{text}");
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
    assert_eq!(Explorer::new(budget()).every_failure().prove("all", closure).failures.len(), 4);
}

#[test]
fn a_path_without_integers_fails_without_an_example_and_says_so() {
    // 3x - 5y = 1 with x in 0..=1 has a fraction as its only solution with a small y.
    let report = prove("gap", budget(), || {
        let (x, y) = (fresh("x"), fresh("y"));
        assume(x * 3 - y * 5 == literal(1) && literal(0) <= x && x <= literal(1));
        check("never", false, nothing);
    });
    let failure = report.failure("never").expect("the refuter does not see it");
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
    let [failure] = report.failures.as_slice() else { panic!("one failure: {report}") };
    assert_eq!(failure.at.map(|at| at.file()), Some(file!()));
    assert_eq!(failure.words, "now + delay > max");
    let example = &failure.example.as_ref().expect("there are integers").instance;
    let [now, delay, max] = ["now", "delay", "max"].map(|name| example.value(name));
    assert!(0 <= now && now <= max && delay <= max && now + delay > max);
    assert_eq!(report.statistics.checks, 2);
}

#[test]
fn either_bound_is_demanded_and_a_tight_result_keeps_both() {
    // The result is between 2 and 9, both included.
    let demanded = |low: i64, high: i64| {
        let report = prove("bounds", budget(), || {
            let (one, other) = (fresh("one"), fresh("other"));
            assume(literal(1) <= one && one <= literal(4));
            assume(literal(1) <= other && other <= literal(5));
            within(literal(low), literal(high), || one + other);
        });
        let failures = report.failures.into_iter();
        let words = failures.map(|failure| (failure.words, failure.example.expect("integers")));
        words.map(|(words, example)| (words, example.instance)).collect::<Vec<_>>()
    };
    assert_eq!(demanded(2, 9), []);
    let [(words, instance)] = &demanded(3, 9)[..] else { panic!("it may be too small") };
    assert_eq!(words, "one + other < 3");
    assert_eq!(instance.value("one") + instance.value("other"), 2);
    let [(words, instance)] = &demanded(2, 8)[..] else { panic!("it may be too large") };
    assert_eq!(words, "one + other > 8");
    assert_eq!(instance.value("one") + instance.value("other"), 9);
}

#[test]
fn what_is_demanded_is_demanded_once_and_certified_at_both_bounds() {
    let explored = |high: Option<i64>| {
        let report = prove("bounds", budget(), || {
            let x = fresh("x");
            assume(literal(0) <= x && x <= literal(3));
            match high {
                Some(high) => within(literal(0), literal(high), || x + x),
                None => x + x,
            };
            choose(2);
        });
        assert!(report.is_proved(), "{report}");
        (report.statistics.checks, report.statistics.refutations)
    };
    let ((none, before), (checks, refutations)) = (explored(None), explored(Some(6)));
    assert_eq!((none, checks, refutations - before), (0, 1, 2));
}

#[test]
fn an_instance_that_is_followed_violates_the_bound_that_it_violates() {
    let closure = || {
        let x = fresh("x");
        within(literal(-3), literal(3), || x + literal(0) + x);
    };
    let words = |x: i128| {
        let values = [("x".to_owned(), x)].into();
        let played = replay(&Instance { values, choices: Vec::new() }, closure);
        let examples = played.failures.into_iter().filter_map(|failure| failure.example);
        examples.map(|example| example.words).collect::<Vec<_>>()
    };
    assert_eq!(words(1), [""; 0]);
    assert_eq!(words(-1), [""; 0]);
    assert_eq!(words(2), ["4 > 3"]);
    assert_eq!(words(-2), ["-4 < -3"]);
}

#[test]
fn a_replay_takes_the_instance_and_prints_numbers() {
    let closure = || {
        let (x, again) = (fresh("x"), fresh("x"));
        let chosen = choose(3);
        assume(x <= again);
        check("apart", again - x > literal(4), || format!("{x:?} {again} {chosen}"));
    };
    let values = [("x".to_owned(), 5), ("x#2".to_owned(), 8)].into();
    let replayed = replay(&Instance { values, choices: vec![7] }, closure);
    assert_eq!(replayed.path.end(), End::Finished);
    assert!(matches!(replayed.path.decisions()[0], Decision::Chosen { options: 3, taken: 2, .. }));
    let example = replayed.failures[0].example.as_ref().expect("the instance itself");
    assert_eq!(example.words, "5 8 2");
    let outside = Instance { values: [("x".to_owned(), 1)].into(), choices: Vec::new() };
    assert_eq!(replay(&outside, closure).path.end(), End::Pruned);
}
