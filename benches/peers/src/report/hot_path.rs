//! The hot path of an engine over the core: what a heartbeat costs, and the timers' part of it.

use std::fmt::Write as _;

use super::{Report, figure};
use crate::harness::contenders::OURS;

/// Everything that belongs to the hot path begins with its name.
pub(super) const NAME: &str = "hot path";

pub(super) fn table(report: &Report, text: &mut String) {
    if report.rows.iter().all(|row| row.workload != NAME) {
        return;
    }
    text.push_str(
        "\n## The hot path\n\n\
         Open executions of the core, each with its derived deadline in the timers.\n\
         A heartbeat is `decide`, `apply`, `deadline`, `set`, and its part of `advance`, a \
         millisecond at a time; in place of every five hundredth a worker is lost, and its attempt \
         times out and is retried.\n\
         The timers' share is the median of how much longer the loop in which nobody is lost takes \
         than the same loop with timers that do nothing, over pairs of runs that follow each \
         other; what hides behind the cache misses of the executions is not in it.\n\
         No timer of anybody fired late or early, as many attempts timed out as workers were lost, \
         and in the end the timers held what the executions derive: all this is asserted.\n",
    );
    for timers in report.sizes() {
        let _ = write!(
            text,
            "\n| {timers} open executions | ns per heartbeat | timers' part, ns | timers' share | \
             bytes per execution | bytes per timer |\n|---|--:|--:|--:|--:|--:|\n"
        );
        for name in &report.names {
            let value = |part: &str| report.get(part, timers, name).map(super::Row::value);
            let Some(whole) = value(NAME) else { continue };
            let added = value("hot path, timers alone").unwrap_or_default();
            let [executions, timers] = ["hot path, executions", "hot path, timers"]
                .map(|part| value(part).map_or_else(String::new, figure));
            let (share, added, whole) = (100.0 * added / whole, figure(added), figure(whole));
            let _ = writeln!(
                text,
                "| {name} | {whole} | {added} | {share:.0} % | {executions} | {timers} |"
            );
        }
        let ours = report.get(NAME, timers, OURS);
        if let Some((ours, best)) = ours.zip(report.best_crate(NAME, timers)) {
            let ratio = best.value() / ours.value();
            let _ = writeln!(text, "| **best crate / Wheel** | **{ratio:.2}** | | | | |");
        }
    }
}
