//! Sites told in a line each, for tests to compare.

use activity_sources::code::{Kind, Known, Setting, sites};
use std::path::Path;

/// Every site of a file: its line, its kind, and every option that is not absent.
pub(crate) fn told(name: &str, text: &str) -> Vec<String> {
    let sites = sites(Path::new(name), text);
    sites
        .iter()
        .map(|site| {
            let kind = match site.kind {
                Kind::Workflow => "workflow",
                Kind::Local => "local",
                Kind::Standalone => "standalone",
                Kind::Override => "override",
            };
            let mut line = format!("{} {kind}", site.place.line);
            for (option, known) in &site.options {
                line += &match known {
                    Known::Absent => continue,
                    Known::Given { setting, .. } => format!(" {}={}", option.word(), of(setting)),
                    Known::Unknown { reason, .. } => format!(" {}?{reason:?}", option.word()),
                    Known::Invalid { message, .. } => format!(" {}!{message}", option.word()),
                };
            }
            line
        })
        .collect()
}

fn of(setting: &Setting) -> String {
    match setting {
        Setting::Duration(nanoseconds) if nanoseconds % 1_000_000 == 0 => {
            format!("{}s", *nanoseconds as f64 / 1e9)
        }
        Setting::Duration(nanoseconds) => format!("{nanoseconds}ns"),
        Setting::Number(number) => number.to_string(),
        Setting::Names { names, complete } => {
            format!("[{}{}]", names.join(" "), if *complete { "" } else { " …" })
        }
    }
}
