//! The tutorials' bytes: the same sentence, without lengths.

mod unframed;

pub use unframed::serve_unframed_replies;
