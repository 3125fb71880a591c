//! Runs a stranger's command: allowlist, limits, process group, and what Ctrl-C has to tidy up.
#![forbid(unsafe_code)]
