//! `pack` and `unpack`: the struct dictionary on the command line.

use std::ffi::OsString;

use cli::{ExitError, Flags, Output, Result, parse_whole, shortened};
use pystruct::{Format, SIZE_LIMIT, hex, to_hex, tuple};

/// The command line of `pack`.
#[derive(Debug, clap::Args)]
pub struct PackArgs {
    /// As in Python's struct: x c b B ? h H i I l L q Q f d s with counts, after one of < > ! = @ or none
    format: String,
    /// One word for each value; one like `-inf` only after `--`
    #[arg(allow_negative_numbers = true)]
    values: Vec<OsString>,
    /// Write at this offset of a buffer, as pack_into does; a negative one counts from its end
    #[arg(long, value_name = "N", requires = "size", value_parser = parse_whole::<i64>, allow_negative_numbers = true)]
    at: Option<i64>,
    /// The size of that buffer, which is all zero before
    #[arg(long, value_name = "M", requires = "at", value_parser = parse_whole::<usize>, allow_negative_numbers = true)]
    size: Option<usize>,
}

/// The command line of `unpack`.
#[derive(Debug, clap::Args)]
pub struct UnpackArgs {
    /// As in Python's struct
    format: String,
    /// The bytes in hex, with or without blanks
    hex: Vec<String>,
}

/// Prints the values' bytes.
///
/// # Errors
/// The format is none, a value does not fit, the buffer is too small.
pub fn pack(flags: &Flags, args: &PackArgs) -> Result {
    flags.without_socket("pack")?;
    let format = parse(&args.format)?;
    let words = args.values.iter().map(|word| word.as_encoded_bytes());
    let values = format
        .values_from(&Vec::from_iter(words))
        .map_err(|(word, why)| wrong(word)(why))?;
    let packed = format.pack(&values);
    let mut bytes = packed.map_err(wrong(args.format.as_bytes()))?;
    if let (Some(at), Some(size)) = (args.at, args.size) {
        if size > SIZE_LIMIT {
            let why = format!("buffer of {size} bytes is over the limit of {SIZE_LIMIT}");
            return Err(wrong(b"--size")(why));
        }
        bytes = vec![0; size];
        let packed = format.pack_into(&mut bytes, at, &values);
        packed.map_err(wrong(b"--at"))?;
    }
    print(&to_hex(&bytes))
}

/// Prints the values in the bytes, as Python prints a tuple.
///
/// # Errors
/// The format is none, the bytes are none, or too many or too few.
pub fn unpack(flags: &Flags, args: &UnpackArgs) -> Result {
    flags.without_socket("unpack")?;
    let format = parse(&args.format)?;
    let bytes = hex(&args.hex.join(" ")).map_err(wrong(b"hex"))?;
    let values = format.unpack(&bytes);
    print(&tuple(&values.map_err(wrong(args.format.as_bytes()))?))
}

fn parse(format: &str) -> Result<Format> {
    Format::parse(format).map_err(wrong(format.as_bytes()))
}

/// `.map_err(wrong(what))`: wrong usage, `WHAT: WHY`.
fn wrong(what: &[u8]) -> impl FnOnce(String) -> ExitError {
    |why| ExitError::usage(shortened(what), why)
}

fn print(line: &str) -> Result {
    Output.raw(format!("{line}\n").as_bytes())
}
