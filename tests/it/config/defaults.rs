//! `config.example.toml` is the default, whole and explained.
use gonogo::config::{Config, EXAMPLE, Origin, Places, explain, load};
use gonogo::screen::Options;

#[test]
fn the_example_is_the_default_and_has_no_mistake() {
    let loaded = load(&Places::default(), &|_| None, &[]);
    assert_eq!(loaded.findings, []);
    assert_eq!(loaded.config, Config::default());
    assert!(loaded.bindings.is_empty());
}

#[test]
fn what_the_screen_gets_by_default_is_what_it_has_by_default() {
    assert_eq!(Config::default().options(), Options::default());
}

#[test]
fn every_key_stands_in_the_example_with_its_default() {
    let loaded = load(&Places::default(), &|_| None, &[]);
    for line in explain(&loaded).lines() {
        let name = line.split(" = ").next().unwrap();
        assert_eq!(loaded.origins.get(name), Some(&Origin::Default), "{name} is not in config.example.toml");
    }
}

#[test]
fn every_key_of_the_example_is_explained_above_it() {
    let mut explained = false;
    for (at, line) in EXAMPLE.lines().enumerate() {
        let is_key = line.contains(" = ") && !line.starts_with('#');
        assert!(!is_key || explained, "line {}: {line:?} has no comment above it", at + 1);
        explained = line.starts_with("# ");
    }
}

#[test]
fn explaining_the_default_and_loading_it_again_changes_nothing() {
    let before = load(&Places::default(), &|_| None, &[]);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    std::fs::write(&file, explain(&before)).unwrap();
    let places = Places { user: Some(file), named: true, root: None };
    let after = load(&places, &|_| None, &[]);
    assert_eq!(after.findings, []);
    assert_eq!(after.config, before.config);
}
