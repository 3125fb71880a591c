//! The promise: a failing `accept` does not burn the processor. The pause is 10 ms and doubles up to 1 s.
//!
//! When the descriptors are gone `accept` fails at once, again and again: 18 million times in 4 s were seen. The client
//! stays in the kernel's queue meanwhile, and is served when somebody else has left.
//!
//! The price: after the failure is over a client may wait for the rest of the pause, up to 1 s.

use std::time::Duration;

use crate::promises::connections::Connections;

const FIRST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_secs(1);

/// The pause of one accept loop.
pub(crate) struct BackOff(Duration);

impl Default for BackOff {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl BackOff {
    /// Waits, unless the server is told to stop.
    pub(crate) fn wait(&mut self, connections: &Connections) {
        connections.pause(self.0);
        self.0 = (self.0 * 2).min(LONGEST);
    }

    /// The call has succeeded: the next failure waits the first pause again.
    pub(crate) fn reset(&mut self) {
        self.0 = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn each_pause_is_twice_the_last_up_to_a_second_until_a_call_succeeds() {
        let (mut back_off, connections) = (BackOff::default(), Connections::default());
        let began = Instant::now();
        for doubled in [20, 40, 80] {
            back_off.wait(&connections);
            assert_eq!(back_off.0, Duration::from_millis(doubled));
        }
        assert!(began.elapsed() >= Duration::from_millis(70));
        connections.stop();
        for _ in 0..10 {
            back_off.wait(&connections); // a server that is told to stop does not wait
        }
        assert_eq!(back_off.0, LONGEST);
        assert!(began.elapsed() < Duration::from_secs(2));
        back_off.reset();
        assert_eq!(back_off.0, FIRST);
    }
}
