//! The facts of real histories that are committed: whole, and none that differs.

use gonogo::release::ids::Oid;
use std::path::Path;

#[test]
fn what_was_found_on_real_histories_agrees() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories");
    let (mut files, mut agreed) = (0, 0);
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with("-picks.toml") {
            continue;
        }
        files += 1;
        let table: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        let number = |table: &toml::Table, key: &str| table.get(key).map_or(0, |it| it.as_integer().unwrap());
        for (origin, figures) in table["figures"].as_table().unwrap() {
            let figures = figures.as_table().unwrap();
            let told = number(figures, "picks") - number(figures, "unknown");
            assert_eq!(number(figures, "agreed"), told, "{name}: {origin}");
            agreed += told;
        }
        for chain in table["chain"].as_array().unwrap() {
            Oid::parse(chain["onto"].as_str().unwrap()).unwrap();
            for pick in chain["picks"].as_array().unwrap() {
                let pick = pick.as_str().unwrap();
                let mut words = pick.split(' ').filter(|word| !word.starts_with("-m"));
                Oid::parse(words.next().unwrap()).unwrap();
                match words.next().unwrap() {
                    "clean" | "clean-after" => drop(Oid::parse(words.next().unwrap()).unwrap()),
                    "conflict" | "empty" | "unknown" => {}
                    word => panic!("{name}: {word} is no verdict"),
                }
            }
        }
    }
    assert!(files >= 4, "{files} histories");
    assert!(agreed >= 1_000, "{agreed} picks");
}
