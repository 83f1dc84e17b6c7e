//! Tidiness of the sources: what can be read off the text of the project is checked here. Plain
//! std; knows files and lines, not Rust.

mod arrows;
mod mechanisms;
mod statements;

use std::fs;
use std::path::{Path, PathBuf};

/// Every text file of the project that people write, with its path from the root.
fn files(extension: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project can be read") {
            let path: PathBuf = entry.expect("an entry can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" {
                    folders.push(path);
                }
            } else if name.ends_with(extension) {
                let text = fs::read_to_string(&path).expect("a file of the project is text");
                let from_root = path.strip_prefix(root).expect("it was found below the root");
                found.push((from_root.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no {extension} file was found: the search is broken");
    found
}

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

fn report(complaints: &[String]) {
    assert!(complaints.is_empty(), "untidy:\n  {}", complaints.join("\n  "));
}

#[test]
fn every_source_file_says_what_it_is_and_stays_short() {
    let mut complaints = Vec::new();
    for (path, text) in files(".rs") {
        if !text.starts_with("//!") {
            complaints.push(format!("{path}: does not open with what it is"));
        }
        if text.lines().count() > 500 {
            complaints.push(format!("{path}: {} lines, two rooms in one", text.lines().count()));
        }
    }
    report(&complaints);
}

#[test]
fn no_source_file_holds_a_banned_word() {
    let banned = ["to", "do!("].concat();
    let banned = [
        banned,
        ["unimpl", "emented!("].concat(),
        ["db", "g!("].concat(),
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["#[ign", "ore"].concat(),
        ["should_", "panic"].concat(),
        ["thread::", "sleep"].concat(),
    ];
    let mut complaints = Vec::new();
    for (path, text) in files(".rs") {
        for (number, line) in text.lines().enumerate() {
            for word in banned.iter().filter(|word| line.contains(word.as_str())) {
                complaints.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    report(&complaints);
}

#[test]
fn every_source_file_is_reachable_from_its_root() {
    let sources = files(".rs");
    let mut complaints = Vec::new();
    for (path, _) in &sources {
        let parts: Vec<&str> = path.rsplitn(2, '/').collect();
        let (name, folder) = (parts[0].trim_end_matches(".rs"), parts.get(1).unwrap_or(&""));
        let in_src = format!("/{path}").contains("/src/");
        if !in_src || ["lib", "main"].contains(&name) || folder.ends_with("src/bin") {
            continue;
        }
        let (module, home) = match name {
            "mod" => {
                let cut = folder.rfind('/').unwrap_or(0);
                (folder[cut..].trim_start_matches('/'), &folder[..cut])
            }
            _ => (name, *folder),
        };
        let declared = sources.iter().any(|(parent, text)| {
            let stem = parent.trim_end_matches(".rs");
            let is_parent = [format!("{home}/mod"), format!("{home}/lib"), format!("{home}/main")]
                .contains(&stem.to_string())
                || stem == home;
            is_parent && text.lines().any(|line| line.trim().ends_with(&format!("mod {module};")))
        });
        if !declared {
            complaints.push(format!("{path}: no `mod {module};` in {home}"));
        }
    }
    report(&complaints);
}

#[test]
fn every_quotation_of_the_specification_is_word_for_word() {
    let known = statements::statements(&file("models/spec.md"));
    let sentences_of = |name: &str| known.iter().find(|it| it.name == name);
    let (mut complaints, mut quotations) = (Vec::new(), 0);
    for (path, text) in files(".rs").iter().filter(|(path, _)| !path.starts_with("tests/tidy/")) {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (number, line) in lines.iter().enumerate() {
            let Some(target) = line.strip_prefix("//= models/spec.md#") else {
                continue;
            };
            quotations += 1;
            let name = target.split_whitespace().next().unwrap_or_default();
            let Some(statement) = sentences_of(name) else {
                complaints.push(format!("{path}:{}: no statement {target}", number + 1));
                continue;
            };
            let mut sentence = String::new();
            let after = lines[number + 1..].iter().skip_while(|line| line.starts_with("//= "));
            for quoted in after.map_while(|line| line.strip_prefix("//# ")) {
                sentence = format!("{sentence} {quoted}").trim().to_string();
            }
            if sentence.is_empty() || !statement.sentences.contains(&sentence) {
                complaints.push(format!("{path}:{}: not in {name}: {sentence:?}", number + 1));
            }
        }
    }
    assert!(quotations > 0, "nothing cites models/spec.md: the search is broken");
    report(&complaints);
}

#[test]
fn every_promise_has_a_sentence_and_every_checker_uses_them_all() {
    let mut complaints = Vec::new();
    for promise in activity_execution::promises::all::<i64, ()>() {
        if !promise.statement.ends_with('.') {
            complaints.push(format!("{}: its statement is not a sentence", promise.name));
        }
    }
    let sources = files(".rs");
    for (checker, folder, sign) in [
        ("exploration", "models/src/exploration/", "promises::"),
        ("proptest", "tests/", "proptest"),
        ("quickcheck", "tests/", "quickcheck"),
        ("theorems", "proofs/src/", "promises::"),
    ] {
        let uses_all = sources.iter().any(|(path, text)| {
            path.starts_with(folder)
                && !path.starts_with("tests/tidy/")
                && text.contains(sign)
                && ["promises::all", "promises::{ServicePromise, all", "promises::{all"]
                    .iter()
                    .any(|import| text.contains(import))
        });
        if !uses_all {
            complaints.push(format!("{checker}: nothing below {folder} uses every promise"));
        }
    }
    report(&complaints);
}
