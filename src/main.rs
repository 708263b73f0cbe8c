//! x
fn main() -> anyhow::Result<()> {
    barchasb::ui::app::run(std::env::args_os().skip(1).map(Into::into).collect())
}
