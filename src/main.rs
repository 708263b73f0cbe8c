//! The program: arguments to a command or the window.

use barchasb::cli::run::run;
use barchasb::ui::app;
use std::process::ExitCode;
use std::time::Instant;
use tracing_subscriber::EnvFilter;

/// The library that reads Parquet panics on some damaged files. Its calls are guarded and become an error with a sentence of our own, so its
/// words need not reach the terminal; every other panic is told as ever.
fn keep_guarded_panics_quiet() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("/parquet-")) {
            told(panic);
        }
    }));
}

fn main() -> ExitCode {
    let began = Instant::now();
    // What happens inside is told on the standard error to who asks: `BARCHASB_LOG=debug`.
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_env("BARCHASB_LOG")).with_writer(std::io::stderr).init();
    keep_guarded_panics_quiet();
    run(|project| Ok(app::run(project.map(std::path::Path::to_owned).into_iter().collect(), began)?))
}
