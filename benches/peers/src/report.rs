//! What was measured, as JSON, as Markdown and as a picture.

mod hot_path;
mod picture;
mod targets;

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::harness::Contender;
use crate::harness::contenders::OURS;

/// One median.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub workload: &'static str,
    pub timers: usize,
    pub contender: &'static str,
    pub version: String,
    /// Per operation, or for the longest one.
    pub nanoseconds: Option<f64>,
    /// Per timer.
    pub bytes: Option<f64>,
    #[serde(skip)]
    pub published: bool,
}

/// All medians of one run.
#[derive(Debug)]
pub struct Report {
    rows: Vec<Row>,
    lock: String,
    names: Vec<&'static str>,
}

impl Row {
    pub fn new(workload: &'static str, timers: usize) -> Self {
        Self {
            workload,
            timers,
            contender: "",
            version: String::new(),
            nanoseconds: None,
            bytes: None,
            published: false,
        }
    }

    pub fn with(self, nanoseconds: Option<f64>, bytes: Option<f64>) -> Self {
        Self { nanoseconds, bytes, ..self }
    }

    /// The figure that the row is about.
    pub fn value(&self) -> f64 {
        self.nanoseconds.or(self.bytes).expect("a row has a figure")
    }
}

impl Report {
    pub fn new(contenders: &[Contender]) -> Self {
        let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
        Self {
            rows: Vec::new(),
            lock: std::fs::read_to_string(lock).expect("cargo has just written it"),
            names: contenders.iter().map(|contender| contender.name).collect(),
        }
    }

    pub fn push(&mut self, contender: Contender, row: Row) {
        let Contender { name, package, .. } = contender;
        let version = package.map_or_else(|| "std".into(), |package| self.version(package));
        let published = package.is_some();
        self.rows.push(Row { contender: name, version, published, ..row });
    }

    fn version(&self, package: &str) -> String {
        let name = format!("name = \"{package}\"\nversion = \"");
        let found = self.lock.split_once(&name).and_then(|(_, rest)| rest.split_once('"'));
        found.map_or_else(|| "unknown".into(), |(version, _)| version.into())
    }

    pub fn get(&self, workload: &str, timers: usize, contender: &str) -> Option<&Row> {
        self.rows.iter().find(|row| {
            row.workload == workload && row.timers == timers && row.contender == contender
        })
    }

    /// The best of the published crates that are not ours.
    fn best_crate(&self, workload: &str, timers: usize) -> Option<&Row> {
        let peers = self.rows.iter().filter(|row| row.published && row.contender != OURS);
        peers
            .filter(|row| row.workload == workload && row.timers == timers)
            .min_by(|a, b| a.value().total_cmp(&b.value()))
    }

    fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<_> = self.rows.iter().map(|row| row.timers).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// The workloads that were run with so many timers, in their order.
    fn workloads(&self, timers: usize) -> Vec<&'static str> {
        let mut names = Vec::new();
        for row in self.rows.iter().filter(|row| row.timers == timers) {
            if !names.contains(&row.workload) {
                names.push(row.workload);
            }
        }
        names
    }

    /// Writes `comparison.json`, `comparison.md` and `comparison.svg` to `folder`, and the Markdown
    /// to the screen.
    pub fn write(&self, folder: impl AsRef<Path>) -> std::io::Result<()> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder)?;
        let json = serde_json::to_string_pretty(&self.rows)?;
        std::fs::write(folder.join("comparison.json"), json + "\n")?;
        let markdown = self.markdown();
        std::fs::write(folder.join("comparison.md"), &markdown)?;
        std::fs::write(folder.join("comparison.svg"), picture::draw(self))?;
        println!("{markdown}");
        Ok(())
    }

    fn markdown(&self) -> String {
        let mut text = String::from("# The timer wheel beside its peers\n\n");
        text += "Medians of interleaved repetitions in one process, in processor time; ";
        text += "nanoseconds per operation (W5: for the longest one), bytes per timer.\n";
        text += "Compare within a column: absolute times are one machine's.\n";
        for timers in self.sizes() {
            self.table(timers, &mut text);
        }
        hot_path::table(self, &mut text);
        text += "\n## Targets\n\n";
        targets::table(self, &mut text);
        text
    }

    fn table(&self, timers: usize, text: &mut String) {
        let mut workloads = self.workloads(timers);
        workloads.retain(|name| !name.starts_with(hot_path::NAME));
        if workloads.is_empty() {
            return;
        }
        let _ = write!(text, "\n## {timers} timers\n\n");
        let _ = writeln!(text, "| | {} |", workloads.join(" | "));
        let _ = writeln!(text, "|---|{}", "--:|".repeat(workloads.len()));
        for name in &self.names {
            let version = self.rows.iter().find(|row| row.contender == *name);
            let version = version.map_or("", |row| &row.version);
            let _ = write!(text, "| {name} {version} |");
            for workload in &workloads {
                let row = self.get(workload, timers, name);
                let _ = write!(text, " {} |", row.map_or(String::new(), |row| figure(row.value())));
            }
            text.push('\n');
        }
        let _ = write!(text, "| **best crate / Wheel** |");
        for workload in &workloads {
            let ours = self.get(workload, timers, OURS);
            let ratio = ours.zip(self.best_crate(workload, timers));
            let ratio = ratio.map(|(ours, best)| best.value() / ours.value());
            let _ = write!(text, " {} |", ratio.map_or(String::new(), |r| format!("**{r:.2}**")));
        }
        text.push('\n');
    }
}

/// Three significant figures.
fn figure(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
