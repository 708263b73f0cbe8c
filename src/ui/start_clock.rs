//! The start clock: how long it took until the first frame, and the first article, stood on the screen.
//!
//! Owns two lines of the log, written for who asks with `BARCHASB_LOG=info`. It must not cost a frame otherwise.

use egui::Context;
use std::time::Instant;
use tracing::Level;

/// The clock. What it tells is counted from when the program began.
#[derive(Debug)]
pub struct StartClock {
    began: Instant,
    frame_told: bool,
    article_told: bool,
    painted: bool,
}

impl StartClock {
    /// A clock that runs since `began`.
    #[must_use]
    pub fn new(began: Instant) -> Self {
        Self { began, frame_told: false, article_told: false, painted: false }
    }

    /// Must be called before each frame: what was asked for in the frame before is on the screen by then.
    pub fn before_frame(&mut self, ctx: &Context, article_is_open: bool) {
        if self.article_told || !tracing::enabled!(Level::INFO) {
            return;
        }
        let milliseconds = self.began.elapsed().as_secs_f64() * 1000.0;
        if self.painted && !self.frame_told {
            self.frame_told = true;
            tracing::info!(milliseconds, "first frame");
        }
        if self.painted && article_is_open {
            self.article_told = true;
            tracing::info!(milliseconds, "first article");
            return;
        }
        self.painted = true;
        ctx.request_repaint();
    }
}
