//! A call that failed is tried again after a pause. The price: a client that comes in the pause waits for its end.
//!
//! Without it an accept loop that was out of descriptors made 18 million failing calls in 4 s.

use std::thread;
use std::time::Duration;

const MIN: Duration = Duration::from_millis(10);
const MAX: Duration = Duration::from_secs(1);

/// 10 ms, 20 ms, 40 ms ... 1 s.
#[derive(Debug)]
pub(crate) struct BackOff {
    pause: Duration,
}

impl Default for BackOff {
    fn default() -> Self {
        Self { pause: MIN }
    }
}

impl BackOff {
    /// The call has succeeded: the next failure waits the first pause again.
    pub(crate) fn reset(&mut self) {
        self.pause = MIN;
    }

    /// The call has failed.
    pub(crate) fn wait(&mut self) {
        thread::sleep(self.next());
    }

    fn next(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(MAX);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_second_and_begins_anew_after_a_success() {
        let mut back_off = BackOff::default();
        let pauses: Vec<u128> = (0..9).map(|_| back_off.next().as_millis()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
        back_off.reset();
        assert_eq!(back_off.next(), MIN);
    }
}
