//! The tutorials' bytes, where they differ from the course's: requests without a framing, a length without an end.

pub(crate) mod recv_ready;
pub(crate) mod unframed;
