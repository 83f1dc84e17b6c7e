//! How many times as long as the wheel everybody takes: one line per workload, one mark per
//! contender.

use std::fmt::Write as _;

use super::Report;
use crate::harness::contenders::OURS;

/// The largest load that was measured, as an SVG.
pub(super) fn draw(report: &Report) -> String {
    let Some(&timers) = report.sizes().last() else {
        return String::new();
    };
    let mut workloads = report.workloads(timers);
    // Parts of the whole that is drawn; a part may be nothing at all.
    workloads.retain(|name| !name.starts_with("hot path,"));
    let legend: Vec<_> = report.names.iter().filter(|&&name| name != OURS).collect();
    let axis = TOP + ROW * workloads.len() as f64;
    let height = axis + 40.0 + 22.0 * legend.len().div_ceil(3) as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"20\" y=\"28\" font-size=\"17\">Cost relative to the wheel, {timers} timers \
         (left of the line: cheaper than the wheel)</text>\n"
    );
    for power in -1..=4 {
        for step in [1.0, 2.0, 5.0] {
            let ratio = step * 10f64.powi(power);
            let Some(x) = place(ratio) else { continue };
            let (colour, width) = if ratio == 1.0 { ("#222", 2) } else { ("#e4e4e4", 1) };
            let _ = writeln!(
                svg,
                "<line x1=\"{x}\" y1=\"{TOP}\" x2=\"{x}\" y2=\"{axis}\" stroke=\"{colour}\" \
                 stroke-width=\"{width}\"/><text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" \
                 fill=\"#555\">{ratio}x</text>",
                axis + 18.0
            );
        }
    }
    for (workload, line) in workloads.iter().zip(0..) {
        let y = TOP + ROW * (f64::from(line) + 0.5);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{workload}</text>\
             <line x1=\"{LEFT}\" y1=\"{y}\" x2=\"{RIGHT}\" y2=\"{y}\" stroke=\"#f0f0f0\"/>",
            LEFT - 12.0,
            y + 4.0
        );
        let Some(ours) = report.get(workload, timers, OURS) else {
            continue;
        };
        for (name, i) in legend.iter().zip(0..) {
            let Some(row) = report.get(workload, timers, name) else {
                continue;
            };
            let ratio = (row.value() / ours.value()).clamp(LOW, HIGH);
            let x = place(ratio).expect("it was clamped to the axis");
            svg += &mark(i, x, y);
        }
    }
    for (name, i) in legend.iter().zip(0..) {
        let (x, y) = (LEFT + 250.0 * (i % 3) as f64, axis + 48.0 + 22.0 * (i / 3) as f64);
        svg += &mark(i, x, y - 4.0);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{y}\">{name}</text>", x + 12.0);
    }
    svg + "</svg>\n"
}

/// Circles, then squares, so that ten are told apart.
fn mark(contender: usize, x: f64, y: f64) -> String {
    let colour = COLOURS[contender % COLOURS.len()];
    let style = format!("fill=\"{colour}\" fill-opacity=\"0.8\" stroke=\"#fff\"");
    if contender < COLOURS.len() {
        format!("<circle cx=\"{x:.1}\" cy=\"{y}\" r=\"6\" {style}/>\n")
    } else {
        let (x, y) = (x - 5.0, y - 5.0);
        format!("<rect x=\"{x:.1}\" y=\"{y}\" width=\"10\" height=\"10\" {style}/>\n")
    }
}

fn place(ratio: f64) -> Option<f64> {
    let share = (ratio.ln() - LOW.ln()) / (HIGH.ln() - LOW.ln());
    (0.0..=1.0).contains(&share).then_some(LEFT + share * (RIGHT - LEFT))
}

const WIDTH: f64 = 1_060.0;
const LEFT: f64 = 250.0;
const RIGHT: f64 = 1_030.0;
const TOP: f64 = 50.0;
const ROW: f64 = 34.0;
const LOW: f64 = 0.2;
const HIGH: f64 = 3_000.0;
const COLOURS: [&str; 6] = ["#1b6ca8", "#d1495b", "#edae49", "#3b7a57", "#7b5ea7", "#7f7f7f"];
