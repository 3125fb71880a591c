//! What answers requests. Each is a [`Service`](crate::Service) or a part of one.
//!
//! | file | knows |
//! |---|---|
//! | `site.rs` | which request goes where; `OPTIONS`, 405, 501 |
//! | `files.rs` | GET and HEAD of files and folders |
//! | `conditional.rs` | `ETag`, `Last-Modified`: whether the client has it already (304) |
//! | `range.rs` | where a range is cut (206, 416) |
//! | `gzip.rs` | who takes gzip, and what is worth it |
//! | `listing.rs` | the page of a folder |
//! | `echo.rs` | the body back |
//! | `upload.rs` | `PUT /NAME`, `POST /upload` |
//! | `multipart.rs` | what a browser's form sends, part by part |

mod conditional;
mod echo;
mod files;
mod gzip;
mod listing;
mod multipart;
mod range;
mod site;
mod upload;

pub use files::Files;
pub use site::Site;
pub use upload::Uploads;
