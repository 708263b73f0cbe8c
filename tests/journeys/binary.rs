//! Running the program in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program speaks UTF-8");
        Self { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A folder in which the program runs.
pub struct Folder {
    folder: TempDir,
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with `p.barchasb`, which holds one article, `first`, whose text is `نخست`.
    pub fn with_project() -> Self {
        let folder = Self::new();
        folder.write("first.txt", "نخست".as_bytes());
        assert_eq!(folder.run(&["new", "p"]).code, 0);
        assert_eq!(folder.run(&["import", "p.barchasb", "first.txt"]).code, 0);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program with these words, here, by a user named `tester`.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_barchasb"));
        command.args(words).current_dir(self.folder.path()).env("USER", "tester").env_remove("BARCHASB_LOG");
        command
    }

    pub fn run(&self, words: &[&str]) -> Ran {
        self.command(words).output().unwrap().into()
    }

    /// The texts of all articles of a project, as an export gives them.
    pub fn texts(&self, project: &str) -> Vec<String> {
        let export = self.run(&["export", project, "-o", "-"]);
        assert_eq!(export.code, 0, "{}", export.err);
        export.out.lines().map(|line| json(line)["text"].as_str().unwrap().to_owned()).collect()
    }

    /// That the project is sound and still has the article it was made with.
    pub fn assert_nothing_lost(&self, project: &str) {
        let check = self.run(&["check", project]);
        assert_eq!((check.code, check.err.as_str()), (0, ""), "{}", check.out);
        assert_eq!(self.texts(project).first().map(String::as_str), Some("نخست"));
    }

    /// The names in the folder, sorted.
    pub fn names(&self, under: &str) -> Vec<String> {
        names_in(&self.path(under))
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A line of JSON.
pub fn json(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}
