//! The program: arguments to a command or the window.

use barchasb::cli::run::run;
use barchasb::ui::app;
use std::process::ExitCode;
use std::time::Instant;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let began = Instant::now();
    // What happens inside is told on the standard error to who asks: `BARCHASB_LOG=debug`.
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_env("BARCHASB_LOG")).with_writer(std::io::stderr).init();
    run(|project| Ok(app::run(project.map(std::path::Path::to_owned).into_iter().collect(), began)?))
}
