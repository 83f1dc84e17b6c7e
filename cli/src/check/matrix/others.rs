//! The bugs of workers, of callers and of the timer wheel, which the suites of one execution do not
//! reach.

use activity_harness::matrix::{Cell, Checker, Refutation, Row};
use activity_models::mutants::{self, Mutant, Rule};
use activity_models::system::{self, Bounds, Machines, QUICK};
use activity_models::wheel;

const OF_A_PARTY: &str = "It is about the service, and this is a rule of a worker or a caller.";
const OF_A_WHEEL: &str = "It is about executions, and a wheel has never heard of them.";

/// The rows of those that are asked for.
pub(super) fn rows(
    is_asked: &dyn Fn(&str) -> bool,
    theorems: &dyn Fn(&'static str) -> Refutation,
) -> Vec<Row> {
    let asked = mutants::all().into_iter().filter(|mutant| is_asked(mutant.name));
    let rows = asked.filter_map(|mutant| {
        let (mut row, reason) = match mutant.rule {
            Rule::System(machines) => (of_party(&mutant, machines), OF_A_PARTY),
            Rule::Wheel(rule) => {
                let mut row = Row::of(&mutant);
                let found = (rule.shortest_disagreement)(wheel::TALL);
                row.cells.insert(Checker::Exploration, Cell::of(found.is_some()));
                if let Some((script, disagreement)) = found {
                    row.sequence = script.iter().map(|step| format!("{step:?}")).collect();
                    row.shows = vec![disagreement.promise.to_string()];
                }
                (row, OF_A_WHEEL)
            }
            Rule::Service(_) | Rule::Memory(_) | Rule::Driver(_) | Rule::Explorer(_) => {
                return None;
            }
        };
        row = row.with_theorems(theorems(mutant.name));
        for checker in Checker::ALL {
            row.cells.entry(checker).or_insert(Cell::NotApplicable(reason));
        }
        Some(row)
    });
    rows.collect()
}

fn of_party(mutant: &Mutant<Rule>, machines: Machines) -> Row {
    let mut row = Row::of(mutant);
    if let Some(reason) = mutant.beyond_exploration {
        row.cells.insert(Checker::Exploration, Cell::NotApplicable(reason));
        return row;
    }
    let system = system::System { machines, bounds: Bounds { details: 2, ..QUICK } };
    let violation = system::shortest_violation(&system);
    row.cells.insert(Checker::Exploration, Cell::of(violation.is_some()));
    if let Some(violation) = violation {
        row.sequence = violation.moves.iter().map(|moved| format!("{moved:?}")).collect();
        row.shows = violation.names().iter().map(ToString::to_string).collect();
    }
    row
}
