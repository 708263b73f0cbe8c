//! The command `check`: faults of a project.
//!
//! Owns how faults are said. It must not change the project.

use crate::cli::args::CheckArguments;
use crate::cli::report::{Outcome, Report, counted};
use crate::exchange::import::existing_project;
use crate::store::contract::Store;
use crate::store::fault::Fault;
use crate::store::sqlite::SqliteStore;
use anyhow::Result;
use serde_json::{Value, json};
use std::ops::ControlFlow;

/// Looks for faults and says each.
///
/// # Errors
/// Why the project cannot be read at all, in a sentence.
pub fn run(arguments: &CheckArguments, report: &mut Report) -> Result<()> {
    let store = SqliteStore::open_read_only(&existing_project(&arguments.project))?;
    report.begin_progress("checking articles");
    let bar = report.bar();
    let faults = store.check(&mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
        ControlFlow::Continue(())
    })?;
    report.end_progress();
    let project = arguments.project.display();
    let lines: Vec<String> = match faults.as_slice() {
        [] => vec![format!("{project}: no fault found")],
        faults => {
            report.worsen(Outcome::Problems);
            let count = u64::try_from(faults.len())?;
            let all = faults.iter().map(|fault| format!("{project}: {}", sentence(fault)));
            all.chain([format!("{project}: {}", counted(count, "fault"))]).collect()
        }
    };
    let values: Vec<Value> = faults
        .iter()
        .map(|fault| json!({"kind": fault.kind(), "article": fault.article, "message": fault.to_string()}))
        .collect();
    report.result("check", &lines, json!({"project": arguments.project.to_string_lossy(), "faults": values}))?;
    Ok(())
}

fn sentence(fault: &Fault) -> String {
    match &fault.article {
        Some(article) => format!("{article}: {fault} ({})", fault.kind()),
        None => format!("{fault} ({})", fault.kind()),
    }
}
