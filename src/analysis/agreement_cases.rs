//! Worked cases: three annotators of one sentence, measured by the libraries that people use. The numbers are theirs, with their versions.
//!
//! «سردار حسین اشتری فرمانده ناجا از معاونت اجتماعی نیروی انتظامی در تهران خبر داد .»

use crate::analysis::agreement::{Meeting, PairCounts};
use crate::analysis::coded_layer::CodedLayer;
use crate::analysis::continuum::{ContinuumCounts, ContinuumUnit};
use crate::analysis::gamma::{GammaSetting, GammaSums};
use crate::analysis::label_table::LabelTable;
use crate::analysis::matched::Matched;
use crate::analysis::partial_credit::CreditScheme;
use crate::analysis::undefined::Value;
use crate::domain::label::LabelId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{Span, TokenSpan};
use uuid::Uuid;

const TEXT: &str = "سردار حسین اشتری فرمانده ناجا از معاونت اجتماعی نیروی انتظامی در تهران خبر داد .";
const TOKENS: usize = 15;

const PER: u128 = 1;
const ORG: u128 = 2;
const LOC: u128 = 3;

/// A mention by its tokens, its code points and its label.
type Case = ((usize, usize), (usize, usize), u128);

const A: &[Case] = &[
    ((1, 3), (6, 16), PER),
    ((4, 5), (25, 29), ORG),
    ((6, 8), (33, 47), ORG),
    ((8, 10), (48, 61), ORG),
    ((11, 12), (65, 70), LOC),
];
const B: &[Case] =
    &[((0, 3), (0, 16), PER), ((4, 5), (25, 29), ORG), ((6, 10), (33, 61), ORG), ((11, 12), (65, 70), LOC)];
const C: &[Case] =
    &[((1, 3), (6, 16), PER), ((4, 5), (25, 29), LOC), ((6, 8), (33, 47), ORG), ((8, 10), (48, 61), ORG)];

/// Whether a value is the expected one to 10⁻⁹.
#[track_caller]
fn check(found: Value, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
}

/// The layers as streams of tokens.
fn on_tokens<const N: usize>(annotators: [&[Case]; N]) -> [CodedLayer; N] {
    let mut labels = LabelTable::default();
    annotators.map(|mentions| {
        let mentions = mentions
            .iter()
            .map(|((start, end), _, label)| (TokenSpan::from_tokens(*start, *end), LabelId(Uuid::from_u128(*label))));
        CodedLayer::from_token_mentions(mentions, TOKENS, &mut labels).unwrap()
    })
}

/// The layers on the text, whose tokens are parted by spaces.
fn on_text<const N: usize>(annotators: [&[Case]; N]) -> [CodedLayer; N] {
    let mut tokens = Vec::new();
    let mut at = 0;
    for word in TEXT.split(' ') {
        let end = at + word.chars().count();
        tokens.push(Span::from_chars(at, end));
        at = end + 1;
    }
    let mut labels = LabelTable::default();
    annotators.map(|mentions| {
        let keys = mentions.iter().map(|(_, (start, end), label)| MentionKey {
            span: Span::from_chars(*start, *end),
            label: LabelId(Uuid::from_u128(*label)),
        });
        CodedLayer::from_mentions(keys, &tokens, &mut labels)
    })
}

/// The counts of a pair, which are the same by tokens and on the text.
fn pair(first: &[Case], second: &[Case]) -> PairCounts {
    let [by_token, by_text] = [on_tokens([first, second]), on_text([first, second])]
        .map(|[first, second]| PairCounts::of_article(&first, &second).unwrap());
    assert_eq!(by_token, by_text);
    by_token
}

#[track_caller]
fn check_matched(found: Matched, [precision, recall, f1]: [f64; 3]) {
    check(found.precision(), precision);
    check(found.recall(), recall);
    check(found.f1(), f1);
}

#[test]
fn exact_f1_is_that_of_seqeval_1_2_2() {
    let exact = |first, second| pair(first, second).matched(Meeting::Exact);
    check_matched(exact(A, B), [0.5, 0.4, 0.444_444_444_444_444_5]);
    check_matched(exact(A, C), [0.75, 0.6, 0.666_666_666_666_666_5]);
    check_matched(exact(B, C), [0.0, 0.0, 0.0]);
}

#[test]
fn relaxed_f1_follows_its_definition() {
    let relaxed = |first, second| pair(first, second).matched(Meeting::Relaxed);
    check_matched(relaxed(A, B), [1.0, 1.0, 1.0]);
    check_matched(relaxed(A, C), [0.75, 0.6, 0.666_666_666_666_666_5]);
    check_matched(relaxed(B, C), [0.75, 0.5, 0.6]);
    // One to one, the mention that B merged from two of A's shows; it is what nervaluate's ent_type says of A and B.
    check_matched(pair(A, B).matched(Meeting::LabelOnly), [1.0, 0.8, 0.888_888_888_888_889]);
}

/// Correct, incorrect, partial, missed, spurious; then precision, recall and F1.
#[track_caller]
fn check_credit(pair: &PairCounts, scheme: CreditScheme, counts: [u64; 5], [precision, recall, f1]: [f64; 3]) {
    let found = pair.credit(scheme);
    assert_eq!([found.correct, found.incorrect, found.partial, found.missed, found.spurious], counts);
    check(found.precision(), precision);
    check(found.recall(), recall);
    check(found.f1(), f1);
}

#[test]
fn partial_credit_is_that_of_nervaluate_1_2_1() {
    // The same with ends given as inclusive.
    let ab = pair(A, B);
    check_credit(&ab, CreditScheme::Strict, [2, 2, 0, 1, 0], [0.5, 0.4, 0.444_444_444_444_444_5]);
    check_credit(&ab, CreditScheme::Exact, [2, 2, 0, 1, 0], [0.5, 0.4, 0.444_444_444_444_444_5]);
    check_credit(&ab, CreditScheme::Partial, [2, 0, 2, 1, 0], [0.75, 0.6, 0.666_666_666_666_666_5]);
    check_credit(&ab, CreditScheme::Type, [4, 0, 0, 1, 0], [1.0, 0.8, 0.888_888_888_888_889]);
    let ac = pair(A, C);
    check_credit(&ac, CreditScheme::Strict, [3, 1, 0, 1, 0], [0.75, 0.6, 0.666_666_666_666_666_5]);
    check_credit(&ac, CreditScheme::Exact, [4, 0, 0, 1, 0], [1.0, 0.8, 0.888_888_888_888_889]);
    check_credit(&ac, CreditScheme::Partial, [4, 0, 0, 1, 0], [1.0, 0.8, 0.888_888_888_888_889]);
    check_credit(&ac, CreditScheme::Type, [3, 1, 0, 1, 0], [0.75, 0.6, 0.666_666_666_666_666_5]);
}

#[test]
fn kappa_is_that_of_scikit_learn_1_9_1() {
    check(pair(A, B).kappa_of_labels(), 0.900_662_251_655_629_1);
    check(pair(A, C).kappa_of_labels(), 0.791_666_666_666_666_6);
    check(pair(B, C).kappa_of_labels(), 0.7);
    check(pair(A, B).kappa_of_bio_tags(), 0.730_538_922_155_688_6);
    check(pair(A, C).kappa_of_bio_tags(), 0.807_692_307_692_307_7);
    check(pair(B, C).kappa_of_bio_tags(), 0.539_877_300_613_496_9);
    check(pair(A, B).kappa_of_labelled(), 0.816_326_530_612_244_9);
}

/// The mean over the pairs of three annotators and their deviation.
fn mean_and_deviation(values: [f64; 3]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / 3.0;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 3.0;
    (mean, variance.sqrt())
}

#[track_caller]
fn check_pairs(meeting: Meeting, expected: [f64; 3], mean: f64, deviation: f64) {
    let found = [(A, B), (A, C), (B, C)].map(|(first, second)| pair(first, second).matched(meeting).f1());
    for (found, expected) in found.into_iter().zip(expected) {
        check(found, expected);
    }
    let (found_mean, found_deviation) = mean_and_deviation(found.map(Result::unwrap));
    check(Ok(found_mean), mean);
    check(Ok(found_deviation), deviation);
}

#[test]
fn f1_of_instances_and_tokens_is_that_of_bratiaa_0_1_4() {
    let instances = [0.444_444_444_444_444_4, 0.666_666_666_666_666_6, 0.0];
    check_pairs(Meeting::Exact, instances, 0.370_370_370_370_370_4, 0.277_159_806_427_699_33);
    let tokens = [0.941_176_470_588_235_3, 0.8, 0.75];
    check_pairs(Meeting::Token, tokens, 0.830_392_156_862_745_1, 0.080_952_138_640_560_83);
}

fn continuum<const N: usize>(annotators: [&[Case]; N]) -> ContinuumCounts {
    let mut counts = ContinuumCounts::new(N);
    counts.add(&on_tokens(annotators).each_ref().map(Some), ContinuumUnit::Token).unwrap();
    counts
}

#[test]
fn alpha_is_that_of_krippendorff_0_9_0() {
    check(continuum([A, B]).alpha(), 0.903_654_485_049_833_9);
    check(continuum([A, B, C]).alpha(), 0.801_503_759_398_496_3);
}

#[test]
fn unitized_alpha_is_that_of_krippendorff_unitized_alpha_0_1_0() {
    check(continuum([A, B]).unitized_alpha(), 0.906_312_292_358_804);
    check(continuum([A, C]).unitized_alpha(), 0.800_696_864_111_498_2);
    check(continuum([A, B, C]).unitized_alpha(), 0.804_511_278_195_488_7);
}

/// The reference computes with 32 bits: the observed disorder is the same to 10⁻⁶. Its chance is drawn, as ours is, with other numbers.
#[track_caller]
fn check_gamma<const N: usize>(annotators: [&[Case]; N], observed: f64, [expected, gamma, gamma_cat]: [f64; 3]) {
    let layers = on_tokens(annotators);
    let mut sums = GammaSums::new(N);
    let setting = GammaSetting { seed: 4772, samples: 30, precision: Some(0.02) };
    sums.add(&layers.each_ref().map(Some), setting).unwrap();
    let near = |found: Value, wanted: f64, within: f64| {
        let found = found.unwrap();
        assert!((found - wanted).abs() < within, "{found} instead of {wanted}");
    };
    near(sums.observed().unwrap().exact(), observed, 1e-6);
    near(sums.expected(), expected, 0.05);
    near(sums.gamma(), gamma, 0.05);
    near(sums.gamma_cat_with_gaps(), gamma_cat, 0.05);
}

#[test]
fn gamma_is_that_of_pygamma_agreement_0_5_9() {
    check_gamma(
        [A, B],
        0.255_802_482_366_561_9,
        [1.051_326_632_499_694_8, 0.756_685_972_213_745_1, 0.718_301_713_466_644_3],
    );
    check_gamma(
        [A, B, C],
        0.484_786_331_653_594_97,
        [1.163_094_162_940_979, 0.583_192_527_294_158_9, 0.387_059_986_591_339_1],
    );
    check_gamma([A, A], 0.0, [0.879_879_057_407_379_2, 1.0, 1.0]);
}
