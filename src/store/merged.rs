//! What was taken from other projects, and which of two layers stands.
//!
//! Owns the table `merged` and the rule by which a layer gives way to another. It must not change a layer.
//!
//! A layer that nobody has worked on here is a copy of someone's, and its place in the order (version, SHA-256) is remembered. The
//! highest of those that come stays, whatever the order in which they come; one that somebody has worked on here never gives way.

use crate::domain::layer::{AnnotatorId, Layer, Version};
use crate::domain::record::LayerRecord;
use crate::store::contract::Result;
use crate::store::database::{Database, count_from_sql};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Where a layer of others stands in the order in which layers of one annotator in one article follow each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// The version that they give it; 0 of a file, which counts none.
    pub(super) version: Version,
    /// The SHA-256 of what it says, in hexadecimal.
    pub(super) sha256: String,
}

/// A layer that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// The version it had here then.
    pub(super) ours: Version,
    /// What it was.
    pub(super) theirs: Rank,
}

/// What becomes of a layer that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// There is none here: it is taken.
    New,
    /// It is what was taken before.
    Known,
    /// It is later than what was taken before: it takes its place.
    Later,
    /// It is earlier than what was taken before.
    Earlier,
    /// It has the version of what was taken before and says something else. Whether it takes its place.
    Apart(bool),
    /// Somebody has worked on the one here, which stays.
    Ours,
}

impl Rank {
    /// The rank of a layer of this version that says this.
    pub(super) fn of(record: &LayerRecord, version: Version) -> Self {
        Self { version, sha256: sha256_of(record) }
    }

    /// What becomes of a layer of this rank; `taken` is what was remembered of the one that stands here.
    pub(super) fn verdict(&self, standing: &Layer, taken: Option<&Taken>) -> Verdict {
        if standing.version == Version::default() {
            return Verdict::New;
        }
        let Some(taken) = taken.filter(|taken| taken.ours == standing.version) else { return Verdict::Ours };
        match (self.version.cmp(&taken.theirs.version), self.sha256.cmp(&taken.theirs.sha256)) {
            (std::cmp::Ordering::Equal, std::cmp::Ordering::Equal) => Verdict::Known,
            (std::cmp::Ordering::Greater, _) => Verdict::Later,
            (std::cmp::Ordering::Less, _) => Verdict::Earlier,
            (std::cmp::Ordering::Equal, by_content) => Verdict::Apart(by_content.is_gt()),
        }
    }
}

/// The canonical form of a mention. Where it came from is no part of what a layer says.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct CanonicalMention<'a> {
    start: usize,
    end: usize,
    label: String,
    note: Option<&'a str>,
}

/// The SHA-256 of the canonical form of a layer: JSON of the status and the mentions in order, labels in lower case, as they meet.
fn sha256_of(record: &LayerRecord) -> String {
    let mut mentions: Vec<CanonicalMention<'_>> = record
        .mentions
        .iter()
        .map(|mention| CanonicalMention {
            start: mention.span.start.get(),
            end: mention.span.end.get(),
            label: mention.label.trim().to_ascii_lowercase(),
            note: mention.note.as_deref(),
        })
        .collect();
    mentions.sort_unstable();
    mentions.dedup();
    // What is made of numbers and strings always has a JSON form.
    let json = serde_json::to_vec(&(record.status.name(), mentions)).unwrap_or_default();
    Sha256::digest(&json).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is remembered of a layer.
pub(super) fn at(db: Database<'_>, position: i64, annotator: AnnotatorId) -> Result<Option<Taken>> {
    const SQL: &str = "SELECT version, their_version, sha256 FROM merged WHERE article = ?1 AND annotator = ?2";
    db.row(SQL, (position, annotator.0.to_string()), |r| {
        let theirs = Rank { version: Version(count_from_sql(r.get(1)?)), sha256: r.get(2)? };
        Ok(Taken { ours: Version(count_from_sql(r.get(0)?)), theirs })
    })
}

/// Remembers a layer, inside a transaction of the caller.
pub(super) fn put(db: Database<'_>, position: i64, annotator: AnnotatorId, taken: &Taken) -> Result<()> {
    const SQL: &str = "INSERT INTO merged (article, annotator, version, their_version, sha256) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (article, annotator) DO UPDATE SET version = excluded.version, \
         their_version = excluded.their_version, sha256 = excluded.sha256";
    let number = |version: Version| i64::try_from(version.0).unwrap_or(i64::MAX);
    let (ours, theirs) = (number(taken.ours), number(taken.theirs.version));
    db.run(SQL, (position, annotator.0.to_string(), ours, theirs, &taken.theirs.sha256))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::MentionRecord;

    fn rank(version: u64, sha256: &str) -> Rank {
        Rank { version: Version(version), sha256: sha256.to_owned() }
    }

    fn check(theirs: &Rank, standing: u64, taken: Option<(u64, Rank)>, expected: Verdict) {
        let layer = Layer { version: Version(standing), ..Layer::default() };
        let taken = taken.map(|(ours, theirs)| Taken { ours: Version(ours), theirs });
        assert_eq!(theirs.verdict(&layer, taken.as_ref()), expected, "{theirs:?} {standing} {taken:?}");
    }

    #[test]
    fn the_highest_stays_and_what_was_worked_on_never_gives_way() {
        check(&rank(3, "a"), 0, None, Verdict::New);
        check(&rank(3, "a"), 1, None, Verdict::Ours);
        check(&rank(9, "a"), 2, Some((1, rank(3, "a"))), Verdict::Ours);
        check(&rank(3, "a"), 1, Some((1, rank(3, "a"))), Verdict::Known);
        check(&rank(4, "a"), 1, Some((1, rank(3, "b"))), Verdict::Later);
        check(&rank(2, "c"), 1, Some((1, rank(3, "b"))), Verdict::Earlier);
        check(&rank(3, "c"), 1, Some((1, rank(3, "b"))), Verdict::Apart(true));
        check(&rank(3, "a"), 1, Some((1, rank(3, "b"))), Verdict::Apart(false));
    }

    #[test]
    fn what_a_layer_says_is_told_by_its_sum() {
        let mention = |start, label: &str, origin| MentionRecord {
            span: Span::from_chars(start, start + 2),
            label: label.to_owned(),
            note: None,
            origin,
        };
        let layer = |mentions: &[MentionRecord]| LayerRecord { mentions: mentions.to_vec(), ..LayerRecord::default() };
        let (a, b) = (mention(0, "PER", Origin::Hand), mention(4, "LOC", Origin::Hand));
        let one = layer(&[a.clone(), b.clone()]);
        assert_eq!(sha256_of(&one), sha256_of(&layer(&[b.clone(), mention(0, "per", Origin::Import), a.clone()])));
        assert_eq!(sha256_of(&one).len(), 64);
        let noted = MentionRecord { note: Some("؟".to_owned()), ..a.clone() };
        let done = LayerRecord { status: Status::Done, ..one.clone() };
        for other in [layer(&[a]), layer(&[noted, b]), done] {
            assert_ne!(sha256_of(&one), sha256_of(&other));
        }
    }
}
