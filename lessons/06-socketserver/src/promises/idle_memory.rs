//! The promise: memory that a thousand connections needed while they were busy goes back to the system when they are silent.
//!
//! `lessons/04-fixed-header/src/promises/idle_memory.rs` frees it. But glibc's `free` keeps what it got: a thousand connections
//! that had each sent 200 KB held 490 MiB. Two of its settings decide that, and it reads them when a program starts:
//!
//! | setting | without | with |
//! |---|---|---|
//! | `MALLOC_MMAP_THRESHOLD_` | after the first large block is freed, larger and larger ones are kept | blocks over 64 KiB go back at once |
//! | `MALLOC_ARENA_MAX` | 8 heaps a core, 64 MiB of address space each: under `ulimit -v` nothing is left | 2 |
//!
//! The price: the program starts itself once more (`exec`: the same process, a millisecond). Where that fails, and on systems
//! without glibc, it goes on as it is.
//!
//! That is strange, and what was tried instead was worse. A thousand connections that had sent 200 KB each, silent for 4 s, debug
//! build: 494 MiB as it comes, 23 MiB with the two settings; 382 MiB with dlmalloc as `#[global_allocator]`, 6,400 MiB with mimalloc,
//! which keeps a heap for each thread. Blocks from `mmap` (the crate memmap2) for what is received would still leave what is sent.
//! `mallopt`, the call that sets the same two values, can be reached only through `unsafe`, and this course has none.

/// Starts this program anew with those settings, unless somebody has set them. To be called before anything else is done.
pub fn give_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        use std::os::unix::process::CommandExt;
        use std::{env, process::Command};
        let settings = [
            ("MALLOC_ARENA_MAX", "2"),
            ("MALLOC_MMAP_THRESHOLD_", "65536"),
        ];
        if settings.iter().any(|(name, _)| env::var_os(name).is_some()) {
            return; // set by somebody, or by us a moment ago
        }
        if let Ok(program) = env::current_exe() {
            let mut again = Command::new(program);
            let _ = again.args(env::args_os().skip(1)).envs(settings).exec(); // returns only if it fails
        }
    }
}
