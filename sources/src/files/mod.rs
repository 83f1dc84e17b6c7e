//! Which files under some paths are looked at, and which are skipped and why.
//! Knows names, sizes and beginnings of files; does not know what is in them.

mod kind;

use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use kind::{Class, class_of, is_generated};

/// What to look at.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Whether tests are looked at.
    pub tests: bool,
    /// Whether generated files are looked at.
    pub generated: bool,
    /// Whether files that others wrote are looked at.
    pub vendored: bool,
    /// Whether files are skipped and left out that are named one by one, as those in folders are.
    pub named_too: bool,
    /// How many bytes a file may have.
    pub largest: u64,
    /// What is left out, in the notation of `.gitignore`.
    pub exclude: Vec<String>,
    /// The ends of the names of files that are looked at.
    pub extensions: Vec<&'static str>,
}

/// The files under some paths.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Those that are looked at, in the order of their names.
    pub found: Vec<File>,
    /// Those that are skipped, and why.
    pub skipped: Vec<(PathBuf, Skipped)>,
    /// Those that cannot be read, and why not.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// A file that is looked at.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub path: PathBuf,
    /// Whether it was named itself, not found in a folder.
    pub is_named: bool,
}

/// Why a file is skipped.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Skipped {
    /// It is a test.
    Test,
    /// A program wrote it.
    Generated,
    /// Others wrote it.
    Vendored,
    /// It has more bytes than may be.
    TooLarge(u64),
}

impl Walk {
    /// The files under these paths.
    ///
    /// # Errors
    /// If a pattern of what is left out is none, or a path does not exist.
    pub fn files(&self, paths: &[PathBuf]) -> Result<Files, WalkError> {
        let mut files = Files::default();
        // A pattern is wrong even where no folder is walked through.
        let left_out = self.left_out(Path::new("."))?;
        for path in paths {
            let about = fs::metadata(path).map_err(|error| WalkError::Path(path.clone(), error))?;
            let is_left_out = self.named_too && left_out.matched(path, false).is_ignore();
            if about.is_dir() {
                self.folder(path, &mut files)?;
            } else if !is_left_out {
                let base = path.parent().unwrap_or(Path::new(""));
                self.file(path.clone(), base, Some(about.len()), true, &mut files);
            }
        }
        files.found.sort_by(|one, other| one.path.cmp(&other.path));
        files.found.dedup_by(|one, other| one.path == other.path);
        files.skipped.sort();
        files.skipped.dedup();
        Ok(files)
    }

    /// Adds a file whose bytes are at hand, as one that is named.
    pub fn given(&self, path: &Path, bytes: &[u8], files: &mut Files) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let base = path.parent().unwrap_or(Path::new(""));
        self.file(path.to_owned(), base, Some(length), true, files);
    }

    fn folder(&self, folder: &Path, files: &mut Files) -> Result<(), WalkError> {
        let mut builder = WalkBuilder::new(folder);
        builder.require_git(false).overrides(self.left_out(folder)?);
        for entry in builder.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    let bytes = entry.metadata().ok().map(|about| about.len());
                    self.file(entry.into_path(), folder, bytes, false, files);
                }
                Ok(_) => {}
                Err(error) => files.unreadable.push(unreadable(folder, error)),
            }
        }
        Ok(())
    }

    fn left_out(&self, folder: &Path) -> Result<Override, WalkError> {
        let mut builder = OverrideBuilder::new(folder);
        for pattern in &self.exclude {
            let not = match pattern.strip_prefix('!') {
                Some(pattern) => pattern.to_owned(),
                None => format!("!{pattern}"),
            };
            builder.add(&not).map_err(|error| match error {
                ignore::Error::Glob { err, .. } => WalkError::Pattern(format!("{pattern}: {err}")),
                error => WalkError::Pattern(error.to_string()),
            })?;
        }
        builder.build().map_err(|error| WalkError::Pattern(error.to_string()))
    }

    fn file(
        &self,
        path: PathBuf,
        folder: &Path,
        bytes: Option<u64>,
        is_named: bool,
        files: &mut Files,
    ) {
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if !is_named && !self.extensions.contains(&end) {
            return;
        }
        let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
        let inside = path.strip_prefix(folder.strip_prefix("./").unwrap_or(folder));
        let class = class_of(inside.unwrap_or(&path));
        let skipped = match class {
            Class::Test if !self.tests => Some(Skipped::Test),
            Class::Generated if !self.generated => Some(Skipped::Generated),
            Class::Vendored if !self.vendored => Some(Skipped::Vendored),
            Class::Test | Class::Generated | Class::Vendored | Class::Own => None,
        };
        let skipped = skipped.filter(|_| !is_named || self.named_too);
        let too_large = bytes.filter(|bytes| *bytes > self.largest).map(Skipped::TooLarge);
        match skipped.or(too_large) {
            Some(why) => files.skipped.push((path, why)),
            None => files.found.push(File { path, is_named }),
        }
    }

    /// The text of a file with code; nothing if it is skipped for what it begins with.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn text(&self, file: &File, bytes: Vec<u8>) -> Result<Result<String, Skipped>, String> {
        let text = String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            format!("not UTF-8: line {line}")
        })?;
        let is_skipped = !self.generated && (!file.is_named || self.named_too);
        if is_skipped && is_generated(&text) {
            return Ok(Err(Skipped::Generated));
        }
        Ok(Ok(text))
    }
}

/// Which file or folder cannot be read, and why not; a folder around it, if nothing else is known.
fn unreadable(around: &Path, error: ignore::Error) -> (PathBuf, String) {
    match error {
        ignore::Error::WithPath { path, err } => unreadable(&path, *err),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            unreadable(around, *err)
        }
        ignore::Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            (around.to_owned(), "permission to read it is denied".to_owned())
        }
        error => (around.to_owned(), error.to_string()),
    }
}

/// Why files cannot be looked for.
#[derive(Debug)]
pub enum WalkError {
    /// There is no such path, or it cannot be read.
    Path(PathBuf, io::Error),
    /// A pattern is none.
    Pattern(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk() -> Walk {
        Walk {
            tests: false,
            generated: false,
            vendored: false,
            named_too: false,
            largest: 1_000,
            exclude: vec!["left/**".to_owned()],
            extensions: vec!["go", "py"],
        }
    }

    /// A folder in the target directory with these files.
    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("activity-{name}-{}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    fn names(root: &Path, paths: impl Iterator<Item = PathBuf>) -> Vec<String> {
        paths.map(|path| path.strip_prefix(root).unwrap().display().to_string()).collect()
    }

    #[test]
    fn what_is_not_ones_own_is_skipped_and_counted_and_what_git_ignores_is_not_seen() {
        let long = "x".repeat(2_000);
        let root = folder(
            "walk",
            &[
                ("a.go", "package a"),
                ("a_test.go", "package a"),
                ("vendor/b.go", "package b"),
                ("out/c.go", "package c"),
                ("left/d.go", "package d"),
                ("e.pb.go", "package e"),
                ("long.py", &long),
                ("notes.txt", ""),
                (".gitignore", "out/"),
            ],
        );
        let files = walk().files(std::slice::from_ref(&root)).unwrap();
        let found = names(&root, files.found.iter().map(|file| file.path.clone()));
        assert_eq!(found, ["a.go"]);
        let skipped: Vec<Skipped> = files.skipped.iter().map(|(_, why)| *why).collect();
        let expected =
            [Skipped::Test, Skipped::Generated, Skipped::TooLarge(2_000), Skipped::Vendored];
        assert_eq!(skipped, expected);
        let named = walk().files(&[root.join("a_test.go"), root.join("a_test.go")]).unwrap();
        assert_eq!(names(&root, named.found.into_iter().map(|it| it.path)), ["a_test.go"]);
        assert!(walk().files(&[root.join("no.go")]).is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
