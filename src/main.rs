//! The program: arguments to a command or the window.

use anyhow::{Result, bail};
use barchasb::cli::run::run;
use std::path::Path;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // What happens inside is told on the standard error to who asks: `BARCHASB_LOG=debug`.
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_env("BARCHASB_LOG")).with_writer(std::io::stderr).init();
    run(open_window)
}

/// Opens the window on a project, or on none.
fn open_window(_project: Option<&Path>) -> Result<()> {
    bail!("the window is not built in yet; see `barchasb --help` for the commands")
}
