//! What the servers take from the system: threads, locks, sockets. It stands in one place so that the model check (`tests/model`) can
//! put others there: threads that run in every order it can think of, and sockets without a kernel.

pub(crate) use std::net::{TcpListener, TcpStream};
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
pub(crate) use std::thread;

pub(crate) use socket2::SockRef;
