//! Several explorations at a time: the same reports as one after another.

use std::time::Duration;
use symbolic::{Budget, Explorer, Int, Job, Report, check, choose, fresh};

fn budget() -> Budget {
    Budget::default()
}

fn jobs() -> Vec<Job<'static>> {
    let job = |n: usize| {
        Job::new(format!("job {n}"), move || {
            let values: Vec<Int> = (0..=n % 4).map(|_| fresh("x")).collect();
            let sorted = values.is_sorted();
            check("sorted", sorted || n.is_multiple_of(3), || format!("{values:?}"));
        })
    };
    (0..12).map(job).collect()
}

fn without_time(report: &Report) -> String {
    let mut report = report.clone();
    report.statistics.elapsed = Duration::ZERO;
    let paths: String = report.paths.iter().map(|path| format!("{path}--\n")).collect();
    format!("{report}{paths}")
}

#[test]
fn reports_do_not_depend_on_the_number_of_threads() {
    let run = |threads: usize| {
        let explorer = Explorer::new(budget()).record_paths().threads(threads);
        explorer.prove_all(jobs()).iter().map(without_time).collect::<Vec<_>>()
    };
    let sequential = run(1);
    assert_eq!(sequential.len(), 12);
    assert!(sequential.iter().zip(0..).all(|(text, n)| text.starts_with(&format!("job {n}:"))));
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
    let split = Explorer::new(budget()).record_paths().prove_split("split", 3, body);
    let whole = Explorer::new(budget()).record_paths().prove("whole", || body(choose(3)));
    let lines = |report: &Report| -> Vec<String> {
        let decisions = |text: String| -> String {
            text.lines().filter_map(|line| line.split_once("  ")).map(|(_, d)| d.trim()).collect()
        };
        report.paths.iter().map(|path| decisions(path.to_string())).collect()
    };
    assert_eq!(lines(&split), lines(&whole));
    assert_eq!(split.statistics.paths, whole.statistics.paths);
    assert_eq!(split.failures.len(), 1);
    assert_eq!(
        split.failures[0].example.as_ref().map(|e| e.instance.choices.clone()),
        Some(vec![1])
    );
}
