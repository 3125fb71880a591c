//! A progress bar on stderr, for a person: without a terminal there is none.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use crate::escaped::escaped_line;

/// A bar for the file `name`, unless it would disturb; it is to hear the bytes done and in all. Dropped, it leaves its line
/// free for the report that follows.
pub fn progress(name: &str, disturbs: bool) -> impl FnMut(u64, u64) + use<> {
    // Ten times a second: a bar that draws itself for each block would cost more than the copying. indicatif draws
    // nothing where stderr is not a terminal.
    let target = match disturbs {
        true => ProgressDrawTarget::hidden(),
        false => ProgressDrawTarget::stderr_with_hz(10),
    };
    let template = "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(0), target)
        .with_style(style.progress_chars("=> "))
        .with_message(escaped_line(name.as_bytes()))
        .with_finish(ProgressFinish::AndClear);
    move |done, size| {
        bar.set_length(size);
        bar.set_position(done);
    }
}
