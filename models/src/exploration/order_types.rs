//! Counts the behaviours of a grid up to the order of instants. Two executions of one order do the
//! same next, whatever the distances.

use super::bounds::Grid;
use super::executions::Executions;
use super::service_model::{Observed, ServiceModel};
use crate::explore::{Explorer, Until};
use activity_execution::vocabulary::{Attempt, Phase, TimeoutType, Timestamp};
use std::collections::HashSet;

/// How many orders of deadlines, dispatch and present there are in a grid, each with all that is
/// concrete about its execution.
#[must_use]
pub fn order_types(grid: &Grid) -> usize {
    let executions = Executions::new(ServiceModel::specification(), grid.clone());
    let mut explorer = Explorer::default();
    let mut orders: HashSet<(Observed, Option<Attempt<i16>>)> = HashSet::new();
    for (place, configuration) in grid.configurations().iter().enumerate() {
        explorer.explore(&executions, [place], Until::TheEnd, &mut ());
        let maximum = configuration.terms.maximum_attempts;
        orders.extend(explorer.states().iter().map(|it| (order(it.class()), maximum)));
    }
    orders.len()
}

/// A class with each instant replaced by its rank among all of them; equal ones stay equal.
fn order(class: &Observed) -> Observed {
    let mut order = *class;
    let mut instants = vec![class.now];
    instants.extend(class.deadlines.armed().map(|(_, deadline)| deadline));
    if let Phase::Scheduled { dispatch_time, .. } = class.phase {
        instants.push(dispatch_time);
    }
    instants.sort();
    instants.dedup();
    let rank = |instant: Timestamp<i16>| {
        let below = instants.iter().filter(|other| **other < instant).count();
        Timestamp(i16::try_from(below).expect("there are few instants"))
    };
    let [schedule_to_start, schedule_to_close, start_to_close, heartbeat] =
        TimeoutType::ALL.map(|timeout_type| class.deadlines.of(timeout_type).map(rank));
    order.deadlines.schedule_to_start = schedule_to_start;
    order.deadlines.schedule_to_close = schedule_to_close;
    order.deadlines.start_to_close = start_to_close;
    order.deadlines.heartbeat = heartbeat;
    order.now = rank(class.now);
    if let Phase::Scheduled { dispatch_time, .. } = &mut order.phase {
        *dispatch_time = rank(*dispatch_time);
    }
    order
}
