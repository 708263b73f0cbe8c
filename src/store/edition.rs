//! Layers that take the place of those which stand.
//!
//! Owns that this is an edit like every other, with an event in the history. It must not decide which of two layers is the better.

use crate::domain::decision::{Decision, Decisions};
use crate::domain::edit::Operation;
use crate::domain::layer::{AnnotatorId, Layer, Status};
use crate::domain::mention::{Mention, MentionSet};
use crate::store::articles::Placed;
use crate::store::contract::{Result, Saved};
use crate::store::database::Database;
use crate::store::layers;

/// Whether a layer is what is given already.
pub(super) fn is_same(standing: &Layer, status: Status, mentions: &MentionSet, decisions: &Decisions) -> bool {
    let alike = |(a, b): (&Mention, &Mention)| a.key() == b.key() && a.note == b.note;
    standing.status == status
        && standing.decisions == *decisions
        && standing.mentions.len() == mentions.len()
        && standing.mentions.iter().zip(mentions.iter()).all(alike)
}

/// Makes a layer what is given, inside a transaction of the caller; how many mentions are new in it.
pub(super) fn put(
    db: Database<'_>,
    placed: &Placed,
    annotator: AnnotatorId,
    standing: &Layer,
    status: Status,
    mentions: &MentionSet,
    decisions: &Decisions,
) -> Result<u64> {
    let has = |set: &MentionSet, m: &Mention| set.get(m.key()).is_some_and(|other| other.note == m.note);
    let gone = standing.mentions.iter().filter(|m| !has(mentions, m));
    let new: Vec<&Mention> = mentions.iter().filter(|m| !has(&standing.mentions, m)).collect();
    let count = new.len() as u64;
    let absent = |one: &Decision, all: &Decisions| all.on(one.span, &one.readings) != Some(one);
    // What goes makes room first: the two may not overlap, nor stand on the same readings.
    let undecided = standing.decisions.iter().filter(|one| absent(one, decisions));
    let mut operations: Vec<Operation> = undecided.map(|one| Operation::Undecide(Box::new(one.clone()))).collect();
    operations.extend(gone.map(|m| Operation::Remove(m.clone())));
    operations.extend(new.into_iter().map(|m| Operation::Add(m.clone())));
    let decided = decisions.iter().filter(|one| absent(one, &standing.decisions));
    operations.extend(decided.map(|one| Operation::Decide(Box::new(one.clone()))));
    if status != standing.status {
        operations.push(Operation::SetStatus { from: standing.status, to: status });
    }
    let (article, base) = (placed.article.id(), standing.version);
    layers::change(db, annotator, Saved::Layer { article, base, operations })?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Version;
    use crate::domain::record::ArticleRecord;
    use crate::store::contract::{ImportCount, Store, Taking};
    use crate::store::sqlite::fixture::{empty_project, record};

    #[test]
    fn an_edition_takes_the_place_of_the_layer_as_an_edit() {
        const TEXT: &str = "علی به تهران رفت";
        let (_dir, mut store) = empty_project();
        let sketch = |status, mentions| record("a", TEXT, &[("سارا", status, mentions)]);
        let first = sketch(Status::Done, &[(0, 3, "PER"), (7, 12, "LOC")]);
        store.import(&mut std::iter::once(first), "x").unwrap();
        let mut take = |status, mentions| {
            let mut records = std::iter::once(sketch(status, mentions));
            let count = store.take_in(&mut records, Taking::Editions { annotator: "x" }, &mut || true).unwrap();
            (count.layers, count.mentions, count.problems.len())
        };
        assert_eq!(take(Status::Done, &[(7, 12, "LOC"), (13, 16, "نو")]), (1, 1, 0));
        assert_eq!(take(Status::Done, &[(7, 12, "LOC"), (13, 16, "نو")]), (0, 0, 0), "the same again is no edit");
        assert_eq!(take(Status::New, &[]), (1, 0, 0));
        let (article, sara) = (store.article_by_name("a").unwrap().unwrap(), store.annotator("سارا").unwrap().id);
        let standing = store.layer(article, sara).unwrap();
        assert_eq!((standing.version, standing.mentions.len()), (Version(3), 0));
        assert!(store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap().is_empty());
    }

    #[test]
    fn a_file_taken_twice_changes_nothing() {
        let (_dir, mut store) = empty_project();
        let records: Vec<ArticleRecord> = (0..2_500)
            .map(|n| record(&format!("n{n}"), &format!("{n} علی"), &[("سارا", Status::Done, &[(0, 1, "PER")])]))
            .collect();
        let count = store.import(&mut records.clone().into_iter(), "سارا").unwrap();
        assert_eq!((count.articles, count.layers, count.mentions), (2_500, 2_500, 2_500));
        let again = store.import(&mut records.into_iter(), "سارا").unwrap();
        let expected = ImportCount { known: 2_500, ..ImportCount::default() };
        assert_eq!(again, expected);
    }
}
