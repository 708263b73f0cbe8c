//! What makes layers impossible to measure together.
//!
//! Owns [`Fault`], the one error of this layer. A measure that merely has no value is [`Undefined`](crate::analysis::undefined::Undefined).

/// Why layers cannot be measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The layers stand on different tokens.
    #[error("one layer has {first} tokens and the other {second}")]
    TokensDiffer {
        /// The tokens under the first layer.
        first: usize,
        /// The tokens under the other.
        second: usize,
    },
    /// A mention passes the last token.
    #[error("a mention ends after token {end}, but there are {tokens}")]
    PastTheEnd {
        /// Where the mention ends, in tokens.
        end: usize,
        /// How many tokens there are.
        tokens: usize,
    },
    /// Not as many layers as annotators.
    #[error("{annotators} annotators but {layers} layers")]
    LayersDiffer {
        /// How many annotators are compared.
        annotators: usize,
        /// How many layers were given.
        layers: usize,
    },
}
