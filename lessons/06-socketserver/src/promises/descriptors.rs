//! The promise: as many descriptors as this system allows. The soft limit is raised to the hard one at the start.
//!
//! Each connection is a descriptor. A shell often starts a program with a soft limit of 1,024 (`ulimit -Sn`), one less than
//! the clients this server takes; the hard limit (`ulimit -Hn`) is what the system's owner meant.
//!
//! The price: one system call, and a program that used `select(2)` would break above 1,024. Ours does not.

/// Raises the soft limit as far as it goes, and gives it. `None` where there is none, or none that can be known.
pub fn raise_descriptor_limit() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        let _ = setrlimit(Resource::Nofile, limit); // refused (macOS: over OPEN_MAX): the old one stays
        getrlimit(Resource::Nofile).current
    }
    #[cfg(not(unix))]
    None
}
