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
pub mod formats {
    pub mod decoding;
    pub mod format;
    pub mod json_frame;
    pub mod json_meta;
    pub mod label_file;
    pub mod offset_unit;
    pub mod plain_text;
    pub mod problem;
    pub mod sample;
    pub mod training_json;
    pub mod training_json_writer;
    pub mod training_record;
}

/// Keeping a project: one SQLite file. Knows the domain alone; a save that returned is on the disk.
pub mod store {
    mod articles;
    mod backup;
    mod checking;
    pub mod contract;
    mod database;
    mod exporting;
    mod hardening;
    mod importing;
    mod labels;
    mod layers;
    mod listing;
    pub mod lock;
    mod migration;
    mod search;
    mod spans;
    pub mod sqlite;
    mod statistics;
}

/// Moving articles between files and a project: the one place where a path becomes the bytes of a format. Prints nothing.
pub mod exchange {
    pub mod atomic_file;
    pub mod export;
    pub mod import;
}

/// Shaping, wrapping, hit testing and editing of text by parley. Knows no window and no mentions.
pub mod text {
    pub mod engine;
}

/// The command line: arguments, commands, reports, exit codes. Knows no window.
pub mod cli {
    pub mod args;
    pub mod check;
    pub mod export;
    pub mod import;
    pub mod new;
    pub mod opening;
    pub mod report;
    pub mod run;
    pub mod stats;
}
