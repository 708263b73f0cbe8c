//! How fast a text is indexed, folded and cut into tokens: what opening an article and searching it cost.

use barchasb::domain::fold::{Zwnj, folded};
use barchasb::domain::fold_map::Folded;
use barchasb::domain::offset::{ByteOffset, CharOffset};
use barchasb::domain::offset_map::OffsetMap;
use barchasb::domain::token::{tokens, word_at};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

/// News as it comes: ZWNJ and its absence, NBSP, Persian and ASCII digits, a date, quotes, some Latin, a mark or two.
const PARAGRAPH: &str = "به گزارش خبرنگار مهر، سردار احمد نمونه‌ای،\u{A0}صبح شنبه ۲۹ دی ۱۳۹۷ در بیست‌ویکمین گردهمایی تخصصی معاونین \
    استان‌ها گفت: «پلیس یکی از نهادهایی است که می‌تواند نقش مؤثری داشته باشد»؛ او افزود جرائم در ۹ ماه ابتدایی سال \
    ۲۰ درصد (از 1,250 به 1,000 پرونده) کاهش یافته و شبکه Mehr News نیز ساعت ۸:۴۷ آن را اعلام کرد. قائم‌مقامِ وزیر \
    هم در فضای مجازی، نه لزوماً حضوری، به پرسش‌ها پاسخ داد.\n\n";

fn megabyte() -> String {
    PARAGRAPH.repeat((1 << 20) / PARAGRAPH.len() + 1)
}

fn text_units(criterion: &mut Criterion) {
    let text = megabyte();
    let mut whole = criterion.benchmark_group("whole text");
    whole.throughput(Throughput::Bytes(text.len() as u64));
    whole.bench_function("OffsetMap::new", |b| b.iter(|| OffsetMap::new(black_box(&text))));
    whole.bench_function("Folded::new", |b| b.iter(|| Folded::new(black_box(&text), Zwnj::Nothing)));
    whole.bench_function("folded", |b| b.iter(|| folded(black_box(&text))));
    whole.bench_function("tokens", |b| b.iter(|| tokens(black_box(&text)).count()));
    whole.finish();

    let map = OffsetMap::new(&text);
    let middle = ByteOffset::new(text.floor_char_boundary(text.len() / 2));
    let middle_char = map.char_from_byte(middle).unwrap_or(CharOffset::ZERO);
    let mut one = criterion.benchmark_group("one place in a megabyte");
    one.bench_function("char_from_byte", |b| b.iter(|| map.char_from_byte(black_box(middle))));
    one.bench_function("byte_from_char", |b| b.iter(|| map.byte_from_char(black_box(middle_char))));
    one.bench_function("word_at", |b| b.iter(|| word_at(black_box(&text), middle)));
    one.finish();
}

criterion_group!(benches, text_units);
criterion_main!(benches);
