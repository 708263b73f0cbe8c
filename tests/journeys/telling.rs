//! What was found, in Persian: every finding has a plain sentence with Persian digits, and nothing English but names, paths,
//! surfaces and the words of the system.

use barchasb::domain::article::{ArticleError, ArticleId};
use barchasb::domain::edit::EditError;
use barchasb::domain::label::{LabelFault, LabelId};
use barchasb::domain::layer::{AnnotatorId, Status, Version};
use barchasb::domain::mention::{Mention, MentionKey};
use barchasb::domain::offset::{CharOffset, Span};
use barchasb::exchange::delivery::DeliveryError;
use barchasb::exchange::export::ExportError;
use barchasb::exchange::import::ImportError;
use barchasb::formats::finding::{Finding, JsonFault, Misfit, SpanFault};
use barchasb::formats::offset_unit::OffsetUnit;
use barchasb::formats::problem::{FormatError, Place, Problem};
use barchasb::session::command_line::CommandLineFault;
use barchasb::session::external::{Exit, ExternalError};
use barchasb::session::telling::in_file;
use barchasb::store::contract::StoreError;
use barchasb::store::fault::{Fault, Flaw, ImportProblem, Untaken};
use barchasb::store::reason::{Damage, Failure, Foreign, MentionFlaw, Sought, SystemFault, Unwritable};
use barchasb::words::language::Language;
use barchasb::words::locale::Locale;
use barchasb::words::message::Message;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Words of formats that have no Persian name.
const NAMES: [&str; 6] = ["UTF-8", "UTF-16", "JSON", "NUL", "«meta»", "Barchasb"];

/// The sentence without what is set apart: names, paths, surfaces, words of the system.
fn own_words(sentence: &str) -> String {
    let (mut depth, mut own) = (0, String::new());
    for c in sentence.chars() {
        match c {
            '\u{2068}' => depth += 1,
            '\u{2069}' => depth -= 1,
            c if depth == 0 => own.push(c),
            _ => {}
        }
    }
    NAMES.iter().fold(own, |own, name| own.replace(name, ""))
}

/// Compares the Persian sentences of messages, the isolates around names left out, and looks for what is not Persian in them.
fn check(rows: &[(Message, &str)]) {
    let (persian, english) = (Locale::new(Language::Persian), Locale::new(Language::English));
    for (message, expected) in rows {
        let sentence = persian.message(message);
        assert_eq!(sentence.replace(['\u{2068}', '\u{2069}'], ""), *expected);
        let own = own_words(&sentence);
        assert!(!own.contains(|c: char| c.is_ascii_alphanumeric() || c == '$' || c == '{'), "{sentence}");
        let sentence = english.message(message);
        let own = own_words(&sentence);
        assert!(!own.contains(|c: char| ('\u{600}'..='\u{6ff}').contains(&c) || c == '{'), "{sentence}");
    }
}

fn path() -> PathBuf {
    PathBuf::from("/a/b")
}

fn key() -> MentionKey {
    Mention::new(Span::from_chars(0, 3), LabelId(Uuid::nil())).key()
}

fn system(kind: ErrorKind) -> SystemFault {
    SystemFault::from(&Error::from(kind))
}

fn surface_flaw() -> MentionFlaw {
    MentionFlaw::Surface { span: Span::from_chars(7, 12), surface: "تهران".into() }
}

fn span(fault: SpanFault) -> Message {
    let place = Place { record: Some(3), line: Some(1203), ..Place::default() };
    in_file(Path::new("/a/news.jsonl"), &Problem::new(place, Finding::SpanLeftOut { number: 2, fault }))
}

fn misfit(unit: OffsetUnit, misfit: Misfit) -> SpanFault {
    SpanFault::Misfit { label: "PER".into(), start: 2, end: 4, unit, misfit }
}

fn untaken(untaken: Untaken) -> Message {
    in_file(Path::new("/a/news.jsonl"), &ImportProblem { article: Some("a1".into()), untaken })
}

fn fault(flaw: Flaw) -> Message {
    Message::from(&Fault { article: Some("a1".into()), annotator: Some("سارا".into()), flaw })
}

fn damaged(reason: Damage) -> Message {
    Message::from(&StoreError::Damaged { path: path(), reason })
}

fn format_fault(source: FormatError) -> Message {
    Message::from(&ImportError::Format { path: path(), source })
}

#[test]
fn places_stand_in_the_order_of_the_file() {
    let place = Place { record: Some(3), line: Some(4), column: Some(5), file_byte: Some(6000), text_char: Some(7) };
    check(&[
        (
            in_file(Path::new("a.json"), &Problem::new(place, Finding::NoText)),
            "پروندهٔ a.json، رکورد ۳، سطر ۴، ستون ۵، بایت ۶٬۰۰۰، نویسهٔ ۷: این رکورد متن ندارد؛ کنار گذاشته شد.",
        ),
        (
            in_file(Path::new("a.json"), &Problem::new(Place::default(), Finding::NoText)),
            "پروندهٔ a.json: این رکورد متن ندارد؛ کنار گذاشته شد.",
        ),
        (
            in_file(
                Path::new("a.json"),
                &ImportProblem { article: None, untaken: Untaken::BadText(ArticleError::Empty) },
            ),
            "پروندهٔ a.json، خبری بی‌نام: متن خالی است؛ کنار گذاشته شد.",
        ),
        (
            Message::from(&Fault { article: None, annotator: None, flaw: Flaw::LabelCount { label: "LOC".into() } }),
            "شمار نمونه‌های LOC با آنچه شمرده شده بود نمی‌خواند.",
        ),
    ]);
}

#[test]
fn findings_are_told() {
    check(&[
        (Message::from(&Finding::MarkTakenOff), "نشان آغاز UTF-8 برداشته شد"),
        (
            Message::from(&Finding::ReadAs { encoding: "UTF-16 (little-endian)" }),
            "پرونده به UTF-16 (little-endian) است و همان‌گونه خوانده شد",
        ),
        (
            Message::from(&Finding::Nul { count: 12 }),
            "۱۲ نویسهٔ تهی (NUL) در متن است و همان‌گونه ماند؛ نخستین آن‌ها اینجاست",
        ),
        (
            Message::from(&Finding::Control { count: 1 }),
            "۱ نویسهٔ کنترلی در متن است و همان‌گونه ماند؛ نخستین آن‌ها اینجاست",
        ),
        (
            Message::from(&Finding::LoneBidi { count: 1234 }),
            "۱٬۲۳۴ نویسهٔ جهت‌دهی بی‌جفت در متن است و همان‌گونه ماند؛ نخستین آن‌ها اینجاست",
        ),
        (
            Message::from(&Finding::UnitProven(OffsetUnit::Utf16)),
            "نمونه‌ها تنها وقتی با متن می‌خوانند که واحد UTF-16 شمرده شود؛ پرونده همین‌گونه خوانده شد",
        ),
        (
            Message::from(&Finding::UnknownKey { key: "url".into() }),
            "کلید «url» ناشناخته است؛ در فرادادهٔ خبرها نگه داشته شد",
        ),
        (
            Message::from(&Finding::UnknownSpanKey { key: "token_start".into() }),
            "کلید «token_start» در یک بازه ناشناخته است و وارد نشد",
        ),
        (Message::from(&Finding::RecordNotUtf8), "بایت اینجا UTF-8 نیست؛ این رکورد کنار گذاشته شد"),
        (
            Message::from(&Finding::RecordJson(JsonFault::Unfinished { words: "EOF".into() })),
            "JSON این رکورد ناتمام است؛ کنار گذاشته شد",
        ),
        (
            Message::from(&Finding::RecordJson(JsonFault::Syntax { words: "expected ident".into() })),
            "JSON این رکورد درست نیست (expected ident)؛ کنار گذاشته شد",
        ),
        (
            Message::from(&Finding::RecordJson(JsonFault::Shape { words: "missing field".into() })),
            "چیزی در این رکورد کم است یا از نوع دیگری است (missing field)؛ کنار گذاشته شد",
        ),
        (Message::from(&Finding::NoText), "این رکورد متن ندارد؛ کنار گذاشته شد"),
        (Message::from(&Finding::BadText(ArticleError::Empty)), "متن خالی است؛ کنار گذاشته شد"),
        (
            Message::from(&Finding::BadText(ArticleError::TooLong { bytes: 5 })),
            "متن از ۱٬۰۷۳٬۷۴۱٬۸۲۴ بایت بلندتر است که بیشترین اندازهٔ یک خبر است؛ کنار گذاشته شد",
        ),
        (
            Message::from(&Finding::UnknownUnit { name: "chars".into() }),
            "واحد «chars» ناشناخته است؛ بازه‌ها با شمردن نویسه‌ها خوانده شدند",
        ),
        (
            Message::from(&Finding::UnknownStatus { name: "half".into(), read_as: Status::InProgress }),
            "وضعیت «half» ناشناخته است؛ «در دست» خوانده شد",
        ),
        (Message::from(&Finding::RecordTooLong { limit: 4096 }), "این رکورد از ۴٬۰۹۶ بایت بلندتر است؛ کنار گذاشته شد"),
        (Message::from(&Finding::RecordTooDeep { limit: 64 }), "این رکورد بیش از ۶۴ لایه تودرتوست؛ کنار گذاشته شد"),
        (Message::from(&Finding::ArrayCutOff), "پرونده پیش از پایان آرایه‌اش تمام می‌شود؛ شاید بریده شده باشد"),
        (Message::from(&Finding::CommaAfterLast), "پس از آخرین رکورد ویرگولی هست"),
        (Message::from(&Finding::AfterArray), "پس از پایان آرایه چیزی هست که خوانده نشد"),
        (Message::from(&Finding::LoneComma), "ویرگولی هست که پیش از آن رکوردی نیست"),
        (Message::from(&Finding::NoComma), "اینجا باید ویرگول یا پایان آرایه باشد؛ باقی خوانده نشد"),
        (Message::from(&Finding::MetaNotObject), "فرادادهٔ این خبر شیء JSON نیست؛ به شکل متن زیر کلید «meta» نوشته شد"),
        (
            Message::from(&Finding::OtherArticle { named: "b".into(), asked: "a".into() }),
            "این برای خبر «b» است، نه «a»",
        ),
        (Message::from(&Finding::MoreProblems { count: 12 }), "۱۲ ایراد دیگر هم بود"),
        (Message::from(&Finding::TooManySpans { limit: 1000 }), "بیش از ۱٬۰۰۰ بازه آمده است؛ باقی کنار گذاشته شد"),
        (
            Message::from(&Finding::Uncountable {
                label: "PER".into(),
                span: Span::from_chars(2, 5),
                unit: OffsetUnit::Grapheme,
            }),
            "نمونهٔ PER در نویسهٔ ۲ تا ۵ کنار گذاشته شد: لبه‌هایش را به حرف نمی‌توان شمرد",
        ),
    ]);
}

#[test]
fn spans_of_files_are_told() {
    check(&[
        (
            span(SpanFault::Unreadable { words: "invalid type".into(), json: "{}".into() }),
            "پروندهٔ news.jsonl، رکورد ۳، سطر ۱٬۲۰۳: بازهٔ شمارهٔ ۲ کنار گذاشته شد: در {} چیزی کم یا از نوع دیگری است (invalid type).",
        ),
        (
            span(SpanFault::NoLabel { start: 0, end: 1, unit: OffsetUnit::CodePoint }),
            "پروندهٔ news.jsonl، رکورد ۳، سطر ۱٬۲۰۳: بازهٔ شمارهٔ ۲ کنار گذاشته شد: از ۰ تا ۱ (به نویسه) برچسب ندارد.",
        ),
        (
            span(misfit(OffsetUnit::CodePoint, Misfit::Nothing)),
            "پروندهٔ news.jsonl، رکورد ۳، سطر ۱٬۲۰۳: بازهٔ شمارهٔ ۲ کنار گذاشته شد: PER از ۲ تا ۴ (به نویسه) چیزی را در بر نمی‌گیرد.",
        ),
        (
            span(misfit(OffsetUnit::Byte, Misfit::OutOfText)),
            "پروندهٔ news.jsonl، رکورد ۳، سطر ۱٬۲۰۳: بازهٔ شمارهٔ ۲ کنار گذاشته شد: PER از ۲ تا ۴ (به بایت) از پایان متن می‌گذرد یا نویسه‌ای را می‌بُرد.",
        ),
        (
            span(misfit(OffsetUnit::Utf16, Misfit::OtherSurface { named: "علی".into(), stands: "عل".into() })),
            "پروندهٔ news.jsonl، رکورد ۳، سطر ۱٬۲۰۳: بازهٔ شمارهٔ ۲ کنار گذاشته شد: PER از ۲ تا ۴ (به واحد UTF-16) باید «علی» باشد، ولی آنجا «عل» است.",
        ),
    ]);
}

#[test]
fn spans_of_answers_are_told() {
    let (label, start, end, unit) = (|| "PER".to_owned(), 2, 4, OffsetUnit::CodePoint);
    check(&[
        (
            Message::from(&SpanFault::UnknownLabel { label: label(), start, end, unit }),
            "برچسبی به نام «PER» در کار نیست (از ۲ تا ۴ به نویسه)",
        ),
        (
            Message::from(&SpanFault::BadConfidence { label: label(), start, end, unit, value: "NaN".into() }),
            "اطمینان PER از ۲ تا ۴ (به نویسه) NaN است که عددی از ۰ تا ۱ نیست",
        ),
        (Message::from(&misfit(unit, Misfit::CutsLetter)), "PER از ۲ تا ۴ (به نویسه) حرفی را از نشانه‌هایش جدا می‌کند"),
        (
            Message::from(&misfit(unit, Misfit::UnderSurer(Span::from_chars(0, 9)))),
            "PER از ۲ تا ۴ (به نویسه) با بازهٔ ۰ تا ۹ هم‌پوشان است که مطمئن‌تر است",
        ),
    ]);
}

#[test]
fn failures_of_a_suggesting_program_are_told() {
    let ended = |exit, words: &str| Message::from(&ExternalError::Ended { exit, words: words.into() });
    let no_answer = |line: &str| {
        let problem = Box::new(Problem::new(Place::default(), Finding::RecordTooDeep { limit: 16 }));
        Message::from(&ExternalError::NoAnswer { line: line.into(), problem })
    };
    let command_line = |fault| Message::from(&ExternalError::CommandLine(fault));
    let not_started = ExternalError::NotStarted { program: "p".into(), source: ErrorKind::NotFound.into() };
    check(&[
        (command_line(CommandLineFault::Empty), "خط فرمان خواندنی نیست: نام برنامه‌ای در آن نیست."),
        (command_line(CommandLineFault::OpenQuote('"')), "خط فرمان خواندنی نیست: گیومه‌ای (\") پایان ندارد."),
        (command_line(CommandLineFault::LoneBackslash), "خط فرمان خواندنی نیست: پس از آخرین ممیز وارونه چیزی نیست."),
        (Message::from(&not_started), "برنامهٔ «p» اجرا نشد: چنین پرونده یا پوشه‌ای نیست."),
        (
            Message::from(&ExternalError::TooSlow { seconds: 10 }),
            "در ۱۰ ثانیه پاسخی نیامد و برنامه بسته شد. برنامه باید هر سطر را پیش از خواندن سطر بعد پاسخ دهد و خروجی‌اش را بی‌درنگ بفرستد.",
        ),
        (ended(Exit::Code(3), ""), "برنامه پیش از پاسخ پایان یافت (کد خروج ۳)."),
        (ended(Exit::Signal(9), "oops"), "برنامه پیش از پاسخ پایان یافت (سیگنال ۹): oops"),
        (ended(Exit::Unknown, ""), "برنامه پیش از پاسخ پایان یافت (کد خروج نامعلوم)."),
        (Message::from(&ExternalError::Closed), "برنامه پیش از پاسخ خروجی‌اش را بست و پایان داده شد."),
        (no_answer(""), "آنچه برنامه نوشت پاسخ نیست: این رکورد بیش از ۱۶ لایه تودرتوست؛ کنار گذاشته شد."),
        (no_answer("[["), "برنامه نوشت «[[» که پاسخ نیست: این رکورد بیش از ۱۶ لایه تودرتوست؛ کنار گذاشته شد."),
        (
            Message::from(&ExternalError::LeftAlone { failures: 3 }),
            "برنامه ۳ بار پیاپی ناکام ماند و تا دوباره امتحان نشود کنار گذاشته شده است.",
        ),
        (Message::from(&ExternalError::Stopped), "منتظر پاسخ برنامه نماندیم."),
    ]);
}

#[test]
fn untaken_are_told() {
    check(&[
        (untaken(Untaken::BadText(ArticleError::Empty)), "پروندهٔ news.jsonl، خبر «a1»: متن خالی است؛ کنار گذاشته شد."),
        (
            untaken(Untaken::TooLarge { limit: 990_000_000 }),
            "پروندهٔ news.jsonl، خبر «a1»: متن و فراداده‌اش از ۹۹۰٬۰۰۰٬۰۰۰ بایت بیشتر است؛ کنار گذاشته شد.",
        ),
        (
            untaken(Untaken::Renamed { name: "a1 (2)".into() }),
            "پروندهٔ news.jsonl، خبر «a1»: متن دیگری همین نام را دارد؛ این یکی «a1 (2)» نام گرفت.",
        ),
        (
            untaken(Untaken::OtherLayer { annotator: "سارا".into() }),
            "پروندهٔ news.jsonl، خبر «a1»: لایهٔ سارا از پیش اینجاست و با این فرق دارد؛ همان که بود ماند.",
        ),
        (
            untaken(Untaken::OutOfText {
                label: "PER".into(),
                span: Span::from_chars(3, 30),
                text_end: CharOffset::new(16),
            }),
            "پروندهٔ news.jsonl، خبر «a1»: نمونهٔ PER از نویسهٔ ۳ تا ۳۰ تهی است یا از پایان متن (نویسهٔ ۱۶) می‌گذرد؛ کنار گذاشته شد.",
        ),
        (
            untaken(Untaken::CutsLetter { label: "PER".into(), span: Span::from_chars(0, 1) }),
            "پروندهٔ news.jsonl، خبر «a1»: نمونهٔ PER از نویسهٔ ۰ تا ۱ حرفی را از نشانه‌هایش جدا می‌کند؛ نگه داشته شد.",
        ),
        (
            untaken(Untaken::NoLabel { span: Span::from_chars(0, 3) }),
            "پروندهٔ news.jsonl، خبر «a1»: نمونهٔ نویسهٔ ۰ تا ۳ برچسب ندارد؛ کنار گذاشته شد.",
        ),
        (
            untaken(Untaken::Overlap { span: Span::from_chars(2, 6), earlier: Span::from_chars(0, 3) }),
            "پروندهٔ news.jsonl، خبر «a1»: نمونهٔ نویسهٔ ۲ تا ۶ با نمونهٔ ۰ تا ۳ هم‌پوشان است و این طرح هم‌پوشانی نمی‌پذیرد؛ کنار گذاشته شد.",
        ),
    ]);
}

#[test]
fn flaws_are_told() {
    check(&[
        (
            fault(Flaw::Database("row 3 missing from index".into())),
            "خبر «a1»، لایهٔ سارا: پایگاه داده گفت: row 3 missing from index.",
        ),
        (
            fault(Flaw::LooseReference { table: "layer".into(), to: "article".into() }),
            "خبر «a1»، لایهٔ سارا: سطری از جدول layer به سطری از article اشاره دارد که نیست.",
        ),
        (fault(Flaw::File(Damage::NoArticle(3))), "خبر «a1»، لایهٔ سارا: در جای ۳ خبری نیست."),
        (
            fault(Flaw::Text(Damage::OtherText { article: "a1".into() })),
            "خبر «a1»، لایهٔ سارا: متن همان نیست که ذخیره شده بود.",
        ),
        (
            fault(Flaw::Text(Damage::BadText { article: "a1".into(), error: ArticleError::Empty })),
            "خبر «a1»، لایهٔ سارا: متن خالی است.",
        ),
        (
            fault(Flaw::TextLength { found: 16, counted: 5 }),
            "خبر «a1»، لایهٔ سارا: متن ۱۶ نویسه دارد، نه ۵ که شمرده شده بود.",
        ),
        (fault(Flaw::Status("half".into())), "خبر «a1»، لایهٔ سارا: «half» وضعیت نیست."),
        (
            fault(Flaw::Mention(surface_flaw())),
            "خبر «a1»، لایهٔ سارا: متن نویسهٔ ۷ تا ۱۲ دیگر «تهران» نیست که برچسب خورده بود.",
        ),
        (
            fault(Flaw::MentionCount { found: 3, counted: 9 }),
            "خبر «a1»، لایهٔ سارا: ۳ نمونه ذخیره شده است، نه ۹ که شمرده شده بود.",
        ),
        (fault(Flaw::Double), "خبر «a1»، لایهٔ سارا: یک بازه یک برچسب را دو بار دارد."),
        (
            fault(Flaw::Overlap { span: Span::from_chars(2, 6), earlier: Span::from_chars(0, 3) }),
            "خبر «a1»، لایهٔ سارا: نمونهٔ نویسهٔ ۲ تا ۶ با نمونهٔ ۰ تا ۳ هم‌پوشان است.",
        ),
        (
            fault(Flaw::CutsLetter { span: Span::from_chars(0, 1) }),
            "خبر «a1»، لایهٔ سارا: نمونهٔ نویسهٔ ۰ تا ۱ حرفی را از نشانه‌هایش جدا می‌کند.",
        ),
        (
            fault(Flaw::UnknownLabel { span: Span::from_chars(0, 3), label: LabelId(Uuid::nil()) }),
            "خبر «a1»، لایهٔ سارا: برچسب نمونهٔ نویسهٔ ۰ تا ۳ ناشناخته است.",
        ),
        (
            fault(Flaw::LayerLabelCount { label: "LOC".into() }),
            "خبر «a1»، لایهٔ سارا: شمار نمونه‌های LOC در این لایه با آنچه شمرده شده بود نمی‌خواند.",
        ),
        (
            fault(Flaw::LabelCount { label: "LOC".into() }),
            "خبر «a1»، لایهٔ سارا: شمار نمونه‌های LOC با آنچه شمرده شده بود نمی‌خواند.",
        ),
    ]);
}

#[test]
fn damage_are_told() {
    check(&[
        (damaged(Damage::Identity("x".into())), "/a/b آسیب دیده است: «x» شناسه نیست."),
        (damaged(Damage::NoArticle(12)), "/a/b آسیب دیده است: در جای ۱۲ خبری نیست."),
        (
            damaged(Damage::Status { article: "a1".into(), status: "half".into() }),
            "/a/b آسیب دیده است: خبر «a1»: «half» وضعیت نیست.",
        ),
        (
            damaged(Damage::Mentions { article: "a1".into(), flaw: surface_flaw() }),
            "/a/b آسیب دیده است: خبر «a1»: متن نویسهٔ ۷ تا ۱۲ دیگر «تهران» نیست که برچسب خورده بود.",
        ),
        (
            damaged(Damage::Mentions {
                article: "a1".into(),
                flaw: MentionFlaw::Unreadable { words: "expected value".into() },
            }),
            "/a/b آسیب دیده است: خبر «a1»: نمونه‌ها را نمی‌توان خواند (expected value).",
        ),
        (
            damaged(Damage::Mentions {
                article: "a1".into(),
                flaw: MentionFlaw::OutOfText { start: 4, end: 99, text_end: CharOffset::new(16) },
            }),
            "/a/b آسیب دیده است: خبر «a1»: نمونهٔ نویسهٔ ۴ تا ۹۹ تهی است یا از پایان متن (نویسهٔ ۱۶) می‌گذرد.",
        ),
        (
            damaged(Damage::Mentions {
                article: "a1".into(),
                flaw: MentionFlaw::LabelIdentity { span: Span::from_chars(1, 4), label: "PER".into() },
            }),
            "/a/b آسیب دیده است: خبر «a1»: برچسب نمونهٔ نویسهٔ ۱ تا ۴ شناسه ندارد و به جایش «PER» آمده است.",
        ),
        (
            damaged(Damage::Mentions {
                article: "a1".into(),
                flaw: MentionFlaw::Origin { span: Span::from_chars(1, 4), origin: "magic".into() },
            }),
            "/a/b آسیب دیده است: خبر «a1»: خاستگاه نمونهٔ نویسهٔ ۱ تا ۴ ناشناخته است: «magic».",
        ),
        (
            damaged(Damage::BadText { article: "a1".into(), error: ArticleError::Empty }),
            "/a/b آسیب دیده است: خبر «a1»: متن خالی است.",
        ),
        (
            damaged(Damage::OtherText { article: "a1".into() }),
            "/a/b آسیب دیده است: خبر «a1»: متن همان نیست که ذخیره شده بود.",
        ),
        (
            damaged(Damage::Suggestions { article: "a1".into(), flaw: surface_flaw() }),
            "/a/b آسیب دیده است: پیشنهادهای خبر «a1»: متن نویسهٔ ۷ تا ۱۲ دیگر «تهران» نیست که برچسب خورده بود.",
        ),
        (
            damaged(Damage::Outcomes { place: 12, words: "EOF".into() }),
            "/a/b آسیب دیده است: سرنوشت پیشنهادهای خبر شمارهٔ ۱۲ را نمی‌توان خواند (EOF).",
        ),
        (
            damaged(Damage::NameList { title: "شهرها".into(), words: "EOF".into() }),
            "/a/b آسیب دیده است: فهرست نام «شهرها» را نمی‌توان خواند (EOF).",
        ),
        (damaged(Damage::Direction("up".into())), "/a/b آسیب دیده است: «up» جهت خواندن نیست."),
        (damaged(Damage::OverlapRule("maybe".into())), "/a/b آسیب دیده است: «maybe» قاعده نیست."),
        (damaged(Damage::TitleRule("maybe".into())), "/a/b آسیب دیده است: «maybe» قاعده نیست."),
        (damaged(Damage::SearchPlace("x".into())), "/a/b آسیب دیده است: «x» جایی در نمایهٔ جست‌وجو نیست."),
        (
            damaged(Damage::Missing { kind: "index".into(), name: "layer_status".into() }),
            "/a/b آسیب دیده است: بخش layer_status را کم دارد.",
        ),
        (damaged(Damage::Database("malformed".into())), "/a/b آسیب دیده است: پایگاه داده گفت: malformed."),
    ]);
}

#[test]
fn store_errors_are_told() {
    check(&[
        (Message::from(&StoreError::Missing { path: path() }), "/a/b: چنین پرونده‌ای نیست."),
        (Message::from(&StoreError::AlreadyThere { path: path() }), "/a/b: پرونده‌ای از پیش هست؛ چیزی بازنویسی نشد."),
        (
            Message::from(&StoreError::NotAProject { path: path(), reason: Foreign::Folder }),
            "/a/b طرح برچسب نیست (پوشه است).",
        ),
        (
            Message::from(&StoreError::NotAProject { path: path(), reason: Foreign::NoFile }),
            "/a/b طرح برچسب نیست (پروندهٔ معمولی نیست).",
        ),
        (
            Message::from(&StoreError::NotAProject { path: path(), reason: Foreign::Empty }),
            "/a/b طرح برچسب نیست (پرونده خالی است).",
        ),
        (
            Message::from(&StoreError::NotAProject { path: path(), reason: Foreign::OtherProgram }),
            "/a/b طرح برچسب نیست (پایگاه دادهٔ برنامهٔ دیگری است).",
        ),
        (
            Message::from(&StoreError::NotAProject { path: path(), reason: Foreign::Version(-1) }),
            "/a/b طرح برچسب نیست (نسخهٔ آن ‎−۱ است).",
        ),
        (
            Message::from(&StoreError::NotAProject {
                path: path(),
                reason: Foreign::Stranger { kind: "view".into(), name: "v".into() },
            }),
            "/a/b طرح برچسب نیست (در آن v است که از این برنامه نیست).",
        ),
        (
            Message::from(&StoreError::NotAProject {
                path: path(),
                reason: Foreign::Database("file is not a database".into()),
            }),
            "/a/b طرح برچسب نیست (پایگاه داده گفت: file is not a database).",
        ),
        (
            Message::from(&StoreError::Newer { path: path(), found: 99, known: 3 }),
            "/a/b را نسخهٔ تازه‌تری از برچسب نوشته است (نسخهٔ ۹۹؛ این برنامه تا ۳ را می‌شناسد). چیزی تغییر نکرد.",
        ),
        (
            Message::from(&StoreError::ReadOnly { path: path(), reason: Unwritable::Protected }),
            "در /a/b نمی‌توان نوشت: پرونده یا پوشه‌اش فقط‌خواندنی است.",
        ),
        (
            Message::from(&StoreError::ReadOnly { path: path(), reason: Unwritable::Older }),
            "در /a/b نمی‌توان نوشت: نسخهٔ کهنه‌تری از برچسب آن را نوشته است؛ یک بار برای نوشتن بگشایید تا به‌روز شود.",
        ),
        (
            Message::from(&StoreError::ReadOnly {
                path: path(),
                reason: Unwritable::System(system(ErrorKind::PermissionDenied)),
            }),
            "در /a/b نمی‌توان نوشت: اجازهٔ این کار را ندارید.",
        ),
        (
            Message::from(&StoreError::ReadOnly {
                path: path(),
                reason: Unwritable::Database("unable to open".into()),
            }),
            "در /a/b نمی‌توان نوشت: پایگاه داده گفت: unable to open.",
        ),
        (
            Message::from(&StoreError::Full { path: path() }),
            "دیسک پر است: /a/b نوشته نشد. آنچه پیش‌تر ذخیره شده سر جایش است.",
        ),
        (Message::from(&StoreError::Busy { path: path() }), "برنامهٔ دیگری در حال نوشتن /a/b است. دوباره بکوشید."),
        (
            Message::from(&StoreError::Conflict {
                article: ArticleId(Uuid::nil()),
                expected: Version(1),
                found: Version(2),
            }),
            "کس دیگری این خبر را زودتر ذخیره کرده است.",
        ),
        (
            Message::from(&StoreError::NotFound { what: Sought::Article(ArticleId(Uuid::nil())) }),
            "این خبر در این طرح نیست.",
        ),
        (
            Message::from(&StoreError::NotFound { what: Sought::Annotator(AnnotatorId(Uuid::nil())) }),
            "این برچسب‌زن در این طرح نیست.",
        ),
        (
            Message::from(&StoreError::NotFound { what: Sought::AnnotatorNamed("سارا".into()) }),
            "برچسب‌زن «سارا» در این طرح نیست.",
        ),
        (
            Message::from(&StoreError::NotFound { what: Sought::Label(LabelId(Uuid::nil())) }),
            "این برچسب در این طرح نیست.",
        ),
        (
            Message::from(&StoreError::Edit(EditError::StatusMoved)),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: وضعیت این خبر دیگر آن نیست که بود.",
        ),
        (
            Message::from(&StoreError::Edit(EditError::AlreadyThere(key()))),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: این بازه همین برچسب را دارد.",
        ),
        (
            Message::from(&StoreError::Edit(EditError::NotThere(key()))),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: این نمونه دیگر آنجا نیست.",
        ),
        (
            Message::from(&StoreError::Edit(EditError::Overlap(key()))),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: این طرح نمونه‌های هم‌پوشان نمی‌پذیرد.",
        ),
        (
            Message::from(&StoreError::Edit(EditError::OutOfText(key()))),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: اینجا چیزی برای برچسب‌زدن نیست.",
        ),
        (
            Message::from(&StoreError::Label(LabelFault::EmptyName)),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: برچسب نام می‌خواهد.",
        ),
        (
            Message::from(&StoreError::Label(LabelFault::NameTaken("PER".into()))),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: برچسب دیگری نامش PER است.",
        ),
        (
            Message::from(&StoreError::Label(LabelFault::KeyTaken('p'))),
            "این تغییر با آنچه ذخیره شده نمی‌خواند: کلید p از آن برچسب دیگری است.",
        ),
        (Message::from(&StoreError::NoName), "برچسب‌زن نام می‌خواهد."),
        (
            Message::from(&StoreError::Failed { path: path(), reason: Failure::Setting("DEFENSIVE".into()) }),
            "/a/b: پایگاه داده تنظیم DEFENSIVE را نپذیرفت.",
        ),
        (
            Message::from(&StoreError::Failed { path: path(), reason: Failure::Maps }),
            "/a/b: پایگاه داده پرونده را در حافظه می‌نگارد.",
        ),
        (
            Message::from(&StoreError::Failed { path: path(), reason: Failure::NoLog { journal: "delete".into() } }),
            "/a/b: اینجا نمی‌توان دفتر پیش‌نویس پایگاه داده را نگه داشت (حالت delete).",
        ),
        (
            Message::from(&StoreError::Failed { path: path(), reason: Failure::NoPromise }),
            "/a/b: پایگاه داده قول نمی‌دهد که ذخیره‌ها بر دیسک بنشینند.",
        ),
        (
            Message::from(&StoreError::Failed { path: path(), reason: Failure::NoReferences }),
            "/a/b: پایگاه داده ارجاع‌ها را نمی‌سنجد.",
        ),
        (
            Message::from(&StoreError::Failed { path: path(), reason: Failure::LabelInUse }),
            "/a/b: ساختن برچسبی را که نمونه دارد نمی‌توان پس گرفت.",
        ),
        (Message::from(&StoreError::Failed { path: path(), reason: Failure::NotUnicode }), "/a/b: مسیر یونیکد نیست."),
        (
            Message::from(&StoreError::Failed { path: path(), reason: Failure::Database("disk I/O error".into()) }),
            "/a/b: پایگاه داده گفت: disk I/O error.",
        ),
    ]);
}

#[test]
fn system_faults_are_told() {
    check(&[
        (Message::from(&Error::from(ErrorKind::NotFound)), "چنین پرونده یا پوشه‌ای نیست"),
        (Message::from(&Error::from(ErrorKind::PermissionDenied)), "اجازهٔ این کار را ندارید"),
        (Message::from(&Error::from(ErrorKind::ReadOnlyFilesystem)), "پرونده یا پوشه‌اش فقط‌خواندنی است"),
        (Message::from(&Error::from(ErrorKind::StorageFull)), "دیسک پر است"),
        (Message::from(&Error::from(ErrorKind::QuotaExceeded)), "دیسک پر است"),
        (Message::from(&Error::from(ErrorKind::IsADirectory)), "پوشه است"),
        (Message::from(&Error::from(ErrorKind::NotADirectory)), "بخشی از مسیر پوشه نیست"),
        (Message::from(&Error::from(ErrorKind::AlreadyExists)), "پرونده‌ای با این نام هست"),
        (Message::from(&Error::from(ErrorKind::InvalidFilename)), "این نام برای پرونده پذیرفتنی نیست"),
        (Message::from(&Error::from(ErrorKind::FileTooLarge)), "پرونده بیش از اندازه بزرگ است"),
        (Message::from(&Error::from(ErrorKind::TimedOut)), "سامانه گفت: timed out"),
    ]);
}

#[test]
fn imports_are_told() {
    check(&[
        (Message::from(&ImportError::NothingInside { path: path() }), "در /a/b پرونده‌ای نیست."),
        (Message::from(&ImportError::Missing { path: path() }), "/a/b: چنین پرونده‌ای نیست."),
        (
            Message::from(&ImportError::Project { path: path() }),
            "/a/b طرح است؛ آن را برون‌بری کنید و پروندهٔ برون‌بری را وارد کنید.",
        ),
        (Message::from(&ImportError::Store(StoreError::NoName)), "برچسب‌زن نام می‌خواهد."),
        (format_fault(FormatError::Io(Error::from(ErrorKind::PermissionDenied))), "/a/b: اجازهٔ این کار را ندارید."),
        (
            format_fault(FormatError::NotUtf8 { byte: 0xE3, file_byte: 1203, line: 2 }),
            "/a/b: متن UTF-8 نیست: بایت 0xE3 در جای ۱٬۲۰۳ (سطر ۲) خواندنی نیست.",
        ),
        (
            format_fault(FormatError::NotUtf16 { file_byte: 4, line: 1 }),
            "/a/b: متن UTF-16 نیست: آنچه در بایت ۴ (سطر ۱) آمده خواندنی نیست.",
        ),
        (
            format_fault(FormatError::OtherEncoding { found: "UTF-32" }),
            "/a/b: پرونده به UTF-32 است؛ آن را به UTF-8 ذخیره کنید.",
        ),
        (format_fault(FormatError::Empty), "/a/b: پرونده خالی است."),
        (
            format_fault(FormatError::TooLong { limit: 1024 }),
            "/a/b: متن از ۱٬۰۲۴ بایت بلندتر است که بیشترین اندازهٔ یک خبر است.",
        ),
        (
            format_fault(FormatError::OtherFormat {
                expected: "a JSON array or object",
                found: 'h',
                line: 2,
                column: 1,
            }),
            "/a/b: آرایه یا شیء JSON نیست: با «h» آغاز می‌شود (سطر ۲، ستون ۱).",
        ),
        (
            format_fault(FormatError::ReadOnlyFormat { format: "text" }),
            "/a/b: این قالب را می‌توان خواند ولی نمی‌توان نوشت.",
        ),
    ]);
}

#[test]
fn exports_are_told() {
    let exported = ExportError::Delivery;
    check(&[
        (
            Message::new("error-export").part("reason", &exported(DeliveryError::OntoProject { path: path() })),
            "چیزی برون‌بری نشد: /a/b طرح است؛ برای برون‌بری نام دیگری بگذارید.",
        ),
        (
            Message::new("error-export").part(
                "reason",
                &exported(DeliveryError::Write { path: path(), source: Error::from(ErrorKind::StorageFull) }),
            ),
            "چیزی برون‌بری نشد: در /a/b نمی‌توان نوشت: دیسک پر است.",
        ),
        (
            Message::new("error-export").part(
                "reason",
                &exported(DeliveryError::Format(FormatError::Io(Error::from(ErrorKind::PermissionDenied)))),
            ),
            "چیزی برون‌بری نشد: اجازهٔ این کار را ندارید.",
        ),
        (
            Message::new("error-export").part("reason", &ExportError::Store(StoreError::NoName)),
            "چیزی برون‌بری نشد: برچسب‌زن نام می‌خواهد.",
        ),
        (Message::new("error-export").part("reason", &ExportError::Stopped), "چیزی برون‌بری نشد: برون‌بری متوقف شد."),
    ]);
}
