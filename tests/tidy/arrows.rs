//! What may use what: the arrows between packages, and between rooms of one package.

use crate::{files, report};

/// Every package, with the packages of the project that it may depend on, for tests too.
const PACKAGES: &[(&str, &[&str])] = &[
    ("Cargo.toml", &["activity-execution", "activity-models"]),
    ("models/Cargo.toml", &["activity-execution"]),
    ("proofs/symbolic/Cargo.toml", &[]),
    ("proofs/Cargo.toml", &["activity-execution", "activity-models", "symbolic"]),
    (
        "analysis/Cargo.toml",
        &["activity-execution", "activity-models", "activity-proofs", "symbolic"],
    ),
    ("harness/Cargo.toml", &["activity-execution", "activity-models"]),
    (
        "cli/Cargo.toml",
        &[
            "activity-analysis",
            "activity-execution",
            "activity-harness",
            "activity-models",
            "activity-proofs",
            "activity-sources",
            "symbolic",
        ],
    ),
    ("examples/sqlite/Cargo.toml", &["activity-execution"]),
    ("temporal/Cargo.toml", &["activity-harness"]),
    ("sources/Cargo.toml", &["activity-execution"]),
    ("fuzz/Cargo.toml", &["activity-execution", "activity-models", "activity-sources"]),
    ("benches/peers/Cargo.toml", &["activity-execution"]),
    ("peers/common/Cargo.toml", &["activity-harness"]),
    ("peers/apalis/Cargo.toml", &["activity-peers-common"]),
    ("peers/duroxide/Cargo.toml", &["activity-peers-common"]),
];

/// A path in Rust that a room does not use, or uses with these continuations alone.
struct Rule {
    room: &'static str,
    path: &'static str,
    but: &'static [&'static str],
}

const ROOMS: &[Rule] = &[
    // The library knows nothing of what is built on it.
    Rule { room: "src/", path: "activity_models::", but: &[] },
    // The core has its vocabulary, and no other machine.
    Rule { room: "src/execution/", path: "crate::", but: &["Payload", "execution", "vocabulary"] },
    Rule { room: "src/vocabulary/", path: "crate::", but: &["Payload", "vocabulary"] },
    Rule { room: "src/wheel/", path: "crate::", but: &["wheel"] },
    // The specification has the library's vocabulary and promises, and no other room of its own.
    Rule {
        room: "models/src/specification/",
        path: "activity_execution::",
        but: &["Payload", "promises", "vocabulary"],
    },
    Rule { room: "models/src/specification/", path: "crate::", but: &["specification"] },
    Rule { room: "models/src/specification/", path: "super::super", but: &[] },
    // What searches has never heard of what it searches.
    Rule { room: "models/src/explore/", path: "activity_execution", but: &[] },
    Rule { room: "models/src/explore/", path: "crate::", but: &["explore"] },
];

/// The packages that a manifest depends on, of those that the project has.
fn dependencies(manifest: &str) -> Vec<&str> {
    let (mut inside, mut found) = (false, Vec::new());
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside =
                line.trim_end_matches(']').ends_with("dependencies") && !line.contains("workspace");
        } else if inside {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if name == "activity" || name.starts_with("activity-") || name == "symbolic" {
                found.push(name);
            }
        }
    }
    found
}

/// What a manifest depends on without an arrow.
fn without_an_arrow(path: &str, manifest: &str) -> Vec<String> {
    let Some((_, allowed)) = PACKAGES.iter().find(|(known, _)| *known == path) else {
        return vec![format!("{path}: a package without arrows in tests/tidy/arrows.rs")];
    };
    let found = dependencies(manifest).into_iter().filter(|name| !allowed.contains(name));
    found.map(|name| format!("{path}: no arrow leads to {name}")).collect()
}

/// The code of a line: a comment names what it likes.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// Where a text of a room uses what it may not.
fn out_of_room(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for rule in ROOMS.iter().filter(|rule| path.starts_with(rule.room)) {
        for (number, line) in text.lines().enumerate() {
            for (at, _) in code(line).match_indices(rule.path) {
                let rest = &line[at + rule.path.len()..];
                let named: Vec<&str> = match rest.strip_prefix('{') {
                    Some(group) => {
                        group.split('}').next().unwrap_or_default().split(", ").collect()
                    }
                    None => vec![rest],
                };
                let word = |it: &str| {
                    it.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                        .next()
                        .unwrap_or_default()
                        .to_string()
                };
                if !named.iter().all(|it| rule.but.contains(&word(it).as_str())) {
                    let used = line.trim();
                    complaints.push(format!(
                        "{path}:{}: {} has no business here: {used}",
                        number + 1,
                        rule.path
                    ));
                }
            }
        }
    }
    complaints
}

/// The command that a file of `cli` belongs to.
fn command(path: &str) -> Option<&str> {
    path.strip_prefix("cli/src/")?.split_once('/').map(|(command, _)| command)
}

/// Where a command imports another one.
fn not_a_fan(path: &str, text: &str, commands: &[&str]) -> Vec<String> {
    let Some(own) = command(path).filter(|it| commands.contains(it)) else {
        return Vec::new();
    };
    let others = commands.iter().filter(|it| **it != own);
    let mut complaints = Vec::new();
    for other in others {
        for line in text.lines().map(code) {
            if line.contains(&format!("crate::{other}::"))
                || line.contains(&format!("crate::{other};"))
            {
                complaints.push(format!("{path}: the command {own} imports {other}"));
            }
        }
    }
    complaints
}

/// The folders of `cli` that are commands: those that the binary names in its arguments.
fn commands(sources: &[(String, String)]) -> Vec<&str> {
    let main = sources.iter().find(|(path, _)| path == "cli/src/main.rs");
    let main = main.map_or("", |(_, text)| text.as_str());
    let mut commands: Vec<&str> = sources.iter().filter_map(|(path, _)| command(path)).collect();
    commands.dedup();
    commands.retain(|it| main.contains(&format!("{it}::Arguments")));
    commands
}

#[test]
fn packages_depend_along_the_arrows() {
    let manifests = files("Cargo.toml");
    let wrong = manifests.iter().flat_map(|(path, text)| without_an_arrow(path, text));
    report(&wrong.collect::<Vec<_>>());
}

#[test]
fn rooms_use_what_they_may() {
    let sources = files(".rs");
    for rule in ROOMS {
        let exists = sources.iter().any(|(path, _)| path.starts_with(rule.room));
        assert!(exists, "there is no room {}", rule.room);
    }
    report(&sources.iter().flat_map(|(path, text)| out_of_room(path, text)).collect::<Vec<_>>());
}

#[test]
fn commands_are_a_fan() {
    let sources = files(".rs");
    let commands = commands(&sources);
    assert!(commands.len() > 4, "the commands are not found: {commands:?}");
    let wrong = sources.iter().flat_map(|(path, text)| not_a_fan(path, text, &commands));
    report(&wrong.collect::<Vec<_>>());
}

#[test]
fn a_wrong_arrow_is_noticed() {
    let manifest =
        "[dependencies]\nserde.workspace = true\n\n[dev-dependencies]\nactivity.workspace = true\n";
    assert_eq!(without_an_arrow("Cargo.toml", manifest).len(), 1);
    assert_eq!(without_an_arrow("cellar/Cargo.toml", "").len(), 1);
    assert_eq!(
        without_an_arrow("proofs/symbolic/Cargo.toml", "[dependencies]\nactivity-models = \"1\"")
            .len(),
        1
    );
    assert_eq!(
        without_an_arrow("models/Cargo.toml", "[dependencies]\nactivity-execution = \"1\"").len(),
        0
    );
}

#[test]
fn a_look_into_another_room_is_noticed() {
    let specification = "models/src/specification/calls.rs";
    for wrong in [
        "use activity_execution::ActivityExecution;",
        "use activity_execution::{vocabulary, State};",
        "use crate::exploration::Machine;",
        "    super::super::system::all()",
    ] {
        assert_eq!(out_of_room(specification, wrong).len(), 1, "{wrong}");
    }
    assert_eq!(
        out_of_room(specification, "use activity_execution::vocabulary::ExecutionOptions;").len(),
        0
    );
    assert_eq!(out_of_room("src/execution/mod.rs", "use activity_models::specification;").len(), 1);
    assert_eq!(out_of_room("src/execution/mod.rs", "use crate::worker::Cancel;").len(), 1);
    let commands = ["check", "zones"];
    assert_eq!(not_a_fan("cli/src/check/mod.rs", "use crate::zones;", &commands).len(), 1);
    assert_eq!(not_a_fan("cli/src/check/mod.rs", "use crate::check::json;", &commands).len(), 0);
}
