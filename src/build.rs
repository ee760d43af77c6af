//! The build script: how the program is linked.

use std::path::Path;
use std::{env, fs};

/// Packs the relocations of the program (DT_RELR of the generic ELF ABI): 400 KB less to read at every start, and as
/// much less memory. A linker that does not know the option warns and goes on.
///
/// A release keeps apart what no first screen runs: the system loads a program by pages, in runs of 64 KB around what is
/// used, so that code in between fills memory unused (a tenth of the program's then).
fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    println!("cargo:rerun-if-changed=src/later.txt");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        // Of other linkers some have no scripts.
        let usual = env::var_os("RUSTC_LINKER").is_none()
            && !env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"));
        if is("PROFILE", "release") && is("CARGO_CFG_TARGET_ARCH", "x86_64") && usual {
            keep_apart();
        }
    }
}

/// Writes the script that the linker takes, and names it.
fn keep_apart() {
    let later = fs::read_to_string("src/later.txt").expect("src/later.txt is part of the source");
    let rules: String = later.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).map(rule).collect();
    let script = format!("SECTIONS {{ .text.later : {{\n{rules}}} }}\nINSERT AFTER .text;\n");
    let path = Path::new(&env::var_os("OUT_DIR").expect("cargo says where to write")).join("later.ld");
    fs::write(&path, script).expect("the directory of the build can be written");
    // Two arguments: a comma in the path would part one.
    println!("cargo:rustc-link-arg-bins=-T");
    println!("cargo:rustc-link-arg-bins={}", path.display());
}

/// The sections of one line: a function's section is named by its symbol. Source: the manglings of rustc. A path is
/// spelled `6gonogo4demo`; the older one spells a type within the name of an implementation `gonogo..demo..`. What drops
/// a value is left where it is: it runs for values that are not there.
fn rule(line: &str) -> String {
    if line.ends_with(".o") {
        return format!("*-{line}(.text .text.*)\n");
    }
    let line = line.replace('<', "$LT$").replace(',', "$C$").replace('>', "$GT$");
    let spelled: String = line.split("::").map(|part| format!("{}{part}", part.len())).collect();
    let inner = line.replace("::", "..");
    let before = ["_ZN??_$LT$", "_ZN???_$LT$"];
    let within = before
        .iter()
        .flat_map(|before| ["", "*$u20$", "*LT$"].map(|gap| format!(" .text.{before}{gap}{inner}..*")));
    format!("*(.text._ZN{spelled}* .text._R*_{spelled}*{})\n", within.collect::<String>())
}
