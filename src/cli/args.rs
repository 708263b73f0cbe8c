//! What can stand on the command line.
//!
//! Owns names, help and examples. It must not do anything.

use crate::cli::args_exchange::{
    ConvertArguments, ExportArguments, FormatsArguments, ImportArguments, MirrorArguments, SendArguments,
};
use crate::cli::args_merge::MergeArguments;
use crate::cli::args_review::{AdjudicateArguments, AgreeArguments, ReportArguments};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Label named entities in Persian news articles.
///
/// Without a command, a window opens: on the project, or on a new project beside the text files that are named.
#[derive(Debug, Parser)]
#[command(
    name = "barchasb",
    version,
    after_help = "\
Examples:
  barchasb                                    open the window
  barchasb news.barchasb                      open a project
  barchasb article.txt                        make article.barchasb beside it and open that
  barchasb new news.barchasb                  make a project with the default labels
  barchasb import news.barchasb *.txt         take articles in
  barchasb export news.barchasb               write annotations/news.jsonl
  barchasb export news.barchasb -o - | head   write to the standard output
  barchasb merge news.barchasb zahra.barchasb bring a colleague's work in
  barchasb mirror news.barchasb --on done     keep a folder of files for git
  barchasb send news.barchasb -o sara.barchasb --without-layers
                                              a copy for a colleague, to be labelled apart
  barchasb agree news.barchasb                measure how far annotators agree
  barchasb adjudicate news.barchasb --strategy majority
                                              make gold of what they say
  barchasb convert corpus.conll corpus.jsonl  turn files into another format
  barchasb formats                            name the formats
  barchasb check news.barchasb                look for faults
  barchasb report news.barchasb               show it in pictures and tables

Exit codes: 0 all is well, 1 there are problems (they were said), 2 it failed."
)]
pub struct Arguments {
    /// What to do; without it the window opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A project, or text files that become one.
    #[arg(value_name = "PROJECT | FILE")]
    pub files: Vec<PathBuf>,
    /// Speak JSON on the standard output, an object a line: problems as they come, the result (or the error) last.
    #[arg(long, global = true)]
    pub json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a project.
    New(NewArguments),
    /// Take articles and mentions from files into a project.
    Import(ImportArguments),
    /// Write the mentions of a project as training data.
    Export(ExportArguments),
    /// Bring the work of others, their projects or files, into a project.
    Merge(MergeArguments),
    /// Keep a folder of files up to date with a project, for git.
    Mirror(MirrorArguments),
    /// Write a copy of a project for a colleague.
    Send(SendArguments),
    /// Measure how far annotators agree, in a project or between two files.
    Agree(AgreeArguments),
    /// Make gold of what annotators say, by a strategy.
    Adjudicate(AdjudicateArguments),
    /// Turn files of one format into another, without a project.
    Convert(ConvertArguments),
    /// Name the formats that can be read and written.
    Formats(FormatsArguments),
    /// Count what a project holds.
    Stats(StatsArguments),
    /// Look for faults in a project.
    Check(CheckArguments),
    /// Show a project in pictures and tables, as one page.
    Report(ReportArguments),
    /// Write suggestions for all articles that are not finished.
    Suggest(SuggestArguments),
    /// Train the tagger on all finished articles.
    Train(TrainArguments),
    /// Replay a labelled corpus as an annotator would label it, and count the actions.
    Simulate(SimulateArguments),
}

/// Arguments of `new`.
#[derive(Debug, Args)]
#[command(after_help = "\
A label file is a JSON list. Only the name must be there; keys are letters and digits of a US
keyboard:
  [{\"name\": \"PER\", \"title\": \"شخص\", \"colour\": \"#4C78A8\", \"keys\": \"1p\",
    \"guideline\": \"the name alone\"},
   {\"name\": \"LOC\"}]

Examples:
  barchasb new news.barchasb
  barchasb new news --labels labels.json")]
pub struct NewArguments {
    /// Where the project will be; `.barchasb` is added when it is missing.
    pub project: PathBuf,
    /// The labels to begin with, instead of the default ones.
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
}

/// Arguments of `suggest`.
#[derive(Debug, Args)]
#[command(after_help = "\
The lexicon, the lists of names and the tagger learn from what the project holds; the suggestions
are kept in it, for the order of the list («most suggested», «least certain»). They are never
exported unless someone accepts them.

Example:
  barchasb suggest news.barchasb --annotator زهرا")]
pub struct SuggestArguments {
    /// The project.
    pub project: PathBuf,
    /// Whose unfinished articles; yours, when not given.
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
}

/// Arguments of `train`.
#[derive(Debug, Args)]
#[command(after_help = "\
The tagger learns from every layer that is done; its model is kept in the project. An evaluation
counts a mention as found when span and label are just right: precision, recall and F1 by label.
The file is training JSON, or holds a token and its tag a line.

Examples:
  barchasb train news.barchasb
  barchasb train news.barchasb --evaluate test.jsonl")]
pub struct TrainArguments {
    /// The project.
    pub project: PathBuf,
    /// A labelled file to measure the tagger on.
    #[arg(long, value_name = "FILE")]
    pub evaluate: Option<PathBuf>,
}

/// Arguments of `simulate`.
#[derive(Debug, Args)]
#[command(after_help = "\
A corpus holds a token and its tag a line (`تهران|B_LOC`, `تهران<TAB>B-LOC`) and a blank line after
each sentence; its articles are so many sentences in a row. The annotator is played through the
commands of the window, begins with an empty project, and ends every article with just the corpus's
mentions. What is shown is what the window would show; the program learns from what it plays.

What counts as an action:
  a drag, or a selection of words           1   (Alt held or not)
  a label's key                             1   (armed, it stays for the next drag: a drag alone is 1)
  same mentions, Enter                      1
  accept a suggestion, Enter                1
  accept it with another label              1
  reject a suggestion                       1
  move an edge by a word                    1
  accept all above the threshold            1
  take a mention away again                 2   (click, Delete)
  done                                      1   (stated apart)
Going to the next suggestion (Tab), scrolling and reading are not counted. The annotator labels in
reading order, takes the cheapest of these ways at each place, and labels nothing twice.

Examples:
  barchasb simulate train.txt
  barchasb simulate train.txt --engines lexicon --articles 50 --json
  barchasb simulate train.txt --engines none")]
pub struct SimulateArguments {
    /// The corpora, replayed in this order as one.
    #[arg(required = true, value_name = "CORPUS")]
    pub corpora: Vec<PathBuf>,
    /// The engines that suggest: `lexicon`, `tagger`, both, or `none`.
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "lexicon,tagger")]
    pub engines: Vec<String>,
    /// The confidence from which suggestions are accepted together.
    #[arg(long, value_name = "0..1", default_value_t = 0.5)]
    pub threshold: f64,
    /// Only so many articles.
    #[arg(long, value_name = "N")]
    pub articles: Option<usize>,
    /// How many sentences make an article.
    #[arg(long, value_name = "N", default_value = "20")]
    pub sentences: std::num::NonZeroUsize,
    /// Shuffle the articles; without it they come in the order of the corpus.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// Arguments of `stats`.
#[derive(Debug, Args)]
pub struct StatsArguments {
    /// The project.
    pub project: PathBuf,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The project; it is only read.
    pub project: PathBuf,
}

/// Parses a name out of `values`.
pub(super) fn named<T: Clone + Send + Sync + 'static>(
    values: impl IntoIterator<Item = T>,
    name: fn(&T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let values: Vec<T> = values.into_iter().collect();
    PossibleValuesParser::new(values.iter().map(name).collect::<Vec<_>>())
        .try_map(move |given| values.iter().find(|value| name(value) == given).cloned().ok_or("no such name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::offset_unit::OffsetUnit;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn files_and_commands_are_told_apart() {
        let files = |words: &[&str]| Arguments::try_parse_from(words).unwrap();
        assert_eq!(files(&["barchasb", "a.txt", "b.txt"]).files.len(), 2);
        assert!(files(&["barchasb"]).command.is_none());
        let export = files(&["barchasb", "export", "p", "--offsets", "byte", "--json"]);
        assert!(export.json);
        let before = files(&["barchasb", "--json", "convert", "a.jsonl", "b.json"]);
        assert!(before.json && before.files.is_empty() && matches!(before.command, Some(Command::Convert(_))));
        assert!(files(&["barchasb", "a.txt", "formats"]).command.is_none(), "behind a file there are files");
        assert!(matches!(export.command, Some(Command::Export(e)) if e.offsets == OffsetUnit::Byte));
        assert!(Arguments::try_parse_from(["barchasb", "export", "p", "--format", "text"]).is_ok());
        let refused = |words: &[&str]| Arguments::try_parse_from([&["barchasb"], words].concat()).is_err();
        assert!(refused(&["export", "p", "--format", "papyrus"]));
        assert!(refused(&["export", "p", "--seed", "1"]), "a seed is of a split");
        assert!(refused(&["export", "p", "--shards", "5", "--per-article"]));
        assert!(refused(&["convert", "a.jsonl"]));
    }
}
