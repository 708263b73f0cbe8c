//! Agreement of the annotators of a project.
//!
//! Owns who is compared, and which of their layers take part. It must not count.

use crate::domain::decision::GOLD;
use crate::domain::layer::Status;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::exchange::agree::{AgreeError, Agreement, Measuring, token_spans};
use crate::store::contract::{AnnotatorStatistics, Selection, Store};
use std::ops::ControlFlow;

/// Counts the project once, in the order of import. `annotators` are those to compare, all but gold when none is named; a layer takes
/// part when its annotator is done, or with `unfinished` once it was begun. `progress` gets the number of articles so far.
///
/// # Errors
/// [`AgreeError`].
pub fn agree_project(
    store: &dyn Store,
    annotators: &[String],
    unfinished: bool,
    measuring: Measuring,
    progress: &mut dyn FnMut(u64),
) -> Result<Agreement, AgreeError> {
    let annotators = compared(&store.statistics()?.annotators, annotators, unfinished)?;
    let mut agreement = Agreement::new(annotators, measuring);
    let mut outcome = Ok(());
    let mut articles = 0;
    store.export(&Selection::default(), &mut |record| {
        articles += 1;
        progress(articles);
        outcome = add(&mut agreement, &record, unfinished);
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    outcome?;
    Ok(agreement)
}

/// Who is compared.
fn compared(all: &[AnnotatorStatistics], named: &[String], unfinished: bool) -> Result<Vec<String>, AgreeError> {
    if named.is_empty() {
        let has_part = |annotator: &AnnotatorStatistics| {
            let by_status = Status::ALL.into_iter().zip(annotator.by_status);
            by_status.filter(|(status, _)| status.takes_part(unfinished)).any(|(_, count)| count > 0)
        };
        let readers = all.iter().filter(|annotator| annotator.name != GOLD && has_part(annotator));
        let names: Vec<String> = readers.map(|annotator| annotator.name.clone()).collect();
        return if names.len() < 2 { Err(AgreeError::TooFew { names }) } else { Ok(names) };
    }
    for (place, name) in named.iter().enumerate() {
        if !all.iter().any(|annotator| annotator.name == *name) {
            let known = all.iter().map(|annotator| annotator.name.clone()).collect();
            return Err(AgreeError::Unknown { name: name.clone(), known });
        }
        if named.iter().take(place).any(|other| other == name) {
            return Err(AgreeError::Twice { name: name.clone() });
        }
    }
    match named {
        [name] => Err(AgreeError::OneNamed { name: name.clone() }),
        named => Ok(named.to_vec()),
    }
}

fn add(agreement: &mut Agreement, record: &ArticleRecord, unfinished: bool) -> Result<(), AgreeError> {
    let names = agreement.annotators().to_vec();
    let layer = |name: &String| {
        let mut layers = record.layers.iter().filter(|layer| layer.status.takes_part(unfinished));
        layers.find(|layer| layer.annotator.as_ref() == Some(name))
    };
    let layers: Vec<Option<&LayerRecord>> = names.iter().map(layer).collect();
    if layers.iter().flatten().count() < 2 {
        return Ok(());
    }
    let tokens = token_spans(&agreement.measuring().tokens.of(record));
    let coded: Vec<_> =
        layers.into_iter().map(|layer| layer.map(|layer| agreement.coded(&layer.mentions, &tokens))).collect();
    Ok(agreement.add(record.name.as_deref().unwrap_or_default(), &coded)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is compared of those named, or what is said; Sara is done, Reza has begun, Mina has done nothing.
    fn check(named: &[&str], unfinished: bool, expected: Result<&[&str], &str>) {
        let annotator = |name: &str, by_status| AnnotatorStatistics { name: name.into(), by_status, mentions: 0 };
        let all = [
            annotator("gold", [0, 0, 3, 0]),
            annotator("رضا", [1, 2, 0, 0]),
            annotator("سارا", [1, 0, 2, 0]),
            annotator("مینا", [3, 0, 0, 0]),
        ];
        let named: Vec<String> = named.iter().map(ToString::to_string).collect();
        let found = compared(&all, &named, unfinished).map_err(|error| error.to_string());
        let expected = expected.map(|names| names.iter().map(ToString::to_string).collect()).map_err(str::to_owned);
        assert_eq!(found, expected);
    }

    #[test]
    fn who_is_compared() {
        check(&[], true, Ok(&["رضا", "سارا"]));
        check(&[], false, Err("agreement needs two annotators who are done with articles; only سارا is"));
        check(&["سارا", "gold"], false, Ok(&["سارا", "gold"]));
        check(&["مینا", "سارا"], false, Ok(&["مینا", "سارا"]));
        check(&["سارا", "سارا"], false, Err("سارا is named twice; agreement is between different annotators"));
        check(&["سارا"], false, Err("agreement needs two annotators; only سارا is named"));
        check(&["سارا", "x"], false, Err("the project has no annotator x; it has gold, رضا, سارا, مینا"));
    }
}
