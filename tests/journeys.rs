//! The program from outside: journeys through the window, and pictures of what it paints.
//!
//! One binary, a module for each journey. No test needs a GPU, a window system or the fonts of the machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails says where; clippy spares only the bodies of test functions"
)]

#[path = "support/canvas.rs"]
mod canvas;
#[path = "support/court.rs"]
mod court;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/project.rs"]
mod project;

#[path = "journeys/binary.rs"]
mod binary;
#[path = "journeys/bridge.rs"]
mod bridge;
#[path = "journeys/dialogs.rs"]
mod dialogs;
#[path = "journeys/events.rs"]
mod events;
#[path = "journeys/external.rs"]
#[cfg(unix)]
mod external;
#[path = "journeys/fields.rs"]
mod fields;
#[path = "journeys/hard_lines.rs"]
mod hard_lines;

#[path = "journeys/agree.rs"]
mod agree;
#[path = "journeys/bad_input.rs"]
mod bad_input;
#[path = "journeys/bad_projects.rs"]
mod bad_projects;
#[path = "journeys/commands.rs"]
mod commands;
#[path = "journeys/convert.rs"]
mod convert;
#[path = "journeys/exported_offsets.rs"]
mod exported_offsets;
#[path = "journeys/panels.rs"]
mod panels;
#[path = "journeys/send.rs"]
mod send;

#[path = "journeys/advice.rs"]
mod advice;
#[path = "journeys/exchange.rs"]
mod exchange;
#[path = "journeys/exchange_dialogs.rs"]
mod exchange_dialogs;
#[path = "journeys/find.rs"]
mod find;
#[path = "journeys/keys.rs"]
mod keys;
#[path = "journeys/label.rs"]
mod label;
#[path = "journeys/layers.rs"]
mod layers;
#[path = "journeys/merge.rs"]
mod merge;
#[path = "journeys/merge_dialog.rs"]
mod merge_dialog;
#[path = "journeys/merge_order.rs"]
mod merge_order;
#[path = "journeys/mirror.rs"]
mod mirror;
#[path = "journeys/report.rs"]
mod report;
#[path = "journeys/review.rs"]
mod review;
#[path = "journeys/review_sweep.rs"]
mod review_sweep;
#[path = "journeys/review_window.rs"]
mod review_window;
#[path = "journeys/safety.rs"]
mod safety;
#[path = "journeys/same.rs"]
mod same;
#[path = "journeys/simulation.rs"]
mod simulation;
#[path = "journeys/suggestions.rs"]
mod suggestions;
#[path = "journeys/telling.rs"]
mod telling;
#[path = "journeys/window.rs"]
mod window;
#[path = "journeys/words.rs"]
mod words;
