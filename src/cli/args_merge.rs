//! What the command line says of bringing the work of others in: the arguments of `merge`.
//!
//! Owns names, help and examples. It must not do anything.

use crate::cli::args_exchange::{LabelArguments, ReadingArguments, formats, statuses, units};
use crate::domain::layer::Status;
use crate::formats::format::Format;
use crate::formats::offset_unit::OffsetUnit;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(after_help = "\
Another project, or any file, folder or archive that can be imported. Articles meet by their text,
of several with one text by the name, else at the first; names may differ. An article that is not
here comes in. Labels meet by name; one that is not here is made as it is there. Nothing of ours is
overwritten: a layer that somebody has worked on here stays, and is said when theirs differs. One
that was taken before and not touched since gives way to a later one of the same annotator. Two
copies of one version that differ are said; which of them stands does not depend on the order.
The same file twice changes nothing. Everything is taken, or nothing.

An article whose name is here with another text is said. With --realign its mentions are moved to
our text and each is shown; those whose own words were changed or are gone are not taken.

Examples:
  barchasb merge news.barchasb zahra.barchasb reza.barchasb
  barchasb merge news.barchasb zahra.barchasb --dry-run
  barchasb merge news.barchasb export.zip --annotator زهرا --labels-map PERSON=PER,MISC=
  barchasb merge news.barchasb old-texts.barchasb --known-only --realign")]
pub struct MergeArguments {
    /// The project.
    pub project: PathBuf,
    /// Other projects, and files, folders and zip archives; `-` for the standard input.
    #[arg(required = true, value_name = "OTHER")]
    pub others: Vec<PathBuf>,
    /// Whose the mentions of files are; those whom a file names, else the name of the file, when not given. Projects know it.
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    /// The status of layers from files [default: the file's, or done where its format names none].
    #[arg(long, value_name = "STATUS", value_parser = statuses())]
    pub status: Option<Status>,
    /// Leave articles that the project does not have.
    #[arg(long)]
    pub known_only: bool,
    /// Move mentions where the text differs.
    #[arg(long)]
    pub realign: bool,
    /// Take the place of a later layer that was taken before, too, if nobody has worked on it here.
    #[arg(long)]
    pub take_earlier: bool,
    /// Say what would happen and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The format of files.
    #[arg(long, value_name = "FORMAT", value_parser = formats(|f| f.reader.is_some()))]
    pub format: Option<Format>,
    /// The unit in which files count offsets.
    #[arg(long, value_name = "UNIT", value_parser = units())]
    pub offsets: Option<OffsetUnit>,
    /// What becomes of labels.
    #[command(flatten)]
    pub labels: LabelArguments,
    /// How files are read.
    #[command(flatten)]
    pub reading: ReadingArguments,
}
