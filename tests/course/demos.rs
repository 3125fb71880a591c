//! What a chapter shows is what its lesson's demo gives: `demo.txt` and `demo.svg`, the same at every run.
//!
//! `UPDATE_DEMOS=1 cargo test -p tests demos` rewrites them. A lesson adds its demo as one row.

use std::io::Write as _;

use tests::demos::{Demo, rewrite};
use tests::programs::workspace;

const DEMOS: &[Demo] = &[
    Demo {
        folder: "lessons/00-addresses",
        text: |out| {
            out.extend(lesson00::demo().map_err(std::io::Error::other)?.bytes());
            Ok(())
        },
        svg: None,
    },
    Demo {
        folder: "lessons/02-udp",
        text: |out| lesson02::demo(out),
        svg: Some(lesson02::demo_svg),
    },
    Demo {
        folder: "lessons/01-raw-tcp",
        text: |out| lesson01::demo(out),
        svg: Some(lesson01::demo_svg),
    },
    Demo {
        folder: "lessons/03-sticky-packet",
        text: |out| {
            let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
            out.extend(lesson03::scenes::demo::demo(&listener)?.0.bytes());
            Ok(())
        },
        svg: Some(lesson03::scenes::demo::demo_svg),
    },
    Demo {
        folder: "lessons/04-fixed-header",
        text: |out| lesson04::demo(out),
        svg: Some(lesson04::demo_svg),
    },
    Demo {
        folder: "lessons/05-json-header",
        text: |out| out.write_all(lesson05::scenes::demo_recording()?.0.as_bytes()),
        svg: Some(lesson05::scenes::demo_svg),
    },
    Demo {
        folder: "lessons/06-socketserver",
        text: |out| out.write_all(lesson06::scenes::demo_recording()?.0.as_bytes()),
        svg: Some(lesson06::scenes::demo_svg),
    },
    Demo {
        folder: "lessons/07-http",
        text: |out| out.write_all(lesson07::scenes::demo_recording()?.0.as_bytes()),
        svg: Some(lesson07::scenes::demo_svg),
    },
];

#[test]
fn every_demo_is_the_one_in_its_chapter() {
    let told = DEMOS
        .iter()
        .filter_map(|demo| demo.check(workspace(), rewrite()).err());
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
