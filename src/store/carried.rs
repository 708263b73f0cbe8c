//! What is carried with an article or a layer for the formats it came from.
//!
//! Owns the table `carried`. It must not know what any format says.

use crate::domain::layer::AnnotatorId;
use crate::domain::record::Carried;
use crate::store::contract::Result;
use crate::store::database::Database;
use std::collections::HashMap;

/// Whose a carried thing is, as the table words it: blank for the article's own.
fn owner(annotator: Option<AnnotatorId>) -> String {
    annotator.map(|id| id.0.to_string()).unwrap_or_default()
}

/// Keeps what came with an article or a layer, inside a transaction of the caller. What is there already for the same format stays.
pub(super) fn put(db: Database<'_>, position: i64, annotator: Option<AnnotatorId>, carried: &[Carried]) -> Result<()> {
    const SQL: &str = "INSERT OR IGNORE INTO carried (article, annotator, format, data) VALUES (?1, ?2, ?3, ?4)";
    for Carried { format, data } in carried {
        db.run(SQL, (position, owner(annotator), format, data))?;
    }
    Ok(())
}

/// What is carried with an article, by the annotator's id; blank for the article's own.
pub(super) fn at(db: Database<'_>, position: i64) -> Result<HashMap<String, Vec<Carried>>> {
    const SQL: &str = "SELECT annotator, format, data FROM carried WHERE article = ?1 ORDER BY annotator, format";
    let rows =
        db.rows(SQL, [position], |r| Ok((r.get::<_, String>(0)?, Carried { format: r.get(1)?, data: r.get(2)? })))?;
    let mut all: HashMap<String, Vec<Carried>> = HashMap::new();
    for (annotator, carried) in rows {
        all.entry(annotator).or_default().push(carried);
    }
    Ok(all)
}
