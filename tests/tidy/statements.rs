//! `models/spec.md`: every statement is there once, and each of its links leads somewhere.

use crate::{files, report};
use activity_execution::{Payload, caller, promises, worker};
use activity_models::system;
use std::collections::BTreeSet;

/// One numbered statement: its sentences, and its links by kind.
pub(crate) struct Statement {
    pub(crate) name: String,
    pub(crate) sentences: String,
    links: Vec<(String, String)>,
}

/// What the links of a statement may lead to.
struct Known<'a> {
    sources: &'a [(String, String)],
    scenarios: BTreeSet<String>,
    promises: BTreeSet<String>,
    claims: BTreeSet<String>,
}

/// The kinds of links, in the order in which a statement has them.
const KINDS: [&str; 9] = [
    "specification",
    "core",
    "system",
    "promise",
    "claim",
    "theorem",
    "scenario",
    "test",
    "exception",
];

/// Where links of a kind lead to.
const FOLDERS: [(&str, &str); 3] = [
    ("specification", "models/src/specification/"),
    ("core", "src/"),
    ("system", "models/src/system/"),
];

/// The statements of a text in the shape of `models/spec.md`.
pub(crate) fn statements(text: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix('#') {
            let name = heading.trim_start_matches('#').trim();
            let number = name.get(1..).unwrap_or_default();
            inside = name.starts_with(['S', 'W', 'C', 'X']) && number.parse::<u8>().is_ok();
            if inside {
                let (name, sentences) = (name.to_string(), String::new());
                statements.push(Statement { name, sentences, links: Vec::new() });
            }
        } else if let (true, Some(statement)) = (inside, statements.last_mut()) {
            if let Some(link) = line.strip_prefix("- ") {
                let (kind, what) = link.split_once(": ").unwrap_or((link, ""));
                statement.links.push((kind.to_string(), what.to_string()));
            } else {
                statement.sentences = format!("{} {}", statement.sentences, line.trim());
            }
        }
    }
    for statement in &mut statements {
        statement.sentences = statement.sentences.trim().to_string();
    }
    statements
}

/// The names of the statements that are owed, in order.
fn owed() -> Vec<String> {
    let numbered = |letter: char, count: u8| (1..=count).map(move |it| format!("{letter}{it}"));
    let letters = [('S', 31), ('W', 17), ('C', 11), ('X', 13)];
    letters.into_iter().flat_map(|(letter, count)| numbered(letter, count)).collect()
}

/// The promises of each machine, as links name them.
fn promises() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let mut of = |machine: &str, names: Vec<&str>| {
        known.extend(names.into_iter().map(|name| format!("{machine}/{name}")));
    };
    of("execution", promises::all::<i64, ()>().iter().map(|it| it.name).collect());
    of("execution", promises::when_settled::<i64, ()>().iter().map(|it| it.name).collect());
    of("task", worker::promises::of_task::<i64, ()>().iter().map(|it| it.name).collect());
    of("slots", worker::promises::of_slots::<i64>().iter().map(|it| it.name).collect());
    of("caller", caller::promises::all::<Payload>().iter().map(|it| it.name).collect());
    of("system", system::all().iter().map(|it| it.name).collect());
    known
}

/// Whether the text of a file defines an item of this name.
fn defines(text: &str, symbol: &str) -> bool {
    let items = ["fn", "struct", "enum", "trait", "const", "static", "type", "mod"];
    text.lines().any(|line| {
        let words = line.split(|it: char| !(it.is_alphanumeric() || it == '_'));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.windows(2).any(|pair| items.contains(&pair[0]) && pair[1] == symbol)
    })
}

/// Whether this is the name of a test in this text.
fn tests(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_it = |line: &&str| line.contains(&format!("fn {name}("));
    lines.iter().position(is_it).is_some_and(|at| {
        let attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
        attributes.into_iter().any(|attribute| *attribute == "#[test]")
    })
}

/// Whether the text quotes this statement.
fn cites(text: &str, name: &str) -> bool {
    let target = format!("//= models/spec.md#{name}");
    let mut citations = text.lines().map(str::trim);
    citations.any(|line| line == target || line.strip_prefix(&target).is_some_and(is_a_type))
}

fn is_a_type(rest: &str) -> bool {
    rest.starts_with(" type=")
}

impl Known<'_> {
    /// A theorem is listed by its name alone, on a line of its own, where it is tested.
    fn has_theorem(&self, name: &str) -> bool {
        let mut proofs = self.sources.iter().filter(|(path, _)| path.starts_with("proofs/"));
        proofs.any(|(_, text)| text.lines().any(|line| line.trim().trim_end_matches(',') == name))
    }

    /// A place is a file of the right folder, a symbol that it defines, and the statement that is
    /// quoted there where it is another one.
    fn misses_place(&self, kind: &str, what: &str, statement: &str) -> Option<String> {
        let mut words = what.split_whitespace();
        let (path, symbol) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let quoted = words.next().map_or(statement, |it| it.trim_matches(['(', ')']));
        let folder = FOLDERS.iter().find(|(known, _)| *known == kind)?.1;
        let Some((_, text)) = self.sources.iter().find(|(known, _)| known == path) else {
            return Some(format!("there is no file {path}"));
        };
        if !path.starts_with(folder) {
            return Some(format!("{path} is not below {folder}"));
        }
        if !defines(text, symbol) {
            return Some(format!("{path} does not define `{symbol}`"));
        }
        (!cites(text, quoted)).then(|| format!("{path} does not quote {quoted}"))
    }

    /// What is wrong with one link.
    fn misses(&self, kind: &str, what: &str, statement: &str) -> Option<String> {
        let known = match kind {
            "specification" | "core" | "system" => {
                return self.misses_place(kind, what, statement);
            }
            "promise" => {
                let (machine, name) = what.split_once('/').unwrap_or_default();
                if machine != "system" && !self.has_theorem(name) {
                    return Some(format!("no theorem has the name of the promise {what}"));
                }
                self.promises.contains(what)
            }
            "claim" => self.claims.contains(what),
            "theorem" => self.has_theorem(what),
            "scenario" => self.scenarios.contains(&format!("tests/scenarios/{what}.txt")),
            "test" => self.sources.iter().any(|(_, text)| tests(text, what)),
            "exception" => !what.is_empty(),
            _ => false,
        };
        (!known).then(|| format!("{kind} `{what}` does not exist"))
    }

    /// What is wrong with one statement.
    fn complaints(&self, statement: &Statement) -> Vec<String> {
        let Statement { name, sentences, links } = statement;
        let mut complaints = Vec::new();
        if !sentences.ends_with('.') {
            complaints.push(format!("{name}: it is not said in a sentence"));
        }
        let places = links.iter().map(|(kind, _)| KINDS.iter().position(|known| known == kind));
        if !places.is_sorted() {
            complaints.push(format!("{name}: its links are not in the order {KINDS:?}"));
        }
        let has = |kinds: &[&str]| links.iter().any(|(kind, _)| kinds.contains(&kind.as_str()));
        for answer in [&KINDS[..3], &["promise", "claim", "theorem"], &["scenario", "test"]] {
            if !has(answer) && !has(&["exception"]) {
                complaints.push(format!("{name}: none of {answer:?}, and no exception"));
            }
        }
        let wrong = links.iter().filter_map(|(kind, what)| self.misses(kind, what, name));
        complaints.extend(wrong.map(|wrong| format!("{name}: {wrong}")));
        complaints
    }

    /// Quotations in specification, library and system that no link leads to.
    fn unlinked(&self, statements: &[Statement]) -> Vec<String> {
        let mut complaints = Vec::new();
        for (kind, folder) in FOLDERS {
            for (path, text) in self.sources.iter().filter(|(path, _)| path.starts_with(folder)) {
                for Statement { name, links, .. } in statements {
                    let linked = links.iter().any(|(known, what)| {
                        known == kind && what.split(' ').next() == Some(path) && !what.contains('(')
                    });
                    if cites(text, name) && !linked {
                        complaints.push(format!("{name}: {path} quotes it, and no {kind} says so"));
                    }
                }
            }
        }
        complaints
    }
}

fn known(sources: &[(String, String)]) -> Known<'_> {
    let scenarios = files(".txt").into_iter().map(|(path, _)| path).collect();
    let claims = system::CLAIMS.iter().map(|claim| claim.name.to_string()).collect();
    Known { sources, scenarios, promises: promises(), claims }
}

#[test]
fn every_statement_of_the_specification_is_there_and_linked() {
    let statements = statements(&crate::file("models/spec.md"));
    let names: Vec<String> = statements.iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, owed(), "models/spec.md lists each statement once, in order");
    let sources = files(".rs");
    let known = known(&sources);
    let mut complaints: Vec<String> =
        statements.iter().flat_map(|statement| known.complaints(statement)).collect();
    complaints.extend(known.unlinked(&statements));
    report(&complaints);
}

/// Every promise of the system answers a statement: none is there that nobody asked for.
#[test]
fn every_promise_of_the_system_answers_a_statement() {
    let statements = statements(&crate::file("models/spec.md"));
    let links = || statements.iter().flat_map(|statement| &statement.links);
    let is_linked = |wanted: &String| links().any(|(_, what)| what == wanted);
    let promises = promises().into_iter().filter(|it| it.starts_with("system/"));
    let claims = system::CLAIMS.iter().map(|claim| claim.name.to_string());
    let idle = promises.chain(claims).filter(|name| !is_linked(name));
    report(
        &idle.map(|name| format!("{name} answers nothing in models/spec.md")).collect::<Vec<_>>(),
    );
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    let quoted = "//= models/spec.md#S1\n//# One.\nfn decide() {}\n#[test]\nfn shows() {}\n";
    let sources = [
        ("src/one.rs".to_string(), quoted.to_string()),
        ("proofs/tests/all.rs".to_string(), "theorems! {\n    holds\n}\n".to_string()),
    ];
    let one = |name: &str| BTreeSet::from([name.to_string()]);
    let known = Known {
        sources: &sources,
        scenarios: one("tests/scenarios/execution/a.txt"),
        promises: one("execution/holds"),
        claims: one("comes"),
    };
    let complaints = |links: &str| {
        let text = format!("## S1\n\nOne.\n\n{links}");
        known.complaints(&statements(&text)[0]).len()
    };
    let good = "- core: src/one.rs decide\n- promise: execution/holds\n- claim: comes\n\
                - theorem: holds\n- scenario: execution/a\n- test: shows\n";
    assert_eq!(complaints(good), 0);
    for (right, wrong) in [
        ("src/one.rs", "src/two.rs"),
        ("decide", "decides"),
        ("decide", "decide (S2)"),
        ("execution/holds", "task/holds"),
        ("claim: comes", "claim: goes"),
        ("theorem: holds", "theorem: hold"),
        ("execution/a", "execution/b"),
        ("test: shows", "test: decide"),
        ("- core", "- specification"),
        ("- core", "- code"),
        ("- core: src/one.rs decide\n", ""),
        (
            "- core: src/one.rs decide\n- promise: execution/holds\n",
            "- promise: execution/holds\n- core: src/one.rs decide\n",
        ),
    ] {
        assert!(complaints(&good.replacen(right, wrong, 1)) > 0, "{right} is as good as {wrong}");
    }
    assert_eq!(known.unlinked(&statements("## S1\n\nOne.\n")).len(), 1);
    assert_eq!(known.unlinked(&statements(&format!("## S1\n\nOne.\n\n{good}"))).len(), 0);
}
