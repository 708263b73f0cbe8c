//! Errands: writing the settings, showing the desktop's file dialog, trying a program.
//!
//! Owns what is neither the project's nor urgent. A dialog runs on a thread of its own, for a person may leave it open for an
//! hour; so does a trial, whose program may take its time.

use crate::exchange::import::PROJECT_ENDING;
use crate::session::effect::{Effect, Event, Picked, Purpose};
use crate::session::external_trial::{self, Trial};
use crate::session::settings;
use crate::session::worker::{Places, Shared, failure};
use crate::suggest::suggester::Stop;
use crate::words::message::Message;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;

/// The thread's memory.
pub struct Errands {
    shared: Shared,
    places: Places,
    /// The trial that was begun last, and what stops it.
    trial: Option<(Arc<Stop>, JoinHandle<()>)>,
}

impl Errands {
    /// Errands that write where `places` says.
    #[must_use]
    pub fn new(shared: Shared, places: Places) -> Self {
        Self { shared, places, trial: None }
    }

    /// Does what is asked until nobody can ask any more.
    pub fn run(mut self, errands: &Receiver<Effect>) {
        while let Ok(mut errand) = errands.recv() {
            // Of settings that wait, only the newest need to be written.
            while matches!(errand, Effect::SaveSettings(_)) {
                match errands.try_recv() {
                    Ok(next @ Effect::SaveSettings(_)) => errand = next,
                    Ok(other) => {
                        self.guarded(errand);
                        errand = other;
                    }
                    Err(_) => break,
                }
            }
            self.guarded(errand);
        }
        self.stop_trial();
    }

    fn guarded(&mut self, errand: Effect) {
        let shared = self.shared.clone();
        shared.guarded(failure(&errand), || self.errand(errand));
    }

    fn errand(&mut self, effect: Effect) {
        match effect {
            Effect::SaveSettings(new) => {
                let Some(file) = &self.places.settings else { return };
                if let Err(error) = settings::save(file, &new) {
                    self.shared.tell(Event::Failed(Message::new("error-settings").part("reason", &error)));
                }
            }
            Effect::Pick { purpose, suggested } => {
                let shared = self.shared.clone();
                let lost = Event::NoDialog(purpose);
                let run = move || shared.clone().guarded(lost, || shared.tell(pick(purpose, suggested.as_deref())));
                if std::thread::Builder::new().name("barchasb-dialog".to_owned()).spawn(run).is_err() {
                    self.shared.tell(Event::NoDialog(purpose));
                }
            }
            Effect::TryExternal(trial) => self.begin_trial(*trial),
            _ => {}
        }
    }

    fn begin_trial(&mut self, trial: Trial) {
        self.stop_trial();
        let stop = Arc::new(Stop::default());
        let (shared, stopped) = (self.shared.clone(), Arc::clone(&stop));
        let lost = failure(&Effect::TryExternal(Box::new(trial.clone())));
        let told_lost = lost.clone();
        let run = move || {
            shared.clone().guarded(told_lost, || {
                if let Some(tried) = external_trial::run(&trial, &stopped) {
                    shared.tell(Event::ExternalTried(Box::new(tried)));
                }
            });
        };
        match std::thread::Builder::new().name("barchasb-trial".to_owned()).spawn(run) {
            Ok(thread) => self.trial = Some((stop, thread)),
            Err(_) => self.shared.tell(lost),
        }
    }

    /// Ends a trial that runs, and its program with it; nothing comes of it then.
    fn stop_trial(&mut self) {
        if let Some((stop, thread)) = self.trial.take() {
            stop.set();
            // Its panic was told by itself.
            let _ended = thread.join();
        }
    }
}

/// Shows the desktop's dialog and waits for the answer.
fn pick(purpose: Purpose, suggested: Option<&Path>) -> Event {
    if !desktop_has_dialogs() {
        return Event::NoDialog(purpose);
    }
    let mut dialog = rfd::FileDialog::new();
    if let Some(name) = suggested.and_then(Path::file_name) {
        dialog = dialog.set_file_name(name.to_string_lossy());
    }
    let one = |path: Option<PathBuf>| path.into_iter().collect::<Vec<_>>();
    let paths = match purpose {
        Purpose::New => one(dialog.add_filter("Barchasb", &[PROJECT_ENDING]).save_file()),
        Purpose::Open => one(dialog.add_filter("Barchasb", &[PROJECT_ENDING]).pick_file()),
        Purpose::Import | Purpose::Merge => dialog.pick_files().unwrap_or_default(),
        Purpose::ImportFolder => dialog.pick_folders().unwrap_or_default(),
        Purpose::Names(_) => {
            one(dialog.add_filter("TXT, CSV, TSV, JSONL", &["txt", "csv", "tsv", "jsonl"]).pick_file())
        }
        Purpose::Export => {
            let ending = suggested.and_then(Path::extension).map(|ending| ending.to_string_lossy().into_owned());
            let dialog = match &ending {
                Some(ending) => dialog.add_filter(ending.to_ascii_uppercase(), &[ending]),
                None => dialog,
            };
            one(dialog.save_file())
        }
        Purpose::ExportFolder => one(dialog.pick_folder()),
    };
    Event::Picked(Picked { purpose, paths })
}

/// Whether the desktop can show a file dialog: on Linux a portal on the session bus, or the program zenity.
///
/// rfd answers a missing dialog like a cancelled one, so it has to be asked before.
#[cfg(target_os = "linux")]
fn desktop_has_dialogs() -> bool {
    let has_bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|dir| PathBuf::from(dir).join("bus").exists());
    let portal_file = ["/usr/share", "/usr/local/share"]
        .iter()
        .any(|dir| PathBuf::from(dir).join("dbus-1/services/org.freedesktop.portal.Desktop.service").exists());
    let zenity = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join("zenity").is_file()));
    (has_bus && portal_file) || zenity
}

/// Elsewhere the system itself has one.
#[cfg(not(target_os = "linux"))]
fn desktop_has_dialogs() -> bool {
    true
}
