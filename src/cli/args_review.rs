//! What the command line says of review: the arguments of `agree`, `adjudicate` and `report`.
//!
//! Owns names, help and examples. It must not do anything.

use crate::cli::args::named;
use crate::cli::args_exchange::{LabelArguments, ReadingArguments, formats};
use crate::domain::decision::Strategy;
use crate::exchange::agree::TokensOf;
use crate::formats::format::Format;
use clap::{Args, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Arguments of `agree`.
#[derive(Debug, Args)]
#[command(after_help = "\
Annotators agree on a mention as far as they give it the same place and label (exact), the same
place (boundary), or the same label where they overlap: one to one (label only), or however many
(relaxed). Precision and recall take the first of a pair for the truth. κ, α and u-α are of tokens;
γ is of places and labels. What has no value says why.

A layer counts when its annotator is done with it; an article, when two are. Without --annotators
all are compared but gold. Of two files the articles meet by their text, or else as one stream of
the same tokens. Intervals keep some 100 bytes for every article and pair in memory, and --by
article a row; everything else stays as small whatever the project.

Examples:
  barchasb agree news.barchasb
  barchasb agree news.barchasb --annotators زهرا,رضا --by label
  barchasb agree news.barchasb --annotators gold,زهرا          against gold
  barchasb agree news.barchasb --bootstrap 1000 --seed 7 --gamma --json
  barchasb agree zahra.conll reza.conll --labels-map PERSON=PER")]
pub struct AgreeArguments {
    /// A project, or two files.
    #[arg(required = true, num_args = 1..=2, value_name = "PROJECT | FILE FILE")]
    pub paths: Vec<PathBuf>,
    /// Whose layers of the project are compared, in this order [default: all but gold].
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub annotators: Vec<String>,
    /// Tell it by label or by article too.
    #[arg(long, value_name = "WHAT", value_enum)]
    pub by: Vec<By>,
    /// Whose tokens count [default: ours for a project, the files' own for files].
    #[arg(long, value_name = "WHOSE", value_parser = named(TokensOf::ALL, |tokens| tokens.name()))]
    pub tokens: Option<TokensOf>,
    /// Compare layers of the project too that were begun and are not done.
    #[arg(long)]
    pub unfinished: bool,
    /// Draw the articles again so many times, for the interval that holds 95 % of the draws.
    #[arg(long, value_name = "N")]
    pub bootstrap: Option<NonZeroUsize>,
    /// Where random numbers begin.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Measure γ too, which is slow.
    #[arg(long)]
    pub gamma: bool,
    /// The format of the files.
    #[arg(long, value_name = "FORMAT", value_parser = formats(|f| f.reader.is_some()))]
    pub from: Option<Format>,
    /// What becomes of the labels of the files.
    #[command(flatten)]
    pub labels: LabelArguments,
    /// How files are read.
    #[command(flatten)]
    pub reading: ReadingArguments,
}

/// By what agreement is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// By label.
    Label,
    /// By article.
    Article,
}

/// Arguments of `adjudicate`.
#[derive(Debug, Args)]
#[command(after_help = "\
What all annotators say becomes gold, and of each dispute what the strategy decides:
  unanimous      nothing; disputes stay open
  majority       what more than half of them say; ties stay open
  threshold      what most of them say, and at least the share --threshold
  annotator      what --annotator says
  union          every mention that anyone has
  intersection   the mentions that all have
What a person decided or put aside stays. An article in which nothing is open any more is done.
A hundred articles are saved at a time; a run that was stopped is gone on with by the next.

Examples:
  barchasb adjudicate news.barchasb --strategy majority --dry-run
  barchasb adjudicate news.barchasb --strategy threshold --threshold 0.75
  barchasb adjudicate news.barchasb --strategy annotator --annotator زهرا")]
pub struct AdjudicateArguments {
    /// The project.
    pub project: PathBuf,
    /// How disputes are decided.
    #[arg(long, value_name = "NAME", value_parser = named(Strategy::ALL, |strategy| strategy.name()))]
    pub strategy: Strategy,
    /// The share of annotators that must say the same, above 0 and at most 1.
    #[arg(long, value_name = "0..1", default_value_t = 0.6)]
    pub threshold: f64,
    /// Whose mentions stand.
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    /// Only say what would come of it.
    #[arg(long)]
    pub dry_run: bool,
    /// Let layers take part too that are not done.
    #[arg(long)]
    pub unfinished: bool,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "\
The page stands by itself: it loads nothing and can be sent as it is. It shows progress over time,
mentions by label and annotator, agreement, what is taken for what, what is disputed most, the time
an article takes, and the reasons of decisions. Layers that are not done are counted but not
compared. A day is a day where this computer is.

Examples:
  barchasb report news.barchasb -o report.html
  barchasb report news.barchasb -o report.html --language en --annotators زهرا,علی
  barchasb report news.barchasb -o report.html --csv tables --svg pictures")]
pub struct ReportArguments {
    /// The project; it is only read.
    pub project: PathBuf,
    /// The page to write; what stood there is replaced [default: PROJECT.html].
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The language of the page.
    #[arg(long, value_name = "LANGUAGE", default_value = "fa", value_parser = ["fa", "en"])]
    pub language: String,
    /// Only these annotators.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub annotators: Vec<String>,
    /// A folder for the tables, a CSV file each.
    #[arg(long, value_name = "FOLDER")]
    pub csv: Option<PathBuf>,
    /// A folder for the pictures, an SVG file each.
    #[arg(long, value_name = "FOLDER")]
    pub svg: Option<PathBuf>,
}
