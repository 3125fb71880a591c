//! The exercises of all lessons: each start fails its check, each solution passes. See `tests::exercises` for judging a
//! program of your own.

mod lesson00;
mod lesson01;
mod lesson02;
mod lesson03;
mod lesson04;
mod lesson05;
mod lesson06;
