//! How far annotators agree, counted article by article as the records of a project or of files pass by.
//!
//! Owns [`Agreement`], what it counts, and the names of the labels in it. It must not read a project or a file, nor word a result.

use crate::analysis::agreement::PairCounts;
use crate::analysis::bootstrap::{BootstrapSetting, Resampling};
use crate::analysis::coded_layer::CodedLayer;
use crate::analysis::continuum::{ContinuumCounts, ContinuumUnit};
use crate::analysis::fault::Fault;
use crate::analysis::gamma::{GammaSetting, GammaSums};
use crate::analysis::label_table::{LabelNumber, LabelTable};
use crate::domain::label::LabelId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{Span, TokenSpan};
use crate::domain::record::{ArticleRecord, MentionRecord};
use crate::domain::segmentation::Segmentation;
use crate::exchange::import::ImportError;
use crate::formats::tokens::kept::segmentation_of;
use crate::store::contract::StoreError;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which tokens the measures of tokens stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokensOf {
    /// Those of our own rule.
    Ours,
    /// Those that the article's file brought; of our own rule where it brought none.
    File,
}

impl TokensOf {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ours, Self::File];

    /// What it is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::File => "file",
        }
    }

    /// The tokens of an article.
    #[must_use]
    pub fn of(self, record: &ArticleRecord) -> Segmentation {
        match self {
            Self::Ours => Segmentation::of_text(&record.text),
            Self::File => segmentation_of(record),
        }
    }
}

/// What is counted beside what always is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measuring {
    /// The tokens.
    pub tokens: TokensOf,
    /// How intervals are drawn; `None` for no interval. They need the counts of every article in memory.
    pub bootstrap: Option<BootstrapSetting>,
    /// How the chance of γ is drawn; `None` for no γ, which is slow.
    pub gamma: Option<GammaSetting>,
    /// Whether every article is told by itself, which needs a row of each in memory.
    pub by_article: bool,
}

/// Why agreement cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum AgreeError {
    /// An annotator is named twice.
    #[error("{name} is named twice; agreement is between different annotators")]
    Twice {
        /// Who.
        name: String,
    },
    /// There is no such annotator.
    #[error("the project has no annotator {name}; it has {}", listed(known))]
    Unknown {
        /// Who.
        name: String,
        /// Who there is.
        known: Vec<String>,
    },
    /// Fewer than two annotators have done anything.
    #[error("agreement needs two annotators who are done with articles; {}", match names.as_slice() {
        [] => "no one is".to_owned(),
        names => format!("only {} is", listed(names)),
    })]
    TooFew {
        /// Who has.
        names: Vec<String>,
    },
    /// One annotator alone is named.
    #[error("agreement needs two annotators; only {name} is named")]
    OneNamed {
        /// Who.
        name: String,
    },
    /// A file holds what several annotators say.
    #[error("{file}: it holds the layers of {}; import it into a project and compare them there", listed(names))]
    Several {
        /// The file.
        file: String,
        /// Two of them.
        names: Vec<String>,
    },
    /// Nothing in one file is in the other.
    #[error("{first} and {second} have nothing to compare: {words}")]
    Apart {
        /// One file.
        first: String,
        /// The other.
        second: String,
        /// Where they part.
        words: String,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The project cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Layers cannot be measured together.
    #[error(transparent)]
    Fault(#[from] Fault),
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The agreement of one pair.
#[derive(Clone, Debug)]
pub struct PairAgreement {
    /// The place of one among the annotators, who stands for the truth in precision and recall.
    pub first: usize,
    /// The place of the other, behind that.
    pub second: usize,
    /// The counts.
    pub counts: PairCounts,
    /// The counts of every article, where intervals are asked for.
    pub articles: Option<Resampling>,
}

/// The agreement in one article, over all pairs.
#[derive(Clone, Debug)]
pub struct ArticleAgreement {
    /// The article's name.
    pub name: String,
    /// The counts.
    pub counts: PairCounts,
}

/// What was counted.
///
/// Memory grows with the labels and the pairs of annotators; with the articles only where [`Measuring`] says so.
#[derive(Clone, Debug)]
pub struct Agreement {
    measuring: Measuring,
    annotators: Vec<String>,
    labels: LabelTable,
    label_ids: BTreeMap<String, LabelId>,
    pairs: Vec<PairAgreement>,
    continuum: ContinuumCounts,
    gamma: Option<GammaSums>,
    articles: Vec<ArticleAgreement>,
    /// The tokens of articles that two have done.
    tokens: u64,
}

impl Agreement {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(annotators: Vec<String>, measuring: Measuring) -> Self {
        let count = annotators.len();
        let pairs = (0..count).flat_map(|first| (first + 1..count).map(move |second| (first, second)));
        let of_pair = |(first, second)| PairAgreement {
            first,
            second,
            counts: PairCounts::default(),
            articles: measuring.bootstrap.map(|_| Resampling::default()),
        };
        Self {
            measuring,
            pairs: pairs.map(of_pair).collect(),
            labels: LabelTable::default(),
            label_ids: BTreeMap::new(),
            continuum: ContinuumCounts::new(count),
            gamma: measuring.gamma.map(|_| GammaSums::new(count)),
            articles: Vec::new(),
            tokens: 0,
            annotators,
        }
    }

    /// Codes what an annotator says on these tokens.
    pub fn coded(&mut self, mentions: &[MentionRecord], tokens: &[Span]) -> CodedLayer {
        let keys: Vec<MentionKey> = mentions
            .iter()
            .map(|mention| MentionKey { span: mention.span, label: self.label(&mention.label) })
            .collect();
        CodedLayer::from_mentions(keys, tokens, &mut self.labels)
    }

    /// Codes mentions that are known by their tokens.
    ///
    /// # Errors
    /// [`Fault::PastTheEnd`].
    pub fn coded_on_tokens(
        &mut self,
        mentions: impl IntoIterator<Item = (TokenSpan, LabelId)>,
        token_count: usize,
    ) -> Result<CodedLayer, Fault> {
        CodedLayer::from_token_mentions(mentions, token_count, &mut self.labels)
    }

    /// The label of this name, as this comparison knows it.
    pub fn label(&mut self, name: &str) -> LabelId {
        if let Some(id) = self.label_ids.get(name) {
            return *id;
        }
        let id = LabelId(Uuid::from_u128(self.label_ids.len() as u128));
        self.label_ids.insert(name.to_owned(), id);
        self.labels.number(id);
        id
    }

    /// Counts an article: a layer for each annotator, `None` for one who has not done it. One that fewer than two have done counts nothing.
    ///
    /// # Errors
    /// [`Fault`] when the layers stand on different tokens, or are not as many as the annotators.
    pub fn add(&mut self, name: &str, layers: &[Option<CodedLayer>]) -> Result<(), Fault> {
        let layers: Vec<Option<&CodedLayer>> = layers.iter().map(Option::as_ref).collect();
        self.continuum.add(&layers, ContinuumUnit::Token)?;
        let mut done = layers.iter().copied().flatten();
        let (Some(first), Some(_)) = (done.next(), done.next()) else { return Ok(()) };
        self.tokens += first.token_count() as u64;
        let mut of_article = PairCounts::default();
        for pair in &mut self.pairs {
            let layer = |place: usize| layers.get(place).copied().flatten();
            let (Some(first), Some(second)) = (layer(pair.first), layer(pair.second)) else { continue };
            if pair.articles.is_none() && !self.measuring.by_article {
                pair.counts.add(first, second)?;
                continue;
            }
            let counts = PairCounts::of_article(first, second)?;
            if let Some(articles) = &mut pair.articles {
                articles.add(&counts);
            }
            pair.counts.merge(&counts);
            of_article.merge(&counts);
        }
        if self.measuring.by_article {
            self.articles.push(ArticleAgreement { name: name.to_owned(), counts: of_article });
        }
        if let (Some(gamma), Some(setting)) = (&mut self.gamma, self.measuring.gamma) {
            gamma.add(&layers, setting)?;
        }
        Ok(())
    }

    /// What was to be counted.
    #[must_use]
    pub fn measuring(&self) -> Measuring {
        self.measuring
    }

    /// Whose layers these are.
    #[must_use]
    pub fn annotators(&self) -> &[String] {
        &self.annotators
    }

    /// The name of the annotator at a place; blank past the last.
    #[must_use]
    pub fn annotator(&self, place: usize) -> &str {
        self.annotators.get(place).map_or("", String::as_str)
    }

    /// The labels by name, in order of the names.
    pub fn labels(&self) -> impl Iterator<Item = (&str, LabelNumber)> {
        let number = |id: LabelId| self.labels.iter().find(|(_, other)| *other == id).map(|(number, _)| number);
        self.label_ids.iter().filter_map(move |(name, id)| Some((name.as_str(), number(*id)?)))
    }

    /// Every pair, in order of the annotators.
    #[must_use]
    pub fn pairs(&self) -> &[PairAgreement] {
        &self.pairs
    }

    /// The counts of all pairs together.
    #[must_use]
    pub fn pooled(&self) -> PairCounts {
        let mut all = PairCounts::default();
        self.pairs.iter().for_each(|pair| all.merge(&pair.counts));
        all
    }

    /// The counts of all annotators at once, over tokens.
    #[must_use]
    pub fn continuum(&self) -> &ContinuumCounts {
        &self.continuum
    }

    /// The sums of γ, where it was asked for.
    #[must_use]
    pub fn gamma(&self) -> Option<&GammaSums> {
        self.gamma.as_ref()
    }

    /// Every article that two or more have done, in the order in which they were counted, where that was asked for.
    #[must_use]
    pub fn articles(&self) -> &[ArticleAgreement] {
        &self.articles
    }

    /// How many articles two or more have done.
    #[must_use]
    pub fn article_count(&self) -> u64 {
        self.continuum.articles()
    }

    /// How many tokens these have.
    #[must_use]
    pub fn token_count(&self) -> u64 {
        self.tokens
    }
}

/// The places of tokens in the text.
#[must_use]
pub fn token_spans(segmentation: &Segmentation) -> Vec<Span> {
    segmentation.tokens().iter().map(|token| token.span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::agreement::Meeting;
    use crate::analysis::undefined::{Undefined, Value};
    use crate::domain::mention::Origin;

    const PLAIN: Measuring = Measuring { tokens: TokensOf::Ours, bootstrap: None, gamma: None, by_article: false };

    fn mention(start: usize, end: usize, label: &str) -> MentionRecord {
        MentionRecord { span: Span::from_chars(start, end), label: label.into(), note: None, origin: Origin::Import }
    }

    /// The exact F1 of each pair and α of three annotators in one text; `None` is not done.
    fn check(said: [Option<&[MentionRecord]>; 3], expected: [Value; 3], alpha: Value) {
        let record = ArticleRecord { text: "علی به تهران رفت".into(), ..ArticleRecord::default() };
        let measurings = [PLAIN, Measuring { bootstrap: Some(BootstrapSetting::default()), by_article: true, ..PLAIN }];
        for measuring in measurings {
            let mut agreement = Agreement::new(["a", "b", "c"].map(str::to_owned).to_vec(), measuring);
            let tokens = token_spans(&measuring.tokens.of(&record));
            let layers: Vec<_> = said.iter().map(|said| said.map(|said| agreement.coded(said, &tokens))).collect();
            agreement.add("x", &layers).unwrap();
            let found: Vec<Value> =
                agreement.pairs().iter().map(|pair| pair.counts.matched(Meeting::Exact).f1()).collect();
            let no_article = agreement.pairs().iter().map(|pair| pair.counts.articles() == 0);
            let found: Vec<Value> = found
                .into_iter()
                .zip(no_article)
                .map(|(value, none)| if none { Err(Undefined::NoCommonArticle) } else { value })
                .collect();
            assert_eq!(found, expected);
            assert_eq!(agreement.continuum().alpha(), alpha);
            assert_eq!(agreement.articles().len(), usize::from(measuring.by_article && agreement.article_count() > 0));
        }
    }

    #[test]
    fn pairs_are_counted_where_both_are_done() {
        let (ali, tehran) = (mention(0, 3, "PER"), mention(7, 12, "LOC"));
        let both: &[MentionRecord] = &[ali.clone(), tehran];
        let one: &[MentionRecord] = &[ali];
        let none = Err(Undefined::NoCommonArticle);
        check([Some(both), Some(both), None], [Ok(1.0), none, none], Ok(1.0));
        check([None, Some(both), None], [none; 3], none);
        check([Some(&[]), Some(&[]), None], [Err(Undefined::NoMentions), none, none], Err(Undefined::OneCategory));
        let third = 2.0 / 3.0;
        // Twelve values: of the four tokens three say PER, two LOC, seven O; the third annotator's O disagrees twice, so Dₒ = 4/24 of pairs.
        let alpha = 1.0 - 11.0 * 2.0 / ((144 - 9 - 4 - 49) as f64);
        let found = {
            let mut sums = ContinuumCounts::new(3);
            let mut agreement = Agreement::new(vec![], PLAIN);
            let tokens = token_spans(&Segmentation::of_text("علی به تهران رفت"));
            let layers = [both, both, one].map(|said| agreement.coded(said, &tokens));
            sums.add(&layers.each_ref().map(Some), ContinuumUnit::Token).unwrap();
            sums.alpha()
        };
        assert!((found.unwrap() - alpha).abs() < 1e-12, "{found:?} {alpha}");
        check([Some(both), Some(both), Some(one)], [Ok(1.0), Ok(third), Ok(third)], found);
    }

    #[test]
    fn labels_are_told_by_name() {
        let mut agreement = Agreement::new(vec!["a".into(), "b".into()], PLAIN);
        let layer = agreement.coded(&[mention(0, 1, "PER"), mention(2, 3, "LOC")], &[Span::from_chars(0, 3)]);
        agreement.add("x", &[Some(layer.clone()), Some(layer)]).unwrap();
        let names: Vec<&str> = agreement.labels().map(|(name, _)| name).collect();
        assert_eq!(names, ["LOC", "PER"]);
        let of = |name: &str| agreement.labels().find(|(other, _)| *other == name).unwrap().1;
        assert_eq!(agreement.pooled().matched_of(of("PER"), Meeting::Exact).first, 1);
    }
}
