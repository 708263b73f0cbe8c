//! The topics of an overview: what can be asked of a project, each with a picture and a table.
//!
//! Owns their list, their names and their words. It must not draw.

use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use crate::exchange::overview::Overview;
use crate::store::review::REASONS;
use crate::words::locale::{Locale, isolated};
use crate::words::message::Message;

/// One question to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What was finished, over time.
    Progress,
    /// How far each annotator is.
    Status,
    /// Mentions by label and annotator.
    Labels,
    /// How far annotators agree.
    Agreement,
    /// What one annotator says where another says something else.
    Confusion,
    /// The articles on which annotators differ most.
    Articles,
    /// The names on which annotators differ most.
    Surfaces,
    /// How long an article takes.
    Time,
    /// Why adjudicators decided as they did.
    Reasons,
}

impl Topic {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Progress,
        Self::Status,
        Self::Labels,
        Self::Agreement,
        Self::Confusion,
        Self::Articles,
        Self::Surfaces,
        Self::Time,
        Self::Reasons,
    ];

    /// The name in files: `progress`, `status` …
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::Status => "status",
            Self::Labels => "labels",
            Self::Agreement => "agreement",
            Self::Confusion => "confusion",
            Self::Articles => "articles",
            Self::Surfaces => "surfaces",
            Self::Time => "time",
            Self::Reasons => "reasons",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(self) -> Message {
        Message::new(match self {
            Self::Progress => "topic-progress",
            Self::Status => "topic-status",
            Self::Labels => "topic-labels",
            Self::Agreement => "topic-agreement",
            Self::Confusion => "topic-confusion",
            Self::Articles => "topic-articles",
            Self::Surfaces => "topic-surfaces",
            Self::Time => "topic-time",
            Self::Reasons => "topic-reasons",
        })
    }

    /// How it is counted, in a sentence or two.
    #[must_use]
    pub fn remark(self, overview: &Overview) -> Message {
        let compared = overview.statistics.compared;
        match self {
            Self::Progress => Message::new("topic-progress-remark"),
            Self::Status => Message::new("topic-status-remark").number("articles", overview.project.articles),
            Self::Labels => Message::new("topic-labels-remark").number("mentions", overview.statistics.labels.total()),
            Self::Agreement => Message::new("topic-agreement-remark").number("articles", compared),
            Self::Confusion => Message::new("topic-confusion-remark"),
            Self::Articles => {
                let (disputed, places) = overview.statistics.disputes.totals();
                Message::new("topic-articles-remark").number("disputed", disputed).number("places", places)
            }
            Self::Surfaces if overview.statistics.disputes.is_exact() => Message::new("topic-surfaces-remark"),
            Self::Surfaces => Message::new("topic-surfaces-remark-rough"),
            Self::Time => Message::new("topic-time-remark"),
            Self::Reasons => Message::new("topic-reasons-remark"),
        }
    }

    /// Why there is nothing to show.
    #[must_use]
    pub fn nothing(self, overview: &Overview) -> Message {
        Message::new(match self {
            Self::Progress => "topic-progress-none",
            Self::Status | Self::Labels => "topic-labels-none",
            Self::Agreement | Self::Confusion | Self::Articles | Self::Surfaces if overview.annotators.len() < 2 => {
                "topic-agreement-one"
            }
            Self::Agreement | Self::Confusion => "topic-agreement-none",
            Self::Articles | Self::Surfaces if overview.statistics.compared == 0 => "topic-agreement-none",
            Self::Articles | Self::Surfaces => "topic-articles-none",
            Self::Time => "topic-time-none",
            Self::Reasons => "topic-reasons-none",
        })
    }
}

/// A label as it is called; «nothing» for none.
#[must_use]
pub fn label_words(overview: &Overview, locale: &Locale, label: Option<LabelId>) -> String {
    label.map_or_else(|| locale.words("label-nothing"), |label| overview.label_title(label).to_owned())
}

/// How often each label was said, as words: `سازمان ۵ · هیچ ۲`. Names are set apart from the numbers beside them.
#[must_use]
pub fn said_labels(overview: &Overview, locale: &Locale, labels: &[(Option<LabelId>, u64)]) -> String {
    let said = labels.iter().map(|(label, count)| {
        format!("{} {}", isolated(&label_words(overview, locale, *label)), locale.number(*count))
    });
    said.collect::<Vec<_>>().join(" · ")
}

/// A reason as it is called: our own are words of the language, others a person's.
#[must_use]
pub fn reason_words(locale: &Locale, reason: Option<&str>) -> String {
    match reason {
        None => locale.words("reason-none"),
        Some(known) if REASONS.contains(&known) => locale.words(&format!("reason-{known}")),
        Some(own) => own.to_owned(),
    }
}

/// Two annotators as a pair is called.
#[must_use]
pub fn pair_words(overview: &Overview, locale: &Locale, (first, second): (AnnotatorId, AnnotatorId)) -> String {
    let message = Message::new("pair-names").text("first", overview.name(first));
    locale.message(&message.text("second", overview.name(second)))
}
