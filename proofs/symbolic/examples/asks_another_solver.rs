//! Prints the question whether an exploration missed an input; `| z3 -in` answers `unsat`: no.

use symbolic::{Budget, Explorer, assume_that, fresh, literal, option};

fn main() {
    let explorer = Explorer::new(Budget::default()).record_paths();
    let report = explorer.prove("which deadline comes first", || {
        let (now, deadline, other) = (fresh("now"), fresh("deadline"), option("other_deadline"));
        assume_that(|| literal(0) <= now && now <= deadline && deadline != literal(7));
        let _ = other.map(|other| other.min(deadline + literal(1)) <= now);
    });
    print!("{}", report.paths.to_smtlib());
}
