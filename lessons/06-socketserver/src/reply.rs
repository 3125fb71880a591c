//! The handler of the tutorials: it answers each message with a sentence around it.
//!
//! ```text
//! request   00 00 00 06  E5 8C 97 E9 BC BB                       `北鼻`
//! answer    00 00 00 34  我已收到您的请求[北鼻],感谢您的关注!    "I have received your request [...], thank you!"
//! ```
//!
//! On the python wire the same bytes without the lengths: `python/unframed.rs`.

use std::io::{self, Read, Write};

use common::Timeouts;
use lesson04::{FixedHeader, MessageStream, Times};

/// The sentence. What is not UTF-8 becomes U+FFFD.
pub fn reply(message: &[u8]) -> String {
    let message = String::from_utf8_lossy(message);
    format!("我已收到您的请求[{message}],感谢您的关注!")
}

/// Serves one connection until its end.
///
/// # Errors
/// The stream failed, or the peer broke the protocol.
// ANCHOR: serve
pub fn serve_replies<S: Read + Write + Timeouts>(stream: S, times: Times) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, FixedHeader::course(), times);
    while let Some(message) = stream.read_message()? {
        let answer = reply(message);
        stream.write_message(answer.as_bytes())?;
    }
    Ok(())
}
// ANCHOR_END: serve

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_the_tutorials() {
        let sentence = reply("北鼻".as_bytes());
        assert_eq!(sentence, "我已收到您的请求[北鼻],感谢您的关注!");
        assert_eq!(sentence.len(), 0x34);
        assert_eq!(
            reply(b"a\xffb"),
            "我已收到您的请求[a\u{fffd}b],感谢您的关注!"
        );
        assert_eq!(reply(b""), "我已收到您的请求[],感谢您的关注!");
    }
}
