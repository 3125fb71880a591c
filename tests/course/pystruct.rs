//! A thousand random formats, packed and unpacked by `crates/pystruct` and by Python's own struct.

use pystruct::{Format, hex, to_hex, tuple};
use tests::programs::run;
use tests::python::python;

#[test]
fn a_thousand_random_formats_and_values_give_what_pythons_struct_gives() {
    let Some(mut rows) = python("struct_rows.py") else {
        return;
    };
    rows.args(["20260704", "1000"]);
    let rows = run(rows, b"");
    assert!(rows.status.success(), "{rows}");
    let mut refused = 0;
    for row in rows.out().lines() {
        let [format, words, packed, raw, shown] =
            row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let ours = Format::parse(format).unwrap();
        let words: Vec<Vec<u8>> = match words {
            "" if ours.value_count() == 0 => Vec::new(),
            _ => words.split(',').map(|word| hex(word).unwrap()).collect(),
        };
        let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
        let values = ours.values_from(&words).unwrap();
        match (packed.strip_prefix("error: "), ours.pack(&values)) {
            (None, Ok(bytes)) => assert_eq!(to_hex(&bytes).replace(' ', ""), packed, "{row}"),
            (Some(why), Err(told)) => {
                refused += 1;
                // Where Python names the bounds (not every version does for every letter), ours are the same.
                assert!(
                    told == why || !why.contains("<= number <= ") || why.contains('('),
                    "{told}\n{row}"
                );
                assert!(
                    told.contains("<= number <= ") || told.contains("float too large"),
                    "{told}\n{row}"
                );
            }
            (_, ours) => panic!("ours: {ours:?}\n{row}"),
        }
        assert_eq!(
            tuple(&ours.unpack(&hex(raw).unwrap()).unwrap()),
            shown,
            "{row}"
        );
    }
    assert_eq!(rows.out().lines().count(), 1000);
    assert!(refused > 20, "only {refused} values were out of range");
}
