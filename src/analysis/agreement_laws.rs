//! What must hold of every measure, whatever the layers: it takes the annotators in either order, says 1 of identical layers, and does not
//! care how the articles were parted.

use crate::analysis::agreement::{Meeting, PairCounts};
use crate::analysis::coded_layer::CodedLayer;
use crate::analysis::continuum::{ContinuumCounts, ContinuumUnit};
use crate::analysis::gamma::{GammaSetting, GammaSums};
use crate::analysis::label_table::LabelTable;
use crate::analysis::undefined::{Undefined, Value};
use crate::domain::label::LabelId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{CharOffset, Span};
use proptest::prelude::*;
use uuid::Uuid;

const CHARS: usize = 60;

/// A layer on a text of words of four letters, by start, length and label.
fn layer(mentions: &[(usize, usize, u128)]) -> CodedLayer {
    let tokens: Vec<Span> = (0..CHARS / 5).map(|word| Span::from_chars(word * 5, word * 5 + 4)).collect();
    let mut labels = LabelTable::from_labels((0..3).map(|n| LabelId(Uuid::from_u128(n))));
    let keys = mentions.iter().map(|(start, len, label)| MentionKey {
        span: Span::from_chars(*start, (start + len).min(CHARS)),
        label: LabelId(Uuid::from_u128(*label)),
    });
    CodedLayer::from_mentions(keys, &tokens, &mut labels)
}

fn layers() -> impl Strategy<Value = CodedLayer> {
    proptest::collection::vec((0..CHARS, 1usize..14, 0u128..3), 0..7).prop_map(|mentions| layer(&mentions))
}

/// The measures that take the annotators in either order.
fn symmetric(pair: &PairCounts) -> Vec<Value> {
    let mut values: Vec<Value> = Meeting::ALL.into_iter().map(|meeting| pair.matched(meeting).f1()).collect();
    values.extend([
        pair.boundary().f1(),
        pair.kappa_of_labels(),
        pair.kappa_of_bio_tags(),
        pair.kappa_of_bioes_tags(),
        pair.kappa_of_labelled(),
    ]);
    values
}

fn continuum(articles: &[(CodedLayer, CodedLayer)], unit: ContinuumUnit) -> ContinuumCounts {
    let mut counts = ContinuumCounts::new(2);
    for (first, second) in articles {
        counts.add(&[Some(first), Some(second)], unit).unwrap();
    }
    counts
}

const SETTING: GammaSetting = GammaSetting { seed: 1, samples: 3, precision: None };

fn gamma(articles: &[(CodedLayer, CodedLayer)]) -> GammaSums {
    let mut sums = GammaSums::new(2);
    for (first, second) in articles {
        sums.add(&[Some(first), Some(second)], SETTING).unwrap();
    }
    sums
}

/// Whether both are the same number but for rounding, or undefined for the same reason.
fn same(a: Value, b: Value) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => (a - b).abs() < 1e-9,
        (a, b) => a == b,
    }
}

fn check(found: &[Value], expected: &[Value]) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.len(), expected.len());
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        prop_assert!(same(*found, *expected), "measure {}: {:?} {:?}", at, found, expected);
    }
    Ok(())
}

const CODE_POINTS: ContinuumUnit = ContinuumUnit::CodePoint { end: CharOffset::ZERO };

proptest! {
    #[test]
    fn the_order_of_the_annotators_does_not_matter(first in layers(), second in layers()) {
        let pair = |a: &CodedLayer, b: &CodedLayer| PairCounts::of_article(a, b).unwrap();
        let (there, back) = (pair(&first, &second), pair(&second, &first));
        check(&symmetric(&there), &symmetric(&back))?;
        check(&[there.matched(Meeting::Relaxed).precision()], &[back.matched(Meeting::Relaxed).recall()])?;
        let (there, back) = ([(first.clone(), second.clone())], [(second, first)]);
        prop_assert_eq!(continuum(&there, ContinuumUnit::Token), continuum(&back, ContinuumUnit::Token));
        let observed = |articles| gamma(articles).observed().and_then(|disorder| disorder.exact());
        check(&[observed(&there)], &[observed(&back)])?;
    }

    #[test]
    fn identical_layers_agree_wholly(one in layers()) {
        let pair = PairCounts::of_article(&one, &one).unwrap();
        for value in symmetric(&pair) {
            prop_assert!(matches!(value, Ok(1.0) | Err(Undefined::NoMentions | Undefined::OneCategory | Undefined::NothingLabelled)));
        }
        let articles = [(one.clone(), one.clone())];
        let counts = continuum(&articles, ContinuumUnit::Token);
        let sums = gamma(&articles);
        for value in [counts.alpha(), counts.unitized_alpha(), counts.fleiss_kappa(), sums.gamma(), sums.gamma_cat()] {
            let is_whole = value.is_ok_and(|value| (value - 1.0).abs() < 1e-9);
            let has_reason = matches!(value, Err(Undefined::OneCategory | Undefined::NoMentions | Undefined::NoChance));
            prop_assert!(is_whole || has_reason, "{:?}", value);
        }
        prop_assert!(sums.observed().map_or(one.mention_count() == 0, |disorder| disorder.at_most == 0.0));
    }

    #[test]
    fn parts_merge_to_the_whole(articles in proptest::collection::vec((layers(), layers()), 0..5), at in 0usize..5) {
        let count = |articles: &[(CodedLayer, CodedLayer)]| {
            let mut counts = PairCounts::default();
            for (first, second) in articles {
                counts.add(first, second).unwrap();
            }
            counts
        };
        let (left, right) = articles.split_at(at.min(articles.len()));
        let mut merged = count(right);
        merged.merge(&count(left));
        prop_assert_eq!(&merged, &count(&articles));
        let mut merged = gamma(right);
        merged.merge(&gamma(left)).unwrap();
        let values = |sums: &GammaSums| [sums.gamma(), sums.expected(), sums.gamma_cat(), sums.gamma_cat_with_gaps()];
        check(&values(&merged), &values(&gamma(&articles)))?;
    }
}

#[test]
fn gamma_without_value_says_why() {
    let of = |layers: &[Option<&CodedLayer>]| {
        let mut sums = GammaSums::new(layers.len());
        sums.add(layers, SETTING).unwrap();
        [sums.gamma(), sums.gamma_cat(), sums.expected()]
    };
    let (one, empty) = (layer(&[(0, 4, 1)]), layer(&[]));
    assert_eq!(of(&[Some(&one)]), [Err(Undefined::OneAnnotator); 3]);
    assert_eq!(of(&[Some(&one), None]), [Err(Undefined::NoCommonArticle); 3]);
    assert_eq!(of(&[Some(&empty), Some(&empty)]), [Err(Undefined::NoMentions); 3]);
    let [gamma, gamma_cat, _] = of(&[Some(&one), Some(&empty)]);
    assert!(gamma.is_ok_and(|gamma| gamma <= 0.0), "{gamma:?}");
    assert_eq!(gamma_cat, Err(Undefined::NothingAligned));
    // One label alone cannot disagree, by chance or otherwise.
    assert_eq!(of(&[Some(&one), Some(&one)])[1], Err(Undefined::NoChance));
    let no_draws = GammaSetting { samples: 0, ..SETTING };
    let mut sums = GammaSums::new(2);
    sums.add(&[Some(&one), Some(&one)], no_draws).unwrap();
    assert_eq!((sums.gamma(), sums.expected()), (Err(Undefined::NoChance), Err(Undefined::NoChance)));
}

#[test]
fn a_text_without_length_has_no_continuum() {
    let one = layer(&[(0, 4, 1)]);
    assert_eq!(continuum(&[(one.clone(), one)], CODE_POINTS).unitized_alpha(), Err(Undefined::NoTokens));
}
