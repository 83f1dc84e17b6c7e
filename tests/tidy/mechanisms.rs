//! Each mechanism is there once: the table in `ARCHITECTURE.md`, held against the source text.

use crate::{file, files, report};

/// A row of the table.
struct Mechanism {
    name: String,
    file: String,
    signs: Vec<String>,
}

/// The rows of the table whose heading begins with `mechanism`: name, file, number, signs.
fn mechanisms(text: &str) -> Vec<Mechanism> {
    let rows = text.lines().skip_while(|line| !line.starts_with("| mechanism |")).skip(2);
    let rows = rows.map_while(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [name, file, number, signs] = cells[..] else { panic!("four cells: {row}") };
        assert_eq!(number, "1", "{name}: what is there twice is not in the table");
        let signs = signs.split('`').skip(1).step_by(2).map(str::to_string).collect();
        Mechanism { name: name.to_string(), file: file.trim_matches('`').to_string(), signs }
    })
    .collect()
}

/// Whether a line of code bears a sign, in which `*` stands for anything.
fn bears(line: &str, sign: &str) -> bool {
    let mut rest = line.split("//").next().unwrap_or_default();
    sign.split('*').all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// What is wrong with a row: each of its signs is on one line of code, in the file that it names.
fn complaints(mechanism: &Mechanism, sources: &[(String, String)]) -> Vec<String> {
    let Mechanism { name, file, signs } = mechanism;
    let mut complaints = Vec::new();
    if signs.is_empty() {
        complaints.push(format!("{name}: has no sign"));
    }
    for sign in signs {
        let lines = sources.iter().flat_map(|(path, text)| {
            let lines = text.lines().enumerate().filter(|(_, line)| bears(line, sign));
            lines.map(move |(number, _)| (path, number + 1))
        });
        let found: Vec<(&String, usize)> = lines.collect();
        if found.len() != 1 || found[0].0 != file {
            let places = found.iter().map(|(path, number)| format!("{path}:{number}"));
            let places = places.collect::<Vec<_>>().join(", ");
            complaints
                .push(format!("{name}: `{sign}` should be once in {file}, and is in [{places}]"));
        }
    }
    complaints
}

/// The sources of the workspace; what is measured beside it, and what is said here, is no mechanism.
fn sources() -> Vec<(String, String)> {
    let mut sources = files(".rs");
    sources.retain(|(path, _)| {
        !["tests/tidy/", "benches/", "fuzz/"].iter().any(|folder| path.starts_with(folder))
    });
    sources
}

#[test]
fn each_mechanism_is_there_once() {
    let mechanisms = mechanisms(&file("ARCHITECTURE.md"));
    assert!(mechanisms.len() > 10, "the table of mechanisms in ARCHITECTURE.md is not found");
    let sources = sources();
    report(&mechanisms.iter().flat_map(|it| complaints(it, &sources)).collect::<Vec<_>>());
}

#[test]
fn a_second_implementation_is_noticed() {
    let table = "| mechanism | file | number | signs |\n|---|---|---|---|\n\
                 | one search | `src/search.rs` | 1 | `impl*Model for`, `fn search(` |\n\nMore.\n";
    let mechanisms = mechanisms(table);
    let source = |path: &str, text: &str| (path.to_string(), text.to_string());
    let first = source(
        "src/search.rs",
        "impl<M> Model for StaterightModel<M> {}\n// fn search(\nfn search() {}\n",
    );
    let wrong = |sources: &[(String, String)]| complaints(&mechanisms[0], sources).len();
    assert_eq!(wrong(std::slice::from_ref(&first)), 0);
    assert_eq!(wrong(&[first.clone(), source("src/other.rs", "impl Model for Other {}")]), 1);
    assert_eq!(wrong(&[first.clone(), source("src/other.rs", "fn search(again: bool) {}")]), 1);
    assert_eq!(wrong(&[source("src/moved.rs", &first.1)]), 2);
    assert_eq!(wrong(&[]), 2);
}
