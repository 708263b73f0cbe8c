//! The lists of names that were loaded into a project.
//!
//! Owns their wording `[{"n":"name","l":"label id"}]`. It must not read files of names, nor look for a name in a text.

use crate::domain::label::LabelId;
use crate::store::contract::Result;
use crate::store::database::{Database, count_from_sql, now_ms, sql_count};
use crate::store::knowledge::{NameList, NameListRow};
use crate::store::reason::Damage;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct NameRow<'a> {
    #[serde(rename = "n", borrow)]
    name: Cow<'a, str>,
    #[serde(rename = "l")]
    label: Uuid,
}

/// The names that a row's JSON says, or the parser's words.
pub(super) fn names_from_json(json: &str) -> std::result::Result<Vec<(Box<str>, LabelId)>, String> {
    let rows: Vec<NameRow<'_>> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(rows.into_iter().map(|row| (row.name.into(), LabelId(row.label))).collect())
}

fn json_from_names(names: &[(Box<str>, LabelId)]) -> String {
    let rows = names.iter().map(|(name, label)| NameRow { name: Cow::Borrowed(name), label: label.0 });
    // Strings always have a JSON form.
    serde_json::to_string(&rows.collect::<Vec<_>>()).unwrap_or_else(|_| "[]".into())
}

/// The lists, by title.
pub(super) fn rows(db: Database<'_>) -> Result<Vec<NameListRow>> {
    db.rows("SELECT id, title, entries FROM gazetteer ORDER BY title, id", [], |r| {
        Ok((r.get::<_, String>(0)?, r.get(1)?, r.get(2)?))
    })?
    .into_iter()
    .map(|(id, title, names)| Ok(NameListRow { id: db.uuid(&id)?, title, names: count_from_sql(names) }))
    .collect()
}

/// A list, whole.
pub(super) fn load(db: Database<'_>, id: Uuid) -> Result<Option<NameList>> {
    let row = db.row("SELECT title, names FROM gazetteer WHERE id = ?1", [id.to_string()], |r| {
        Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))
    })?;
    row.map(|(title, json)| match names_from_json(&json) {
        Ok(names) => Ok(NameList { id, title, names }),
        Err(words) => Err(db.damaged(Damage::NameList { title, words })),
    })
    .transpose()
}

/// Keeps a list; one of the same title or identity is replaced.
pub(super) fn put(db: Database<'_>, list: &NameList) -> Result<()> {
    const SQL: &str = "INSERT INTO gazetteer (id, title, entries, names, loaded_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let id = list.id.to_string();
    db.writing(|| {
        db.run("DELETE FROM gazetteer WHERE id = ?1 OR title = ?2", [&id, &list.title])?;
        db.run(SQL, (&id, &list.title, sql_count(list.names.len()), json_from_names(&list.names), now_ms()))?;
        db.mark_changed()
    })
}

/// Drops a list; one that is not there is gone already.
pub(super) fn drop(db: Database<'_>, id: Uuid) -> Result<()> {
    db.writing(|| {
        db.run("DELETE FROM gazetteer WHERE id = ?1", [id.to_string()])?;
        db.mark_changed()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{Store, StoreError};
    use crate::store::knowledge::Knowledge;
    use crate::store::sqlite::fixture::project_of;
    use proptest::prelude::*;

    fn list(id: u128, title: &str, names: &[&str]) -> NameList {
        let names = names.iter().map(|name| ((*name).into(), LabelId(Uuid::from_u128(7)))).collect();
        NameList { id: Uuid::from_u128(id), title: title.to_owned(), names }
    }

    #[test]
    fn a_list_is_kept_once_by_title_and_identity() {
        let (_dir, mut store) = project_of(&[]);
        let check = |store: &dyn Knowledge, expected: &[(&str, u64)]| {
            let rows = store.name_lists().unwrap();
            assert_eq!(rows.iter().map(|row| (row.title.as_str(), row.names)).collect::<Vec<_>>(), expected);
        };
        store.put_name_list(&list(1, "شهرها", &["تهران"])).unwrap();
        store.put_name_list(&list(2, "افراد", &["علی", "سارا"])).unwrap();
        check(&store, &[("افراد", 2), ("شهرها", 1)]);
        let towns = list(3, "شهرها", &["شیراز", "ی\"زد"]);
        store.put_name_list(&towns).unwrap();
        check(&store, &[("افراد", 2), ("شهرها", 2)]);
        assert_eq!(store.name_list(towns.id).unwrap(), Some(towns.clone()));
        assert_eq!(store.name_list(Uuid::from_u128(1)).unwrap(), None);
        store.put_name_list(&NameList { title: "بلاد".into(), ..towns.clone() }).unwrap();
        check(&store, &[("افراد", 2), ("بلاد", 2)]);
        store.drop_name_list(Uuid::from_u128(2)).unwrap();
        check(&store, &[("بلاد", 2)]);
        store.connection().execute("UPDATE gazetteer SET names = 'x'", []).unwrap();
        let damaged = store.name_list(towns.id);
        assert!(matches!(damaged, Err(StoreError::Damaged { reason: Damage::NameList { .. }, .. })));
        assert!(store.project().is_ok());
    }

    proptest! {
        #[test]
        fn names_come_back_as_they_went(all in proptest::collection::vec((any::<String>(), any::<u128>()), 0..9)) {
            let names: Vec<(Box<str>, LabelId)> =
                all.into_iter().map(|(name, label)| (name.into(), LabelId(Uuid::from_u128(label)))).collect();
            prop_assert_eq!(names_from_json(&json_from_names(&names)).unwrap(), names);
        }
    }
}
