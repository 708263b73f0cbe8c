//! Barchasb (برچسب, "label"): people label named entities in Persian news articles, one native program, one file.
//!
//! This page is the map of the house. The layers stand in order; a layer may use those above it in this list and never
//! those below (the test `layers_point_down` holds that). `ARCHITECTURE.md` tells the rest.

/// What labelling is: texts, offsets, words, labels, mentions and how they change. Knows nothing else: no files, no clock, no threads.
pub mod domain {
    pub mod article;
    pub mod bitmap;
    pub mod edit;
    pub mod fold;
    pub mod fold_map;
    pub mod grapheme;
    pub mod label;
    pub mod layer;
    pub mod mention;
    pub mod offset;
    pub mod offset_map;
    pub mod record;
    pub mod snap;
    pub mod token;
}

/// Files of other programs and our own: bytes in, bytes out. Knows no paths and no store.
pub mod formats {}

/// Keeping a project: one SQLite file. Knows the domain alone; a save that returned is on the disk.
pub mod store {
    pub mod contract;
}

/// Shaping, wrapping, hit testing and editing of text by parley. Knows no window and no mentions.
pub mod text {
    pub mod caret;
    pub mod controls;
    pub mod document;
    pub mod editing;
    pub mod engine;
    pub mod field;
    pub mod field_edit;
    pub mod field_history;
    pub mod geometry;
    #[cfg(test)]
    mod hard_lines;
    pub mod heights;
    mod layout_cache;
    pub mod navigation;
    pub mod paragraphs;
    pub mod scroll;
    mod words;
}

/// What a person does: commands in, state changed, effects out. Knows no window; `update` alone changes the state.
pub mod session {
    pub mod command;
    pub mod effect;
    pub mod label_editing;
    pub mod marking;
    pub mod mention_list;
    pub mod message;
    pub mod opening;
    pub mod saving;
    pub mod selecting;
    pub mod settings;
    pub mod state;
    pub mod update;
    pub mod viewing;
    pub mod walking;
}

/// The window: panels that read the state and push commands. Every word a user reads is laid out by `text` and drawn by `ui::galley`.
pub mod ui {
    pub mod annotator_dialog;
    pub mod dialogs;
    pub mod field;
    pub mod folder_reader;
    pub mod form;
    pub mod galley;
    pub mod glyphs;
    pub mod keys_sheet;
    pub mod kit;
    pub mod label_draft;
    pub mod label_editor;
    pub mod locale;
    pub mod modal;
    pub mod path_completion;
    pub mod path_dialog;
    pub mod problems_dialog;
    pub mod rules_dialog;
    pub mod start_screen;
    pub mod theme;
    pub mod typing;
}
