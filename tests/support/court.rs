//! A court: a desk over a project in which others have labelled, and what its gold layer holds.

use crate::desk::Desk;
use barchasb::domain::decision::{Decision, GOLD};
use barchasb::domain::layer::Status;
use barchasb::domain::mention::Mention;
use barchasb::domain::mention::Origin;
use barchasb::domain::offset::Span;
use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use barchasb::session::review::{Mode, Review};
use barchasb::session::review_command::ReviewCommand;
use barchasb::store::contract::{Store as _, Taking};
use barchasb::store::sqlite::SqliteStore;

/// The articles of a court, by name.
pub const TEXTS: [(&str, &str); 4] = [
    ("یک", "سردار حسین اشتری در تهران گفت: ناجا آماده است."),
    ("دو", "تهران و کرج و شیراز بارانی‌اند."),
    ("سه", "ناجا در کرج است."),
    ("چهار", "رضا از ناجا رفت."),
];

/// What someone says of an article: its name, who, and text and label of each mention.
pub type Said<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// What two annotators say: of the first article they differ twice and agree once, of the second they agree, of the third they differ
/// twice; the fourth has only one of them.
pub const SAID: [Said<'static>; 7] = [
    ("یک", "سارا", &[("حسین اشتری", "PER"), ("تهران", "LOC"), ("ناجا", "ORG")]),
    ("یک", "رضا", &[("سردار حسین اشتری", "PER"), ("تهران", "LOC"), ("ناجا", "FAC")]),
    ("دو", "سارا", &[("تهران", "LOC"), ("کرج", "LOC"), ("شیراز", "LOC")]),
    ("دو", "رضا", &[("تهران", "LOC"), ("کرج", "LOC"), ("شیراز", "LOC")]),
    ("سه", "سارا", &[("ناجا", "ORG"), ("کرج", "LOC")]),
    ("سه", "رضا", &[("ناجا", "FAC")]),
    ("چهار", "سارا", &[("رضا", "PER"), ("ناجا", "ORG")]),
];

/// A record of what someone says.
pub fn record((name, annotator, mentions): Said<'_>, status: Status) -> ArticleRecord {
    let text = TEXTS.iter().find(|(other, _)| *other == name).unwrap().1;
    let mention = |(surface, label): &(&str, &str)| {
        let start = text[..text.find(surface).unwrap()].chars().count();
        let span = Span::from_chars(start, start + surface.chars().count());
        MentionRecord { span, label: (*label).into(), note: None, origin: Origin::Hand }
    };
    let layer = LayerRecord {
        annotator: Some(annotator.into()),
        status,
        mentions: mentions.iter().map(mention).collect(),
        ..LayerRecord::default()
    };
    ArticleRecord { name: Some(name.into()), text: text.into(), layers: vec![layer], ..ArticleRecord::default() }
}

/// Takes in what someone says by a connection of its own: layers that stand become what is said now.
pub fn edition(desk: &Desk, said: &[Said<'_>], status: Status) {
    let mut store = SqliteStore::open(&desk.project_path()).unwrap();
    let mut records = said.iter().map(|said| record(*said, status));
    store.take_in(&mut records, Taking::Editions { annotator: "?" }, &mut || true).unwrap();
}

/// A desk at which «سارا» has the project in which these are done.
pub fn court(said: &[Said<'_>]) -> Desk {
    let desk = Desk::with(&TEXTS);
    edition(&desk, said, Status::Done);
    desk
}

/// The same, with the review begun and an article open.
pub fn review(said: &[Said<'_>], article: &str) -> Desk {
    let mut desk = court(said);
    enter(&mut desk);
    desk.walk_to(article);
    desk
}

/// Begins to review.
pub fn enter(desk: &mut Desk) {
    desk.give(ReviewCommand::Enter);
    desk.wait("the review has begun", |state| {
        state.project.as_ref().is_some_and(|p| p.mode == Mode::Review)
            && state.article().is_some_and(|o| o.review.is_some())
    });
}

/// Goes back to labelling.
pub fn leave(desk: &mut Desk) {
    desk.give(ReviewCommand::Leave);
    desk.wait("the person labels again", |state| {
        state.project.as_ref().is_some_and(|p| p.mode == Mode::Label) && state.article().is_some()
    });
}

/// Gives a command and waits until all is saved and no article is on its way.
pub fn act(desk: &mut Desk, command: impl Into<crate::desk::Asked>) {
    desk.act(command);
    rest(desk);
}

/// Waits until all is saved and no article is on its way.
pub fn rest(desk: &mut Desk) {
    desk.wait("nothing is on its way", |state| {
        let project = state.project.as_ref().unwrap();
        !project.walking && project.seeking.is_none()
    });
    desk.wait_saved();
}

pub fn reviewed(desk: &Desk) -> &Review {
    desk.open().review.as_deref().expect("a review")
}

/// The texts of the current dispute.
pub fn current(desk: &Desk) -> Option<&str> {
    desk.open().article.surface(reviewed(desk).current_case()?.cluster.span)
}

/// Takes the version of the current dispute that says just this.
#[track_caller]
pub fn take(desk: &mut Desk, expected: &[(&str, &str)]) {
    let review = reviewed(desk);
    let versions = review.versions(review.current.expect("a current dispute"));
    let says = |mentions: &[barchasb::domain::mention::MentionKey]| -> Vec<(String, String)> {
        let text = |span| desk.open().article.surface(span).unwrap().to_owned();
        mentions
            .iter()
            .map(|key| (text(key.span), desk.project().labels.get(key.label).unwrap().name.clone()))
            .collect()
    };
    let wanted: Vec<(String, String)> = expected.iter().map(|(s, l)| ((*s).to_owned(), (*l).to_owned())).collect();
    let all: Vec<_> = versions.iter().map(|version| says(&version.mentions)).collect();
    let place = all.iter().position(|says| *says == wanted).unwrap_or_else(|| panic!("{wanted:?} in {all:?}"));
    act(desk, ReviewCommand::Take(place));
}

/// The gold layer of an article as it stands on the disk: status, mentions, decisions.
pub fn gold(desk: &Desk, article: &str) -> (Status, Vec<Mention>, Vec<Decision>) {
    desk.read(|store| {
        let Some(gold) = store.annotators().unwrap().into_iter().find(|annotator| annotator.name == GOLD) else {
            return (Status::New, Vec::new(), Vec::new());
        };
        let layer = store.layer(store.article_by_name(article).unwrap().unwrap(), gold.id).unwrap();
        (layer.status, layer.mentions.iter().cloned().collect(), layer.decisions.iter().cloned().collect())
    })
}

/// The gold layers of all articles.
pub fn all_gold(desk: &Desk) -> Vec<(Status, Vec<Mention>, Vec<Decision>)> {
    TEXTS.iter().map(|(name, _)| gold(desk, name)).collect()
}

/// The gold mentions of an article on the disk: text, label, origin.
pub fn gold_mentions(desk: &Desk, article: &str) -> Vec<(String, String, String)> {
    let labels = &desk.project().labels;
    let text: Vec<char> = TEXTS.iter().find(|(name, _)| *name == article).unwrap().1.chars().collect();
    let told = |mention: &Mention| {
        let surface = text[mention.span.start.get()..mention.span.end.get()].iter().collect();
        (surface, labels.get(mention.label).unwrap().name.clone(), mention.origin.name().into_owned())
    };
    gold(desk, article).1.iter().map(told).collect()
}
