//! Barchasb (برچسب, "label"): people label named entities in Persian news articles, one native program, one file.
//!
//! This page is the map of the house. The layers stand in order; a layer may use those above it in this list and never
//! those below (the test `layers_point_down` holds that). `ARCHITECTURE.md` tells the rest.

/// What labelling is: texts, offsets, words, labels, mentions and how they change. Knows nothing else: no files, no clock, no threads.
pub mod domain {
    pub mod article;
    pub mod bitmap;
    pub mod decision;
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
    pub(crate) mod seeded;
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

/// What there is to say of several layers: how they align, how far they agree, what gold comes of them, in numbers and pictures. Knows the domain alone.
pub mod analysis {
    pub mod adjudicate;
    pub mod agreement;
    #[cfg(test)]
    mod agreement_cases;
    #[cfg(test)]
    mod agreement_laws;
    pub mod align;
    mod assignment;
    pub mod bootstrap;
    pub mod case;
    pub mod chart_bars;
    pub mod chart_boxes;
    pub mod chart_frame;
    pub mod chart_heat;
    pub mod chart_lines;
    pub mod chart_stack;
    mod cheapest;
    pub mod coded_layer;
    pub mod confusion;
    pub mod confusion_cases;
    pub mod continuum;
    pub mod difference;
    pub mod disputes;
    pub mod ending;
    pub mod fault;
    pub mod gamma;
    mod gamma_alignment;
    mod gamma_chance;
    mod gamma_search;
    pub mod label_counts;
    pub mod label_table;
    pub mod matched;
    mod matching;
    pub mod merged_labels;
    mod overlap;
    pub mod partial_credit;
    pub mod picture;
    pub mod place;
    pub mod progress;
    pub mod reason_places;
    pub mod statistics;
    pub mod strategy;
    pub mod undefined;
    pub mod working_time;
}

/// Files of other programs and our own: bytes in, bytes out. Knows no paths and no store.
pub mod formats {
    /// brat standoff: a text and, beside it, its annotations. A line that is no mention is kept and written back.
    pub mod brat {
        mod kept;
        mod layer;
        mod line;
        pub mod reader;
        mod text;
        mod types;
        pub mod writer;
    }

    /// UIMA: an analysis structure, and its forms XMI and CAS JSON. How it is written and what it means stay apart.
    pub mod cas {
        mod document;
        pub mod json;
        pub mod xmi;
    }

    /// The CoNLL family and CoNLL-U: tokens and tags in lines. One sentence or article is in memory, whatever the file.
    pub mod conll {
        pub mod article;
        pub mod columns;
        pub mod conllu_reader;
        pub mod conllu_sentence;
        mod conllu_writer;
        pub mod layout;
        pub mod lines;
        pub mod reader;
        pub mod rows;
        mod writer;
    }

    /// Tables of comma- or tab-separated values. A cell comes back as it was, and is never a formula.
    pub mod delimited {
        pub mod cell;
        pub mod input;
        pub mod quotes;
        pub mod reader;
        pub mod writer;
    }

    /// doccano JSONL, in all the forms it has had. A record is a line.
    pub mod doccano {
        pub mod labels;
        pub mod reader;
        mod record;
        mod writer;
    }

    /// GATE: a document, and its forms GATE XML and bdocjs. How it is written and what it means stay apart.
    pub mod gate {
        pub mod bdocjs;
        mod document;
        pub mod xml;
    }

    /// The training data of GLiNER: tokens and spans of token indices, a sentence a row.
    pub mod gliner {
        pub mod reader;
        pub mod writer;
    }

    /// A page for people to read. Nothing of a file stands in it unescaped.
    pub mod html {
        pub mod marks;
        pub mod page;
    }

    /// Datasets of Hugging Face: Parquet files, a sentence a row. One row group is in memory.
    pub mod hugging_face {
        pub mod features;
        mod parquet_file;
        pub mod reader;
        mod row;
        mod writer;
    }

    /// Objects of other programs' JSON. Members keep their order and their JSON to the letter.
    pub mod json {
        pub(crate) mod array_output;
        pub mod object;
        pub mod values_output;
    }

    /// Label Studio's JSON and JSON_MIN. A result that is no mention is kept and written back.
    pub mod label_studio {
        mod annotation;
        pub mod config;
        mod frame_reader;
        pub mod min_reader;
        mod min_writer;
        pub mod reader;
        mod task;
        mod unit;
        mod writer;
    }

    /// Prodigy's JSON Lines. An answer that is not accepted gives no mentions.
    pub mod prodigy {
        pub mod reader;
        pub mod writer;
    }

    /// spaCy: DocBin, the JSON of version 2 and training tuples. What a document has besides mentions is kept and written back.
    pub mod spacy {
        mod bin_file;
        pub mod bin_reader;
        pub mod bin_writer;
        pub mod carried;
        pub mod json_reader;
        mod json_writer;
        pub mod message_pack;
        pub mod strings;
        pub mod symbols;
        pub mod tuples;
        pub mod zlib_parts;
    }

    /// Mentions on tokens, for every format that has tokens. What moves or is left out is said.
    pub mod tokens {
        pub mod kept;
        pub mod mentions;
        pub mod rows;
        pub mod sentences;
        pub mod spaced;
    }

    /// Annotations of the web: PubAnnotation and the W3C's. A place is believed only where the text agrees.
    pub mod web {
        pub mod annotation;
        pub mod annotation_writer;
        pub mod document;
        pub mod kept_ids;
        mod mention;
        pub mod pubannotation;
        mod pubannotation_writer;
        pub mod selector;
    }

    /// WebAnno TSV 3. Columns that are no mentions are kept and written back.
    pub mod webanno {
        mod body;
        mod cells;
        mod escape;
        mod kept;
        mod layer;
        pub mod reader;
        mod schema;
        mod units;
        pub mod writer;
    }

    pub mod decoding;
    pub mod file_name;
    pub mod file_span;
    pub mod files;
    pub mod finding;
    pub mod foreign;
    pub mod format;
    pub mod gazetteer_file;
    #[cfg(test)]
    mod hard_json;
    pub mod held_counts;
    pub mod json_frame;
    pub mod json_meta;
    pub mod label_file;
    pub mod label_numbers;
    pub mod losses;
    pub mod offset_unit;
    pub mod plain_text;
    pub mod problem;
    pub mod problem_fold;
    pub mod sample;
    mod shared_input;
    pub mod sniff;
    pub mod suggestion_lines;
    pub mod tagged_lines;
    pub mod training_article;
    pub mod training_decision;
    pub mod training_json;
    pub mod training_json_writer;
    pub mod training_record;
    pub mod training_unit;
    #[cfg(test)]
    pub(crate) mod trial;
    pub mod unsaid_status;
    pub mod xml_file;
}

/// What is said to people: messages without a language, and the words of two languages for them. Knows no window.
pub mod words {
    pub mod language;
    pub mod locale;
    pub mod message;
    pub mod time;
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
    mod decision_records;
    pub mod decisions;
    mod edition;
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
    mod merged;
    pub mod merging;
    mod migration;
    pub mod mirror;
    mod name_lists;
    mod narrowing;
    mod ordering;
    mod patterns;
    pub mod reason;
    pub mod review;
    mod search;
    pub mod sending;
    mod spans;
    pub mod sqlite;
    mod statistics;
    mod suggestions;
    pub mod theirs;
}

/// Moving articles between files and a project: the one place where a path becomes the bytes of a format. Prints nothing.
pub mod exchange {
    pub mod adjudged;
    pub mod adjudicate;
    pub mod agree;
    pub mod agree_files;
    pub mod agree_project;
    pub mod archive;
    pub mod atomic_file;
    pub mod card;
    pub mod convert;
    pub mod convert_lines;
    pub mod counted;
    pub mod course;
    pub mod delivery;
    pub mod earlier_export;
    pub mod engines;
    pub mod export;
    pub mod folder;
    pub mod given;
    pub mod import;
    pub mod label_map;
    pub mod landing;
    pub mod merge;
    pub mod mirror;
    pub mod mirror_changes;
    pub mod mirror_names;
    pub mod names;
    pub mod overview;
    pub mod overview_pictures;
    pub mod overview_table;
    pub mod picture_png;
    pub mod picture_svg;
    pub mod plan;
    pub mod realign;
    pub mod rehearsal;
    pub mod report;
    pub mod split;
    pub mod survey;
    pub mod topic;
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
    pub mod ask;
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
    pub mod feedback;
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
    mod merge_job;
    pub mod merging;
    mod mirror_job;
    pub mod mirroring;
    pub mod opening;
    pub mod outsider;
    pub mod reader;
    pub mod reasons;
    pub mod rescue;
    pub mod review;
    pub mod review_command;
    pub mod review_reasons;
    pub mod reviewing;
    pub mod same;
    pub mod saving;
    pub mod seeking;
    pub mod selecting;
    pub mod settings;
    pub mod shortcut;
    pub mod state;
    pub mod statistics;
    mod statistics_job;
    pub mod suggesting;
    pub mod sweep;
    pub mod sweeping;
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
    pub mod feedback_panel;
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
    pub mod long_list;
    mod mention_names;
    pub mod mention_panel;
    pub mod merge_dialog;
    pub mod mirror_dialog;
    pub mod modal;
    pub mod mode_switch;
    pub mod names_dialog;
    pub mod note_draft;
    pub mod palette_bar;
    pub mod path_completion;
    pub mod path_dialog;
    pub mod picture_paint;
    pub mod problems_dialog;
    pub mod reasons_dialog;
    mod review_drawn;
    mod review_figures;
    mod review_paint;
    pub mod review_panel;
    mod review_row;
    mod review_strip;
    mod review_words;
    mod rows;
    pub mod rules_dialog;
    pub mod same_pill;
    pub mod screen_reader;
    pub mod scroll_bar;
    pub mod slider;
    pub mod start_clock;
    pub mod start_screen;
    pub mod statistics_panel;
    pub mod status_bar;
    pub mod strategy_dialog;
    pub mod suggestion_panel;
    pub mod suggestion_words;
    pub mod sweep_dialog;
    pub mod theme;
    pub mod toasts;
    pub mod top_bar;
    pub mod typing;
}

/// The command line: arguments, commands, reports, exit codes. Knows no window.
pub mod cli {
    pub mod adjudicate;
    pub mod agree;
    mod agree_json;
    mod agree_measures;
    mod agree_table;
    pub mod args;
    pub mod args_exchange;
    pub mod args_merge;
    pub mod args_report;
    pub mod args_review;
    pub mod check;
    pub mod convert;
    pub mod corpus;
    pub mod exchange_options;
    pub mod export;
    pub mod formats;
    pub mod import;
    pub mod merge;
    pub mod mirror;
    pub mod new;
    pub mod opening;
    pub mod overview;
    pub mod report;
    pub mod run;
    pub mod send;
    pub mod simulate;
    pub mod simulation;
    pub mod stats;
    pub mod suggest;
    pub mod train;
}
