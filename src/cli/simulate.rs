//! The command `simulate`: what a labelled corpus would have cost an annotator of this program.
//!
//! Owns the project that is played on, the order of articles and the table. It must not decide an action: the annotator does.

use crate::cli::args::SimulateArguments;
use crate::cli::corpus;
use crate::cli::report::{Report, counted};
use crate::cli::simulation::{Annotator, Gold, Tally};
use crate::domain::label::{Colour, Label, LabelId, LabelSet};
use crate::domain::layer::Rules;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::domain::suggestion::Engine;
use crate::session::command::{Command, ProjectCommand, SuggestCommand, WalkCommand};
use crate::session::driver::Session;
use crate::session::settings::Settings;
use crate::session::state::State;
use crate::store::contract::Store;
use crate::store::sqlite::{SqliteStore, default_labels};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// In how many parts the run is told.
const PARTS: usize = 10;

/// How long opening an article may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Plays the corpora and says what they cost.
///
/// # Errors
/// A corpus that cannot be read, an engine that is none, or why the simulation could not go on.
pub fn run(arguments: &SimulateArguments, report: &mut Report) -> Result<()> {
    let silent = silent_engines(&arguments.engines)?;
    let mut records = Vec::new();
    for path in &arguments.corpora {
        records.extend(corpus::read(path, arguments.sentences, report)?);
    }
    if let Some(seed) = arguments.seed {
        records.sort_by_cached_key(|record| {
            let mut hasher = DefaultHasher::new();
            (seed, &record.text).hash(&mut hasher);
            hasher.finish()
        });
    }
    records.truncate(arguments.articles.unwrap_or(usize::MAX));
    let folder = Folder::new()?;
    let settings = Settings {
        annotator: "simulation".into(),
        silent: silent.iter().map(|engine| engine.name().to_owned()).collect(),
        ..Settings::default()
    };
    report.begin_progress("articles labelled");
    let bar = report.bar();
    let played =
        play(&folder.path.join("simulation.barchasb"), &records, settings, arguments.threshold, || bar.inc(1))?;
    report.end_progress();
    report.result("simulate", &played.lines(), played.value(arguments))?;
    Ok(())
}

/// The engines that are not among those named.
fn silent_engines(named: &[String]) -> Result<Vec<Engine>> {
    let mut silent = Engine::ALL.to_vec();
    for name in named.iter().filter(|name| *name != "none") {
        let Some(engine) = Engine::from_name(name).filter(|e| matches!(e, Engine::Lexicon | Engine::Tagger)) else {
            bail!("there is no engine «{name}» for a simulation: lexicon, tagger or none");
        };
        silent.retain(|other| *other != engine);
    }
    Ok(silent)
}

/// A folder that goes with its owner.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("barchasb-{}", Uuid::now_v7().simple()));
        fs::create_dir(&path).with_context(|| path.display().to_string())?;
        Ok(Self { path })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is the system's to clean.
        let _gone = fs::remove_dir_all(&self.path);
    }
}

/// What a simulation came to.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// The parts of the run, in order.
    pub parts: Vec<Tally>,
    /// Seconds of training.
    pub training_seconds: f64,
    /// Seconds of the whole run.
    pub seconds: f64,
}

/// The labels of a simulation: the default ones, and those that only the corpus has.
fn labels_for(records: &[ArticleRecord]) -> LabelSet {
    let mut set = LabelSet::new(default_labels());
    let names: BTreeSet<&str> =
        records.iter().flat_map(|r| &r.layers).flat_map(|layer| &layer.mentions).map(|m| m.label.as_str()).collect();
    for (order, name) in (1_000..).zip(names) {
        let known = set.all().iter().find(|label| label.name == name).cloned();
        let label = known.map_or_else(
            || Label {
                id: LabelId(Uuid::now_v7()),
                name: name.to_owned(),
                title: name.to_owned(),
                colour: Colour(0),
                keys: String::new(),
                guideline: String::new(),
                order,
                deleted: false,
                merged_into: None,
            },
            |label| Label { deleted: false, ..label },
        );
        set.put(label);
    }
    set
}

/// Labels `records`, whose first layer says how each ends, in a new project at `path`. `done` is called after each article.
///
/// # Errors
/// Why it could not go on.
pub fn play(
    path: &Path,
    records: &[ArticleRecord],
    settings: Settings,
    threshold: f64,
    mut done: impl FnMut(),
) -> Result<Played> {
    let begun = Instant::now();
    let labels = labels_for(records);
    let mut store = SqliteStore::create(path, Rules { overlaps: false, ..Rules::default() }, labels.all().to_vec())?;
    let names: Vec<String> = (1..=records.len()).map(|number| format!("{number:06}")).collect();
    let mut bare = records.iter().zip(&names).map(|(record, name)| ArticleRecord {
        name: Some(name.clone()),
        layers: Vec::new(),
        ..record.clone()
    });
    store.import(&mut bare, "simulation")?;
    while !store.index_some()? {}
    drop(store);
    let mut session = Session::quiet(settings);
    session.command(Command::Project(ProjectCommand::Open(path.to_owned())));
    session.command(Command::Suggest(SuggestCommand::SetThreshold((threshold * 100.0).round() as u8)));
    let mut tallies = Vec::new();
    for (record, name) in records.iter().zip(&names) {
        let is_open = |state: &State| state.article().is_some_and(|open| open.article.name() == name);
        ensure!(session.wait_until(LIMIT, is_open), "article {name} did not open: {:?}", session.state.toasts);
        let gold = gold_from_layers(&record.layers, &labels);
        tallies.push(Annotator::new(&mut session).label_article(&gold).with_context(|| format!("article {name}"))?);
        done();
        session.command(Command::Walk(WalkCommand::Next));
    }
    let training = session.state.project.as_ref().and_then(|project| project.knowledge.training);
    session.finish()?;
    let size = tallies.len().div_ceil(PARTS).max(1);
    let sum = |part: &[Tally]| {
        part.iter().fold(Tally::default(), |mut sum, tally| {
            sum.add(tally);
            sum
        })
    };
    Ok(Played {
        parts: tallies.chunks(size).map(sum).collect(),
        training_seconds: training.map_or(0.0, |training| training.seconds),
        seconds: begun.elapsed().as_secs_f64(),
    })
}

fn gold_from_layers(layers: &[LayerRecord], labels: &LabelSet) -> Gold {
    let mentions = layers.iter().flat_map(|layer| &layer.mentions);
    mentions.filter_map(|m| Some((m.span, labels.all().iter().find(|label| label.name == m.label)?.id))).collect()
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A figure with two decimals; a dash for one that is not defined.
fn shown(figure: Option<f64>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.2}"))
}

impl Played {
    /// The whole run.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.parts.iter().fold(Tally::default(), |mut sum, tally| {
            sum.add(tally);
            sum
        })
    }

    fn lines(&self) -> Vec<String> {
        let total = self.total();
        let heads = ["articles", "mentions", "actions", "per mention", "precision", "recall", "recall, all shown"];
        let mut lines = vec![heads.map(|head| format!("{head:>19}")).concat()];
        let mut reached = 0;
        for part in &self.parts {
            reached += part.articles;
            lines.push(row(reached.to_string(), part));
        }
        lines.push(row("all".to_owned(), &total));
        let actions = total.actions;
        lines.push(format!(
            "{} drags, {} label keys, {} same mentions, {} accepted, {} with another label, {} rejected, {} edges moved, {} times \
             all accepted, {} taken away again; besides, {} «done»",
            actions.drags,
            actions.keys,
            actions.same,
            actions.accepted,
            actions.relabelled,
            actions.rejected,
            actions.nudged,
            actions.all,
            actions.removed,
            total.articles,
        ));
        if total.out_of_reach > 0 {
            let count = counted(total.out_of_reach, "mention");
            lines.push(format!(
                "{count} of the corpus cannot be selected, inside a character for one, and are not counted"
            ));
        }
        lines.push(format!("{:.1} s of training in {:.1} s", self.training_seconds, self.seconds));
        lines
    }

    fn value(&self, arguments: &SimulateArguments) -> Value {
        let parts: Vec<Value> = self.parts.iter().map(value_from_tally).collect();
        json!({
            "engines": arguments.engines, "threshold": arguments.threshold, "sentences": arguments.sentences.get(),
            "seed": arguments.seed, "total": value_from_tally(&self.total()), "parts": parts,
            "training_seconds": self.training_seconds, "seconds": self.seconds,
        })
    }
}

fn row(head: String, tally: &Tally) -> String {
    let Tally { mentions, actions, shown: seen, .. } = *tally;
    [
        head,
        mentions.to_string(),
        actions.total().to_string(),
        shown(share(actions.total(), mentions)),
        shown(share(seen.right_above, seen.above)),
        shown(share(seen.right_above, mentions)),
        shown(share(seen.right, mentions)),
    ]
    .map(|cell| format!("{cell:>19}"))
    .concat()
}

fn value_from_tally(tally: &Tally) -> Value {
    let Tally { articles, mentions, out_of_reach, actions, shown } = *tally;
    json!({
        "articles": articles, "mentions": mentions, "out_of_reach": out_of_reach, "actions": actions.total(),
        "actions_per_mention": share(actions.total(), mentions),
        "precision": share(shown.right_above, shown.above), "recall": share(shown.right_above, mentions),
        "recall_all_shown": share(shown.right, mentions),
        "kinds": {
            "drag": actions.drags, "label_key": actions.keys, "same": actions.same, "accept": actions.accepted,
            "accept_as_other": actions.relabelled, "reject": actions.rejected, "nudge": actions.nudged,
            "accept_all": actions.all, "remove": actions.removed,
        },
        "done": articles,
    })
}
