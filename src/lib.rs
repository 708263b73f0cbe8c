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
    pub mod name;
    pub mod name_view;
    pub mod offset;
    pub mod offset_map;
    pub mod projection;
    pub mod record;
    pub mod segmentation;
    pub mod sentence;
    pub mod snap;
    pub mod suggestion;
    pub mod tag_scheme;
    pub mod token;
}

/// What the program could know: engines that suggest mentions, each by itself. Knows the domain alone: no files, no clock, no threads.
pub mod suggest {
    mod calibration;
    mod chain;
    mod evidence;
    mod finished_words;
    pub mod gazetteer;
    mod known_text;
    pub mod lexicon;
    mod name_matcher;
    pub mod ranking;
    mod seeded;
    pub mod suggester;
    pub mod tagger;
    mod tagger_cues;
    pub mod tagger_evaluation;
    pub mod tagger_example;
    pub mod tagger_features;
    mod tagger_learner;
    pub mod tagger_model;
    mod tagger_reading;
    pub mod tagger_training;
    pub mod tags;
    pub mod track_record;
    mod word_trie;
}

/// Files of other programs and our own: bytes in, bytes out. Knows no paths and no store.
pub mod formats {
    pub mod bdocjs;
    pub mod brat;
    mod brat_kept;
    mod brat_layer;
    mod brat_line;
    mod brat_text;
    mod brat_types;
    pub mod brat_writer;
    pub mod cas;
    pub mod cas_json;
    pub mod conll;
    pub mod conll_columns;
    pub mod conll_layout;
    pub mod conll_writer;
    pub mod conllu;
    pub mod conllu_sentence;
    pub mod conllu_writer;
    pub mod decoding;
    pub mod delimited;
    pub mod delimited_cell;
    pub mod delimited_input;
    pub mod delimited_writer;
    pub mod doccano;
    pub mod doccano_labels;
    mod doccano_record;
    mod doccano_writer;
    pub mod file_name;
    pub mod files;
    pub mod finding;
    pub mod foreign;
    pub mod format;
    pub mod gate;
    pub mod gate_document;
    pub mod gazetteer_file;
    pub mod gliner;
    pub mod gliner_writer;
    #[cfg(test)]
    mod hard_json;
    pub mod held_counts;
    pub mod html;
    pub mod html_marks;
    pub mod hugging_face;
    pub mod hugging_face_features;
    pub mod hugging_face_row;
    pub mod hugging_face_writer;
    pub mod json_frame;
    pub mod json_members;
    pub mod json_meta;
    pub mod json_object;
    pub mod json_values;
    pub mod kept_ids;
    pub mod kept_tokens;
    pub mod label_file;
    pub mod label_studio;
    pub mod label_studio_config;
    pub mod label_studio_min;
    mod label_studio_min_writer;
    mod label_studio_task;
    mod label_studio_unit;
    mod label_studio_writer;
    pub mod losses;
    pub mod losses_b;
    pub mod losses_d;
    pub mod message_pack;
    pub mod not_held;
    pub mod offset_unit;
    pub mod parquet_file;
    pub mod placed_mention;
    pub mod placed_span;
    pub mod plain_text;
    pub mod problem;
    pub mod prodigy;
    pub mod prodigy_writer;
    pub mod pubannotation;
    pub mod pubannotation_writer;
    pub mod sample;
    pub mod sentence_rows;
    pub mod sniff;
    pub mod spaced_words;
    pub mod spacy_bin;
    pub mod spacy_bin_file;
    pub mod spacy_bin_writer;
    pub mod spacy_carried;
    pub mod spacy_json;
    pub mod spacy_json_writer;
    pub mod spacy_strings;
    pub mod spacy_symbols;
    pub mod spacy_tuples;
    pub mod suggestion_lines;
    pub mod tagged_lines;
    pub mod text_lines;
    pub mod token_article;
    pub mod token_flat;
    pub mod token_mentions;
    pub mod token_rows;
    pub mod token_spans;
    pub mod training_article;
    pub mod training_json;
    pub mod training_json_writer;
    pub mod training_record;
    #[cfg(test)]
    pub(crate) mod trial;
    pub mod web_annotation;
    pub mod web_annotation_writer;
    pub mod web_document;
    pub mod web_mention;
    pub mod web_selector;
    mod webanno_body;
    mod webanno_cells;
    mod webanno_escape;
    mod webanno_kept;
    mod webanno_layer;
    mod webanno_schema;
    pub mod webanno_tsv;
    pub mod webanno_tsv_writer;
    mod webanno_units;
    pub mod xmi;
    pub mod xml_file;
    pub mod zlib_parts;
}

/// Keeping a project: one SQLite file. Knows the domain alone; a save that returned is on the disk.
pub mod store {
    mod articles;
    mod backup;
    mod carried;
    pub mod changes;
    mod checking;
    pub mod contract;
    mod database;
    mod exporting;
    pub mod fault;
    mod hardening;
    pub mod hits;
    mod importing;
    pub mod knowledge;
    mod labels;
    mod layers;
    mod learning;
    mod listing;
    pub mod lock;
    mod looking;
    mod migration;
    pub mod mirror;
    mod name_lists;
    mod narrowing;
    mod ordering;
    mod patterns;
    pub mod reason;
    mod search;
    mod spans;
    pub mod sqlite;
    mod statistics;
    mod suggestions;
}

/// Moving articles between files and a project: the one place where a path becomes the bytes of a format. Prints nothing.
pub mod exchange {
    pub mod archive;
    pub mod atomic_file;
    pub mod card;
    pub mod convert;
    pub mod convert_lines;
    pub mod counted;
    pub mod course;
    pub mod delivery;
    pub mod engines;
    pub mod export;
    pub mod folder;
    pub mod given;
    pub mod import;
    pub mod label_map;
    pub mod label_numbers;
    pub mod landing;
    pub mod names;
    pub mod plan;
    pub mod rehearsal;
    pub mod split;
    pub mod survey;
}

/// Shaping, wrapping, hit testing and editing of text by parley. Knows no window and no mentions.
pub mod text {
    pub mod caret;
    pub mod controls;
    mod coverage;
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
    pub mod hit_line;
    mod layout_cache;
    pub mod missing;
    pub mod navigation;
    pub mod paragraphs;
    pub mod scroll;
    mod words;
}

/// What a person does: commands in, state changed, effects out. Knows no window; `update` alone changes the state.
pub mod session {
    pub mod acts;
    pub mod advice;
    pub mod adviser;
    pub mod bulk;
    pub mod chord;
    pub mod command;
    pub mod command_line;
    pub mod driver;
    pub mod effect;
    pub mod errands;
    pub mod exchange_setting;
    pub mod exporting;
    pub mod external;
    mod external_process;
    pub mod external_trial;
    pub mod finder;
    pub mod finding;
    pub mod importing;
    pub mod jobs;
    pub mod keeper;
    pub mod key_editing;
    pub mod label_editing;
    pub mod learning;
    pub mod left_out;
    pub mod marking;
    pub mod mention_list;
    pub mod message;
    pub mod opening;
    pub mod outsider;
    pub mod reader;
    pub mod reasons;
    pub mod rescue;
    pub mod same;
    pub mod saving;
    pub mod selecting;
    pub mod settings;
    pub mod shortcut;
    pub mod state;
    pub mod suggesting;
    pub mod telling;
    mod telling_formats;
    pub mod trainer;
    pub mod update;
    pub mod viewing;
    pub mod walking;
    pub mod worker;
}

/// The window: panels that read the state and push commands. Every word a user reads is laid out by `text` and drawn by `ui::galley`.
pub mod ui {
    pub mod act_finder;
    pub mod annotator_dialog;
    pub mod app;
    pub mod article_list;
    pub mod article_paint;
    pub mod article_view;
    pub mod choices;
    pub mod dialogs;
    pub mod empty_pane;
    pub mod export_dialog;
    pub mod export_options;
    pub mod external_dialog;
    pub mod field;
    pub mod find_acts;
    pub mod find_lines;
    pub mod find_panel;
    pub mod find_rows;
    pub mod folder_reader;
    pub mod form;
    pub mod format_words;
    pub mod fuzzy;
    pub mod galley;
    pub mod glyphs;
    pub mod icons;
    pub mod import_dialog;
    pub mod import_labels;
    pub mod import_preview;
    pub mod key_caps;
    pub mod keyboard;
    pub mod keys_sheet;
    pub mod kit;
    pub mod label_draft;
    pub mod label_editor;
    pub mod label_finder;
    pub mod label_menu;
    pub mod list_menu;
    pub mod locale;
    pub mod long_list;
    pub mod mention_panel;
    pub mod modal;
    pub mod names_dialog;
    pub mod note_draft;
    pub mod palette_bar;
    pub mod path_completion;
    pub mod path_dialog;
    pub mod problems_dialog;
    mod rows;
    pub mod rules_dialog;
    pub mod same_pill;
    pub mod screen_reader;
    pub mod scroll_bar;
    pub mod slider;
    pub mod start_clock;
    pub mod start_screen;
    pub mod status_bar;
    pub mod suggestion_panel;
    pub mod suggestion_words;
    pub mod theme;
    pub mod toasts;
    pub mod top_bar;
    pub mod typing;
}

/// The command line: arguments, commands, reports, exit codes. Knows no window.
pub mod cli {
    pub mod args;
    pub mod args_exchange;
    pub mod check;
    pub mod convert;
    pub mod corpus;
    pub mod exchange_options;
    pub mod export;
    pub mod formats;
    pub mod import;
    pub mod new;
    pub mod opening;
    pub mod report;
    pub mod run;
    pub mod simulate;
    pub mod simulation;
    pub mod stats;
    pub mod suggest;
    pub mod train;
}
