//! What one person's program remembers between runs: language, theme, zoom, name, recent projects, the window.
//!
//! Owns the settings file (JSON in the configuration folder). It must not hold anything that belongs to a project.

use crate::domain::suggestion::Engine;
use crate::formats::finding::cut;
use crate::session::command_line::words_of;
use crate::session::exchange_setting::{ExportSetting, ImportSetting, or_default};
use crate::session::review::ReviewSetting;
use crate::session::shortcut::ChangedKeys;
use crate::words::language::Language;
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use serde::{Deserialize, Deserializer, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark ink on paper.
    #[default]
    Light,
    /// Light ink on dark.
    Dark,
}

/// Where the reader was in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// The project file.
    pub path: PathBuf,
    /// The name of the article that was open.
    #[serde(default)]
    pub article: Option<String>,
}

/// A program that suggests mentions: what runs it, and how long an article may take it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ProgramSetting {
    /// The command line, as `session::command_line` reads it.
    pub command: String,
    /// How many seconds it may take for an article, in [`ProgramSetting::SECONDS`].
    pub seconds: u32,
    /// Whether it is asked at all.
    pub on: bool,
}

impl Default for ProgramSetting {
    fn default() -> Self {
        Self { command: String::new(), seconds: 10, on: true }
    }
}

impl ProgramSetting {
    /// The least and the most seconds that an article may take.
    pub const SECONDS: std::ops::RangeInclusive<u32> = 1..=600;

    /// How long the program may take for an article.
    #[must_use]
    pub fn limit(&self) -> Duration {
        Duration::from_secs(u64::from(self.seconds.clamp(*Self::SECONDS.start(), *Self::SECONDS.end())))
    }

    /// What the program is called, as `python3 dates.py`: the file names of the program and of the word that follows it. Options and
    /// what comes after them are no part of it: the name goes into projects, and secrets can stand there.
    #[must_use]
    pub fn name(&self) -> String {
        let words = words_of(&self.command, None).unwrap_or_default();
        let file = |word: &String| word.rsplit(['/', '\\']).next().unwrap_or(word).to_owned();
        let script = words.get(1).filter(|word| !word.starts_with('-'));
        cut(&words.first().into_iter().chain(script).map(file).collect::<Vec<_>>().join(" "))
    }
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// The article's magnification; 1 is 18 points.
    pub zoom: f32,
    /// Who labels here; empty until asked.
    pub annotator: String,
    /// Projects, the last opened first.
    pub recent: Vec<Recent>,
    /// Whether the first of `recent` was open when the program ended.
    pub reopen: bool,
    /// Whether the list of articles is shown.
    pub articles_panel: bool,
    /// Whether the list of mentions is shown.
    pub mentions_panel: bool,
    /// The window's inner size in points.
    pub window: Option<[f32; 2]>,
    /// From which confidence on suggestions are accepted together, in hundredths.
    pub threshold: u8,
    /// The names of the engines that are not asked.
    pub silent: Vec<String>,
    /// The program that suggests mentions. It is named here alone, never by a project: whoever sends one must not be able to start
    /// anything.
    pub external: Option<ProgramSetting>,
    /// What was chosen for the last import.
    #[serde(deserialize_with = "or_default")]
    pub import: ImportSetting,
    /// What was chosen for the last export.
    #[serde(deserialize_with = "or_default")]
    pub export: ExportSetting,
    /// How others' layers are reviewed.
    #[serde(deserialize_with = "or_default")]
    pub review: ReviewSetting,
    /// The keys that are others than at first.
    #[serde(deserialize_with = "keys_from_any", skip_serializing_if = "ChangedKeys::is_empty")]
    pub keys: ChangedKeys,
}

/// Reads the changed keys from whatever stands there: what is no list of keys is kept as one key that there is not, so that
/// the table of keys tells of it, and the other settings stand.
fn keys_from_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ChangedKeys, D::Error> {
    use serde_json::Value;
    let one = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let keys = |value| match value {
        Value::Array(keys) => keys.into_iter().map(one).collect(),
        other => vec![one(other)],
    };
    Ok(match Value::deserialize(deserializer)? {
        Value::Object(acts) => acts.into_iter().map(|(act, value)| (act, keys(value))).collect(),
        Value::Null => ChangedKeys::new(),
        other => [(other.to_string(), Vec::new())].into(),
    })
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            zoom: 1.0,
            annotator: String::new(),
            recent: Vec::new(),
            reopen: false,
            articles_panel: true,
            mentions_panel: true,
            window: None,
            keys: ChangedKeys::new(),
            threshold: DEFAULT_THRESHOLD,
            silent: Vec::new(),
            external: None,
            import: ImportSetting::default(),
            export: ExportSetting::default(),
            review: ReviewSetting::default(),
        }
    }
}

/// The threshold of suggestions at first.
const DEFAULT_THRESHOLD: u8 = 50;

/// How many recent projects are kept.
const RECENT_LIMIT: usize = 12;

impl Settings {
    /// Puts `path` first among the recent projects.
    pub fn remember(&mut self, path: &Path) {
        let known = self.recent.iter().position(|r| r.path == path).map(|at| self.recent.remove(at));
        let recent = known.unwrap_or_else(|| Recent { path: path.to_owned(), article: None });
        self.recent.insert(0, recent);
        self.recent.truncate(RECENT_LIMIT);
        self.reopen = true;
    }

    /// The engines that are not asked; names that are none are passed over.
    #[must_use]
    pub fn silent_engines(&self) -> Vec<Engine> {
        self.silent.iter().filter_map(|name| Engine::from_name(name)).collect()
    }

    /// Lets an engine be asked or not.
    pub fn set_silent(&mut self, engine: Engine, silent: bool) {
        self.silent.retain(|name| name != engine.name());
        if silent {
            self.silent.push(engine.name().to_owned());
        }
    }

    /// Takes `path` from the recent projects.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|r| r.path != path);
    }
}

/// The folders the program may write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// For the settings file.
    pub config: PathBuf,
    /// For the sample project.
    pub data: PathBuf,
}

impl Folders {
    /// The user's folders by the rules of the platform (XDG on Linux); `None` when there is no home.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let strategy = choose_app_strategy(AppStrategyArgs {
            top_level_domain: "org".to_owned(),
            author: "Barchasb".to_owned(),
            app_name: "barchasb".to_owned(),
        })
        .ok()?;
        Some(Self { config: strategy.config_dir(), data: strategy.data_dir() })
    }

    /// The settings file.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.json")
    }

    /// The user's copy of the sample project.
    #[must_use]
    pub fn sample_project(&self) -> PathBuf {
        self.data.join("sample.barchasb")
    }
}

/// Reads the settings; the defaults when there are none, `None` beside them when the file cannot be understood
/// (it is then kept as `settings.json.bad`, so that nothing is lost).
#[must_use]
pub fn load(file: &Path) -> (Settings, Option<PathBuf>) {
    let Ok(bytes) = std::fs::read(file) else { return (Settings::default(), None) };
    match serde_json::from_slice(&bytes) {
        Ok(settings) => (settings, None),
        Err(_) => {
            let kept = file.with_extension("json.bad");
            let kept = std::fs::rename(file, &kept).is_ok().then_some(kept);
            (Settings::default(), kept.or_else(|| Some(file.to_owned())))
        }
    }
}

/// Writes the settings: a temporary file, then a rename, so that a crash leaves the old or the new ones.
///
/// # Errors
/// The system's error.
pub fn save(file: &Path, settings: &Settings) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let temporary = file.with_extension("json.new");
    let mut out = std::fs::File::create(&temporary)?;
    out.write_all(&serde_json::to_vec_pretty(settings)?)?;
    out.sync_all()?;
    std::fs::rename(&temporary, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_the_disk_and_bad_ones_are_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/settings.json");
        let mut settings = Settings { annotator: "مریم".into(), zoom: 1.3, ..Settings::default() };
        settings.external = Some(ProgramSetting { command: "python3 '/a/d.py'".into(), ..ProgramSetting::default() });
        settings.remember(Path::new("/a.barchasb"));
        settings.remember(Path::new("/b.barchasb"));
        settings.remember(Path::new("/a.barchasb"));
        settings.keys.insert("undo".into(), vec!["Ctrl+Shift+Z".into()]);
        settings.keys.insert("rules".into(), Vec::new());
        assert_eq!(settings.recent.len(), 2);
        save(&file, &settings).unwrap();
        assert_eq!(load(&file), (settings, None));
        std::fs::write(&file, "{ not json").unwrap();
        let (fresh, kept) = load(&file);
        assert_eq!(fresh, Settings::default());
        assert_eq!(std::fs::read_to_string(kept.unwrap()).unwrap(), "{ not json");
    }

    fn check_name(command: &str, expected: &str) {
        let setting = ProgramSetting { command: command.into(), ..ProgramSetting::default() };
        assert_eq!(setting.name(), expected, "{command}");
    }

    #[test]
    fn a_program_is_named_without_its_folders_and_its_limit_is_held() {
        check_name("python3 '/a b/d.py' -x", "python3 d.py");
        check_name(r"C:\tools\dates.exe --token secret", "dates.exe");
        check_name("/opt/dates --key=secret file.txt", "dates");
        check_name("~/d.sh", "d.sh");
        check_name("a 'b", "");
        let setting = ProgramSetting { seconds: 0, ..ProgramSetting::default() };
        assert_eq!(setting.limit(), Duration::from_secs(1));
        assert_eq!(ProgramSetting { seconds: u32::MAX, ..setting }.limit(), Duration::from_secs(600));
    }

    #[track_caller]
    fn check_keys(json: &str, expected: &[(&str, &[&str])]) {
        let settings: Settings =
            serde_json::from_str(&format!(r#"{{ "annotator": "سارا", "keys": {json} }}"#)).unwrap();
        let keys: Vec<(&str, Vec<&str>)> =
            settings.keys.iter().map(|(act, keys)| (act.as_str(), keys.iter().map(String::as_str).collect())).collect();
        let expected: Vec<_> = expected.iter().map(|(act, keys)| (*act, keys.to_vec())).collect();
        assert_eq!((settings.annotator.as_str(), keys), ("سارا", expected));
    }

    #[test]
    fn keys_of_any_shape_leave_the_other_settings_alone() {
        check_keys(r#"{ "undo": ["Ctrl+Z", "F5"], "rules": [] }"#, &[("rules", &[]), ("undo", &["Ctrl+Z", "F5"])]);
        check_keys(
            r#"{ "undo": "F5", "redo": 7, "rules": [{}] }"#,
            &[("redo", &["7"]), ("rules", &["{}"]), ("undo", &["F5"])],
        );
        check_keys("null", &[]);
        check_keys("[1]", &[("[1]", &[])]);
    }
}
