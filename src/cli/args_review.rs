//! What the command line says of reviewing: the arguments of `report`.
//!
//! Owns names, help and examples. It must not do anything.

use clap::Args;
use std::path::PathBuf;

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
