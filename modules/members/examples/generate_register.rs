//! Writes a large register with the dirt that real ones have, the same for the same seed.
//!
//! `generate_register ROWS [SEED [DIRT]] > register.csv`: `ROWS` people in the units "ППО № 1" to "ППО № 40";
//! `DIRT` (0 to 1, 0.03 by default) is the probability of each kind of flaw in a row. UTF-8, semicolons.

mod register_generator;

use std::io::{self, BufWriter};
use std::process::ExitCode;

use register_generator::write_register;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rows = arguments.first().and_then(|rows| rows.parse().ok());
    let seed = arguments.get(1).map_or(Some(1), |seed| seed.parse().ok());
    let dirt = arguments
        .get(2)
        .map_or(Some(0.03), |dirt| dirt.parse().ok())
        .filter(|dirt| (0.0..=1.0).contains(dirt));
    let (1..=3, Some(rows), Some(seed), Some(dirt)) = (arguments.len(), rows, seed, dirt) else {
        eprintln!("usage: generate_register ROWS [SEED [DIRT]] > register.csv");
        return ExitCode::from(2);
    };
    match write_register(&mut BufWriter::new(io::stdout().lock()), rows, seed, dirt) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("could not write the register: {error}");
            ExitCode::FAILURE
        }
    }
}
