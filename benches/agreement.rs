//! How fast layers are aligned: a corpus of two annotators who mostly agree, and an article of five with a thousand mentions each.

use barchasb::analysis::adjudicate::cases;
use barchasb::analysis::align::{align, pairs};
use barchasb::domain::label::LabelId;
use barchasb::domain::layer::{AnnotatorId, Layer};
use barchasb::domain::mention::MentionKey;
use barchasb::domain::offset::Span;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use uuid::Uuid;

/// How many articles are aligned at a time; a corpus is any number of these.
const ARTICLES: usize = 1000;

/// Numbers that look random and are the same every time (Knuth's multiplier).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }
}

fn mention(start: usize, end: usize, label: usize) -> MentionKey {
    MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(label as u128)) }
}

/// `count` names as each of `annotators` sees them: of twenty one is missed, one begins earlier and one has another label.
fn article(numbers: &mut Numbers, annotators: usize, count: usize) -> Vec<Vec<MentionKey>> {
    let mut layers = vec![Vec::new(); annotators];
    let mut at = 0;
    for _ in 0..count {
        at += 5 + numbers.below(40);
        let (end, label) = (at + 3 + numbers.below(15), numbers.below(4));
        for layer in &mut layers {
            match numbers.below(20) {
                0 => {}
                1 => layer.push(mention(at - 4, end, label)),
                2 => layer.push(mention(at, end, (label + 1) % 4)),
                _ => layer.push(mention(at, end, label)),
            }
        }
        at = end;
    }
    layers
}

/// Mentions that all overlap each other, no two layers alike.
fn crowd(layer: usize) -> Vec<MentionKey> {
    (0..1000).map(|n| mention(n, 2000 + (n * 7 + layer * 13) % 900, n % 4)).collect()
}

fn alignment(criterion: &mut Criterion) {
    let mut numbers = Numbers(7);
    let corpus: Vec<Vec<Vec<MentionKey>>> = (0..ARTICLES).map(|_| article(&mut numbers, 2, 20)).collect();
    let mut group = criterion.benchmark_group("articles of two layers and twenty mentions");
    group.throughput(Throughput::Elements(ARTICLES as u64));
    group.bench_function("align", |b| {
        b.iter(|| corpus.iter().map(|layers| align(black_box(layers)).len()).sum::<usize>())
    });
    group.bench_function("pairs", |b| {
        let of = |layers: &Vec<Vec<MentionKey>>| match layers.as_slice() {
            [first, second] => pairs(first, second).len(),
            _ => 0,
        };
        b.iter(|| black_box(&corpus).iter().map(of).sum::<usize>());
    });
    group.finish();

    let five = article(&mut numbers, 5, 1000);
    let crowds: Vec<Vec<MentionKey>> = (0..5).map(crowd).collect();
    let annotators = (0..).map(|n| AnnotatorId(Uuid::from_u128(n)));
    let named: Vec<(AnnotatorId, Vec<MentionKey>)> = annotators.zip(five.iter().cloned()).collect();
    let gold = Layer::default();
    let mut group = criterion.benchmark_group("one article of five layers and a thousand mentions");
    group.bench_function("align", |b| b.iter(|| align(black_box(&five)).len()));
    group.bench_function("align, all overlapping", |b| b.iter(|| align(black_box(&crowds)).len()));
    group.bench_function("cases", |b| b.iter(|| cases(black_box(&named), &gold).len()));
    group.finish();
}

criterion_group!(benches, alignment);
criterion_main!(benches);
