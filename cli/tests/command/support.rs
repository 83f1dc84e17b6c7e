//! Runs the command the way a shell does, in a folder of its own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How the command ended and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// What it said, having found nothing to complain about.
    #[track_caller]
    pub(crate) fn accepted(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""));
        &self.stdout
    }

    /// Its complaint, having done nothing else.
    #[track_caller]
    pub(crate) fn refused(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        &self.stderr
    }
}

/// A folder that is gone when this is.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(command(arguments).current_dir(&self.0), b"")
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes one of its files anew.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    /// What is in one of its files.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A new folder with these files.
pub(crate) fn folder_with<C: AsRef<[u8]>>(files: &[(&str, C)]) -> Folder {
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let name = format!("command-{}-{number}", std::process::id());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&path).unwrap();
    for (name, content) in files {
        fs::write(path.join(name), content).unwrap();
    }
    Folder(path)
}

pub(crate) fn activity(arguments: &[&str]) -> Ran {
    activity_with_input(arguments, b"")
}

/// Runs the command with these variables in its environment.
pub(crate) fn activity_within(variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    run(command(arguments).envs(variables.iter().copied()), b"")
}

pub(crate) fn activity_with_input(arguments: &[&str], input: &[u8]) -> Ran {
    run(&mut command(arguments), input)
}

/// Runs the command while nobody reads what it prints.
pub(crate) fn activity_into_a_closed_pipe(arguments: &[&str]) -> Ran {
    let mut child = command(arguments).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A service in Python, which has another one, its argument, do the work, and says of itself what
/// this JSON says: what it shows, or what it can.
pub(crate) fn saying_of_itself(json: &str) -> String {
    format!(
        "import subprocess, sys, json\n\
         inner = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE,\n\
         \x20                        stdout=subprocess.PIPE, text=True, bufsize=1)\n\
         for line in sys.stdin:\n    inner.stdin.write(line)\n    inner.stdin.flush()\n    \
         answer = json.loads(inner.stdout.readline())\n    \
         if isinstance(answer, dict) and \"can\" in answer.get(\"ok\", {{}}):\n        \
         answer[\"ok\"].update({{{json}}})\n    \
         print(json.dumps(answer), flush=True)\n"
    )
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_activity"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.env_remove("LC_ALL").env_remove("LC_CTYPE").env_remove("LANG");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command.spawn().unwrap();
    // Whoever does not read standard input may have closed it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
