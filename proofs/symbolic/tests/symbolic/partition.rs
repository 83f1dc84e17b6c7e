//! The paths of an exploration are a partition of the inputs, and real executions take them.

use crate::common::{Statement, execute, instance, program};
use proptest::prelude::*;
use symbolic::{Budget, End, Explorer, Path, check, replay};

fn explore(program: &[Statement]) -> Vec<Path> {
    let report = Explorer::new(Budget::default()).record_paths().prove("program", || {
        execute(program);
    });
    assert_eq!(report.cut_off, None, "the programs are small");
    assert_eq!(report.failures.len(), 0, "{report}");
    let statistics = report.statistics;
    assert_eq!(report.paths.len() as u64, statistics.paths + statistics.pruned);
    report.paths.iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_input_takes_exactly_one_explored_path_and_its_execution_is_that_path(
        program in program(),
        inputs in prop::collection::vec(instance(), 20),
    ) {
        let paths = explore(&program);
        for input in inputs {
            let executed = replay(&input, || execute(&program)).path;
            prop_assert!(executed.matches(&input), "{input}\n{executed}");
            let matching: Vec<&Path> = paths.iter().filter(|path| path.matches(&input)).collect();
            if executed.end() == End::Finished {
                prop_assert_eq!(matching.len(), 1, "{}\n{}", input, executed);
                prop_assert!(matching[0].is_same_as(&executed), "{}\n{}", matching[0], executed);
            } else {
                // A hypothesis that was assumed without a fork leaves its contrary to no path.
                prop_assert!(matching.len() <= 1);
                prop_assert!(matching.iter().all(|path| path.is_same_as(&executed)));
            }
        }
    }

    #[test]
    fn an_example_leads_to_the_failure_it_explains(program in program()) {
        let closure = || {
            execute(&program);
            check("the end is not reached", false, || "here".to_owned());
        };
        let report =
            Explorer::new(Budget::default()).every_failure().record_paths().prove("end", closure);
        let finished: Vec<Path> =
            report.paths.iter().filter(|path| path.end() == End::Finished).collect();
        prop_assert_eq!(finished.len(), report.failures.len());
        for (path, failure) in finished.iter().zip(&report.failures) {
            let Some(example) = &failure.example else { continue };
            prop_assert!(path.matches(&example.instance));
            let replayed = replay(&example.instance, closure);
            prop_assert!(replayed.path.is_same_as(path));
            prop_assert_eq!(replayed.failures.len(), 1);
        }
    }
}
