//! Lesson 00's program, from outside, and the pictures of its chapter.

mod command_line;
mod drawing;
mod pictures;
