//! Words with numbers, and names as paths of words.
//!
//! Owns the structure in which names are found one word after the other, and to which a name is added at any time. It must not
//! know what a name stands for: whoever adds one gets its number.

use crate::domain::name_view::NameView;
use rustc_hash::FxHashMap;

/// The number of a folded word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WordId(pub(crate) u32);

impl WordId {
    /// A word that has no number, and the edge of a text.
    pub(crate) const NONE: Self = Self(u32::MAX >> 1);
}

/// Folded words by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(FxHashMap<Box<str>, WordId>);

impl Words {
    /// The number of a word; [`WordId::NONE`] when it has none.
    pub(crate) fn get(&self, word: &str) -> WordId {
        self.0.get(word).copied().unwrap_or(WordId::NONE)
    }

    /// The number of a word, given now when it has none.
    pub(crate) fn add(&mut self, word: &str) -> WordId {
        let known = self.get(word);
        if known != WordId::NONE {
            return known;
        }
        let id = WordId(self.0.len() as u32);
        self.0.insert(word.into(), id);
        id
    }

    /// The numbers of a text's words, each given now when it has none.
    pub(crate) fn add_all(&mut self, view: &NameView) -> Vec<WordId> {
        view.words().iter().map(|word| self.add(view.word_key(word))).collect()
    }

    /// The numbers of a text's words.
    pub(crate) fn get_all(&self, view: &NameView) -> Vec<WordId> {
        view.words().iter().map(|word| self.get(view.word_key(word))).collect()
    }
}

/// A place in the tree: the words so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node(u32);

/// The number of a path of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PathId(pub(crate) u32);

impl PathId {
    const NONE: Self = Self(u32::MAX);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Paths of words.
#[derive(Clone, Debug)]
pub(crate) struct WordTrie {
    edges: FxHashMap<(Node, WordId), Node>,
    /// Which path ends at a node.
    ends: Vec<PathId>,
    paths: u32,
}

impl Default for WordTrie {
    fn default() -> Self {
        Self { edges: FxHashMap::default(), ends: vec![PathId::NONE], paths: 0 }
    }
}

impl WordTrie {
    /// No words so far.
    pub(crate) const ROOT: Node = Node(0);

    /// The path of these words and whether it is new.
    pub(crate) fn add(&mut self, words: impl Iterator<Item = WordId>) -> (PathId, bool) {
        let mut node = Self::ROOT;
        for word in words {
            let next = Node(self.ends.len() as u32);
            node = *self.edges.entry((node, word)).or_insert(next);
            if node == next {
                self.ends.push(PathId::NONE);
            }
        }
        let next = PathId(self.paths);
        match self.ends.get_mut(node.0 as usize) {
            Some(end) if *end == PathId::NONE => {
                *end = next;
                self.paths += 1;
                (next, true)
            }
            end => (end.map_or(next, |end| *end), false),
        }
    }

    /// Where a word leads.
    pub(crate) fn step(&self, node: Node, word: WordId) -> Option<Node> {
        self.edges.get(&(node, word)).copied()
    }

    /// The path that ends here.
    pub(crate) fn end(&self, node: Node) -> Option<PathId> {
        self.ends.get(node.0 as usize).copied().filter(|end| *end != PathId::NONE)
    }

    /// Every path in these words: where it begins, how many words it has, which it is.
    pub(crate) fn each(&self, words: &[WordId], mut found: impl FnMut(usize, usize, PathId)) {
        for start in 0..words.len() {
            let mut node = Self::ROOT;
            for (number, word) in words.iter().enumerate().skip(start) {
                let Some(next) = self.step(node, *word) else { break };
                node = next;
                if let Some(path) = self.end(node) {
                    found(start, number + 1 - start, path);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, usize, u32)]) {
        let mut words = Words::default();
        let mut trie = WordTrie::default();
        for name in ["نیروی انتظامی", "نیروی", "انتظامی ناجا", "نیروی"] {
            let name: Vec<WordId> = name.split(' ').map(|word| words.add(word)).collect();
            trie.add(name.into_iter());
        }
        let text: Vec<WordId> = text.split(' ').map(|word| words.get(word)).collect();
        let mut found = Vec::new();
        trie.each(&text, |start, len, path| found.push((start, len, path.0)));
        assert_eq!(found, expected);
    }

    #[test]
    fn every_path_is_found() {
        check("به نیروی انتظامی ناجا", &[(1, 1, 1), (1, 2, 0), (2, 2, 2)]);
        check("انتظامی نیروی", &[(1, 1, 1)]);
        check("به", &[]);
    }
}
