//! `pack` and `unpack`: the struct dictionary on the command line.

use std::ffi::OsString;

use common::{Fault, Flags, Output, parse_whole, short_line};
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
pub fn pack(flags: &Flags, args: &PackArgs) -> Result<(), Fault> {
    flags.without_socket("pack")?;
    let format = parse(&args.format)?;
    let words: Vec<&[u8]> = args
        .values
        .iter()
        .map(|word| word.as_encoded_bytes())
        .collect();
    let values = format
        .values_from(&words)
        .map_err(|(word, why)| wrong(word, why))?;
    let packed = format
        .pack(&values)
        .map_err(|why| wrong(args.format.as_bytes(), why))?;
    let bytes = match (args.at, args.size) {
        (Some(at), Some(size)) => {
            if size > SIZE_LIMIT {
                return Err(wrong(
                    b"--size",
                    format!("buffer of {size} bytes is over the limit of {SIZE_LIMIT}"),
                ));
            }
            let mut buffer = vec![0; size];
            format
                .pack_into(&mut buffer, at, &values)
                .map_err(|why| wrong(b"--at", why))?;
            buffer
        }
        _ => packed,
    };
    print(&to_hex(&bytes))
}

/// Prints the values in the bytes, as Python prints a tuple.
///
/// # Errors
/// The format is none, the bytes are none, or too many or too few.
pub fn unpack(flags: &Flags, args: &UnpackArgs) -> Result<(), Fault> {
    flags.without_socket("unpack")?;
    let format = parse(&args.format)?;
    let bytes = hex(&args.hex.join(" ")).map_err(|why| wrong(b"hex", why))?;
    let values = format
        .unpack(&bytes)
        .map_err(|why| wrong(args.format.as_bytes(), why))?;
    print(&tuple(&values))
}

fn parse(format: &str) -> Result<Format, Fault> {
    Format::parse(format).map_err(|why| wrong(format.as_bytes(), why))
}

fn wrong(what: &[u8], why: String) -> Fault {
    Fault::Usage(format!("{}: {why}", short_line(what)))
}

fn print(line: &str) -> Result<(), Fault> {
    Output::default().raw(format!("{line}\n").as_bytes())
}
