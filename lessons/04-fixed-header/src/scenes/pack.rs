//! `pack` and `unpack`: the struct dictionary on the command line.

use std::ffi::OsString;

use common::{Fault, Flags, Output, parse_whole, short_line};

use crate::pack::{Format, SIZE_LIMIT, hex, is_number, to_hex, tuple};

/// The command line of `pack`.
#[derive(Debug, clap::Args)]
pub struct PackArgs {
    /// As in Python's struct: x c b B ? h H i I l L q Q f d s with counts, and < > ! = @ in front
    format: String,
    /// One word for each value
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

/// Stands in front of a negative value that clap would take for an option. No word of a command line has this character
/// in it.
const NEGATIVE: &str = "\0";

/// The options behind which a value stands.
const TAKING_A_VALUE: [&str; 6] = [
    "--addr",
    "--wire",
    "--idle",
    "--trace-svg",
    "--at",
    "--size",
];

/// The command line with each negative value of `pack` marked. clap knows `-1` and `-1.5` for numbers and takes `-inf`,
/// `-.5`, `-1e-5` and `-0x10` for options.
pub fn with_negative_values(
    args: impl IntoIterator<Item = OsString>,
) -> impl Iterator<Item = OsString> {
    // The program's name, `pack` and the format come first; what an option takes is no word of ours.
    let (mut words, mut pack, mut taken) = (0, false, false);
    args.into_iter().map(move |word| {
        let text = word.to_str().unwrap_or_default();
        if std::mem::take(&mut taken) {
            return word;
        }
        if words >= 3 && pack && is_number(text) && looks_like_an_option(text) {
            return format!("{NEGATIVE}{text}").into();
        }
        taken = TAKING_A_VALUE.contains(&text);
        if !text.starts_with("--") {
            pack |= words == 1 && text == "pack";
            words += 1;
        }
        word
    })
}

/// A dash, and behind it something else than digits with a point in them.
fn looks_like_an_option(text: &str) -> bool {
    let Some(number) = text.strip_prefix('-') else {
        return false;
    };
    !number.starts_with(|c: char| c.is_ascii_digit())
        || number.contains(|c: char| c != '.' && !c.is_ascii_digit())
}

/// Prints the values' bytes.
///
/// # Errors
/// The format is none, a value does not fit, the buffer is too small.
pub fn pack(flags: &Flags, args: &PackArgs) -> Result<(), Fault> {
    flags.without_socket("pack")?;
    let format = parse(&args.format)?;
    let words = args.values.iter().map(|word| word.as_encoded_bytes());
    let words: Vec<&[u8]> = words
        .map(|word| word.strip_prefix(NEGATIVE.as_bytes()).unwrap_or(word))
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
