//! Benchmark of the timer wheel against timers over the standard library.
//!
//! Goal: regressions, without any dependency on peers. Not a goal: the comparison with published
//! crates, which is `benches/peers`. Ends with the ratios to the best by hand, the storm and the
//! memory.

mod harness;

use std::cell::RefCell;
use std::time::Duration;

use criterion::{Criterion, Throughput};

use harness::allocator::Counting;
use harness::contenders::{CONTENDERS, OURS};
use harness::workloads::{Run, Workload};
use harness::{Contender, hot_path};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    run(criterion, &sizes());
}

/// Tiny when the benches are only tested; ten million when the environment asks for it.
fn sizes() -> Vec<usize> {
    if std::env::args().any(|argument| argument == "--test") {
        return vec![100];
    }
    let large = std::env::var_os("WHEEL_BENCH_LARGE").map(|_| 10_000_000);
    [1_000, 100_000, 1_000_000].into_iter().chain(large).collect()
}

fn run(mut criterion: Criterion, sizes: &[usize]) {
    let mut table = Vec::new();
    for &n in sizes {
        for workload in Workload::ALL {
            table.push((workload, n, measure(&mut criterion, workload, n)));
        }
    }
    criterion.final_summary();

    println!("\nnanoseconds per operation; the last column is the best by hand / {OURS}");
    for (workload, n, medians) in table {
        let of = |by_hand| {
            let some =
                medians.iter().filter(move |(contender, _)| contender.package.is_none() == by_hand);
            some.filter_map(|&(_, median)| median).min_by(f64::total_cmp)
        };
        let Some((ours, best)) = of(false).zip(of(true)) else {
            continue;
        };
        println!("{:32} {n:>9} {ours:>10.1} {best:>10.1} {:>8.2}x", workload.name(), best / ours);
    }
    // A filter on the command line names workloads; these two have no name there.
    if std::env::args().skip(1).any(|argument| !argument.starts_with('-')) {
        return;
    }
    for &n in sizes {
        let [longest, quiet] = (CONTENDERS[0].storm)(n, 3);
        let [loaded, peak] = (CONTENDERS[0].memory)(n, 40);
        println!("{OURS}, {n} timers: the longest advance of W5 takes {longest:?},");
        println!("  the longest that fires nothing {quiet:?};");
        println!("  {loaded:.1} bytes per timer loaded, {peak:.1} at the peak of 40 sweeps of W2;");
        let share = 100.0 * hot_path::share(&CONTENDERS[0], n);
        let [executions, timers] = (CONTENDERS[0].weigh)(n);
        println!(
            "  hot path: {share:.0} % of the time of a heartbeat, and {timers:.1} bytes of the"
        );
        println!("  {:.1} that an open execution takes", executions + timers);
    }
}

/// The medians of the contenders, where the command line asks for them.
fn measure(
    criterion: &mut Criterion,
    workload: Workload,
    n: usize,
) -> Vec<(Contender, Option<f64>)> {
    let mut group = criterion.benchmark_group(format!("{}/{n:.0e}", workload.name(), n = n as f64));
    group.throughput(Throughput::Elements(1));
    let mut medians = Vec::new();
    for contender in CONTENDERS {
        let measured = RefCell::new(Vec::new());
        let mut stage: Option<Box<dyn Run>> = None;
        group.bench_function(contender.name, |bencher| {
            bencher.iter_custom(|operations| {
                let run = stage.get_or_insert_with(|| {
                    (contender.start)(workload, n).expect("these can play every workload")
                });
                let (done, spent) = run.run(operations);
                let each = spent.as_secs_f64() / done as f64;
                measured.borrow_mut().push(each * 1e9);
                Duration::from_secs_f64(each * operations as f64)
            });
        });
        let mut measured = measured.into_inner();
        measured.sort_by(f64::total_cmp);
        medians.push((contender, measured.get(measured.len() / 2).copied()));
        if let Some(stage) = stage {
            stage.finish();
        }
    }
    group.finish();
    medians
}
