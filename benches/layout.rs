//! How fast text is laid out, wrapped again, opened and scrolled.
//!
//! The floor is harfrust alone: each paragraph as one run of one script in one font, with no bidi, no line breaks and no
//! fallback. The aims: layout within 2.5 times the floor, wrapping again within a tenth of layout, a frame of scrolling
//! in 10 MB within a millisecond, the first picture of 10 MB within 50 ms.

use barchasb::domain::article::Direction;
use barchasb::text::document::{Document, DocumentStyle};
use barchasb::text::engine::{Align, Engine, Paragraph, TextStyle, VAZIRMATN, wrap};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use harfrust::{Direction as RunDirection, FontRef, Script, ShapeOptions, ShapePlan, ShaperData, Tag, UnicodeBuffer};
use std::hint::black_box;
use std::sync::Arc;

/// An article as it comes: two lead lines, a title, and paragraphs with digits, quotes, brackets, ZWNJ and a little Latin.
const ARTICLE: &str = "۲۹ دی ۱۳۹۷، ۸:۴۷\n\nسردار نمونه مطرح کرد؛\n\nگروه‌ها سال ۹۷ را برای برنامه‌های خود انتخاب کرده‌اند\n\n\
    فرمانده نیرو گفت: پلیس یکی از نهادهایی است که می‌تواند نقش مؤثر و اثربخشی را داشته باشد چراکه اعتماد مردم افزایش پیدا کرده است.\n\n\
    به گزارش خبرنگار مهر، سردار احمد نمونه، صبح شنبه در بیست‌ویکمین گردهمایی تخصصی معاونین اجتماعی استان‌ها با اشاره به عملکرد \
    ۱۰ ماه اخیر، اظهار کرد: «معاونت اجتماعی یکی از معاونت‌های مهم و اصلی است. این معاونت پل ارتباطی بین مردم و نیروی انتظامی است.» \
    هرچقدر این معاونت وظیفه خودش را دقیق‌تر انجام دهد اثرات آن را بر امنیت مردم بیشتر حس می‌کنیم.\n\n\
    وی افزود: یکی از نیازمندی‌های اصلی ما این است که در فضای مجازی (فضایی که مردم در آن ارتباط دارند) حضور مؤثری داشته باشیم و از \
    جرائمی که در شبکه‌هایی مانند Telegram و Instagram رخ می‌دهد جلوگیری کنیم؛ در ۹ ماه ابتدایی سال ۲۰ درصد (از ۱٬۲۵۰ به ۱٬۰۰۰ پرونده) کاهش داشته‌ایم.\n\n";

const WIDTH_PX: f32 = 640.0;
const VIEW_PX: f32 = 900.0;

fn text_style() -> TextStyle {
    TextStyle { size_px: 18.0, weight: 400.0, line_height: 2.0, direction: Direction::RightToLeft }
}

fn document_style() -> DocumentStyle {
    DocumentStyle {
        size_px: 18.0,
        lead_size_px: 14.0,
        weight: 400.0,
        line_height: 2.0,
        direction: Direction::RightToLeft,
        width_px: WIDTH_PX,
        paragraph_gap_px: 8.0,
        blank_gap_px: 18.0,
    }
}

fn text_of_bytes(bytes: usize) -> Arc<str> {
    ARTICLE.repeat(bytes / ARTICLE.len() + 1).into()
}

fn paragraphs() -> Vec<&'static str> {
    ARTICLE.lines().filter(|line| !line.is_empty()).collect()
}

fn layout(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("article");
    group.throughput(Throughput::Bytes(ARTICLE.len() as u64));
    if let Ok(font) = FontRef::new(VAZIRMATN) {
        let data = ShaperData::new(&font);
        let shaper = data.shaper(&font).build();
        let script = Script::from_iso15924_tag(Tag::new(b"Arab"));
        let plan = ShapePlan::new(&shaper, RunDirection::RightToLeft, script, None, &[]);
        let mut spare = Some(UnicodeBuffer::new());
        group.bench_function("harfrust alone", |b| {
            b.iter(|| {
                for line in paragraphs() {
                    let mut buffer = spare.take().unwrap_or_default();
                    buffer.push_str(black_box(line));
                    buffer.set_direction(RunDirection::RightToLeft);
                    if let Some(script) = script {
                        buffer.set_script(script);
                    }
                    let glyphs = shaper.shape(buffer, ShapeOptions::new().plan(Some(&plan)));
                    black_box(glyphs.len());
                    spare = Some(glyphs.clear());
                }
            });
        });
    }
    let mut engine = Engine::new(false);
    let mut paragraph = Paragraph::new();
    group.bench_function("layout", |b| {
        b.iter(|| {
            for line in paragraphs() {
                engine.shape_into(&mut paragraph, black_box(line), text_style());
                wrap(&mut paragraph, Some(WIDTH_PX), Align::Start);
            }
        });
    });
    let mut laid_out: Vec<Paragraph> = paragraphs()
        .into_iter()
        .map(|line| engine.paragraph(line, text_style(), Some(WIDTH_PX), Align::Start))
        .collect();
    group.bench_function("wrap again", |b| {
        let mut narrow = false;
        b.iter(|| {
            narrow = !narrow;
            for paragraph in &mut laid_out {
                wrap(paragraph, Some(if narrow { 500.0 } else { WIDTH_PX }), Align::Start);
            }
        });
    });
    group.finish();
}

fn document(criterion: &mut Criterion) {
    let mut engine = Engine::new(false);
    for (name, bytes) in [("1 MB", 1_000_000), ("10 MB", 10_000_000)] {
        let text = text_of_bytes(bytes);
        let mut group = criterion.benchmark_group(format!("document of {name}"));
        group.bench_function("new", |b| b.iter(|| Document::new(text.clone(), document_style())));
        group.bench_function("new and first view", |b| {
            b.iter(|| {
                let mut document = Document::new(text.clone(), document_style());
                document.visible(&mut engine, VIEW_PX).len()
            });
        });
        let mut open = Document::new(text.clone(), document_style());
        group.bench_function("a frame of scrolling by 100 px", |b| {
            b.iter(|| {
                open.scroll_by(&mut engine, 100.0, VIEW_PX);
                let shown = open.visible(&mut engine, VIEW_PX).len();
                if open.scroll_fraction(VIEW_PX).is_none_or(|fraction| fraction >= 1.0) {
                    open.scroll_to_fraction(&mut engine, 0.0, VIEW_PX);
                }
                shown
            });
        });
        let mut step = 0_u32;
        group.bench_function("a frame after a jump", |b| {
            b.iter(|| {
                step = (step + 379) % 1000;
                open.scroll_to_fraction(&mut engine, f64::from(step) / 1000.0, VIEW_PX);
                open.visible(&mut engine, VIEW_PX).len()
            });
        });
        group.bench_function("a new width", |b| {
            let mut narrow = false;
            b.iter(|| {
                narrow = !narrow;
                let width_px = if narrow { 500.0 } else { WIDTH_PX };
                open.set_style(&mut engine, DocumentStyle { width_px, ..document_style() });
                open.visible(&mut engine, VIEW_PX).len()
            });
        });
        group.finish();
    }
    let line: Arc<str> = "واژه‌های یک سطر بی‌پایان ".repeat(10_000_000 / 44).into();
    let mut group = criterion.benchmark_group("one line of 10 MB");
    group.bench_function("new and first view", |b| {
        b.iter_batched(
            || line.clone(),
            |text| Document::new(text, document_style()).visible(&mut engine, VIEW_PX).len(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, layout, document);
criterion_main!(benches);
