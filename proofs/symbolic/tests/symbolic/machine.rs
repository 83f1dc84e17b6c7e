//! A machine of middling size, proved by induction: a lease that expires, is renewed, cools down.
//! The path counts are pinned: a proof with fewer paths says less.

use crate::lease::{Event, Lease, Options, Phase};
use symbolic::{
    Budget, Explorer, Int, Job, Report, Verdict, assume_that, check, choose, fresh, literal,
    option, such_that, within,
};

const EVENTS: [&str; 6] = ["Tick", "Acquire", "Renew", "Release", "Expire", "Thaw"];
const PHASES: [&str; 3] = ["Free", "Held", "Cooling"];

fn any_options() -> Options<Int> {
    Options {
        duration: fresh("duration"),
        total: option("total"),
        cool_down: fresh("cool_down"),
        maximum_renewals: option("maximum_renewals"),
    }
}

fn any_lease(phase: usize) -> Lease<Int> {
    let phase = match phase {
        0 => Phase::Free { last_end: option("last_end") },
        1 => Phase::Held {
            start: fresh("start"),
            deadline: fresh("deadline"),
            end: option("end"),
            renewals: fresh("renewals"),
        },
        _ => Phase::Cooling { until: fresh("until"), end: fresh("end") },
    };
    Lease { now: fresh("now"), generation: fresh("generation"), phase }
}

fn any_event(event: usize) -> Event<Int> {
    match event {
        0 => Event::Tick(fresh("tick")),
        1 => Event::Acquire,
        2 => Event::Renew { generation: fresh("token") },
        3 => Event::Release { generation: fresh("token") },
        4 => Event::Expire,
        _ => Event::Thaw,
    }
}

fn induction(phase: usize, event: usize, careful: bool) {
    let (options, before) = such_that(|| {
        let (options, lease) = (any_options(), any_lease(phase));
        (options.are_sound() && lease.is_sound(&options)).then_some((options, lease))
    });
    let event = any_event(event);
    let Some(after) = before.step(&options, event, careful) else {
        return;
    };
    let words = || format!("{options:?}\nbefore {before:?}\n{event:?}\nafter {after:?}");
    check("the invariant is inductive", after.is_sound(&options), words);
    check("time does not go back", before.now <= after.now, words);
    check("generations do not repeat", before.generation <= after.generation, words);
    if let (Phase::Held { deadline, .. }, Phase::Held { deadline: later, .. }) =
        (before.phase, after.phase)
    {
        check("a deadline moves only by renewal", later == deadline || before.now < later, words);
    }
}

fn all(careful: bool) -> Vec<Report> {
    let pairs = (0..PHASES.len()).flat_map(|phase| (0..EVENTS.len()).map(move |e| (phase, e)));
    let jobs = pairs.map(|(phase, event)| {
        let name = format!("{}/{}", PHASES[phase], EVENTS[event]);
        Job::new(name, move || induction(phase, event, careful))
    });
    Explorer::new(Budget::default()).prove_all(jobs.collect())
}

#[test]
fn the_invariant_of_the_lease_is_inductive() {
    let reports = all(true);
    let (mut paths, mut checks) = (0, 0);
    for report in reports {
        let statistics = report.expect_proved();
        paths += statistics.paths;
        checks += statistics.checks;
    }
    assert_eq!((paths, checks), (150, 142));
}

#[test]
fn a_renewal_beyond_the_total_is_found_and_only_there() {
    for report in all(false) {
        let wrong = report.name == "Held/Renew";
        assert_eq!(report.verdict(), if wrong { Verdict::Failed } else { Verdict::Proved });
        if wrong {
            let failure = report.failure("the invariant is inductive").expect("the only one");
            let example = failure.example.as_ref().expect("there are integers");
            let value = |name: &str| example.instance.value(name);
            assert!(value("end") < value("now") + value("duration"), "{report}");
            assert!(failure.path.to_string().contains("duration + now > end"), "{report}");
        }
    }
}

#[test]
fn instants_do_not_overflow_before_the_last_century() {
    let report = Explorer::new(Budget::default()).prove_split("no overflow", 3, |phase| {
        let (options, before, event) = (any_options(), any_lease(phase), any_event(choose(6)));
        let (now_at_most, duration_at_most) = (literal(1 << 61), literal(1 << 60));
        let small = |duration: Int| duration <= duration_at_most;
        assume_that(|| options.are_sound() && before.is_sound(&options));
        assume_that(|| {
            literal(0) <= before.now
                && before.now <= now_at_most
                && before.generation <= now_at_most
                && small(options.duration)
                && small(options.cool_down)
                && options.total.is_none_or(small)
                && match (before.phase, event) {
                    (Phase::Held { renewals, .. }, _) if renewals > now_at_most => false,
                    (_, Event::Tick(tick)) => small(tick),
                    _ => true,
                }
        });
        within(literal(0), literal(i64::MAX), || before.step(&options, event, true));
    });
    assert_eq!(report.expect_proved().paths, 144);
}
