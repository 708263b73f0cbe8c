//! What the command line says of reading and writing files: the arguments of `import`, `export`, `convert` and `formats`.
//!
//! Owns names, help and examples. It must not do anything.

use crate::cli::args::named;
use crate::domain::layer::Status;
use crate::domain::projection::{Align, Nesting};
use crate::domain::tag_scheme::TagScheme;
use crate::formats::format::{FORMATS, Format};
use crate::formats::offset_unit::OffsetUnit;
use crate::store::mirror::MirrorWhen;
use clap::builder::TypedValueParser;
use clap::{Args, ValueEnum};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

/// Arguments of `import`.
#[derive(Debug, Args)]
#[command(after_help = "\
The format is told by what the files hold and by their endings; `barchasb formats` names them all.
A folder is read whole, a zip archive as a folder, `-` is the standard input. Offsets are checked
against the text of the mentions; a mention that does not fit is left out and said.

Examples:
  barchasb import news.barchasb *.txt
  barchasb import news.barchasb zahra.jsonl --annotator زهرا
  barchasb import news.barchasb corpus/ --format conll --sentences 20
  barchasb import news.barchasb export.zip --labels-map PERSON=PER,MISC=
  barchasb import news.barchasb model.jsonl --as suggestions
  barchasb import news.barchasb from-java.json --offsets utf16
  zcat big.jsonl.gz | barchasb import news.barchasb - --format jsonl")]
pub struct ImportArguments {
    /// The project.
    pub project: PathBuf,
    /// Files, folders and zip archives; `-` for the standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Who made the mentions of a file that does not say it; you, when not given (of suggestions: the file).
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    /// What the mentions become.
    #[arg(long = "as", value_name = "WHAT", value_enum, default_value_t = TakenAs::Layers)]
    pub taken_as: TakenAs,
    /// The format of the files.
    #[arg(long, value_name = "FORMAT", value_parser = formats(|f| f.reader.is_some()))]
    pub format: Option<Format>,
    /// The unit in which the files count offsets.
    #[arg(long, value_name = "UNIT", value_parser = units())]
    pub offsets: Option<OffsetUnit>,
    /// What becomes of labels.
    #[command(flatten)]
    pub labels: LabelArguments,
    /// How files are read.
    #[command(flatten)]
    pub reading: ReadingArguments,
}

/// What the mentions of a file become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TakenAs {
    /// The layers of those who made them.
    Layers,
    /// Suggestions that annotators accept or reject; a new file replaces those that the same one gave before.
    Suggestions,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = "\
The format is told by the ending of the output; `barchasb formats` names them all. What a format
cannot hold is left out and said. What stood at the target is replaced in one step, or left as it
was when something fails. Several files go into a folder named as the target.

Examples:
  barchasb export news.barchasb
  barchasb export news.barchasb -o train.json --status done
  barchasb export news.barchasb -o - --annotator زهرا --offsets utf16
  barchasb export news.barchasb -o gold.jsonl --gold --status done
  barchasb export news.barchasb -o dataset --split 80/10/10 --seed 7 --card
  barchasb export news.barchasb -o texts --format text
  barchasb export news.barchasb -o people.jsonl --labels PER,ORG --no-bare")]
pub struct ExportArguments {
    /// The project.
    pub project: PathBuf,
    /// The file or folder to write, `-` for the standard output [default: annotations/PROJECT.jsonl].
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The format [default: by the ending of the output, or jsonl].
    #[arg(long, value_name = "FORMAT", value_parser = formats(|f| f.writer.is_some()))]
    pub format: Option<Format>,
    /// Only this annotator's layers.
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    /// Only the gold layers: what adjudication came to.
    #[arg(long, conflicts_with = "annotator")]
    pub gold: bool,
    /// The unit in which offsets are counted, where the format leaves the choice.
    #[arg(long, value_name = "UNIT", default_value = "codepoint", value_parser = units())]
    pub offsets: OffsetUnit,
    /// Only layers with this status.
    #[arg(long, value_parser = statuses())]
    pub status: Option<Status>,
    /// What becomes of labels.
    #[command(flatten)]
    pub labels: LabelArguments,
    /// How files are written.
    #[command(flatten)]
    pub writing: WritingArguments,
}

/// Arguments of `mirror`.
#[derive(Debug, Args)]
#[command(after_help = "\
A folder is kept with a file for every article and annotator, `FOLDER/ANNOTATOR/ARTICLE.json`, in
the training JSON: git shows just what changed. The window keeps it up to date from then on; this
command does it by hand. A file that others have changed is never replaced nor taken unasked: it is
said, with exit code 1.

To take a file makes an edit of the layer, which stays in the history; a layer that the project does
not have is taken in. A file of an article that it does not have is counted and left alone: another
project may share the folder; `barchasb import` takes it. To keep the project's replaces the file.

Examples:
  barchasb mirror news.barchasb --on done          begin, in annotations/ beside the project
  barchasb mirror news.barchasb --folder ../gold   begin, in another folder
  barchasb mirror news.barchasb                    bring it up to date, say what others changed
  barchasb mirror news.barchasb --take-theirs      take that in
  barchasb mirror news.barchasb --rewrite          make files again that are gone")]
pub struct MirrorArguments {
    /// The project.
    pub project: PathBuf,
    /// The folder, relative to that of the project [default: annotations].
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// When the window writes a layer [default: done].
    #[arg(long, value_name = "WHEN", value_parser = named(MirrorWhen::ALL, |when| when.name()))]
    pub on: Option<MirrorWhen>,
    /// Mirror nothing from now on; the files stay.
    #[arg(long, conflicts_with_all = ["folder", "on", "take_theirs", "keep_ours", "rewrite"])]
    pub off: bool,
    /// Take in what others have changed.
    #[arg(long, conflicts_with = "keep_ours")]
    pub take_theirs: bool,
    /// Replace what others have changed.
    #[arg(long)]
    pub keep_ours: bool,
    /// Make files again that are gone.
    #[arg(long)]
    pub rewrite: bool,
}

/// Arguments of `send`.
#[derive(Debug, Args)]
#[command(after_help = "\
The copy is a project of its own, with the labels, rules and lists of names; the folder of the mirror
does not go along. What is left out can nowhere be read in it: without layers there are no notes, no
history, no names of annotators, nor what the program learned from them, so that a colleague labels
blind. Suggestions that were imported go along. What stands at the target is never replaced.

Articles are named, separated by commas, or by their places in the order of import (`1-200`);
`@FILE` is a file with a name in each line.

Examples:
  barchasb send news.barchasb -o sara.barchasb --without-layers
  barchasb send news.barchasb -o part.barchasb --articles 1-200,305-310
  barchasb send news.barchasb -o reza.barchasb --articles @names.txt --annotator رضا")]
pub struct SendArguments {
    /// The project; it is only read.
    pub project: PathBuf,
    /// Where the copy will be; `.barchasb` is added when it is missing.
    #[arg(short, long, value_name = "COPY")]
    pub output: PathBuf,
    /// Only these articles.
    #[arg(long, value_name = "NAMES")]
    pub articles: Option<String>,
    /// No layer of anyone.
    #[arg(long, conflicts_with = "annotators")]
    pub without_layers: bool,
    /// Only the layers of this annotator; may be given more than once.
    #[arg(long = "annotator", value_name = "NAME")]
    pub annotators: Vec<String>,
}

/// Arguments of `convert`.
#[derive(Debug, Args)]
#[command(after_help = "\
Files of one format become files of another, article by article, without a project: memory does
not grow with their size. What is said of import and export holds here as well.

Examples:
  barchasb convert corpus.conll corpus.jsonl
  barchasb convert export.zip news.json --from-offsets utf16
  barchasb convert news.jsonl dataset --to jsonl --split 80/20 --card
  barchasb convert - - --from json --to jsonl < news.json | head")]
pub struct ConvertArguments {
    /// A file, a folder or a zip archive; `-` for the standard input.
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// The file or folder to write; `-` for the standard output.
    #[arg(value_name = "OUT")]
    pub output: PathBuf,
    /// The format of the input [default: by what it holds].
    #[arg(long, value_name = "FORMAT", value_parser = formats(|f| f.reader.is_some()))]
    pub from: Option<Format>,
    /// The format of the output [default: by its ending; jsonl on the standard output].
    #[arg(long, visible_alias = "format", value_name = "FORMAT", value_parser = formats(|f| f.writer.is_some()))]
    pub to: Option<Format>,
    /// The unit in which the input counts offsets.
    #[arg(long, value_name = "UNIT", value_parser = units())]
    pub from_offsets: Option<OffsetUnit>,
    /// The unit in which the output counts offsets, where its format leaves the choice.
    #[arg(long, visible_alias = "to-offsets", value_name = "UNIT", default_value = "codepoint", value_parser = units())]
    pub offsets: OffsetUnit,
    /// What becomes of labels.
    #[command(flatten)]
    pub labels: LabelArguments,
    /// How files are read.
    #[command(flatten)]
    pub reading: ReadingArguments,
    /// How files are written.
    #[command(flatten)]
    pub writing: WritingArguments,
}

/// Arguments of `formats`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  barchasb formats
  barchasb formats --markdown
  barchasb formats --json")]
pub struct FormatsArguments {
    /// As a table in Markdown.
    #[arg(long)]
    pub markdown: bool,
}

/// What becomes of labels.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Labels")]
pub struct LabelArguments {
    /// New names, as `PERSON=PER,MISC=` (nothing after the sign skips a label), or a JSON file `{"PERSON": "PER", "MISC": null}`.
    #[arg(long, value_name = "MAP | FILE")]
    pub labels_map: Option<String>,
    /// Only these labels, by their new names.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub labels: Option<Vec<String>>,
}

/// How files are read.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadingArguments {
    /// The column or key that holds the text.
    #[arg(long, value_name = "NAME")]
    pub text_field: Option<String>,
    /// The column or key that holds the article's id.
    #[arg(long, value_name = "NAME")]
    pub id_field: Option<String>,
    /// The columns or keys by what they hold, as `text=TEXT,id=ID,mentions=SPANS`.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// How many sentences make an article where the file does not say where one begins.
    #[arg(long, value_name = "N")]
    pub sentences: Option<NonZeroUsize>,
    /// Leave out a tag that goes on with a mention which did not begin, instead of taking it as its beginning.
    #[arg(long)]
    pub strict_tags: bool,
    /// A JSON file with the names of labels that the input numbers: `{"1": "PER"}`, a list from 0, or doccano's label file.
    #[arg(long, value_name = "FILE")]
    pub label_names: Option<PathBuf>,
}

/// How files are written.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Writing")]
pub struct WritingArguments {
    /// What becomes of a mention that does not begin and end where tokens do, in formats that tag tokens [default: expand].
    #[arg(long, value_name = "HOW", value_parser = named(Align::ALL, |align| align.name()))]
    pub align: Option<Align>,
    /// Which of nested mentions stay where a token has one tag [default: outermost].
    #[arg(long, value_name = "WHICH", value_parser = named(Nesting::ALL, |nesting| nesting.name()))]
    pub nested: Option<Nesting>,
    /// How tags are written [default: bio].
    #[arg(long, value_name = "SCHEME", value_parser = named(TagScheme::ALL, |scheme| scheme.name()))]
    pub scheme: Option<TagScheme>,
    /// Parts to train and test on, as 80/20 (train, test) or 80/10/10 (train, dev, test): every label is shared out alike, and no text
    /// stands in two of them.
    #[arg(long, value_name = "WEIGHTS")]
    pub split: Option<String>,
    /// What the parts are drawn with; the same number gives the same parts.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "split")]
    pub seed: u64,
    /// Begin a new file after so many articles.
    #[arg(long, value_name = "N", conflicts_with = "per_article")]
    pub shards: Option<NonZeroU64>,
    /// A file for every article.
    #[arg(long)]
    pub per_article: bool,
    /// Leave out articles without mentions.
    #[arg(long)]
    pub no_bare: bool,
    /// Write a card beside: `dataset.json` and `README.md`, with counts, labels and checksums.
    #[arg(long)]
    pub card: bool,
}

pub(super) fn formats(wanted: fn(&Format) -> bool) -> impl TypedValueParser<Value = Format> {
    named(FORMATS.iter().copied().filter(wanted), |format| format.name)
}

pub(super) fn units() -> impl TypedValueParser<Value = OffsetUnit> {
    named(OffsetUnit::ALL, |unit| unit.name())
}

pub(super) fn statuses() -> impl TypedValueParser<Value = Status> {
    named(Status::ALL, |status| status.name())
}
