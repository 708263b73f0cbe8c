//! The columns of WebAnno TSV: the head of a file that declares layers and their features.
//!
//! Owns the head's grammar and which layer holds the mentions. It must not know rows.

use crate::formats::problem::FormatError;

/// How the head begins.
pub const HEAD: &str = "#FORMAT=WebAnno TSV ";

/// The layer of named entities, and its features as INCEpTION has them.
pub const NAMED_ENTITY: &str = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";

/// The declaration of the layer of named entities.
pub const NAMED_ENTITY_LINE: &str = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value";

/// Layers of DKPro describe words and sentences; people's own have other names.
const LINGUISTIC: &str = "de.tudarmstadt.ukp.dkpro.core.";

/// What a layer's annotations are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `#T_SP`: spans.
    Span,
    /// `#T_CH`: members of chains.
    Chain,
    /// `#T_RL`: relations between spans.
    Relation,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// A feature of this name; empty for a layer without features.
    Feature(String),
    /// The roles of linked annotations.
    Role,
    /// Where the linked annotations are; their layer.
    Target(String),
    /// Where a relation comes from; the layer that it stands on.
    Base(String),
}

/// A layer of the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What its annotations are.
    pub kind: Kind,
    /// Its type.
    pub name: String,
    /// The first of its columns, counted after id, place and word.
    pub first: usize,
    /// Its columns.
    pub columns: Vec<Column>,
}

impl Layer {
    /// The layer that a line declares; `None` when it declares none.
    pub fn from_line(line: &str, first: usize) -> Option<Self> {
        let (kind, rest) = [("#T_SP=", Kind::Span), ("#T_CH=", Kind::Chain), ("#T_RL=", Kind::Relation)]
            .into_iter()
            .find_map(|(prefix, kind)| Some((kind, line.strip_prefix(prefix)?)))?;
        let mut fields = rest.split('|');
        let name = fields.next().filter(|name| !name.is_empty())?.to_owned();
        let mut columns: Vec<Column> = Vec::new();
        for field in fields {
            let follows_role = columns.last() == Some(&Column::Role);
            columns.push(match field.strip_prefix("BT_") {
                Some(base) if kind == Kind::Relation => Column::Base(base.to_owned()),
                _ if kind == Kind::Span && field.starts_with("ROLE_") => Column::Role,
                _ if follows_role => Column::Target(field.to_owned()),
                _ => Column::Feature(field.to_owned()),
            });
        }
        if columns.is_empty() {
            columns.push(Column::Feature(String::new()));
        }
        Some(Self { kind, name, first, columns })
    }

    /// The last part of its type's name.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }

    /// The column, counted within the layer, that holds labels: `value`, or else the first feature.
    pub fn label_column(&self) -> Option<usize> {
        let is = |wanted: &str| self.columns.iter().position(|c| matches!(c, Column::Feature(name) if name == wanted));
        let first = || self.columns.iter().position(|c| matches!(c, Column::Feature(name) if !name.is_empty()));
        is("value").or_else(first)
    }
}

/// The layers of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The declarations as they stand.
    pub lines: Vec<String>,
    /// The layers, in the same order.
    pub layers: Vec<Layer>,
}

impl Schema {
    /// The layers that lines declare.
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut schema = Self::default();
        for line in lines {
            if let Some(layer) = Layer::from_line(line, schema.len_columns()) {
                schema.lines.push(line.to_owned());
                schema.layers.push(layer);
            }
        }
        schema
    }

    /// How many columns there are after id, place and word.
    pub fn len_columns(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.first + layer.columns.len())
    }

    /// The index of the layer that holds the mentions: named entities, or else the first layer of spans that is no one's grammar.
    pub fn mention_layer(&self) -> Option<usize> {
        let find = |fits: &dyn Fn(&Layer) -> bool| self.layers.iter().position(|l| l.kind == Kind::Span && fits(l));
        find(&|layer| layer.name == NAMED_ENTITY).or_else(|| find(&|layer| !layer.name.starts_with(LINGUISTIC)))
    }
}

/// Whether the version in the first line writes texts with the escapes of Java, as those before 3.2 do.
///
/// # Errors
/// [`FormatError::Malformed`] when it is no WebAnno TSV of version 3.
pub fn is_java_from_line(line: &str) -> Result<bool, FormatError> {
    let malformed = |words: String| FormatError::Malformed { format: "webanno-tsv", words, line: Some(1) };
    let Some(version) = line.strip_prefix(HEAD) else {
        return Err(malformed(format!("it does not begin with {HEAD:?}; WebAnno TSV before version 3 is not read")));
    };
    match version.trim().split_once('.') {
        Some(("3", minor)) => Ok(minor.parse::<u32>().is_ok_and(|minor| minor < 2)),
        _ => Err(malformed(format!("version {version} is not read, only version 3"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_columns() {
        let schema = Schema::from_lines([
            "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue",
            "#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:links_webanno.custom.Link|webanno.custom.Span|aFrame",
            "#T_SP=webanno.custom.Bare|",
            "#T_RL=webanno.custom.Rel|value|BT_webanno.custom.Span",
            "#T_CH=webanno.custom.Link|referenceRelation|referenceType",
        ]);
        let firsts: Vec<usize> = schema.layers.iter().map(|layer| layer.first).collect();
        assert_eq!((firsts, schema.len_columns()), (vec![0, 1, 4, 5, 7], 9));
        assert_eq!(
            schema.layers[1].columns,
            [Column::Role, Column::Target("webanno.custom.Span".into()), Column::Feature("aFrame".into())]
        );
        assert_eq!(schema.layers[3].columns[1], Column::Base("webanno.custom.Span".into()));
        assert_eq!(schema.mention_layer(), Some(1));
        assert_eq!((schema.layers[1].label_column(), schema.layers[2].label_column()), (Some(2), None));
        let named = Layer::from_line(NAMED_ENTITY_LINE, 0).unwrap();
        assert_eq!((named.short_name(), named.label_column()), ("NamedEntity", Some(1)));
    }

    #[test]
    fn versions_are_told() {
        assert!(!is_java_from_line("#FORMAT=WebAnno TSV 3.3").unwrap());
        assert!(is_java_from_line("#FORMAT=WebAnno TSV 3.0").unwrap());
        for old in ["#FORMAT=WebAnno TSV 2.0", "# webanno.custom.Span | value", ""] {
            let error = is_java_from_line(old).unwrap_err().to_string();
            assert!(error.contains("not read"), "{error}");
        }
    }
}
